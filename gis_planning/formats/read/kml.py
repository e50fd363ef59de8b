"""Read KML and its Chinese cousin, whose coordinates are shifted and do not say so."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio
import pyproj
import shapely

from gis_planning.errors import InputError, SourceError
from gis_planning.formats.datum import DATUMS, to_wgs84
from gis_planning.formats.read import archive, vector
from gis_planning.formats.read.deliveries import NAMED, Notes, agreed_crs
from gis_planning.formats.read.kml_look import Held, look
from gis_planning.formats.read.vector import Delivered, Lost, Part
from gis_planning.geo import parse_crs
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd

SUFFIXES = {".kml", ".kmz", ".ovkml", ".ovkmz"}
PACKED = {".kmz", ".ovkmz"}
#: Files of the map program 奥维. Since version 9.3 it writes GCJ-02.
SHIFTED = {".ovkml", ".ovkmz"}
SHIFTED_BY = "GCJ-02"
#: What the reader adds to every feature, and the value that says nothing.
_ADDED = {
    "timestamp": None, "begin": None, "end": None, "altitudeMode": None, "tessellate": -1, "extrude": 0,
    "visibility": -1, "drawOrder": None, "icon": None, "snippet": None, "id": None, "Name": None, "description": None,
}  # fmt: skip


def read_kml(
    source: Path, crs: str | None, table: str | None, where: str | None, datum: str | None, part: Part
) -> Delivered:
    """Read a KML or KMZ file in WGS84, or in CGCS2000 if that is the datum stated.

    Columns that the reader adds to every feature are left out where they say nothing. Heights stay.

    Parameters
    ----------
    crs
        Its CRS, which may not contradict that.
    table
        The folder inside it, where there are several.
    where
        An SQL condition on its fields.
    datum
        The datum of its degrees, one of `datum.DATUMS`. Left out, it is WGS84, and for files of 奥维 GCJ-02, with a
        warning.
    part
        Which land, if not all of it.

    Raises
    ------
    SourceError
        The file is missing, broken, or its datum is not known.
    LayerError
        There are several folders and none is named, or the condition does not fit.
    FeatureError
        A shape is none.
    CrsError
        Another CRS is stated.
    """
    suffix = source.suffix.lower()
    if datum not in {None, *DATUMS}:
        raise SourceError("parcels.unknown_datum", source=source, datum=datum, datums=list(DATUMS))
    if suffix not in PACKED:
        return _read(source, crs, table, where, datum, part, shifted=False)
    with archive.unpacked(source) as folder:
        inside = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES - PACKED)
        chosen = next((one for one in inside if one.name.lower() == "doc.kml"), None)
        if chosen is None and len(inside) != 1:
            raise SourceError("parcels.no_kml", source=source)
        chosen = chosen or inside[0]
        delivered = _read(chosen, crs, table, where, datum, part, shifted=suffix in SHIFTED)
        delivered = _with_beside(delivered, chosen, [one for one in inside if one != chosen], folder)
        return archive.told_outside(delivered, folder, source)


def _with_beside(delivered: Delivered, chosen: Path, others: list[Path], folder: Path) -> Delivered:
    """Return what was read with a word on the features of other files in the archive, which were not."""
    counts = {other.relative_to(folder).as_posix(): look(other).counts["Placemark"] for other in others}
    names = tuple(name for name, count in counts.items() if count)
    if not names:
        return delivered
    count = sum(counts.values())
    said = text("kml.beside", source=chosen, files=list(names), count=count)
    lost = Lost(count, names[:NAMED], said)
    return replace(delivered, warnings=(*delivered.warnings, said), lost=(*delivered.lost, lost))


def _read(
    file: Path, crs: str | None, table: str | None, where: str | None, datum: str | None, part: Part, *, shifted: bool
) -> Delivered:
    notes = Notes(file)
    if datum is None and (shifted or file.suffix.lower() in SHIFTED):
        datum = SHIFTED_BY
        notes.add("parcels.shifted", datum=datum)
    held = look(file)
    if held.links and not held.counts["Placemark"]:
        raise SourceError("kml.only_links", source=file, count=len(held.links), links=held.links[:NAMED])
    with tempfile.TemporaryDirectory(prefix="gis_planning_") as name:
        # The reader goes by the ending.
        copy = Path(name) / f"{file.stem}.kml"
        copy.write_bytes(held.content)
        try:
            delivered = vector.read(copy, table=table, where=where, part=replace(part, area=None))
            read = _counted(copy)
        except InputError as fault:
            raise fault.saying(archive.outside(fault.text, copy, file)) from None
    own = pyproj.CRS.from_epsg(4490 if datum == "CGCS2000" else 4326)
    agreed_crs(own, parse_crs(crs, source=str(file)) if crs is not None else None, source=file)
    frame = _with_own_id(_without_added(delivered.frame, delivered.table), file)
    if datum not in {None, "WGS84", "CGCS2000"}:
        frame = frame.set_geometry(_unshifted(frame.geometry.to_numpy(), str(datum)))
    if own.to_epsg() == 4326:
        notes.add("parcels.kml_is_wgs84")
    frame = frame.set_crs(own, allow_override=True)
    if part.area is not None:
        frame = part.area.touched(frame, own)
    lost = _lost(held, read, file)
    told = (*notes.texts(), *(one.reason for one in lost), *_told(held, read, file))
    return replace(delivered, frame=frame, crs=own, warnings=told, lost=(*delivered.lost, *lost))


def _counted(file: Path) -> Counter[str]:
    """Return how many features, polygons, rings, lines and points the reader finds in all tables of a file."""
    found: Counter[str] = Counter()
    for table in vector.tables_in(file):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            _, _, shapes, _ = pyogrio.raw.read(file, layer=table, columns=[])
        parts = shapely.get_parts(shapely.get_parts(shapely.from_wkb(shapes, on_invalid="ignore")))
        parts = parts[~shapely.is_empty(parts)]
        kinds = shapely.get_type_id(parts)
        rings = int((shapely.get_num_interior_rings(parts[kinds == 3]) + 1).sum())
        lines = int(np.isin(kinds, [1, 2]).sum())
        found.update(
            Placemark=len(shapes), Polygon=int((kinds == 3).sum()), LinearRing=rings, LineString=lines,
            Point=int((kinds == 0).sum()),
        )  # fmt: skip
    return found


def _lost(held: Held, read: Counter[str], file: Path) -> tuple[Lost, ...]:
    """Return the features of a file that are not in what was read."""
    lost = []
    if held.links:
        said = text("kml.links", source=file, count=len(held.links), links=held.links[:NAMED])
        lost.append(Lost(len(held.links), tuple(held.links[:NAMED]), said))
    if (count := held.counts["Placemark"] - read["Placemark"]) > 0:
        lost.append(Lost(count, (), text("kml.lost", source=file, count=count, held=held.counts["Placemark"])))
    return tuple(lost)


def _told(held: Held, read: Counter[str], file: Path) -> Iterator[Text]:
    """Yield what a person should know of a file beside its features."""
    if held.overlays:
        yield text("kml.overlays", source=file, found=[f"{name} {count}" for name, count in held.overlays.items()])
    if held.models:
        yield text("kml.models", source=file, count=len(held.models), features=held.models[:NAMED])
    if held.hidden:
        yield text("kml.hidden", source=file, count=held.hidden)
    less = {count: held.counts[count] - read[count] for count in held.counts if count != "Placemark"}
    if any(count > 0 for count in less.values()):
        found = [f"{name} {count} / {held.counts[name]}" for name, count in less.items() if count > 0]
        yield text("kml.parts", source=file, found=found)


def _unshifted(shapes: Any, datum: str) -> Any:
    """Return shapes in WGS84; heights stay what they are."""

    def moved(points: Any) -> Any:
        return np.column_stack([*to_wgs84(points[:, 0], points[:, 1], datum), *points[:, 2:].T])

    flat = ~shapely.has_z(shapes)
    found = np.array(shapes, dtype=object)
    found[flat] = shapely.transform(found[flat], moved)
    found[~flat] = shapely.transform(found[~flat], moved, include_z=True)
    return found


def _without_added(frame: gpd.GeoDataFrame, table: str | None) -> gpd.GeoDataFrame:
    lost = []
    for name, nothing in _ADDED.items():
        if name in frame.columns:
            said = frame[name].dropna().tolist()
            if all(one in {nothing, ""} for one in said):
                lost.append(name)
    # One library numbers the features of a folder by its name, which says nothing of them either.
    numbered = "".join(chr(sign) if chr(sign).isalnum() and sign < 128 else "_" for sign in (table or "").encode())
    if "id" in frame.columns and frame["id"].astype(str).tolist() == [
        f"{numbered}.{at}" for at in range(1, len(frame) + 1)
    ]:
        lost.append("id")
    return frame.drop(columns=lost)


def _with_own_id(frame: gpd.GeoDataFrame, file: Path) -> gpd.GeoDataFrame:
    """Return the field `id` of a file under its name; the reader takes that for the number it adds."""
    own = next((one.decode() for one in re.findall(rb'<SimpleField [^>]*name="(id)"', file.read_bytes(), re.I)), None)
    if own is None or f"{own}2" not in frame.columns or "id" in {str(column).casefold() for column in frame.columns}:
        return frame
    return frame.rename(columns={f"{own}2": own})
