"""Find the land that two submitted projects both ask for."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely

from gis_planning import geo, units
from gis_planning.measures.topology import overlaps
from gis_planning.overlay.cuts import GRID_M
from gis_planning.texts import Text, text

#: Less land than this, in m2, is how one boundary was drawn twice.
LEAST_M2 = 1.0
#: So many pairs are told one by one.
TOLD = 10


@dataclass(frozen=True)
class Shared:
    """The pairs of projects that share land, the most land first, by their ids with the land in m2 on the ellipsoid.

    `unsure` is how many more pairs meet in a way that cannot be measured.
    """

    pairs: tuple[tuple[str, str, float], ...]
    unsure: int = 0

    def by_project(self) -> dict[str, tuple[tuple[str, float], ...]]:
        """Return with which others each project shares land, and how much."""
        found: dict[str, list[tuple[str, float]]] = {}
        for one, other, area in self.pairs:
            found.setdefault(one, []).append((other, area))
            found.setdefault(other, []).append((one, area))
        return {id_: tuple(beside) for id_, beside in found.items()}

    def warnings(self) -> list[Text]:
        """Return what a person should look at."""
        told = [
            text("review.shared", one=one, other=other, m2=units.bare(m2, "land_m2"))
            for one, other, m2 in self.pairs[:TOLD]
        ]
        if more := self.pairs[TOLD:]:
            told.append(text("review.shared_more", count=len(more)))
        if self.unsure:
            told.append(text("review.shared_unsure", count=self.unsure))
        return told


def shared_land(projects: gpd.GeoDataFrame) -> Shared:
    """Return which projects share how much land; `projects` are polygons with `id` in a plane CRS."""
    ids = projects["id"].astype(str).to_numpy(dtype=object)
    shapes = projects.geometry.to_numpy()
    at = np.flatnonzero(~shapely.is_missing(shapes) & ~shapely.is_empty(shapes))
    found, unsure = overlaps(np.asarray(shapes[at], dtype=object), 0.0, GRID_M)
    if found.other is None or not len(found.at):
        return Shared((), unsure)
    area = geo.ellipsoid_area(found.place, projects.crs)
    pairs = zip(ids[at[found.at]], ids[at[found.other]], area.tolist(), strict=True)
    return Shared(tuple(sorted((one for one in pairs if one[2] >= LEAST_M2), key=lambda one: -one[2])), unsure)
