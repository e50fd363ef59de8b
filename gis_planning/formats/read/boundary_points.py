"""Read tables of boundary points (界址点成果表) from Excel or CSV: a parcel a sheet, a page, or a value of a column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from gis_planning.conventions import facts
from gis_planning.errors import CrsError, FeatureError, HeadingsError, LayerError
from gis_planning.formats.gauss_kruger import Axes, Zone, check_fit, datum_of, survey_axes, width_of
from gis_planning.formats.read.boundary_table import Line, Sheet, area_m2, label_of, lines, read_separated, read_sheets
from gis_planning.formats.read.deliveries import Notes, agreed_crs, check_file, note_area, note_old_datum
from gis_planning.formats.read.nesting import Point, assemble, close, end_of_ring, near, nest, one_geometry
from gis_planning.formats.read.numbering import starts
from gis_planning.formats.read.vector import Delivered
from gis_planning.formats.read.workbook import EXCEL
from gis_planning.geo import SQUARE_METRES_PER_HECTARE, crs_name, parse_crs

if TYPE_CHECKING:
    import geopandas as gpd

SUFFIXES = {".csv", ".tsv", *EXCEL}
#: Coordinates in millimetres and lengths in centimetres differ by less.
EDGE_TOLERANCE_M = 0.02
#: What labels above a table say of a parcel, and columns of it may say too.
LABELLED = ("name", "owner", "use")
#: A sheet with a name that its program gave it does not name its parcel.
_UNNAMED = re.compile(r"(sheet|工作表|表)\s*\d*", re.IGNORECASE)


@dataclass
class _Vertex:
    """One point with its name, the number of its ring if it has one, and the length of the edge given beside it.

    `run` tells points apart between which other parcels stand.
    """

    place: str
    name: str
    x: float
    y: float
    ring: str
    run: int
    edge: float | None


@dataclass
class _Parcel:
    """The points of one parcel and what stands above them."""

    key: str | None
    labels: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    points: list[_Vertex] = field(default_factory=list)
    pages: int = 0

    @property
    def called(self) -> str:
        """How messages call it."""
        return self.key or self.labels.get("name") or self.points[0].place


def read_boundary_points(source: Path, *, crs: str | None = None, table: str | None = None) -> Delivered:
    """Read the parcels of a table of boundary points; X is the northing unless the ranges say otherwise.

    A parcel is what one value of a parcel column names, else what stands under one parcel number (宗地号), else one
    sheet; pages of the same parcel are joined. A ring ends where it is back at its first point, or where a column of
    ring numbers says so. Lengths of edges and a stated area are compared with the coordinates. Columns
    that go by a name of a field of ours are fields of the parcel.

    Parameters
    ----------
    source
        A .csv or .tsv file, or an .xlsx file with any number of sheets.
    crs
        The CRS, where eastings carry no number of a zone. With one and no datum named, CGCS2000 is taken, with a word.
    table
        The only sheet to read.

    Raises
    ------
    SourceError
        The file is missing or no table.
    LayerError
        No columns of X and Y are found, or there are no points.
    FeatureError
        A row is no point, or a parcel's rings cross.
    CrsError
        The CRS cannot be told, or the stated one is another.
    """
    check_file(source)
    stated = parse_crs(crs, source=str(source)) if crs is not None else None
    notes, encoding = Notes(source), None
    if source.suffix.lower() in EXCEL:
        sheets = read_sheets(source, table, notes)
    else:
        sheet, encoding = read_separated(source, notes)
        sheets = [sheet]
    parcels = _parcels(sheets, source, notes)
    vertices = [vertex for parcel in parcels for vertex in parcel.points]
    axes = survey_axes(np.array([vertex.x for vertex in vertices]), np.array([vertex.y for vertex in vertices]), stated)
    if isinstance(axes, int):
        at = vertices[axes]
        facts = {"place": at.place, "x": f"{at.x:.3f}", "y": f"{at.y:.3f}"}
        raise FeatureError("boundary_points.no_axes", source=source, **facts)
    if axes.swapped:
        notes.add("boundary_points.swapped", vertices[0].place)
    found_crs = _crs(sheets, axes, stated, source, notes)
    check_fit(found_crs, axes.east, source=source)
    old = note_old_datum(found_crs, notes)
    frame = _frame(parcels, axes, found_crs, source, notes)
    return Delivered(frame, found_crs, table, encoding, {}, notes.texts(), old_datum_told=old)


# -- from rows to parcels


def _parcels(sheets: Sequence[Sheet], source: Path, notes: Notes) -> list[_Parcel]:
    collector = _Collector(notes)
    for sheet in sheets:
        if sheet.headings:
            collector.add(sheet)
        elif sheet.rows:
            notes.add("boundary_points.sheet_skipped", sheet.title)
    if not collector.parcels:
        found = [cell[:20] for sheet in sheets for _, cells in sheet.rows[:3] for cell in cells if cell]
        facts = {"source": source, "found": found[:12] or ["-"]}
        if any(sheet.headings for sheet in sheets):
            raise LayerError("boundary_points.no_points", **facts)
        raise HeadingsError("boundary_points.no_columns", **facts)
    for parcel in collector.parcels:
        if parcel.pages > 1:
            notes.add("boundary_points.pages", parcel.called, pages=parcel.pages)
    return collector.parcels


class _Collector:
    """Gather the points of parcels over sheets and pages."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.parcels: list[_Parcel] = []
        self._last: _Parcel | None = None
        self._run = 0

    def add(self, sheet: Sheet) -> None:
        """Add the parcels of a sheet, and the pages by which it goes on with parcels that are there already."""
        labels: dict[str, str] = {}
        parcel: _Parcel | None = None
        new_page = False
        for line in lines(sheet):
            if line.begins:
                new_page = True
            elif line.labels:
                labels |= line.labels
            elif line.passed:
                self.notes.add("boundary_points.passed", line.place)
            elif line.x is None or line.y is None:
                if parcel is not None and parcel.points[-1].edge is None:
                    parcel.points[-1].edge = line.edge
            else:
                named = line.cells.get("parcel") or None
                if parcel is None or new_page or (named is not None and named != parcel.key):
                    parcel = self._next(named, labels, sheet.title, parcel)
                    parcel.pages += new_page
                    labels = {}
                self._point(parcel, line, line.x, line.y, new_page=new_page)
                self._fields(parcel, line)
                new_page = False

    def _next(self, named: str | None, labels: dict[str, str], title: str, before: _Parcel | None) -> _Parcel:
        """Return the parcel of a new page or name: one of before if its name is known, or if the page has none."""
        key = named or labels.get("id") or labels.get("name")
        if key is None and before is not None:
            parcel = before
        else:
            key = key or (title if not _UNNAMED.fullmatch(title) else "") or None
            known = (parcel for parcel in self.parcels if key is not None and parcel.key == key)
            parcel = next(known, None) or _Parcel(key)
            self.parcels += [] if any(one is parcel for one in self.parcels) else [parcel]
        parcel.labels = labels | parcel.labels
        return parcel

    def _fields(self, parcel: _Parcel, line: Line) -> None:
        """Keep what a row says of its parcel; the first row that says it counts."""
        for name, said in line.fields.items():
            label = label_of(name) or (LABELLED[0] if name.casefold() in _names_of_names() else name.casefold())
            into, key = (parcel.labels, label) if label in LABELLED else (parcel.fields, name)
            kept = into.setdefault(key, said)
            if kept != said:
                self.notes.add("boundary_points.said_twice", line.place, parcel=parcel.called, field=name, kept=kept)

    def _point(self, parcel: _Parcel, line: Line, x: float, y: float, *, new_page: bool) -> None:
        if parcel is not self._last:
            self._last, self._run = parcel, self._run + 1
        last = parcel.points[-1] if parcel.points else None
        if new_page and last is not None and (last.x, last.y, last.run) == (x, y, self._run):
            # A page may begin with the last point of the page before.
            last.edge = line.edge if last.edge is None else last.edge
            return
        name = line.cells.get("point") or line.cells.get("number") or ""
        parcel.points.append(_Vertex(line.place, name, x, y, line.cells.get("ring", ""), self._run, line.edge))


