"""Read what a table of county.toml names: a layer, a table of points, or streets out of a map."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from gis_planning.conventions import facts
from gis_planning.county_file import LayerTable
from gis_planning.errors import LayerError, SourceError
from gis_planning.formats import points, sources, tables, vector
from gis_planning.formats.address import Address, Source
from gis_planning.formats.vector import Delivered, Part


def read_layer(layer: str, source: Source, table: LayerTable, part: Part) -> Delivered:
    """Read a layer as it was delivered.

    Parameters
    ----------
    layer
        Its kind; streets may be taken from a map.
    source
        Where the table's source is.
    table
        The layer's table of county.toml.
    part
        Which columns and which land.

    Raises
    ------
    InputError
        It cannot be read.
    """
    if table.access_no is not None and not (layer == "streets" and str(source).lower().endswith(".graphml")):
        raise SourceError("county.no_access_no", source=source)
    if isinstance(source, Path) and _holds_streets(layer, source):
        return _read_streets(source, table)
    return _read(source, table, part)


def _holds_streets(layer: str, source: Path) -> bool:
    """Say whether a source of streets is a network or a map from which streets are taken."""
    return layer == "streets" and source.name.lower().endswith((".graphml", *facts("osm")["extracts"]))


def _read_streets(source: Path, table: LayerTable) -> Delivered:
    from gis_planning.formats import graphml, osm  # noqa: PLC0415 - slow to import

    if table.where is not None or table.layer is not None:
        raise SourceError("county.no_choice", source=source)
    vector.look_before_reading(source)
    if source.suffix.lower() != ".graphml":
        return osm.read_streets(source)
    return graphml.read_graphml(source, crs=table.crs, access_no_closed=table.access_no == "closed")


def _read(source: Source, table: LayerTable, part: Part) -> Delivered:
    """Read a layer; a table of text or Excel may hold shapes, points with a datum, or boundary points."""
    if isinstance(source, Address) or source.suffix.lower() not in tables.SUFFIXES or not source.is_file():
        return _plainly(source, table, part)
    if table.datum is None:
        with suppress(LayerError, SourceError):
            return vector.read(source, table=table.layer, where=table.where, part=part)
        try:
            return _plainly(source, table, part)
        except LayerError as fault:
            if fault.text.key != "boundary_points.no_columns":
                raise
    # Without a datum these are refused with what to do about it.
    delivered = points.read_points(source, datum=table.datum, table=table.layer, where=table.where, fields=table.fields)
    assert delivered.crs is not None  # noqa: S101 - points are placed in WGS84
    frame = delivered.frame if part.area is None else part.area.touched(delivered.frame, delivered.crs)
    return replace(delivered, frame=frame)


def _plainly(source: Source, table: LayerTable, part: Part) -> Delivered:
    return sources.read_source(
        source, crs=table.crs, table=table.layer, where=table.where, datum=table.datum, part=part
    )
