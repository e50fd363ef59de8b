"""Score a delivered database by its faults, as quality inspection of surveying products does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gis_planning.conventions import facts
from gis_planning.results.faults import is_quality
from gis_planning.results.verdicts import QualityScore, Verdict

FULL = 100.0
#: A score rests on at least this share of the checks that count; of fewer it would be no score of the database.
LEAST_MADE = 0.5


#: What faults of features are counted per.
Per = Literal["feature", "km2"]


@dataclass(frozen=True)
class Weighing:
    """What faults cost: points and most points by class, what they are counted per, and what all is divided by."""

    weights: Mapping[str, float]
    caps: Mapping[str, float]
    per: Per = "feature"
    adjustment: float = 1.0


def weighing_of(
    edition: str | None,
    weights: Mapping[Any, float],
    *,
    caps: Mapping[Any, float],
    per: Per | None,
    adjustment: float,
) -> Weighing:
    """Return how faults are weighed: by an edition and our own figures, with what a county states instead."""
    table = facts("defects")
    return Weighing(
        dict(table["weights"][edition or table["edition"]]) | dict(weights),
        dict(table["caps"]) | dict(caps),
        per or table["per"],
        adjustment,
    )


def scored(
    verdicts: Iterable[Verdict],
    weighing: Weighing,
    *,
    features: Mapping[str, int],
    area_km2: float | None = None,
) -> tuple[QualityScore, ...]:
    """Return the score of each document that was judged by measures of the family `quality`.

    A score is 100 less what the defects of each class take off, and never below 0. A fault of a whole table costs the
    weight of its class, faults of features that weight by how many there are per unit (100 features, or a km2); a class
    takes off no more than its cap; and all is divided by the adjustment for how complex the product is. The class of a
    fault is that of its clause's severity. Checks that are for comparison cost nothing, nor do those that could not be
    assessed. Of the others at least half have to be made, else there is no score.

    Parameters
    ----------
    verdicts
        Of any documents; others are left out.
    weighing
        What faults cost.
    features
        By document, how many features were looked at.
    area_km2
        The area of the county; where it is not known faults are counted per feature.

    Notes
    -----
    Source: GB/T 24356, scoring by defects; editions and programs differ in their weights. Counting per unit, and the
    caps, are ours.
    """
    per = weighing.per if weighing.per == "feature" or area_km2 else "feature"
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if is_quality(verdict):
            found.setdefault(verdict.document, []).append(verdict)
    return tuple(
        _score(document, own, weighing, per, float(features.get(document, 0) if per == "feature" else area_km2 or 0.0))
        for document, own in found.items()
    )


def _score(document: str, own: list[Verdict], weighing: Weighing, per: Per, amount: float) -> QualityScore:
    """Return the score of one document; `amount` is how many features were looked at, or km2."""
    table = facts("defects")
    counts = dict.fromkeys(table["classes"].values(), 0)
    whole, left_out = dict(counts), 0
    units = max(1.0, amount / table["units"][per])
    for verdict in own:
        if verdict.outcome != "fail" or verdict.measured is None:
            continue
        count, tables = _counted(verdict)
        if verdict.severity == "warning":
            left_out += count
            continue
        counts[table["classes"][verdict.severity]] += count
        whole[table["classes"][verdict.severity]] += tables
    taken = {
        name: min(
            weighing.caps.get(name, FULL),
            weighing.weights.get(name, 0.0) * (whole[name] + (count - whole[name]) / units),
        )
        for name, count in counts.items()
    }
    unassessed = sum(verdict.outcome in ("not-assessed", "error") for verdict in own)
    counting = [verdict for verdict in own if verdict.severity != "warning"]
    made = sum(verdict.outcome not in ("not-assessed", "error") for verdict in counting)
    enough = made > 0 and made >= LEAST_MADE * len(counting)
    score = max(0.0, FULL - sum(taken.values()) / weighing.adjustment) if enough else None
    return QualityScore(
        document=document,
        score=score,
        counts=counts,
        weights=dict(weighing.weights),
        adjustment=weighing.adjustment,
        clauses=len(own),
        unassessed=unassessed,
        checks=len(counting),
        made=made,
        whole=whole,
        caps=dict(weighing.caps),
        taken=taken,
        per=per,
        amount=amount,
        units=units,
        left_out=left_out,
    )


def _counted(verdict: Verdict) -> tuple[int, int]:
    """Return how many faults a verdict counts, and how many of them are of a whole table."""
    assert verdict.measured is not None  # noqa: S101 - the caller's promise, for the type checker
    if verdict.unit != "count":
        return 1, 1  # a sum that is not what it should be, whatever it is told in
    offenders = verdict.measured.offenders
    count = int(verdict.measured.value or 0)
    return count, min(count, int((offenders["feature"].isna() & offenders.geometry.isna()).sum()))
