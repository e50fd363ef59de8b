"""Find the tables of a delivered database, in a geodatabase, a GeoPackage or a folder, and recognise what they hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from gis_planning.conventions.structures import Structure, change_layer_of, likely, recognised, structures
from gis_planning.errors import SourceError
from gis_planning.formats import found
from gis_planning.formats.found import FoundTable, kinds_meant
from gis_planning.formats.read import opening
from gis_planning.formats.read.shapefile import encoding_of
from gis_planning.formats.read.vector import UNREAD, look_before_reading
from gis_planning.geo import parse_crs
from gis_planning.outputs.marks import manifest_of, unchanged
from gis_planning.texts import Lang, Text, text

#: What holds several tables, and what holds one.
CONTAINERS = {".gdb", ".gpkg"}
SINGLE = {".shp", ".geojson", ".fgb"}

_DIMENSION = {"Point": "point", "LineString": "line", "Polygon": "polygon"}


class StructureTitle(Text):
    """The name of a delivered layer, spoken in the reader's language."""

    def __init__(self, structure: Structure) -> None:
        super().__init__("import.structure", {"name": structure.name})

    def to(self, lang: Lang) -> str:
        """Return the title and the code."""
        structure = structures()[self.facts["name"]]
        return f"{structure.title(lang)} {structure.name}"


def find_tables(
    delivery: Path, *, crs: str | None = None, datum: str | None = None
) -> tuple[list[FoundTable], list[Path]]:
    """Return the tables of a delivery in the order of their files, and what is not read.

    That are files of other formats, and links: what they lead to lies in the delivery and is read there, or it lies
    outside and is no part of it.

    Parameters
    ----------
    delivery
        A geodatabase, a GeoPackage, another file that is read, or a folder of these at any depth.
    crs, datum
        The CRS and, of points, the datum of files that tell none and cannot be read without.

    Raises
    ------
    SourceError
        It is not there, or a source in it cannot be opened.
    """
    if not delivery.exists():
        raise SourceError("import.missing", source=delivery)
    if not delivery.is_dir():
        opening.regular(delivery)
    tables: list[FoundTable] = []
    unread = []
    for source in _sources(delivery):
        if source.suffix.lower() in UNREAD or (source != delivery and source.is_symlink()):
            unread.append(source)
        elif found.looked_into(source):
            tables += found.look(source, crs=crs, datum=datum)
        else:
            tables += _tables(source)
    return tables, unread


def _sources(place: Path) -> Iterator[Path]:
    """Yield the vector sources at a place, and links, but for results that a run of ours has left there.

    Nothing inside a geodatabase is looked at by itself.
    """
    suffix = place.suffix.lower()
    if suffix in CONTAINERS | SINGLE | set(UNREAD) or found.looked_into(place):
        yield place
    elif place.is_dir():
        try:
            inside = sorted(place.iterdir())
        except OSError as fault:
            raise SourceError("source.no_access", source=place, reason=fault.strerror or fault) from None
        ours = manifest_of(place) or {}
        for inner in inside:
            if inner.is_symlink():
                yield inner
            elif inner.name in ours and unchanged(inner, [ours[inner.name]]):
                continue
            elif not inner.name.startswith((".", found.LOCK)):
                yield from _sources(inner)


def _tables(source: Path) -> list[FoundTable]:
    look_before_reading(source)
    opening.refuse_links(source)
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(source)]
        return [_table(source, name) for name in names]
    except (DataSourceError, DataLayerError, ValueError, OSError, UnboundLocalError) as fault:
        raise opening.refusal(source, fault) from None


def _table(source: Path, name: str) -> FoundTable:
    info = pyogrio.read_info(
        source, layer=name, encoding=encoding_of(source)[0], force_feature_count=True, force_total_bounds=True
    )
    alias = str((info.get("layer_metadata") or {}).get("ALIAS_NAME", ""))
    geometry = _geometry(info["geometry_type"])
    fields = tuple(str(field) for field in info["fields"])
    structure = recognised(name, alias)
    opening.refuse_driver(source, info["driver"])
    reason = _why_not(structure, geometry, fields, name, alias)
    return FoundTable(
        source=source,
        table=name if source.suffix.lower() in CONTAINERS else None,
        geometry=geometry,
        features=int(info["features"]),
        crs=parse_crs(info["crs"], source=str(source)) if info["crs"] else None,
        fields=fields,
        bounds=tuple(info["total_bounds"]) if info["total_bounds"] is not None else None,
        structure=structure if reason is None else None,
        reason=reason,
        kinds=kinds_meant(name, geometry) if structure is None and change_layer_of(name, alias) is None else (),
    )


def _geometry(type_: str | None) -> str | None:
    """Return the kind of geometry for the name GDAL has for it."""
    if type_ is None:
        return None
    plain = type_.split(" ")[0].removeprefix("Multi").removeprefix("2.5D")
    curved = {"Curve": "line", "CompoundCurve": "line", "CurvePolygon": "polygon", "Surface": "polygon"}
    return _DIMENSION.get(plain, curved.get(plain, "any"))


def _why_not(structure: Structure | None, geometry: str | None, fields: tuple[str, ...], *names: str) -> Text | None:
    """Return why a table is none of the standards', with what it may be; None where it is one."""
    if structure is not None:
        if geometry in {structure.geometry, "any"}:
            return None
        held = text(f"import.geometry_{geometry or 'none'}")
        return text("import.other_geometry", structure=StructureTitle(structure), found=held)
    changed = change_layer_of(*names)
    if changed is not None:
        return text("import.changes", structure=StructureTitle(changed))
    if geometry is None:
        return text("import.no_geometry")
    meant = likely(fields)
    return text("import.unknown") if meant is None else text("import.likely", structure=StructureTitle(meant))
