"""Write facts that are made of several numbers, settings, and numbers by date."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gis_planning import geo
from gis_planning.results.verdicts import Reference
from gis_planning.texts import Lang, say
from gis_planning.units import units, written

SHORT_SHA = 12


def percent(share: float | None, against: Iterable[float] = ()) -> str:
    """Return a share as a percentage, which is written alike in all languages.

    Examples
    --------
    >>> percent(0.799996, against=[0.8])
    '79.9996%'
    """
    return written(share, "share", "en", against)


def beside(reference: Reference, lang: Lang) -> tuple[str, str]:
    """Return a second number and what it is made of, in words; one of nothing is not known."""
    if reference.value is None:
        return say("report.not_known", lang), ""
    sums = {"served": f"{reference.numerator:,.0f}", "total": f"{reference.denominator:,.0f}"}
    return percent(reference.value), say("report.reference_of", lang, **sums)


def by_date(steps: Sequence[tuple[str, Any]], said: Callable[[Any], str], lang: Lang) -> str:
    """Return a figure that a rule document gives by date: all of its values, each with its day.

    Examples
    --------
    >>> by_date([("2021-01-01", 300), ("2026-01-01", 250)], str, "en")
    '300 from 2021-01-01; 250 from 2026-01-01'
    """
    return "; ".join(say("limit.dated", lang, value=said(value), day=day) for day, value in steps)


def short_area(square_metres: float, lang: Lang) -> str:
    """Return an area in hectares and mu."""
    return say("map.area_short", lang, **_larger(square_metres, lang))


def area(square_metres: float, lang: Lang) -> str:
    """Return an area in square metres, hectares and mu."""
    return say(
        "map.area",
        lang,
        m2=f"{square_metres:,.0f}{units()['square_metre'].signs[lang]}",
        **_larger(square_metres, lang),
    )


def _larger(square_metres: float, lang: Lang) -> dict[str, str]:
    return {"ha": written(square_metres, "m2", lang), "mu": written(geo.to_mu(square_metres), "mu", lang)}


def setting(value: Any, lang: Lang) -> str:
    """Return a setting of a clause as readers write it.

    Examples
    --------
    >>> setting(2000.0, "en"), setting(("park", "square"), "en"), setting(None, "en")
    ('2,000', 'park; square', 'not set')
    """
    if value is None:
        return say("report.unset", lang)
    if isinstance(value, list | tuple):
        return "; ".join(setting(one, lang) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {setting(inner, lang)}" for key, inner in value.items())
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:,.12g}" if number else str(value)


def shortened(words: str, most: int) -> str:
    """Return a text cut to a length, for places that have room for no more."""
    return words if len(words) <= most else words[: most - 1] + "…"
