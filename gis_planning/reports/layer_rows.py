"""Lay out layers of results as sheets of a workbook, by what their schema says of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from openpyxl.utils import get_column_letter

from gis_planning import geo
from gis_planning.judging.rulebook import Clause
from gis_planning.reports.workbook import SUM, Column
from gis_planning.results import schema
from gis_planning.results.verdicts import Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.units import units
from gis_planning.view.told import told

Known = Mapping[str, Clause]
Row = list[Any]
#: What is listed, in this order: what is wrong, who is concerned, what serves them.
LISTED = ("group", "offender", "gap", "subject", "supply", "doubt")
#: Kinds of cells of a workbook, by unit; of units that stand here for none it is a number.
SHAPES = {"m2": "m2", "m": "m", "metre": "width", "min": "minutes", "share": "share"}
#: Words that may be long, and are wrapped.
LONG = ("kinds", "text")
#: Kinds of columns whose cells are numbers.
NUMBERS = ("number", "rank")


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook: its title, its columns, its rows."""

    title: str
    columns: list[Column]
    rows: list[Row]


@dataclass(frozen=True)
class _Part:
    """The layer of one verdict."""

    verdict: Verdict
    layer: schema.Layer
    frame: pd.DataFrame


def layer_sheets(scorecard: Scorecard, known: Known, lang: Lang) -> list[Sheet]:
    """Return a sheet for every kind of layer that readers list: those of all clauses, one below the other.

    Subjects of which a list counts what each has (homes, and the kinds they lack) stand once, with columns for every
    list beside each other.
    """
    groups: dict[tuple[str, str], list[_Part]] = {}
    for verdict in scorecard.verdicts:
        for name, frame in verdict.measured.frames.items() if verdict.measured else ():
            layer = verdict.measured.schema[name]  # type: ignore[union-attr]
            if layer.listed and layer.role in LISTED and len(frame) and _tells(layer, frame):
                key = (name, layer.title.to(lang))
                groups.setdefault(key, []).append(_Part(verdict, layer, frame))
    ordered = sorted(groups.items(), key=lambda one: LISTED.index(one[1][0].layer.role))
    return [
        _lists(title, parts, lang) if _counts(parts[0]) else _below(title, parts, known, lang)
        for (_, title), parts in ordered
    ]


def _tells(layer: schema.Layer, frame: pd.DataFrame) -> bool:
    """Say whether a layer has more to tell than its number: subjects that nothing tells apart have not."""
    return layer.role != "subject" or layer.by is None or layer.by in frame.columns


def _counts(part: _Part) -> bool:
    layer = part.layer
    return layer.role == "subject" and layer.of in part.frame.columns and not layer.edges


# -- one below the other


def _below(title: str, parts: Sequence[_Part], known: Known, lang: Lang) -> Sheet:
    layer = parts[0].layer
    columns: dict[str, schema.Column] = {}
    for part in parts:
        columns |= {
            column.key: column for column in part.layer.columns if not column.inner and column.key not in columns
        }
    order = sorted(columns.values(), key=lambda one: one.kind != "name")
    placed = any(isinstance(part.frame, gpd.GeoDataFrame) for part in parts)
    heads = {key: Column(say(f"book.column_{key}", lang), "text") for key in ("code", "number")}
    for column in order:
        if layer.of in columns and layer.edges and column.key == layer.by:
            heads["share"] = Column(say("book.column_share", lang), "share")
        heads |= _heads(column, layer, lang)
    heads |= {key: Column(say(f"book.column_{key}", lang), "number") for key in ("x", "y") if placed}
    if "share" in heads:
        met, whole = (_sum_of(list(heads).index(str(one))) for one in (layer.by, layer.of))
        heads["share"] = heads["share"]._replace(below=f'=IF({whole}=0,"",{met}/{whole})')
    rows = []
    for one in parts:
        number = known[one.verdict.code].number(lang) if one.verdict.code in known else ""
        cells = _cells(one, lang)
        facts = {"code": [one.verdict.code] * len(one.frame), "number": [number] * len(one.frame)}
        made = facts | cells
        rows += [list(row) for row in zip(*(made.get(key, [None] * len(one.frame)) for key in heads), strict=True)]
    return Sheet(title, list(heads.values()), rows)


