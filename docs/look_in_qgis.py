"""Draw the GeoPackage of `corredor export` as QGIS shows it, with the styles that lie in it.

    corredor export -o out --format gpkg
    python3 docs/look_in_qgis.py out/corredor.gpkg out/map.png [LAYER ...]

It needs the Python of QGIS (Debian: python3-qgis), which has nothing to do with that of Corredor,
so it is no part of the tests. It fails where a layer is not taken or has no style of its own.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

# The topmost first.
LAYERS = ("flow_pairs", "flow_pairs_within", "places", "map_mininter_records", "neighbours")


def main(file: str, picture: str, *names: str) -> None:
    """Draw layers of a GeoPackage."""
    application = QgsApplication([], False)
    application.initQgis()
    layers = [QgsVectorLayer(f"{file}|layername={name}", name, "ogr") for name in names or LAYERS]
    for layer in layers:
        if not layer.isValid() or layer.renderer().type() != "RuleRenderer":
            sys.exit(f"{layer.name()}: QGIS does not take this layer, or not its style.")
        rules = layer.renderer().rootRule().children()
        print(layer.name(), layer.featureCount(), "rows;", len(rules), "lines of legend")
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setBackgroundColor(QColor("#dfe8ec"))
    settings.setOutputSize(QSize(900, 1200))
    settings.setOutputDpi(110)
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    settings.setExtent(QgsRectangle(-82, -18.6, -68.4, 0.2))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    if job.errors() or not job.renderedImage().save(picture):
        sys.exit(f"{picture}: {[error.message for error in job.errors()]}")
    application.exitQgis()


if __name__ == "__main__":
    main(*sys.argv[1:])
