"""Know which buildings are homes, how many of them stand on residential land, and the land that can be made from them.

A share of residential land says something of a town only as far as the town lives on that land.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning import geo, overlay
from gis_planning.conventions import facts
from gis_planning.conventions.landclasses import great_class
from gis_planning.geo import Flags, Floats

#: A piece that a building touches with less than this was not built on.
TOUCH_M2 = 1e-6


@dataclass(frozen=True, eq=False)
class Uses:
    """What buildings say of themselves: somebody lives there, nobody ever does, or nothing; and how many dwellings."""

    lived_in: Flags
    outbuilding: Flags
    unknown: Flags
    dwellings: Floats


@dataclass(frozen=True)
class HomesOnLand:
    """The homes of the study area, and those of them that stand on residential land.

    `stated` says whether at least half of the floor area of all buildings there states a use.
    """

    buildings: int
    on_land: int
    floor_m2: float
    on_land_m2: float
    stated: bool

    @property
    def share(self) -> float | None:
        """Return the share of the homes' floor area on residential land, None where there is no home."""
        return self.on_land_m2 / self.floor_m2 if self.floor_m2 else None


def uses_of(buildings: gpd.GeoDataFrame) -> Uses:
    """Return what buildings say of their use (conventions/homes.toml).

    Examples
    --------
    >>> words = ["住宅", "yes", "shed", "住宅车库"]
    >>> told = uses_of(gpd.GeoDataFrame({"use": words}, geometry=[shapely.Point(0, 0)] * 4))
    >>> told.lived_in.tolist(), told.unknown.tolist()
    ([True, False, False, False], [False, True, False, False])
    """
    rules = facts("homes")
    stated = buildings["use"].tolist() if "use" in buildings.columns else [""] * len(buildings)
    use = pd.Series([one.strip() if isinstance(one, str) else "" for one in stated], dtype=object).str.casefold()
    lived_in = np.array(use.isin(rules["lived_in"]), dtype=bool)
    for word in rules["lived_in_parts"]:
        lived_in |= use.str.contains(word, regex=False).to_numpy(dtype=bool)
    outbuilding = np.zeros(len(use), dtype=bool)
    for word in rules["outbuilding_parts"]:
        outbuilding |= use.str.contains(word, regex=False).to_numpy(dtype=bool)
    lived_in &= ~outbuilding
    unknown = np.array(use.isin(rules["unknown"]), dtype=bool) & ~lived_in
    return Uses(lived_in, outbuilding, unknown, np.nan_to_num(numbers_of(buildings, "dwellings")))


def floor_area(buildings: gpd.GeoDataFrame) -> Floats:
    """Return the floor area of buildings in m2: footprint times floors, one floor where nobody counted them."""
    floors = np.maximum(np.nan_to_num(numbers_of(buildings, "floors"), nan=1.0), 1.0)
    return np.asarray(shapely.area(buildings.geometry.to_numpy()) * floors, dtype=float)


def homes_on_land(
    residential: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    land_use: gpd.GeoDataFrame | None = None,
) -> HomesOnLand:
    """Return how many homes of the study area stand on residential land; a building is where its middle is.

    Homes are as in `which_are_homes`. Homes on village land do not count where `residential` holds town classes only.
    """
    homes, stated = which_are_homes(buildings, study_area, land_use)
    if land_use is not None and of_towns_only(residential):
        homes &= ~_on(buildings, land_use, _is_village)
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    homes &= overlay.hit(points, study_area.geometry.to_numpy())
    on_land = homes.copy()
    on_land[homes] = overlay.hit(points[homes], residential.geometry.to_numpy())
    floor = floor_area(buildings)
    sums = float(floor[homes].sum()), float(floor[on_land].sum())
    return HomesOnLand(int(homes.sum()), int(on_land.sum()), *sums, stated)


def which_are_homes(
    buildings: gpd.GeoDataFrame, study_area: gpd.GeoDataFrame, land_use: gpd.GeoDataFrame | None
) -> tuple[Flags, bool]:
    """Say which buildings are homes wherever they stand, and whether most buildings state a use.

    Where at least half of the floor area in the study area states a use, homes are those that say so, or that have
    dwellings. Where less does, every building of unknown use is one too, unless it stands on land of a built class
    that is not housing.
    """
    use = uses_of(buildings)
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    floor = np.where(overlay.hit(points, study_area.geometry.to_numpy()), floor_area(buildings), 0.0)
    homes = use.lived_in | (use.dwellings > 0)
    stated = bool(floor[~use.unknown | homes].sum() >= facts("homes")["stated"] * floor.sum())
    if stated and floor[homes].sum() > 0:
        return homes, True
    elsewhere = _on(buildings, land_use, _is_other_built) if land_use is not None else np.zeros(len(floor), dtype=bool)
    return homes | (use.unknown & ~elsewhere), False


