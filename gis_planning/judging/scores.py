"""Score a delivered database by its faults, as quality inspection of surveying products does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gis_planning.conventions import facts
from gis_planning.results.verdicts import QualityScore, Verdict

FULL = 100.0


def weights_of(edition: str | None, stated: Mapping[Any, float]) -> dict[str, float]:
    """Return the points that a defect of each class costs: those of an edition, with what a county states instead."""
    table = facts("defects")
    return dict(table["weights"][edition or table["edition"]]) | dict(stated)


def scored(
    verdicts: Iterable[Verdict], weights: Mapping[str, float], adjustment: float = 1.0
) -> tuple[QualityScore, ...]:
    """Return the score of each document that was judged by measures of the family `quality`.

    A score is 100 less the weight of every fault, divided by the adjustment for how complex the product is, and never
    below 0. The class of a fault is that of its clause's severity. Clauses that could not be assessed cost nothing and
    are counted, for a score of half the checks is no score of the database.

    Parameters
    ----------
    verdicts
        Of any documents; others are left out.
    weights
        Points by class.
    adjustment
        The coefficient of complexity (t); 1 is none.

    Notes
    -----
    Source: GB/T 24356, scoring by defects; editions and programs differ in their weights.
    """
    classes = facts("defects")["classes"]
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.measure.startswith("quality."):
            found.setdefault(verdict.document, []).append(verdict)
    scores = []
    for document, own in found.items():
        counts = dict.fromkeys(classes.values(), 0)
        for verdict in own:
            if verdict.outcome == "fail" and verdict.measured is not None:
                counts[classes[verdict.severity]] += int(verdict.measured.value or 0)
        lost = sum(weights.get(name, 0.0) * count for name, count in counts.items()) / adjustment
        unassessed = sum(verdict.outcome in ("not-assessed", "error") for verdict in own)
        score = max(0.0, FULL - lost) if unassessed < len(own) else None
        scores.append(QualityScore(document, score, counts, dict(weights), adjustment, len(own), unassessed))
    return tuple(scores)
