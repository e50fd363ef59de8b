"""Look through a sheet of an Excel file before its values are read: its true size, merged, hidden and empty results."""

from __future__ import annotations

import re
import xml.parsers.expat
from dataclasses import dataclass, field
from typing import IO, Any

from gis_planning.formats.read.cells import Unread, letters, rounded

#: What a sheet can be at most, and how many cells we are ready to hold: a million rows of thirty columns.
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384
MOST_CELLS = 30_000_000

_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,9})", re.ASCII)


@dataclass
class Marks:
    """What a sheet says beside its values.

    Attributes
    ----------
    last, width
        The last row and the last column with a value: what a sheet says of its own size may be wrong, or huge.
    rows
        How many rows have a value.
    merged
        First row, first column, last row and last column of merged cells.
    unread
        Cells whose value cannot be known, by row and column.
    hidden
        Rows that are hidden or filtered out and have a value.
    disordered
        Whether a row comes after one below it.
    """

    last: int = 0
    width: int = 0
    rows: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unread: dict[tuple[int, int], Unread] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    disordered: bool = False

    @property
    def too_large(self) -> bool:
        """Whether it cannot be a sheet, or holds more than we are ready to hold."""
        covered = sum(min(last, self.last) - first for first, _, last, _ in self.merged if last > first)
        beyond = self.last > MOST_ROWS or self.width > MOST_COLUMNS
        return beyond or self.rows * self.width > MOST_CELLS or covered > MOST_CELLS


def marks_of(sheet: IO[bytes], title: str) -> Marks:
    """Return what the XML of a sheet says beside its values.

    Raises
    ------
    xml.parsers.expat.ExpatError
        It is no XML.
    """
    reader = _Reader(title)
    reader.parser.ParseFile(sheet)
    return reader.marks


def has_doctype(part: IO[bytes]) -> bool:
    """Say whether a part of an Excel file declares a document type, as none does but one that means harm."""
    found = []
    parser = xml.parsers.expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: found.append(True)
    ended = []
    parser.StartElementHandler = lambda *_: ended.append(True)
    while not found and not ended and (block := part.read(4096)):
        parser.Parse(block, False)  # noqa: FBT003 - its only form
    return bool(found)


class _Reader:
    """Hold what was seen of a row and a cell while their XML is read."""

    def __init__(self, title: str) -> None:
        self.marks = Marks()
        self.title = title
        self.row = self.column = 0
        self.hides = False
        self.kind: str | None = None
        self.formula: str | None = None
        self.value: str | None = None
        self.text: list[str] | None = None
        self.parser: Any = xml.parsers.expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Remember where we are."""
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self.kind, self.formula, self.value = attributes.get("t"), None, None
            place = _PLACE.fullmatch(attributes.get("r", ""))
            self.column = _column(place[1]) if place else self.column + 1
        elif tag in {"v", "f", "is"}:
            self.text = []
        elif tag == "row":
            given = attributes.get("r", "")
            row = int(given) if given.isdigit() else self.row + 1
            # The reader of values passes over rows that come after one below them.
            self.marks.disordered |= row <= self.row
            self.row = row
            self.column, self.hides = 0, attributes.get("hidden") in {"1", "true"}
        elif tag == "mergeCell":
            ends = [_PLACE.fullmatch(end) for end in attributes.get("ref", "").split(":")]
            places = [(int(end[2]), _column(end[1])) for end in ends if end]
            if len(places) == 2:
                self.marks.merged.append((*places[0], *places[1]))

    def data(self, text: str) -> None:
        """Gather the text of a value or a formula."""
        if self.text is not None:
            self.text.append(text)

    def end(self, name: str) -> None:
        """Take in a value, a formula, or a whole cell."""
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._cell()
        elif tag in {"v", "is"}:
            self.value, self.text = "".join(self.text or ()), None
        elif tag == "f":
            self.formula, self.text = "=" + "".join(self.text or ()), None

    def _cell(self) -> None:
        marks, mark, shown = self.marks, None, self.value or ""
        if self.formula is not None and not self.value and not (self.kind == "str" and self.value is not None):
            mark, shown = "tables.formula", self.formula
        elif self.kind == "e":
            mark = "tables.error_value"
        elif self.value and self.kind in {None, "n"} and rounded(self.value):
            mark = "tables.rounded"
        if mark is not None:
            place = f"{self.title}!{letters(self.column)}{self.row}"
            marks.unread[self.row, self.column] = Unread(shown, mark, place)
        if mark is not None or self.value:
            if self.row != marks.last:
                marks.rows += 1
                marks.hidden += [self.row] if self.hides else []
            marks.last, marks.width = max(marks.last, self.row), max(marks.width, self.column)


def _column(name: str) -> int:
    column = 0
    for letter in name.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
