"""Show a scorecard as one page: what was found, where, against what, and from which data."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from urllib.parse import quote

import geopandas as gpd
import pandas as pd

from gis_planning import units
from gis_planning.conventions import kind_title
from gis_planning.judging.rulebook import Clause, method_note
from gis_planning.maps.layers import park_name
from gis_planning.maps.print.sketch import sketch
from gis_planning.maps.templates import policy, render
from gis_planning.reports import fault_list
from gis_planning.reports.headlines import headlines
from gis_planning.reports.unassessed import unassessed
from gis_planning.results.compared import Comparison
from gis_planning.results.faults import is_quality
from gis_planning.results.papers import document_cited, document_name, document_title, topic
from gis_planning.results.verdicts import OUTCOMES, Measured, QualityScore, Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view import compared, numbers, quality
from gis_planning.view.brief import brief
from gis_planning.view.circle_sheets import CircleSheet, circle_tally
from gis_planning.view.outcomes import by_outcome, judged_first
from gis_planning.view.roles import Shown, by_role, offenders
from gis_planning.view.sheets import Sheet, gauge, outcome_facts, profile, reach, side_by_side
from gis_planning.view.told import category

PATCHES_SHOWN = 12
PARKS_SHOWN = 30
#: Clauses named on a card.
LOWEST = 5
#: Columns by which the page tells how far each park serves.
SERVES = {"area_m2", "radius_m", "serves_m2", "only_m2", "merged"}
#: What stands before a value that is only a bound, where there is no room for a word.
_BOUNDS = {"upper": "≤ ", "lower": "≥ "}
_NO_POLICY = "<!--policy-->"


def landing_page(
    scorecard: Scorecard,
    sheets: list[Sheet],
    circles: list[CircleSheet],
    clauses: Iterable[Clause],
    lang: Lang,
    *,
    papers: Collection[str] = (),
) -> str:
    """Return the landing page as HTML; it needs no script and makes no request. `papers` are files beside it."""
    documents = {str(table["id"]): _document(table, lang) for table in scorecard.documents}
    texts = {clause.code: clause for clause in clauses}
    pages = _pages(sheets, circles)
    years = {one.code: sheet.years_address() for sheet in sheets for one in sheet.verdicts}
    drawn = next((sheet for sheet in sheets if sheet.file), None)
    paged = [_sheet(sheet, documents, scorecard.context, lang) for sheet in sheets if sheet.file]
    others = _others(scorecard, sheets, circles, documents, texts, lang)
    html = render(
        __package__,
        "landing.html.j2",
        lang,
        policy=_NO_POLICY,
        county=scorecard.name,
        title=numbers.shortened(scorecard.name, 120),
        note=scorecard.note and scorecard.note.to(lang),
        code=scorecard.code,
        data_date=scorecard.data_date or say("map.no_date", lang),
        crs=scorecard.crs,
        as_of=scorecard.as_of,
        tally=_tally(scorecard, lang),
        verdict_count=len(scorecard.verdicts),
        has_faults=scorecard.faults is not None,
        report=quality.report_title(scorecard, lang),
        has_list=any(map(is_quality, scorecard.verdicts)),
        papers=papers,
        sketch=sketch(scorecard, drawn.measured, lang) if drawn else None,
        beside=_beside(sheets, documents, lang),
        headlines=headlines(scorecard, sheets, circles, texts, lang),
        circles=[_circle(circle, documents, texts, lang) for circle in circles],
        judging=_cards(paged[1:], others, judge=True),
        measuring=_cards(paged[1:], others, judge=False),
        sheets=paged,
        lines=[_told_line(sheet, texts, lang) for sheet in sheets if _unpaged(sheet, pages)],
        verdicts=[
            _verdict(verdict, documents, texts.get(verdict.code), pages.get(verdict.code), lang)
            | {"years": years.get(verdict.code)}
            for verdict in scorecard.verdicts
        ],
        blank=[{"document": documents[id_], "count": count} for id_, count in _blank(scorecard).items()],
        gaps=unassessed(scorecard, texts, lang),
        mended=quality.mended(scorecard, lang),
        faults=fault_list.most(scorecard, texts, lang),
        compared=_compared(scorecard.compared, scorecard.verdicts, texts, lang) if scorecard.compared else None,
        documents=documents,
        **_evidence(scorecard, lang),
        methods={
            name: _paragraphs(method_note(name, lang)) for name in dict.fromkeys(v.measure for v in scorecard.verdicts)
        },
    )
    return html.replace(_NO_POLICY, policy(html), 1)


def _evidence(scorecard: Scorecard, lang: Lang) -> dict[str, Any]:
    """Return what was read and how, and by which program."""
    return {
        "inputs": [{**vars(entry), "title": kind_title(entry.layer, lang)} for entry in scorecard.inputs],
        "repairs": [_repair(repair.to_json(lang), lang) for repair in scorecard.repairs],
        "warnings": [warning.to(lang) for warning in scorecard.warnings],
        "program": scorecard.program,
        "short": numbers.SHORT_SHA,
    }


def _pages(sheets: list[Sheet], circles: list[CircleSheet]) -> dict[str, str]:
    """Return the address of the page of each clause that has one."""
    pages = {one.code: f"{quote(circle.file)}#{quote(one.code)}" for circle in circles for one in circle.verdicts}
    return pages | {one.code: sheet.link for sheet in sheets if sheet.link for one in sheet.verdicts}


def _cards(sheets: list[dict[str, Any]], others: list[dict[str, Any]], *, judge: bool) -> dict[str, Any]:
    """Return the cards of documents that judge, or of those that only measure."""
    return {
        "sheets": [one for one in sheets if any(each["limit_set"] for each in one["verdicts"]) == judge],
        "others": [
            one
            for one in others
            if (bool(one["score"]) or any(each["key"] != "info" for each in one["counts"])) == judge
        ],
    }


def _tally(scorecard: Scorecard, lang: Lang) -> list[dict[str, Any]]:
    return [
        outcome_facts(one.outcome, lang) | {"count": one.verdicts, "beside": one.beside}
        for one in by_outcome(scorecard.verdicts)
    ]


def _document(table: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    other = "note" if lang == "zh" else "note_en"
    words = topic(table, lang)
    named = {
        "name": document_name(table, lang),
        "cited": document_cited(table, lang),
        "short": document_title(table, lang),
    }
    return {**table, **named, "about": words[:1].upper() + words[1:], "remark": table[other]}


def _verdict(
    verdict: Verdict, documents: Mapping[str, Any], clause: Clause | None, page: str | None, lang: Lang
) -> dict[str, Any]:
    measured = verdict.measured
    limits = list(verdict.limit.values())
    return {
        "code": verdict.code,
        "number": clause.number(lang) if clause else "",
        "text": clause.text(lang) if clause else "",
        "note": clause.note(lang) if clause else "",
        "outcome": outcome_facts(verdict.outcome, lang),
        "reason": verdict.reason.to(lang),
        "comparison": verdict.severity == "warning",
        "value": units.written(measured.value if measured else None, verdict.unit, lang, limits),
        "bound": say(f"bound.{measured.bound}", lang) if measured else "",
        "limit": units.limit(verdict.limit, verdict.unit, lang),
        "margin": units.margin(verdict.margin, verdict.limit, verdict.unit, lang),
        "offenders": f"{len(measured.offenders):,}" if measured else "-",
        "document": documents[verdict.document],
        "page": page,
        "settings": {name: numbers.setting(value, lang) for name, value in verdict.settings.items()},
    }


def _sheet(
    sheet: Sheet, documents: Mapping[str, Any], context: Mapping[str, gpd.GeoDataFrame], lang: Lang
) -> dict[str, Any]:
    measured = sheet.measured
    patches = _patches(sheet, context, lang)
    return {
        "id": sheet.leading.code,
        "document": documents[sheet.leading.document],
        "reach": reach(sheet.leading.settings, lang),
        "value": sheet.value(lang),
        "bound": sheet.bound(lang),
        "truth": sheet.truth(lang),
        "assumed": sheet.assumed(lang),
        "outcome": outcome_facts(sheet.leading.outcome, lang),
        "gauge": gauge(sheet),
        "beside": side_by_side(sheet, lang),
        "limits": ", ".join(units.limit(verdict.limit, verdict.unit, lang) for verdict in sheet.verdicts),
        "verdicts": [
            {
                "code": verdict.code,
                "limit_set": bool(verdict.limit),
                "limit": units.limit(verdict.limit, verdict.unit, lang),
                "margin": units.margin(verdict.margin, verdict.limit, verdict.unit, lang),
                "outcome": outcome_facts(verdict.outcome, lang),
            }
            for verdict in sheet.verdicts
        ],
        # A share that decides nothing has no land to tell.
        "counted": measured.denominator is not None,
        "served": units.written(measured.numerator, "m2", lang),
        "total": units.written(measured.denominator, "m2", lang),
        "profile": profile(sheet.leading.settings, lang),
        "page": sheet.link,
        "large": sheet.large,
        "districts": _districts(sheet, lang),
        "references": [_reference(reference, lang) for reference in measured.references],
        "patches": patches,
        "patch_count": len(measured.offenders),
        "peopled": any(one["people"] != units.UNKNOWN for one in patches),
        **_parks(sheet, lang),
        "tables": _tables(measured, lang, offending=not patches),
        "notes": [note.to(lang) for note in measured.notes],
        "missing": [note.to(lang) for note in measured.missing],
    }


def _told_line(sheet: Sheet, texts: Mapping[str, Clause], lang: Lang) -> dict[str, Any]:
    """Return what a measurement that is no coverage tells beside its line: its layers as tables."""
    measured = sheet.measured
    return {
        "title": _line(sheet.leading, texts, lang)["title"],
        "value": sheet.value(lang),
        "bound": sheet.bound(lang),
        "truth": sheet.truth(lang),
        "assumed": sheet.assumed(lang),
        "outcome": outcome_facts(sheet.leading.outcome, lang),
        "page": sheet.on_main,
        "references": [_reference(reference, lang) for reference in measured.references],
        "tables": _tables(measured, lang),
        "notes": [note.to(lang) for note in (*measured.missing, *measured.notes)],
    }


def _tables(measured: Measured, lang: Lang, *, offending: bool = True) -> list[dict[str, Any]]:
    """Return the first features of groups, of offenders where they are not told otherwise, and of what serves."""
    shown = [*by_role(measured, "group"), *([offenders(measured)] if offending else [])]
    found = []
    for one in (*shown, *by_role(measured, "supply")):
        columns = brief(one, lang, PATCHES_SHOWN) if one.layer.tabled and len(one.frame) else []
        if columns:
            found.append(
                {
                    "title": one.layer.head(lang),
                    "columns": columns,
                    "rows": [list(row) for row in zip(*(column.cells for column in columns), strict=True)],
                    "left": say("paper.rows_left", lang, count=f"{len(one.frame):,}"),
                }
            )
    return found


def _beside(sheets: Iterable[Sheet], documents: Mapping[str, Any], lang: Lang) -> dict[str, Any] | None:
    """Return the first measurement that has a statutory and a walking figure."""
    for sheet in sheets:
        found = side_by_side(sheet, lang)
        if found:
            page = sheet.link
            return {**found, "document": documents[sheet.leading.document], "page": page, "id": sheet.leading.code}
    return None


def _circle(
    circle: CircleSheet, documents: Mapping[str, Any], texts: Mapping[str, Clause], lang: Lang
) -> dict[str, Any]:
    """Return the card of a circle page: its list where it has one, and the clauses with least coverage."""
    shares = [verdict for verdict in circle.verdicts if verdict.measured and verdict.unit == "share"]
    lists = [share for share in shares if share.lists_needs]
    lowest = sorted((share for share in shares if share not in lists), key=_share)[:LOWEST]
    return circle_tally(circle, lang) | {
        "document": documents[str(circle.document["id"])],
        "lists": [_line(one, texts, lang) for one in lists],
        "lowest": [_line(one, texts, lang) for one in lowest],
    }


def _others(
    scorecard: Scorecard,
    sheets: Iterable[Sheet],
    circles: Iterable[CircleSheet],
    documents: Mapping[str, Any],
    texts: Mapping[str, Clause],
    lang: Lang,
) -> list[dict[str, Any]]:
    """Return the cards of documents without a map: how their verdicts turned out, those that need attention first."""
    mapped = {sheet.leading.document for sheet in sheets if sheet.file} | {
        str(circle.document["id"]) for circle in circles
    }
    blank = _blank(scorecard)
    found = []
    for id_, document in documents.items():
        own = [verdict for verdict in scorecard.verdicts if verdict.document == id_]
        if id_ in mapped or id_ in blank:
            continue
        outcomes = [one.outcome for one in own]
        counts = [
            outcome_facts(outcome, lang) | {"count": outcomes.count(outcome)}
            for outcome in OUTCOMES
            if outcome in outcomes
        ]
        rows = [_line(one, texts, lang) for one in judged_first(own)[:LOWEST]]
        score = next((one for one in scorecard.quality if one.document == id_), None)
        card = {"document": document, "counts": counts, "rows": rows, "left": len(own) - len(rows)}
        found.append(card | {"score": _score(score, lang)})
    return found


def _unpaged(sheet: Sheet, pages: Mapping[str, str]) -> bool:
    """Say whether a measurement is told on no page of its own."""
    return sheet.file is None and sheet.tells and sheet.leading.code not in pages


def _blank(scorecard: Scorecard) -> dict[str, int]:
    """Return the documents of which no clause at all could be assessed, with how many they have."""
    counts: dict[str, list[bool]] = {}
    for verdict in scorecard.verdicts:
        counts.setdefault(verdict.document, []).append(verdict.outcome == "not-assessed")
    return {document: len(own) for document, own in counts.items() if all(own)}


def _score(score: QualityScore | None, lang: Lang) -> dict[str, str] | None:
    """Return the score of a delivered database as a figure, what it rests on, and the defects it comes from.

    What is for comparison stands beside it: a full score hides that such checks fail.
    """
    if score is None:
        return None
    return {
        "value": "" if score.score is None else f"{score.score:.1f}",
        "rests": quality.rests(score, lang),
        "defects": say("report.defects", lang, **{"A": 0, "B": 0, "C": 0} | dict(score.counts)),
        "beside": say("quality.left_out", lang, left_out=score.left_out) if score.left_out else "",
        "formula": quality.formula(score, lang),
    }


def _line(verdict: Verdict, texts: Mapping[str, Clause], lang: Lang) -> dict[str, Any]:
    value = verdict.measured.value if verdict.measured else None
    bound = _BOUNDS.get(verdict.measured.bound, "") if verdict.measured else ""
    return {
        "code": verdict.code,
        "title": (texts[verdict.code].number(lang) if verdict.code in texts else "") or verdict.code,
        "value": bound + units.written(value, verdict.unit, lang, verdict.limit.values()),
        "filled": f"{min(max(value or 0.0, 0.0), 1.0) * 100:.2f}",
        "outcome": outcome_facts(verdict.outcome, lang),
    }


def _share(verdict: Verdict) -> float:
    value = verdict.measured.value if verdict.measured else None
    return 1.0 if value is None else value


def _districts(sheet: Sheet, lang: Lang) -> list[dict[str, Any]]:
    limits = sheet.limits
    return [
        {
            "name": part.name or say("report.no_district", lang),
            "value": numbers.percent(part.value, limits),
            "filled": f"{(part.value or 0) * 100:.3f}",
            "served": units.written(part.numerator, "m2", lang),
            "total": units.written(part.denominator, "m2", lang),
            "gap": units.written(part.denominator - part.numerator, "m2", lang),
        }
        for part in sheet.measured.parts
    ]


def _reference(one: Any, lang: Lang) -> dict[str, str]:
    value, sums = numbers.beside(one, lang)
    return {"name": one.title.to(lang), "value": value, "sums": sums}


def _patches(sheet: Sheet, context: Mapping[str, gpd.GeoDataFrame], lang: Lang) -> list[dict[str, Any]]:
    one = offenders(sheet.measured)
    layer, frame = one.layer, one.frame.iloc[:PATCHES_SHOWN]
    columns = {each.column.key: each for each in brief(one, lang, PATCHES_SHOWN, context)} if layer.brief else {}
    if layer.rank is None or layer.area is None or layer.name not in columns:
        return []
    *_, near = [each.cells for each in columns.values()]
    nowhere = [units.UNKNOWN] * len(frame)
    districts = next((each.cells for each in columns.values() if each.column.kind == "district"), nowhere)
    reaches = _reaches(one, lang)
    people = columns["people"].cells if "people" in columns else nowhere
    return [
        {
            "rank": int(rank),
            "link": sheet.spot("offender", int(rank)),
            "name": columns[layer.name].cells[at],
            "district": districts[at],
            "area": numbers.short_area(area, lang),
            "people": people[at],
            "park": say("map.unnamed_park", lang) if near[at] == units.UNKNOWN and reaches[at] else near[at],
            "distance": reaches[at] or "-",
        }
        for at, (rank, area) in enumerate(zip(frame[layer.rank], frame[layer.area], strict=True))
    ]


def _reaches(one: Shown, lang: Lang) -> list[str | None]:
    """Return from where to where each feature reaches, None where it is not known."""
    span = next((each for each in one.layer.columns if each.until in one.frame.columns), None)
    if span is None:
        return [None] * len(one.frame)
    ends = one.frame[[span.key, span.until]].itertuples(index=False)
    return [
        None
        if pd.isna(low) or pd.isna(high)
        else say("report.distance_range", lang, near=f"{low:,.0f}", far=f"{high:,.0f}")
        for low, high in ends
    ]


def _parks(sheet: Sheet, lang: Lang) -> dict[str, Any]:
    """Return what serves and how much of it serves alone, and what does not count; of a measure that says so."""
    supply = [one for one in by_role(sheet.measured, "supply") if one.layer.counts]
    found = next((one for one in supply if {*one.frame} >= SERVES), None)
    if found is None:
        return {"parks": [], "park_count": 0, "left_out": []}
    column, value = found.layer.counts or ("", "")
    frame, counting = found.frame, found.counting.frame
    serving = counting.sort_values("only_m2", ascending=False, kind="stable")
    most = float(serving["serves_m2"].max()) if len(serving) else 0.0
    left_out = frame[frame[column] != value].groupby(column, sort=False)["area_m2"].agg(["size", "sum"])
    return {
        "park_count": len(serving),
        "parks": [
            {
                "link": sheet.spot("supply", int(index)),
                "name": park_name(row, lang),
                "merged": _word(row["merged"]),
                "area": units.written(row["area_m2"], "m2", lang),
                "radius": units.written(row["radius_m"], "m", lang),
                "serves": units.written(row["serves_m2"], "m2", lang),
                "only": units.written(row["only_m2"], "m2", lang),
                "serves_bar": f"{row['serves_m2'] / most * 100 if most else 0:.2f}",
                "only_bar": f"{row['only_m2'] / most * 100 if most else 0:.2f}",
            }
            for index, row in serving.head(PARKS_SHOWN).iterrows()
        ],
        "left_out": [
            {
                "status": category(found.layer[column], str(status), lang),
                "count": say("report.left_out_count", lang, count=f"{count:,}", area=units.written(area, "m2", lang)),
            }
            for status, count, area in left_out.itertuples()
        ],
    }


def _compared(
    found: Comparison, verdicts: Iterable[Verdict], known: Mapping[str, Clause], lang: Lang
) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for change in compared.moved(found, verdicts):
        outcomes = [outcome_facts(one, lang) if one else None for one in compared.outcomes(change)]
        figures = zip(("before", "after", "delta"), compared.figures(change, lang), strict=True)
        row = {"code": change.code, "whole": change.place is None, "district": compared.place(change, lang)}
        first = not rows or rows[-1]["code"] != change.code
        number = known[change.code].number(lang) if first and change.code in known else ""
        rows.append(row | dict(figures) | {"first": first, "number": number, "outcomes": outcomes})
    told = {"with": compared.run_named(found, lang), "once": compared.left_out(found, lang)}
    return told | {"rows": rows, "unmoved": compared.unmoved(found, lang)}


def _repair(repair: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    return {
        **repair,
        "title": kind_title(repair["layer"], lang),
        "before": numbers.area(repair["area_before_m2"], lang),
        "after": numbers.area(repair["area_after_m2"], lang),
    }


def _paragraphs(note: str) -> list[str]:
    return [" ".join(part.split("\n")) if "---" not in part else part for part in note.split("\n\n")]


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None
