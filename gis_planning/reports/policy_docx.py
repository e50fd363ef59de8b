"""Write how a county answers a policy as a Word document: a card of one page, the matrix, the methods, the sources."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from gis_planning.judging.rulebook import method_note
from gis_planning.reports.check_docx import numeral
from gis_planning.reports.entries import write_sources
from gis_planning.reports.paper import SMALL, Cell, Column, Paper, Toned
from gis_planning.reports.policy_rows import Row, contributed, lacking, met, noted, rows, tally
from gis_planning.results.papers import document_name
from gis_planning.results.policy import PolicyCard
from gis_planning.texts import Lang, say
from gis_planning.units import UNKNOWN
from gis_planning.view.looks import styles

#: The size of the card's table in points: all targets of the plan stand on one page.
CARD = 8
#: So many indicators head the method that measures them.
HEADED = 4
#: A value of more signs than these stands above its unit, lest one long unit make the column wide.
WIDE = 10
#: Sections of a method note that are for programmers.
_TECHNICAL = ("Parameters", "Returns", "Raises", "Attributes")


def write_docx(path: Path, card: PolicyCard, lang: Lang) -> None:
    """Write the document."""
    paper, told, parts = Paper(lang), list(rows(card, lang)), count(1)
    paper.page_numbers(f"{card.name}  {say('map.internal', lang)}")

    def part(key: str) -> None:
        paper.heading(say("paper.part", lang, number=numeral(next(parts), lang), title=say(key, lang)), 1)

    _card(paper, card, told, lang)
    paper.new_page()
    part("policy.sheet_matrix")
    _articles(paper, card, told, lang)
    for key, lines in (("policy.lacking", lacking(told, lang)), ("policy.notes", noted(told, lang))):
        if lines:
            part(key)
            for line in lines:
                paper.bullet(line, SMALL)
    if card.warnings:
        part("paper.limits")
        for warning in card.warnings:
            paper.bullet(warning.to(lang))
    part("paper.methods")
    _methods(paper, told, lang)
    part("paper.sources")
    write_sources(paper, card, lang, hint="policy.repairs_hint")
    paper.heading(say("policy.documents", lang), 2)
    for document in card.documents:
        paper.bullet(document_name(document, lang), SMALL)
    paper.save(path)


def _articles(paper: Paper, card: PolicyCard, told: list[Row], lang: Lang) -> None:
    """Add one table over all articles: a row for each indicator, and one for an article that has none."""
    paper.text(say("policy.matrix_note", lang))
    paper.text(say("policy.table_note", lang), SMALL)
    keys = (("article", 2.2), ("indicator", 4.8), ("value", 2.0), ("target", 2.5), ("outcome", 2.0), ("source", 3.5))
    columns = [Column(say(f"policy.column_{key}", lang), width, number=key == "value") for key, width in keys]
    cells: list[list[Cell]] = []
    for article in card.articles:
        titled = say("policy.article", lang, number=article.number, title=article.title.to(lang))
        own = [row for row in told if row.article is article]
        if article.why is not None:
            cells.append([titled, article.why.to(lang), "", "", say("policy.state_no-test", lang), ""])
        for at, row in enumerate(own):
            cells.append([titled if at == 0 else "", *_cells(row, lang)])
    paper.table(columns, cells, CARD)


def _cells(row: Row, lang: Lang) -> list[Cell]:
    """Return what the table says of an indicator, its article aside; remarks and reasons stand after it, each once."""
    beside = [word for word in (row.trend, row.truth, row.beside, row.standard) if word]
    placed = say("review.comma", lang).join(one for one in (row.area, row.year) if one != UNKNOWN)
    target = UNKNOWN if row.answer.kind == "N" else f"{row.whose}\n{row.target}"
    return [
        "\n".join([f"{row.title} ({row.code})", *beside]),
        row.value if len(row.value) <= WIDE else row.value.replace(" ", "\n", 1),
        target,
        _toned(row),
        "\n".join(one for one in (row.source, placed) if one not in ("", UNKNOWN)),
    ]


def _methods(paper: Paper, told: list[Row], lang: Lang) -> None:
    """Add how each measure of the policy measures."""
    for measure in dict.fromkeys(row.answer.measure for row in told if row.answer.measure != "policy.answered"):
        titles = dict.fromkeys(row.title for row in told if row.answer.measure == measure)
        more = say("policy.and_more", lang, count=len(titles) - HEADED) if len(titles) > HEADED else ""
        paper.heading(say("review.comma", lang).join([*titles][:HEADED]) + more, 2)
        note = method_note(measure, lang)
        for paragraph in note.split("\n\n"):
            if paragraph.strip() and not paragraph.lstrip().startswith(_TECHNICAL):
                paper.text(" ".join(paragraph.split()), SMALL)


def _card(paper: Paper, card: PolicyCard, told: list[Row], lang: Lang) -> None:
    """Add the page that stands for all: what the articles rest on, the targets of every county, what is added."""
    paper.title(card.name, 22)
    paper.title(say("policy.title", lang), 16)
    paper.middle(document_name(card.policy, lang))
    about = say("paper.about", lang, date=card.data_date or say("map.no_date", lang))
    paper.middle(about + (say("policy.type", lang, type=say(f"policy.type_{card.type}", lang)) if card.type else ""))
    counts = (f"{say(f'policy.state_{state}', lang)} {number}" for state, number in tally(card).items() if number)
    paper.text(say("policy.counts", lang, articles=len(card.articles), counts=say("review.comma", lang).join(counts)))
    paper.text(met(told, lang))
    keys = (("whose", 2.3), ("indicator", 5.2), ("value", 2.7), ("target", 4.2), ("outcome", 2.4))
    columns = [Column(say(f"policy.column_{key}", lang), width, number=key == "value") for key, width in keys]
    own = [row for kind in ("E", "C", "R") for row in told if row.answer.kind == kind]
    # Of the region's total a county has its part, in the total's unit.
    values = [contributed(row.answer, lang) if row.answer.kind == "R" else row.value for row in own]
    cells: list[list[Cell]] = [
        [row.whose, row.title, value, row.target, _toned(row)] for row, value in zip(own, values, strict=True)
    ]
    paper.table(columns, cells, CARD)
    if card.note:
        paper.middle(card.note.to(lang), SMALL)


def _toned(row: Row) -> Toned:
    return Toned(row.outcome, styles()["outcome"][row.tone]["colour"])
