"""Measure what no layer gives: numbers that a table of the county states, each with its year, file and row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd

from gis_planning.analysis.stated import called as goes_by
from gis_planning.analysis.stated import divided, inputs, told
from gis_planning.analysis.stated import stated as stated_in
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import AnyUnit
from gis_planning.results.verdicts import Measured, Stated
from gis_planning.texts import Spoken


def stated(
    statistics: pd.DataFrame,
    *,
    unit: str,
    called: tuple[str, ...],
    area: str = "",
    over: str = "",
    under: str = "",
    times: float = 1.0,
) -> AnyUnit:
    """Take a number that the county's table of statistics states, of the newest year there is.

    A row belongs to a clause where it names its code or title; where none does, one input of the table is divided by
    another of the same year. A number in another unit is converted by the unit its row states, never by its size: 95
    without a percent sign is no share. A row that cannot be used, and two rows that contradict, leave the clause
    without a value.

    Parameters
    ----------
    statistics
        The rows of the table.
    unit
        The clause's unit.
    called
        The code and titles of the clause.
    area
        The area it is asked for; a row that states another one cannot be used.
    over, under
        Inputs of `conventions/statistics.toml`: what is divided by what.
    times
        What the quotient is multiplied with: 1000 for a rate per 1,000.

    Returns
    -------
    Measured
        The number in the clause's unit, with every year stated.

    Raises
    ------
    NotAssessed
        No row states it, or one that does cannot be used.
    RuleError
        There is no such input.

    Notes
    -----
    Source: the table that county.toml names under `[statistics]`; definitions by the document of the clause.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame(
    ...     [["nursing_beds", "2024", "330", "张", "", "", 2], ["elder_beds", "2024", "600", "张", "", "", 3]],
    ...     columns=["indicator", "year", "value", "unit", "area", "source", "row"],
    ... )
    >>> found = stated(rows, unit="share", called=("P21-1",), over="nursing_beds", under="elder_beds")
    >>> found.value, found.stated[-1].year, found.stated[-1].row
    (0.55, 2024, 2)
    """
    series = stated_in(statistics, called, unit, areas=(area,) if area else ())
    if not series and over:
        series = _quotients(statistics, over, under, times, area)
    return _measured(statistics, series, unit, _wanted(called, over, under))


def grown(
    statistics: pd.DataFrame,
    *,
    unit: str,
    called: tuple[str, ...],
    over: str,
    under: str = "",
    base_year: int,
) -> AnyUnit:
    """Take by how much a stated number, or one over another, has grown since a year: 0.2 where it is a fifth more.

    A row that names the clause itself states the growth. Else the number is taken for the base year and for every later
    year in which it is stated.

    Parameters
    ----------
    statistics
        The rows of the table.
    unit, called
        The clause's unit, its code and titles.
    over, under
        Inputs of `conventions/statistics.toml`: what is divided by what; `over` alone where nothing is.
    base_year
        The year it is compared with.

    Returns
    -------
    Measured
        The growth up to the newest year, with that up to every year before.

    Raises
    ------
    NotAssessed
        Nothing is stated of the base year or of a later one, or a row cannot be used.
    RuleError
        There is no such input.

    Notes
    -----
    Source: the table that county.toml names under `[statistics]`; definitions by the document of the clause.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame(
    ...     [["zone_output", "2020", "400", "万元", "", "", 2], ["zone_output", "2025", "500", "万元", "", "", 3]],
    ...     columns=["indicator", "year", "value", "unit", "area", "source", "row"],
    ... )
    >>> grown(rows, unit="share", called=("P8-1",), over="zone_output", base_year=2020).value
    0.25
    """
    series = stated_in(statistics, called, unit)
    if not series:
        known = _quotients(statistics, over, under, 1.0)
        base = next((one for one in known if one.year == base_year), None)
        if known and (base is None or not base.value):
            raise NotAssessed("statistics.no_base", year=base_year, inputs=_wanted(called[:0], over, under))
        later = [one for one in known if one.year > base_year]
        series = tuple(
            replace(one, value=one.value / base.value - 1, numerator=None, denominator=None) for one in later if base
        )
    return _measured(statistics, series, unit, _wanted(called, over, under))


def _quotients(statistics: pd.DataFrame, over: str, under: str, times: float, area: str = "") -> tuple[Stated, ...]:
    """Return one input over another, or one alone, by year; of several areas those of the clause's."""
    for name in filter(None, (over, under)):
        if name not in inputs():
            raise RuleError("statistics.unknown_input", name=name, known=list(inputs()))
    above = stated_in(statistics, goes_by(over), inputs()[over]["unit"], rather=area)
    if not under:
        return above
    return divided(above, stated_in(statistics, goes_by(under), inputs()[under]["unit"], rather=area), times)


def _wanted(called: tuple[str, ...], *named: str) -> list[Any]:
    """Return what a table has to state, as readers know it."""
    own = [Spoken({"zh": inputs()[one]["zh"], "en": inputs()[one]["en"]}) for one in named if one]
    if len(called) > 1:
        titled = Spoken({"zh": f"{called[1]}（{called[0]}）", "en": f"{called[-1]} ({called[0]})"})
        return [titled, *own]
    return [*called, *own]


def _measured(statistics: pd.DataFrame, series: tuple[Stated, ...], unit: str, wanted: list[Any]) -> Measured:
    if not series:
        raise NotAssessed("statistics.not_stated", inputs=wanted)
    last = series[-1]
    return Measured(
        value=last.value,
        unit=unit,
        offenders=gpd.GeoDataFrame(geometry=[], crs=statistics.attrs.get("crs") or None),
        numerator=last.numerator,
        denominator=last.denominator,
        notes=(told(last),),
        stated=series,
    )
