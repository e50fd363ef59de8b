"""Write the workbook that a county's statistics are filled into; it reads back as it is named in county.toml."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from gis_planning import units
from gis_planning.analysis.stated import NOT_APPLICABLE
from gis_planning.conventions import facts
from gis_planning.errors import OutputError
from gis_planning.judging.wanted import Wanted
from gis_planning.reports.template import save
from gis_planning.texts import Lang, say

#: The columns: those that are read back have heads that reading knows; what is filled in is marked.
COLUMNS = ("indicator", "title", "year", "value", "unit", "area", "source", "county", "articles", "meaning", "example")
FILLED, WIDE = (
    ("year", "value", "source"),
    {"indicator": 24, "title": 26, "meaning": 60, "source": 26, "articles": 12, "example": 14},
)
#: Rows below those that are named, for further years.
SPARE = 40
_HEAD, _FILL = PatternFill("solid", fgColor="EFE7D6"), PatternFill("solid", fgColor="FFF6DD")


def write_statistics(
    wanted: Sequence[Wanted], file: Path, lang: Lang, *, code: str = "", years: tuple[int, int]
) -> None:
    """Write the workbook: a row for every number, its unit and its area to be chosen, the value to be filled in.

    Parameters
    ----------
    code
        The county's code.
    years
        The first and the last year that may be stated.

    Raises
    ------
    OutputError
        The file is no .xlsx file, or cannot be written.
    """
    if file.suffix.lower() != ".xlsx":
        raise OutputError("guide.not_xlsx", file=file)
    book = Workbook()
    sheet = book.active
    sheet.title = say("statistics.sheet", lang)
    sheet.append([_head(key, lang) for key in COLUMNS])
    for one in wanted:
        sheet.append(_row(one, code, lang))
    _laid(sheet, len(wanted), lang)
    _choices(sheet, wanted, years, lang)
    save(book, file)


def _head(key: str, lang: Lang) -> str:
    heads = facts("statistics")["heads"]
    if key in heads:
        return str(heads[key][1 if lang == "zh" else 0])
    return say(f"statistics.head_{key}", lang)


def _row(one: Wanted, code: str, lang: Lang) -> list[Any]:
    articles = say("review.comma", lang).join(map(str, one.articles))
    known: dict[str, Any] = {"indicator": one.key, "title": one.title.to(lang), "unit": units_of(one.unit, lang)[0]}
    known |= {"county": code or None}
    known |= {"articles": articles, "meaning": one.meaning.to(lang), "example": one.example}
    known["area"] = _area(one.area, lang)
    if (words := units.units()[one.unit].words) is not None and one.example is not None:
        known["example"] = words[lang][int(one.example)]
    return [known.get(key) for key in COLUMNS]


def units_of(unit: str, lang: Lang) -> tuple[str, ...]:
    """Return the words for a unit in a language, ours first; what every language writes is among them.

    Examples
    --------
    >>> units_of("m2", "en")[:2], units_of("share", "zh")
    (('m2', 'm²'), ('比例', '份额', '%'))
    """
    table = facts("statistics")["units"].get(unit, {unit: 1.0})
    ours = [word for word in filter(None, table) if (word.isascii() or word == "m²") == (lang == "en") or word == "%"]
    words = ours or list(table)
    return tuple(sorted(words, key=lambda word: table[word] != 1.0))


def _area(area: str, lang: Lang) -> str:
    return str(facts("statistics")["areas"][area][0]) if lang == "zh" else area


def _laid(sheet: Worksheet, count: int, lang: Lang) -> None:
    """Set widths and colours; the head stays in view, and prints on every page."""
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(COLUMNS))}{count + 1}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = "landscape", 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    font = "宋体" if lang == "zh" else "Calibri"
    for at, key in enumerate(COLUMNS, 1):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = WIDE.get(key, 13)
        head = sheet.cell(1, at)
        head.font, head.fill = Font(name=font, bold=True), _HEAD
        head.comment = Comment(say(f"statistics.note_{key}", lang), "gis-planning", width=320, height=110)
        for row in range(2, count + 2):
            cell = sheet.cell(row, at)
            cell.font, cell.alignment = Font(name=font), Alignment(vertical="top", wrap_text=key in WIDE)
            if key in FILLED:
                cell.fill = _FILL


def _choices(sheet: Worksheet, wanted: Sequence[Wanted], years: tuple[int, int], lang: Lang) -> None:
    """Let unit, area and year be chosen; a year outside what can be is refused when it is typed."""
    letters = {key: get_column_letter(at) for at, key in enumerate(COLUMNS, 1)}
    last = len(wanted) + 1 + SPARE
    rows: dict[tuple[str, ...], list[int]] = {}
    for at, one in enumerate(wanted, 2):
        rows.setdefault(units_of(one.unit, lang), []).append(at)
    for words, own in rows.items():
        choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True)
        for row in own:
            choice.add(f"{letters['unit']}{row}")
        sheet.add_data_validation(choice)
    areas = DataValidation("list", formula1=f'"{",".join(_area(one, lang) for one in facts("statistics")["areas"])}"')
    areas.add(f"{letters['area']}2:{letters['area']}{last}")
    sheet.add_data_validation(areas)
    year = DataValidation("whole", operator="between", formula1=str(years[0]), formula2=str(years[1]), allow_blank=True)
    year.error = say("statistics.bad_year", lang, first=years[0], last=years[1])
    year.add(f"{letters['year']}2:{letters['year']}{last}")
    sheet.add_data_validation(year)
    _values(sheet, wanted, letters["value"], last, lang)


def _values(sheet: Worksheet, wanted: Sequence[Wanted], letter: str, last: int, lang: Lang) -> None:
    """Let values be numbers or what says that there can be none; yes and no are chosen."""
    words = {at: units.units()[one.unit].words for at, one in enumerate(wanted, 2)}
    first = next(at for at in range(2, last + 1) if not words.get(at))
    cell, none = f"{letter}{first}", NOT_APPLICABLE[lang]
    number = DataValidation("custom", formula1=f'OR(AND(ISNUMBER({cell}),{cell}>=0),{cell}="{none}")', allow_blank=True)
    number.error = say("statistics.bad_value", lang)
    sheet.add_data_validation(number)
    for at in range(2, last + 1):
        if (own := words.get(at)) is None:
            number.add(f"{letter}{at}")
            continue
        choice = DataValidation("list", formula1=f'"{",".join([*own[lang][::-1], none])}"', allow_blank=True)
        choice.error = say("statistics.bad_word", lang)
        choice.add(f"{letter}{at}")
        sheet.add_data_validation(choice)
