"""Understand the rows of a boundary-point table: its headings, the cells above them, points and lengths of edges."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from gis_planning.conventions import facts, kinds
from gis_planning.errors import FeatureError, NoTableError, SourceError
from gis_planning.formats.read.cells import Held, number, refuse_unread
from gis_planning.formats.read.deliveries import Notes
from gis_planning.formats.read.side_by_side import unfolded
from gis_planning.formats.read.tables import SEPARATORS, decode, note_hidden, note_open_end, split
from gis_planning.formats.read.workbook import Row, open_book

#: A cell that names a point: "J12", "界12", "12"; "12-13" and "J1-J2" name edges.
_POINT = re.compile(r"[^\W\d_]{0,4}\d+[A-Za-z]?")
#: The mark of a page between two parts of a table.
_PAGE = re.compile(r"[第共]?\s*\d*\s*(页|page)[\s\d共第页of/]*|续表|续", re.IGNORECASE)


@dataclass
class Sheet:
    """The rows of a sheet that hold anything, and which of them are headings with which columns."""

    title: str
    rows: list[Row]
    source: Path
    headings: dict[int, dict[str, int]] = field(init=False, default_factory=dict)
    #: By row of a heading: the columns that are fields of layers, or say what labels say, by their names.
    fields: dict[int, dict[str, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = [(row, cells) for row, cells in self.rows if any(cell and cell.strip() for cell in cells)]
        self.rows = unfolded(self.rows, _places, self.source, self.title)
        above: dict[str, int] = {}
        for row, cells in self.rows:
            roles = _roles(cells)
            if {"x", "y"} <= roles.keys():
                # A heading may take two rows: 点号, 坐标, 边长 and below them x, y.
                over = above if {"point", "number"} & above.keys() else {}
                blank = {role: at for role, at in over.items() if at >= len(cells) or not (cells[at] or "").strip()}
                self.headings[row] = blank | roles
                self.fields[row] = _fields(cells, set(self.headings[row].values()))
            above = roles

    def place(self, row: int) -> str:
        """Return how messages call a row."""
        return f"{self.title}:{row}" if self.title else str(row)


@dataclass(frozen=True)
class Line:
    """One row of a table, understood: the beginning of a page, cells with labels, a point, or the length of an edge.

    A point has `x` and `y`; `cells` are its columns by role, `fields` what else its row says of the parcel. `edge`
    alone is a length between two points. `passed` is a row under a heading that is none of these: a total, a signature.
    """

    place: str
    begins: bool = False
    labels: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    x: float | None = None
    y: float | None = None
    edge: float | None = None
    passed: bool = False


def read_sheets(source: Path, table: str | None, notes: Notes) -> list[Sheet]:
    """Return the sheets of an Excel file that a person sees, or the one that is named.

    Raises
    ------
    LayerError
        There is no sheet of that name.
    """
    with open_book(source) as book:
        if table is not None and table not in book.sheets:
            raise NoTableError("parcels.missing_table", source=source, table=table, tables=list(book.sheets))
        read = [book.rows(title) for title in (book.visible if table is None else [table])]
        note_hidden(book, read, notes)
    return [Sheet(one.title, one.rows, source) for one in read]


def read_separated(source: Path, notes: Notes) -> tuple[Sheet, str]:
    """Return separated text as one sheet without a title, split where a heading is then found, and its encoding."""
    content, encoding = decode(source)
    fault: FeatureError | SourceError | None = None
    whole = None
    for separator in sorted(SEPARATORS, key=lambda one: -content[:10_000].count(one)):
        try:
            sheet = Sheet("", list(split(content, separator, source)), source)
        except FeatureError as found:
            fault = fault or found
            continue
        if sheet.headings:
            note_open_end(content, sheet.rows, notes)
            return sheet, encoding
        whole = whole or sheet
    if whole is None and fault is not None:
        raise fault
    return whole or Sheet("", [], source), encoding


def lines(sheet: Sheet) -> Iterator[Line]:
    """Yield what the rows of a sheet say; titles, footers and rows of signs are passed over.

    Raises
    ------
    FeatureError
        A row has digits where a coordinate belongs but is no point.
    """
    roles: dict[str, int] = {}
    fields: dict[str, int] = {}
    waiting: Line | None = None
    for row, cells in sheet.rows:
        place = sheet.place(row)
        if row in sheet.headings:
            roles, fields, waiting = sheet.headings[row], sheet.fields[row], None
            yield Line(place, begins=True)
            continue
        line = _line(sheet, place, cells, roles)
        if line.x is not None and fields:
            line = replace(line, fields=dict(_said(cells, fields, sheet.source)))
        if line.passed and roles and waiting is None and _names_a_point(line.cells):
            waiting = line
        elif line.x is not None and waiting is not None:
            # What is named before another point is one itself, and its coordinates are missing.
            given = [waiting.cells.get(role) or "-" for role in ("x", "y")]
            raise FeatureError("boundary_points.bad_row", source=sheet.source, place=waiting.place, given=given)
        if not line.passed or (roles and not all(_PAGE.fullmatch(cell.strip()) for cell in cells if cell)):
            yield line


def _line(sheet: Sheet, place: str, cells: Sequence[str | None], roles: dict[str, int]) -> Line:
    """Return what a row says under the columns of its heading."""
    own = {role: cells[at] if at < len(cells) else None for role, at in roles.items()}
    found = {role: (cell or "").strip() for role, cell in own.items()}
    x, y, edge = (number(found.get(role)) for role in ("x", "y", "edge"))
    if isinstance(own.get("x"), Held) and isinstance(own.get("y"), Held):
        # A point over two rows: beside it stand the edges to the points before and after.
        return Line(place, edge=edge, passed=edge is None)
    for role in ("x", "y", "parcel", "ring"):
        refuse_unread(own.get(role), sheet.source)
    if x is not None and y is not None:
        return Line(place, cells=found, x=x, y=y, edge=edge)
    if told := dict(_labels(cells)):
        for cell in cells:
            refuse_unread(cell, sheet.source)
        return Line(place, labels=told)
    if any(re.match(r"[-+.]?\d", unicodedata.normalize("NFKC", found.get(role, ""))) for role in ("x", "y")):
        given = [found.get(role) or "-" for role in ("x", "y")]
        raise FeatureError("boundary_points.bad_row", source=sheet.source, place=place, given=given)
    if edge is not None and not _names_a_point({role: cell for role, cell in found.items() if role == "point"}):
        return Line(place, edge=edge)
    return Line(place, cells=found, passed=True)


def _said(cells: Sequence[str | None], fields: Mapping[str, int], source: Path) -> Iterator[tuple[str, str]]:
    for name, at in fields.items():
        cell = cells[at] if at < len(cells) else None
        if cell is not None and cell.strip():
            refuse_unread(cell, source)
            yield name, cell.strip()


def _names_a_point(cells: Mapping[str, str]) -> bool:
    return any(_POINT.fullmatch(unicodedata.normalize("NFKC", cells.get(role, ""))) for role in ("point", "number"))


def area_m2(told: str) -> float | None:
    """Return an area with its unit, as labels give it, in square metres; None without one number and one unit.

    Examples
    --------
    >>> area_m2("宗地面积(公顷) 1.16")
    11600.0
    >>> area_m2("宗地面积 11600") is None
    True
    """
    plain = unicodedata.normalize("NFKC", told).replace("㎡", "m2").casefold()
    units = sorted(facts("boundary_points")["area_units"].items(), key=lambda unit: -len(unit[0]))
    found = []
    for unit, worth in units:
        if unit in plain:
            plain = plain.replace(unit, " ")
            found.append(worth)
    numbers = re.findall(r"\d+\.?\d*", plain)
    return float(numbers[0]) * found[0] if len(numbers) == 1 and len(found) == 1 else None


def _labels(cells: Sequence[str | None]) -> Iterator[tuple[str, str]]:
    """Yield the labels of a row with what they say: after a colon, or in the next cell that holds anything."""
    pieces = [piece for cell in cells if cell for piece in re.split(r"\s{2,}|[;；\t\n]", cell) if piece.strip()]
    for at, piece in enumerate(pieces):
        word, _, value = unicodedata.normalize("NFKC", piece).partition(":")
        label = label_of(word)
        if label is None:
            continue
        after = pieces[at + 1 :]
        if not value.strip() and after and label_of(unicodedata.normalize("NFKC", after[0]).partition(":")[0]) is None:
            value = after[0]
            if label == "area" and len(after) > 1 and number(value) is not None and squash(after[1]) in _units():
                value += after[1]
        if label == "area":
            # The unit may stand in the label's brackets.
            yield label, f"{word} {value}".strip()
        elif value.strip():
            yield label, value.strip()


def label_of(word: str) -> str | None:
    """Return which label a word is, None for none."""
    return _words()[1].get(squash(word)) if len(word) < 40 else None


def _places(cells: Sequence[str | None]) -> list[tuple[str, int]]:
    """Return which columns a heading names, in their order, and where."""
    found = [(_words()[0].get(squash(cell)) if cell else None, at) for at, cell in enumerate(cells)]
    return [(role, at) for role, at in found if role is not None]


def _roles(cells: Sequence[str | None]) -> dict[str, int]:
    roles: dict[str, int] = {}
    for role, at in _places(cells):
        roles.setdefault(role, at)
    return roles


def _fields(cells: Sequence[str | None], taken: set[int]) -> dict[str, int]:
    """Return the columns of a heading that say something of the parcel, by their names, where none comes twice."""
    named = [(cell.strip(), at) for at, cell in enumerate(cells) if cell and cell.strip() and at not in taken]
    known = [(name, at) for name, at in named if name.casefold() in _field_names() or label_of(name) is not None]
    return dict(known) if len({name.casefold() for name, _ in known}) == len(known) else {}


@cache
def _field_names() -> set[str]:
    return {alias.casefold() for kind in kinds().values() for field in kind.fields for alias in field.aliases}


@cache
def _words() -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of columns and the labels, each with what it means."""
    table = facts("boundary_points")
    columns, labels = (
        {squash(word): meaning for meaning, words in table[part].items() for word in words}
        for part in ("columns", "labels")
    )
    return columns, labels


@cache
def _units() -> set[str]:
    return {squash(unit) for unit in facts("boundary_points")["area_units"]}


def squash(word: str) -> str:
    """Return a word without what stands in brackets, without signs and spaces.

    Examples
    --------
    >>> squash("Ｘ 坐标（m）")
    'x坐标'
    """
    plain = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", unicodedata.normalize("NFKC", word)).casefold()
    return re.sub(r"[\W_]+", "", plain.strip().removesuffix("/m"))
