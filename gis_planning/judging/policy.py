"""Answer a policy on a county: every indicator measured or stated, held against its target where that is the county's.

A total of the region (R) is not a county's to meet, nor is a share of the counties (C): what the county adds is told.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from gis_planning.analysis import stated as tables
from gis_planning.conventions import EARLIER, KindTitle, delivered_as
from gis_planning.county.areas import AREA, AREAS, stands_for
from gis_planning.county.opened import County
from gis_planning.county.statistics import LAYER
from gis_planning.errors import NotAssessed
from gis_planning.judging.judge import check, decided
from gis_planning.judging.measuring import Progress
from gis_planning.judging.policies import ANSWERED, Article, Indicator, Policy, Target, policy
from gis_planning.judging.rulebook import Clause, chosen, load
from gis_planning.outputs.side_by_side import Beside
from gis_planning.results.ledger import Ledger
from gis_planning.results.policy import Answer, Answered, PolicyCard, State
from gis_planning.results.verdicts import Measured, Outcome, Stated, Verdict
from gis_planning.texts import LANGS, Lang, Spoken, Text, text

#: A row of a table that cannot be used is told by a sentence of these.
ROW = "statistics.row_"


def policy_for(county: County, name: str, as_of: str | None = None) -> tuple[Policy, tuple[Clause, ...]]:
    """Return a policy and the clauses of its indicators, with the figures in force on a day.

    Raises
    ------
    RuleError
        There is no such policy, or a document of rules cannot be used.
    """
    known = load(county.folder / "rules")
    found = policy(known, county.folder / "rules", name)
    stated = county.settings
    return found, chosen(known, rules=None, only=found.codes, as_of=as_of, confirmed=stated.confirmed)


def answer(
    county: County,
    asked: Policy,
    clauses: Sequence[Clause],
    *,
    as_of: str | None = None,
    known: Mapping[str, Verdict] | None = None,
    region: Mapping[str, Any] | None = None,
    keeps: bool = True,
    progress: Progress = lambda _: None,
    side: Beside | None = None,
    seen: Callable[[Verdict], None] = lambda _: None,
) -> PolicyCard:
    """Answer a policy.

    Parameters
    ----------
    asked
        The policy.
    clauses
        The clauses of its indicators, with the figures in force.
    known
        Verdicts that were made of the same county before, by code.
    region
        What a file says of the region, its totals by code under `totals`.
    as_of, keeps, progress, side, seen
        See `check`.

    Raises
    ------
    PlanningError
        An input or a rule cannot be used.
    """
    known = known or {}
    coded = {clause.code: clause for clause in clauses}
    left = [clause for clause in clauses if clause.code not in known]
    made = check(county, left, as_of=as_of, keeps=keeps, progress=progress, side=side, seen=seen)
    verdicts = {**known, **{verdict.code: verdict for verdict in made.verdicts}}
    scorecard = replace(made, verdicts=tuple(verdicts[code] for code in coded if code in verdicts))
    rows: Any = county.layer(LAYER) if county.has(LAYER) else None
    totals = {str(one["code"]): one for one in (region or {}).get("totals", ())}
    answering = _Answering(county, coded, verdicts, rows, totals)
    articles = tuple(answering.article(one) for one in asked.articles)
    articles = tuple(_with_share(article, asked, articles) for article in articles)
    shown = tuple(answering.shown.get(one.code, one) for one in scorecard.verdicts)
    told = [*answering.faults, *_unknown_rows(rows, coded, county), *_unknown_totals(region, asked)]
    warnings = tuple({one.to("en"): one for one in (*told, *made.warnings)}.values())
    ledger = {one.name: getattr(made, one.name) for one in fields(Ledger)}
    return PolicyCard(
        **ledger | {"warnings": warnings},
        policy=asked.document.model_dump(),
        articles=articles,
        scorecard=replace(scorecard, verdicts=shown),
        type=county.settings.type,
        region=region,
        rows=() if rows is None else tuple(rows.to_dict("records")),
    )


class _Answering:
    """Answers indicators one by one.

    `faults` are rows of the table that could not be used; `shown` are verdicts by the policy's targets, for maps: that
    of a target of every county before those that judge nothing.
    """

    def __init__(
        self,
        county: County,
        clauses: Mapping[str, Clause],
        verdicts: Mapping[str, Verdict],
        rows: Any,
        totals: Mapping[str, Any],
    ) -> None:
        self.county, self.clauses, self.verdicts, self.rows, self.totals = county, clauses, verdicts, rows, totals
        self.faults: list[Text] = []
        self.shown: dict[str, Verdict] = {}

    def article(self, article: Article) -> Answered:
        """Return an article with its answers; the scorecard's own follows."""
        answers = tuple(self.indicator(one) for one in article.indicators if one.is_ != ANSWERED)
        why = _spoken(article.untested) if article.why else None
        return Answered(article.number, _spoken(article.called), _spoken(article.asks), why, answers)

    def indicator(self, one: Indicator) -> Answer:
        """Return what an indicator says of the county."""
        clause = self.clauses[one.code]
        verdict = self.verdicts.get(one.code) or _without_projects(clause)
        if verdict.reason.key.startswith(ROW):
            self.faults.append(verdict.reason)
        stated, other = self._stated(clause, verdict), self.verdicts.get(one.measured)
        if other is None or other.measured is None or other.measured.value is None:
            return replace(self._answer(clause, one.target, verdict, stated), optional=one.optional)
        found = self._answer(self.clauses[one.measured], one.target, other, stated)
        # It is the same indicator: its name, and how grave it is to miss it, stay.
        found = replace(found, code=one.code, title=_spoken(clause.number), severity=clause.severity)
        return replace(found, by=one.measured, optional=one.optional)

    def _answer(self, clause: Clause, target: Target, verdict: Verdict, stated: tuple[Stated, ...]) -> Answer:
        """Return what a clause says of a county, and what a table states of the same."""
        measured = _up_to(verdict.measured, target.by)
        own = clause.family == LAYER
        state: State = "stated" if own else "measured"
        if measured is None or measured.value is None:
            chosen = _newest(stated, target.by)
            if chosen is None or own or verdict.outcome == "error":
                return self._without(clause, target, verdict, stated)
            measured, state = _of_row(chosen, clause, verdict), "stated"
        held = decided(replace(clause, limit=target.limit if target.kind in "EC" else {}), measured, self.county)
        last = measured.stated[-1] if measured.stated else None
        beside = _newest(stated, target.by) if state == "measured" else None
        met = held.outcome == "pass" if held.outcome in ("pass", "fail") else None
        if target.kind == "E" or clause.code not in self.shown:
            self.shown[clause.code] = replace(held, outcome=_outcome(held, target))
        return Answer(
            **_shared(clause, target, verdict),
            area=measured.area or _area(clause, self.county),
            state=state if measured.value is not None else "not-assessed",
            outcome=_outcome(held, target),
            because=held.reason if target.kind == "E" else text(f"policy.kind_{target.kind}"),
            value=measured.value,
            numerator=measured.numerator,
            denominator=measured.denominator,
            value_range=None if measured.bound == "exact" else measured.value_range,
            counted=measured.counted,
            gap=_gap(held, target),
            year=last.year if last else _year_of(clause, self.county),
            source=_source(last, clause, self.county),
            years=measured.stated or stated,
            beside=beside,
            contributes=_contributes(measured, clause, target) if target.kind == "R" else None,
            meets=met if target.kind == "C" else None,
            standard=_standard(clause, measured, self.county),
            region=self.totals.get(clause.code) if target.kind in "RC" else None,
            notes=measured.notes,
        )

    def _stated(self, clause: Clause, verdict: Verdict) -> tuple[Stated, ...]:
        """Return what the table states of a clause that layers measure as well; a row that cannot be used is told."""
        if clause.family == LAYER or self.rows is None:
            return verdict.measured.stated if verdict.measured else ()
        try:
            areas = dict.fromkeys((clause.area, _area(clause, self.county)))
            return tables.stated(self.rows, _names(clause), clause.unit, areas=tuple(areas))
        except NotAssessed as fault:
            self.faults.append(fault.reason)
            return ()

    def _without(self, clause: Clause, target: Target, verdict: Verdict, stated: tuple[Stated, ...]) -> Answer:
        """Return an answer without a value."""
        late = target.by is not None and bool(stated or (verdict.measured and verdict.measured.stated))
        reason = text("policy.later", by=target.by) if late else verdict.reason
        outcome: Outcome = verdict.outcome if verdict.outcome == "error" else "not-assessed"
        return Answer(
            **_shared(clause, target, verdict),
            area=clause.area,
            state="not-assessed",
            outcome="info" if target.kind in "RC" and outcome != "error" else outcome,
            applies=verdict.reason.key != tables.NOT_HERE,
            because=reason,
            years=stated,
            contributes={"value": None, "unit": clause.unit} if target.kind == "R" else None,
            standard=None if not clause.limit else {**_limits(clause), "outcome": "not-assessed"},
            region=self.totals.get(clause.code) if target.kind in "RC" else None,
            notes=verdict.measured.notes if verdict.measured else (),
        )


