"""Read the sheets of Excel files as a person sees them, without falling for what a zip of XML can do."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gis_planning.errors import InputError, SourceError
from gis_planning.formats.read.archive import refuse_bomb
from gis_planning.formats.read.cells import ERRORS, Held, Unread, letters
from gis_planning.formats.read.sheet_marks import Marks, has_doctype, marks_of

EXCEL = {".xlsx", ".xlsm"}
#: More than the largest table that a person can open.
LARGEST_BYTES = 1024**3

#: The number a person sees beside a row, and its cells.
Row = tuple[int, list[str | None]]


@dataclass(frozen=True)
class SheetRows:
    """The rows of a sheet that hold anything, and which of them are hidden."""

    title: str
    rows: list[Row]
    hidden: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Book:
    """An open Excel file: its sheets by title, and the titles of those that are hidden."""

    source: Path
    sheets: dict[str, Any]
    hidden: list[str]

    @property
    def visible(self) -> list[str]:
        """The titles of the sheets a person sees."""
        return [title for title in self.sheets if title not in self.hidden]

    def rows(self, title: str) -> SheetRows:
        """Return the rows of a sheet that hold anything, as the text a person sees.

        Raises
        ------
        SourceError
            It holds more than any table does, or its rows are in disorder.
        """
        sheet = self.sheets[title]
        # The reader itself tells neither merged cells nor formulas without a result.
        with sheet._get_source() as part:
            marks = marks_of(part, title)
        if marks.too_large:
            raise SourceError("tables.too_large", source=self.source, sheet=title, rows=marks.last, columns=marks.width)
        if marks.disordered:
            raise SourceError("tables.disordered", source=self.source, sheet=title)
        if not marks.last:
            return SheetRows(title, [])
        sheet.reset_dimensions()
        read = sheet.iter_rows(max_row=marks.last, max_col=marks.width, values_only=True)
        rows = [found for at, values in enumerate(read, 1) if (found := _row(at, values, marks, title))[1]]
        _hold(rows, marks, title)
        held = {row for row, _ in rows}
        return SheetRows(title, rows, [row for row in marks.hidden if row in held])


@contextmanager
def open_book(source: Path) -> Iterator[Book]:
    """Open an Excel file for reading values; whatever the reader stumbles on while it is open becomes a refusal.

    Raises
    ------
    SourceError
        It is no Excel file, is broken, too large, or one that means harm.
    """
    import openpyxl  # noqa: PLC0415 - slow to import

    if not zipfile.is_zipfile(source):
        raise SourceError("source.not_what_it_says", source=source, format="xlsx")
    try:
        _refuse_harm(source)
        with warnings.catch_warnings():
            # It warns of styles and drop-down lists that it leaves out; values are all we read.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
            try:
                sheets = {str(sheet.title): sheet for sheet in book.worksheets}
                hidden = [title for title, sheet in sheets.items() if sheet.sheet_state != "visible"]
                yield Book(source, sheets, hidden)
            finally:
                book.close()
    except InputError:
        raise
    except Exception as fault:
        # On a broken file the reader raises whatever it stumbles on: KeyError, ValueError, BadZipFile, ParseError ...
        raise SourceError("source.unreadable", source=source, reason=fault) from None


def _refuse_harm(source: Path) -> None:
    """Refuse a file that unpacks to more than a table holds, or whose XML declares entities."""
    with zipfile.ZipFile(source) as opened:
        refuse_bomb(opened.infolist(), source, largest=LARGEST_BYTES)
        for member in opened.infolist():
            if member.filename.lower().endswith((".xml", ".rels")):
                with opened.open(member) as part:
                    if has_doctype(part):
                        raise SourceError("tables.doctype", source=source, member=member.filename)


def _row(at: int, values: tuple[Any, ...], marks: Marks, title: str) -> Row:
    """Return a row up to its last cell that holds anything."""
    cells = [marks.unread.get((at, column)) or cell_text(value) for column, value in enumerate(values, 1)]
    while cells and cells[-1] is None:
        cells.pop()
    for column, cell in enumerate(cells, 1):
        if cell in ERRORS and not isinstance(cell, Unread):
            cells[column - 1] = Unread(cell, "tables.error_value", f"{title}!{letters(column)}{at}")
    return at, cells


def _hold(rows: list[Row], marks: Marks, title: str) -> None:
    """Give the rows under a merged cell its value; a row that holds nothing of its own stays empty.

    Across columns a value stays where it is: a title is merged over a whole table.
    """
    numbers = [row for row, _ in rows]
    for top, left, bottom, right in marks.merged:
        first = bisect_left(numbers, top)
        shown = None
        if first < len(rows) and numbers[first] == top and left <= len(rows[first][1]):
            shown = rows[first][1][left - 1]
        for row, cells in rows[first : bisect_right(numbers, bottom)]:
            for column in range(left, min(right, len(cells)) + 1):
                under = cells[column - 1]
                if (row, column) != (top, left) and under not in {None, shown}:
                    # No person sees it, and a spreadsheet that saves the file anew throws it away.
                    cells[column - 1] = Unread(str(under), "tables.covered", f"{title}!{letters(column)}{row}")
            if row > top and shown is not None and (left > len(cells) or cells[left - 1] is None):
                cells.extend([None] * (left - len(cells)))
                cells[left - 1] = shown if isinstance(shown, Unread) else Held(shown)


def cell_text(value: Any) -> str | None:
    """Return the text a person sees for a value; a spreadsheet has no whole numbers, only ones without decimals."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)
