"""Convert layers between formats: the CRS goes along, nothing is lost without a word, and all is written or nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning import geo
from gis_planning.errors import CrsError, ManyTablesError, OutputError
from gis_planning.formats.address import Address, Source
from gis_planning.formats.gauss_kruger import ZONE_STEP, zone_of
from gis_planning.formats.read import parcels, postgis, sources, vector
from gis_planning.formats.read.area import Area
from gis_planning.formats.read.deliveries import agreed_crs, refuse_misplaced
from gis_planning.formats.read.vector import Delivered, Part
from gis_planning.formats.write import dxf as dxf_write
from gis_planning.formats.write import postgis as postgis_write
from gis_planning.formats.write.compare import compare
from gis_planning.formats.write.kml import write_kml
from gis_planning.formats.write.parcel_txt import TEXTS, write_parcel_txt
from gis_planning.formats.write.vector import write_table
from gis_planning.formats.write.writable import Fitted, Format, fields_file, fit, format_of, shapefile_codec
from gis_planning.outputs import Wish, refuse_inputs, replacing
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd

#: Datums whose exact way to any other is not public, by words in their names.
OLD_DATUMS = {"Beijing 1954": "Beijing54", "Xian 1980": "Xian80"}
#: The parts of a shapefile beside it.
PARTS = (".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix")
#: Names of files inside a geodatabase.
_IN_GEODATABASE = re.compile(r"a[0-9a-f]{8}\.\w+|gdb|timestamps|.*\.lock", re.IGNORECASE)
#: Files in the way that are named.
MOST_NAMES = 5
_WGS84 = pyproj.CRS.from_epsg(4326)


@dataclass(frozen=True)
class Layer:
    """One layer on its way: its name in the new place, its features in the new CRS, what there is to say."""

    name: str
    frame: gpd.GeoDataFrame
    crs: pyproj.CRS
    notes: tuple[Text, ...]


@dataclass(frozen=True)
class Converted:
    """What was written, layer by layer, and everything that is not as it was."""

    out: Source
    counts: dict[str, int]
    crs: dict[str, str]
    notes: tuple[Text, ...]


def convert(
    source: Source,
    out: Source,
    *,
    layer: str | None = None,
    name: str | None = None,
    where: str | None = None,
    within: Source | None = None,
    crs: str | None = None,
    to_crs: str | None = None,
    datum: str | None = None,
    encoding: str | None = None,
    overwrite: bool = False,
    progress: Callable[[Text], None] = lambda _: None,
) -> Converted:
    """Convert one layer, or all layers of a source where the new format holds several.

    What was written is read back and compared before it is put in its place: a value, shape or feature that is not
    what it was ends the run with nothing written; what a format cannot tell (an empty text from none, a name of 20
    signs) is said.

    Parameters
    ----------
    layer
        The layer inside the source.
    name
        Its name in the new place; for a database `schema.table`, or `schema.*` for several.
    where, within
        Only the features that fulfil an SQL condition, or that touch the areas in another source.
    crs, datum
        The CRS or datum of a source that does not tell it.
    to_crs
        The CRS to convert to; the source's own, if left out, and WGS84 for KML.
    encoding
        The text of a shapefile or TXT to write: GBK or UTF-8.
    overwrite
        Replace what is there.

    Raises
    ------
    InputError
        The source cannot be read.
    OutputError
        The new place is taken or cannot hold it.
    """
    format_ = format_of(out)
    read = _files_read(source, within, out)
    names = _layers(source, layer, format_)
    _refuse_there(out, overwrite=overwrite)
    wanted, part = _wanted(to_crs), _part(source, within, crs)
    counts, codes, notes = {}, {}, list[Text]()
    with _writing(out, format_, read, overwrite=overwrite) as writer:
        for one in names:
            progress(text("convert.reading", source=source, layer=one or "-"))
            delivered = sources.read_source(source, crs=crs, table=one, where=where, datum=datum, part=part)
            ready = _ready(delivered, source, _name(delivered, source, name, names), part.crs, wanted, format_)
            progress(text("convert.writing", out=out, layer=ready.name))
            notes += [*ready.notes, *writer(ready, encoding)]
            counts[ready.name], codes[ready.name] = len(ready.frame), geo.crs_name(ready.crs)
    return Converted(out, counts, codes, tuple(notes))


# -- what to read


def _layers(source: Source, layer: str | None, format_: Format) -> Sequence[str | None]:
    """Return the layers to convert; None stands for the only one."""
    if layer is not None:
        return [layer]
    if isinstance(source, Address):
        found = postgis.tables_in(source)
        key = "postgis.which_table"
    else:
        sources.look_before_reading(source)
        if source.suffix.lower() not in {".gpkg", ".gdb", ".sqlite"}:
            return [None]
        found = vector.tables_in(source)
        key = "source.which_table"
    if len(found) > 1 and not format_.several:
        raise ManyTablesError(key, source=source, tables=found)
    return found or [None]


def _name(delivered: Delivered, source: Source, name: str | None, layers: Sequence[str | None]) -> str:
    """Return what one of some layers is called in the new place."""
    own = delivered.called(source).removesuffix(".gdb")
    if isinstance(source, Address):
        own = own.partition(".")[2] or own
    if name is None or name.endswith(".*"):
        return (name or "").removesuffix("*") + own
    if len(layers) > 1:
        raise OutputError("convert.one_name", name=name)
    return name


def _files_read(source: Source, within: Source | None, out: Source) -> list[Path]:
    """Return the files that are read; to write over one of them is refused."""
    read = [one for one in (source, within) if isinstance(one, Path)]
    if isinstance(out, Path):
        refuse_inputs(_targets(out), read)
    return read


def _wanted(to_crs: str | None) -> pyproj.CRS | None:
    return geo.parse_crs(to_crs, source="--to-crs") if to_crs is not None else None


def _part(source: Source, within: Source | None, crs: str | None) -> Part:
    """Return what is read of the source, and in which CRS."""
    stated = geo.parse_crs(crs, source=str(source)) if crs is not None else None
    return Part(area=_area(within) if within is not None else None, crs=stated, exact=True)


def _area(within: Source) -> Area:
    delivered = sources.read_source(within)
    if delivered.crs is None:
        raise CrsError("parcels.no_crs", source=within)
    return Area(shapely.union_all(delivered.frame.geometry.to_numpy()), delivered.crs)


# -- where it lies


def _ready(
    delivered: Delivered,
    source: Source,
    name: str,
    stated: pyproj.CRS | None,
    wanted: pyproj.CRS | None,
    format_: Format,
) -> Layer:
    """Return a layer in its new CRS."""
    own = agreed_crs(delivered.crs, stated, source=source)
    frame = delivered.frame
    refuse_misplaced(frame.geometry.to_numpy(), own, source)
    notes = [*delivered.warnings, *(one.reason for one in delivered.lost)]
    none = shapely.is_missing(frame.geometry.to_numpy()) | shapely.is_empty(frame.geometry.to_numpy())
    if none.any() and format_.name != "DXF":
        features = [*(str(one) for one in frame.index[none][:5]), *(["..."] if none.sum() > 5 else [])]
        notes.append(text("convert.without_shape", source=source, count=int(none.sum()), features=features))
    if delivered.curved:
        notes.append(text("convert.curves", source=source, count=len(delivered.curved)))
    target = own if wanted is None else wanted
    if format_.name == "KML":
        if wanted is not None and not geo.same_crs(wanted, _WGS84):
            raise CrsError("convert.kml_crs", crs=geo.crs_name(wanted))
        target = _WGS84
    shapes = frame.geometry.to_numpy()
    old = _old_datum(own)
    if old != _old_datum(target):
        raise CrsError("convert.old_datum", source=source, crs=geo.crs_name(own), target=geo.crs_name(target))
    if old is not None and not delivered.old_datum_told:
        notes.append(text("parcels.old_datum", source=source, datum=old, crs=geo.crs_name(own)))
    if not geo.same_crs(own, target):
        shapes = _moved(shapes, own, target, source, notes)
    return Layer(name, frame.set_geometry(shapes).set_crs(target, allow_override=True), target, tuple(notes))


def _old_datum(crs: pyproj.CRS) -> str | None:
    datum = crs.geodetic_crs.datum.name if crs.geodetic_crs is not None and crs.geodetic_crs.datum is not None else ""
    return next((short for words, short in OLD_DATUMS.items() if words in datum.replace("_", " ")), None)


def _moved(shapes: Any, own: pyproj.CRS, target: pyproj.CRS, source: Source, notes: list[Text]) -> Any:
    """Return shapes in another CRS, and say what that did to them."""
    before = int(shapely.get_num_coordinates(shapes).sum())
    try:
        moved = _shifted(shapes, own, target)
        if moved is None:
            moved = geo.reproject(shapes, own, target)
    except ValueError:
        facts = {"table": "-", "crs": geo.crs_name(own), "working": geo.crs_name(target)}
        raise CrsError("crs.outside", source=source, **facts) from None
    names = {"own": geo.crs_name(own), "target": geo.crs_name(target)}
    added = int(shapely.get_num_coordinates(moved).sum()) - before
    notes.append(text("convert.reprojected", source=source, added=added, **names))
    if (lower := shapely.has_z(shapes) & ~shapely.has_z(moved)).any():
        notes.append(text("convert.heights", out=source, count=int(lower.sum())))
    datums = [crs.geodetic_crs.datum for crs in (own, target) if crs.geodetic_crs is not None]
    if len({datum.name for datum in datums if datum is not None}) > 1:
        notes.append(text("convert.datum_changed", source=source, **names))
    notes += _out_of_use(shapes, own, target, source)
    return moved


def _out_of_use(shapes: Any, own: pyproj.CRS, target: pyproj.CRS, source: Source) -> list[Text]:
    """Say where the data lie, if as a whole outside the area that a CRS is made for; what it gives there misleads.

    An easting may look like one of another zone then. Data that only reach beyond a zone are as they should be.
    """
    area = target.area_of_use
    bounds = shapely.total_bounds(shapes)
    if area is None or area.west > area.east or not np.isfinite(bounds).all():
        return []
    to_degrees = pyproj.Transformer.from_crs(own, _WGS84, always_xy=True)
    west, south, east, north = to_degrees.transform_bounds(*bounds)
    if west <= area.east and east >= area.west and south <= area.north and north >= area.south:
        return []
    lie = {"west": west, "east": east, "south": south, "north": north}
    made_for = {f"for_{side}": getattr(area, side) for side in lie}
    return [text("convert.out_of_use", source=source, target=geo.crs_name(target), **lie, **made_for)]


def _shifted(shapes: Any, own: pyproj.CRS, target: pyproj.CRS) -> Any:
    """Return shapes between two CRS that differ in nothing but the zone's number in the easting, None for others.

    Straight edges stay straight there, and heights what they are.
    """
    one, other = zone_of(own), zone_of(target)
    if one is None or other is None or (one.datum, one.width, one.number) != (other.datum, other.width, other.number):
        return None
    step = np.array([(int(other.prefixed) - int(one.prefixed)) * one.number * ZONE_STEP, 0.0])
    moved = np.array(shapes, dtype=object)
    for deep in (False, True):
        chosen = shapely.has_z(moved) == deep
        by = np.append(step, 0.0) if deep else step
        moved[chosen] = shapely.transform(moved[chosen], lambda points, by=by: points + by, include_z=deep)
    return moved


# -- what to write

Writer = Callable[[Layer, str | None], Sequence[Text]]


def _targets(out: Path) -> list[Path]:
    """Return the files that make up what is written."""
    sides = (*PARTS, ".fields.csv") if out.suffix.lower() == ".shp" else ()
    return [out, *(out.with_suffix(ending) for ending in sides)]


def _refuse_there(out: Source, *, overwrite: bool) -> None:
    """Refuse a file that is there, or a folder that is no geodatabase; a database is asked when the table is known."""
    if isinstance(out, Address):
        return
    there = next((target for target in _targets(out) if target.exists()), None)
    if there is not None and not overwrite:
        raise OutputError("convert.there", out=there)
    if out.is_dir():
        if out.suffix.lower() != ".gdb":
            raise OutputError("results.a_folder", file=out)
        if other := sorted(file.name for file in out.iterdir() if not _IN_GEODATABASE.fullmatch(file.name)):
            raise OutputError("outputs.not_a_geodatabase", file=out, found=other[:MOST_NAMES])


def _asked(out: Path, *, overwrite: bool) -> set[str]:
    """Return the names of files that --overwrite asks to replace: the one named and its parts, not its neighbours."""
    if not overwrite or not out.exists():
        return set()
    return {out.name, *(out.with_suffix(ending).name for ending in PARTS if out.suffix.lower() == ".shp")}


@contextmanager
def _writing(out: Source, format_: Format, read: Collection[Path], *, overwrite: bool) -> Iterator[Writer]:
    """Give what writes a layer; when all are written they are put in their place, before that nothing is there."""
    if isinstance(out, Address):
        with postgis.connected(out, writing=True) as database:
            yield lambda layer, _: _into_database(database, layer, format_, overwrite=overwrite)
            postgis_write.commit(database)
        return
    gone = {out.with_suffix(ending).name for ending in PARTS if out.suffix.lower() == ".shp"}
    if overwrite and out.suffix.lower() == ".shp":
        gone.add(fields_file(out).name)
    with replacing(out.parent, Wish(read, _asked(out, overwrite=overwrite), gone), single=out) as stage:
        yield lambda layer, encoding: _into_file(stage / out.name, out, layer, format_, encoding)


def _into_database(database: postgis.Database, layer: Layer, format_: Format, *, overwrite: bool) -> Sequence[Text]:
    table = postgis_write.target(database, layer.name, overwrite=overwrite)
    fitted = fit(layer.frame, format_, database.address, codec="utf-8")
    postgis_write.write_table(database, table, fitted, layer.crs)
    found = postgis.read_table(database, table.sql, None, Part(exact=True))
    return [*database.notes, *fitted.notes, *compare(fitted, layer.crs, found, format_, database.address)]


def _into_file(file: Path, out: Path, layer: Layer, format_: Format, encoding: str | None) -> Sequence[Text]:
    if format_.name == "TXT":
        return _into_txt(file, out, layer, format_, encoding)
    if format_.name == "DXF":
        return _into_dxf(file, out, layer)
    codec = shapefile_codec(layer.frame, encoding) if format_.name == "shapefile" else "utf-8"
    notes = [text("convert.utf8", out=out)] if codec == "utf-8" and format_.name == "shapefile" and not encoding else []
    fitted = fit(layer.frame, format_, out, codec=codec)
    if format_.name == "KML":
        labels = parcels.called(layer.frame)
        label = layer.frame[labels.get("name") or labels["id"]] if labels.keys() & {"name", "id"} else None
        words = [None] * len(layer.frame) if label is None else parcels.texts_of(label).tolist()
        write_kml(fitted, words, file, name=layer.name, out=out)
    else:
        write_table(fitted, layer.crs, file, name=layer.name, format_=format_, codec=codec, out=out)
    inner = _written(file, layer.name) if format_.several else None
    if inner not in {None, layer.name}:
        notes.append(text("convert.renamed", out=out, names=[f"{layer.name} → {inner}"]))
    found = sources.read_source(file, table=inner, part=Part(exact=True))
    told = [*notes, *fitted.notes, *compare(fitted, layer.crs, found, format_, out)]
    if fields_file(file).exists():
        told.append(text("convert.fields_file", out=out, file=fields_file(out).name))
    return told


def _written(file: Path, name: str) -> str:
    """Return what the writer made of a layer's name."""
    names = vector.tables_in(file)
    return name if name in names else names[-1]


