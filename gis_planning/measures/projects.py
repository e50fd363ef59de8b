"""Measure a county's list of projects: which are drawn, which ask for the same land, which close a gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import geo, overlay
from gis_planning.analysis.access import Access
from gis_planning.analysis.demand import Demand
from gis_planning.analysis.distances import Covered, Distances, distances_to, limit_of
from gis_planning.analysis.facilities import Entered, Kinds, unknown_of
from gis_planning.analysis.stated import newest, told
from gis_planning.conventions.facilities import kinds_of
from gis_planning.errors import NotAssessed
from gis_planning.geo import Flags
from gis_planning.measures import Count, Share, tally
from gis_planning.results.schema import OFFENDERS, known_layers
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Text, text


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


def closing(
    projects: gpd.GeoDataFrame,
    approach: Access,
    nearest: Callable[..., Distances],
    project_doors: Entered | None = None,
    *,
    limit_m: float,
) -> Share:
    """Measure how many of the projects that bring a facility bring it to somebody who has none within reach.

    For every project and every kind that it brings: the residential land, homes and people within reach of it and of no
    facility of the kind that stands today. Each project is taken by itself, as if no other were built. Reach is that of
    `circles.kind_coverage`; a project is entered by gates on its edge, else over its edge. Homes outside the study
    area are not looked at: a project that reaches none inside is left out, and told.

    Parameters
    ----------
    projects
        Parcels with `id` and `brings`, kinds of facilities with `;` between; parcels of one id are one project.
    approach
        Residential land in cells, homes and facilities, with their ways along the streets.
    nearest
        How far all of them are from facilities of a kind.
    project_doors
        The ways into the projects' parcels.
    limit_m
        The farthest that counts.

    Returns
    -------
    Measured
        A share by number, of the projects whose kinds the table of facilities holds. Offenders are those that bring
        nothing to anybody who lacks it. Layer `closing`: a row for each project and kind with what is reached before
        and after it, and the land, homes and people it adds.

    Raises
    ------
    NotAssessed
        No project says what it brings, or nobody knows where the facilities of these kinds are.

    Notes
    -----
    Source: projects are to close gaps, as the plan for county seats asks.

    Examples
    --------
    A street of 2 km with a pharmacy at its west end, homes along it, and another pharmacy to be built at its east end:

    >>> from shapely import LineString, Point, box
    >>> from gis_planning import streets
    >>> from gis_planning.analysis.work import applied, frame
    >>> measured = applied(
    ...     closing, residential=frame(box(0, 0, 2000, 10)), facilities=frame(Point(0, 0), kind=["pharmacy"]),
    ...     projects=frame(box(1990, 0, 2000, 10), id=["A"], brings=["pharmacy"]), study_area=frame(box(0, 0, 2000, 9)),
    ...     network=streets.build(frame(LineString([(0, 0), (2000, 0)]))), limit_m=500,
    ... )
    >>> measured.value, measured.layers["closing"]["reached"].round(2).tolist()
    (1.0, [0.5])
    """
    bringing = _brought(projects)
    if not bringing:
        raise NotAssessed("projects.nothing_brought")
    unknown = {kind for _, kind in bringing if unknown_of(approach.facilities, (kind,))}
    known = [(id_, kind) for id_, kind in bringing if kind not in unknown]
    if not known:
        raise NotAssessed("circles.kind_not_held", kinds=Kinds(tuple(sorted(unknown))), count=len(approach.facilities))
    limit, ids = limit_of(approach, limit_m, None), projects["id"].astype(str).to_numpy(dtype=object)
    # What will be is reached as what stands is.
    planned = replace(approach, facilities=projects, outside=np.zeros(len(projects), dtype=bool), doors=project_doors)
    by_project = {id_: distances_to(planned, ids == id_).within(limit) for id_, _ in known}
    by_kind = {kind: nearest(kinds=(kind,)).within(limit) for _, kind in known}
    rows = [_closed(approach.demand, by_kind[kind], by_project[id_]) for id_, kind in known]
    columns = {"project_id": [id_ for id_, _ in known], "kind": [kind for _, kind in known]}
    shapes = [shapely.union_all(projects.geometry.to_numpy()[ids == id_]) for id_, _ in known]
    found = gpd.GeoDataFrame({**columns, **pd.DataFrame(rows)}, geometry=shapes, crs=projects.crs)
    helps = found["added_m2"].gt(0).groupby(found["project_id"]).any()
    aside = {id_ for id_, one in by_project.items() if not (one.cells.any() or one.homes.any())}
    found, helps = found[~found["project_id"].isin(aside)], helps.drop(aside)
    if found.empty:
        raise NotAssessed("projects.note_aside", count=len(aside), projects=sorted(aside))
    notes: list[Text] = [text("projects.note_alone")]
    if aside:
        notes.append(text("projects.note_aside", count=len(aside), projects=sorted(aside)))
    if unknown:
        notes.append(text("projects.note_kinds_unknown", kinds=Kinds(tuple(sorted(unknown)))))
    if unread := _unread(projects):
        notes.append(text("projects.note_unread", count=len(unread), features=unread[:5]))
    return Measured.share(
        float(helps.sum()),
        float(len(helps)),
        "parts",
        offenders=found[found["project_id"].isin(helps.index[~helps])].reset_index(drop=True),
        notes=tuple(notes),
        layers={"closing": found.sort_values(["people", "added_m2"], ascending=False, kind="stable")},
        schema={OFFENDERS: known_layers()["closing"]},
    )


def _brought(projects: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Return projects and the kinds they bring, each pair once, by the order of rows."""
    if "brings" not in projects.columns:
        return []
    stated = projects[projects["brings"].notna()]
    pairs = zip(stated["id"].astype(str), kinds_of(stated["brings"], [None] * len(stated)), strict=True)
    return list(dict.fromkeys((id_, kind) for id_, kinds in pairs if kinds for kind in kinds.split(";")))


def _unread(projects: gpd.GeoDataFrame) -> list[str]:
    """Return what projects say they bring and no list of kinds knows."""
    words = projects["brings"].dropna().tolist()
    return [word for word, kind in zip(words, kinds_of(words, [None] * len(words)), strict=True) if kind is None]


def _closed(demand: Demand, before: Covered, project: Covered) -> dict[str, float]:
    """Return the share of residential land that is reached without and with a project, and what it adds."""
    cells, homes = project.cells & ~before.cells, project.homes & ~before.homes
    both = Covered(project.cells | before.cells, project.fine | before.fine, project.homes | before.homes)
    (now, whole), (then, _) = tally.shares(demand, before), tally.shares(demand, both)
    return {
        "reached_before": now / whole,
        "reached": then / whole,
        "added_m2": float(demand.cells.area_m2[cells].sum()),
        "homes": float(homes.sum()),
        "people": _people(demand, cells, homes),
    }


def _people(demand: Demand, cells: Flags, homes: Flags) -> float:
    if demand.cell_people is None:
        return float("nan")
    return float(demand.homes["people"].to_numpy(dtype=float)[homes].sum() + demand.cell_people[cells].sum())


def _shown(projects: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    names = projects["name"].to_numpy(dtype=object) if "name" in projects.columns else [None] * len(projects)
    columns = {"id": projects["id"].to_numpy(dtype=object), "name": names}
    return gpd.GeoDataFrame(columns, geometry=shapely.force_2d(projects.geometry.to_numpy()), crs=projects.crs)
