"""Write the workbook that a county can be filled into: a sheet for each layer, which import reads back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from gis_planning.conventions import facts
from gis_planning.conventions.values import Value
from gis_planning.errors import OutputError
from gis_planning.judging.guide import SPOKEN, FieldGuide, Guide
from gis_planning.outputs import replacing
from gis_planning.outputs.moment import moment
from gis_planning.texts import Lang, say

#: Rows of a sheet in which a column has its list of words.
LISTED_ROWS = 2_000
#: A sheet has a line of explanation, its headings below it, then its rows.
HEADINGS = 2
WIDTH = 18
_HEAD, _NEEDED = PatternFill("solid", fgColor="EFE7D6"), PatternFill("solid", fgColor="F3C98B")


@dataclass(frozen=True)
class _Column:
    """One column: its heading, what a person is told of it, the words to choose from, and whether it must be filled."""

    heading: str
    note: str
    words: tuple[str, ...] = ()
    needed: bool = False


def write_template(guides: Iterable[Guide], file: Path, lang: Lang) -> int:
    """Write a workbook with example rows, a sheet for each kind that one can hold, and return how many these are.

    Raises
    ------
    OutputError
        The file is no .xlsx file, or cannot be written.
    """
    if file.suffix.lower() != ".xlsx":
        raise OutputError("guide.not_xlsx", file=file)
    guides = [guide for guide in guides if guide.kind.sheet is not None]
    book = Workbook()
    notes = book.active
    notes.title = say("guide.sheet_notes", lang)
    notes.column_dimensions["A"].width = 110
    for key in ("top", "points", "parcels", "import"):
        notes.append([say(f"guide.note_{key}", lang)])
    lists: dict[tuple[str, ...], str] = {}
    for guide in guides:
        _sheet(book.create_sheet(guide.kind.title(lang)), guide, lang, notes, lists)
    save(book, file)
    return len(guides)


def save(book: Workbook, file: Path) -> None:
    """Write a workbook that is to be filled in; what is in the way is not replaced unless it is ours.

    Raises
    ------
    OutputError
        The file cannot be written.
    """
    book.properties.created = book.properties.modified = moment().replace(tzinfo=None)
    with (
        replacing(file.parent, single=file) as stage,
        zipfile.ZipFile(stage / file.name, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        # Its own `save` states the time of the clock.
        ExcelWriter(book, archive).save()


def _sheet(sheet: Worksheet, guide: Guide, lang: Lang, notes: Worksheet, lists: dict[tuple[str, ...], str]) -> None:
    """Fill one sheet; the words of its lists stand in the sheet of notes, each list once."""
    parcels = guide.kind.sheet == "parcels"
    own = [field for field in guide.fields if field.filled_in and not (parcels and field.field.name == "id")]
    places = ("parcel", "point", "x", "y") if parcels else ("lon", "lat")
    headed = [(say(f"guide.head_{name}", lang), say(f"guide.note_{name}", lang)) for name in places]
    columns = [_Column(heading, note, needed=True) for heading, note in headed]
    columns += [_column(guide, field, lang) for field in own]
    sheet.append([say("guide.note_system", lang) if parcels else say("guide.note_points", lang)])
    sheet.append([column.heading for column in columns])
    for row in _parcel_rows(own, lang) if parcels else _point_rows(own, lang):
        sheet.append(row)
    sheet.freeze_panes = f"A{HEADINGS + 1}"
    for at, column in enumerate(columns, 1):
        letter = get_column_letter(at)
        head = sheet.cell(HEADINGS, at)
        head.font, head.fill = Font(bold=True), _NEEDED if column.needed else _HEAD
        head.comment = Comment(column.note, "gis-planning", width=320, height=140)
        sheet.column_dimensions[letter].width = WIDTH
        if column.words:
            choice = DataValidation("list", formula1=_listed(column.words, notes, lists), allow_blank=True)
            # Other spellings are read too, and several kinds may stand in a cell.
            choice.showErrorMessage = False
            choice.add(f"{letter}{HEADINGS + 1}:{letter}{LISTED_ROWS}")
            sheet.add_data_validation(choice)


def _column(guide: Guide, field: FieldGuide, lang: Lang) -> _Column:
    words = tuple(_word(value, name, lang) for name, values in field.values.items() for value in values)
    needed = say("guide.required_or_name" if guide.kind.name == "facilities" else "guide.required", lang)
    said = [field.meaning.to(lang), say(f"guide.type_{field.field.type}", lang)]
    said += [needed] if field.field.required else []
    return _Column(field.heading(lang), "\n".join(said), words, field.field.required)


def _word(value: Value, name: str, lang: Lang) -> str:
    """Return what a person writes for a value: its title where that is read, else its code."""
    return value.title(lang) if name in SPOKEN else value.code


def _listed(words: tuple[str, ...], notes: Worksheet, lists: dict[tuple[str, ...], str]) -> str:
    """Return the range of the sheet of notes that holds a list, which is put there if it is not yet."""
    if words not in lists:
        at = 3 + len(lists)
        for row, word in enumerate(words, 1):
            notes.cell(row, at, word)
        letter = get_column_letter(at)
        lists[words] = f"'{notes.title}'!${letter}$1:${letter}${len(words)}"
    return lists[words]


def _point_rows(own: list[FieldGuide], lang: Lang) -> Iterator[list[Any]]:
    places = facts("examples")["places"]
    for at, place in enumerate(zip(places["lon"], places["lat"], strict=True)):
        yield [*place, *(field.examples[lang][at] for field in own)]


def _parcel_rows(own: list[FieldGuide], lang: Lang) -> Iterator[list[Any]]:
    ids = facts("examples")["fields"]["id"]
    for at, parcel in enumerate(facts("examples")["places"]["parcels"]):
        said = [field.examples[lang][at] for field in own]
        corners = parcel["corners"]
        for number, (x, y) in enumerate([*corners, corners[0]]):
            yield [ids[at], f"J{number % len(corners) + 1}", x, y, *said]