# -- formats that hold parcels


def _into_txt(file: Path, out: Path, layer: Layer, format_: Format, encoding: str | None) -> Sequence[Text]:
    columns = {ours: theirs for ours, theirs in parcels.called(layer.frame).items() if ours in TEXTS}
    columns |= {one: one for one in TEXTS[2:] if one in layer.frame}
    frame = layer.frame[["geometry"]].assign(
        **{ours: parcels.texts_of(layer.frame[theirs]) for ours, theirs in columns.items()}
    )
    left = [str(column) for column in layer.frame.columns if column not in {*columns.values(), "geometry"}]
    notes = [text("convert.left_out", out=out, format="TXT", fields=left)] if left else []
    write_parcel_txt(frame, file, crs=layer.crs, encoding=encoding or "GBK", called=out)
    found = sources.read_source(file)
    found = replace(found, frame=found.frame[["geometry"]])
    shapes = layer.frame.geometry.to_numpy()
    if (deep := shapely.has_z(shapes)).any():
        notes.append(text("convert.heights", out=out, count=int(deep.sum())))
    fitted = Fitted(_no_fields(), shapely.force_2d(shapes), "Polygon", (), ())
    zone = found.crs if found.crs is not None else layer.crs
    if not geo.same_crs(zone, layer.crs):
        # Eastings in a TXT carry the number of their zone.
        fitted = Fitted(fitted.table, _shifted(fitted.shapes, layer.crs, zone), "Polygon", (), ())
    return [*notes, *compare(fitted, zone, found, format_, out)]


def _no_fields() -> Any:
    import pyarrow as pa  # noqa: PLC0415 - slow to import

    return pa.table({})


def _into_dxf(file: Path, out: Path, layer: Layer) -> Sequence[Text]:
    columns = parcels.called(layer.frame)
    texts = [parcels.texts_of(layer.frame[name]).tolist() for name in columns.values()]
    labels = [list(dict.fromkeys(word for word in words if word)) for words in zip(*texts, strict=True)]
    shapes = layer.frame.geometry.to_numpy()
    dxf_write.write_dxf(shapes, labels or [[] for _ in shapes], file, layer=layer.name, out=out)
    left = [str(column) for column in layer.frame.columns if column not in {*columns.values(), "geometry"}]
    notes = [text("convert.dxf_crs", out=out, crs=geo.crs_name(layer.crs))]
    if left:
        notes.append(text("convert.left_out", out=out, format="DXF", fields=left))
    if (deep := shapely.has_z(shapes)).any():
        notes.append(text("convert.heights", out=out, count=int(deep.sum())))
    if (none := shapely.is_missing(shapes) | shapely.is_empty(shapes)).any():
        notes.append(text("convert.not_there", out=out, count=int(none.sum())))
    return notes