@cache
def _names_of_names() -> set[str]:
    return {alias.casefold() for alias in facts("layers")["fields"]["name"]["aliases"]}


# -- where on Earth


def _crs(sheets: Sequence[Sheet], axes: Axes, stated: pyproj.CRS | None, source: Path, notes: Notes) -> pyproj.CRS:
    """Return the CRS stated, or that of the zone in the eastings and of the datum that some cell names."""
    if len(axes.prefixes) > 1:
        raise CrsError("boundary_points.two_zones", source=source, zones=list(axes.prefixes))
    width = width_of(axes.prefixes[0]) if axes.prefixes else None
    datum = next((found for words in _words_on_datum(sheets) if (found := datum_of(words)) is not None), None)
    own = None
    if width is not None and (datum is not None or stated is None):
        own = Zone(datum or "CGCS2000", width, axes.prefixes[0], prefixed=True).crs
    if own is not None and datum is None:
        notes.add("boundary_points.datum_taken", crs=crs_name(own))
    return agreed_crs(own, stated, source=source)


def _words_on_datum(sheets: Sequence[Sheet]) -> Iterator[str]:
    """Yield the cells that speak of a coordinate system, each with the cell after it, which may name it."""
    for sheet in sheets:
        for _, row in sheet.rows:
            cells = [cell for cell in row if cell]
            yield from (
                f"{cell} {after}" for cell, after in zip(cells, [*cells[1:], ""], strict=True) if "坐标系" in cell
            )


# -- shapes


