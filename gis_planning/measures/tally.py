"""Add up what is covered: land, homes and people, as a whole and by district, and the gaps that are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.analysis.cells import Cells
from gis_planning.analysis.demand import Demand
from gis_planning.analysis.distances import Covered
from gis_planning.analysis.mosaic import Patches
from gis_planning.analysis.ways import Ways
from gis_planning.analysis.zones import Zones
from gis_planning.geo import Floats
from gis_planning.measures.needs import Need
from gis_planning.results.schema import Layer
from gis_planning.results.surface import VALUE, Surface
from gis_planning.results.verdicts import Measured, Part, Reference
from gis_planning.texts import Text, text

#: Land sorted into classes: what each is, and its squares.
Sorted = tuple[pd.DataFrame, Surface]


def shares(demand: Demand, covered: Covered) -> tuple[float, float]:
    """Return the covered and the whole residential land in m2."""
    area = demand.cells.area_m2
    return float(area[covered.cells].sum()), float(area.sum())


def measured_share(
    demand: Demand,
    covered: Covered,
    districts: Zones | None,
    ways: tuple[Ways, Ways, Ways] | None,
    *,
    offenders: gpd.GeoDataFrame,
    layers: Mapping[str, Any],
    bands: Sorted,
    notes: Iterable[Text] = (),
    schema: Mapping[str, Layer],
) -> Measured:
    """Return which share of residential land is covered, also by district, beside the same in homes and people.

    The notes are those of the demand, those given, what finer cells change, and what has no way onto any street.
    """
    served, total = shares(demand, covered)
    return Measured.share(
        served,
        total,
        "m2",
        offenders=offenders,
        parts=parts(demand, covered, districts),
        references=references(demand, covered),
        notes=(*demand.notes, *notes, halved(demand, covered), *access_notes(demand, ways)),
        layers={"bands": bands[0], **layers, **unattached_homes(demand, ways)},
        surfaces={"bands": bands[1]},
        schema=schema,
    )


def references(demand: Demand, covered: Covered) -> tuple[Reference, ...]:
    """Return the same coverage counted in homes, dwellings and people."""
    homes = demand.homes
    found = []
    if len(homes):
        found.append(Reference(float(covered.homes.sum()), float(len(homes)), "homes"))
    dwellings = homes["dwellings"].fillna(0).to_numpy(dtype=float)
    if dwellings.sum() > 0:
        found.append(Reference(float(dwellings[covered.homes].sum()), float(dwellings.sum()), "dwellings"))
    if demand.cell_people is not None:
        people, rest = homes["people"].to_numpy(dtype=float), demand.cell_people
        served = float(people[covered.homes].sum() + rest[covered.cells].sum())
        found.append(Reference(served, float(people.sum() + rest.sum()), "population"))
    return tuple(found)


def parts(demand: Demand, covered: Covered, districts: Zones | None) -> tuple[Part, ...]:
    """Return covered and whole land by district; a cell is where its middle is, so they add up to the whole."""
    if districts is None:
        return ()
    zone = districts.cell
    names = [*districts.frame["name"].tolist(), None]
    area = demand.cells.area_m2
    whole = np.bincount(zone, weights=area, minlength=len(names))
    served = np.bincount(zone, weights=area * covered.cells, minlength=len(names))
    rows: dict[str | None, tuple[float, float]] = {}
    for name, one, all_ in zip(names, served.tolist(), whole.tolist(), strict=True):
        before = rows.get(name, (0.0, 0.0))
        rows[name] = (before[0] + one, before[1] + all_)
    return tuple(Part(*sums, name) for name, sums in rows.items() if sums[1] > 0)


def by_community(demand: Demand, covered: Covered, communities: Zones) -> gpd.GeoDataFrame:
    """Return land, homes and people, covered and whole, of every community."""
    shapes = communities.frame.geometry.to_numpy()
    size = len(shapes) + 1
    cell, home = communities.cell, communities.home
    area = demand.cells.area_m2

    def add(zone: Any, weights: Any) -> Any:
        return np.bincount(zone, weights=weights, minlength=size)[:-1]

    names = communities.frame["name"].to_numpy() if "name" in communities.frame.columns else None
    frame = gpd.GeoDataFrame({"name": names}, geometry=shapes, crs=communities.frame.crs, index=range(len(shapes)))
    frame["land_m2"], frame["covered_m2"] = add(cell, area), add(cell, area * covered.cells)
    frame["homes"] = add(home, np.ones(len(home)))
    frame["homes_covered"] = add(home, covered.homes.astype(float))
    if demand.cell_people is not None:
        people = demand.homes["people"].to_numpy(dtype=float)
        frame["people"] = add(home, people) + add(cell, demand.cell_people)
        frame["people_covered"] = add(home, people * covered.homes) + add(cell, demand.cell_people * covered.cells)
    return frame


def gaps(demand: Demand, group: NDArray[Any], districts: Zones | None, *, homes: Any) -> gpd.GeoDataFrame:
    """Return the land that lacks something as patches, the most people first, then the most land.

    Parameters
    ----------
    group
        By cell: what it lacks, "" where nothing. Land that touches and lacks the same is one patch.
    homes
        By home: what it lacks, "" where nothing; counted in the patch it is in or nearest to.
    """
    number, words = pd.factorize(np.asarray(group, dtype=object), sort=True)
    number = np.where((words == "")[number], -1, number)
    found = demand.mosaic.patches(demand.cells, number)
    patches, cell = found.shapes, found.of_cell
    frame = gpd.GeoDataFrame({"missing": words[found.group]}, geometry=patches, crs=demand.land.crs)
    frame["area_m2"] = shapely.area(patches)
    home = _patch_of_home(demand, np.asarray(homes) != "", found)
    size = len(patches)
    frame["homes"] = np.bincount(home[home >= 0], minlength=size)
    frame["people"] = np.nan
    if demand.cell_people is not None:
        people = demand.homes["people"].to_numpy(dtype=float)
        frame["people"] = np.bincount(home[home >= 0], weights=people[home >= 0], minlength=size)
        frame["people"] += np.bincount(cell[cell >= 0], weights=demand.cell_people[cell >= 0], minlength=size)
    frame["parcels"] = _names(demand, cell, size)
    frame["district"] = None
    if districts is not None and size:
        middle = shapely.point_on_surface(patches)
        names = np.array([*districts.frame["name"].tolist(), None], dtype=object)
        frame["district"] = names[overlay.zone_of(middle, districts.frame.geometry.to_numpy())]
    frame["cell_group"] = np.arange(size)
    frame = frame.sort_values(["people", "area_m2"], ascending=False, kind="stable", ignore_index=True)
    frame.attrs = {"patch_of_cell": np.r_[np.argsort(frame["cell_group"].to_numpy()), -1][cell]}
    frame.insert(0, "rank", np.arange(1, size + 1))
    return frame.drop(columns="cell_group")


def _patch_of_home(demand: Demand, short: Any, found: Patches) -> Any:
    """Return by home that is short of something the patch it is in or nearest to, -1 where none is near."""
    home = np.full(len(demand.homes), -1, dtype=np.intp)
    if len(found.shapes) and short.any():
        some = np.flatnonzero(short)
        points = demand.homes.geometry.to_numpy()[some]
        # Asked by patches: what asks is prepared, and patches have many corners where points have none.
        patch, at = shapely.STRtree(points).query(found.shapes, predicate="intersects")
        home[some[at]] = patch
        beside = some[home[some] < 0]
        points = demand.homes.geometry.to_numpy()[beside]
        tree = shapely.STRtree(found.shapes)
        near, patch = tree.query_nearest(points, max_distance=demand.cells.size_m * 2, all_matches=False)
        home[beside[near]] = patch
    return home


def bands(cells: Cells, distance_m: Floats, limits_m: tuple[float, ...], crs: Any) -> Sorted:
    """Return the land by how far it is: between limits, beyond the last, and with no way at all (both NaN)."""
    edges = np.array([0.0, *limits_m])
    band = np.searchsorted(edges[1:], distance_m - 1e-6, side="left")
    return _sorted(cells, band, {"from_m": edges, "to_m": np.r_[edges[1:], np.nan]}, crs)


def _sorted(cells: Cells, kind: NDArray[Any], told: Mapping[str, Any], crs: Any) -> Sorted:
    """Return land by a number from 0 on: a row for each that there is, and its squares."""
    # Numbers are few and small: to count them is sooner done than to sort them.
    there = np.flatnonzero(np.bincount(kind))
    value = np.cumsum(np.bincount(there))[kind] - 1
    rows = {VALUE: np.arange(1, len(there) + 1), **{name: np.asarray(of)[there] for name, of in told.items()}}
    area = np.bincount(value, weights=cells.area_m2, minlength=len(there))
    return pd.DataFrame({**rows, "area_m2": area}), cells.surface(value + 1, crs)


def halved(demand: Demand, covered: Covered) -> Text:
    """Say how much the share of land changes when the cells are half as wide."""
    fine, area = demand.fine, demand.cells.area_m2[demand.fine.cells]
    finer = float(fine.area_m2[covered.fine].sum()) / float(fine.area_m2.sum())
    points = (finer - float(area[covered.cells[fine.cells]].sum()) / float(area.sum())) * 100
    sizes = {"cell_m": demand.cells.size_m, "half_m": demand.cells.size_m / 2, "points": points}
    if len(fine.cells) == len(demand.cells):
        return text("circles.halved", **sizes)
    return text("circles.halved_some", **sizes, cells=len(fine.cells))


def _names(demand: Demand, patch: Any, size: int) -> list[str | None]:
    if "name" not in demand.land.columns or not size:
        return [None] * size
    parcels = np.int64(len(demand.land))
    pair = np.unique(patch[patch >= 0] * parcels + demand.cells.parcel[patch >= 0])
    names = demand.land["name"].to_numpy(dtype=object)
    found: list[dict[str, None]] = [{} for _ in range(size)]
    for one, at in zip(*(of.tolist() for of in np.divmod(pair, parcels)), strict=True):
        if isinstance(names[at], str):
            found[one][names[at]] = None
    return ["、".join(one) or None for one in found]


def row_of(code: str, need: Need, chosen: Any, demand: Demand, covered: Covered) -> dict[str, Any]:
    """Return the coverage of one need as a row of a table."""
    served, total = shares(demand, covered)
    row = {"needs": code, "limit_m": need["limit_m"], "facilities": int(chosen.sum())}
    row |= {"land_m2": total, "covered_m2": served}
    for reference in references(demand, covered):
        name = "people" if reference.key == "population" else reference.key
        row |= {name: reference.denominator, f"{name}_covered": reference.numerator}
    return row


def lacking(codes: list[str], met: list[Any]) -> NDArray[np.object_]:
    """Return the needs that are not met, joined by semicolons, for each place."""
    found = np.full(len(met[0]), "", dtype=object)
    for code, one in zip(codes, met, strict=True):
        found[~one] = found[~one] + np.where(found[~one] == "", code, f";{code}")
    return found


def by_count(demand: Demand, present: Any, most: int) -> Sorted:
    """Return the land by how many needs are met."""
    told = {"present": np.arange(most + 1), "wanted": np.full(most + 1, most)}
    return _sorted(demand.cells, present, told, demand.land.crs)


def communities_of(
    demand: Demand, covered: Covered, communities: Zones | None, met: dict[str, Any] | None = None
) -> dict[str, gpd.GeoDataFrame]:
    """Return the communities as a result layer; with `met` also which needs more than half of their land lacks."""
    if communities is None:
        return {}
    frame = by_community(demand, covered, communities)
    if met is not None:
        cell = communities.cell
        area, size = demand.cells.area_m2, len(frame) + 1
        half = np.bincount(cell, weights=area, minlength=size)[:-1] / 2
        short = {
            code: np.bincount(cell, weights=area * ~one.cells, minlength=size)[:-1] > half for code, one in met.items()
        }
        frame["missing"] = [";".join(code for code, one in short.items() if one[at]) for at in range(len(frame))]
    return {"communities": frame}


def unattached_homes(demand: Demand, ways: tuple[Ways, Ways, Ways] | None) -> dict[str, gpd.GeoDataFrame]:
    """Return homes that have no way onto any street."""
    if ways is None or not len(lost := ways[2].unattached):
        return {}
    rows = demand.homes.iloc[lost]
    return {"unattached": rows[["name", "feature", "people", "geometry"]].reset_index(drop=True).assign(what="home")}


def access_notes(demand: Demand, ways: tuple[Ways, Ways, Ways] | None) -> list[Text]:
    """Return how much has no way onto any street."""
    if ways is None:
        return []
    cells, homes = ways[0].unattached, ways[2].unattached
    if not len(cells) and not len(homes):
        return []
    area = float(demand.cells.area_m2[cells].sum())
    return [text("circles.unattached", homes=len(homes), hectares=area / 10_000, most=ways[0].attached.max_access_m)]
