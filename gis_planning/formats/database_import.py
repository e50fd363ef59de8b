"""Make a county folder from a delivered database: recognise its layers, say where they lie, leave the data alone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_planning import geo
from gis_planning.conventions import KindTitle, kinds
from gis_planning.conventions.structures import Fill, structures
from gis_planning.errors import CrsError, LayerError, SourceError
from gis_planning.formats.address import refuse_password
from gis_planning.formats.condition import quoted
from gis_planning.formats.database import StructureTitle, find_tables
from gis_planning.formats.database_says import (
    CODED,
    codes_of,
    name_in,
    names_of,
    structure_of,
    values_of,
    years_of,
)
from gis_planning.formats.datum import DATUMS
from gis_planning.formats.found import FoundTable, is_extract
from gis_planning.formats.gauss_kruger import zone_of
from gis_planning.formats.read import archive, raster_file
from gis_planning.formats.titled import draft, drafted, titled
from gis_planning.formats.write.folder import made_whole, refuse_occupied, write_county_file
from gis_planning.outputs import refuse_inputs
from gis_planning.texts import Lang, Text, system_lang, text

if TYPE_CHECKING:
    import pyproj

#: The folder inside a county folder that copied data go to.
COPIES = "data"
#: Tables that a refusal names.
NAMED = 10

_PLAIN_FIELD = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True)
class Filled:
    """A layer of the county and the table it is read from; `where` picks its features.

    It is `sure` where the table is this layer and no other: nothing better can be in the delivery.
    """

    kind: str
    table: FoundTable
    features: int
    where: str | None = None
    remark: Text | None = None
    sure: bool = False


@dataclass(frozen=True)
class DatabaseImport:
    """What an import of a delivered database brought: the county folder, and its layers.

    `name`, `code` and `crs` are as written into county.toml; None where they could not be told. `notes` are what a
    person should know: what was chosen and why; `left_out` the tables that are not used, each with the reason. Of
    these, so many are `drafts` in county.toml, to be uncommented.
    """

    out: Path
    name: str
    code: str | None
    crs: str | None
    layers: tuple[Filled, ...]
    notes: tuple[Text, ...]
    left_out: tuple[Text, ...]
    drafts: int = 0

    def to(self, lang: Lang) -> str:
        """Return what a person should read after the import, a line for each thing."""
        key = "import.summary" if self.code else "import.summary_no_code"
        head = text(key, out=self.out, name=self.name, code=self.code, crs=self.crs or "-")
        layers = [line for layer in self.layers for line in _filled_lines(layer)]
        drafts = [text("import.drafts", count=self.drafts)] if self.drafts else []
        lines = [head, *layers, *self.notes, *self.left_out, *drafts]
        return "\n".join(line.to(lang) for line in lines)


def import_database(
    delivery: Path,
    out: Path,
    *,
    name: str | None = None,
    code: str | None = None,
    crs: str | None = None,
    datum: str | None = None,
    copy: bool = False,
    lang: Lang | None = None,
) -> DatabaseImport:
    """Make a county folder from a delivered database, or from layers and tables that go by our layers' names.

    The county.toml that is written names the sources where they lie, relative to it. A zip is unpacked into the folder.
    What has shapes and is not recognised stands in it as a draft, commented out.

    Parameters
    ----------
    delivery
        A geodatabase, a GeoPackage, a shapefile, a workbook or another file that is read, a folder of these, or a zip
        of any of them.
    out
        The county folder to make; it must not hold files.
    name, code
        The county's name and six-digit code, where the delivery does not tell or tells several.
    crs
        The CRS of tables that state none.
    datum
        The datum of tables of points whose columns name none.
    copy
        Copy the sources into the folder.
    lang
        The language of the comments in county.toml, and then of the county; left out: the comments are in the system's.

    Raises
    ------
    SourceError
        The delivery is not there, cannot be read, or holds nothing that may be a layer; or the datum is not known.
    LayerError
        Two tables are the same layer.
    CrsError
        A table that is used states no CRS and `crs` was not given.
    OutputError
        `out` holds files or cannot be written.
    """
    out = Path(out)
    _refuse(delivery, out, datum)
    with _unpacked(Path(delivery)) as place:
        used, filled, drafts, left_out = _recognised(Path(delivery), place, crs, datum)
        stated = geo.parse_crs(crs, source="--crs") if crs else None
        _refuse_without_crs([one.table for one in filled], stated)
        county, notes = _county(Path(delivery), used, filled, name=name, code=code, stated=stated)
        comments = _comments(Path(delivery).name, notes, filled, lang or system_lang())
        with made_whole(out) as folder:
            named = [*(one.table for one in filled), *(table for table, _ in drafts)]
            sources = _sources(named, place, folder, out, copied=copy or place != Path(delivery))
            _write(folder, county | {"lang": lang}, comments, (filled, drafts), sources, crs)
    told = (tuple(filled), tuple(notes), left_out, len(drafts))
    return DatabaseImport(out, county["name"], county["code"], county["crs"], *told)


def _recognised(
    delivery: Path, place: Path, crs: str | None, datum: str | None
) -> tuple[list[FoundTable], list[Filled], list[tuple[FoundTable, Text]], tuple[Text, ...]]:
    """Return the tables of known structure, the layers, the drafts, and what is neither, told.

    Raises
    ------
    SourceError
        There is nothing that may be a layer.
    """
    tables, unread = find_tables(place, crs=crs, datum=datum)
    used = [table for table in tables if table.structure is not None]
    _refuse_twice(used)
    filled, idle = _with_titled(*_fill(used), [table for table in tables if table.structure is None])
    drafts = [(table, reason) for table, reason in idle if drafted(table)]
    if tables and all(is_extract(table.source) for table in tables):
        raise SourceError("import.openstreetmap", source=delivery)
    if not filled and not drafts:
        raise SourceError("import.nothing", source=delivery, tables=_some([table.called for table in tables]))
    return used, filled, drafts, _left_out(idle, unread)


def _refuse(delivery: Path, out: Path, datum: str | None) -> None:
    """Refuse what cannot be meant before anything is read."""
    refuse_password(delivery)
    if datum is not None and datum not in DATUMS:
        raise SourceError("points.unknown_datum", source=delivery, datum=datum, datums=list(DATUMS))
    refuse_inputs([out], [Path(delivery)])
    refuse_occupied(out)


def _write(
    folder: Path,
    county: dict[str, Any],
    comments: dict[str, list[str]],
    layers: tuple[list[Filled], list[tuple[FoundTable, Text]]],
    sources: dict[Path, str],
    crs: str | None,
) -> None:
    """Write county.toml: the county, its layers, and drafts of what is not known, commented out."""
    (filled, drafts), spoken = layers, county["lang"] or system_lang()
    tables = {f"layers.{one.kind}": _layer(one, sources[one.table.source], filled, crs) for one in filled}
    below = [draft(table, sources[table.source], reason, spoken) for table, reason in drafts]
    write_county_file(folder, {"county": county} | tables, comments, below)


@contextmanager
def _unpacked(delivery: Path) -> Iterator[Path]:
    """Give the folder a zip is unpacked into, or the delivery itself if it is none."""
    if delivery.suffix.lower() != ".zip":
        yield delivery
        return
    with archive.unpacked(delivery) as folder:
        yield folder


def _with_titled(
    filled: list[Filled], idle: list[tuple[FoundTable, Text]], tables: list[FoundTable]
) -> tuple[list[Filled], list[tuple[FoundTable, Text]]]:
    """Return the layers with those that tables are by their own names, and the tables that are none, each with why.

    A table of the very name stands in place of what would be picked out of another, or be taken for want of better.
    """
    sure = {one.kind: one.table.called for one in filled if one.sure}
    found, others = titled(tables, sure)
    kept = [one for one in filled if one.kind not in found]
    instead = {one.kind: one.table for one in filled if one.kind in found}
    remarks = {kind: text("import.instead", table=table.called) for kind, table in instead.items()}
    remarks |= {kind: text("import.examples", names=list(one.examples)) for kind, one in found.items() if one.examples}
    own = [Filled(kind, table, table.features, remark=remarks.get(kind)) for kind, table in found.items()]
    for kind, table in instead.items():
        if not any(one.table is table for one in kept):
            idle.append((table, text("import.taken", layer=KindTitle(kind), table=found[kind].called)))
    idle += others
    order = list(kinds())
    return sorted([*kept, *own], key=lambda one: order.index(one.kind)), idle


def _comments(delivery: str, notes: list[Text], filled: list[Filled], lang: Lang) -> dict[str, list[str]]:
    """Return what county.toml says of each of its tables."""
    comments = {"county": [text("import.made", delivery=delivery), *notes]}
    comments |= {f"layers.{one.kind}": _filled_lines(one) for one in filled}
    return {table: [line.to(lang) for line in lines] for table, lines in comments.items()}


def _left_out(idle: Iterable[tuple[FoundTable, Text]], unread: Iterable[Path]) -> tuple[Text, ...]:
    """Say of each table that is not used why."""
    reasons = [(table.called, reason) for table, reason in idle]
    reasons += [(one.name, _unread(one)) for one in unread]
    return tuple(text("import.left_out", table=table, reason=reason) for table, reason in reasons)


def _fill(used: list[FoundTable]) -> tuple[list[Filled], list[tuple[FoundTable, Text]]]:
    """Return which table becomes which layer of the county, and the tables that become none."""
    order = list(structures())
    used = sorted(used, key=lambda one: order.index(structure_of(one).name))
    wanted: dict[str, list[tuple[int, FoundTable, Fill]]] = {}
    for table in used:
        for fill in structure_of(table).fills:
            wanted.setdefault(fill.kind, []).append((fill.rank, table, fill))
    found, taken = [], {}
    for kind in [kind for kind in kinds() if kind in wanted]:
        _, table, fill = min(wanted[kind], key=lambda one: one[0])
        filled = _filled(kind, table, fill)
        if filled is not None:
            found.append(filled)
            taken[kind] = table
    idle = []
    for table in used:
        if table not in taken.values():
            wished = next((fill.kind for fill in structure_of(table).fills), None)
            if wished is None:
                reason = text("import.changes", structure=StructureTitle(structure_of(table)))
            elif wished in taken:
                reason = text("import.taken", layer=KindTitle(wished), table=taken[wished].called)
            else:
                reason = text("import.no_column", structure=StructureTitle(structure_of(table)))
            idle.append((table, reason))
    return found, idle


def _filled(kind: str, table: FoundTable, fill: Fill) -> Filled | None:
    """Return a layer of the county, None where the table has no features for it."""
    structure = structure_of(table)
    remark = text(f"import.remark_{kind}") if kind in {"residential", "parks"} else None
    if fill.column is None:
        if kind == "study_area" and structure.name == "XZQ":
            remark = text("import.remark_whole_county")
        nothing = kinds()[kind].refuse_empty and not table.features
        return None if nothing else Filled(kind, table, table.features, remark=remark, sure=fill.rank == 0)
    field = structure.fields(table.fields).get(fill.column)
    if field is None:
        return None
    count = int(np.isin(values_of(table, field), fill.values).sum())
    if not count:
        return None
    named = field if _PLAIN_FIELD.fullmatch(field) else quoted(field)
    codes = ", ".join(f"'{value}'" for value in fill.values)
    where = f"{named} = {codes}" if len(fill.values) == 1 else f"{named} IN ({codes})"
    return Filled(kind, table, count, where, remark)


def _county(
    delivery: Path,
    used: list[FoundTable],
    filled: list[Filled],
    *,
    name: str | None,
    code: str | None,
    stated: pyproj.CRS | None,
) -> tuple[dict[str, Any], list[Text]]:
    """Return the `[county]` table, and what was chosen for it."""
    notes = []
    called = [delivery.stem, *(one.source.stem for one in used), *(one.table.source.stem for one in filled)]
    if code is None:
        codes = codes_of(used) or {coded[1] for one in called if (coded := CODED.match(one))}
        code = next(iter(codes)) if len(codes) == 1 else None
        told = text("import.code_found", code=code) if code else text("import.no_code", codes=sorted(codes) or "-")
        notes.append(told)
    if name is None:
        names = names_of(used, code) or {said for one in called if (said := name_in(one))}
        name = next(iter(names)) if len(names) == 1 else None
        if name is None:
            name = delivery.name.split(".")[0] or delivery.name
            notes.append(text("import.no_name", name=name, names=sorted(names) or "-"))
        else:
            notes.append(text("import.name_found", name=name))
    crs = _working_crs(filled, stated, notes)
    years = years_of(used)
    return {"name": name, "code": code, "crs": crs, "data_date": str(years.pop()) if len(years) == 1 else None}, notes


def _working_crs(filled: list[Filled], stated: pyproj.CRS | None, notes: list[Text]) -> str | None:
    """Return the working CRS: the delivered zone of CGCS2000, or the zone the county lies in."""
    first = next((one.table for one in filled if one.kind in {"study_area", "land_use"}), None)
    first = first or next((one.table for one in filled), None)
    if first is None:
        return None
    for table in {one.table.source: one.table for one in filled}.values():
        zone = zone_of(table.crs) if table.crs is not None else None
        if table.crs is not None and zone is not None and zone.datum != "CGCS2000":
            notes.append(text("import.old_datum", table=table.called, crs=geo.crs_name(table.crs), datum=zone.datum))
    crs = first.crs if first.crs is not None else stated
    if crs is None or first.bounds is None or not np.isfinite(first.bounds).all():
        return None
    zone = zone_of(crs)
    try:
        box = geo.reproject(np.array([shapely.box(*first.bounds)]), crs, geo.parse_crs("EPSG:4490", source="-"))[0]
    except ValueError:
        return None
    west, _, east, _ = box.bounds
    own = geo.default_crs(box.centroid.x, box.centroid.y)
    if geo.default_crs(west, box.centroid.y) != geo.default_crs(east, box.centroid.y):
        notes.append(text("import.two_zones", crs=geo.crs_name(own)))
    return geo.crs_name(crs if zone is not None and (zone.datum, zone.width) == ("CGCS2000", 3) else own)


def _layer(one: Filled, source: str, filled: list[Filled], crs: str | None) -> dict[str, Any]:
    """Return the table of a layer in county.toml."""
    area = next((other.table for other in filled if other.kind == "study_area"), None)
    # Districts of the standard are the whole county; others may be any part of it.
    districts = any(other.kind == "districts" and other.table.structure is not None for other in filled)
    # Control lines are complete for the county, whatever part of it the study area is.
    whole = area is not None and area.structure is not None and area.structure.name == "XZQ"
    narrower = area is not None and not whole and districts and kinds()[one.kind].control
    return {
        "source": source,
        "layer": one.table.table,
        "where": one.where,
        "fields": _stated_fields(one.kind, one.table) or None,
        "coverage": "districts" if narrower else None,
        "crs": crs if one.table.crs is None else None,
        "datum": one.table.datum,
    }


def _stated_fields(kind: str, table: FoundTable) -> dict[str, str]:
    """Return our field = their field where a column goes by a name that our aliases do not have."""
    if table.structure is None:
        return {}
    delivered = {field.casefold() for field in table.fields}
    columns = structure_of(table).fields(table.fields)
    found = {}
    for field in kinds()[kind].fields:
        if delivered.isdisjoint(alias.casefold() for alias in field.aliases):
            theirs = next((columns[alias] for alias in field.aliases if alias in columns), None)
            if theirs is not None:
                found[field.name] = theirs
    return found


def _sources(tables: Iterable[FoundTable], place: Path, folder: Path, out: Path, *, copied: bool) -> dict[Path, str]:
    """Return how county.toml names each source, from inside `out`; copy it into `folder` where that is asked."""
    root = place if place.is_dir() and place.suffix.lower() != ".gdb" else place.parent
    found = {}
    for source in dict.fromkeys(one.source for one in tables):
        if copied:
            inner = Path(COPIES) / source.relative_to(root)
            _copy(source, folder / inner)
            found[source] = inner.as_posix()
        else:
            found[source] = _relative(source.resolve(), out.resolve())
    return found


def _relative(source: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(source, folder)).as_posix()
    except ValueError:  # another drive
        return source.as_posix()


def _copy(source: Path, target: Path) -> None:
    """Copy a source with what stands beside it and belongs to it; a mosaic with the rasters it is made of."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.lock"))
        return
    suffix = source.suffix.lower()
    files = raster_file.parts(source) if suffix in raster_file.SUFFIXES else [source]
    for file in files:
        inside = target.parent / file.relative_to(source.parent) if file.is_relative_to(source.parent) else target
        inside.parent.mkdir(parents=True, exist_ok=True)
        beside = file.parent.iterdir() if suffix in {".shp", *raster_file.SUFFIXES} else [file]
        for part in beside:
            if part.is_file() and (part == file or part.name.startswith(f"{file.stem}.")):
                shutil.copy2(part, inside.with_name(part.name))


