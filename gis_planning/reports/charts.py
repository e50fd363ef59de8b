"""Draw native bar charts into worksheets: they show the cells of a table, and change with them."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

#: The size of a chart in cm: its width, the height of a bar with what is free beside it, and of what else there is.
WIDE, BAR, AROUND = 24.0, 1.0, 3.6
#: A row of a sheet is so high, in cm; a page of A4 on its side has so many below the heading.
ROW, PAGE = 0.529, 31
COLOUR = "2B618C"
#: Names of more bars than these are written smaller.
MANY = 15


class Cells(NamedTuple):
    """Rows of a sheet, by the number of its columns: where the names of bars stand, and where their lengths."""

    sheet: str
    names: int
    values: int
    first: int
    last: int


class _Named:
    """A sheet not yet written, by its name; all a reference asks of it."""

    def __init__(self, title: str) -> None:
        self.title = title


def draw(sheet: Worksheet, place: str, title: str, cells: Cells, *, shares: bool, wide: float = WIDE) -> float:
    """Draw a bar for each of some rows, the first on top, and return how high the chart is, in cm.

    `shares`: the axis goes from 0 to 1, in percent; else it counts from 0.
    """
    chart, source = BarChart(), _Named(cells.sheet)
    chart.type, chart.style, chart.legend, chart.title = "bar", 10, None, title
    chart.add_data(_column(source, cells.values, cells))
    chart.set_categories(_column(source, cells.names, cells))
    shape = "0%" if shares else "#,##0"
    chart.y_axis.scaling.min, chart.y_axis.number_format = 0, shape
    if shares:
        chart.y_axis.scaling.max = 1
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.delete = chart.y_axis.delete = False
    (series,) = chart.series
    series.graphicalProperties = GraphicalProperties(solidFill=COLOUR)
    chart.dataLabels = DataLabelList(numFmt="0.0%" if shares else shape, showVal=True)
    for other in ("showSerName", "showCatName", "showLegendKey", "showPercent"):
        setattr(chart.dataLabels, other, False)
    chart.gap_width, chart.width = 45, wide
    bars = cells.last - cells.first + 1
    chart.height = min(AROUND + BAR * bars, ROW * (PAGE - 1))
    # Every bar has its name, in letters that fit beside it.
    chart.title.tx.rich.p[0].r[0].rPr = CharacterProperties(sz=1200, b=True)
    small = ParagraphProperties(defRPr=CharacterProperties(sz=900 if bars <= MANY else 700))
    chart.x_axis.txPr = RichText(p=[Paragraph(pPr=small, endParaRPr=CharacterProperties())])
    chart.x_axis.tickLblSkip = 1
    chart.y_axis.majorGridlines = None
    sheet.add_chart(chart, place)
    return float(chart.height)


def stack(sheet: Worksheet, charts: list[tuple[str, Cells]]) -> None:
    """Draw charts of shares below one another from the second row on; in print none is cut by the end of a page."""
    row = top = 2
    for title, cells in charts:
        high = draw(sheet, f"A{row}", title, cells, shares=True)
        rows = math.ceil(high / ROW) + 1
        if row + rows > top + PAGE and row > top:
            # The chart lies on the first row of its page.
            sheet.row_breaks.append(Break(id=row - 1))
            top = row
        row += rows
    sheet.print_area = f"A1:O{row}"


def _column(source: Any, column: int, cells: Cells) -> Reference:
    return Reference(source, min_col=column, min_row=cells.first, max_row=cells.last)
