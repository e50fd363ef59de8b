"""Write a check as slides for a meeting: what was found, a map of each coverage, its gaps, what is lacking, sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gis_planning import units
from gis_planning.maps.print.backdrop import Backdrop
from gis_planning.maps.print.figure import clause_figure
from gis_planning.reports.check_rows import Known
from gis_planning.reports.check_sections import title_of, value_of
from gis_planning.reports.deck import BODY, BOTTOM, FAINT, INK, MARGIN, SMALL, TOP, Bar, Box, Column, Deck
from gis_planning.reports.headlines import Headline, headlines, lacking
from gis_planning.reports.unassessed import unassessed
from gis_planning.results.ledger import Input
from gis_planning.results.papers import document_name
from gis_planning.results.verdicts import Part, Scorecard
from gis_planning.texts import Lang, say
from gis_planning.view import numbers, quality
from gis_planning.view.brief import Told, brief
from gis_planning.view.circle_sheets import CircleSheet
from gis_planning.view.looks import styles
from gis_planning.view.roles import offenders
from gis_planning.view.sheets import Sheet, document

#: So many districts, kinds and rows have room on a slide.
DISTRICTS, KINDS, ROWS = 10, 10, 10
#: And so many files below sentences.
FILES = 8
#: A picture of a map, with its legend below it, and what stands beside it.
MAP, LEGEND = Box(MARGIN, TOP, 7.6, 4.86), Box(MARGIN, 6.38, 7.6, 0.5)
BESIDE, BESIDE_WIDE = MARGIN + 7.6 + 0.35, BODY - 7.95
#: What columns of a table take of its width, by what they hold.
SHARES = {"rank": 0.7, "name": 3.6, "district": 2.6, "number": 2.1}
WORDS = 3.4


def write_pptx(
    path: Path,
    scorecard: Scorecard,
    sheets: Sequence[Sheet],
    circles: Sequence[CircleSheet],
    known: Known,
    lang: Lang,
) -> None:
    """Write a check as slides: texts, tables and charts that PowerPoint edits, and maps as pictures."""
    foot = f"{scorecard.name} · {say('map.internal', lang)}"
    deck = Deck(lang, f"{scorecard.name} {quality.report_title(scorecard, lang)}", foot)
    _cover(deck, scorecard, lang)
    found = headlines(scorecard, sheets, circles, known, lang)
    by_topic = {one.topic: one for one in found}
    for topic in ("fails", "holds", "changed"):
        if topic in by_topic:
            deck.bullets(by_topic[topic].title, by_topic[topic].sentences)
    _where(deck, [by_topic[topic] for topic in ("where", "alone") if topic in by_topic])
    backdrop = Backdrop(scorecard.context)
    for sheet in sheets:
        if sheet.file is not None:
            _coverage(deck, scorecard, backdrop, sheet, known, lang)
            _gaps(deck, scorecard, sheet, lang)
    for circle in circles:
        _lacks(deck, circle, known, lang)
    _open(deck, by_topic.get("open"), scorecard, known, lang)
    _sources(deck, scorecard, lang)
    deck.save(path)


def _cover(deck: Deck, scorecard: Scorecard, lang: Lang) -> None:
    date = scorecard.data_date or say("map.no_date", lang)
    lines = [quality.report_title(scorecard, lang), say("paper.about", lang, date=date)]
    lines += [say("paper.as_of", lang, day=scorecard.as_of)]
    lines += [scorecard.note.to(lang)] if scorecard.note else []
    made = say("paper.made_with", lang, version=scorecard.program["version"], crs=scorecard.crs)
    deck.cover(scorecard.name, [*lines, made, say("map.internal", lang)])


def _where(deck: Deck, found: Sequence[Headline]) -> None:
    """Say on one slide where the gaps are and what most depends on."""
    if not found:
        return
    slide, high = deck.slide(found[0].title), TOP
    for one in found:
        if one is not found[0]:
            deck.text(slide, Box(MARGIN, high + 0.25, BODY, 0.45), one.title, 20, bold=True)
            high += 0.85
        high += deck.listed(slide, Box(MARGIN, high, BODY, 1.0), one.sentences)


def _named(scorecard: Scorecard, sheet: Sheet, lang: Lang) -> str:
    return document_name(document(scorecard, sheet.leading), lang)


def _coverage(deck: Deck, scorecard: Scorecard, backdrop: Backdrop, sheet: Sheet, known: Known, lang: Lang) -> None:
    """Show a coverage: its map, its figure beside its limit, and its districts."""
    verdict = sheet.leading
    figure = clause_figure(backdrop, verdict, lang)
    title = title_of(verdict, known, lang)
    slide = deck.slide(_headed(_named(scorecard, sheet, lang), title))
    value, outcome = value_of(verdict, lang), say(f"outcome.{verdict.outcome}", lang)
    if figure is not None:
        said = say("slides.map_alt", lang, county=scorecard.name, title=title, value=value)
        deck.picture(slide, figure.png, said, MAP)
        deck.legend(slide, LEGEND, figure.legend)
    colour = styles()["outcome"][verdict.outcome]["colour"]
    deck.text(slide, Box(BESIDE, TOP - 0.1, BESIDE_WIDE, 0.75), value, 40, colour=colour, bold=True)
    limit = units.limit(verdict.limit, verdict.unit, lang)
    judged = say("slides.judged" if verdict.limit else "slides.measured", lang, limit=limit, outcome=outcome)
    deck.text(slide, Box(BESIDE, TOP + 0.68, BESIDE_WIDE, 0.68), judged, 18, colour=INK)
    if truth := sheet.truth(lang):
        deck.text(slide, Box(BESIDE, TOP + 1.36, BESIDE_WIDE, 0.34), truth, SMALL, colour=FAINT)
    parts = _lowest(sheet.measured.parts) if verdict.unit == "share" else []
    if parts:
        every = len(sheet.measured.parts)
        key = "slides.districts" if len(parts) == every else "slides.districts_lowest"
        bars = [Bar(part.name or say("report.no_district", lang), part.value) for part in parts]
        high = min(BOTTOM - TOP - 1.75, 0.9 + 0.45 * len(bars))
        head = say(key, lang, count=len(parts), total=every)
        deck.chart(slide, Box(BESIDE, TOP + 1.75, BESIDE_WIDE, high), head, bars)


def _lowest(parts: Sequence[Part]) -> list[Part]:
    """Return the districts that have any land, those least covered first."""
    return sorted((one for one in parts if one.value is not None), key=lambda one: one.value or 0.0)[:DISTRICTS]


def _gaps(deck: Deck, scorecard: Scorecard, sheet: Sheet, lang: Lang) -> None:
    """Name the first gaps of a coverage."""
    worst = offenders(sheet.measured)
    told = brief(worst, lang, ROWS, scorecard.context) if len(worst.frame) else []
    # A column in which nothing is known takes room from the others.
    columns = [column for column in told if any(cell != units.UNKNOWN for cell in _cells(column))]
    if not columns:
        return
    heading = worst.layer.head(lang)
    slide = deck.slide(f"{heading} · {_named(scorecard, sheet, lang)}")
    heads = [Column(one.title, SHARES.get(one.column.kind, WORDS), one.number) for one in columns]
    rows = list(zip(*map(_cells, columns), strict=True))
    deck.table(slide, Box(MARGIN, TOP, BODY, 0.0), heads, rows)
    total = len(worst.frame)
    if total > ROWS:
        words = say("slides.rows_left", lang, count=ROWS, total=f"{total:,}")
        deck.text(slide, Box(MARGIN, BOTTOM - 0.3, BODY, 0.3), words, SMALL, colour=FAINT)


def _cells(told: Told) -> list[str]:
    return told.cells if told.shares is None else [numbers.percent(share) for share in told.shares]


def _lacks(deck: Deck, circle: CircleSheet, known: Known, lang: Lang) -> None:
    """Show the kinds of a document that fewest homes reach."""
    shares = lacking(circle, known)
    if not shares:
        return
    slide = deck.slide(f"{say('headlines.lacks', lang)} · {document_name(circle.document, lang)}")
    bars = [Bar(title_of(verdict, known, lang), share) for share, verdict in shares[:KINDS]]
    key = "slides.kinds" if len(shares) <= KINDS else "slides.kinds_lowest"
    high = min(BOTTOM - TOP, 1.0 + 0.5 * len(bars))
    head = say(key, lang, count=len(bars), total=len(shares))
    deck.chart(slide, Box(MARGIN, TOP, BODY, high), head, bars)


def _open(deck: Deck, said: Headline | None, scorecard: Scorecard, known: Known, lang: Lang) -> None:
    """Say what is still open, with what could not be assessed, and why."""
    if said is None:
        return
    reasons = [
        say("slides.reason", lang, count=len(one.codes), clauses=one.of(lang), reason=one.reason)
        for one in unassessed(scorecard, known, lang)
    ]
    more = [say("slides.reasons_left", lang, count=len(reasons) - ROWS)] if len(reasons) > ROWS else []
    deck.bullets(said.title, [*said.sentences, *reasons[:ROWS], *more])


def _sources(deck: Deck, scorecard: Scorecard, lang: Lang) -> None:
    """Say on one slide what it all rests on: the rule documents in a sentence, and the files that were read."""
    read: dict[str, list[Input]] = {}
    for entry in scorecard.inputs:
        read.setdefault(entry.source, []).append(entry)
    largest = sorted(read.items(), key=lambda one: -len(one[1]))
    facts = {"documents": len(scorecard.documents), "files": len(read), "layers": len(scorecard.inputs)}
    said = [say("slides.rests_on", lang, **facts), say("slides.listed_in", lang)]
    slide = deck.slide(say("slides.basis", lang))
    high = TOP + deck.listed(slide, Box(MARGIN, TOP, BODY, 0.0), said) + 0.2
    rows = [
        (source, f"{len(of)}", f"{sum(one.features for one in of):,}", ", ".join(dict.fromkeys(one.crs for one in of)))
        for source, of in largest[:FILES]
    ]
    columns = [Column(say("book.column_source", lang), 5.0), Column(say("slides.layers", lang), 1.6, number=True)]
    columns += [Column(say("book.column_features", lang), 2.2, number=True)]
    if rows:
        deck.table(slide, Box(MARGIN, high, BODY, 0.0), [*columns, Column(say("book.column_crs", lang), 2.6)], rows)
    if len(largest) > FILES:
        words = say("slides.files_left", lang, count=len(largest) - FILES)
        deck.text(slide, Box(MARGIN, BOTTOM - 0.3, BODY, 0.3), words, SMALL, colour=FAINT)


def _headed(document_: str, title: str) -> str:
    """Return the title of a slide: a document and its clause, but for one that the document names already.

    Examples
    --------
    >>> _headed("2022: coverage of parks", "Coverage of parks"), _headed("2022: coverage of parks", "Grade III")
    ('2022: coverage of parks', '2022: coverage of parks · Grade III')
    """
    return document_ if title.casefold() in document_.casefold() else f"{document_} · {title}"
