"""Judge clauses on a county: call each measure with its layers, hold the value against the limit, guard every call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gis_planning import geo
from gis_planning.analysis.derived import asked
from gis_planning.conventions import delivered_as
from gis_planning.county.opened import County
from gis_planning.errors import InputError, NotAssessed, RuleError
from gis_planning.judging.ahead import measure_ahead
from gis_planning.judging.beneath import beneath
from gis_planning.judging.doubts import Doubt, doubt_of, doubt_places, held_back, with_doubt
from gis_planning.judging.findings import findings
from gis_planning.judging.measuring import Failed, Measuring, Progress, entries
from gis_planning.judging.rulebook import Clause, chosen, load
from gis_planning.judging.scores import scored, weighing_of
from gis_planning.outputs.side_by_side import Beside
from gis_planning.results.compared import compare_check
from gis_planning.results.faults import faults_of
from gis_planning.results.review import worst
from gis_planning.results.verdicts import OUTCOMES, Measured, Outcome, QualityScore, Scorecard, Verdict
from gis_planning.texts import LANGS, Spoken, Text, text
from gis_planning.units import written

if TYPE_CHECKING:
    import geopandas as gpd

M2_PER_KM2 = 1_000_000.0


def check(
    county: County,
    clauses: Iterable[Clause],
    *,
    as_of: str | None = None,
    old: Path | None = None,
    keeps: bool = True,
    progress: Progress = lambda _: None,
    side: Beside | None = None,
    seen: Callable[[Verdict], None] = lambda _: None,
) -> Scorecard:
    """Judge a county by some clauses.

    Parameters
    ----------
    as_of
        The day whose rules count, for the record; today where left out.
    old
        The results folder of an earlier run to compare with.
    keeps
        Whether what is worked out is kept in the user's cache, and taken from it.
    progress
        Is told what is being done.
    side
        Processes that measure some of the clauses, which needs the cache. The county is then that of its folder.
    seen
        Is told each verdict once, as soon as it is there.

    Raises
    ------
    PlanningError
        An input or a rule cannot be used. A fault of our own code never raises; it becomes an `error` verdict.
    """
    clauses = _for_county(tuple(clauses), county)
    measuring = Measuring(county, keeps=keeps, progress=progress)
    doubt_places(county, clauses)
    verdicts = _judged(clauses, measuring, side if keeps else None, seen, progress)
    delivered = [clause for clause in clauses if clause.family == "quality"]
    towns = _towns(county) if delivered else None
    looked_at = dict.fromkeys(layer for clause in delivered for layer in clause.layers.values())
    laid = beneath(county, [layer for layer in looked_at if layer not in county.opened()])
    written_down = entries(county, clauses, as_of)
    faults = faults_of(verdicts, written_down["crs"], towns)
    compared = compare_check(verdicts, old, faults) if old else None
    elsewhere = compared.elsewhere(county.name, county.settings.code) if compared else ()
    warnings = (*written_down["warnings"], *elsewhere)
    return Scorecard(
        **written_down | {"context": laid | written_down["context"], "warnings": warnings},
        verdicts=verdicts,
        compared=compared,
        faults=faults if compared is None or compared.faults is None or faults is None else compared.faults,
        quality=_scores(verdicts, clauses, county, towns),
    )


def _scores(
    verdicts: Sequence[Verdict], clauses: Iterable[Clause], county: County, towns: gpd.GeoDataFrame | None
) -> tuple[QualityScore, ...]:
    """Return the scores of delivered databases, by what was looked at: features by document, and the county's area."""
    stated, delivered = county.quality, {entry.layer: entry.features for entry in county.inputs}
    looked_at: dict[str, set[str]] = {}
    for clause in clauses:
        if clause.family == "quality":
            looked_at.setdefault(clause.document.id, set()).update(clause.layers.values())
    area = None
    if stated.per == "km2" and towns is not None:
        area = float(geo.ellipsoid_area(towns.geometry.to_numpy(), towns.crs).sum()) / M2_PER_KM2
    weighing = weighing_of(
        stated.edition, stated.weights, caps=stated.caps, per=stated.per, adjustment=stated.adjustment
    )
    features = {document: sum(delivered.get(one, 0) for one in layers) for document, layers in looked_at.items()}
    return scored(verdicts, weighing, features=features, area_km2=area)


def _towns(county: County) -> gpd.GeoDataFrame | None:
    """Return the towns, by which faults are sorted; None where they were not delivered, or are not fit for it."""
    if county.has("districts"):
        with suppress(NotAssessed, InputError):
            return county.layer("districts")
    return None


def _judged(
    clauses: Sequence[Clause],
    measuring: Measuring,
    side: Beside | None,
    seen: Callable[[Verdict], None],
    progress: Progress,
) -> tuple[Verdict, ...]:
    """Return the verdicts on all clauses, some of them measured by other processes."""
    coded = {clause.code: clause for clause in clauses}
    found: dict[str, Verdict] = {}
    begun: set[str] = set()

    def begin(code: str) -> None:
        if code not in begun:
            begun.add(code)
            progress(text("judge.clause", done=len(begun), of=len(clauses), code=code, measure=coded[code].measure))

    def one(code: str) -> None:
        begin(code)
        if code not in found:
            found[code] = judge(coded[code], measuring)
            seen(found[code])

    # What is read is told in the order of the clauses, whoever measures them.
    _read_for(clauses, measuring.county)
    if side is not None:
        side.step()
        measure_ahead(clauses, measuring, side, own=one, told=begin)
    for code in coded:
        one(code)
    return tuple(found[code] for code in coded)


