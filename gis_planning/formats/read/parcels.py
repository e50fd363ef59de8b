"""Read project parcels from whatever they are delivered in, with an id for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis_planning.conventions import kinds
from gis_planning.errors import FeatureError, LayerError, ManyTablesError, NoTableError
from gis_planning.formats.address import Source
from gis_planning.formats.read import sources
from gis_planning.formats.read.cells import as_text
from gis_planning.formats.read.deliveries import Notes, agreed_crs, check_file, note_old_datum, refuse_misplaced
from gis_planning.formats.read.vector import Delivered
from gis_planning.geo import parse_crs

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: Our names of the columns that are looked for by their aliases.
COLUMNS = ("id", "name", "activity", "use", "brings")
NO_FIELDS: Mapping[str, str] = MappingProxyType({})


def read_parcels(
    source: Source,
    *,
    crs: str | None = None,
    table: str | None = None,
    datum: str | None = None,
    fields: Mapping[str, str] = NO_FIELDS,
) -> Delivered:
    """Read parcels: of any vector source, a zip, a coordinate TXT, a DXF, a table of boundary points, or KML.

    The frame has a column `id` of text: the field that goes by one of the aliases of the layer kind `projects`, else
    the name of the file with a number. Columns `name`, `activity`, `use` and `brings` are found the same way; others
    are kept. Ids that occur twice are left as they are.

    Parameters
    ----------
    source
        The file, folder or address of a database.
    crs
        Its CRS, where it does not tell it itself. It may not contradict what the source tells.
    table
        The table, sheet or file inside it, where there are several.
    datum
        For KML only: the datum of its degrees (`datum.DATUMS`), WGS84 if left out, and for files of 奥维 GCJ-02.
    fields
        Our column = their field, which goes before the aliases where the source has it.

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
    if isinstance(source, Path):
        check_file(source)
    delivered = _read(source, crs, table, datum)
    notes = Notes(source)
    if not len(delivered.frame):
        raise LayerError("parcels.empty", source=source)
    _refuse_other_geometry(delivered.frame, source)
    frame = _named(delivered.frame, source, notes, fields)
    return replace(delivered, frame=frame, warnings=(*delivered.warnings, *notes.texts()))


def _read(source: Source, crs: str | None, table: str | None, datum: str | None) -> Delivered:
    try:
        delivered = sources.read_source(source, crs=crs, table=table, datum=datum)
    # The cure of these is not in county.toml.
    except ManyTablesError as fault:
        raise ManyTablesError("parcels.which_table", **fault.text.facts) from None
    except NoTableError as fault:
        raise NoTableError("parcels.missing_table", **fault.text.facts) from None
    stated = parse_crs(crs, source=str(source)) if crs is not None else None
    found = agreed_crs(delivered.crs, stated, source=source)
    notes = Notes(source)
    told = delivered.old_datum_told or note_old_datum(found, notes)
    refuse_misplaced(delivered.frame.geometry.to_numpy(), found, source)
    frame = delivered.frame if delivered.crs is not None else delivered.frame.set_crs(found)
    warnings = (*delivered.warnings, *notes.texts())
    return replace(delivered, frame=frame, crs=found, warnings=warnings, old_datum_told=told)


# -- columns


def _refuse_other_geometry(frame: gpd.GeoDataFrame, source: Source) -> None:
    geometries = frame.geometry.to_numpy()
    others = np.flatnonzero(~np.isin(shapely.get_type_id(geometries), [-1, 3, 6, 7]))
    if len(others):
        found = sorted({geometries[at].geom_type for at in others})
        features = [str(one) for one in frame.index[others[:5]]]
        raise FeatureError("parcels.not_areas", source=source, count=len(others), found=found, features=features)


def _named(frame: gpd.GeoDataFrame, source: Source, notes: Notes, fields: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Return the frame with our columns first; a parcel without an id is called by the file and its number."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    theirs = called(frame, fields)
    ours = {name: texts_of(frame[column]) for name, column in theirs.items()}
    ids = ours.get("id", pd.Series([None] * len(frame), index=frame.index, dtype=object))
    if ids.isna().any():
        there = [str(column) for column in frame.columns if column != frame.geometry.name]
        facts = {"fields": [*there[:20], *(["..."] if len(there) > 20 else [])] or ["-"]}
        notes.add("parcels.without_id", rows=int(ids.isna().sum()), first=f"{source.stem}-1", **facts)
    made = [f"{source.stem}-{at}" for at in range(1, len(frame) + 1)]
    ours["id"] = ids.where(ids.notna(), pd.Series(made, index=frame.index, dtype=object))
    # A field that has one of our names and is not what we take for it would be there twice.
    rest = frame.drop(columns=[column for column in frame.columns if str(column).lower() in ours])
    for at, name in enumerate(name for name in COLUMNS if name in ours):
        rest.insert(at, name, ours[name])
    return rest


def called(frame: gpd.GeoDataFrame, stated: Mapping[str, str] = NO_FIELDS) -> dict[str, str]:
    """Return which fields hold our columns of parcels: the stated one, else the first alias, with words.

    A stated field that is not there is that of another file.
    """
    theirs = {str(column).lower(): column for column in frame.columns if column != frame.geometry.name}
    found = {}
    for field in kinds()["projects"].fields:
        own = [stated[field.name]] if field.name in stated else []
        for alias in (*own, *field.aliases) if field.name in COLUMNS else ():
            column = theirs.get(alias.lower())
            # Programs add a field Id of noughts that nobody filled.
            nothing = [None, "0"] if field.name == "id" else [None]
            if column is not None and field.name not in found and not texts_of(frame[column]).isin(nothing).all():
                found[field.name] = column
    return found


def texts_of(column: pd.Series) -> pd.Series:
    """Return a column as text, None where there is none."""
    import pandas as pd  # noqa: PLC0415 - slow to import

    said = column.astype(object).where(column.notna(), None)
    return pd.Series([as_text(value) for value in said], index=column.index, dtype=object)
