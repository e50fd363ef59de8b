"""Check delivered layers: columns, codes, areas, shapes, topology."""
