"""Compare what was written with what was meant: nothing is lost without a word."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from gis_planning.errors import OutputError
from gis_planning.formats.address import Source
from gis_planning.formats.read.integers import EXACT
from gis_planning.formats.write.writable import Fitted, Format
from gis_planning.geo import crs_name, same_crs
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    from gis_planning.formats.read.vector import Delivered

#: A number written in 15 digits is still the same number.
_DIGITS = 1e-14


def compare(meant: Fitted, crs: pyproj.CRS | None, found: Delivered, format_: Format, out: Source) -> tuple[Text, ...]:
    """Return what differs harmlessly between a table and what was read back of it.

    Raises
    ------
    OutputError
        A feature, a value, a shape or the CRS is not what it was.
    """
    notes: list[Text] = []
    if len(found.frame) != len(meant.shapes):
        raise OutputError("convert.features", out=out, before=len(meant.shapes), after=len(found.frame))
    if crs is not None and (found.crs is None or not same_crs(crs, found.crs)):
        after = crs_name(found.crs) if found.crs is not None else "-"
        raise OutputError("convert.crs_lost", out=out, before=crs_name(crs), after=after)
    names = _found_names(meant, found, out, notes)
    laundered = [
        f"{was} → {name}" for was, name in zip(meant.table.column_names, names, strict=True) if name not in {None, was}
    ]
    if laundered:
        notes.append(text("convert.renamed", out=out, names=laundered))
    _compare_shapes(meant.shapes, found.frame.geometry.to_numpy(), crs, format_, out, notes)
    for was, name, column in zip(meant.names, names, meant.table.columns, strict=True):
        if name is not None:
            _compare_values(column.to_pylist(), found.frame[name].tolist(), was, out, notes)
    return tuple(notes)


def _found_names(meant: Fitted, found: Delivered, out: Source, notes: list[Text]) -> list[str | None]:
    """Return what each field is called in what was read back, None for one that held nothing and is not there."""
    left = [str(name) for name in found.frame.columns if name != found.frame.geometry.name]
    names: list[str | None] = []
    for wanted in meant.table.column_names:
        name = next((one for one in left if one == wanted), None)
        name = name or next((one for one in left if one.casefold() == wanted.casefold()), None)
        names.append(name)
        left = [one for one in left if one != name]
    empty = []
    for at, name in enumerate(names):
        if name is None and left:
            names[at] = left.pop(0)
        elif name is None:
            empty.append(meant.names[at])
            if any(one not in {None, ""} for one in meant.table.column(at).to_pylist()):
                raise OutputError("convert.fields_lost", out=out, fields=[meant.names[at]])
    if empty:
        notes.append(text("convert.empty_fields", out=out, fields=empty))
    return names


def _compare_values(before: list[Any], after: list[Any], field: str, out: Source, notes: list[Text]) -> None:
    emptied = 0
    for row, (one, other) in enumerate(zip(before, after, strict=True), 1):
        if _is_nothing(other):
            if _is_nothing(one):
                continue
            if one in ("", b""):
                emptied += 1
                continue
        if not _same(one, other):
            said = {"before": repr(one)[:60], "after": repr(other)[:60]}
            raise OutputError("convert.changed", out=out, field=field, row=row, **said)
    if emptied:
        notes.append(text("convert.emptied", out=out, field=field, count=emptied))


def _is_nothing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dt.date | dt.datetime) and hasattr(other, "year"):
        return _moment(one) == _moment(other)
    if isinstance(one, bool | int | float) and isinstance(other, bool | int | float | np.number):
        if isinstance(one, float) or (isinstance(other, float) and abs(one) < EXACT):
            return one == other or math.isclose(one, other, rel_tol=_DIGITS, abs_tol=0.0)
        return bool(one == other)
    if isinstance(other, list | dict) and isinstance(one, str):
        # GeoJSON takes a text that is JSON for what it says.
        return json.dumps(other, ensure_ascii=False) == one
    return bool(one == other)


def _moment(value: Any) -> dt.datetime:
    """Return a date or time as a moment, in UTC where it has no zone of its own."""
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    if not isinstance(value, dt.datetime):
        value = dt.datetime.combine(value, dt.time())
    moment: dt.datetime = value if value.tzinfo is not None else value.replace(tzinfo=dt.UTC)
    return moment


def _compare_shapes(
    before: Any, after: Any, crs: pyproj.CRS | None, format_: Format, out: Source, notes: list[Text]
) -> None:
    """Compare shapes but for the order of their points and parts, and single ones with those of one part."""
    after = np.array(after, dtype=object)
    nothing = shapely.is_missing(before) | shapely.is_empty(before)
    gone = ~nothing & (shapely.is_missing(after) | shapely.is_empty(after))
    if gone.any():
        raise OutputError("convert.shape_lost", out=out, row=int(np.argmax(gone)) + 1, count=int(gone.sum()))
    if (hollow := shapely.is_empty(before) & shapely.is_missing(after)).any():
        notes.append(text("convert.empty_shapes", out=out, count=int(hollow.sum())))
    if (lower := shapely.has_z(before) & ~shapely.has_z(after)).any():
        notes.append(text("convert.heights", out=out, count=int(lower.sum())))
    if (higher := ~nothing & ~shapely.has_z(before) & shapely.has_z(after)).any():
        notes.append(text("convert.heights_added", out=out, count=int(higher.sum())))
    deep = shapely.has_z(before) & shapely.has_z(after)
    if deep.any() and not _same_heights(before[deep], after[deep], format_):
        raise OutputError("convert.moved", out=out, row=int(np.argmax(deep)) + 1, shift="Z", count=int(deep.sum()))
    there = np.flatnonzero(~nothing)
    one, other = _plain(before[there]), _plain(after[there])
    exactly = shapely.equals_exact(one, other, 0.0)
    moved = np.flatnonzero(~exactly)
    if not len(moved):
        return
    degrees = crs is not None and crs.is_geographic
    most = format_.moves_degrees if degrees else format_.moves_m
    shift = shapely.hausdorff_distance(one[moved], other[moved])
    counts = [shapely.get_num_coordinates(shapes[moved]) for shapes in (one, other)]
    areas = [shapely.area(shapes[moved]) for shapes in (one, other)]
    slack = shapely.length(one[moved]) * most + most**2
    wrong = (shift > 1.5 * most) | (counts[0] != counts[1]) | (np.abs(areas[0] - areas[1]) > slack)
    if wrong.any():
        at = int(np.argmax(wrong))
        row, far = int(there[moved[at]]) + 1, float(shift[at])
        raise OutputError("convert.moved", out=out, row=row, shift=f"{far:.3g}", count=int(wrong.sum()))
    if shift.max() > 1e-9 or degrees:
        notes.append(text("convert.rounded", out=out, shift=f"{float(shift.max()):.2g} {'°' if degrees else 'm'}"))


def _same_heights(before: Any, after: Any, format_: Format) -> bool:
    """Say whether shapes have the same heights; in which order the points are does not matter here."""
    heights = [shapely.get_coordinates(shapely.normalize(shapes), include_z=True)[:, 2] for shapes in (before, after)]
    if len(heights[0]) != len(heights[1]):
        return False
    one, other = (np.sort(ones[~np.isnan(ones)]) for ones in heights)
    return len(one) == len(other) and bool((np.abs(one - other) <= max(format_.moves_m, 1e-9)).all())


def _plain(shapes: Any) -> Any:
    """Return shapes by which two that are the same on paper are the same: ordered, flat, parts of one taken out."""
    flat = shapely.normalize(shapely.force_2d(shapes))
    lone = (shapely.get_type_id(flat) >= 4) & (shapely.get_num_geometries(flat) == 1)
    flat[lone] = shapely.get_geometry(flat[lone], 0)
    return flat