def _heads(column: schema.Column, layer: schema.Layer, lang: Lang) -> dict[str, Column]:
    """Return the headings of a column, with the unit; land that breaks a clause is told in three units."""
    if column.kind == "rank":
        return {column.key: Column(column.head(lang), "count")}
    if column.kind != "number":
        return {column.key: Column(column.head(lang), "long" if column.kind in LONG else "text")}
    unit = units()[column.unit or "number"]
    shape = SHAPES.get(unit.key, "count" if unit.whole and column.unit else "number")
    below = SUM if unit.adds else ""
    found = {column.key: Column(column.head(lang), shape, below)}
    if layer.role == "offender" and unit.key == "m2":
        for larger in ("ha", "mu"):
            head = say("schema.head", lang, title=column.title, unit=units()[larger].names[lang])
            found[f"{column.key}_{larger}"] = Column(head, larger, below)
    return found


def _cells(part: _Part, lang: Lang) -> dict[str, list[Any]]:
    """Return the cells of a layer by the key of their heading."""
    frame, layer = part.frame, part.layer
    found: dict[str, list[Any]] = {}
    for column in layer.columns:
        if column.inner or column.key not in frame.columns:
            continue
        values = frame[column.key]
        numbers = found[column.key] = _values(column, values, lang)
        if column.kind in NUMBERS and column.unit == "m2":
            plain = [number if isinstance(number, float | int) else None for number in numbers]
            found[f"{column.key}_ha"] = [None if one is None else geo.to_hectares(one) for one in plain]
            found[f"{column.key}_mu"] = [None if one is None else geo.to_mu(one) for one in plain]
    if layer.of in frame.columns and layer.edges:
        pairs = zip(frame[layer.by], frame[layer.of], strict=True)
        found["share"] = [float(one) / float(whole) if whole else None for one, whole in pairs]
    if isinstance(frame, gpd.GeoDataFrame):
        points = shapely.point_on_surface(frame.geometry.to_numpy())
        found |= {"x": _places(shapely.get_x(points)), "y": _places(shapely.get_y(points))}
    return found


def _values(column: schema.Column, values: pd.Series, lang: Lang) -> list[Any]:
    """Return the cells of a column."""
    if column.kind not in NUMBERS:
        return list(told(column, values, lang))
    if pd.api.types.is_numeric_dtype(values):
        # As plain numbers, which are quicker to look at one by one.
        plain = values.to_numpy(dtype=float, na_value=math.nan)
        if not np.isinf(plain).any():
            return [None if math.isnan(number) else number for number in plain.tolist()]
    return [_number(value, lang) for value in values]


def _number(value: Any, lang: Lang) -> float | str | None:
    """Return a number for a cell; what has no end is said in words."""
    if value is None or value is pd.NA:
        return None
    number = float(value)
    if math.isnan(number):
        return None
    return say("circlemap.not_reachable", lang) if math.isinf(number) else number


def _places(values: Any) -> list[float | None]:
    return [float(value) if math.isfinite(value) else None for value in values]


def _sum_of(at: int) -> str:
    letter = get_column_letter(at + 1)
    return f"SUBTOTAL(109,{letter}2:{letter}{{last}})"


# -- side by side


def _lists(title: str, parts: Sequence[_Part], lang: Lang) -> Sheet:
    """Return subjects once, with how many of each list they have and which they lack."""
    first = parts[0]
    same = [part for part in parts if len(part.frame) == len(first.frame)]
    kept = [
        column
        for column in first.layer.columns
        if not column.inner and (column.kind == "name" or column.unit in {"people", "dwellings", "homes"})
    ]
    cells = _cells(first, lang)
    heads = [Column(one.head(lang), "text" if one.kind == "name" else "count") for one in kept]
    heads += [Column(say(f"book.column_{key}", lang), "number") for key in ("x", "y")]
    values = [cells[one.key] for one in kept] + [cells["x"], cells["y"]]
    for part in same:
        layer, frame, code = part.layer, part.frame, part.verdict.code
        whole = int(frame[layer.of].max())
        heads.append(Column(say("book.column_present", lang, code=code, count=whole), "count"))
        counted = next(column for column in layer.columns if column.key == layer.by)
        values.append(_values(counted, frame[counted.key], lang))
        for column in layer.columns:
            if column.kind == "kinds":
                heads.append(Column(say("book.column_lacks", lang, code=code), "long"))
                values.append(list(told(column, frame[column.key], lang)))
    return Sheet(title, heads, [list(row) for row in zip(*values, strict=True)])
