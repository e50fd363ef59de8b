"""Understand what a table of statistics states: whose number a row is, for which year, in which unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gis_planning.conventions import facts
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.formats.read.cells import number
from gis_planning.results.verdicts import Stated
from gis_planning.texts import Spoken, Text, text

if TYPE_CHECKING:
    import pandas as pd

#: The key of the text that says that an indicator asks nothing of this county.
NOT_HERE = "statistics.not_here"
#: The unit of indicators that are so or are not.
YES_NO = "yes_no"
#: What stands for the value of such an indicator.
NOT_APPLICABLE = {"zh": "不适用", "en": "not applicable"}
_NOT_HERE = {*NOT_APPLICABLE.values(), "不涉及", "n/a"}
_YEAR = re.compile(r"((?:19|20)\d\d)(?:\.0+)?年?(?:末|底|度)?")


def inputs() -> dict[str, dict[str, str]]:
    """Return the numbers that clauses divide by one another, by key: titles, unit, definition, example."""
    return facts("statistics")["inputs"]  # type: ignore[no-any-return]


def called(key: str) -> tuple[str, ...]:
    """Return what an input goes by: its key and its titles."""
    return key, inputs()[key]["zh"], inputs()[key]["en"]


def stated(
    statistics: pd.DataFrame, names: Sequence[str], unit: str, *, areas: Sequence[str] = (), rather: str = ""
) -> tuple[Stated, ...]:
    """Return what is stated of an indicator, the earliest year first; nothing where no row names it.

    Parameters
    ----------
    statistics
        Rows as they stand: `indicator`, `year`, `value`, `unit`, `area`, `source`, `row`; the file in `attrs`.
    names
        What the indicator goes by: its code and titles, without regard to case.
    unit
        The unit it is wanted in. A row in another unit of the same kind is converted by what it says itself.
    areas
        The areas it may be stated for; a row that says none may be for any.
    rather
        The area whose rows go before those of others, where it may be stated for any.

    Raises
    ------
    NotAssessed
        A row that names it cannot be used, or two rows contradict: which row, and why.
    """
    wanted = {name.strip().casefold() for name in names}
    file = str(statistics.attrs.get("file", ""))
    own = [row for row in statistics.itertuples(index=False) if str(row.indicator).casefold() in wanted]
    # A row for another area is of no use here, and takes nothing from the rows that are.
    fit = {None, *(areas or [rather])}
    here = [row for row in own if not (areas or rather) or area_of(row, file) in fit]
    found: dict[int, Stated] = {}
    said: dict[int, str | None] = {}
    for row in here or own:
        where = _where(row, file)
        if str(row.value).strip().casefold() in _NOT_HERE:
            raise NotAssessed(NOT_HERE, **where)
        one = Stated(_value(row, unit, where), _year(row.year, where), file, int(row.row), str(row.source))
        area = area_of(row, file)
        if areas and area not in {None, *areas}:
            asked = [f"{facts('statistics')['areas'][one][0]} [{one}]" for one in areas]
            raise NotAssessed("statistics.row_other_area", **where, area=row.area, wanted=asked)
        before = found.setdefault(one.year, one)
        other = said.setdefault(one.year, area)
        if before.value != one.value:
            key = "statistics.row_contradicts" if other == area else "statistics.row_two_areas"
            raise NotAssessed(key, **where, year=one.year, other=before.row)
    return tuple(found[year] for year in sorted(found))


def area_of(row: object, file: str) -> str | None:
    """Return the area that a row is stated for; None where it says none.

    Raises
    ------
    NotAssessed
        There is no such area.
    """
    said = str(row.area).strip()  # type: ignore[attr-defined]
    known = {word.casefold(): area for area, words in facts("statistics")["areas"].items() for word in (area, *words)}
    if said and said.casefold() not in known:
        raise NotAssessed("statistics.row_area", **_where(row, file), area=said, known=[*facts("statistics")["areas"]])
    return known.get(said.casefold())


def _where(row: object, file: str) -> dict[str, object]:
    return {"file": file, "row": row.row, "indicator": row.indicator}  # type: ignore[attr-defined]


def newest(statistics: pd.DataFrame | None, key: str) -> Stated:
    """Return the newest number that a table states of an input.

    Raises
    ------
    NotAssessed
        It states none, or 0, or a row of it cannot be used.
    RuleError
        There is no such input.
    """
    if key not in inputs():
        raise RuleError("statistics.unknown_input", name=key, known=list(inputs()))
    series = () if statistics is None else stated(statistics, called(key), inputs()[key]["unit"])
    if not series or not series[-1].value:
        title = Spoken({"zh": inputs()[key]["zh"], "en": inputs()[key]["en"]})
        raise NotAssessed("statistics.not_stated", inputs=[title])
    return series[-1]


def told(row: Stated) -> Text:
    """Return the note that says where a number was stated."""
    return text("statistics.note", file=row.file, row=row.row, year=row.year)


def divided(over: Sequence[Stated], under: Sequence[Stated], times: float) -> tuple[Stated, ...]:
    """Return one number over another, for each year in which both are stated.

    Raises
    ------
    NotAssessed
        A number to divide by is 0.
    """
    by_year = {one.year: one for one in under}
    found = []
    for one in over:
        if (other := by_year.get(one.year)) is None:
            continue
        if not other.value:
            where = {"file": other.file, "row": other.row, "indicator": "-"}
            raise NotAssessed("statistics.row_zero", **where)
        value, source = times * one.value / other.value, one.source or other.source
        found.append(Stated(value, one.year, one.file, one.row, source, one.value, other.value))
    return tuple(found)


def _year(said: str, where: dict[str, object]) -> int:
    match = _YEAR.fullmatch(str(said).strip())
    if match is None:
        raise NotAssessed("statistics.row_year", **where, year=said or "-")
    return int(match[1])


def _yes_or_no(said: str) -> float | None:
    """Return 1 for yes and 0 for no, in words or as a number; None for all else."""
    word, words = said.strip().casefold(), facts("flags")
    if word in words["true"] or word in words["false"]:
        return float(word in words["true"])
    value = number(said)
    return value if value in (0, 1) else None


def _value(row: object, unit: str, where: dict[str, object]) -> float:
    """Return a row's number in the unit wanted; nothing is converted but by the unit that the row says."""
    said, its = str(row.value), str(row.unit).replace("％", "%")  # type: ignore[attr-defined]
    if said.endswith(("%", "％")) and its in {"", "%"}:
        said, its = said[:-1], "%"
    value = _yes_or_no(said) if unit == YES_NO else number(said)
    if value is None or value < 0:
        raise NotAssessed("statistics.row_yes_no" if unit == YES_NO else "statistics.row_value", **where, value=said)
    table = facts("statistics")["units"].get(unit, {unit: 1.0})
    known = {name.casefold(): factor for name, factor in table.items()}
    if its.casefold() not in known:
        raise NotAssessed("statistics.row_unit", **where, unit=its or "-", known=list(filter(None, table)))
    factor = known[its.casefold()]
    highest = facts("statistics")["highest"].get(unit)
    # Half a percent is as likely as a half that was meant as a share.
    doubtful = highest is not None and factor < 1 and 0 < value <= 1
    if doubtful or (highest is not None and value * factor > highest * (1 + 1e-12)):
        raise NotAssessed("statistics.row_range", **where, value=said, unit=its)
    # So that 95 % is 0.95 and not 0.9500000000000001.
    return float(f"{value / round(1 / factor) if factor < 1 else value * factor:.14g}")
