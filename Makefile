# make demo: from a fresh clone to the map of the fictional borough.
# make test: everything that must hold. See README.md.

TARGET := $(or $(CARGO_TARGET_DIR),target)
WARDHEAT := $(TARGET)/release/wardheat
CARGO := cargo
LOCKED := --release --locked

WEB_SOURCES := $(wildcard web/src/*.ts) web/build.mjs web/package.json web/package-lock.json
WEB_PACKAGES := web/node_modules/.package-lock.json

.PHONY: setup setup-test setup-debian-test web build demo test soak bench load lint clean
.DEFAULT_GOAL := build

# Installs the Debian packages that are missing.
setup:
	@.ci/setup

setup-test: $(TARGET)/python/requirements.txt

# DuckDB and GeoPandas, which must open the store unchanged, and clients that must read the server.
# Where the package index lacks them the tests that need them say that they were skipped.
$(TARGET)/python/requirements.txt: tests/requirements.txt | setup-debian-test
	@rm -rf $(TARGET)/python && mkdir -p $(TARGET)
	@python3 -m venv $(TARGET)/python
	@$(TARGET)/python/bin/pip install --quiet --disable-pip-version-check -r $< \
	  && cp $< $@ || echo "setup: Python packages could not be installed; the tests that need them are skipped"

setup-debian-test:
	@.ci/setup test

# The live map, as files that the binary embeds; built only when its sources are newer.
web: web/dist/main.js

$(WEB_PACKAGES): web/package-lock.json web/package.json web/.npmrc | setup
	cd web && npm ci
	@touch $@

web/dist/main.js: $(WEB_SOURCES) $(WEB_PACKAGES)
	cd web && npm run --silent build

build: web | setup
	$(CARGO) build $(LOCKED)

# Writes the fictional borough, imports and scores it, and serves it.
demo: build
	$(WARDHEAT) demo

# The browser tests come last: their closing line is the last of the run. They drive the program
# that the tests before them were built with.
test: setup-test lint
	$(CARGO) test $(LOCKED)
	cd web && WARDHEAT=$(abspath $(WARDHEAT)) npm run --silent test

# For longer: a million and a half changed files, 3,000 imports killed at random moments.
soak: setup-test
	WARDHEAT_SOAK=15 $(CARGO) test $(LOCKED) --test it -- --nocapture hostile faults

lint: web | setup
	$(CARGO) fmt --check
	$(CARGO) clippy $(LOCKED) --all-targets -- -D warnings
	cd web && npm run --silent check

bench: web | setup
	$(CARGO) bench --locked

# Times to answer, answers a second and memory of the server, over loopback: WORKSPACE=DIR SECONDS=30.
load: build
	WARDHEAT=$(abspath $(WARDHEAT)) $(CARGO) run $(LOCKED) --example load -- "$(WORKSPACE)" "$(SECONDS)"

clean:
	$(CARGO) clean
	rm -rf web/node_modules
	find web/dist -mindepth 1 ! -name .gitignore -exec rm -rf {} +
