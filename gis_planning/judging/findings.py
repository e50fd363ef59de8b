"""Hold what was measured on every project against a clause; pure, one finding for each project."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_planning import units
from gis_planning.conventions.activities import activity_of
from gis_planning.judging.rule_tables import ProjectRule
from gis_planning.judging.rulebook import Clause
from gis_planning.results.review import worst
from gis_planning.results.verdicts import Finding, Measured, Outcome
from gis_planning.texts import LANGS, Spoken, Text, text

#: What of a measured project a finding depends on; it is clear where the last three are nothing.
_OPEN = ("touched_m2", "unknown_m2", "uncovered_m2")
_ASKED = ("area_m2", "net_m2", "unsure", *_OPEN)
_NONE = np.zeros(0, dtype=np.intp)


def findings(clause: Clause, measured: Measured) -> tuple[Finding, ...]:
    """Judge every project of a measurement by a clause with a project rule, in their order."""
    assert clause.projects is not None  # noqa: S101 - the caller's promise, for the type checker
    parcels, patches = measured.layers["parcels"], measured.offenders
    of_parcel = patches.groupby("parcel").indices
    activities = parcels["activity"] if "activity" in parcels.columns else [None] * len(parcels)
    width, area = patches["width_m"].to_numpy(dtype=float), patches["area_m2"].to_numpy(dtype=float)
    known = {activity: activity_of(activity) for activity in set(activities) if isinstance(activity, str)}
    columns = zip(*(parcels[name].tolist() for name in _ASKED), strict=True)
    rows = (dict(zip(_ASKED, values, strict=True)) for values in columns)
    found: list[Finding] = []
    # Of land that touches nothing and that all is known of, all there is to say is the same, unless it tells its area.
    alike = not any("{" in clause.projects.sentence("pass", lang) for lang in LANGS)
    clear: Finding | None = None
    for parcel, activity, row in zip(parcels.index, activities, rows, strict=True):
        own = of_parcel.get(parcel)
        spotless = alike and own is None and not (row["unsure"] or any(row[name] for name in _OPEN))
        if spotless and clear is not None:
            found.append(clear)
            continue
        at = _NONE if own is None else own
        said = known.get(activity) if isinstance(activity, str) else None
        found.append(_finding(clause, clause.projects, row, (width[at], area[at]), said))
        if spotless:
            clear = found[-1]
    return tuple(found)


def _finding(
    clause: Clause,
    rule: ProjectRule,
    row: Mapping[str, Any],
    pieces: tuple[NDArray[np.float64], NDArray[np.float64]],
    activity: str | None,
) -> Finding:
    """Judge one project; `pieces` are the widths and the areas of what it takes."""
    limit = next(iter(clause.limit.values()), None) if clause.decides else None
    touched = float(row["touched_m2"])
    width, area = pieces

    def outcome(tolerance: tuple[float, float] | None) -> Outcome:
        return _outcome(rule, row, touched - excused(tolerance), limit, activity)

    def excused(tolerance: tuple[float, float] | None) -> float:
        return 0.0 if tolerance is None else float(area[(width < tolerance[0]) & (area < tolerance[1])].sum())

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
        message=_message(
            rule,
            row,
            _of_touched(rule, touched - excused(stated), limit, activity),
            list(clause.settings.get("where") or ()),
        ),
    )


def _outcome(
    rule: ProjectRule, row: Mapping[str, Any], touched_m2: float, limit: float | None, activity: str | None
) -> Outcome:
    """Return the worst of what follows for the land that was looked at, and of land that nobody could look at."""
    if row["unsure"]:
        return "not-assessed"
    found = _of_touched(rule, touched_m2, limit, activity)
    # Features that do not say whether the clause counts for them can bring no worse than what it found already; of land
    # beyond the data nobody has looked at all.
    open_ = row["uncovered_m2"] > 0 or (row["unknown_m2"] > 0 and not _breaks(touched_m2, limit))
    return worst([found, "not-assessed"]) if open_ else found


def _breaks(touched_m2: float, limit: float | None) -> bool:
    return limit is not None and touched_m2 > limit


def _of_touched(rule: ProjectRule, touched_m2: float, limit: float | None, activity: str | None) -> Outcome:
    if limit is None:
        return "info"
    if not _breaks(touched_m2, limit):
        return "pass"
    if activity is None:
        return rule.unknown
    if activity in rule.pass_for:
        return "pass"
    return "conditional" if activity in rule.conditional_for else rule.otherwise


def _message(rule: ProjectRule, row: Mapping[str, Any], found: Outcome, fields: list[str]) -> Text:
    """Return what is said of the land that was looked at, then of the land that nobody could look at.

    `fields` are those of the line by which its features count.
    """
    if row["unsure"]:
        return text("redlines.unsure")
    area, unknown, uncovered = (float(row[name]) for name in ("touched_m2", "unknown_m2", "uncovered_m2"))
    said: list[Text] = []
    if area or not (unknown or uncovered):
        kind: Outcome = "pass" if not area else "info" if found == "pass" else found
        share = area / row["area_m2"] if row["area_m2"] else 0.0
        slots = {
            "area_m2": units.bare(area, "land_m2"),
            "area_mu": units.bare(area, "land_mu"),
            "area_ha": units.bare(area, "land_ha"),
            "share": f"{share:.2%}",
            "parcel_m2": units.bare(row["area_m2"], "land_m2"),
        }
        said.append(Spoken({lang: rule.sentence(kind, lang).format(**slots) for lang in LANGS}))
    net = float(row["net_m2"])
    if area and not math.isnan(net):
        said.append(text("redlines.net", net_m2=units.bare(net, "land_m2"), net_mu=units.bare(net, "land_mu")))
    said += [text("redlines.unknown", area_m2=units.bare(unknown, "land_m2"), fields=fields)] if unknown else []
    said += [text("redlines.uncovered", area_m2=units.bare(uncovered, "land_m2"))] if uncovered else []
    return Spoken({lang: ("" if lang == "zh" else " ").join(one.to(lang) for one in said) for lang in LANGS})


def _twice(tolerance: tuple[float, float]) -> tuple[float, float]:
    return 2 * tolerance[0], 2 * tolerance[1]
