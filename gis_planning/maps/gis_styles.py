"""Choose how the layers of a result look in QGIS: the colours of the pages, one heading for each clause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gis_planning import units
from gis_planning.judging.rulebook import Clause
from gis_planning.maps.layers import park_tiers, tier_title
from gis_planning.maps.qgis import Rule, between, column, equals
from gis_planning.results.review import Review
from gis_planning.results.verdicts import OUTCOMES, Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles

#: Where the classes of gaps begin, in m2.
GAP_CLASSES = (0.0, 1_000.0, 5_000.0, 10_000.0, 50_000.0)
#: Where the classes of coverage begin.
SHARE_CLASSES = (0.0, 0.2, 0.4, 0.6, 0.8)
#: Outcomes are told apart by their hatch as well.
HATCHES = {"fail": "stripes", "conditional": "counter", "not-assessed": "level", "error": "grid"}
#: How strong an outcome is filled.
OPACITY = 0.45


@dataclass(frozen=True)
class _Asked:
    """One layer of one verdict, to be given rules."""

    verdict: Verdict
    frame: gpd.GeoDataFrame
    lang: Lang


def result_styles(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> dict[str, tuple[Rule, ...]]:
    """Return the rules for each layer of the results of a check.

    Layers hold the features of all clauses, one over the other; every clause is a heading of its own, and of these only
    one is shown at first: the first that failed, else the first.
    """
    found: dict[str, list[tuple[Verdict, tuple[Rule, ...]]]] = {}
    for verdict in scorecard.verdicts:
        if verdict.measured is None:
            continue
        for name, frame in {"offenders": verdict.measured.offenders, **verdict.measured.layers}.items():
            if isinstance(frame, gpd.GeoDataFrame) and len(frame):
                asked = _Asked(verdict, frame, lang)
                found.setdefault(name, []).append((verdict, _LOOKS.get(name, _any)(asked)))
    return {name: _headed(groups, known, lang) for name, groups in found.items()}


def review_styles(review: Review, lang: Lang) -> dict[str, tuple[Rule, ...]]:
    """Return the rules for the layers of a review: projects and conflicts by outcome."""
    parcels = [parcel.outcome for parcel in review.parcels]
    patches = review.patches["outcome"].tolist() if len(review.patches) else []
    return {"parcels": _outcomes(parcels, lang), "patches": _outcomes(patches, lang)}


def _outcomes(found: Iterable[Any], lang: Lang) -> tuple[Rule, ...]:
    there = set(found)
    return tuple(
        Rule(say(f"review.outcome.{one}", lang), outcome_look(one), equals("outcome", one))
        for one in OUTCOMES
        if one in there
    )


def outcome_look(outcome: str) -> dict[str, Any]:
    """Return how land of an outcome looks: its colour, and its hatch for those who do not see that."""
    colour = styles()["outcome"][outcome]["colour"]
    look = {"fill": colour, "fill_opacity": OPACITY, "stroke": colour, "weight": 1.6}
    return look | ({"hatch": HATCHES[outcome]} if outcome in HATCHES else {})


def _headed(
    groups: list[tuple[Verdict, tuple[Rule, ...]]], known: Mapping[str, Clause], lang: Lang
) -> tuple[Rule, ...]:
    first = next((verdict for verdict, _ in groups if verdict.outcome == "fail"), groups[0][0])
    return tuple(
        Rule(verdict_line(verdict, known, lang), None, equals("code", verdict.code), verdict is first, rules)
        for verdict, rules in groups
    )


def verdict_line(verdict: Verdict, known: Mapping[str, Clause], lang: Lang) -> str:
    """Return a verdict in one line: code, number in its document, value, outcome."""
    measured = verdict.measured
    value = units.written(measured.value if measured else None, verdict.unit, lang, verdict.limit.values())
    number = known[verdict.code].number(lang) if verdict.code in known else ""
    words = (verdict.code, number, value, say(f"outcome.{verdict.outcome}", lang))
    return "  ".join(word for word in words if word)


def _one(look: str, title: str) -> Callable[[_Asked], tuple[Rule, ...]]:
    return lambda asked: (Rule(say(title, asked.lang), styles()["layer"][look]),)


def _any(asked: _Asked) -> tuple[Rule, ...]:
    return (Rule(asked.verdict.measure, styles()["layer"]["community"]),)


def _offenders(asked: _Asked) -> tuple[Rule, ...]:
    columns = asked.frame.columns
    if "rank" in columns:
        return _gaps(asked)
    if "label" in columns:
        looks = {"substantial": outcome_look("fail"), "unclear": outcome_look("conditional")}
        looks["boundary"] = outcome_look("not-assessed")
        return tuple(
            Rule(say(f"review.label.{label}", asked.lang), look, equals("label", label))
            for label, look in looks.items()
            if label in set(asked.frame["label"])
        )
    return (Rule(say("report.offenders", asked.lang), outcome_look("fail")),)


def _gaps(asked: _Asked) -> tuple[Rule, ...]:
    """Return the classes of gaps by area that hold any, largest first; the larger, the darker."""
    colours = styles()["ramp"]["lacking"]
    area = asked.frame["area_m2"].to_numpy(dtype=float)
    found = []
    for at, (low, high) in enumerate(pairwise((*GAP_CLASSES, None))):
        assert low is not None  # noqa: S101 - for the type checker; only the last bound is open
        if not ((area >= low) & (area < (np.inf if high is None else high))).any():
            continue
        look = styles()["layer"]["unserved"] | {"fill": colours[at]}
        title = _bounds(low / 10_000, None if high is None else high / 10_000, "gis.hectares", asked.lang)
        found.append(Rule(title, look, between("area_m2", low, high)))
    return tuple(reversed(found))


def _bounds(low: float, high: float | None, unit: str, lang: Lang) -> str:
    if high is None:
        return say("gis.from", lang, low=say(unit, lang, value=f"{low:,.4g}"))
    if not low:
        return say("gis.below", lang, high=say(unit, lang, value=f"{high:,.4g}"))
    return say("gis.between", lang, low=f"{low:,.4g}", high=say(unit, lang, value=f"{high:,.4g}"))


def _bands(asked: _Asked) -> tuple[Rule, ...]:
    """Return land by the distance to walk, or by how much of a list is near."""
    frame, ramp, lang = asked.frame, styles()["ramp"], asked.lang
    if "present" in frame.columns:
        counts = frame[["present", "wanted"]].drop_duplicates().sort_values("present")
        return tuple(
            Rule(
                say("circlemap.present", lang, present=int(present), wanted=int(wanted)),
                _painted(lacking_colour(int(wanted - present), int(wanted))),
                equals("present", float(present)),
            )
            for present, wanted in counts.itertuples(index=False)
        )
    found = []
    ends = frame[["from_m", "to_m"]].drop_duplicates().sort_values("from_m")
    for at, (low, high) in enumerate(ends.itertuples(index=False)):
        if pd.isna(high):
            title = say("circlemap.beyond", lang, low=f"{low:,.0f}")
            beyond = _painted(ramp["beyond"]) | {"hatch": "stripes", "stripe": ramp["stripe"]}
            found.append(Rule(title, beyond, f"{column('to_m')} IS NULL"))
        else:
            title = say("circlemap.band", lang, low=f"{low:,.0f}", high=f"{high:,.0f}")
            near = ramp["near"][min(at, len(ramp["near"]) - 1)]
            # Half a metre either side: a number written out and read again need not be the same to the last bit.
            found.append(Rule(title, _painted(near), between("to_m", high - 0.5, high + 0.5)))
    return tuple(found)


def lacking_colour(missing: int, wanted: int) -> str:
    """Return the colour for so many missing of so many."""
    ramp = styles()["ramp"]
    last = len(ramp["lacking"]) - 1
    return str(ramp["lacking"][(missing - 1) * last // max(wanted - 1, 1)] if missing else ramp["all"])


def _painted(colour: str) -> dict[str, Any]:
    return {"fill": colour, "fill_opacity": 0.85, "stroke": colour, "weight": 0}


def _homes(asked: _Asked) -> tuple[Rule, ...]:
    look = styles()["layer"]["home"]
    if "present" not in asked.frame.columns:
        return (Rule(say("circlemap.home", asked.lang), look),)
    counts = asked.frame[["present", "wanted"]].drop_duplicates().sort_values("present")
    return tuple(
        Rule(
            say("circlemap.present", asked.lang, present=int(present), wanted=int(wanted)),
            look | {"fill": lacking_colour(int(wanted - present), int(wanted)), "size": 1.6},
            equals("present", float(present)),
        )
        for present, wanted in counts.itertuples(index=False)
    )


def _communities(asked: _Asked) -> tuple[Rule, ...]:
    colours = styles()["ramp"]["near"][::-1]
    share = f"{column('covered_m2')} / {column('land_m2')}"
    look = {"fill_opacity": 0.8, "stroke": "#6c5f80", "weight": 1.4}
    rules = []
    for at, (low, high) in enumerate(pairwise((*SHARE_CLASSES, None))):
        assert low is not None  # noqa: S101 - for the type checker; only the last bound is open
        bounds = [f"{share} >= {low:g}", *([] if high is None else [f"{share} < {high:g}"])]
        title = _bounds(low * 100, None if high is None else high * 100, "gis.percent", asked.lang)
        rules.append(Rule(title, look | {"fill": colours[at]}, " AND ".join(bounds)))
    return (*reversed(rules), Rule(say("gis.no_homes", asked.lang), look | {"fill": "none"}, "ELSE"))


def _rings(asked: _Asked) -> tuple[Rule, ...]:
    near = styles()["ramp"]["near"]
    minutes = sorted(asked.frame["minutes"].unique())
    return tuple(
        Rule(
            say("circlemap.minutes", asked.lang, value=f"{one:g}"),
            {"fill": "none", "stroke": near[min(2 * at, len(near) - 1)], "weight": 2 - 0.4 * at},
            equals("minutes", float(one)),
        )
        for at, one in enumerate(minutes)
    )


def _facilities(asked: _Asked) -> tuple[Rule, ...]:
    look = styles()["layer"]["facility"]
    quiet = {"fill": "#d8d3c8", "stroke": "#66615a", "weight": 1.2, "shape": "cross_fill"}
    return tuple(
        Rule(say(f"circlemap.status_{one}", asked.lang), look if one == "counts" else quiet, equals("status", one))
        for one in sorted(asked.frame["status"].unique(), key=lambda one: (one != "counts", one))
    )


def _villages(asked: _Asked) -> tuple[Rule, ...]:
    covered = styles()["layer"]["village"]
    return (
        Rule(say("gis.in_time", asked.lang), covered, column("covered")),
        Rule(say("gis.not_in_time", asked.lang), outcome_look("fail"), f"NOT {column('covered')}"),
    )


def _parks(asked: _Asked) -> tuple[Rule, ...]:
    """Return the tiers of parks as the pages draw them, told apart by what the layer says of each park."""
    frame, looks = asked.frame, styles()["layer"]
    tiers = park_tiers(frame, asked.verdict.settings)
    found = []
    for tier in ("large", "small", "historic"):
        own = frame[tiers == tier]
        if not len(own):
            continue
        radii, areas = own["radius_m"].to_numpy(dtype=float), own["area_m2"].to_numpy(dtype=float)
        where = [equals("status", "serves"), between("radius_m", radii.min() - 0.5, radii.max() + 0.5)]
        where.append(between("area_m2", areas.min() - 0.001, areas.max() + 0.001))
        found.append(Rule(tier_title(tier, own, asked.lang), looks[f"parks_{tier}"], " AND ".join(where)))
    if (tiers == "too_small").any():
        title = tier_title("too_small", frame[tiers == "too_small"], asked.lang)
        found.append(Rule(title, looks["parks_too_small"], equals("status", "too_small")))
    return (*found, Rule(tier_title("excluded", frame, asked.lang), looks["parks_excluded"], "ELSE"))


def _gates(asked: _Asked) -> tuple[Rule, ...]:
    looks = {"attached": styles()["layer"]["gates"], "unattached": outcome_look("fail") | {"shape": "cross_fill"}}
    return tuple(
        Rule(say(f"map.gate_{status}", asked.lang), look, equals("status", status)) for status, look in looks.items()
    )


def _parcels(asked: _Asked) -> tuple[Rule, ...]:
    touched, unsure = column("touched_m2"), column("unsure")
    clear = {"fill": "none", "stroke": styles()["outcome"]["pass"]["colour"], "weight": 1}
    return (
        Rule(say("gis.touched", asked.lang), outcome_look("conditional"), f"NOT {unsure} AND {touched} > 0"),
        Rule(say("gis.unsure", asked.lang), outcome_look("not-assessed"), unsure),
        Rule(say("gis.clear", asked.lang), clear, "ELSE"),
    )


_LOOKS: Mapping[str, Callable[[_Asked], tuple[Rule, ...]]] = {
    "offenders": _offenders,
    "served": _one("served", "map.served"),
    "unserved": _one("unserved", "map.unserved"),
    "service_areas": _one("service_areas", "map.service_areas"),
    "detour_gap": _one("detour_gap", "map.detour_gap"),
    "unattached": _one("unattached", "gis.unattached"),
    "bands": _bands,
    "homes": _homes,
    "communities": _communities,
    "rings": _rings,
    "facilities": _facilities,
    "villages": _villages,
    "parks": _parks,
    "gates": _gates,
    "parcels": _parcels,
}
