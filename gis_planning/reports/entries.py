"""Write what every run enters in its ledger, into documents and workbooks alike: sources, repairs, rule documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gis_planning.reports.check_rows import Keys, headed
from gis_planning.reports.paper import Column, Paper
from gis_planning.reports.workbook import Book
from gis_planning.results.ledger import Ledger
from gis_planning.results.papers import document_number, document_title
from gis_planning.texts import Lang, say

#: The sheets of a workbook, with their columns.
SHEETS: dict[str, Keys] = {
    "inputs": (("layer", "text"), ("source", "long"), ("features", "count"), ("crs", "text"), ("sha256", "long")),
    "repairs": (
        *(("layer", "text"), ("fault", "long"), ("features", "count"), ("before_m2", "m2"), ("after_m2", "m2")),
        ("listed", "long"),
    ),
    "documents": (
        *(("title", "long"), ("id", "text"), ("number", "text"), ("issuer", "text"), ("date", "text")),
        *(("in_force", "text"), ("state", "text"), ("certainty", "text"), ("note", "long")),
    ),
}
#: The size of tables in points, and how much of a checksum a document shows.
SIZE, SHA_SHOWN = 9, 16


def write_sheets(book: Book, ledger: Ledger, lang: Lang, *, below: tuple[str, ...] = ()) -> None:
    """Add a sheet of the sources, with some lines below it, of the repairs and of the rule documents that there are."""
    tables = {
        "inputs": inputs(ledger, lang),
        "repairs": _repairs(ledger, lang),
        "documents": documents(ledger, lang),
    }
    for key, rows in tables.items():
        if found := list(rows):
            lines = below if key == "inputs" else ()
            book.sheet(say(f"book.sheet_{key}", lang), headed(SHEETS[key], lang), found, below=lines)


def write_sources(paper: Paper, ledger: Ledger, lang: Lang, hint: str = "report.repairs_hint") -> None:
    """Add the table of the sources, and that of the repairs or the sentence that there were none.

    `hint` is the text that says where each repaired feature stands.
    """
    paper.heading(say("report.inputs", lang), 2)
    columns = (("layer", 3.2), ("source", 5.0), ("features", 1.9), ("crs", 2.5), ("sha256", 3.4))
    rows = [[*row[:2], f"{row[2]:,}", row[3], row[4][:SHA_SHOWN]] for row in inputs(ledger, lang)]
    paper.table(_columns(columns, {"features"}, lang), rows, SIZE)
    paper.heading(say("report.repairs", lang), 2)
    if not ledger.repairs:
        paper.text(say("report.repairs_none", lang))
        return
    with paper.together():
        paper.text(say(hint, lang))
    columns = (("layer", 3.4), ("fault", 5.4), ("features", 1.8), ("before_m2", 2.7), ("after_m2", 2.7))
    rows = [[*row[:2], f"{row[2]:,}", f"{row[3]:,.2f}", f"{row[4]:,.2f}"] for row in _repairs(ledger, lang)]
    paper.table(_columns(columns, {"features", "before_m2", "after_m2"}, lang), rows, SIZE)


def _columns(widths: tuple[tuple[str, float], ...], numbers: set[str], lang: Lang) -> list[Column]:
    return [Column(say(f"book.column_{key}", lang), width, number=key in numbers) for key, width in widths]


def inputs(ledger: Ledger, lang: Lang) -> Iterator[list[Any]]:
    """Yield what was read: the layer, its source, the number of its features, its CRS and its checksum."""
    for entry in ledger.inputs:
        source = " / ".join(word for word in (entry.source, entry.table) if word) + (
            f" ({entry.where})" if entry.where else ""
        )
        yield [ledger.title(entry.layer, lang), source, entry.features, entry.crs, entry.sha256]


def _repairs(ledger: Ledger, lang: Lang) -> Iterator[list[Any]]:
    for repair in ledger.repairs:
        areas = (repair.area_before_m2, repair.area_after_m2)
        fault = say(f"repair.{repair.fault}", lang)
        yield [ledger.title(repair.layer, lang), fault, len(repair.features), *areas, "; ".join(repair.features)]


def documents(ledger: Ledger, lang: Lang) -> Iterator[list[Any]]:
    """Yield the rule documents, in the columns of `SHEETS`."""
    for document in ledger.documents:
        yield [
            document_title(document, lang),
            document["id"],
            document_number(document, lang),
            document["issuer"],
            document["date"],
            document["in_force"],
            say(f"report.state_{document['state']}", lang),
            say(f"report.certainty_{document['certainty']}", lang),
            document["note"] if lang == "zh" else document["note_en"],
        ]
