"""Hold what was measured on every project against a clause; pure, one finding for each project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from gis_planning import geo
from gis_planning.conventions.activities import activity_of
from gis_planning.results import Finding, Measured, Outcome
from gis_planning.rulebook import Clause, ProjectRule
from gis_planning.texts import LANGS, Spoken, Text, text

if TYPE_CHECKING:
    import geopandas as gpd


def findings(clause: Clause, measured: Measured) -> tuple[Finding, ...]:
    """Judge every project of a measurement by a clause with a project rule, in their order."""
    assert clause.projects is not None  # noqa: S101 - the caller's promise, for the type checker
    parcels, patches = measured.layers["parcels"], measured.offenders
    of_parcel = patches.groupby("parcel").indices
    activities = parcels["activity"] if "activity" in parcels.columns else [None] * len(parcels)
    found = []
    for parcel, activity, row in zip(parcels.index, activities, parcels.to_dict("records"), strict=True):
        own = patches.iloc[of_parcel.get(parcel, np.zeros(0, dtype=np.intp))]
        said = activity_of(activity) if isinstance(activity, str) else None
        found.append(_finding(clause, clause.projects, row, own, said))
    return tuple(found)


def _finding(
    clause: Clause, rule: ProjectRule, row: Mapping[str, Any], patches: gpd.GeoDataFrame, activity: str | None
) -> Finding:
    limit = next(iter(clause.limit.values()), None)
    width, area = patches["width_m"].to_numpy(dtype=float), patches["area_m2"].to_numpy(dtype=float)

    def outcome(tolerance: tuple[float, float] | None) -> Outcome:
        excused = 0.0 if tolerance is None else float(area[(width < tolerance[0]) & (area < tolerance[1])].sum())
        return _outcome(rule, row, float(row["touched_m2"]) - excused, limit, activity)

    stated = None
    if rule.tolerance_width_m is not None and rule.tolerance_area_m2 is not None:
        stated = (rule.tolerance_width_m, rule.tolerance_area_m2)
    # Where the rule excuses nothing, the width of the label shows how near the verdict is to turning.
    label = (float(clause.settings["sliver_width_m"]), float(clause.settings["sliver_area_m2"]))
    now, doubled = outcome(stated), outcome(_twice(stated or label))
    return Finding(
        code=clause.code,
        outcome=now,
        outcome_zero=outcome(None),
        borderline=now != doubled,
        message=_message(rule, row, now),
    )


def _outcome(
    rule: ProjectRule, row: Mapping[str, Any], touched_m2: float, limit: float | None, activity: str | None
) -> Outcome:
    if row["unsure"]:
        return "not-assessed"
    if limit is None:
        return "info"
    if touched_m2 > limit:
        if activity is None:
            return rule.unknown
        if activity in rule.pass_for:
            return "pass"
        return "conditional" if activity in rule.conditional_for else rule.otherwise
    return "not-assessed" if row["unknown_m2"] > 0 or row["uncovered_m2"] > 0 else "pass"


def _message(rule: ProjectRule, row: Mapping[str, Any], outcome: Outcome) -> Text:
    if row["unsure"]:
        return text("redlines.unsure")
    if outcome == "not-assessed" and row["unknown_m2"] > 0:
        return text("redlines.unknown", area_m2=row["unknown_m2"])
    if outcome == "not-assessed":
        return text("redlines.uncovered", area_m2=row["uncovered_m2"])
    said: Outcome = "pass" if not row["touched_m2"] else "info" if outcome == "pass" else outcome
    area = float(row["touched_m2"])
    share = area / row["area_m2"] if row["area_m2"] else 0.0
    slots = {
        "area_m2": f"{area:,.2f}",
        "area_mu": f"{geo.to_mu(area):,.2f}",
        "area_ha": f"{geo.to_hectares(area):,.4f}",
        "share": f"{share:.2%}",
        "parcel_m2": f"{row['area_m2']:,.2f}",
    }
    return Spoken({lang: rule.sentence(said, lang).format(**slots) for lang in LANGS})


def _twice(tolerance: tuple[float, float]) -> tuple[float, float]:
    return 2 * tolerance[0], 2 * tolerance[1]