def _without_projects(clause: Clause) -> Verdict:
    """Return the verdict on what projects are held to, where a county delivers none."""
    return Verdict(
        code=clause.code,
        document=clause.document.id,
        measure=clause.measure,
        settings=clause.settings,
        severity=clause.severity,
        outcome="not-assessed",
        unit=clause.unit,
        limit=clause.limit,
        reason=text("county.not_delivered", layer=KindTitle("projects")),
    )


def _names(clause: Clause) -> tuple[str, ...]:
    return (clause.code, *dict.fromkeys(clause.numbers.values()))


def _spoken(say_in: Callable[[Lang], str]) -> Spoken:
    return Spoken({lang: say_in(lang) for lang in LANGS})


def _shared(clause: Clause, target: Target, verdict: Verdict) -> dict[str, Any]:
    return {
        "code": clause.code,
        "title": _spoken(clause.number),
        "text": _spoken(clause.text),
        "document": clause.document.id,
        "measure": clause.measure,
        "unit": clause.unit,
        "severity": clause.severity,
        "target": target.to_json(),
        "verdict": verdict,
    }


def _up_to(measured: Measured | None, by: int | None) -> Measured | None:
    """Return a stated number of the newest year not after the target's; what was measured stays."""
    if measured is None or not measured.stated or by is None:
        return measured
    series = tuple(one for one in measured.stated if one.year <= by)
    if not series:
        return None
    last = series[-1]
    return replace(
        measured,
        value=last.value,
        numerator=last.numerator,
        denominator=last.denominator,
        stated=series,
        notes=(tables.told(last),),
    )


