"""Mend a copy of a delivery: coordinates, shapes, gaps and overlaps."""
