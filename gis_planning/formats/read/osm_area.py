"""Choose the study area and the districts of a county from OpenStreetMap boundaries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis_planning import geo
from gis_planning.conventions import kind_title
from gis_planning.errors import SourceError
from gis_planning.texts import Lang, Text, text

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray

#: What shows where people live.
HOMES = ("buildings", "residential", "streets")
#: A boundary is taken for the study area by itself only if it holds this share of each of them.
SHARE_OF_EXTRACT = 0.5
#: A district lies in the study area with at least this share of its own land.
SHARE_INSIDE = 0.9
#: A level divides the study area if its districts cover this share of it; an almost equal polygon is no district.
SHARE_OF_AREA, SHARE_OF_SAME = 0.9, 0.98
MOST_NAMES = 10


@dataclass(frozen=True)
class Area:
    """A study area: its polygon in EPSG:4326, how it was chosen, its level, and whether it is a boundary at all."""

    name: str
    geometry: geo.Geometries
    choice: Text
    level: float | None = None
    whole: bool = True


def named(boundaries: gpd.GeoDataFrame, features: gpd.GeoDataFrame, area: str, source: str | Path) -> Area:
    """Return the boundary of a name; of several, the administrative before the place, then the larger."""
    wanted = area.strip().casefold()
    hits = boundaries[[wanted in names for names in boundaries["names"]]]
    if not len(hits):
        if any(one.split(" ", 1)[-1].casefold() == wanted for one in features.attrs["skipped"]):
            raise SourceError("osm.area_incomplete", source=source, area=area)
        there = list(_largest_first(boundaries)["name"].unique()[:MOST_NAMES])
        raise SourceError("osm.area_not_found" if there else "osm.no_areas", source=source, area=area, names=there)
    best = _largest_first(hits).sort_values("level", key=lambda level: level.isna(), kind="stable").iloc[0]
    choice = text("osm.chosen_named", name=best["name"], id=best["osm_id"])
    return Area(best["name"], best.geometry, choice, _level(best["level"]))


def _largest_first(boundaries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return boundaries.iloc[np.argsort(-shapely.area(boundaries.geometry.to_numpy()), kind="stable")]


def by_content(
    boundaries: gpd.GeoDataFrame, layers: dict[str, gpd.GeoDataFrame], features: gpd.GeoDataFrame, source: str | Path
) -> Area:
    """Return the boundary that holds most of what people live in, or a rectangle if none holds half of it.

    Half is asked of each kind, since volunteers map a single town's houses first: in a country of seven parishes one
    may hold two thirds of all houses and a quarter of the land people live on.
    """
    administrative = boundaries[boundaries["level"].notna()]
    homes = [kind for kind in HOMES if kind in layers]
    if homes and len(administrative):
        areas = administrative.geometry.to_numpy()
        shares = np.array([_shares(areas, layers[kind], by_area=kind == "residential") for kind in homes])
        best = int(np.lexsort((shapely.area(areas), -shares.mean(axis=0).round(6)))[0])
        if shares[:, best].min() >= SHARE_OF_EXTRACT:
            row = administrative.iloc[best]
            held = {
                "name": row["name"],
                "id": row["osm_id"],
                "share": f"{shares[0, best]:.0%}",
                "kind": Title(homes[0]),
            }
            return Area(row["name"], row.geometry, text("osm.chosen_content", **held), _level(row["level"]))
    box, choice = _rectangle(layers, features)
    return Area(Path(source).name.split(".")[0], box, choice, whole=False)


def _shares(areas: geo.Geometries, layer: gpd.GeoDataFrame, *, by_area: bool) -> NDArray[np.float64]:
    """Return the share of a layer whose centroids each area holds."""
    geometries = layer.geometry.to_numpy()
    weights = shapely.area(geometries) if by_area else np.ones(len(geometries))
    which, held = shapely.STRtree(shapely.centroid(geometries)).query(areas, predicate="intersects")
    shares: NDArray[np.float64] = np.bincount(which, weights[held], minlength=len(areas)) / weights.sum()
    return shares


def _rectangle(layers: dict[str, gpd.GeoDataFrame], features: gpd.GeoDataFrame) -> tuple[geo.Geometries, Text]:
    everything = shapely.box(*features.total_bounds)
    if stated := features.attrs["box"]:
        box = shapely.intersection(shapely.box(*stated), everything)
        if box.area > 0:
            return box, text("osm.chosen_box")
    bounds = [shapely.box(*layers[kind].total_bounds) for kind in HOMES if kind in layers]
    if bounds:
        return shapely.box(*shapely.total_bounds(bounds)), text("osm.chosen_around")
    # A single point has no rectangle: about 2 km around it, in degrees.
    return shapely.buffer(everything, 0.02, cap_style="square").envelope, text("osm.chosen_everything")


def lower_boundaries(
    boundaries: gpd.GeoDataFrame, study_area: gpd.GeoDataFrame, crs: pyproj.CRS, level: float | None
) -> gpd.GeoDataFrame:
    """Return the administrative boundaries inside the study area by level, each with the share of it it covers."""
    whole = geo.reproject(study_area.geometry.to_numpy(), study_area.crs, crs)[0]
    lower = boundaries[boundaries["level"] > (-np.inf if level is None else level)]
    lower = lower[shapely.intersects(lower.geometry.to_numpy(), study_area.geometry.iloc[0])]
    polygons = geo.reproject(lower.geometry.to_numpy(), lower.crs, crs)
    areas = shapely.area(polygons)
    inside = shapely.area(shapely.intersection(shapely.make_valid(polygons), shapely.make_valid(whole)))
    lower = lower.assign(share=areas / whole.area)
    # A district that a rectangle cuts would be judged by the part inside.
    return lower[(lower["share"] < SHARE_OF_SAME) & (inside >= SHARE_INSIDE * areas)].sort_values(
        "level", kind="stable"
    )


def districts_of(lower: gpd.GeoDataFrame, source: str | Path, level: int | None) -> gpd.GeoDataFrame:
    """Return the boundaries of one level; if none is asked for, of the first that covers the study area.

    If none covers it, of the one that covers most.

    Raises
    ------
    SourceError
        There is no boundary of the level asked for.
    """
    covered = lower.groupby("level")["share"].sum()
    if level is not None and level not in covered.index:
        there = [str(int(one)) for one in covered.index] or ["-"]
        raise SourceError("osm.no_district_level", source=source, level=level, levels=there)
    if level is None and len(covered):
        enough = covered[covered >= SHARE_OF_AREA]
        level = int(enough.index[0] if len(enough) else covered.idxmax())
    return lower.loc[lower["level"] == level, ["osm_id", "name", "level", "geometry"]].reset_index(drop=True)


class Title(Text):
    """The name of a layer kind, said in the reader's language."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)

    def to(self, lang: Lang) -> str:
        """Return the kind's name in one language."""
        return kind_title(self.key, lang)


def _level(level: float) -> float | None:
    return None if np.isnan(level) else float(level)
