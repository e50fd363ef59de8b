"""Check delivered layers: columns, codes, areas, shapes, topology.

Every measure is given a layer as it was delivered, and returns a count of features unless it says something else. Where
it has a setting `name`, that is the structure the layer is held against (DLTB, XZQ ...); left out, it is the one the
table is called by.
"""
