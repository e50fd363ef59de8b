"""Read project parcels from whatever they are delivered in, with an id for each."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning.conventions import kinds
from gis_planning.errors import CrsError, FeatureError, InputError, LayerError, SourceError
from gis_planning.formats import archive, boundary_points, dxf, parcel_txt, vector
from gis_planning.formats.datum import DATUMS, to_wgs84
from gis_planning.formats.deliveries import Notes, agreed_crs, check_file, note_old_datum
from gis_planning.formats.gauss_kruger import check_fit
from gis_planning.formats.vector import Delivered
from gis_planning.geo import crs_name, parse_crs
from gis_planning.texts import Text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

KML = {".kml", ".kmz", ".ovkml", ".ovkmz"}
#: Files of the map program 奥维, whose coordinates are shifted and do not say so.
SHIFTED = {".ovkml", ".ovkmz"}
#: What parcels are looked for in, inside a zip; tables and texts beside a layer describe it.
LAYERS = {".shp", ".gpkg", ".gdb", ".geojson", ".json", ".fgb", ".parquet", ".geoparquet", ".dxf", ".kml", ".ovkml"}
TABLES = {".txt", *boundary_points.SUFFIXES}
#: Our names of the columns that are looked for by their aliases.
COLUMNS = ("id", "name", "activity")


def read_parcels(
    source: Path, *, crs: str | None = None, table: str | None = None, datum: str | None = None
) -> Delivered:
    """Read parcels: of any vector source, a zip, a coordinate TXT, a DXF, a table of boundary points, or KML.

    The frame has a column `id` of text: the field that goes by one of the aliases of the layer kind `projects`, else
    the name of the file with a number. Columns `name` and `activity` are found the same way; others are kept. Ids that
    occur twice are left as they are.

    Parameters
    ----------
    source
        The file or folder.
    crs
        Its CRS, where it does not tell it itself. It may not contradict what the source tells.
    table
        The table, sheet or file inside it, where there are several.
    datum
        For KML only: the datum of its degrees (`datum.DATUMS`), WGS84 if left out. Files of 奥维 must state it.

    Raises
    ------
    SourceError
        The source is missing, broken, of a format we do not read, or does not state its datum.
    LayerError
        There is no parcel in it, or there are several tables and none is named.
    FeatureError
        A feature cannot be a parcel.
    CrsError
        The CRS cannot be told, or the stated one is another.
    """
    check_file(source)
    delivered = _read(source, crs, table, datum)
    notes = Notes(source)
    if not len(delivered.frame):
        raise LayerError("parcels.empty", source=source)
    _refuse_other_geometry(delivered.frame, source)
    frame = _named(delivered.frame, source, notes)
    return _with(delivered, frame, delivered.crs, notes.texts())


def _with(delivered: Delivered, frame: gpd.GeoDataFrame, crs: pyproj.CRS | None, more: tuple[Text, ...]) -> Delivered:
    warnings = (*delivered.warnings, *more)
    return Delivered(frame, crs, delivered.table, delivered.encoding, delivered.curved, warnings)


def _read(source: Path, crs: str | None, table: str | None, datum: str | None) -> Delivered:
    suffix = source.suffix.lower()
    if datum is not None and suffix not in KML | {".zip"}:
        raise SourceError("parcels.datum_not_here", source=source)
    if suffix == ".zip":
        return _read_zip(source, crs, table, datum)
    if suffix in KML:
        return _read_kml(source, crs, table, datum)
    if suffix in boundary_points.SUFFIXES:
        return boundary_points.read_boundary_points(source, crs=crs, table=table)
    if suffix == ".txt":
        _refuse_table(source, table)
        return parcel_txt.read_parcel_txt(source, crs=crs)
    if suffix == ".dxf":
        return dxf.read_dxf(source, crs=crs, layer=table)
    return _read_layer(source, crs, table)


def _refuse_table(source: Path, table: str | None) -> None:
    if table not in {None, source.stem}:
        raise LayerError("parcels.missing_table", source=source, table=table, tables=[source.stem])


def _read_layer(source: Path, crs: str | None, table: str | None) -> Delivered:
    stated = parse_crs(crs, source=str(source)) if crs is not None else None
    try:
        delivered = vector.read(source, table=table)
    except LayerError as fault:
        # The cure of these is not in county.toml.
        key = fault.text.key.replace("source.", "parcels.")
        if key not in {"parcels.which_table", "parcels.missing_table"}:
            raise
        raise LayerError(key, **fault.text.facts) from None
    found = agreed_crs(delivered.crs, stated, source=source)
    notes = Notes(source)
    note_old_datum(found, notes)
    _refuse_misplaced(delivered.frame.geometry.to_numpy(), found, source)
    frame = delivered.frame if delivered.crs is not None else delivered.frame.set_crs(found)
    return _with(delivered, frame, found, notes.texts())


def _refuse_misplaced(geometries: Any, crs: pyproj.CRS, source: Path) -> None:
    """Refuse metres in a CRS of degrees and degrees in one of metres, and eastings of another zone."""
    bounds = shapely.bounds(geometries)
    bounds = bounds[np.isfinite(bounds).all(axis=1)]
    if not len(bounds):
        return
    x, y = float(bounds[0, 0]), float(bounds[0, 1])
    like_degrees = bool((np.abs(bounds[:, ::2]) <= 360).all() and (np.abs(bounds[:, 1::2]) <= 90).all())
    if crs.is_geographic != like_degrees:
        key = "parcels.not_degrees" if crs.is_geographic else "parcels.degrees"
        raise CrsError(key, source=source, crs=crs_name(crs), x=x, y=y)
    check_fit(crs, bounds[:, 0], source=source)


# -- KML


def _read_kml(source: Path, crs: str | None, table: str | None, datum: str | None) -> Delivered:
    suffix = source.suffix.lower()
    if datum is None and suffix in SHIFTED:
        raise SourceError("parcels.shifted", source=source, datums=list(DATUMS))
    if datum not in {None, *DATUMS}:
        raise SourceError("parcels.unknown_datum", source=source, datum=datum, datums=list(DATUMS))
    if suffix in {".kmz", ".ovkmz"}:
        with archive.unpacked(source) as folder:
            inside = sorted(folder.rglob("*.[kK][mM][lL]")) + sorted(folder.rglob("*.[oO][vV][kK][mM][lL]"))
            chosen = next((one for one in inside if one.name.lower() == "doc.kml"), None)
            if chosen is None and len(inside) != 1:
                raise SourceError("parcels.no_kml", source=source)
            return _told_outside(_kml(chosen or inside[0], crs, table, datum), folder, source)
    return _kml(source, crs, table, datum)


def _kml(file: Path, crs: str | None, table: str | None, datum: str | None) -> Delivered:
    notes = Notes(file)
    with tempfile.TemporaryDirectory(prefix="gis_planning_") as name:
        # The reader goes by the ending.
        copy = Path(name) / f"{file.stem}.kml"
        shutil.copyfile(file, copy)
        try:
            delivered = _read_layer(copy, None, table)
        except InputError as fault:
            raise type(fault)(fault.text.key, **archive.outside(fault.text, Path(name), file.parent).facts) from None
    own = pyproj.CRS.from_epsg(4490 if datum == "CGCS2000" else 4326)
    stated = parse_crs(crs, source=str(file)) if crs is not None else None
    agreed_crs(own, stated, source=file)
    shapes = shapely.force_2d(delivered.frame.geometry.to_numpy())
    if datum is not None:
        shapes = shapely.transform(shapes, lambda points: np.column_stack(to_wgs84(points[:, 0], points[:, 1], datum)))
    if own.to_epsg() == 4326:
        notes.add("parcels.kml_is_wgs84")
    frame = delivered.frame.set_geometry(shapes).set_crs(own, allow_override=True)
    return _with(delivered, frame, own, notes.texts())


# -- zips


def _read_zip(source: Path, crs: str | None, table: str | None, datum: str | None) -> Delivered:
    with archive.unpacked(source) as folder:
        files = [one for one in sorted(folder.rglob("*")) if not _in_database(one, folder)]
        found = [one for one in files if one.suffix.lower() in LAYERS]
        found = found or [one for one in files if one.suffix.lower() in TABLES]
        if not found:
            members = [one.relative_to(folder).as_posix() for one in files if one.is_file()]
            raise SourceError("archive.nothing", source=source, members=members[:10])
        names = {one: one.relative_to(folder).as_posix() for one in found}
        chosen = [one for one, name in names.items() if table in {name, one.name, one.stem}]
        if len(found) > 1 and table is not None and len(chosen) != 1:
            raise LayerError("parcels.missing_table", source=source, table=table, tables=list(names.values()))
        if len(found) > 1 and table is None:
            raise LayerError("parcels.which_table", source=source, tables=list(names.values()))
        one = chosen[0] if chosen else found[0]
        delivered = _told_outside(_read(one, crs, None if chosen else table, datum), folder, source)
        notes = Notes(source)
        for other in files:
            if other != one and other.suffix.lower() in LAYERS | TABLES:
                notes.add("archive.left", other.relative_to(folder).as_posix())
        return _with(delivered, delivered.frame, delivered.crs, notes.texts())


def _in_database(file: Path, folder: Path) -> bool:
    """Say whether a file is part of a file geodatabase, which is a folder."""
    return any(part.suffix.lower() == ".gdb" for part in file.relative_to(folder).parents)


def _told_outside(delivered: Delivered, folder: Path, source: Path) -> Delivered:
    warnings = tuple(archive.outside(one, folder, source) for one in delivered.warnings)
    return Delivered(delivered.frame, delivered.crs, delivered.table, delivered.encoding, delivered.curved, warnings)


# -- columns


def _refuse_other_geometry(frame: gpd.GeoDataFrame, source: Path) -> None:
    geometries = frame.geometry.to_numpy()
    others = np.flatnonzero(~np.isin(shapely.get_type_id(geometries), [-1, 3, 6, 7]))
    if len(others):
        found = sorted({geometries[at].geom_type for at in others})
        features = [str(one) for one in frame.index[others[:5]]]
        raise FeatureError("parcels.not_areas", source=source, count=len(others), found=found, features=features)


def _named(frame: gpd.GeoDataFrame, source: Path, notes: Notes) -> gpd.GeoDataFrame:
    """Return the frame with our columns first; a parcel without an id is called by the file and its number."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    theirs = {str(column).lower(): column for column in frame.columns if column != frame.geometry.name}
    ours: dict[str, pd.Series] = {}
    for field in kinds()["projects"].fields:
        columns = [theirs[alias.lower()] for alias in field.aliases if alias.lower() in theirs]
        texts = [_texts(frame[column]) for column in columns]
        # Programs add a field Id of noughts that nobody filled.
        told = [one for one in texts if not one.isin([None, "0"] if field.name == "id" else [None]).all()]
        if told and field.name in COLUMNS:
            ours[field.name] = told[0]
    ids = ours.get("id", pd.Series([None] * len(frame), index=frame.index, dtype=object))
    if ids.isna().any():
        notes.add("parcels.without_id", rows=int(ids.isna().sum()), first=f"{source.stem}-1")
    made = [f"{source.stem}-{at}" for at in range(1, len(frame) + 1)]
    ours["id"] = ids.where(ids.notna(), pd.Series(made, index=frame.index, dtype=object))
    rest = frame.drop(columns=[column for name, column in theirs.items() if name in ours])
    for at, name in enumerate(name for name in COLUMNS if name in ours):
        rest.insert(at, name, ours[name])
    return rest


def _texts(column: pd.Series) -> pd.Series:
    import pandas as pd  # noqa: PLC0415 - slow to import

    return pd.Series([_as_text(value) for value in column.tolist()], index=column.index, dtype=object)


def _as_text(value: Any) -> str | None:
    if value is None or value != value:  # noqa: PLR0124 - NaN is what is not itself
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None
