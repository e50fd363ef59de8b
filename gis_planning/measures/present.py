"""Measure the needs of a list one by one, as far as the facility table knows of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np

from gis_planning.analysis.access import Access
from gis_planning.analysis.distances import Covered, Distances
from gis_planning.analysis.facilities import Kinds, is_of, notes_on, of_tier, unknown_of
from gis_planning.measures import tally
from gis_planning.measures.needs import Need
from gis_planning.results.schema import Column
from gis_planning.results.verdicts import Measured, Reference
from gis_planning.texts import Text, text


@dataclass(frozen=True, eq=False)
class Present:
    """What is present where.

    Attributes
    ----------
    met
        By need: the cells and homes where it is met.
    certain
        By need: the cells where it is met by facilities that are of the tier for certain.
    homes
        The homes, each with its distance for every need.
    rows
        The coverage of every need.
    columns
        What the distances of the homes are.
    """

    met: dict[str, Covered]
    certain: list[Any]
    homes: gpd.GeoDataFrame
    rows: list[dict[str, Any]]
    notes: list[Text]
    columns: list[Column]

    def counted(self) -> Covered:
        """Return how many needs are met, by cell and home."""
        met = self.met.values()
        return Covered(*(np.sum([getattr(one, part) for one in met], axis=0) for part in ("cells", "fine", "homes")))

    def homes_lacking(self, present: Covered) -> gpd.GeoDataFrame:
        """Return the homes with how many needs are met, and which are not."""
        lacks = tally.lacking(list(self.met), [one.homes for one in self.met.values()])
        return self.homes.assign(present=present.homes, wanted=len(self.met), missing=lacks)


def needs_met(
    needs: tuple[Need, ...], access: Access, nearest: Callable[..., Distances], *, tier: float | None
) -> Present:
    """Return where each need is met."""
    facilities, demand = access.facilities, access.demand
    sure, perhaps = of_tier(facilities, tier)
    found = Present({}, [], demand.homes.drop(columns=["feature", "floor_m2", "parcel"]), [], [], [])
    for need in needs:
        code = "|".join(need["kinds"])
        chosen = is_of(facilities, need["kinds"]) & (sure | perhaps)
        distances = nearest(kinds=need["kinds"])
        covered = distances.within(need["limit_m"])
        found.met[code] = covered
        certain = covered
        if (chosen & perhaps).any():
            certain = nearest(kinds=need["kinds"], only="certain").within(need["limit_m"])
        found.certain.append(certain.cells)
        key = f"d_{code.replace('|', '_')}"
        found.homes[key] = np.where(np.isfinite(distances.homes), distances.homes, np.nan)
        found.columns.append(Column(key, text("column.distance_to", kind=Kinds(need["kinds"])), "number", "m"))
        found.rows.append(tally.row_of(code, need, chosen, demand, covered))
        found.notes.extend(notes_on(facilities, chosen, need["kinds"], None))
    return found


def known_needs(needs: tuple[Need, ...], facilities: gpd.GeoDataFrame) -> tuple[tuple[Need, ...], tuple[Need, ...]]:
    """Return the needs the facility table knows of, and those it does not."""
    unknown = tuple(need for need in needs if unknown_of(facilities, need["kinds"]))
    return tuple(need for need in needs if need not in unknown), unknown


def not_held(unknown: tuple[Need, ...], of: int, facilities: gpd.GeoDataFrame) -> Text | None:
    """Say which needs of a list the facility table does not know of; None where it knows of all."""
    if not unknown:
        return None
    kinds = [Kinds(need["kinds"]) for need in unknown]
    return text("circles.needs_not_held", kinds=kinds, unknown=len(unknown), of=of, count=len(facilities))


def without_unknown(measured: Measured, unknown: tuple[Need, ...], of: int) -> Measured:
    """Return a measurement that decides nothing, because needs are not known; the share for the others stands beside.

    Its patches lack what is known to be missing, and are true.
    """
    share = Reference(
        measured.numerator or 0.0,
        measured.denominator or 0.0,
        "other_kinds",
        {"kinds": of - len(unknown), "of": of},
    )
    return measured.undecided_by(measured.missing[0], share)
