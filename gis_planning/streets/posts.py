"""Close streets at points: a bollard stops cars, a locked gate everybody."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.spatial import cKDTree
from shapely.ops import substring

from gis_planning.conventions import facts
from gis_planning.geo import Floats, Geometries, Index
from gis_planning.streets.noding import Noded

if TYPE_CHECKING:
    import geopandas as gpd

#: What closes a street stands on it, and one so near to a junction stands in it.
ON_M, IN_M = 1.0, 0.1


def posts_of(barriers: gpd.GeoDataFrame, mode: str) -> tuple[Geometries, int]:
    """Return the points of a barrier layer that close streets to a mode, and how many are of no known kind.

    Examples
    --------
    >>> from gis_planning.analysis.work import frame
    >>> from shapely import Point
    >>> table = frame(Point(0, 0), Point(1, 0), Point(2, 0), kind=["bollard", "锁闭大门", "tree"])
    >>> [len(posts_of(table, mode)[0]) for mode in ("drive", "walk")], posts_of(table, "walk")[1]
    ([2, 1], 1)
    """
    shapes = shapely.force_2d(barriers.geometry.to_numpy())
    spots = np.flatnonzero(shapely.get_type_id(shapes) == 0)
    said = barriers["kind"].to_numpy()[spots] if "kind" in barriers else np.full(len(spots), None)
    groups = facts("streets")["posts"]
    kinds = {word.casefold(): group for group in ("closed_to_all", "closed_to_cars", "open") for word in groups[group]}
    kind = [kinds.get(str(one).strip().casefold()) for one in said]
    closing = {"closed_to_all"} if mode == "walk" else {"closed_to_all", "closed_to_cars"}
    unknown = sum(one is None for one in kind)
    return shapes[spots[[one in closing for one in kind]]], unknown


def close_at(noded: Noded, posts: Geometries) -> tuple[Noded, int]:
    """Part streets at posts, whatever their level; return how many posts stand on a street.

    One within `IN_M` of a junction closes it: nobody passes it along any of its streets.
    """
    xy = shapely.get_coordinates(posts)
    if not len(xy) or not len(noded.geometry):
        return noded, 0
    edge_of, post = _on(noded.geometry, posts)
    used = np.unique(np.r_[noded.u, noded.v])
    far, at = cKDTree(noded.xy[used]).query(xy[post], distance_upper_bound=IN_M)
    node = np.isfinite(far)
    u, v, spare = _parted(noded, used[at[node]])
    cuts: dict[int, list[float]] = {}
    for one, other in zip(edge_of[~node].tolist(), post[~node].tolist(), strict=True):
        cuts.setdefault(one, []).append(float(shapely.line_locate_point(noded.geometry[one], posts[other])))
    return _cut(replace(noded, u=u, v=v), cuts, spare), len(np.unique(post))


def _on(lines: Geometries, posts: Geometries) -> tuple[Index, Index]:
    """Return for each post within `ON_M` of a line the nearest line."""
    post, line = shapely.STRtree(lines).query_nearest(posts, max_distance=ON_M, all_matches=False)
    return line, post


def _parted(noded: Noded, nodes: Index) -> tuple[Index, Index, int]:
    """Return the nodes at the ends of edges, each of its own where it was one of the closed; and the next free node."""
    ends = np.r_[noded.u, noded.v]
    closed = np.flatnonzero(np.isin(ends, nodes))
    ends[closed] = len(noded.xy) + np.arange(len(closed))
    u, v = np.split(ends, 2)
    return u, v, len(noded.xy) + len(closed)


def _cut(noded: Noded, cuts: dict[int, list[float]], spare: int) -> Noded:
    """Return edges cut where posts stand on them, with no way from piece to piece."""
    whole = np.setdiff1d(np.arange(len(noded.u)), np.array(sorted(cuts), dtype=np.intp))
    pieces: list[Any] = []
    u, v, parent = [], [], []
    for one in sorted(cuts):
        marks: Floats = np.unique([0.0, *cuts[one], noded.geometry[one].length])
        for start, end in pairwise(marks):
            pieces.append(substring(noded.geometry[one], float(start), float(end)))
            u.append(noded.u[one] if start == 0.0 else spare)
            v.append(noded.v[one] if end == marks[-1] else spare + 1)
            spare += 2
            parent.append(one)
    new = np.empty(len(pieces), dtype=object)
    new[:] = pieces
    order = np.argsort(np.r_[whole, np.array(parent, dtype=np.intp)], kind="stable")
    geometry = np.concatenate([noded.geometry[whole], new])[order]
    ends = [np.r_[own[whole], np.array(made, dtype=np.intp)][order] for own, made in ((noded.u, u), (noded.v, v))]
    line = noded.line[np.r_[whole, np.array(parent, dtype=np.intp)][order]]
    xy = np.zeros((spare, 2))
    xy[: len(noded.xy)] = noded.xy
    xy[ends[0]] = shapely.get_coordinates(shapely.get_point(geometry, 0))
    xy[ends[1]] = shapely.get_coordinates(shapely.get_point(geometry, -1))
    return Noded(xy, ends[0], ends[1], geometry, line)