def _frame(parcels: Sequence[_Parcel], axes: Axes, crs: pyproj.CRS, source: Path, notes: Notes) -> gpd.GeoDataFrame:
    import geopandas as gpd  # noqa: PLC0415 - slow to import
    import pandas as pd  # noqa: PLC0415

    places = iter(zip(axes.east.tolist(), axes.north.tolist(), strict=True))
    geometry = np.empty(len(parcels), dtype=object)
    areas = []
    for at, parcel in enumerate(parcels):
        geometry[at] = _geometry(parcel, [next(places) for _ in parcel.points], source, notes)
        areas.append(_stated_area(parcel, geometry[at].area, notes))
    index = pd.Index(range(1, len(parcels) + 1), name="parcel")
    columns: dict[str, Any] = {"id": pd.Series([parcel.key for parcel in parcels], index=index, dtype=object)}
    for name in LABELLED:
        columns[name] = pd.Series([parcel.labels.get(name) for parcel in parcels], index=index, dtype=object)
    columns["stated_area_ha"] = pd.Series(areas, index=index, dtype=float)
    for name in dict.fromkeys(name for parcel in parcels for name in parcel.fields if name.casefold() not in columns):
        columns[name] = pd.Series([parcel.fields.get(name) for parcel in parcels], index=index, dtype=object)
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=crs, index=index)


def _stated_area(parcel: _Parcel, plane_m2: float, notes: Notes) -> float:
    """Return the stated area in hectares, NaN where there is none or its unit is not told."""
    told = parcel.labels.get("area")
    if told is None:
        return float("nan")
    stated_m2 = area_m2(told)
    if stated_m2 is None:
        notes.add("boundary_points.no_unit", parcel.called, told=told)
        return float("nan")
    # Mu are written with two decimals, of which one is worth 6.7 m2.
    note_area(parcel.called, stated_m2, plane_m2, notes, tolerance_m2=3.4 if "亩" in told else 0.0)
    return stated_m2 / SQUARE_METRES_PER_HECTARE


def _geometry(parcel: _Parcel, places: Sequence[Point], source: Path, notes: Notes) -> Any:
    rings, drawn = [], []
    for ring, points in _rings(parcel, places, source, notes):
        if len(set(points)) < 3:
            place = ring[0].place
            raise FeatureError("boundary_points.few_points", source=source, place=place, parcel=parcel.called)
        if near(points[0], points[-1]):
            points[-1] = points[0]
        else:
            notes.add("boundary_points.unclosed", ring[-1].place)
        _check_edges(ring, close(points), notes)
        rings.append(ring)
        drawn.append(close(points))
    nesting = nest(drawn)
    for key, pairs in (("boundary_points.crossing", nesting.crossing), ("boundary_points.same_ring", nesting.repeated)):
        if pairs:
            one, two = sorted(pairs[0])
            facts = {"place": rings[one][0].place, "other": rings[two][0].place}
            raise FeatureError(key, source=source, parcel=parcel.called, **facts)
    return one_geometry(assemble(drawn, nesting))


def _rings(
    parcel: _Parcel, places: Sequence[Point], source: Path, notes: Notes
) -> Iterator[tuple[list[_Vertex], list[Point]]]:
    """Yield the rings of a parcel: up to where one is closed, has another number, or points are numbered anew."""
    rows = zip(parcel.points, places, strict=True)
    for _, run in groupby(rows, key=lambda row: (row[0].run, row[0].ring)):
        rest = list(run)
        while rest:
            end = end_of_ring([place for _, place in rest])
            last, rest = rest[:end], rest[end:]
            begins = starts([vertex.name for vertex, _ in last], [place for _, place in last])
            if isinstance(begins, int):
                at = last[begins][0]
                facts = {"place": at.place, "name": at.name, "parcel": parcel.called}
                raise FeatureError("parcels.numbers_again", source=source, **facts)
            for begin, stop in zip(begins, [*begins[1:], len(last)], strict=True):
                if begin:
                    notes.add("parcels.numbers_anew", last[begin][0].place)
                yield [vertex for vertex, _ in last[begin:stop]], [place for _, place in last[begin:stop]]


def _check_edges(ring: Sequence[_Vertex], closed: Sequence[Point], notes: Notes) -> None:
    """Compare the lengths given beside the points with the edges that follow them, or those that come before them."""
    after = np.hypot(*np.diff(np.array(closed), axis=0).T)
    before = np.roll(after, 1)
    given = [(at % len(after), vertex) for at, vertex in enumerate(ring) if vertex.edge is not None]
    wrong = [
        [(vertex, float(lengths[at])) for at, vertex in given if abs(float(lengths[at]) - (vertex.edge or 0.0)) > limit]
        for lengths, limit in ((after, EDGE_TOLERANCE_M), (before, EDGE_TOLERANCE_M))
    ]
    for vertex, length in min(wrong, key=len):
        notes.add("boundary_points.edge", vertex.place, given=vertex.edge, computed=length)
