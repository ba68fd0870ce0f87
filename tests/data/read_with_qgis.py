"""QGIS without a screen: opens what the server at the address gives, counts, and draws one map.

Run with the system's Python: `QT_QPA_PLATFORM=offscreen python3 read_with_qgis.py ADDRESS OUT.png`.
"""

import os
import sys

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

base, out = sys.argv[1].rstrip("/"), sys.argv[2]
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
web = QgsCoordinateReferenceSystem("EPSG:3857")


def opened(layer, name):
    assert layer.isValid(), f"{name}: {layer.error().message()}"
    return layer


def drawn(layers, extent, file=None):
    """How many colours a map of these layers has, white apart."""
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setDestinationCrs(web)
    settings.setExtent(extent)
    settings.setOutputSize(QSize(512, 512))
    settings.setBackgroundColor(QColor("white"))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    assert not job.errors(), [(error.layerID, error.message) for error in job.errors()]
    image = job.renderedImage()
    if file:
        assert image.save(file), file
    return len({image.pixel(x, y) for x in range(512) for y in range(512)} - {0xFFFFFFFF})


def features(name):
    uri = f"url='{base}' typename='{name}' pageSize='50' restrictToRequestBBOX='1'"
    return opened(QgsVectorLayer(uri, name, "OAPIF"), name)


cells, wards = features("cells"), features("wards")
everyone = [feature["id"] for feature in cells.getFeatures()]
assert len(everyone) == len(set(everyone)) > 100, len(everyone)
assert cells.featureCount() == len(everyone), (cells.featureCount(), len(everyone))
assert wards.featureCount() == 9, wards.featureCount()
names = [field.name() for field in wards.fields()]
assert {"code", "name", "count", "rate"} <= set(names), names
one = QgsFeatureRequest().setFilterExpression("\"code\" = 'E05000104'")
assert [f["name"] for f in wards.getFeatures(one)] == ["Ward 5 & Green"]

middle = wards.extent()
to_web = QgsCoordinateTransform(wards.crs(), web, QgsProject.instance())
extent = to_web.transformBoundingBox(middle)
extent.scale(1.1)
part = QgsRectangle(middle)
part.scale(0.3)
some = list(wards.getFeatures(QgsFeatureRequest().setFilterRect(part)))
assert 0 < len(some) < 9, len(some)

heat = opened(
    QgsRasterLayer(
        f"type=xyz&url={base}/tiles/heat/%7Bz%7D/%7Bx%7D/%7By%7D.png&zmax=18&zmin=0", "heat", "wms"
    ),
    "heat as XYZ",
)
wmts = opened(
    QgsRasterLayer(
        "crs=EPSG:3857&format=image/png&layers=heat&styles=default"
        f"&tileMatrixSet=WebMercatorQuad&url={base}/wmts/1.0.0/WMTSCapabilities.xml",
        "heat",
        "wms",
    ),
    "heat as WMTS",
)
tiles = opened(
    QgsVectorTileLayer(
        f"type=xyz&url={base}/tiles/wards/%7Bz%7D/%7Bx%7D/%7By%7D.pbf&zmax=16&zmin=0", "wards"
    ),
    "wards as vector tiles",
)
colours = {
    name: drawn([layer], extent)
    for name, layer in [("XYZ", heat), ("WMTS", wmts), ("vector tiles", tiles), ("features", wards)]
}
assert all(colours.values()), colours
together = drawn([cells, heat, tiles], extent, out)
assert together > 10, together
print(f"read {len(everyone)} cells and 9 wards; colours {colours}, together {together}")
# Taken down in order: left to Python, QGIS falls over its own threads on the way out.
del cells, wards, heat, wmts, tiles
sys.stdout.flush()
os._exit(0)