def _read_for(clauses: Iterable[Clause], county: County) -> None:
    """Read the layers that clauses take, those that are there; what is wrong with one is told by its clause."""
    taken = (
        layer
        for clause in clauses
        if clause.family != "quality"
        for layer in dict.fromkeys(clause.layers.get(name, name) for name in asked(clause.function).layers)
    )
    # Networks are built when they are needed, here or elsewhere.
    parts = (part for layer in taken for part in delivered_as(layer))
    for layer in dict.fromkeys(parts):
        if county.has(layer):
            with suppress(NotAssessed, InputError):
                county.layer(layer)


def clauses_for(county: County, only: Iterable[str] = (), as_of: str | None = None) -> tuple[Clause, ...]:
    """Return the clauses a county is judged by on a day: those it names, or all documents that count.

    Rule documents, measure families or codes of clauses (`only`) narrow them.

    Raises
    ------
    RuleError
        A document or clause cannot be used, or none was in force on the day.
    """
    stated = county.settings
    known = load(county.folder / "rules")
    clauses = chosen(known, rules=stated.rules, only=only, as_of=as_of, confirmed=stated.confirmed)
    if only and not clauses and not as_of:
        asleep = {one.document.id for one in known if not {one.family, one.document.id}.isdisjoint(only)}
        raise RuleError("rules.only_named", names=list(only), documents=sorted(asleep))
    if as_of and not clauses:
        # Without a clause nothing fails: that must not look like a county that meets everything.
        raise RuleError("rules.none_in_force", day=as_of)
    return clauses


def _for_county(clauses: tuple[Clause, ...], county: County) -> tuple[Clause, ...]:
    """Leave out what is asked of projects or delivered databases where there are none, unless nothing else is asked."""
    kept = tuple(
        clause
        for clause in clauses
        if (clause.projects is None or county.has("projects"))
        and (clause.document.subject == "county" or county.from_database)
    )
    return kept or clauses


def judge(clause: Clause, measuring: Measuring) -> Verdict:
    """Judge one clause on a county; see `check`."""
    measured, county = measuring.of(clause), measuring.county
    if isinstance(measured, Failed):
        return _verdict(clause, measured.outcome, measured.reason)
    held = decided(clause, with_doubt(measured, doubt_of(clause, county)), county)
    if not clause.limit or held.outcome == "not-assessed":
        return held
    if not clause.decides:
        return replace(held, outcome="info", reason=text("judge.from_memory", code=clause.code))
    # Where all of a document has to be confirmed, its name says so.
    marked = clause.certainty == "to-confirm" != clause.document.certainty
    return replace(held, reason=text("judge.to_confirm", said=held.reason)) if marked else held


def decided(clause: Clause, measured: Measured, county: County) -> Verdict:
    """Return what a clause's limit makes of a measurement that knows what its layers lost."""
    return _in_doubt(_held_against_limit(clause, measured, county), doubt_of(clause, county), clause)


def _in_doubt(verdict: Verdict, doubt: Doubt | None, clause: Clause) -> Verdict:
    """Return a verdict, held back where it would not stand with what its layers lost."""
    if doubt is None:
        return verdict
    # What follows for each project has been held back one by one; what is left are projects that were lost themselves.
    falls = verdict.outcome in doubt.falls and (clause.projects is None or verdict.outcome == "pass")
    if falls or not doubt.number:
        measured = verdict.measured if doubt.number else None
        return replace(verdict, outcome="not-assessed", reason=doubt.reason, measured=measured)
    return verdict


def _held_against_limit(clause: Clause, measured: Measured, county: County) -> Verdict:
    value = measured.value
    if value is None:
        return _verdict(clause, "not-assessed", measured.undecided or text("judge.undecided"), measured)
    if not clause.limit:
        return _verdict(clause, "info", text("judge.info"), measured)
    key, limit = next(iter(clause.limit.items()))
    if clause.projects is not None:
        lines = doubt_of(clause, county, without=frozenset({"projects"}))
        outcomes = [one.outcome for one in held_back(findings(clause, measured), lines)]
        reason = text(
            "judge.projects", counts=_counted([outcome for outcome in OUTCOMES if outcome in outcomes], outcomes)
        )
        return _verdict(clause, worst(outcomes), reason, measured, limit - value)
    margin = value - limit if key in ("at_least", "more_than") else limit - value
    low, high = measured.value_range or (value, value)
    met = _meets(low, key, limit)
    if met != _meets(high, key, limit):
        reason = text("judge.open", low=_said(low, clause.unit, limit), high=_said(high, clause.unit, limit))
        return _verdict(clause, "not-assessed", reason, measured, margin)
    return _verdict(clause, "pass" if met else "fail", text("judge.met" if met else "judge.missed"), measured, margin)


def _counted(kinds: list[Outcome], outcomes: list[Outcome]) -> list[Text]:
    return [text("judge.projects_of", outcome=text(f"outcome.{kind}"), count=outcomes.count(kind)) for kind in kinds]


def _meets(value: float, key: str, limit: float) -> bool:
    return {
        "at_least": value >= limit,
        "more_than": value > limit,
        "at_most": value <= limit,
        "less_than": value < limit,
    }[key]


def _said(value: float, unit: str, limit: float) -> Spoken:
    return Spoken({lang: written(value, unit, lang, [limit]) for lang in LANGS})


def _verdict(
    clause: Clause, outcome: Outcome, reason: Text, measured: Measured | None = None, margin: float | None = None
) -> Verdict:
    return Verdict(
        code=clause.code,
        document=clause.document.id,
        measure=clause.measure,
        settings=clause.settings,
        severity=clause.severity,
        outcome=outcome,
        unit=clause.unit,
        limit=clause.limit,
        reason=reason,
        margin=margin,
        measured=measured,
    )
