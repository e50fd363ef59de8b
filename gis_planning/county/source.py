"""Read what a table of county.toml names: a layer, a table of points, or streets out of a map."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyogrio
import pyproj

from gis_planning import geo
from gis_planning.conventions import facts
from gis_planning.county import place
from gis_planning.county.file import LayerTable
from gis_planning.errors import CrsError, HeadingsError, InputError, LayerError, SourceError
from gis_planning.formats import condition
from gis_planning.formats.address import Address, Source
from gis_planning.formats.read import points, sources, tables, vector
from gis_planning.formats.read.vector import Delivered, Part

#: Formats whose features' boxes can be told without reading the features.
QUICK = {".gpkg", ".shp", ".gdb", ".fgb", ".geojson", ".json"}


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
    condition.stated(table.where, source)
    if table.access_no is not None and not (layer == "streets" and str(source).lower().endswith(".graphml")):
        raise SourceError("county.no_access_no", source=source)
    if isinstance(source, Path) and _holds_streets(layer, source):
        return _read_streets(source, table)
    return _read(source, table, part)


def peek(source: Source, table: LayerTable, working: pyproj.CRS) -> place.Box | None:
    """Return where a layer lies, in the working CRS, without reading its features; None where that takes more.

    It refuses nothing: whoever reads the layer does.
    """
    if not isinstance(source, Path) or source.suffix.lower() not in QUICK:
        return None
    try:
        vector.look_before_reading(source)
        info = pyogrio.read_info(source, layer=table.layer)
        stated = table.crs or info["crs"]
        if stated is None:
            return None
        where = condition.stated(table.where, source)
        _, bounds = pyogrio.read_bounds(source, layer=table.layer, where=where)
        crs = geo.parse_crs(stated, source=str(source))
        box = boxed(bounds.T, table, crs)
        if box is None:
            return None
        found = pyproj.Transformer.from_crs(crs, working, always_xy=True).transform_bounds(*box)
    except (InputError, ValueError, OSError, RuntimeError, pyproj.exceptions.ProjError):
        return None
    return found if all(math.isfinite(one) for one in found) else None


def boxed(boxes: place.Boxes, table: LayerTable, crs: pyproj.CRS) -> place.Box | None:
    """Return the box of a layer: without strays, unless county.toml says that all of it truly lies where it does."""
    return place.joint(boxes) if table.lies_outside else place.main_box(boxes, crs)


def source_crs(delivered: Delivered, table: LayerTable, source: Source, *, county_file: Path) -> pyproj.CRS:
    """Return the CRS of a delivered layer: its own, or the one county.toml states where it has none.

    Raises
    ------
    CrsError
        There is neither, they differ, or the coordinates cannot be what it says.
    """
    at: dict[str, Any] = {"source": source, "table": delivered.called(source)}
    stated = geo.parse_crs(table.crs, source=str(county_file)) if table.crs else None
    crs = delivered.crs
    if crs is None and stated is None:
        raise CrsError("crs.missing", **at)
    if crs is not None and stated is not None and not geo.same_crs(crs, stated):
        raise CrsError("crs.conflict", **at, own=geo.crs_name(crs), stated=geo.crs_name(stated))
    found = crs or stated
    assert found is not None  # noqa: S101 - for the type checker; both None was refused above
    place.refuse_impossible(delivered.frame.geometry.to_numpy(), found, **at)
    return found


def _holds_streets(layer: str, source: Path) -> bool:
    """Say whether a source of streets is a network or a map from which streets are taken."""
    return layer == "streets" and source.name.lower().endswith((".graphml", *facts("osm")["extracts"]))


def _read_streets(source: Path, table: LayerTable) -> Delivered:
    from gis_planning.formats import osm  # noqa: PLC0415 - slow to import
    from gis_planning.formats.read import graphml  # noqa: PLC0415 - slow to import

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
        with suppress(HeadingsError):
            return _plainly(source, table, part)
    # Without a datum these are refused with what to do about it.
    delivered = points.read_points(source, datum=table.datum, table=table.layer, where=table.where, fields=table.fields)
    assert delivered.crs is not None  # noqa: S101 - points are placed in WGS84
    frame = delivered.frame if part.area is None else part.area.touched(delivered.frame, delivered.crs)
    return replace(delivered, frame=frame)


def _plainly(source: Source, table: LayerTable, part: Part) -> Delivered:
    return sources.read_source(
        source, crs=table.crs, table=table.layer, where=table.where, datum=table.datum, part=part
    )
