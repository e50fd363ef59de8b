"""Write tables into a workbook: headings that stay in view, filters, number formats, live sums; texts stay texts."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from gis_planning.maps.plain import plain
from gis_planning.outputs.moment import moment
from gis_planning.reports.columns import BROKEN, CARRIED, FILTER, FREE, Extent, formatted, height, lines
from gis_planning.reports.rows import Formula, Rows, lay_in
from gis_planning.texts import Lang, say
from gis_planning.view.looks import styles

#: Excel's longest text in a cell, and the most rows of a sheet: more take minutes to write and to open.
LONGEST, MOST_ROWS = 32_000, 100_000
#: So many words of a column are kept with how they are written.
KNOWN = 4096
#: A cell that holds nothing.
EMPTY = (None, 0)
#: The numbers Excel knows papers by.
A4, A3 = 9, 8
#: A page of A4 on its side has so many digits in a row; a sheet with more of them is made smaller. Type of 11 points
#: that would be below 8 prints on A3.
A4_DIGITS = 150
A4_MOST = A4_DIGITS * 11 / 8
#: The margins of a page in inches: at the sides, and above and below, where the foot stands.
SIDE, FOOT = 0.35, 0.6
#: Numbers are kept whole and shown like this.
FORMATS = {
    "m2": "#,##0.00",
    "mu": "#,##0.00",
    "ha": "#,##0.0000",
    "m": "#,##0.0",
    "width": "0.000",
    "share": "0.00%",
    "count": "#,##0",
    "number": "#,##0.00",
    "minutes": "0.0",
    "degrees": "0.000000",
}
#: The formula that sums a column; 109 takes what a filter leaves in view.
SUM = "=SUBTOTAL(109,{letter}2:{letter}{last})"


class Column(NamedTuple):
    """A column: its heading, what it holds (a key of FORMATS, text or long), and the formula below it, if any.

    The formula may name `{letter}`, the column, and `{last}`, its last row.
    """

    title: str
    kind: str
    below: str = ""


class Shown(NamedTuple):
    """A number with a format of its own."""

    value: float | None
    format: str


class Live(NamedTuple):
    """A formula, with the format of what it gives."""

    formula: str
    format: str


@dataclass(frozen=True)
class Tones:
    """The column whose words have the colour of an outcome, and the outcome of each row."""

    column: int
    outcomes: Sequence[str]


class Book:
    """A workbook being written, sheet by sheet."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.book = Workbook(write_only=True)
        self._looks: dict[tuple[Any, ...], int] = {}
        self._rows: dict[str, Rows] = {}
        self._printed: dict[str, int] = {}

    def sheet(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Any]],
        *,
        printed: int | None = None,
        tones: Tones | None = None,
        below: Iterable[str] = (),
        frozen: int | None = None,
        total: str | None = None,
        count: int | None = None,
        most: int | None = None,
    ) -> Worksheet:
        """Add a sheet with one table: a heading that stays in view, a filter, and live sums below.

        `frozen` is how many columns stay in view as well; two where there are more than five. `below` are sentences
        under the table, `total` what the line of sums is called, `count` how many rows there are where they are
        made one by one. Rows beyond `most` (`MOST_ROWS` where nothing is said) are left out, and the last line says how
        many. It prints on pages on their side, with its heading on each: its first columns, so many as `printed`, or
        all.
        """
        if count is None:
            rows = list(rows)
            count = len(rows)
        most = MOST_ROWS if most is None else most
        shown, left_out = min(count, most), max(0, count - most)
        sheet = self.book.create_sheet(title)
        own = self._rows[sheet.title] = Rows()
        kept = (2 if len(columns) > 5 else 0) if frozen is None else frozen
        sheet.freeze_panes = f"{get_column_letter(kept + 1)}2"
        if shown:
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{shown + 1}"
        self._set_width(sheet, columns, self._body(own, columns, islice(rows, shown), tones), printed)
        if printed is not None:
            self._printed[sheet.title] = printed
        if shown and any(column.below for column in columns):
            own.add(self._totals(columns, shown, total or say("review.total", self.lang)))
        for line in (*((say("book.left_out", self.lang, count=left_out),) if left_out else ()), *below):
            own.add([self._cell(line)])
        return sheet

    def _body(
        self, own: Rows, columns: Sequence[Column], rows: Iterable[Sequence[Any]], tones: Tones | None
    ) -> list[float]:
        """Write the rows of a table, and return how wide its columns are to be."""
        kinds = [column.kind for column in columns]
        extents = [Extent() for _ in columns]
        numbers = {kind: self._cell(0.0, kind)[1] for kind in kinds}
        words = {kind: self._cell("", kind)[1] for kind in kinds}
        # The words of a column mostly stand in many rows: their cells, and on how many lines they stand.
        told: list[dict[str, tuple[tuple[str, int], int]]] = [{} for _ in columns]
        for at, row in enumerate(rows):
            cells: list[tuple[Any, int]] = []
            deep = 1
            for value, kind, extent, known in zip(row, kinds, extents, told, strict=True):
                # Most cells by far are numbers and words of one line, whose looks are known.
                if type(value) is float:
                    extent.number(value)
                    cells.append((value, numbers[kind]))
                    continue
                if value is None:
                    cells.append(EMPTY)
                    continue
                if type(value) is not str:
                    cells.append(self._cell(value, kind))
                    _measure(extent, value, cells[-1][0])
                    continue
                found = known.get(value)
                if found is None:
                    said = plain(value, LONGEST)
                    one = extent.word(said)
                    style = words[kind] if one else self._look("General", broken=True)
                    found = (said, style), 1 if one else lines(said, BROKEN - CARRIED)
                    if len(known) < KNOWN:
                        known[value] = found
                cells.append(found[0])
                deep = max(deep, found[1])
            if tones:
                cells[tones.column] = self._cell(row[tones.column], kinds[tones.column], tones.outcomes[at])
            own.add(cells, height(deep))
        return [
            extent.width(column.title, FORMATS.get(column.kind, "General"), summed=bool(column.below))
            for extent, column in zip(extents, columns, strict=True)
        ]

    def _set_width(
        self, sheet: Worksheet, columns: Sequence[Column], widths: Sequence[float], printed: int | None
    ) -> None:
        """Set how wide columns are, with the headings, which are as high as they then need, and the paper."""
        for at, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(at)].width = round(width, 1)
        deep = max(lines(column.title, width - FREE - FILTER) for column, width in zip(columns, widths, strict=True))
        self._rows[sheet.title].top((self._cell(column.title, head=True) for column in columns), height(deep))
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = A4 if sum(widths[:printed]) <= A4_MOST else A3
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = "1:1"
        sheet.page_margins = PageMargins(left=SIDE, right=SIDE, top=FOOT, bottom=FOOT, header=SIDE, footer=SIDE)
        sheet.oddFooter.center.text = say("paper.page_of", self.lang, page="&P", pages="&N")
        sheet.oddFooter.left.text = "&A"

    def write(self, sheet: Worksheet, row: Sequence[Any], *, head: bool = False) -> None:
        """Add one more row to a sheet, of texts, numbers, `Shown` and `Live`."""
        self._rows[sheet.title].add([self._cell(value, head=head) for value in row])

    def save(self, path: Path) -> None:
        """Write the workbook."""
        for title, rows in self._rows.items():
            sheet = self.book[title]
            if not sheet.print_area:
                last = self._printed.get(title, len(sheet.column_dimensions))
                sheet.print_area = f"A1:{get_column_letter(last)}{rows.count}"
        with tempfile.TemporaryDirectory() as folder:
            frame = Path(folder) / "frame.xlsx"
            self._save(frame)
            lay_in(frame, path, [self._rows[title] for title in self.book.sheetnames])

    def _save(self, frame: Path) -> None:
        """Write the workbook without its rows; its own `save` states the time of the clock."""
        facts = self.book.properties
        facts.created = facts.modified = moment().replace(tzinfo=None)
        with zipfile.ZipFile(frame, "w", zipfile.ZIP_DEFLATED) as archive:
            ExcelWriter(self.book, archive).save()

    def _totals(self, columns: Sequence[Column], count: int, total: str) -> list[tuple[Any, int]]:
        cells = []
        for at, column in enumerate(columns, 1):
            letter = get_column_letter(at)
            value: Any = total if at == 1 else None
            if column.below:
                value = Live(column.below.format(letter=letter, last=count + 1), FORMATS[column.kind])
            cells.append(self._cell(value, bold=True))
        return cells

    def _cell(
        self, value: Any, kind: str = "", tone: str = "", *, head: bool = False, bold: bool = False
    ) -> tuple[Any, int]:
        """Return a value as its cell holds it, with the number of its style."""
        shape = FORMATS.get(kind, "General")
        if isinstance(value, Shown):
            value, shape = value
        elif isinstance(value, Live):
            value, shape = Formula(value.formula), value.format
        if value is None:
            return EMPTY
        words = isinstance(value, str)
        if words:
            value, shape = plain(value, LONGEST), "General"
        return value, self._look(shape, tone, head=head, bold=bold, words=words)

    def _look(
        self,
        shape: str,
        tone: str = "",
        *,
        head: bool = False,
        bold: bool = False,
        words: bool = True,
        broken: bool = False,
    ) -> int:
        key = (shape, tone, head, bold, words, broken)
        if key not in self._looks:
            cell = WriteOnlyCell(self.book.worksheets[0])
            colour = styles()["outcome"][tone]["colour"].lstrip("#") if tone else None
            cell.font = Font(name=_font(self.lang), bold=head or bold or bool(tone), color=colour)
            cell.number_format = shape
            if head:
                cell.fill = PatternFill("solid", fgColor="EFE7D6")
            # Words stand off the numbers of the column before them.
            side = {"horizontal": "left", "indent": 1} if words else {}
            cell.alignment = Alignment(vertical="center" if head else "top", wrap_text=head or broken, **side)
            self._looks[key] = cell.style_id
        return self._looks[key]


def _measure(extent: Extent, value: Any, held: Any) -> None:
    """Take into how far a column reaches what a cell was given and what it holds; formulas are left out."""
    if isinstance(value, Shown) and isinstance(held, int | float):
        extent.word(formatted(held, value.format))
    elif isinstance(held, str):
        extent.word(held)
    elif isinstance(held, int | float):
        extent.number(held)


def _font(lang: Lang) -> str:
    return "宋体" if lang == "zh" else "Calibri"
