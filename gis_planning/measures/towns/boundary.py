"""Draw towns whose boundary is made of zones: polygons on one belt of land that runs east, told by metres along it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gis_planning.measures.towns import redlines

if TYPE_CHECKING:
    import geopandas as gpd


class Given(redlines.Lines):
    """Polygons of the boundary with their zone; as the lines of projects are drawn."""


def draw(town: Given) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a town."""
    return redlines.lines_of(town)
