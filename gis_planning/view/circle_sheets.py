"""Gather the verdicts on circles of one rule document: the page they share, how they turned out, what comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis_planning.results.verdicts import OUTCOMES, Measured, Scorecard, Verdict
from gis_planning.texts import Lang
from gis_planning.view.sheets import COVERAGE_LAYERS, file_name, outcome_facts


@dataclass(frozen=True)
class CircleSheet:
    """The verdicts of one document that a circle page shows, and its file."""

    document: Mapping[str, Any]
    verdicts: tuple[Verdict, ...]
    file: str


def circle_sheets(scorecard: Scorecard) -> list[CircleSheet]:
    """Return the circle pages of a scorecard: one for each document of which anything can be drawn."""
    found = []
    for document in scorecard.documents:
        verdicts = tuple(verdict for verdict in scorecard.verdicts if verdict.document == document["id"])
        drawn = [
            verdict
            for verdict in verdicts
            if verdict.measured and not verdict.measured.layers.keys() >= COVERAGE_LAYERS
        ]
        if any(has_circles(one.measured) for one in drawn):
            found.append(CircleSheet(document, verdicts, file_name(str(document["id"]), set())))
    return found


def circle_tally(sheet: CircleSheet, lang: Lang) -> dict[str, Any]:
    """Return how the verdicts of a circle page turned out, for the page that links to it."""
    counts = [outcome_facts(one, lang) | {"count": count} for one, count in outcomes_of(sheet).items()]
    return {"file": sheet.file, "counts": counts}


def outcomes_of(sheet: CircleSheet) -> dict[str, int]:
    """Return how many verdicts of a circle page have each outcome, worst first."""
    outcomes = [verdict.outcome for verdict in sheet.verdicts]
    return {str(outcome): outcomes.count(outcome) for outcome in OUTCOMES if outcome in outcomes}


def shown_first(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict a page opens with: one over a list where there is one that failed, else the first measured."""
    measured = [verdict for verdict in verdicts if verdict.measured is not None] or list(verdicts)
    lists = [one for one in measured if one.settings.get("needs")]
    failed = [one for one in (*lists, *measured) if one.outcome == "fail"]
    return (failed or lists or measured)[0]


def has_circles(measured: Measured | None) -> bool:
    """Say whether a measurement can be drawn on a circle page."""
    return measured is not None and bool({"bands", "villages"} & measured.layers.keys())
