"""Look into the files of a delivery that are no databases: sheets, rasters, drawings, and what is read as one layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_planning import geo
from gis_planning.conventions import facts, kinds
from gis_planning.conventions.layer_names import fits, meant
from gis_planning.conventions.structures import Structure
from gis_planning.errors import CrsError, HeadingsError, InputError, ManyTablesError, SourceError
from gis_planning.formats.datum import DATUMS
from gis_planning.formats.read import boundary_points, graphml, kml, points, raster_file, sources, tables
from gis_planning.formats.read.shapefile import encoding_of
from gis_planning.formats.read.vector import PARQUET, Delivered
from gis_planning.formats.read.workbook import EXCEL, open_book
from gis_planning.texts import Text, catalogue

if TYPE_CHECKING:
    import pyproj

#: What else a delivery may hold that county.toml can name.
FILES = {".dxf", ".txt", ".json", ".graphml", *PARQUET, *kml.SUFFIXES, *tables.SUFFIXES, *raster_file.SUFFIXES}
#: What Office leaves beside a workbook that is open.
LOCK = "~$"


@dataclass(frozen=True)
class FoundTable:
    """One table of a delivery: the file or geodatabase it lies in, and its name there (None where it is the only one).

    Attributes
    ----------
    geometry
        `polygon`, `line`, `point`, `raster` or `any`; None for a table without geometry, and for what was not read.
    structure
        What the table was recognised as by the standards' names; None where it is left out, for the `reason` given.
    kinds
        The layer kinds that its name stands for and that may have its geometry; none where it has a structure.
    datum, datum_open
        The datum of a table of points that has to be stated; whether nothing tells it.
    refused
        The reason is that it cannot be read.
    examples
        Names of the template's own example rows that are still in it.
    """

    source: Path
    table: str | None
    geometry: str | None
    features: int
    crs: pyproj.CRS | None
    fields: tuple[str, ...]
    bounds: tuple[float, float, float, float] | None
    structure: Structure | None
    reason: Text | None = None
    kinds: tuple[str, ...] = ()
    datum: str | None = None
    datum_open: bool = False
    refused: bool = False
    examples: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return the name that tells what the table holds."""
        return self.table or self.source.stem

    @property
    def called(self) -> str:
        """Return how messages call the table: file and name."""
        return f"{self.source.name}/{self.table}" if self.table else self.source.name

    @property
    def encoding(self) -> str | None:
        """Return the encoding of its attributes where the file does not state it."""
        return encoding_of(self.source)[0]


def looked_into(file: Path) -> bool:
    """Say whether a file is one of those that `look` looks into."""
    return file.suffix.lower() in FILES or is_extract(file)


def is_extract(file: Path) -> bool:
    """Say whether a file is an extract of OpenStreetMap by its name."""
    return file.name.lower().endswith(tuple(facts("osm")["extracts"]))


def look(source: Path, *, crs: str | None = None, datum: str | None = None) -> list[FoundTable]:
    """Return the tables of a file that is `looked_into`; one that cannot be read is there with the reason.

    Parameters
    ----------
    crs, datum
        The CRS of what states none, and the datum of points whose columns name none.
    """
    suffix = source.suffix.lower()
    try:
        if suffix in raster_file.SUFFIXES:
            return [_raster(source)]
        if suffix in tables.SUFFIXES:
            return list(_sheets(source, crs, datum))
        if suffix not in FILES:
            raise SourceError("import.extract", source=source)
        if suffix == ".graphml":
            return [_of(source, None, lambda stated: graphml.read_graphml(source, crs=stated), crs)]
        return list(_read(source, crs))
    except InputError as fault:
        return [_refused(source, None, fault)]


def kinds_meant(name: str, geometry: str | None) -> tuple[str, ...]:
    """Return the layer kinds that a table's name stands for and that may have its geometry."""
    return tuple(kind for kind in meant(name) if geometry is not None and fits(kinds()[kind], geometry))


