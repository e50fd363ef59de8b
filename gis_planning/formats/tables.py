"""Read the rows of tables of text (CSV, Excel) as they were delivered."""

from __future__ import annotations

import csv
import datetime as dt
import io
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gis_planning.errors import FeatureError, InputError, LayerError, SourceError
from gis_planning.formats.vector import look_before_reading

EXCEL = {".xlsx", ".xlsm"}
SUFFIXES = {".csv", ".tsv", *EXCEL}
SEPARATORS = (",", ";", "\t", "，")
#: First bytes of a zip (Excel) and of the old Excel format, which some programs save under the name .csv.
_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

Row = tuple[int, list[str | None]]


def read_rows(source: Path, table: str | None = None) -> tuple[list[str | None], list[Row]]:
    """Return the heading of a table and the rows below it that hold anything, with the numbers a person sees.

    Raises
    ------
    SourceError
        The file is no table.
    LayerError
        The sheet cannot be found, or there is nothing in it.
    """
    look_before_reading(source)
    if source.suffix.lower() not in SUFFIXES or not source.is_file():
        raise SourceError("points.not_a_table", source=source)
    if source.suffix.lower() in EXCEL:
        rows, _ = read_sheet(source, table)
    else:
        text, _ = decode(source)
        top = text.partition("\n")[0]
        rows = list(split(text, max(SEPARATORS, key=top.count), source))
    filled = [(row, cells) for row, cells in rows if any(cell is not None and cell.strip() for cell in cells)]
    if not filled:
        raise LayerError("points.empty", source=source)
    return filled[0][1], filled[1:]


def decode(source: Path) -> tuple[str, str]:
    """Return the text of a file and its encoding: UTF-16 with a mark, UTF-8, else GB18030."""
    content = source.read_bytes()
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
    raise SourceError("points.encoding", source=source)


def split(text: str, separator: str, source: Path) -> Iterator[Row]:
    """Yield the rows of separated text, each with its number."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, 1):
            yield row, [cell or None for cell in cells]
    except csv.Error as fault:
        raise FeatureError("points.quotes", source=source, row=row + 1, reason=fault) from None


def read_sheet(source: Path, table: str | None) -> tuple[list[Row], str]:
    """Return the rows of a sheet, every cell as the text a person sees, and the name of the sheet."""
    import openpyxl  # noqa: PLC0415 - slow to import

    if not zipfile.is_zipfile(source):
        raise SourceError("source.not_what_it_says", source=source, format="xlsx")
    try:
        with warnings.catch_warnings():
            # It warns of styles and drop-down lists that it leaves out; values are all we read.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
            try:
                sheet = _choose_sheet(book, source, table)
                # What a sheet says of its own size may be wrong, or huge.
                sheet.reset_dimensions()
                rows = [
                    (row, [_cell_text(value) for value in cells])
                    for row, cells in enumerate(sheet.iter_rows(values_only=True), 1)
                    if any(value is not None for value in cells)
                ]
            finally:
                book.close()
    except InputError:
        raise
    except Exception as fault:
        # On a broken file the reader raises whatever it stumbles on: KeyError, ValueError, BadZipFile, ParseError ...
        raise SourceError("source.unreadable", source=source, reason=f"{type(fault).__name__}: {fault}") from None
    return rows, str(sheet.title)


def _choose_sheet(book: Any, source: Path, table: str | None) -> Any:
    sheets = {str(sheet.title): sheet for sheet in book.worksheets}
    if not sheets:
        raise SourceError("source.no_table", source=source)
    if table is None and len(sheets) > 1:
        raise LayerError("source.which_table", source=source, tables=list(sheets))
    if table is not None and table not in sheets:
        raise LayerError("source.missing_table", source=source, table=table, tables=list(sheets))
    return sheets[table] if table is not None else next(iter(sheets.values()))


def _cell_text(value: Any) -> str | None:
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
