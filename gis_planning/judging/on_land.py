"""Doubt a share of residential land that few of the homes stand on."""

from __future__ import annotations

import math
from dataclasses import replace

from gis_planning.analysis.standing import made_land, standing
from gis_planning.analysis.work import Work
from gis_planning.county.opened import County
from gis_planning.homes import HomesOnLand, of_towns_only
from gis_planning.judging.rulebook import Clause
from gis_planning.results.verdicts import Measured, Reference
from gis_planning.texts import Text, text


def doubted(clause: Clause, county: County, work: Work, measured: Measured) -> Measured:
    """Say beside a share of residential land how much of the homes stands on it; where too little, it decides nothing.

    Parameters
    ----------
    work
        What is worked out from the layers of the county.
    """
    if clause.unit != "share" or clause.layers.get("residential") != "residential":
        return measured
    settings = county.homes
    if county.tables["residential"].made_from is not None:
        made = text("homes.made", grown_m=settings.grown_m)
        return replace(measured, notes=(*measured.notes, made))
    found = _standing(county, work)
    if found is None or found.share is None:
        beside = Reference(0.0, 0.0, "homes_on_land", {"buildings": 0, "of": 0}, "m2")
        note = text("homes.no_buildings" if found is None else "homes.no_homes")
        return replace(measured, references=(*measured.references, beside), notes=(*measured.notes, note))
    told = {"buildings": found.on_land, "of": found.buildings}
    beside = Reference(found.on_land_m2, found.floor_m2, "homes_on_land", told, "m2")
    if found.share >= settings.on_land or measured.value is None:
        return replace(measured, references=(*measured.references, beside))
    others = (beside, *_on_made_land(clause, county, work))
    if found.stated or found.share < settings.least:
        drawn = Reference(measured.numerator or 0.0, measured.denominator or 0.0, "drawn_land", {}, "m2")
        least = settings.on_land if found.stated else settings.least
        return measured.undecided_by(_reason("homes.too_few", found, least), drawn, *others)
    note = _reason("homes.few", found, settings.on_land)
    return replace(measured, references=(*measured.references, *others), notes=(*measured.notes, note))


def _reason(key: str, standing: HomesOnLand, least: float) -> Text:
    # Rounded down, so that it does not look like the limit it misses.
    share = math.floor((standing.share or 0.0) * 10_000) / 100
    percent = {"share": f"{share:.2f}%", "least": f"{least * 100:.10g}%"}
    floor = {"floor": f"{standing.on_land_m2 / 10_000:,.2f}", "all_floor": f"{standing.floor_m2 / 10_000:,.2f}"}
    return text(key, **percent, **floor, count=standing.on_land, of=standing.buildings)


def _standing(county: County, work: Work) -> HomesOnLand | None:
    """Return how the homes stand; None without buildings. Land use is read only where it can change that."""
    if not county.has("buildings"):
        return None
    plain: HomesOnLand = work.call(standing, {}, {}, land_use=None)
    asked = of_towns_only(county.layer("residential")) or not plain.stated
    if not asked or not county.has("land_use"):
        return plain
    found: HomesOnLand = work.call(standing, {}, {})
    return found


def _on_made_land(clause: Clause, county: County, work: Work) -> tuple[Reference, ...]:
    """Return the same share of residential land made from buildings."""
    made = work.call(made_land, {}, {})
    if not len(made):
        return ()
    found: Measured = work.call(clause.function, clause.layers, clause.settings, residential=made)
    if found.value is None:
        return ()
    told = {"grown_m": county.homes.grown_m}
    return (Reference(found.numerator or 0.0, found.denominator or 0.0, "land_from_buildings", told, "m2"),)
