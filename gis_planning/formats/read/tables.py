"""Read the text of tables: decode files, split lines into cells, find the rows of a plain table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gis_planning.errors import FeatureError, SourceError
from gis_planning.formats.read import encodings
from gis_planning.formats.read.cells import from_text
from gis_planning.formats.read.deliveries import Notes
from gis_planning.formats.read.opening import content_of
from gis_planning.formats.read.workbook import EXCEL, Book, Row, SheetRows, open_book
from gis_planning.texts import Text

SUFFIXES = {".csv", ".tsv", *EXCEL}
SEPARATORS = (",", ";", "\t", "，")
#: First bytes of a zip (Excel) and of the old Excel format, which some programs save under the name .csv.
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
#: So many bytes beyond ASCII tell the encoding of a text of any length.
_EVIDENCE = 1 << 20


@dataclass(frozen=True)
class Plain:
    """The heading of a plain table, the rows below it that hold anything, and what was not followed in reading."""

    heading: list[str | None]
    rows: list[Row]
    warnings: tuple[Text, ...] = ()


def read_rows(source: Path) -> Plain:
    """Return the heading of a plain table and the rows below it that hold anything; of a workbook, its first sheet.

    Raises
    ------
    SourceError
        The file is no table of text, or there is nothing in it.
    """
    if source.suffix.lower() not in SUFFIXES or not source.is_file():
        raise SourceError("points.not_a_table", source=source)
    notes = Notes(source)
    if source.suffix.lower() in EXCEL:
        with open_book(source) as book:
            if not book.visible:
                raise SourceError("source.no_table", source=source)
            first, *others = book.visible
            found = book.rows(first)
            rows = found.rows
            for other in others:
                if book.rows(other).rows:
                    notes.add("tables.other_sheet", other, read=first)
            note_hidden(book, [found], notes)
    else:
        text, _ = decode(source)
        top = text.partition("\n")[0]
        rows = list(split(text, max(SEPARATORS, key=top.count), source))
        note_open_end(text, rows, notes)
    filled = [(row, cells) for row, cells in rows if any(cell is not None and cell.strip() for cell in cells)]
    if not filled:
        raise SourceError("points.empty", source=source)
    return Plain(filled[0][1], filled[1:], notes.texts())


def note_hidden(book: Book, read: list[SheetRows], notes: Notes) -> None:
    """Note sheets that are hidden and were not read, and rows that are hidden and were."""
    for title in book.hidden:
        if title not in {one.title for one in read}:
            notes.add("tables.hidden_sheet", title)
    for sheet in read:
        for row in sheet.hidden:
            notes.add("tables.hidden_rows", f"{sheet.title}:{row}")


def note_open_end(text: str, rows: Sequence[Row], notes: Notes) -> None:
    """Note that the last line is not ended: whatever writes tables ends it, and a copy that was cut off does not."""
    text = text.rstrip("\x1a")  # how old editors end a file
    if rows and not text.endswith("\n") and not (text.endswith("\r") and "\n" not in text):
        row, cells = rows[-1]
        notes.add("tables.open_end", row, last=next((cell for cell in reversed(cells) if cell), "-"))


def decode(source: Path) -> tuple[str, str]:
    """Return the text of a file and its encoding: UTF-8, UTF-16 with a byte order mark, or GB18030.

    Raises
    ------
    SourceError
        The file is in none of them, or it is no text.
    """
    content = content_of(source)
    if content.startswith(_NOT_TEXT):
        raise SourceError("source.not_what_it_says", source=source, format=source.suffix.lstrip(".").lower())
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "UTF-16"
    elif content.startswith(b"\xef\xbb\xbf"):
        encoding = "UTF-8-SIG"
    else:
        encoding = _told(content, source)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise SourceError("tables.encoding", source=source) from None
    if "\x00" in text:
        raise SourceError("tables.encoding", source=source)
    return text, encoding.removesuffix("-SIG")


def _told(content: bytes, source: Path) -> str:
    """Return the encoding of text without a mark, by the lines that are not plain ASCII."""
    lines = [line for line in content.split(b"\n") if not line.isascii()]
    size, taken = 0, []
    for line in lines:
        taken.append(line)
        size += len(line)
        if size > _EVIDENCE:
            break
    found = encodings.readings(b"\n".join(taken))
    if len(found) > 1:
        raise SourceError("tables.encoding_open", source=source, encodings=list(found))
    if not found:
        raise SourceError("tables.encoding", source=source)
    return found[0]


def split(text: str, separator: str, source: Path) -> Iterator[Row]:
    """Yield the rows of separated text; an empty cell is None."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            yield row, [from_text(cell, row, column) for column, cell in enumerate(cells, 1)]
    except csv.Error as fault:
        raise FeatureError("tables.quotes", source=source, row=row + 1, reason=fault) from None
