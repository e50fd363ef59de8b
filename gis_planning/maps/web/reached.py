"""Hand a page the streets and the ways into facilities, so that it draws the areas around one when it is clicked.

The numbers are, all places and costs in steps of half a metre: how many nodes, streets, facilities, ways and barriers
there are; of each node the steps east and north from the one before; of each street the step from the node at its start
to that of the street before, the step from there to the node at its end, which ways it is open (0 both, 1 along, 2
against), what going along costs beyond its length, what going back costs beyond that, and how many points it has
between its ends; the steps to these points from the one before, the first from the start; of each facility how many
ways it has; of each way the step to its street from that of the way before, how far along it lies, and how long the
straight way is; of each barrier whether it is land, how many lines it has; of each line how many points, and the steps.
Lists stand column by column, for what is alike is written small side by side.
"""

from __future__ import annotations

import gzip
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from gis_planning import units
from gis_planning.analysis.rings import DRIVING_CELL_M, limits_of
from gis_planning.conventions import facts
from gis_planning.geo import Floats, Geometries, Index
from gis_planning.maps.web.degrees import DRAWN_CRS
from gis_planning.maps.web.varints import varints
from gis_planning.streets import Mode
from gis_planning.texts import Lang

#: What places and costs are counted in.
STEP_M = 0.5
#: A network of more streets is not handed over.
MOST_STREETS = 150_000
#: The page's own grid of points on foot; its origin lies on all grids, so that neighbours of one run agree.
WALKING_CELL_M, ORIGIN_M = 25.0, 1000.0
#: How far beyond the streets an area can reach, and barriers matter.
AROUND_M = 1000.0
#: From the plane to degrees by a polynomial of this degree; over 300 km it is right to a millimetre.
DEGREE, SAMPLES = 5, 12

Steps = NDArray[np.int64]


@dataclass(frozen=True)
class Reached:
    """The streets of a network, or of several, as a page takes them: what it is told of them, and packed numbers."""

    facts: dict[str, Any]
    body: bytes


