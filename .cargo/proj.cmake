# Larger units compile faster: 8 files at a time (24 fails to compile).
set(CMAKE_UNITY_BUILD ON CACHE BOOL "")
# The database travels inside the binary; a stray proj.db on disk is never used.
set(EMBED_RESOURCE_FILES ON CACHE BOOL "")
set(USE_ONLY_EMBEDDED_RESOURCE_FILES ON CACHE BOOL "")
set(CMAKE_CXX_FLAGS_RELEASE "-O1 -DNDEBUG" CACHE STRING "")
set(CMAKE_C_FLAGS_RELEASE "-O1 -DNDEBUG" CACHE STRING "")
