"""Say what counts as a park, and what is one park."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.analysis.derived import derived
from gis_planning.conventions import facts

#: Outlines this close are one edge: a shared edge can come apart by less than this when it is brought to another CRS.
EDGE_TOLERANCE_M = 0.001
#: Outlines that run together for less than this only touch at a corner.
SHORTEST_EDGE_M = 0.05
#: An area counts as reaching a threshold when it falls short by no more than this; coordinates are rounded somewhere.
AREA_TOLERANCE_M2 = 0.001


@dataclass(frozen=True)
class Parks:
    """Parks as a planner counts them: one row a park, its parts merged.

    Attributes
    ----------
    frame
        One row a park: `name`, `class`, `park_id`, `parts` (how many features), `merged` (what they are called where
        there are several), `area_m2`, geometry; and `tier`, once it is settled which parks serve how far.
    left_out
        Green that is not a park, with a `reason`.
    mixed
        True where parks could not be told from verge green: the survey's class 0810 without names, ids or access
        flags. Whatever is measured from these parks is then an upper bound.
    """

    frame: gpd.GeoDataFrame
    left_out: gpd.GeoDataFrame
    mixed: bool

    def tiered(self, large: NDArray[np.bool_], least_m2: float = 0.0) -> Parks:
        """Return them told apart as large, small, and those that only serve a historic district."""
        small = np.where(self.frame["area_m2"].to_numpy() < least_m2 - AREA_TOLERANCE_M2, "historic", "small")
        return replace(self, frame=self.frame.assign(tier=np.where(large, "large", small).astype(object)))


@derived()
def qualifying_parks(
    parks: gpd.GeoDataFrame, *, counts: tuple[Literal["park", "square"], ...] = ("park",), merge_gap_m: float = 0.0
) -> Parks:
    """Choose the green that counts as park and merge the parts of each.

    Parameters
    ----------
    parks
        Green land with the optional fields `class`, `name`, `park_id`, `open`. Without a `class` field every feature
        is a publicly usable park.
    counts
        Kinds that count: `park`, or `park` and `square` (conventions/greens.toml tells which class is which).
    merge_gap_m
        Parts without a park_id that lie no farther apart than this are one park; with 0, only parts that share an edge.
    """
    kind, mixed = _kinds(parks)
    counted = np.isin(kind, counts)
    parts = parks[counted].reset_index(drop=True)
    left_out = parks[~counted].assign(reason=kind[~counted])
    group = _one_park(parts, merge_gap_m)
    return Parks(_merged(parts, group), left_out, mixed)


def _kinds(greens: gpd.GeoDataFrame) -> tuple[NDArray[np.str_], bool]:
    """Say for each feature what it is: park, square, not_park, verge, closed or unknown; and whether 0810 was mixed."""
    size = len(greens)
    open_ = _column(greens, "open")
    closed = np.array([value is False for value in open_], dtype=bool)
    if "class" not in greens.columns:
        return np.where(closed, "closed", "park"), False
    table = facts("greens")
    beginnings = {code: kind for kind, codes in table["kinds"].items() for code in codes}
    kind = np.array([_kind_of(code, beginnings) for code in _column(greens, "class")], dtype=object)
    survey = kind == "mixed"
    named = np.array([_is_name(name, table["mixed"]) for name in _column(greens, "name")], dtype=bool)
    rejected = np.array([_is_verge(name, table["mixed"]) for name in _column(greens, "name")], dtype=bool)
    has_id = np.array([bool(one) for one in _column(greens, "park_id")], dtype=bool)
    known = named | has_id | np.array([value is True for value in open_], dtype=bool)
    told_apart = bool((known | rejected | closed)[survey].any()) or not survey.any()
    if told_apart:
        kind[survey] = np.where(known & ~rejected, "park", "verge")[survey]
    else:
        kind[survey] = "park"
    kind[closed & np.isin(kind, ["park", "square"])] = "closed"
    return kind.astype(str) if size else np.array([], dtype=str), not told_apart


def _kind_of(code: str | None, beginnings: dict[str, str]) -> str:
    code = (code or "").upper()
    fitting = [beginning for beginning in beginnings if code.startswith(beginning)]
    return beginnings[max(fitting, key=len)] if fitting else "unknown"


def _is_name(name: str | None, mixed: dict[str, Any]) -> bool:
    return bool(name) and name not in mixed["class_names"]


def _is_verge(name: str | None, mixed: dict[str, Any]) -> bool:
    return any(word in (name or "") for word in mixed["reject_words"])


def _column(frame: gpd.GeoDataFrame, name: str) -> Any:
    """Return a column as Python values, None where nothing is said; all None where there is no such column."""
    if name not in frame.columns:
        return np.full(len(frame), None, dtype=object)
    values = frame[name].astype(object)
    return values.where(values.notna(), None).to_numpy(dtype=object)


def _one_park(parts: gpd.GeoDataFrame, merge_gap_m: float) -> NDArray[np.intp]:
    """Return the number of the park each part belongs to.

    An equal park_id makes one park; parts without one join where they share an edge.
    """
    ids = _column(parts, "park_id")
    has_id = np.array([bool(one) for one in ids], dtype=bool)
    _, number = np.unique(ids[has_id].astype(str), return_inverse=True)
    first = {int(one): at for at, one in reversed(list(zip(np.flatnonzero(has_id), number, strict=True)))}
    links = [(at, first[int(one)]) for at, one in zip(np.flatnonzero(has_id), number, strict=True)]
    free = np.flatnonzero(~has_id)
    geometry = parts.geometry.to_numpy()
    near = shapely.STRtree(geometry[free]).query(
        geometry[free], predicate="dwithin", distance=max(merge_gap_m, EDGE_TOLERANCE_M)
    )
    a, b = free[near[0][near[0] < near[1]]], free[near[1][near[0] < near[1]]]
    if merge_gap_m == 0 and len(a):
        ribbon = shapely.buffer(geometry[b], EDGE_TOLERANCE_M, quad_segs=2)
        joined = shapely.length(shapely.intersection(shapely.boundary(geometry[a]), ribbon)) > SHORTEST_EDGE_M
        inside = shapely.contains(geometry[a], geometry[b])
        a, b = a[joined | inside], b[joined | inside]
    left = np.concatenate([a, np.array([one for one, _ in links], dtype=np.intp)])
    right = np.concatenate([b, np.array([one for _, one in links], dtype=np.intp)])
    return overlay.groups_of(len(parts), left, right)


def _called(name: str | None, park_id: str | None, at: int) -> str:
    """Return how a part of a park is named in a list: by name and id, by one of them, or by its number."""
    return f"{name} [{park_id}]" if name and park_id else str(name or park_id or f"#{at + 1}")


def _merged(parts: gpd.GeoDataFrame, group: NDArray[np.intp]) -> gpd.GeoDataFrame:
    geometry = parts.geometry.to_numpy()
    order = np.argsort(group, kind="stable")
    members = np.split(order, np.flatnonzero(np.diff(group[order])) + 1) if len(order) else []
    united = [geometry[member[0]] if len(member) == 1 else shapely.union_all(geometry[member]) for member in members]
    names, codes, ids = _column(parts, "name"), _column(parts, "class"), _column(parts, "park_id")
    called = [list(dict.fromkeys(str(names[at]) for at in member if names[at])) for member in members]
    frame = gpd.GeoDataFrame(
        {
            "name": [" + ".join(one) or None for one in called],
            "class": [next((codes[at] for at in member if codes[at]), None) for member in members],
            "park_id": [ids[member[0]] for member in members],
            "parts": [len(member) for member in members],
            "merged": [
                " + ".join(_called(names[at], ids[at], at) for at in member) if len(member) > 1 else None
                for member in members
            ],
        },
        geometry=np.array(united, dtype=object),
        crs=parts.crs,
    )
    frame["area_m2"] = shapely.area(frame.geometry.to_numpy())
    return frame
