"""Choose the facilities of a kind, and know by which ways they are entered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning.analysis.derived import derived
from gis_planning.analysis.ways import Ways, edges_of_areas, joined, straight_to
from gis_planning.conventions import facts
from gis_planning.conventions.facilities import NONE
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.streets import Streets
from gis_planning.texts import Lang, Text, say, text


@dataclass(frozen=True, eq=False)
class Entered:
    """All facilities with their ways onto the streets, and whether each is a point or entered by gates or its edge."""

    ways: Ways
    access: NDArray[np.str_]


class Kinds(Text):
    """Facility kinds of which any will do, spoken in the reader's language."""

    def __init__(self, kinds: tuple[str, ...]) -> None:
        super().__init__("circles.kinds", {"kinds": list(kinds)})

    def to(self, lang: Lang) -> str:
        """Return the titles."""
        table = facts("facilities")["kinds"]
        return say("circles.any_of", lang).join(table[kind][lang] for kind in self.facts["kinds"])


def wanted(kind: str | None, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the kinds a clause means; exactly one of the two settings is given.

    Raises
    ------
    RuleError
        None or both are given, or a kind is not in the closed list.
    """
    if (kind is None) == (not kinds):
        raise RuleError("circles.kind_or_kinds")
    found = kinds or (str(kind),)
    known = facts("facilities")["kinds"]
    for one in found:
        if one not in known:
            raise RuleError("circles.unknown_kind", kind=one, known=sorted(known))
    return found


def is_of(facilities: gpd.GeoDataFrame, kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    """Say which facilities are of one of the kinds; one place may be of several."""
    if "kind" not in facilities.columns:  # there is nothing of any kind
        return np.zeros(len(facilities), dtype=bool)
    # A table of thousands of places says a few dozen different things.
    number, every = pd.factorize(facilities["kind"])
    known = [isinstance(said, str) and not set(said.split(";")).isdisjoint(kinds) for said in every]
    return np.asarray(np.array([*known, False], dtype=bool)[number])


def unknown_of(facilities: gpd.GeoDataFrame, kinds: tuple[str, ...]) -> bool:
    """Say whether nobody knows of some kinds: no row is of any, and the county does not state that there is none."""
    return not is_of(facilities, kinds).any() and not set(kinds) <= set(facilities.attrs.get(NONE, ()))


def refuse_unknown(facilities: gpd.GeoDataFrame, kinds: tuple[str, ...]) -> None:
    """Refuse to measure kinds that the table does not hold: what was not surveyed is not absent.

    Raises
    ------
    NotAssessed
        No row is of any of the kinds, and the county does not state that there is none.
    """
    if unknown_of(facilities, kinds):
        raise NotAssessed("circles.kind_not_held", kinds=Kinds(kinds), count=len(facilities))


def of_tier(facilities: gpd.GeoDataFrame, tier: float | None) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say which facilities are of a tier for certain, and which may be, because they state none."""
    size = len(facilities)
    if tier is None:
        return np.ones(size, dtype=bool), np.zeros(size, dtype=bool)
    if "tier" not in facilities.columns:
        return np.zeros(size, dtype=bool), np.ones(size, dtype=bool)
    stated = pd.to_numeric(facilities["tier"], errors="coerce").to_numpy(dtype=float)
    return stated == tier, np.isnan(stated)


@derived()
def facility_doors(
    network: Streets,
    facilities: gpd.GeoDataFrame,
    compound_gates: gpd.GeoDataFrame | None = None,
    *,
    max_access_m: float = 200.0,
) -> Entered:
    """Return the ways into all facilities: points straight to the street, polygons by their gates, else their edge."""
    return doors_of(network, facilities, compound_gates, max_access_m)


@derived()
def drive_doors(drive_network: Streets, facilities: gpd.GeoDataFrame, *, max_access_m: float = 500.0) -> Entered:
    """Return the ways by car into all facilities: points straight to the street, polygons by their edge."""
    return doors_of(drive_network, facilities, None, max_access_m)


@derived()
def project_doors(
    network: Streets,
    projects: gpd.GeoDataFrame,
    compound_gates: gpd.GeoDataFrame | None = None,
    *,
    max_access_m: float = 200.0,
) -> Entered:
    """Return the ways into what projects will be, as those into facilities."""
    return doors_of(network, projects, compound_gates, max_access_m)


def doors_of(
    network: Streets, facilities: gpd.GeoDataFrame, gates: gpd.GeoDataFrame | None, max_access_m: float
) -> Entered:
    """Return the ways into places: points straight to the street, polygons by gates on their edge, else their edge."""
    shapes = facilities.geometry.to_numpy()
    areas = shapely.get_dimensions(shapes) == 2
    access = np.full(len(shapes), "point", dtype="<U5")
    spots = np.flatnonzero(~areas)
    straight = straight_to(network, shapely.point_on_surface(shapes[spots]), max_access_m)
    points = gates.geometry.to_numpy() if gates is not None else None
    edge, access[areas] = edges_of_areas(network, shapes[areas], points, max_access_m=max_access_m)
    both = joined(straight, edge)
    order = np.concatenate([spots, np.flatnonzero(areas)])
    return Entered(Ways(both.attached, order[both.owner], len(shapes)), access)


def listed(
    facilities: gpd.GeoDataFrame,
    chosen: Any,
    entrances: Entered | None,
    *,
    other_tier: Any = False,
    outside: Any = False,
) -> gpd.GeoDataFrame:
    """Return the facilities of a clause as a result layer; what could not be sorted into a kind comes with them."""
    other_tier, outside = (np.broadcast_to(one, len(facilities)) for one in (other_tier, outside))
    stated = facilities["kind"] if "kind" in facilities.columns else pd.Series(None, facilities.index, dtype=object)
    unknown = stated.isna().to_numpy()
    rows = np.flatnonzero(chosen | other_tier | unknown)
    frame = facilities.iloc[rows]
    names = frame["name"].to_numpy() if "name" in frame.columns else np.full(len(frame), None, dtype=object)
    status = np.where(chosen[rows], "counts", np.where(other_tier[rows], "other_tier", "unknown")).astype(object)
    access = np.full(len(rows), "point", dtype=object)
    if entrances is not None:
        status[np.isin(rows, entrances.ways.unattached) & chosen[rows]] = "unattached"
        access = entrances.access[rows].astype(object)
    columns = {
        "facility": frame.index.to_numpy(),
        "name": names,
        "kind": stated.iloc[rows].to_numpy(),
        "status": status,
        "access": access,
    }
    found = gpd.GeoDataFrame(columns, geometry=frame.geometry.to_numpy(), crs=facilities.crs)
    found["outside"] = outside[rows]
    capacity = frame["capacity"].to_numpy(dtype=float) if "capacity" in frame.columns else np.nan
    return found.assign(capacity=capacity)


def called(facilities: gpd.GeoDataFrame) -> list[str]:
    """Return how each facility is called: by its name, else by its number in the source."""
    names = facilities["name"] if "name" in facilities.columns else [None] * len(facilities)
    return [
        name if isinstance(name, str) and name else f"#{fid}" for name, fid in zip(names, facilities.index, strict=True)
    ]


def notes_on(
    facilities: gpd.GeoDataFrame, chosen: Any, kinds: tuple[str, ...], entrances: Entered | None
) -> list[Text]:
    """Return what a reader must know about the facilities of some kinds."""
    found = []
    if not chosen.any():
        found.append(text("circles.none_of_kind", kinds=Kinds(kinds), count=len(facilities)))
    if entrances is not None:
        lost = np.intersect1d(entrances.ways.unattached, np.flatnonzero(chosen))
        if len(lost):
            names = called(facilities)
            some = [names[at] for at in lost[:5]] + (["..."] if len(lost) > 5 else [])
            found.append(text("circles.facilities_unattached", count=len(lost), features=some))
    return found
