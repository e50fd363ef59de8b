"""Style results so that QGIS opens them drawn."""
