"""Write how a county answers a policy as a workbook: the matrix, what was stated, and the sources."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gis_planning import units
from gis_planning.reports.entries import write_sheets
from gis_planning.reports.policy_rows import Row, rows
from gis_planning.reports.workbook import Book, Column, Shown, Tones
from gis_planning.results.policy import Answered, PolicyCard
from gis_planning.texts import Lang, say

COLUMNS = (
    ("article", "count"), ("indicator", "long"), ("value", "number"), ("unit", "text"), ("target", "text"),
    ("whose", "text"), ("outcome", "text"), ("gap", "long"), ("year", "text"), ("source", "long"),
)  # fmt: skip
#: What the sheet has beside them, and does not print.
BESIDE = (
    ("code", "text"), ("state", "text"), ("trend", "long"), ("area", "text"), ("truth", "long"), ("beside", "long"),
    ("standard", "long"), ("because", "long"),
)  # fmt: skip
ARTICLES = (("article", "count"), ("name", "text"), ("state", "text"), ("asks", "long"), ("because", "long"))
NOTES = (("article", "count"), ("code", "text"), ("indicator", "long"), ("note", "long"))
STATED = (
    ("indicator", "text"), ("year", "text"), ("value", "text"), ("unit", "text"), ("area", "text"),
    ("source", "long"), ("row", "count"),
)  # fmt: skip


def write_xlsx(path: Path, card: PolicyCard, lang: Lang) -> None:
    """Write the workbook: a row for every indicator, and one for every article that has none."""
    book, told = Book(lang), list(rows(card, lang))
    table, tones = [], []
    for article in card.articles:
        own = [row for row in told if row.article is article]
        table += [_cells(row, lang) for row in own]
        tones += [row.tone for row in own]
        if not own:
            state = say("policy.state_no-test", lang)
            why = article.why.to(lang) if article.why else ""
            told_ = {"article": article.number, "indicator": article.title.to(lang), "state": state, "because": why}
            table.append([told_.get(key) for key, _ in (*COLUMNS, *BESIDE)])
            tones.append("info")
    columns = _columns((*COLUMNS, *BESIDE), lang)
    outcome = [key for key, _ in COLUMNS].index("outcome")
    printed = len(COLUMNS)
    book.sheet(say("policy.sheet_matrix", lang), columns, table, printed=printed, tones=Tones(outcome, tones), frozen=2)
    if notes := [[row.article.number, row.code, row.title, note] for row in told for note in row.notes]:
        book.sheet(say("policy.notes", lang), _columns(NOTES, lang), notes)
    book.sheet(
        say("policy.sheet_articles", lang), _columns(ARTICLES, lang), [_asked(one, lang) for one in card.articles]
    )
    if card.rows:
        stated = [[one[key] for key, _ in STATED] for one in card.rows]
        book.sheet(say("policy.sheet_stated", lang), _columns(STATED, lang), stated)
    write_sheets(book, card, lang, below=tuple(one.to(lang) for one in card.warnings))
    book.save(path)


def _cells(row: Row, lang: Lang) -> list[Any]:
    one, unit = row.answer, units.units()[row.answer.unit]
    value: Any = None if one.value is None else Shown(unit.of(one.value), _format(unit, one.value))
    if unit.words is not None:
        value = None if one.value is None else row.value
    known: dict[str, Any] = {
        "article": row.article.number,
        "indicator": row.title,
        "value": value,
        "unit": unit.names[lang],
    }
    return [known[key] if key in known else getattr(row, key) for key, _ in (*COLUMNS, *BESIDE)]


def _columns(keys: Sequence[tuple[str, str]], lang: Lang) -> list[Column]:
    return [Column(say(f"policy.column_{key}", lang), kind) for key, kind in keys]


def _asked(article: Answered, lang: Lang) -> list[Any]:
    """Return what an article asks for, and why it is without a test, where it is."""
    state, why = say(f"policy.state_{article.state}", lang), article.why.to(lang) if article.why else None
    return [article.number, article.title.to(lang), state, article.text.to(lang), why]


def _format(unit: units.Unit, value: float) -> str:
    digits = unit.decimals(unit.of(value))
    return "#,##0" + ("." + "0" * digits if digits else "")
