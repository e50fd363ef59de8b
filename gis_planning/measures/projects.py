"""Measure a county's list of projects: which of them are drawn at all, and which ask for the same land."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import geo, overlay
from gis_planning.analysis.stated import newest, told
from gis_planning.errors import NotAssessed
from gis_planning.measures import Count, Share
from gis_planning.results.verdicts import Measured


def located(projects: gpd.GeoDataFrame, statistics: pd.DataFrame) -> Share:
    """Measure how many of the projects on a county's list are drawn.

    Parameters
    ----------
    projects
        Parcels with `id`; parcels of one id are one project.
    statistics
        The county's table, which states how many projects the list has.

    Returns
    -------
    Measured
        A share by number.

    Raises
    ------
    NotAssessed
        The table does not state the number, or states fewer projects than are drawn.

    Notes
    -----
    Source: one scheme for each county with a list of its projects, as the plan for county seats asks.

    Examples
    --------
    >>> import pandas as pd
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> rows = pd.DataFrame(
    ...     [["projects_listed", "2024", "4", "项", "", "", 2]],
    ...     columns=["indicator", "year", "value", "unit", "area", "source", "row"],
    ... )
    >>> located(frame(box(0, 0, 9, 9), id=["A"]), rows).value
    0.25
    """
    last, drawn = newest(statistics, "projects_listed"), float(projects["id"].nunique())
    if drawn > last.value:
        raise NotAssessed("projects.more_than_listed", drawn=int(drawn), listed=int(last.value), row=last.row)
    shown = _shown(projects)
    return Measured.share(
        drawn, last.value, "parts", offenders=shown[:0][["geometry"]], notes=(told(last),), layers={"parcels": shown}
    )


def doubled(projects: gpd.GeoDataFrame, *, least_m2: float = 1.0) -> Count:
    """Count the projects whose land another project asks for as well.

    Parameters
    ----------
    projects
        Parcels with `id`; parcels of one id do not double one another.
    least_m2
        Land that two share below this is drawing.

    Returns
    -------
    Measured
        A count of projects. Offenders are the pieces of land that two ask for, the largest first, with both.

    Notes
    -----
    Source: nothing is to be built twice, as the plan for county seats asks.

    Examples
    --------
    >>> from shapely import box
    >>> from gis_planning.analysis.work import frame
    >>> east, north = 38_500_000, 4_600_000
    >>> lots = frame(*(box(east + at, north, east + at + 10, north + 10) for at in (0, 8, 30)), id=["A", "B", "C"])
    >>> found = doubled(lots)
    >>> found.value, round(float(found.offenders["area_m2"].iloc[0]), 3)
    (2.0, 20.0)
    """
    shapes, ids = projects.geometry.to_numpy(), projects["id"].astype(str).to_numpy(dtype=object)
    pairs = overlay.intersect(shapes, shapes)
    area = geo.ellipsoid_area(pairs.geometry, projects.crs)
    both = (pairs.left < pairs.right) & (ids[pairs.left] != ids[pairs.right]) & (area >= least_m2)
    left, right = ids[pairs.left][both], ids[pairs.right][both]
    columns = {"project_id": left, "other": right, "area_m2": area[both]}
    found = gpd.GeoDataFrame(columns, geometry=pairs.geometry[both], crs=projects.crs)
    found = found.sort_values("area_m2", ascending=False, kind="stable", ignore_index=True)
    count = float(len(np.unique(np.concatenate([left, right])))) if both.any() else 0.0
    return Measured(value=count, unit="count", offenders=found, layers={"parcels": _shown(projects)})


def _shown(projects: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    names = projects["name"].to_numpy(dtype=object) if "name" in projects.columns else [None] * len(projects)
    columns = {"id": projects["id"].to_numpy(dtype=object), "name": names}
    return gpd.GeoDataFrame(columns, geometry=shapely.force_2d(projects.geometry.to_numpy()), crs=projects.crs)
