"""Tell what the general reader of vectors leaves out of the land of an OpenStreetMap extract."""

from __future__ import annotations

import warnings
from pathlib import Path

import pyogrio

#: The tables of an extract that hold its land and its ways, as the reader calls them.
LAND, LINES = "multipolygons", {"lines", "multilinestrings"}


def lost_relations(source: Path, where: str | None) -> list[str]:
    """Return the relations with land that a reader finds no land for: members missing, or outlines that do not close.

    Parameters
    ----------
    source
        An .osm.pbf or .osm file.
    where
        The condition that was read with. Whether a relation without land would fit it is not known, so all count;
        administrative boundaries, which every extract cuts, only where it asks for boundaries.
    """
    import osmium  # noqa: PLC0415 - only needed here

    with warnings.catch_warnings():
        # What does not close is what is looked for.
        warnings.simplefilter("ignore", RuntimeWarning)
        read = pyogrio.raw.read(source, layer=LAND, columns=["osm_id"], read_geometry=False)[3][0]
    found = {str(one) for one in read if one is not None}
    kinds = osmium.filter.TagFilter(("type", "multipolygon"), ("type", "boundary"))
    there = osmium.FileProcessor(str(source), osmium.osm.RELATION).with_filter(kinds)
    borders = where is None or any(word in where.casefold() for word in ("boundary", "admin_level"))
    return [
        f"relation/{one.id}"
        for one in there
        if str(one.id) not in found and (borders or one.tags.get("boundary") != "administrative")
    ]
