"""Choose how the layers of a result look in QGIS: the colours of the pages, one heading for each clause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from gis_planning import units
from gis_planning.judging.rulebook import Clause
from gis_planning.maps.qgis.qml import Rule, between, column, equals
from gis_planning.results.review import Review, reviewed_layers
from gis_planning.results.schema import Layer, described
from gis_planning.results.tables import BETWEEN, codes_of, layers_of
from gis_planning.results.verdicts import Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view.decided import DECIDED, patch_outcomes
from gis_planning.view.legend import Condition, legend


def result_styles(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> dict[str, tuple[Rule, ...]]:
    """Return the rules for each layer of the results of a check.

    Layers hold the features of all clauses, one over the other; every clause is a heading of its own, and of these only
    one is shown at first: the first that failed, else the first.
    """
    return {
        name: _headed(
            [
                (verdicts, _rules(verdicts[0].measured.schema[name], frame, lang))
                for frame, verdicts in own
                if verdicts[0].measured is not None
            ],
            known,
            lang,
        )
        for name, own in layers_of(scorecard).items()
        if all(isinstance(frame, gpd.GeoDataFrame) for frame, _ in own)
    }


def review_styles(review: Review, lang: Lang) -> dict[str, tuple[Rule, ...]]:
    """Return the rules for the layers of a review: projects and overlap patches by the outcome that stands."""
    parcels = pd.DataFrame({"outcome": [parcel.outcome for parcel in review.parcels]}, dtype=object)
    patches = review.patches.assign(outcome=[outcome for outcome, _ in patch_outcomes(review)])
    styles = {
        name: _rules(described(name, frame, reviewed_layers()[name]), frame, lang) if len(frame) else ()
        for name, frame in (("parcels", parcels), ("patches", patches))
    }
    if DECIDED in patches.columns:
        ours, stands = column("outcome"), f"coalesce({column(DECIDED)}, {column('outcome')})"
        styles["patches"] = tuple(replace(rule, where=rule.where.replace(ours, stands)) for rule in styles["patches"])
    return styles


def _headed(
    groups: list[tuple[list[Verdict], tuple[Rule, ...]]], known: Mapping[str, Clause], lang: Lang
) -> tuple[Rule, ...]:
    first = next((own for own, _ in groups if own[0].outcome == "fail"), groups[0][0])
    return tuple(
        Rule(
            verdict_line(own[0], known, lang) if len(own) == 1 else codes_of(own).replace(BETWEEN, " "),
            None,
            equals("code", codes_of(own)),
            own is first,
            rules,
        )
        for own, rules in groups
    )


def verdict_line(verdict: Verdict, known: Mapping[str, Clause], lang: Lang) -> str:
    """Return a verdict in one line: code, number in its document, value, outcome."""
    measured = verdict.measured
    value = units.written(measured.value if measured else None, verdict.unit, lang, verdict.limit.values())
    number = known[verdict.code].number(lang) if verdict.code in known else ""
    words = (verdict.code, number, value, say(f"outcome.{verdict.outcome}", lang))
    return "  ".join(word for word in words if word)


def _rules(layer: Layer, frame: gpd.GeoDataFrame, lang: Lang) -> tuple[Rule, ...]:
    """Return a rule for every class of a layer's legend."""
    classes = legend(layer, frame, lang).classes
    rest = "ELSE" if len(classes) > 1 else ""
    return tuple(Rule(one.title, one.look, _expression(one.where) or rest) for one in classes)


def _expression(where: Sequence[Condition]) -> str:
    """Return conditions as an expression of QGIS."""
    return " AND ".join(_condition(*one) for one in where)


def _condition(what: str | tuple[str, str], sign: str, value: Any) -> str:
    if isinstance(what, tuple):
        return f"{column(what[0])} / {column(what[1])} {sign} {value:g}"
    if sign == "empty":
        return f"{column(what)} IS NULL"
    if sign == "is":
        return column(what) if value else f"NOT {column(what)}"
    if sign == "=":
        return equals(what, value)
    return between(what, value, None) if sign == ">=" else between(what, None, value)
