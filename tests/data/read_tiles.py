"""Reads tiles as their own readers do: `read_tiles.py vector FILE` or `read_tiles.py archive FILE`.

Prints JSON: of a vector tile its layers with the attributes and validity of their features; of a
PMTiles file its header and metadata, and how many of its tiles can be read.
"""

import json
import sys

import mapbox_vector_tile
from pmtiles.reader import MmapSource, Reader, all_tiles
from shapely.geometry import shape


def vector(path):
    """Layers of a vector tile."""
    with open(path, "rb") as file:
        tile = mapbox_vector_tile.decode(file.read(), default_options={"y_coord_down": True})
    return {
        name: {
            "extent": layer["extent"],
            "version": layer["version"],
            "features": [
                {
                    "id": feature["id"],
                    "type": feature["geometry"]["type"],
                    "valid": shape(feature["geometry"]).is_valid,
                    "properties": feature["properties"],
                }
                for feature in layer["features"]
            ],
        }
        for name, layer in tile.items()
    }


def archive(path):
    """Header, metadata and tiles of a PMTiles file."""
    with open(path, "rb") as file:
        source = MmapSource(file)
        reader = Reader(source)
        header = reader.header()
        tiles = [[list(address), len(data)] for address, data in all_tiles(source)]
        return {
            "min_zoom": header["min_zoom"],
            "max_zoom": header["max_zoom"],
            "tile_type": header["tile_type"].name,
            "clustered": header["clustered"],
            "addressed": header["addressed_tiles_count"],
            "bounds": [header[name] / 1e7 for name in ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")],
            "metadata": reader.metadata(),
            "tiles": len(tiles),
            "empty": sum(length == 0 for _, length in tiles),
        }


print(json.dumps({"vector": vector, "archive": archive}[sys.argv[1]](sys.argv[2])))
