"""Measure what no layer gives: numbers that a table of the county states, each with its year, file and row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from gis_planning.analysis.stated import called as goes_by
from gis_planning.analysis.stated import divided, inputs
from gis_planning.analysis.stated import stated as stated_in
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import AnyUnit
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Spoken, text

if TYPE_CHECKING:
    import pandas as pd


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
    for name in (over, under):
        if name and name not in inputs():
            raise RuleError("statistics.unknown_input", name=name, known=list(inputs()))
    series = stated_in(statistics, called, unit, areas=(area,) if area else ())
    if not series and over:
        above = stated_in(statistics, goes_by(over), inputs()[over]["unit"])
        below = stated_in(statistics, goes_by(under), inputs()[under]["unit"]) if under else ()
        series = divided(above, below, times) if under else above
    if not series:
        wanted = [Spoken({"zh": inputs()[one]["zh"], "en": inputs()[one]["en"]}) for one in (over, under) if one]
        raise NotAssessed("statistics.not_stated", indicator=called[0], inputs=[called[0], *wanted])
    last = series[-1]
    crs = statistics.attrs.get("crs") or None
    return Measured(
        value=last.value,
        unit=unit,
        offenders=gpd.GeoDataFrame(geometry=[], crs=crs),
        numerator=last.numerator,
        denominator=last.denominator,
        notes=(text("statistics.note", file=last.file, row=last.row, year=last.year),),
        stated=series,
    )
