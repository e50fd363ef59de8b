"""Read project parcels from whatever they are delivered in, with an id for each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning.conventions import kinds
from gis_planning.errors import CrsError, FeatureError, LayerError
from gis_planning.formats import sources
from gis_planning.formats.deliveries import Notes, agreed_crs, check_file, note_old_datum
from gis_planning.formats.gauss_kruger import check_fit
from gis_planning.formats.vector import Delivered
from gis_planning.geo import crs_name, parse_crs

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

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
        For KML only: the datum of its degrees (`datum.DATUMS`), WGS84 if left out, and for files of 奥维 GCJ-02.

    Raises
    ------
    SourceError
        The source is missing, broken or of a format we do not read.
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
    return replace(delivered, frame=frame, warnings=(*delivered.warnings, *notes.texts()))


def _read(source: Path, crs: str | None, table: str | None, datum: str | None) -> Delivered:
    try:
        delivered = sources.read_source(source, crs=crs, table=table, datum=datum)
    except LayerError as fault:
        # The cure of these is not in county.toml.
        key = fault.text.key.replace("source.", "parcels.")
        if key not in {"parcels.which_table", "parcels.missing_table"}:
            raise
        raise LayerError(key, **fault.text.facts) from None
    stated = parse_crs(crs, source=str(source)) if crs is not None else None
    found = agreed_crs(delivered.crs, stated, source=source)
    notes = Notes(source)
    if "parcels.old_datum" not in {one.key for one in delivered.warnings}:
        note_old_datum(found, notes)
    _refuse_misplaced(delivered.frame.geometry.to_numpy(), found, source)
    frame = delivered.frame if delivered.crs is not None else delivered.frame.set_crs(found)
    return replace(delivered, frame=frame, crs=found, warnings=(*delivered.warnings, *notes.texts()))


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
