"""Write a review as a workbook: a summary, a sheet of lines, of patches and of land classes; totals stay live."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gis_planning import geo
from gis_planning.conventions.activities import activity_title
from gis_planning.conventions.landclasses import class_title, ownership_title
from gis_planning.maps.layers import styles
from gis_planning.review_results import Review
from gis_planning.texts import Lang, say

#: Characters XML cannot hold; Excel refuses the whole file for one of them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Excel's longest text in a cell.
LONGEST = 32_000
WIDTHS = {"text": 16, "long": 46, "number": 14}
#: Areas are kept whole and shown like this.
FORMATS = {"m2": "#,##0.00", "mu": "#,##0.0000", "ha": "#,##0.0000", "m": "0.000", "share": "0.00%", "count": "0"}

Column = tuple[str, str]


def write_xlsx(path: Path, review: Review, lang: Lang) -> None:
    """Write a review as a workbook.

    Areas stand unrounded in their cells, with the unit in the heading of the column; sums are formulas. Texts of users
    are texts, whatever they begin with.
    """
    book = Workbook(write_only=True)
    _summary(book, review, lang)
    _lines(book, review, lang)
    _patches(book, review, lang)
    if review.classes is not None:
        _classes(book, review, lang)
    _sources(book, review, lang)
    book.save(path)


def _summary(book: Workbook, review: Review, lang: Lang) -> None:
    columns = [("id", "text"), ("project", "text"), ("activity", "text"), ("outcome", "text"), ("area_m2", "m2")]
    columns += [("area_mu", "mu"), ("plane_area_m2", "m2"), ("stated_area_m2", "m2"), ("lines_touched", "long")]
    columns += [("source", "text"), ("override", "long")]
    rows = [
        [
            parcel.id,
            parcel.name,
            activity_title(parcel.activity, lang) if parcel.activity else say("review.activity_unknown", lang),
            say(f"review.outcome.{parcel.outcome}", lang),
            parcel.area_m2,
            geo.to_mu(parcel.area_m2),
            parcel.plane_area_m2,
            parcel.stated_area_m2,
            say("review.comma", lang).join(
                review.title(one.line, lang) for one in parcel.lines if one.outcome not in ("pass", "info")
            ),
            parcel.source,
            "; ".join(f"{one.code}: {one.reason} ({one.by}, {one.date})" for one in parcel.overrides),
        ]
        for parcel in review.parcels
    ]
    tones = [parcel.outcome for parcel in review.parcels]
    _sheet(book, "summary", columns, rows, lang, sums=("area_m2", "area_mu", "plane_area_m2"), tones=(3, tones))


def _lines(book: Workbook, review: Review, lang: Lang) -> None:
    columns = [("id", "text"), ("project", "text"), ("line", "text"), ("outcome", "text"), ("overlap_m2", "m2")]
    columns += [("overlap_mu", "mu"), ("overlap_ha", "ha"), ("net_m2", "m2"), ("share", "share"), ("outside_m2", "m2")]
    columns += [("uncovered_m2", "m2"), ("pieces", "count"), ("slivers", "count"), ("substantial_m2", "m2")]
    columns += [("boundary_m2", "m2"), ("unclear_m2", "m2"), ("borderline", "text"), ("zero", "text")]
    columns += [("touches", "long"), ("message", "long"), ("clauses", "text")]
    rows, tones = [], []
    for parcel in review.parcels:
        for line in parcel.lines:
            tones.append(line.outcome)
            overlap = line.overlap_m2
            zero = [one.outcome_zero for one in line.findings if one.outcome_zero != one.outcome]
            rows.append(
                [
                    parcel.id,
                    parcel.name,
                    review.title(line.line, lang),
                    say(f"review.outcome.{line.outcome}", lang),
                    overlap,
                    None if overlap is None else geo.to_mu(overlap),
                    None if overlap is None else geo.to_hectares(overlap),
                    line.net_m2,
                    line.share,
                    line.outside_m2,
                    line.uncovered_m2,
                    line.pieces,
                    line.slivers,
                    line.substantial_m2,
                    line.boundary_m2,
                    line.unclear_m2,
                    say("review.borderline", lang) if any(one.borderline for one in line.findings) else None,
                    say(f"review.outcome.{zero[0]}", lang) if zero else None,
                    "; ".join(line.touches),
                    line.message.to(lang),
                    "; ".join(one.code for one in line.findings),
                ]
            )
    sums = ("overlap_m2", "overlap_mu", "overlap_ha", "net_m2", "substantial_m2", "boundary_m2", "unclear_m2")
    _sheet(book, "lines", columns, rows, lang, sums=sums, tones=(3, tones))


def _patches(book: Workbook, review: Review, lang: Lang) -> None:
    columns = [("patch", "text"), ("id", "text"), ("project", "text"), ("line", "text"), ("clause", "text")]
    columns += [("outcome", "text"), ("area_m2", "m2"), ("area_mu", "mu"), ("width_m", "m"), ("label", "text")]
    columns += [("touches", "long")]
    rows, tones = [], []
    for row in review.patches.drop(columns="geometry").to_dict("records"):
        tones.append(row["outcome"])
        rows.append(
            [
                row["id"],
                row["project_id"],
                row["project"],
                review.title(row["line"], lang),
                row["code"],
                say(f"review.outcome.{row['outcome']}", lang),
                row["area_m2"],
                geo.to_mu(row["area_m2"]),
                row["width_m"],
                say(f"review.label.{row['label']}", lang),
                row["touches"],
            ]
        )
    _sheet(book, "patches", columns, rows, lang, sums=("area_m2", "area_mu"), tones=(5, tones))


def _classes(book: Workbook, review: Review, lang: Lang) -> None:
    columns = [("id", "text"), ("project", "text"), ("great_class", "text"), ("class", "text"), ("class_name", "text")]
    columns += [("arable", "text"), ("ownership", "text"), ("village", "text"), ("area_m2", "m2"), ("area_ha", "ha")]
    columns += [("area_mu", "mu")]
    names = {parcel.id: parcel.name for parcel in review.parcels}
    rows = [
        [
            row["project_id"],
            names.get(row["project_id"]),
            say(f"review.great.{row['great_class']}", lang) if row["great_class"] else say("review.no_patch", lang),
            row["class"],
            class_title(row["class"], lang),
            say("review.is_arable", lang) if row["arable"] else None,
            ownership_title(row["ownership"], lang) or row["ownership"],
            row["village"],
            row["area_m2"],
            geo.to_hectares(row["area_m2"]),
            geo.to_mu(row["area_m2"]),
        ]
        for row in (review.classes.to_dict("records") if review.classes is not None else ())
    ]
    _sheet(book, "classes", columns, rows, lang, sums=("area_m2", "area_ha", "area_mu"))


def _sources(book: Workbook, review: Review, lang: Lang) -> None:
    columns = [("layer", "text"), ("source", "long"), ("features", "count"), ("crs", "text"), ("sha256", "long")]
    rows = [[review.title(one.layer, lang), one.source, one.features, one.crs, one.sha256] for one in review.inputs]
    sheet = _sheet(book, "sources", columns, rows, lang)
    for document in review.documents:
        title = document["title"] if lang == "zh" else document["title_en"]
        sheet.append(_cells(sheet, [title, document["number"], None, document["date"], document["id"]], columns))
    for words in (say("review.as_of", lang, day=review.as_of), say("review.caveat", lang)):
        sheet.append(_cells(sheet, [words], [("words", "long")]))


def _sheet(
    book: Workbook,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    lang: Lang,
    *,
    sums: Sequence[str] = (),
    tones: tuple[int, Sequence[str]] | None = None,
) -> Worksheet:
    """Add a sheet with a heading that stays in view, a filter, and live sums below."""
    rows = list(rows)
    sheet = book.create_sheet(say(f"review.sheet_{name}", lang))
    sheet.freeze_panes = "C2" if len(columns) > 5 else "A2"
    for at, (_, kind) in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(at)].width = WIDTHS.get(kind, WIDTHS["number"])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    heads = []
    for key, _ in columns:
        cell = WriteOnlyCell(sheet, say(f"review.column_{key}", lang))
        cell.font, cell.fill = Font(bold=True, name=_font(lang)), PatternFill("solid", fgColor="EFE7D6")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        heads.append(cell)
    sheet.append(heads)
    for at, row in enumerate(rows):
        cells = _cells(sheet, row, columns, lang)
        if tones is not None:
            colour = styles()["outcome"][tones[1][at]]["colour"].lstrip("#")
            cells[tones[0]].font = Font(color=colour, bold=True, name=_font(lang))
        sheet.append(cells)
    if sums and rows:
        sheet.append(_totals(sheet, columns, sums, len(rows), lang))
    return sheet


def _totals(sheet: Worksheet, columns: Sequence[Column], sums: Sequence[str], count: int, lang: Lang) -> list[Any]:
    cells: list[Any] = []
    for at, (key, kind) in enumerate(columns, 1):
        letter = get_column_letter(at)
        # 109: sums what a filter leaves in view.
        value = f"=SUBTOTAL(109,{letter}2:{letter}{count + 1})" if key in sums else None
        cell = WriteOnlyCell(sheet, say("review.total", lang) if at == 1 else value)
        cell.font = Font(bold=True, name=_font(lang))
        if value is not None:
            cell.number_format = FORMATS[kind]
        cells.append(cell)
    return cells


def _cells(sheet: Worksheet, row: Sequence[Any], columns: Sequence[Column], lang: Lang = "zh") -> list[Any]:
    cells = []
    for value, (_, kind) in zip(row, columns, strict=False):
        cell = WriteOnlyCell(sheet, _FORBIDDEN.sub("?", value)[:LONGEST] if isinstance(value, str) else value)
        if isinstance(value, str):
            cell.data_type = "s"  # a text that begins with "=" is no formula
            cell.alignment = Alignment(wrap_text=kind == "long", vertical="top")
        elif kind in FORMATS:
            cell.number_format = FORMATS[kind]
        cell.font = Font(name=_font(lang))
        cells.append(cell)
    return cells


def _font(lang: Lang) -> str:
    return "宋体" if lang == "zh" else "Calibri"
