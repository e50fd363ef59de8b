"""Write a check as a Word document that a planner edits and sends: findings, figures, districts, methods, sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from gis_planning import units
from gis_planning.judging.rulebook import method_note
from gis_planning.maps.print.backdrop import Backdrop
from gis_planning.reports import fault_list
from gis_planning.reports.check_rows import Known
from gis_planning.reports.check_sections import Section, title_of, toned, value_of, write_section
from gis_planning.reports.entries import write_sources
from gis_planning.reports.headlines import Headline, headlines
from gis_planning.reports.paper import SMALL, Bar, Cell, Column, Paper, Toned
from gis_planning.reports.unassessed import Lack, named, unassessed
from gis_planning.results.compared import Change, Comparison
from gis_planning.results.papers import document_name
from gis_planning.results.verdicts import Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view import compared, quality
from gis_planning.view.circle_sheets import CircleSheet
from gis_planning.view.looks import styles
from gis_planning.view.outcomes import counted, judged_first
from gis_planning.view.sheets import Sheet, side_by_side

#: Sections of a method note that are for programmers; the pages have them.
_TECHNICAL = ("Parameters", "Returns", "Raises")


def write_docx(
    path: Path,
    scorecard: Scorecard,
    sheets: Iterable[Sheet],
    circles: Iterable[CircleSheet],
    known: Known,
    lang: Lang,
) -> None:
    """Write a check as a Word document with East-Asian fonts set.

    It opens with a title page, what was found in words, and the headline table; each rule document has a section with
    its verdicts, a figure and the table of districts; what was not assessed, the limits of the data, the methods and
    the sources follow. Long tables stand in the workbook, and the document says so.
    """
    sheets, circles = tuple(sheets), tuple(circles)
    paper, parts = Paper(lang), count(1)
    paper.page_numbers(f"{scorecard.name}  {say('map.internal', lang)}")

    def part(words: str, *, new_page: bool = False) -> None:
        paper.heading(say("paper.part", lang, number=numeral(next(parts), lang), title=words), 1, new_page=new_page)

    _cover(paper, scorecard, lang)
    faults = fault_list.most(scorecard, known, lang)
    _contents(paper, scorecard, lang, faults=faults is not None)
    part(say("paper.summary", lang), new_page=True)
    _headlines(paper, headlines(scorecard, sheets, circles, known, lang))
    _summary(paper, scorecard, sheets, known, lang)
    figures, backdrop = count(1), Backdrop(scorecard.context)
    for document in scorecard.documents:
        part(document_name(document, lang))
        verdicts = tuple(verdict for verdict in scorecard.verdicts if verdict.document == document["id"])
        own = tuple(sheet for sheet in sheets if sheet.leading.document == document["id"])
        circle = next((circle for circle in circles if circle.document["id"] == document["id"]), None)
        _paper_facts(paper, document, lang)
        _scored(paper, scorecard, str(document["id"]), lang)
        write_section(paper, Section(scorecard, verdicts, own, circle, known, lang, backdrop), figures)
    if faults is not None:
        part(say("quality.summary", lang))
        _faults(paper, faults)
    if scorecard.compared:
        part(say("report.comparison", lang))
        for line in filter(None, [quality.mended(scorecard, lang)]):
            paper.text(line)
        _changes(paper, scorecard.compared, scorecard.verdicts, known, lang)
    part(say("paper.unassessed", lang))
    _unassessed(paper, unassessed(scorecard, known, lang), lang)
    part(say("paper.limits", lang))
    for warning in scorecard.warnings:
        paper.bullet(warning.to(lang))
    _limits(paper, scorecard, lang)
    part(say("paper.methods", lang))
    _methods(paper, scorecard, lang)
    part(say("paper.sources", lang))
    _sources(paper, scorecard, lang)
    paper.save(path)


def _contents(paper: Paper, scorecard: Scorecard, lang: Lang, *, faults: bool) -> None:
    """Add the headings of the parts, in their order."""
    titles = [say("paper.summary", lang), *(document_name(document, lang) for document in scorecard.documents)]
    titles += [say("quality.summary", lang)] if faults else []
    titles += [say("report.comparison", lang)] if scorecard.compared else []
    titles += [say(f"paper.{key}", lang) for key in ("unassessed", "limits", "methods", "sources")]
    numbered = enumerate(titles, 1)
    entries = [say("paper.part", lang, number=numeral(at, lang), title=words) for at, words in numbered]
    paper.contents(say("report.contents", lang), entries)


def _cover(paper: Paper, scorecard: Scorecard, lang: Lang) -> None:
    paper.middle(say("map.internal", lang))
    paper.title(scorecard.name, 30, before=5)
    paper.title(quality.report_title(scorecard, lang), 24)
    paper.title("", 12, before=4)
    paper.middle(say("paper.about", lang, date=scorecard.data_date or say("map.no_date", lang)), 14)
    if scorecard.code:
        paper.middle(say("paper.code", lang, code=scorecard.code), 14)
    if scorecard.note:
        paper.middle(scorecard.note.to(lang))
    paper.middle(say("paper.as_of", lang, day=scorecard.as_of))
    paper.middle(say("paper.made_with", lang, version=scorecard.program["version"], crs=scorecard.crs))
    paper.new_page()


def _headlines(paper: Paper, found: Iterable[Headline]) -> None:
    for one in found:
        paper.heading(one.title, 2)
        for words in one.sentences:
            paper.bullet(words)


def _summary(paper: Paper, scorecard: Scorecard, sheets: Iterable[Sheet], known: Known, lang: Lang) -> None:
    said = counted(scorecard.verdicts, lang)
    paper.text(
        say("paper.counts", lang, documents=len(scorecard.documents), count=len(scorecard.verdicts), counts=said)
    )
    paper.heading(say("paper.limited", lang), 2)
    limits = (verdict for verdict in scorecard.verdicts if verdict.limit and not quality.not_made(verdict))
    limited = judged_first(limits)
    if limited:
        _headline(paper, limited, known, lang)
    else:
        paper.text(say("paper.none_limited", lang))
    _beside(paper, sheets, lang)


def _headline(paper: Paper, verdicts: Iterable[Verdict], known: Known, lang: Lang) -> None:
    columns = [
        Column(say("paper.head_clause", lang), 2.2, whole=True),
        Column(say("paper.head_title", lang), 4.0),
        Column(say("paper.head_value", lang), 2.5, number=True),
        Column(say("report.limit", lang), 2.3, number=True),
        Column(say("report.margin", lang), 3.0, number=True),
        Column(say("report.outcome", lang), 2.0, whole=True),
    ]
    rows: list[list[Cell]] = [
        [
            verdict.code,
            title_of(verdict, known, lang),
            value_of(verdict, lang),
            units.limit(verdict.limit, verdict.unit, lang),
            units.margin(verdict.margin, verdict.limit, verdict.unit, lang),
            toned(verdict, lang),
        ]
        for verdict in verdicts
    ]
    paper.table(columns, rows, SMALL)


def _beside(paper: Paper, sheets: Iterable[Sheet], lang: Lang) -> None:
    """Add the straight-line and the walking figure of each measurement that has both."""
    found = [(sheet, facts) for sheet in sheets if (facts := side_by_side(sheet, lang))]
    if not found:
        return
    paper.heading(say("paper.beside", lang), 2)
    with paper.together():
        paper.text(say("paper.beside_hint", lang))
    columns = [
        Column(say("paper.head_clause", lang), 3.0, whole=True),
        Column(say("paper.head_way", lang), 4.6),
        Column(say("paper.coverage_of", lang), 5.0),
        Column("", 3.4, number=True),
    ]
    colours = (styles()["layer"]["parks_small"]["fill"], styles()["layer"]["served"]["stroke"])
    for sheet, facts in found:
        rows = [
            [
                sheet.leading.code,
                row["name"],
                Bar(float(row["filled"]) / 100, colour),
                row["value"],
            ]
            for row, colour in zip(facts["rows"], colours, strict=True)
        ]
        paper.table(columns, rows)
        paper.text(say("map.detour_of", lang, gap=facts["gap"]))


def _paper_facts(paper: Paper, document: Mapping[str, Any], lang: Lang) -> None:
    facts = {
        "issuer": document["issuer"] or "-",
        "date": document["date"],
        "state": say(f"report.state_{document['state']}", lang),
        "certainty": say(f"report.certainty_{document['certainty']}", lang),
    }
    paper.text(say("paper.facts", lang, **facts))
    note = document["note"] if lang == "zh" else document["note_en"]
    if note:
        paper.text(note, 10)


def _changes(paper: Paper, found: Comparison, verdicts: Sequence[Verdict], known: Known, lang: Lang) -> None:
    """Add what has moved since an earlier run, clause by clause and district by district; what has not is counted."""
    for line in filter(None, [compared.run_named(found, lang), compared.left_out(found, lang)]):
        paper.text(line)
    titles = {one.code: title_of(one, known, lang) for one in verdicts}
    rows: list[list[Cell]] = []
    for one in compared.moved(found, verdicts):
        title = titles.pop(one.code, "")  # once, at the first row of its clause
        rows.append([one.code, title, compared.place(one, lang), *compared.figures(one, lang), _turned(one, lang)])
    for line in filter(None, [compared.unmoved(found, lang)]):
        paper.text(line)
    if not rows:
        return
    columns = [Column(say("paper.head_clause", lang), 2.1, whole=True), Column(say("paper.head_title", lang), 3.0)]
    columns.append(Column(say("report.district", lang), 2.6))
    columns += [Column(say(f"report.{key}", lang), 2.2, number=True) for key in ("before", "after", "delta")]
    paper.table([*columns, Column(say("report.outcome", lang), 1.7)], rows, SMALL)


def _turned(change: Change, lang: Lang) -> Cell:
    """Return what a clause came out as, in the colour of what it is now."""
    told = compared.outcomes(change)
    words = " → ".join(say(f"outcome.{one}", lang) if one else "-" for one in told)
    return Toned(words, styles()["outcome"][told[-1]]["colour"]) if told and told[-1] else words


def _scored(paper: Paper, scorecard: Scorecard, document: str, lang: Lang) -> None:
    """Add the score of a delivered database and how it came about."""
    for one in scorecard.quality:
        if one.document == document:
            paper.text(quality.score(scorecard, one, lang))
            if one.score is not None:
                paper.text(quality.formula(one, lang), 9)


def _faults(paper: Paper, faults: Mapping[str, Any]) -> None:
    """Add how many faults there are by layer, check, town and class."""
    widths = (2.0, 2.4, 2.6, 4.4, 2.2, 1.0, 1.4)
    heads = zip(faults["heads"], widths, strict=True)
    columns = [Column(head, width, number=at == len(widths) - 1) for at, (head, width) in enumerate(heads)]
    paper.table(columns, [[*row[:-1], f"{row[-1]:,}"] for row in faults["rows"]], 8)
    if faults["left"]:
        paper.text(faults["left"])


def _unassessed(paper: Paper, lacks: Iterable[Lack], lang: Lang) -> None:
    """Add a table of what was not assessed, each reason once, with how many clauses it holds for."""
    rows: list[list[Cell]] = [
        [one.title or _in_pairs(named(one.codes, lang)), one.reason, f"{len(one.codes)}"] for one in lacks
    ]
    if not rows:
        paper.text(say("report.nothing_missing", lang))
        return
    columns = [Column(say("paper.head_clause", lang), 4.0, whole=True), Column(say("report.reason", lang), 10.2)]
    paper.table([*columns, Column(say("paper.head_clauses", lang), 1.8, number=True)], rows, 9)


def _limits(paper: Paper, scorecard: Scorecard, lang: Lang) -> None:
    """Add what was noted with measurements and makes their numbers less certain, each note once with its clauses."""
    codes: dict[str, list[str]] = {}
    for verdict in scorecard.verdicts:
        for note in verdict.measured.notes if verdict.measured else ():
            codes.setdefault(note.to(lang), []).append(verdict.code)
    if codes:
        columns = (Column(say("paper.head_clause", lang), 4.0, whole=True), Column(say("report.reason", lang), 12.0))
        paper.table(columns, [[_in_pairs(named(of, lang)), words] for words, of in codes.items()], 9)
    elif not scorecard.warnings:
        paper.text(say("report.warnings_none", lang))


def _in_pairs(codes: str) -> str:
    r"""Return a list of codes with two on a line, so that none is broken at a hyphen.

    Examples
    --------
    >>> _in_pairs("A-1, A-2, A-3")
    'A-1, A-2,\nA-3'
    """
    listed = codes.split(", ")
    return ",\n".join(", ".join(listed[at : at + 2]) for at in range(0, len(listed), 2))


def _methods(paper: Paper, scorecard: Scorecard, lang: Lang) -> None:
    for measure in dict.fromkeys(verdict.measure for verdict in scorecard.verdicts):
        paper.heading(measure, 2)
        for paragraph in _note(method_note(measure, lang)):
            paper.text(paragraph)


def _note(words: str) -> Iterator[str]:
    """Return the paragraphs of a method note; its technical sections are left out."""
    left_out = False
    for block in words.split("\n\n"):
        head, _, rest = block.partition("\n")
        if rest.startswith("---"):
            left_out = head in _TECHNICAL
        body = rest.partition("\n")[2] if rest.startswith("---") else block
        if not left_out and body.strip():
            yield " ".join(line.strip() for line in body.split("\n")).replace("`", "")


def _sources(paper: Paper, scorecard: Scorecard, lang: Lang) -> None:
    write_sources(paper, scorecard, lang)
    paper.heading(say("report.program", lang), 2)
    paper.text("; ".join(f"{name} {version}" for name, version in scorecard.program.items()))
    paper.text(say("report.internal", lang))


def numeral(number: int, lang: Lang) -> str:
    """Return the number of a part as papers write it.

    Examples
    --------
    >>> numeral(12, "zh"), numeral(20, "zh"), numeral(3, "en")
    ('十二、', '二十、', '3')
    """
    if lang == "en":
        return str(number)
    digits = " 一二三四五六七八九"
    tens, ones = divmod(number, 10)
    words = (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")
    return words.strip() + "、"