def of_towns_only(residential: gpd.GeoDataFrame) -> bool:
    """Say whether residential land states its classes, and all are classes of towns."""
    codes = residential["class"].dropna().astype(str) if "class" in residential.columns else pd.Series([], dtype=str)
    return bool(len(codes)) and all(code.strip().startswith(tuple(facts("homes")["town_classes"])) for code in codes)


def land_from_buildings(
    buildings: gpd.GeoDataFrame, streets: gpd.GeoDataFrame | None, homes: Flags, *, grown_m: float
) -> gpd.GeoDataFrame:
    """Return residential land made from homes: footprints grown by some metres, cut at street lines, joined.

    Of a footprint that a street cuts, the parts stay on which the building stands.
    """
    footprints = buildings.geometry.to_numpy()[homes]
    grown = geo.buffer(footprints, np.full(len(footprints), grown_m))
    lines = np.empty(0, dtype=object)
    if streets is not None:
        above = [tunnel is not True for tunnel in streets["tunnel"]] if "tunnel" in streets.columns else slice(None)
        parts = shapely.get_parts(streets.geometry.to_numpy()[above])
        lines = parts[shapely.get_dimensions(parts) == 1]
    which, line = shapely.STRtree(lines).query(grown, predicate="intersects")
    start = np.searchsorted(which, np.arange(len(grown) + 1))
    for at in np.unique(which):
        grown[at] = _own_side(grown[at], footprints[at], lines[line[start[at] : start[at + 1]]])
    land = overlay.dissolve(grown)
    return gpd.GeoDataFrame({"name": np.full(len(land), None, dtype=object)}, geometry=land, crs=buildings.crs)


def _own_side(grown: Any, footprint: Any, lines: Any) -> Any:
    """Return the parts of a grown footprint, cut at lines, that the building stands on."""
    noded = shapely.union_all([grown.boundary, *shapely.clip_by_rect(lines, *grown.buffer(1).bounds)])
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts([noded])))
    pieces = pieces[shapely.contains_properly(grown, shapely.point_on_surface(pieces))]
    return shapely.union_all(pieces[shapely.area(shapely.intersection(pieces, footprint)) > TOUCH_M2])


def _is_other_built(code: Any) -> bool:
    known = isinstance(code, str) and great_class(code, {}) == "built"
    return known and not code.strip().startswith(tuple(facts("homes")["housing_classes"]))


def _is_village(code: Any) -> bool:
    return isinstance(code, str) and code.strip().startswith(tuple(facts("homes")["village_classes"]))


def _on(buildings: gpd.GeoDataFrame, land_use: gpd.GeoDataFrame, is_of: Any) -> Flags:
    """Say which buildings stand on land of some classes."""
    if "class" not in land_use.columns:
        return np.zeros(len(buildings), dtype=bool)
    known = {code: is_of(code) for code in land_use["class"].dropna().unique()}
    rows = np.array([known.get(code, False) for code in land_use["class"]], dtype=bool)
    return overlay.hit(shapely.point_on_surface(buildings.geometry.to_numpy()), land_use.geometry.to_numpy()[rows])


def words_of(frame: pd.DataFrame, column: str) -> NDArray[np.object_]:
    """Return the words of a column without the blanks around them; "" where one states none, or there is no column.

    Examples
    --------
    >>> words_of(pd.DataFrame({"grade": [" 一级", None]}), "grade").tolist(), words_of(pd.DataFrame([1]), "x").tolist()
    (['一级', ''], [''])
    """
    said = frame[column] if column in frame.columns else [None] * len(frame)
    return np.array(["" if pd.isna(one) else str(one).strip() for one in said], dtype=object)


def numbers_of(frame: gpd.GeoDataFrame, column: str) -> Floats:
    """Return a column as numbers; NaN where there is none, and throughout where there is no such column."""
    if column not in frame.columns:
        return np.full(len(frame), np.nan)
    return np.asarray(pd.to_numeric(frame[column], errors="coerce"), dtype=float)
