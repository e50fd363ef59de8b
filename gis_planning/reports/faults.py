"""Lay out the faults of a delivered database, each with its place, for a GeoPackage that opens drawn."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import shapely

from gis_planning.judging.rulebook import Clause
from gis_planning.maps.qgis.qml import Rule, equals
from gis_planning.results.verdicts import Scorecard
from gis_planning.texts import Lang, say
from gis_planning.view.looks import outcome_look
from gis_planning.view.quality import LOOKS, notes, reason

#: Tables of places by what they are: the dimension of their geometry.
PLACES = {0: "points", 1: "lines", 2: "areas"}


def fault_tables(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> dict[str, pd.DataFrame]:
    """Return every fault of the family `quality`: all of them as points, and their places as lines and areas.

    Table `faults` has a row for each fault, with a point where it has a place; `lines` and `areas` hold those that are
    more than a point. Table `scores` is there with them.
    """
    if scorecard.faults is None:
        return {}
    faults = scorecard.faults.assign(
        reason=notes(scorecard.faults, lang),
        clause=[known[code].text(lang) if code in known else code for code in scorecard.faults["code"]],
    )
    shapes = faults.geometry.to_numpy()
    dimension = shapely.get_dimensions(shapes)
    found: dict[str, pd.DataFrame] = {"scores": _scores(scorecard)}
    found["faults"] = faults.set_geometry(shapely.point_on_surface(shapes), crs=faults.crs)
    for size, name in PLACES.items():
        if size and (dimension == size).any():
            found[name] = faults[dimension == size]
    return found


def fault_styles(tables: Mapping[str, pd.DataFrame], lang: Lang) -> dict[str, tuple[Rule, ...]]:
    """Return how the faults look: by severity, and each kind of fault a rule within."""
    found = {}
    for name in ("faults", *PLACES.values()):
        if name in tables:
            found[name] = tuple(_severity(tables[name], severity, lang) for severity in ("fatal", "error", "warning"))
    return {name: tuple(rule for rule in rules if rule.within) for name, rules in found.items()}


def _severity(frame: pd.DataFrame, severity: str, lang: Lang) -> Rule:
    own = frame[frame["severity"] == severity]
    look = outcome_look(LOOKS[severity])
    kinds = dict.fromkeys(own["fault"].astype(str))
    within = tuple(Rule(reason(kind, lang), look, equals("fault", kind)) for kind in kinds)
    return Rule(say(f"quality.severity_{severity}", lang), None, equals("severity", severity), within=within)


def _scores(scorecard: Scorecard) -> pd.DataFrame:
    rows = [
        {
            "document": one.document,
            "score": one.score,
            **{f"defects_{name}": count for name, count in one.counts.items()},
            **{f"weight_{name}": weight for name, weight in one.weights.items()},
            **{f"cap_{name}": cap for name, cap in one.caps.items()},
            "per": one.per,
            "units": one.units,
            "compared_only": one.left_out,
            "adjustment": one.adjustment,
            "clauses": one.clauses,
            "unassessed": one.unassessed,
            "checks": one.checks,
            "made": one.made,
        }
        for one in scorecard.quality
    ]
    return pd.DataFrame(rows)