def _newest(stated: Sequence[Stated], by: int | None) -> Stated | None:
    return next((one for one in reversed(stated) if by is None or one.year <= by), None)


def _of_row(row: Stated, clause: Clause, verdict: Verdict) -> Measured:
    """Return a stated number in place of one that could not be measured."""
    import geopandas as gpd  # noqa: PLC0415 - slow to import

    why = text("policy.instead", reason=verdict.reason)
    nothing = gpd.GeoDataFrame(geometry=[])
    return Measured(row.value, clause.unit, nothing, notes=(tables.told(row), why), stated=(row,))


def _outcome(held: Verdict, target: Target) -> Outcome:
    if held.outcome in ("error", "not-assessed"):
        return held.outcome if target.kind == "E" else "info"
    return held.outcome if target.kind == "E" else "info"


def _gap(held: Verdict, target: Target) -> float | None:
    """Return how far a county is below, or above, a number it is to reach; nothing where it is there."""
    if held.margin is None or target.kind not in "EC":
        return None
    return max(0.0, -held.margin)


def _contributes(measured: Measured, clause: Clause, target: Target) -> dict[str, Any]:
    """Return what the county adds to the region's total: its number, or what its share counts in the total's unit."""
    if target.unit is not None and target.unit != clause.unit and target.unit == measured.counted:
        return {"value": measured.numerator, "unit": target.unit}
    return {"value": measured.value, "unit": clause.unit}


def _limits(clause: Clause) -> dict[str, Any]:
    return {"document": clause.document.id, "limit": dict(clause.limit), "certainty": clause.certainty}


def _standard(clause: Clause, measured: Measured, county: County) -> dict[str, Any] | None:
    """Return the limit of the clause's own document and the outcome by it."""
    if not clause.limit:
        return None
    held = decided(clause, measured, county)
    outcome = held.outcome if clause.decides else "info"
    return {**_limits(clause), "outcome": outcome, "margin": held.margin}