def reached(
    network: gpd.GeoDataFrame,
    approaches: gpd.GeoDataFrame,
    facilities: Sequence[Hashable],
    barriers: gpd.GeoDataFrame | None = None,
) -> Reached:
    """Return a network for the page.

    Parameters
    ----------
    network, approaches
        As `analysis.paths.Paths` has them.
    facilities
        The ids of the facilities that are on the page, by row.
    barriers
        What no straight way crosses, in the same CRS.
    """
    mode: Mode = network["mode"].iloc[0]
    bounds = network.total_bounds
    origin = np.floor(bounds[:2] / ORIGIN_M) * ORIGIN_M
    streets, place, length = _streets(network, origin)
    ways = _ways(network, approaches, facilities, place, length)
    walls = _barriers(barriers, bounds, origin)
    minutes, limits = limits_of(mode)
    driving = facts("streets")["drive"]
    told = {
        "step": STEP_M,
        "minutes": minutes.tolist(),
        "limits": limits.tolist(),
        "cell": WALKING_CELL_M if mode == "walk" else DRIVING_CELL_M,
        "factor": 1.0 if mode == "walk" else driving["reference_kmh"] / driving["access_kmh"],
        "longest": float(approaches["max_access_m"].max()),
        "degrees": _degrees(network.crs, bounds, origin),
    }
    counts = [len(streets[0]) // 2, len(network), len(facilities), len(ways[1]), len(walls[0])]
    numbers = np.concatenate([counts, *streets, *ways, *walls])
    return Reached(told, gzip.compress(varints(numbers), 9, mtime=0))


def together(networks: Sequence[Reached], network_of: Mapping[str, int], lang: Lang) -> Reached:
    """Return the networks of a page; `network_of` says by view which of them counts, where that is not the first."""
    unit = units.units()["m2"]
    told = {
        "kind": "reached",
        "networks": [one.facts | {"bytes": len(one.body)} for one in networks],
        "network_of": dict(network_of),
        "unit": {"times": unit.times, "digits": unit.digits, "small": unit.small, "sign": unit.signs[lang]},
    }
    return Reached(told, b"".join(one.body for one in networks))


def _streets(network: gpd.GeoDataFrame, origin: Floats) -> tuple[list[Steps], Index, Floats]:
    """Return the numbers of nodes and streets; by row of the network its place among them, and its length in steps."""
    lines = shapely.simplify(network.geometry.to_numpy(), STEP_M)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    at = np.rint((xy - origin) / STEP_M).astype(np.int64)
    first = np.searchsorted(line, np.arange(len(lines)))
    last = np.r_[first[1:], len(at)] - 1
    ends = np.r_[network["u"].to_numpy(), network["v"].to_numpy()]
    _, spot, number = np.unique(ends, return_index=True, return_inverse=True)
    nodes = np.r_[at[first], at[last]][spot]
    order = np.argsort(_along_curve(nodes), kind="stable")
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    start, end = rank[number[: len(lines)]], rank[number[len(lines) :]]
    row = np.lexsort((end, start))
    leaps = np.diff(at, axis=0, append=at[-1:])
    inner = (last - first)[row] - 1
    # The leaps to the points between the ends of each street, street by street.
    between = np.repeat(first[row] - (np.cumsum(inner) - inner), inner) + np.arange(inner.sum())
    leaps[last] = 0
    length = np.add.reduceat(np.hypot(*leaps.T), first)
    forth, back = (network[name].to_numpy(dtype=float) / STEP_M for name in ("forward_m", "backward_m"))
    way = np.where(np.isnan(back), 1, np.where(np.isnan(forth), 2, 0))
    forth = np.rint(np.where(np.isnan(forth), back, forth)).astype(np.int64)
    back = np.rint(np.where(np.isnan(back), forth, back)).astype(np.int64)
    beyond = forth - np.rint(length).astype(np.int64)
    columns = [
        _stepwise(nodes[order]),
        np.diff(start[row], prepend=0),
        (end - start)[row],
        way[row],
        beyond[row],
        (back - forth)[row],
        inner.astype(np.int64),
        leaps[between].ravel(),
    ]
    place = np.empty(len(row), dtype=np.intp)
    place[row] = np.arange(len(row))
    return columns, place, length


def _ways(
    network: gpd.GeoDataFrame,
    approaches: gpd.GeoDataFrame,
    facilities: Sequence[Hashable],
    place: Index,
    length: Floats,
) -> list[Steps]:
    """Return the numbers of the ways, by facility."""
    known = {key: at for at, key in enumerate(facilities)}
    owner = np.array([known.get(key, -1) for key in approaches["facility"]], dtype=np.intp)
    edge = approaches["edge"].to_numpy(dtype=np.intp)
    share = approaches["offset_m"].to_numpy() / network["length_m"].to_numpy()[edge]
    along = np.rint(share * length[edge]).astype(np.int64)
    access = np.rint(approaches["access_m"].to_numpy() / STEP_M).astype(np.int64)
    order = np.lexsort((access, along, place[edge], owner))
    table = np.column_stack([owner, place[edge], along, access])[order]
    table = table[table[:, 0] >= 0]
    # Of ways that lead to one spot the shortest is enough.
    again = np.r_[False, (np.diff(table[:, :3], axis=0) == 0).all(axis=1)][: len(table)]
    owner, edge, along, access = table[~again].T
    count = np.bincount(owner, minlength=len(facilities)).astype(np.int64)
    return [count, np.diff(edge, prepend=0), along, access]


def _barriers(barriers: gpd.GeoDataFrame | None, bounds: Floats, origin: Floats) -> list[Steps]:
    """Return the numbers of the barriers near the streets."""
    if barriers is None or not len(barriers):
        return [np.zeros(0, dtype=np.int64)]
    box = bounds + AROUND_M * np.array([-1, -1, 1, 1])
    shapes = shapely.get_parts(shapely.clip_by_rect(shapely.force_2d(barriers.geometry.to_numpy()), *box))
    shapes = shapely.simplify(shapes[np.isin(shapely.get_type_id(shapes), (1, 2, 3))], STEP_M)
    land = shapely.get_type_id(shapes) == 3
    lines: list[Geometries] = [shapely.get_rings(one) if at else [one] for one, at in zip(shapes, land, strict=True)]
    every = [np.rint((shapely.get_coordinates(one) - origin) / STEP_M).astype(np.int64) for own in lines for one in own]
    heads = np.array([[at, len(own)] for at, own in zip(land, lines, strict=True)], dtype=np.int64).reshape(-1, 2)
    sizes = np.array([len(one) for one in every], dtype=np.int64)
    points = np.concatenate([np.zeros((0, 2), dtype=np.int64), *every])
    return [heads[:, 0], heads[:, 1], sizes, _stepwise(points)]


def _stepwise(points: Steps) -> Steps:
    return np.diff(points, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel()


def _along_curve(points: Steps) -> Steps:
    """Return numbers by which points that lie side by side mostly follow one another: the bits of both in turn."""
    found = np.zeros(len(points), dtype=np.int64)
    for bit in range(24):
        for axis in range(2):
            found |= ((points[:, axis] >> bit) & 1) << (2 * bit + axis)
    return found


def _degrees(crs: Any, bounds: Floats, origin: Floats) -> dict[str, Any]:
    """Return the polynomial that leads from metres beyond the origin to degrees.

    Its terms are x^i y^j, i from 0 on, j from 0 to what is left, of places from -1 to 1 in a box.
    """
    low, high = bounds[:2] - AROUND_M, bounds[2:] + AROUND_M
    middle, half = (low + high) / 2, (high - low) / 2
    spots = np.cos(np.pi * (np.arange(SAMPLES) + 0.5) / SAMPLES)
    x, y = (axis.ravel() for axis in np.meshgrid(spots, spots))
    to_degrees = pyproj.Transformer.from_crs(crs, DRAWN_CRS, always_xy=True).transform
    found = np.column_stack(to_degrees(middle[0] + x * half[0], middle[1] + y * half[1]))
    terms = np.column_stack([x**i * y**j for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)])
    factors, *_ = np.linalg.lstsq(terms, found, rcond=None)
    return {
        "middle": (middle - origin).tolist(),
        "half": half.tolist(),
        "power": DEGREE,
        "lon": factors[:, 0].round(11).tolist(),
        "lat": factors[:, 1].round(11).tolist(),
    }
