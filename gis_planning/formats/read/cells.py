"""Tell cells that say what they show from cells that cannot be taken at their word, and read numbers in them."""

from __future__ import annotations

import math
import re
import unicodedata
from pathlib import Path
from typing import Any

from gis_planning.errors import FeatureError

#: What a spreadsheet shows where a formula failed; in a table saved as text the words are all that is left.
ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
#: A spreadsheet keeps so many digits of a number; the rest it makes noughts.
DIGITS = 15

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
#: How spreadsheets show a long number that they save as text.
_SHORTENED = re.compile(r"\d(?:\.\d+)?[eE]\+(\d+)", re.ASCII)
_SHORTENED_FROM = 11


class Held(str):
    """A value that a row has of a cell merged over several rows."""

    __slots__ = ()


class Unread(str):
    """What a cell shows whose value cannot be known from the file.

    `key` is the message that says why, `place` where a person finds the cell.
    """

    __slots__ = ("key", "place")
    key: str
    place: str

    def __new__(cls, shown: str, key: str, place: str) -> Unread:
        """Return a text with its reason and its place."""
        made = super().__new__(cls, shown)
        made.key, made.place = key, place
        return made

    def __reduce__(self) -> tuple[type[Unread], tuple[str, str, str]]:
        """Keep reason and place where a frame is copied or handed to another process."""
        return type(self), (str(self), self.key, self.place)


def refuse_unread(cell: str | None, source: Path) -> None:
    """Refuse a cell of a column that is used, if its value cannot be known.

    Raises
    ------
    FeatureError
        With sheet, cell and cure.
    """
    if isinstance(cell, Unread):
        raise FeatureError(cell.key, source=source, place=cell.place, value=str(cell)[:40])


def from_text(cell: str, row: int, column: int) -> str | None:
    """Return a cell of separated text: None where it is empty, marked where a spreadsheet lost its value in saving."""
    if cell.strip().upper() in ERRORS:
        return Unread(cell.strip(), "tables.error_value", f"{letters(column)}{row}")
    shortened = _SHORTENED.fullmatch(cell.strip())
    if shortened and int(shortened[1]) >= _SHORTENED_FROM:
        return Unread(cell.strip(), "tables.rounded", f"{letters(column)}{row}")
    return cell or None


def rounded(number: str) -> bool:
    """Say whether a number stored in a sheet has more digits than sheets keep, and those beyond are lost.

    Examples
    --------
    >>> [rounded(one) for one in ("150999202500000017", "150999202500000000", "1.5099920250000003E+17", "4588700.125")]
    [False, True, True, False]
    """
    if number.isascii() and number.isdigit():
        return len(number) > DIGITS and not number[DIGITS:].strip("0")
    try:
        return abs(float(number)) >= 10.0**DIGITS
    except ValueError:
        return False


def number(cell: str | None) -> float | None:
    """Return a cell as a number, full-width or not; None if it is none, or if its meaning is open ("1,200", "10²").

    Examples
    --------
    >>> number("４１.５"), number("10²"), number("4,588,700"), number("113.2°")
    (41.5, None, None, None)
    """
    plain = half_width(cell or "").strip()
    return float(plain) if _NUMBER.fullmatch(plain) and math.isfinite(float(plain)) else None


def as_text(value: Any) -> str | None:
    """Return a value of a table as text, None where it says nothing; whole numbers are written without a point.

    Examples
    --------
    >>> as_text(7.0), as_text(" A-1 "), as_text("")
    ('7', 'A-1', None)
    """
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip() or None


def half_width(text: str) -> str:
    """Return a text with full-width signs made plain, and no others: a raised 2 is no digit 2."""
    return "".join(
        unicodedata.normalize("NFKC", sign) if unicodedata.east_asian_width(sign) == "F" or sign == "\xa0" else sign
        for sign in text.replace("\N{MINUS SIGN}", "-")
    )


def letters(column: int) -> str:
    """Return what a spreadsheet calls its column of a number.

    Examples
    --------
    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
