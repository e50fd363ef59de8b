"""Write a check as a workbook: verdicts, districts, communities, gaps, homes and what they lack, and the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from gis_planning import units
from gis_planning.reports import charts, check_rows, entries
from gis_planning.reports.charts import Cells, draw
from gis_planning.reports.check_rows import Keys, Known, Row
from gis_planning.reports.layer_rows import layer_sheets
from gis_planning.reports.workbook import FORMATS, Book, Column, Live, Shown, Tones
from gis_planning.results.papers import document_name, document_title
from gis_planning.results.verdicts import OUTCOMES, Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view import compared, numbers, quality
from gis_planning.view.circle_sheets import circle_sheets
from gis_planning.view.sheets import document


def write_xlsx(path: Path, scorecard: Scorecard, known: Known, lang: Lang) -> None:
    """Write a check as a workbook.

    Numbers stand unrounded in their cells, with the unit in the heading of the column or beside them; sums are
    formulas. Texts of users are texts, whatever they begin with. A sheet without rows is left out.
    """
    book = Book(lang)
    verdicts = _verdict_rows(scorecard, known, lang)
    districts = list(_district_rows(scorecard, known, lang))
    _overview(book, scorecard, len(verdicts), lang)
    tones = Tones(0, [verdict.outcome for verdict in scorecard.verdicts])
    book.sheet(_name("verdicts", lang), check_rows.headed(_VERDICTS, lang), verdicts, tones=tones)
    _sheet(book, "districts", check_rows.headed(_DISTRICTS, lang), districts)
    _charts(book, scorecard, districts)
    for sheet in layer_sheets(scorecard, known, lang):
        book.sheet(sheet.title, sheet.columns, sheet.rows, total=say("book.total", lang))
    for key, columns, rows in (
        ("references", _REFERENCES, _reference_rows(scorecard, known, lang)),
        ("unassessed", _UNASSESSED, _unassessed_rows(scorecard, lang)),
        ("changes", _CHANGES, _change_rows(scorecard, lang)),
    ):
        _sheet(book, key, check_rows.headed(columns, lang), rows)
    entries.write_sheets(book, scorecard, lang)
    _sheet(book, "settings", check_rows.headed(_SETTINGS, lang), _setting_rows(scorecard, lang))
    book.save(path)


def counted_in(verdict: Verdict, lang: Lang) -> str:
    """Return what the numerator and the denominator of a verdict count."""
    counted = verdict.measured.counted if verdict.measured else None
    return units.units()[units.units()[counted].kept].names[lang] if counted else ""


#: A chart of fewer bars tells nothing that the table does not.
FEWEST = 3

_VERDICTS: Keys = (
    *(("outcome", "text"), ("code", "text"), ("number", "text"), ("document", "text"), ("value", "number")),
    *(("unit", "text"), ("limit", "text"), ("margin", "number"), ("low", "number"), ("high", "number")),
    *(("bound", "text"), ("severity", "text"), ("offenders", "count"), ("numerator", "m2"), ("denominator", "m2")),
    *(("counted_in", "text"), ("reason", "long"), ("requirement", "long"), ("notes", "long"), ("measure", "text")),
)
_DISTRICTS: Keys = (
    *(("code", "text"), ("number", "text"), ("district", "text"), ("share", "%share"), ("numerator", "+m2")),
    *(("denominator", "+m2"), ("left", "+m2"), ("counted_in", "text"), ("limit", "text")),
)
_REFERENCES: Keys = (
    *(("code", "text"), ("number", "text"), ("reference", "long"), ("share", "%share"), ("numerator", "number")),
    ("denominator", "number"),
)
_UNASSESSED: Keys = (("code", "text"), ("extent", "text"), ("reason", "long"))
_CHANGES: Keys = (
    ("code", "text"),
    ("district", "text"),
    ("before", "number"),
    ("after", "number"),
    ("delta", "number"),
)
_SETTINGS: Keys = (("code", "text"), ("measure", "text"), ("setting", "text"), ("set_to", "long"))


def _name(key: str, lang: Lang) -> str:
    return say(f"book.sheet_{key}", lang)


def _sheet(book: Book, key: str, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    rows = list(rows)
    if rows:
        book.sheet(_name(key, book.lang), columns, rows, total=say("book.total", book.lang))


def _overview(book: Book, scorecard: Scorecard, count: int, lang: Lang) -> None:
    """Add the first sheet: the county, how many verdicts of each outcome (live), and a chart of these."""
    facts: list[Row] = [
        [say("report.code", lang), scorecard.code or "-"],
        [say("report.data_date", lang), scorecard.data_date or say("map.no_date", lang)],
        [say("report.crs", lang), scorecard.crs],
        [say("report.as_of", lang), scorecard.as_of],
        [say("report.program", lang), "; ".join(f"{name} {value}" for name, value in scorecard.program.items())],
    ]
    if scorecard.note:
        facts.append([say("report.note", lang), scorecard.note.to(lang)])
    columns = [Column(quality.report_title(scorecard, lang), "text"), Column(scorecard.name, "long")]
    sheet = book.sheet(_name("overview", lang), columns, facts, frozen=0)
    sheet.auto_filter.ref = None
    book.write(sheet, [])
    heads = [say("report.outcome", lang), say("book.column_verdicts", lang)]
    first = len(facts) + 3
    book.write(sheet, heads, head=True)
    where = f"'{_name('verdicts', lang)}'!$A$2:$A${count + 1}"
    there = [outcome for outcome in OUTCOMES if any(verdict.outcome == outcome for verdict in scorecard.verdicts)]
    for at, outcome in enumerate(there, first + 1):
        book.write(sheet, [say(f"outcome.{outcome}", lang), Live(f"=COUNTIF({where},A{at})", FORMATS["count"])])
    book.write(sheet, [say("review.total", lang), Live(f"=SUM(B{first + 1}:B{first + len(there)})", FORMATS["count"])])
    book.write(sheet, [])
    said = [quality.score(scorecard, one, lang) for one in scorecard.quality]
    said += [once] if scorecard.compared and (once := compared.left_out(scorecard.compared, lang)) else []
    said += [warning.to(lang) for warning in scorecard.warnings]
    for words in (say("report.internal", lang), *said):
        book.write(sheet, [words])
    if there:
        cells = Cells(sheet.title, 1, 2, first + 1, first + len(there))
        draw(sheet, "D2", say("book.chart_outcomes", lang), cells, shares=False, wide=16.0)
    # Sentences reach beyond their cell, as far as the chart does.
    sheet.print_area = f"A1:N{first + len(there) + 4 + len(said)}"


def _charts(book: Book, scorecard: Scorecard, districts: Sequence[Row]) -> None:
    """Add the sheet of charts: coverages by district, and of the documents on circles how much each kind covers."""
    found = [*_by_district(scorecard, districts, book.lang), *_by_kind(scorecard, book.lang)]
    if found:
        sheet = book.sheet(_name("charts", book.lang), [Column(_name("charts", book.lang), "text")], [], frozen=0)
        charts.stack(sheet, found)


def _by_district(scorecard: Scorecard, districts: Sequence[Row], lang: Lang) -> Iterator[tuple[str, Cells]]:
    """Yield the coverage by district of each document that has one: of the first clause with a limit, else the first.

    What documents on circles say by district stands in the table alone; there are as many tables as kinds.
    """
    circled = {one.document["id"] for one in circle_sheets(scorecard)}
    codes = [row[0] for row in districts]
    leading: dict[str, Verdict] = {}
    for one in scorecard.verdicts:
        if one.code in codes and one.unit == "share" and one.document not in circled:
            before = leading.setdefault(one.document, one)
            leading[one.document] = one if one.limit and not before.limit else before
    for one in leading.values():
        first = codes.index(one.code) + 2
        title = document_title(document(scorecard, one), lang)
        last = first + codes.count(one.code) - 1
        yield say("book.chart", lang, code=one.code, title=title), Cells(_name("districts", lang), 3, 4, first, last)


def _by_kind(scorecard: Scorecard, lang: Lang) -> Iterator[tuple[str, Cells]]:
    """Yield, of each document on circles, the verdicts that are shares and stand below one another."""
    for circle in circle_sheets(scorecard):
        at = [row for row, one in enumerate(scorecard.verdicts, 2) if one in circle.verdicts and _is_share(one)]
        longest = max(_unbroken(at), key=len, default=[])
        if len(longest) >= FEWEST:
            title = say("book.chart_kinds", lang, title=document_title(circle.document, lang))
            yield title, Cells(_name("verdicts", lang), 3, 5, longest[0], longest[-1])


def _is_share(verdict: Verdict) -> bool:
    return verdict.unit == "share" and verdict.measured is not None and verdict.measured.value is not None


def _unbroken(rows: Sequence[int]) -> list[list[int]]:
    """Return rows in groups of those that follow one another.

    Examples
    --------
    >>> _unbroken([4, 5, 9])
    [[4, 5], [9]]
    """
    return [[row for _, row in group] for _, group in groupby(enumerate(rows), key=lambda one: one[1] - one[0])]


def _verdict_rows(scorecard: Scorecard, known: Known, lang: Lang) -> list[Row]:
    return [_verdict_row(scorecard, verdict, known, lang) for verdict in scorecard.verdicts]


def _verdict_row(scorecard: Scorecard, verdict: Verdict, known: Known, lang: Lang) -> Row:
    measured, clause = verdict.measured, known.get(verdict.code)
    low, high = (measured.value_range if measured and measured.value_range else None) or (None, None)
    return [
        say(f"outcome.{verdict.outcome}", lang),
        verdict.code,
        clause.number(lang) if clause else "",
        document_name(document(scorecard, verdict), lang),
        _shown(measured.value if measured else None, verdict),
        _unit(verdict).names[lang],
        units.limit(verdict.limit, _unit(verdict).key, lang) if verdict.limit else None,
        _shown(verdict.margin, verdict),
        _shown(low, verdict),
        _shown(high, verdict),
        say(f"bound.{measured.bound}", lang) if measured else "",
        say("report.severity_warning", lang)
        if verdict.severity == "warning"
        else say(f"severity.{verdict.severity}", lang),
        len(measured.offenders) if measured else None,
        measured.numerator if measured else None,
        measured.denominator if measured else None,
        counted_in(verdict, lang) if measured and measured.numerator is not None else "",
        verdict.reason.to(lang),
        clause.text(lang) if clause else "",
        _lines(measured.notes + measured.missing, lang) if measured else "",
        verdict.measure,
    ]


def _shown(number: float | None, verdict: Verdict) -> Shown:
    """Return a number of a verdict as it is kept, with as many decimals as set it off its limit."""
    if number is None:
        return Shown(None, FORMATS["number"])
    unit = _unit(verdict)
    value = verdict.measured.value if verdict.measured else None
    shape = unit.format(number if value is None else value, verdict.limit.values())
    # A spreadsheet shows shares in percent by itself.
    return Shown(number, f"{shape}%" if unit.times != 1 else shape)


def _unit(verdict: Verdict) -> units.Unit:
    return units.units()[units.units()[verdict.unit].kept]


def _lines(texts: Iterable[Any], lang: Lang) -> str:
    return "\n".join(text.to(lang) for text in texts)


def _district_rows(scorecard: Scorecard, known: Known, lang: Lang) -> Iterator[Row]:
    for verdict in scorecard.verdicts:
        for part in verdict.measured.parts if verdict.measured else ():
            yield [
                verdict.code,
                check_rows.clause_number(verdict, known, lang),
                part.name or say("report.no_district", lang),
                _shown(part.value, verdict),
                part.numerator,
                part.denominator,
                part.denominator - part.numerator,
                counted_in(verdict, lang),
                units.limit(verdict.limit, _unit(verdict).key, lang) if verdict.limit else None,
            ]


def _reference_rows(scorecard: Scorecard, known: Known, lang: Lang) -> Iterator[Row]:
    for verdict in scorecard.verdicts:
        for reference in verdict.measured.references if verdict.measured else ():
            number, title = check_rows.clause_number(verdict, known, lang), reference.title.to(lang)
            share = say("report.not_known", lang) if reference.value is None else _shown(reference.value, verdict)
            yield [verdict.code, number, title, share, reference.numerator, reference.denominator]


def _unassessed_rows(scorecard: Scorecard, lang: Lang) -> Iterator[Row]:
    for verdict in scorecard.verdicts:
        if verdict.outcome in ("not-assessed", "error"):
            yield [verdict.code, say("book.whole", lang), verdict.reason.to(lang)]
        for missing in verdict.measured.missing if verdict.measured else ():
            yield [verdict.code, say("report.missing", lang), missing.to(lang)]


def _change_rows(scorecard: Scorecard, lang: Lang) -> Iterator[Row]:
    """Yield what both runs judged, first what changed: the largest change first."""
    judged = {verdict.code: verdict for verdict in scorecard.verdicts}
    for change in compared.largest_first(compared.judged_twice(scorecard.compared)) if scorecard.compared else ():
        verdict, figures = judged.get(change.code), (change.before, change.after, change.delta)
        shown = [_shown(figure, verdict) if verdict else Shown(figure, FORMATS["number"]) for figure in figures]
        yield [change.code, compared.place(change, lang), *shown]


def _setting_rows(scorecard: Scorecard, lang: Lang) -> Iterator[Row]:
    for verdict in scorecard.verdicts:
        for name, value in verdict.settings.items():
            yield [verdict.code, verdict.measure, name, numbers.setting(value, lang)]