def _year_of(clause: Clause, county: County) -> int | None:
    """Return the year that a clause's layers show: the earliest that is stated, else that of the county's data.

    What stood earlier is what that is compared with.
    """
    used = (layer for layer in clause.layers.values() if not layer.endswith(EARLIER))
    years = [table.year for layer in used if (table := county.tables.get(layer)) and table.year]
    date = str(county.settings.data_date or "")[:4]
    return min(years) if years else int(date) if date.isdigit() else None


def _area(clause: Clause, county: County) -> str:
    """Return what a rate was divided by: another area where the county does not deliver that of the clause."""
    if clause.area not in AREAS or not county.has(clause.area) or clause.family == LAYER:
        return clause.area
    frame: Any = county.layer(clause.area)
    return str(frame.attrs.get(AREA, clause.area))


def _source(row: Stated | None, clause: Clause, county: County) -> dict[str, Any]:
    """Return where a value comes from: the row of a table, or layers with their files."""
    if row is not None:
        return {"file": row.file, "row": row.row, **({"source": row.source} if row.source else {})}
    asked = (part for layer in clause.layers.values() for part in delivered_as(layer))
    used = dict.fromkeys(stands_for(county, one) or one if one in AREAS else one for one in asked)
    sources = {entry.layer: entry.source for entry in county.inputs}
    read = {layer: sources[layer] for layer in used if layer in sources}
    return {"file": next(iter(read.values()), None), "files": list(dict.fromkeys(read.values())), "layers": list(read)}


def _with_share(article: Answered, whole: Policy, articles: Sequence[Answered]) -> Answered:
    """Return an article with how much of the policy is answered, where that is what it asks for."""
    own = next(one for one in whole.articles if one.number == article.number)
    share = next((one for one in own.indicators if one.is_ == ANSWERED), None)
    if share is None:
        return article
    tested = [one for one in articles if one.state != "no-test"]
    answered = sum(one.state in ("measured", "stated") for one in tested)
    found = Answer(
        code=share.code,
        title=text("policy.answered"),
        text=text("policy.answered_text"),
        because=text("policy.kind_N"),
        document=whole.document.id,
        measure="policy.answered",
        unit="share",
        area="county",
        severity="error",
        target=share.target.to_json(),
        state="measured",
        outcome="info",
        value=answered / len(tested) if tested else None,
        numerator=float(answered),
        denominator=float(len(tested)),
        counted="articles",
    )
    return replace(article, answers=(*article.answers, found))


def _unknown_rows(rows: Any, clauses: Mapping[str, Clause], county: County) -> list[Text]:
    """Tell rows that name no clause of the policy and no input, and those for another area than a clause asks for."""
    if rows is None:
        return []
    areas = {code: {None, clause.area, _area(clause, county)} for code, clause in clauses.items()}
    asked = {name.casefold(): areas[code] for code, clause in clauses.items() for name in _names(clause)}
    known = {name: name for clause in clauses.values() for name in _names(clause)}
    known |= {name: name for key in tables.inputs() for name in tables.called(key)}
    there = {name.casefold() for name in known}
    file, told = str(rows.attrs["file"]), []
    named = [(str(row.indicator).casefold(), row) for row in rows.itertuples()]
    fit = {name for name, row in named if name in asked and not _elsewhere(row, file, asked[name])}
    for name, row in named:
        where = {"file": file, "row": row.row}
        if name not in there:
            near = difflib.get_close_matches(str(row.indicator), known, n=2, cutoff=0.6)
            key = "statistics.row_unknown_near" if near else "statistics.row_unknown"
            told.append(text(key, **where, indicator=row.indicator, near=near))
        elif name in fit and _elsewhere(row, file, asked[name]):
            # Where none fits, the indicator itself says so.
            told.append(text("statistics.row_elsewhere", **where, indicator=row.indicator, area=row.area))
    return told


def _elsewhere(row: Any, file: str, areas: Collection[str | None]) -> bool:
    """Say whether a row is stated for another area; one that is none is told where the row is used."""
    try:
        return tables.area_of(row, file) not in areas
    except NotAssessed:
        return False


def _unknown_totals(region: Mapping[str, Any] | None, asked: Policy) -> list[Text]:
    """Tell totals of a region that the policy sets no target of the region for."""
    wanted = {one.code for article in asked.articles for one in article.indicators if one.target.kind in "RC"}
    left = [str(one["code"]) for one in (region or {}).get("totals", ()) if str(one["code"]) not in wanted]
    return [text("policy.totals_left", codes=left)] if left else []
