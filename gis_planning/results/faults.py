"""Lay out the faults of a delivered database, each with an id by which the next delivery finds it again.

The id of a fault says what is wrong with what: the clause, the table, the feature by its BSM (by its place to 0.01 m
where it states none) and the field. Where several faults say the same of one feature, such as two repeated points, each
id says where as well. No id depends on the order of rows, on the numbers that a format gives them, or on a computer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gis_planning.conventions import facts

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from gis_planning.results.verdicts import Verdict

#: What became of a fault since an earlier delivery; `unjudged` where one of the two runs did not judge its clause.
State = Literal["new", "left", "mended", "unjudged"]
STATES: tuple[State, ...] = ("new", "left", "mended", "unjudged")
#: Where the faults of a run stand: a file of its folder, and the table in it.
FILE, TABLE = "quality.gpkg", "faults"
TEXTS = ("table", "bsm", "tbbh", "feature", "other", "other_bsm", "fault", "field", "value", "expected")
COLUMNS = ("fault_id", "code", "document", "severity", "defect", "outcome", "layer", *TEXTS)
#: Faults between features, of which the order of rows decides the one that is named: they are known by their place.
BETWEEN = ("gap", "duplicates")
#: Places are told apart by this. Deliveries have whole tenths of a millimetre; rounding is moved off them, lest the
#: last bit of a coordinate turn it.
PLACE_M, OFF_M = 0.01, 0.00005
#: Digits of an id, and of the place in it: a million faults share none by chance.
DIGITS, PLACE_DIGITS = 14, 12
#: The CRS of `lon` and `lat`: CGCS2000.
DEGREES = "EPSG:4490"


def is_quality(verdict: Verdict) -> bool:
    """Say whether a verdict is one on a delivered database."""
    return verdict.measure.startswith("quality.")


def faults_of(
    verdicts: Iterable[Verdict], crs: str | None, districts: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame | None:
    """Return every fault of the family `quality`, clause by clause; None where nothing is wrong.

    Parameters
    ----------
    verdicts
        Of any families; others are left out.
    crs
        The working CRS, in which the offenders lie.
    districts
        The towns, by which each fault has its `town`; None where they are not known.

    Returns
    -------
    GeoDataFrame
        `COLUMNS`, `size` in what the clause counts, `town`, `x` and `y` (m, working CRS) and `lon` and `lat` (degrees,
        CGCS2000) of a point on it, and its whole geometry. A fault of a whole table has no place and no feature.
    """
    import geopandas as gpd  # noqa: PLC0415 - light modules import this one
    import pandas as pd  # noqa: PLC0415

    classes = facts("defects")["classes"]
    found = []
    for verdict in verdicts:
        if not is_quality(verdict) or verdict.measured is None or not len(verdict.measured.offenders):
            continue
        own = {
            "code": verdict.code,
            "document": verdict.document,
            "severity": verdict.severity,
            "defect": classes[verdict.severity],
            "outcome": verdict.outcome,
        }
        found.append(pd.DataFrame(verdict.measured.offenders).reindex(columns=_ASKED).assign(**own))
    if not found:
        return None
    rows = pd.concat([one.astype(object) for one in found], ignore_index=True)
    rows[list(TEXTS)] = rows[list(TEXTS)].map(_text)
    rows["size"] = rows["size"].astype(float)
    rows["fault_id"] = ids_of(rows)
    shapes = gpd.GeoSeries(rows.pop("geometry"), crs=crs or None)
    placed = _placed(shapes, districts)
    order = [*COLUMNS, "size", *placed]
    return gpd.GeoDataFrame(rows.assign(**placed)[order], geometry=shapes)


_ASKED = ["layer", *TEXTS, "size", "geometry"]


def ids_of(faults: pd.DataFrame) -> NDArray[np.object_]:
    """Return the id of each fault, given code, table, bsm, other_bsm, fault, field, value, expected and geometry.

    What stands before the hyphen is the same for all faults of a clause on one feature and field.
    """
    import pandas as pd  # noqa: PLC0415

    said = faults[["code", "table", "field", "bsm", "other_bsm"]].fillna("").astype(str)
    place = pd.Series(_places(faults["geometry"].to_numpy()), index=faults.index)
    pair = np.sort(said[["bsm", "other_bsm"]].to_numpy(dtype=str), axis=1)
    by_place = ((said["bsm"] == "") | faults["fault"].isin(BETWEEN)) & (place != "")
    who = pd.Series(pair[:, 0], index=faults.index) + "\t" + pair[:, 1]
    subject = said["code"] + "\n" + said["table"] + "\n" + said["field"] + "\n" + who.where(~by_place, place)
    known = _digests(subject, DIGITS)
    # Where the same is said several times, the place tells which; and where even that is the same, their number.
    more = faults[["value", "expected", "fault"]].fillna("").astype(str).assign(subject=subject, place=place)
    several = more[subject.duplicated(keep=False)].sort_values(["subject", "place", "fault", "value", "expected"])
    number = several.groupby(["subject", "place"]).cumcount().astype(str)
    where = _digests(several["place"] + "\n" + number, PLACE_DIGITS)
    known[several.index] = known[several.index] + "-" + where
    found: NDArray[np.object_] = ("F" + known).to_numpy(dtype=object)
    return found


def _digests(words: pd.Series, digits: int) -> pd.Series:
    made = {one: hashlib.sha256(one.encode("utf-8", "surrogatepass")).hexdigest()[:digits].upper() for one in words}
    return words.map(made).astype(object)


def _places(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return where geometries are, by their bounds to 0.01 m, as text; nothing for those without a place."""
    import shapely  # noqa: PLC0415

    bounds = shapely.bounds(shapes)
    there = np.isfinite(bounds).all(axis=1)
    whole = np.zeros(bounds.shape, dtype=np.int64)
    whole[there] = np.rint((bounds[there] + OFF_M) / PLACE_M)
    found: NDArray[np.object_] = np.array([" ".join(map(str, one)) for one in whole.tolist()], dtype=object)
    found[~there] = ""
    return found


