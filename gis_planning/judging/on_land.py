"""Doubt a share of residential land that few of the homes stand on."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from gis_planning.county.opened import County
from gis_planning.homes import HomesOnLand, homes_on_land, land_from_buildings, of_towns_only, which_are_homes
from gis_planning.judging.rulebook import Clause
from gis_planning.measures.once import once
from gis_planning.results.verdicts import Measured, Reference
from gis_planning.texts import Text, text

standing_of = once(homes_on_land)


@once
def made_land(buildings: Any, study_area: Any, land_use: Any, streets: Any, *, grown_m: float) -> Any:
    """Return residential land made from the homes among buildings."""
    homes, _ = which_are_homes(buildings, study_area, land_use)
    return land_from_buildings(buildings, streets, homes, grown_m=grown_m)


def doubted(clause: Clause, county: County, layers: list[Any], measured: Measured) -> Measured:
    """Say beside a share of residential land how much of the homes stands on it; where too little, it decides nothing.

    Parameters
    ----------
    layers
        The layers the clause was measured on, in its order.
    """
    if clause.unit != "share" or clause.layers.get("residential") != "residential":
        return measured
    settings = county.homes
    if county.tables["residential"].made_from is not None:
        made = text("homes.made", grown_m=settings.grown_m)
        return replace(measured, notes=(*measured.notes, made))
    residential, study_area = layers[list(clause.layers).index("residential")], county.layer("study_area")
    standing = _standing(county, residential, study_area)
    if standing is None or standing.share is None:
        beside = Reference(0.0, 0.0, "homes_on_land", {"buildings": 0, "of": 0}, "m2")
        note = text("homes.no_buildings" if standing is None else "homes.no_homes")
        return replace(measured, references=(*measured.references, beside), notes=(*measured.notes, note))
    told = {"buildings": standing.on_land, "of": standing.buildings}
    beside = Reference(standing.on_land_m2, standing.floor_m2, "homes_on_land", told, "m2")
    if standing.share >= settings.on_land or measured.value is None:
        return replace(measured, references=(*measured.references, beside))
    others = (beside, *_on_made_land(clause, county, layers, study_area))
    if standing.stated or standing.share < settings.least:
        drawn = Reference(measured.numerator or 0.0, measured.denominator or 0.0, "drawn_land", {}, "m2")
        least = settings.on_land if standing.stated else settings.least
        return measured.undecided_by(_reason("homes.too_few", standing, least), drawn, *others)
    note = _reason("homes.few", standing, settings.on_land)
    return replace(measured, references=(*measured.references, *others), notes=(*measured.notes, note))


def _reason(key: str, standing: HomesOnLand, least: float) -> Text:
    # Rounded down, so that it does not look like the limit it misses.
    share = math.floor((standing.share or 0.0) * 10_000) / 100
    percent = {"share": f"{share:.2f}%", "least": f"{least * 100:.10g}%"}
    floor = {"floor": f"{standing.on_land_m2 / 10_000:,.2f}", "all_floor": f"{standing.floor_m2 / 10_000:,.2f}"}
    return text(key, **percent, **floor, count=standing.on_land, of=standing.buildings)


def _standing(county: County, residential: Any, study_area: Any) -> HomesOnLand | None:
    """Return how the homes stand; None without buildings. Land use is read only where it can change that."""
    if not county.has("buildings"):
        return None
    buildings: Any = county.layer("buildings")
    plain = standing_of(residential, study_area, buildings, None)
    asked = of_towns_only(residential) or not plain.stated
    if not asked or not county.has("land_use"):
        return plain
    return standing_of(residential, study_area, buildings, county.layer("land_use"))


def _on_made_land(clause: Clause, county: County, layers: list[Any], study_area: Any) -> tuple[Reference, ...]:
    """Return the same share of residential land made from buildings."""
    grown_m = county.homes.grown_m
    land_use, streets = (county.layer(one) if county.has(one) else None for one in ("land_use", "streets"))
    made = made_land(county.layer("buildings"), study_area, land_use, streets, grown_m=grown_m)
    if not len(made):
        return ()
    at = list(clause.layers).index("residential")
    found = clause.function(*layers[:at], made, *layers[at + 1 :], **clause.settings)
    if found.value is None:
        return ()
    told = {"grown_m": grown_m}
    return (Reference(found.numerator or 0.0, found.denominator or 0.0, "land_from_buildings", told, "m2"),)
