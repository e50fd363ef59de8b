"""Read the text of tables: decode files, split lines into cells, take the cells of sheets."""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gis_planning.errors import FeatureError, InputError, SourceError
from gis_planning.formats.opening import content_of

EXCEL = {".xlsx", ".xlsm"}
SUFFIXES = {".csv", ".tsv", *EXCEL}
SEPARATORS = (",", ";", "\t", "，")
#: First bytes of a zip (Excel) and of the old Excel format, which some programs save under the name .csv.
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

#: The number a person sees beside a row, and its cells.
Row = tuple[int, list[str | None]]


def read_rows(source: Path) -> tuple[list[str | None], list[Row]]:
    """Return the heading of a plain table and the rows below it that hold anything.

    Raises
    ------
    SourceError
        The file is no table of text, or there is nothing in it.
    """
    if source.suffix.lower() not in SUFFIXES or not source.is_file():
        raise SourceError("points.not_a_table", source=source)
    if source.suffix.lower() in EXCEL:
        with open_book(source) as book:
            rows = sheet_rows(book.worksheets[0])
    else:
        text, _ = decode(source)
        top = text.partition("\n")[0]
        rows = list(split(text, max(SEPARATORS, key=top.count), source))
    filled = [(row, cells) for row, cells in rows if any(cell is not None and cell.strip() for cell in cells)]
    if not filled:
        raise SourceError("points.empty", source=source)
    return filled[0][1], filled[1:]


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
    marked = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, encoding.removesuffix("-sig").upper()
    raise SourceError("tables.encoding", source=source)


def split(text: str, separator: str, source: Path) -> Iterator[Row]:
    """Yield the rows of separated text; an empty cell is None."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            yield row, [cell or None for cell in cells]
    except csv.Error as fault:
        raise FeatureError("tables.quotes", source=source, row=row + 1, reason=fault) from None


@contextmanager
def open_book(source: Path) -> Iterator[Any]:
    """Open an Excel file for reading values; whatever the reader stumbles on while it is open becomes a refusal."""
    import openpyxl  # noqa: PLC0415 - slow to import

    if not zipfile.is_zipfile(source):
        raise SourceError("source.not_what_it_says", source=source, format="xlsx")
    try:
        with warnings.catch_warnings():
            # It warns of styles and drop-down lists that it leaves out; values are all we read.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except InputError:
        raise
    except Exception as fault:
        # On a broken file the reader raises whatever it stumbles on: KeyError, ValueError, BadZipFile, ParseError ...
        raise SourceError("source.unreadable", source=source, reason=f"{type(fault).__name__}: {fault}") from None


def sheet_rows(sheet: Any) -> list[Row]:
    """Return the rows of a sheet that hold anything, as the text a person sees."""
    # What a sheet says of its own size may be wrong, or huge.
    sheet.reset_dimensions()
    return [
        (row, [cell_text(value) for value in cells])
        for row, cells in enumerate(sheet.iter_rows(values_only=True), 1)
        if any(value is not None for value in cells)
    ]


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
