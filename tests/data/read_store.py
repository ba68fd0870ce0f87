"""Reads a wardheat store with DuckDB and with GeoPandas, and prints what they find as JSON."""

import json
import sys
import warnings

import duckdb
import geopandas

store = sys.argv[1]
table = f"read_parquet('{store}/source=*/*/*.parquet', hive_partitioning = true)"
by_month = duckdb.sql(
    f"SELECT CAST(month AS VARCHAR), ward, count(*) FROM {table} GROUP BY ALL ORDER BY ALL"
).fetchall()
((in_window,),) = duckdb.sql(
    f"SELECT count(*) FROM {table} WHERE crime_type = 'burglary' AND time_from >= '2025-03-01'"
).fetchall()

with warnings.catch_warnings():
    warnings.simplefilter("error")
    incidents = geopandas.read_parquet(store)
    wards = geopandas.read_parquet(sys.argv[2])
joined = incidents.dropna(subset="geometry").sjoin(wards, predicate="within")

print(
    json.dumps(
        {
            "by_month": by_month,
            "burglaries_from_march": in_window,
            "rows": len(incidents),
            "points": int(incidents.geometry.notna().sum()),
            "kinds": sorted(set(incidents.geometry.dropna().geom_type)),
            "epsg": incidents.crs.to_epsg(),
            "ward_epsg": wards.crs.to_epsg(),
            "bounds": list(incidents.total_bounds),
            "sources": sorted(set(incidents["source"].astype(str))),
            "in_their_ward": int((joined["ward"] == joined["code"]).sum()),
        }
    )
)