def _refuse_twice(used: list[FoundTable]) -> None:
    by_structure: dict[str, list[FoundTable]] = {}
    for table in used:
        by_structure.setdefault(structure_of(table).name, []).append(table)
    for tables in by_structure.values():
        if len(tables) > 1:
            raise LayerError(
                "import.twice",
                structure=StructureTitle(structure_of(tables[0])),
                tables=[str(table.source if table.table is None else table.source / table.table) for table in tables],
            )


def _refuse_without_crs(tables: list[FoundTable], stated: pyproj.CRS | None) -> None:
    without = list(dict.fromkeys(table.called for table in tables if table.crs is None))
    if without and stated is None:
        raise CrsError("import.no_crs", tables=without)


def _unread(file: Path) -> Text:
    return text("import.link" if file.is_symlink() else "import.unread")


def _some(names: list[str]) -> list[str]:
    return [*names[:NAMED], *(["..."] if len(names) > NAMED else [])] or ["-"]


def _filled_lines(one: Filled) -> list[Text]:
    said = {"layer": KindTitle(one.kind), "table": one.table.called, "count": one.features}
    if one.table.structure is not None:
        said["structure"] = StructureTitle(one.table.structure)
    key = (
        "import.layer_titled" if one.table.structure is None else "import.layer_where" if one.where else "import.layer"
    )
    key = "import.layer_raster" if one.table.geometry == "raster" else key
    where = {"where": one.where} if one.where else {}
    return [text(key, **said, **where), *([one.remark] if one.remark else [])]
