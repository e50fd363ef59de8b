"""Write the rows of worksheets as XML, and lay them into a workbook: cell by cell as objects takes minutes."""

from __future__ import annotations

import math
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

#: Where the rows go in a sheet that has none.
EMPTY = (b"<sheetData />", b"<sheetData/>", b"<sheetData></sheetData>")
#: Rows are held in memory up to so many bytes a sheet, then in a file of their own.
HELD = 16_000_000
#: Most words stand in many cells; of so many it is known how they are written.
SAID = 4096


class Formula(NamedTuple):
    """What a cell reckons, with the sign it begins with."""

    words: str


class Rows:
    """The rows of one worksheet, from top to bottom."""

    def __init__(self) -> None:
        self.stream: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115 - closed when it is laid in
        #: The first row is that of the headings, which are known from the beginning and their height at the end.
        self.head, self.count = b"", 1

    def top(self, cells: Iterable[tuple[Any, int]], high: int | None = None) -> None:
        """Set the row of the headings."""
        self.head = _row(1, cells, high)

    def add(self, cells: Iterable[tuple[Any, int]], high: int | None = None) -> None:
        """Add a row of values, each with the number of its style; text that begins with "=" is no formula.

        `high` is the height of the row in points, which not every program finds by itself.
        """
        self.count += 1
        self.stream.write(_row(self.count, cells, high))


def lay_in(frame: Path, target: Path, sheets: Sequence[Rows]) -> None:
    """Write a workbook with the rows of its sheets, given one whose sheets have none, in their order."""
    places = {f"xl/worksheets/sheet{at}.xml": rows for at, rows in enumerate(sheets, 1)}
    with zipfile.ZipFile(frame) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename not in places:
                # Without a date, which would tell one run from another.
                book.writestr(zipfile.ZipInfo(entry.filename), content, zipfile.ZIP_DEFLATED)
                continue
            rows = places[entry.filename]
            head, _, tail = content.partition(next(one for one in EMPTY if one in content))
            with book.open(entry.filename, "w", force_zip64=True) as stream, rows.stream as written:
                stream.write(head + b"<sheetData>" + rows.head)
                written.seek(0)
                shutil.copyfileobj(written, stream, 1 << 20)
                stream.write(b"</sheetData>" + tail)


def _row(number: int, cells: Iterable[tuple[Any, int]], high: int | None) -> bytes:
    row, words = str(number), []
    for letter, (value, style) in zip(_letters(), cells, strict=False):
        if value is not None:
            held = f"><v>{value!r}</v></c>" if type(value) is float and math.isfinite(value) else _held(value)
            if held:
                words.append(f'<c r="{letter}{row}" s="{style}"{held}')
    height = "" if high is None else f' ht="{high}" customHeight="1"'
    return f'<row r="{row}"{height}>{"".join(words)}</row>'.encode()


def _held(value: Any) -> str:
    """Return a cell from behind its style to its end; nothing where it is not written."""
    if isinstance(value, str):
        return _said(value)
    if isinstance(value, Formula):
        return f"><f>{_escaped(value.words[1:])}</f><v/></c>"
    if isinstance(value, bool):
        return f' t="b"><v>{int(value)}</v></c>'
    number = value.item() if hasattr(value, "item") else value
    if not isinstance(number, int | float):
        raise TypeError(type(value).__name__)
    # Excel knows nothing endless; what it is is said in words beside.
    return f"><v>{number!r}</v></c>" if math.isfinite(number) else ""


@lru_cache(maxsize=SAID)
def _said(words: str) -> str:
    if not words:
        return "/>"
    kept = ' xml:space="preserve"' if words != words.strip() else ""
    return f' t="inlineStr"><is><t{kept}>{_escaped(words)}</t></is></c>'


def _escaped(words: str) -> str:
    return escape(words, {"\r": "&#13;"})


@cache
def _letters() -> tuple[str, ...]:
    return tuple(get_column_letter(at) for at in range(1, 16_385))