def _raster(source: Path) -> FoundTable:
    with raster_file.opened(source) as grid:
        crs = geo.parse_crs(grid.crs.to_wkt(), source=str(source)) if grid.crs else None
        bounds = tuple(grid.bounds)
    return FoundTable(source, None, "raster", 0, crs, (), bounds, None, kinds=kinds_meant(source.stem, "raster"))


def _sheets(source: Path, crs: str | None, datum: str | None) -> Iterator[FoundTable]:
    """Yield the tables of a workbook that a person sees, or of text: points, or parcels by boundary points."""
    titles: list[str | None] = [None]
    if source.suffix.lower() in EXCEL:
        with open_book(source) as book:
            # The template's own explanations are no layer.
            notes = catalogue()["guide.sheet_notes"].values()
            titles = [title for title in book.visible if title not in notes and book.rows(title).rows]
    for title in titles:
        try:
            yield _sheet(source, title, crs, datum)
        except InputError as fault:
            yield _refused(source, title, fault)


def _sheet(source: Path, title: str | None, crs: str | None, datum: str | None) -> FoundTable:
    """Return a table as points where its coordinates are degrees, else as parcels by boundary points."""

    def parcels(stated: str | None) -> Delivered:
        return boundary_points.read_boundary_points(source, crs=stated, table=title)

    try:
        told = points.told_datums(source, table=title)
        known = told[0] if len(told) == 1 else None if told else datum
        delivered = points.read_points(source, datum=known or DATUMS[0], table=title)
    except InputError as no_points:
        if no_points.text.key == "points.empty":
            raise
        try:
            return _of(source, title, parcels, crs)
        except HeadingsError:
            raise no_points from None
    return _found(source, title, delivered, delivered.crs, datum=known, datum_open=known is None)


def _read(source: Path, crs: str | None) -> Iterator[FoundTable]:
    """Yield what is read as one layer; of several layers in a file, each."""

    def reading(table: str | None) -> FoundTable:
        return _of(source, table, lambda stated: sources.read_source(source, crs=stated, table=table), crs)

    try:
        yield reading(None)
    except ManyTablesError as several:
        for table in several.text.facts["tables"]:
            try:
                yield reading(str(table))
            except InputError as fault:
                yield _refused(source, str(table), fault)


def _of(source: Path, table: str | None, read: Callable[[str | None], Delivered], crs: str | None) -> FoundTable:
    """Return a table that is read with the CRS given where it does not tell its own, which county.toml then states."""
    try:
        delivered = read(None)
    except CrsError:
        if crs is None:
            raise
        return _found(source, table, read(crs), None)
    return _found(source, table, delivered, delivered.crs)


def _found(
    source: Path, table: str | None, delivered: Delivered, crs: pyproj.CRS | None, **points_only: Any
) -> FoundTable:
    shapes = delivered.frame.geometry.to_numpy()
    there = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    dimensions = set(np.unique(shapely.get_dimensions(there)).tolist())
    geometry = ("point", "line", "polygon")[dimensions.pop()] if len(dimensions) == 1 else "any"
    fields = tuple(str(column) for column in delivered.frame.columns if column != "geometry")
    bounds = tuple(shapely.total_bounds(there).tolist()) if len(there) else None
    known = kinds_meant(table or source.stem, geometry)
    more = {"kinds": known, "examples": _examples(delivered, known), **points_only}
    return FoundTable(source, table, geometry, len(shapes), crs, fields, bounds, None, **more)


def _examples(delivered: Delivered, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names in a table that are those of the template's example rows."""
    table = facts("examples")
    said = [names for kind in known for names in (table["layers"].get(kind, {}).get("name", table["fields"]["name"]),)]
    ours = {one for names in said for words in names.values() for one in words}
    held = delivered.frame.drop(columns="geometry").to_numpy(dtype=object).ravel().tolist()
    return tuple(dict.fromkeys(one for one in held if isinstance(one, str) and one in ours))


def _refused(source: Path, table: str | None, fault: InputError) -> FoundTable:
    return FoundTable(source, table, None, 0, None, (), None, None, fault.text, refused=True)