def _placed(shapes: gpd.GeoSeries, districts: gpd.GeoDataFrame | None) -> dict[str, Any]:
    """Return the town, and a point on each fault in the working CRS and in degrees."""
    import geopandas as gpd  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    points = shapely.point_on_surface(shapes.to_numpy())
    town = np.full(len(points), None, dtype=object)
    there = ~(shapely.is_missing(points) | shapely.is_empty(points))
    if districts is not None and "name" in districts.columns and len(districts):
        at, of = districts.sindex.query(points[there], predicate="intersects")
        fault, first = np.unique(at, return_index=True)
        town[np.flatnonzero(there)[fault]] = districts["name"].to_numpy(dtype=object)[of[first]]
    x, y = shapely.get_x(points), shapely.get_y(points)
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    if shapes.crs is not None:
        moved = gpd.GeoSeries(points[there], crs=shapes.crs).to_crs(DEGREES)
        lon[there], lat[there] = moved.x, moved.y
    return {"town": town, "x": x, "y": y, "lon": lon, "lat": lat}


def _text(value: Any) -> str | None:
    return None if value is None or value != value else str(value)  # noqa: PLR0124 - nothing is unlike itself


def tallied(faults: pd.DataFrame) -> pd.DataFrame:
    """Return how many faults there are by layer, check, town and class of defect, check by check as they were judged.

    Of a fault in no town, and of one without a place, `town` is None.
    """
    import pandas as pd  # noqa: PLC0415

    keys = ["table", "layer", "code", "town", "defect"]
    counted = faults.groupby(keys, sort=False, dropna=False).size().rename("faults").reset_index()
    counted["town"] = pd.Series([_text(one) for one in counted["town"]], dtype=object)
    order = {code: at for at, code in enumerate(dict.fromkeys(faults["code"]))}
    towns = counted["town"].fillna("\uffff")
    return counted.assign(at=counted["code"].map(order), of=towns).sort_values(
        ["at", "of"], kind="stable", ignore_index=True
    )[[*keys, "faults"]]
