"""Write numbers for readers; only here are they rounded, and never so that a missed limit looks met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from gis_planning import geo
from gis_planning.results.verdicts import Reference, Unit
from gis_planning.texts import Lang, say

#: A share that still looks like its limit with so many decimals is it, as far as a reader can tell.
MOST_DECIMALS = 8
SHORT_SHA = 12
#: Land smaller than the first is a trace of rounding; below the second, two decimals of a hectare would show none.
LEAST_M2, SMALL_M2 = 0.5, 50.0


def percent(share: float | None, against: Iterable[float] = ()) -> str:
    """Return a share as a percentage with two decimals, more where two would make it look like its limit.

    Examples
    --------
    >>> percent(0.91854187)
    '91.85%'
    >>> percent(0.799996, against=[0.8])
    '79.9996%'
    """
    if share is None:
        return "-"
    decimals = 2
    limits = [limit for limit in against if limit != share]
    while decimals < MOST_DECIMALS and any(f"{share:.{decimals}%}" == f"{limit:.{decimals}%}" for limit in limits):
        decimals += 1
    return f"{share:.{decimals}%}"


def beside(reference: Reference, lang: Lang) -> tuple[str, str]:
    """Return a second number and what it is made of, in words; one of nothing is not known."""
    if reference.value is None:
        return say("report.not_known", lang), ""
    sums = {"served": f"{reference.numerator:,.0f}", "total": f"{reference.denominator:,.0f}"}
    return percent(reference.value), say("report.reference_of", lang, **sums)


def points(difference: float | None, lang: Lang) -> str:
    """Return the difference of two shares in percentage points, signed.

    Examples
    --------
    >>> points(-0.00334, "en")
    '-0.33 points'
    """
    return "-" if difference is None else say("map.points", lang, value=_signed(difference * 100))


def quantity(value: float | None, unit: Unit, lang: Lang, against: Iterable[float] = ()) -> str:
    """Return a value in its unit."""
    if value is None:
        return "-"
    if unit == "share":
        return percent(value, against)
    if unit == "count":
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"
    return hectares(value, lang) if unit == "m2" else length(value, lang)


def margin(value: float | None, unit: Unit, lang: Lang) -> str:
    """Return how far a value is from its limit; positive is good."""
    if value is None:
        return "-"
    if unit == "share":
        return points(value, lang)
    return _signed(value) + ("" if unit == "count" else say(f"map.unit_{unit}", lang))


def limit(stated: Mapping[str, float], unit: Unit, lang: Lang) -> str:
    """Return a limit as readers write it.

    Examples
    --------
    >>> limit({"at_least": 0.8}, "share", "en")
    '≥ 80%'
    """
    if not stated:
        return say("limit.none", lang)
    key, value = next(iter(stated.items()))
    words = f"{value * 100:.10g}%" if unit == "share" else quantity(value, unit, lang)
    words = f"{value:,.10g}" + say("map.unit_m2", lang) if unit == "m2" else words
    return say(f"limit.{key}", lang, value=words)


def by_date(steps: Sequence[tuple[str, Any]], written: Callable[[Any], str], lang: Lang) -> str:
    """Return a figure that a rule document gives by date: all of its values, each with its day.

    Examples
    --------
    >>> by_date([("2021-01-01", 300), ("2026-01-01", 250)], str, "en")
    '300 from 2021-01-01; 250 from 2026-01-01'
    """
    return "; ".join(say("limit.dated", lang, value=written(value), day=day) for day, value in steps)


def hectares(square_metres: float | None, lang: Lang) -> str:
    """Return an area in hectares; a small one is not shown as none.

    Examples
    --------
    >>> hectares(15_210, "en"), hectares(21, "en"), hectares(1e-9, "en")
    ('1.52 ha', '0.0021 ha', '0 ha')
    """
    return "-" if square_metres is None else say("map.hectares", lang, value=_hectares(square_metres))


def short_area(square_metres: float, lang: Lang) -> str:
    """Return an area in hectares and mu."""
    mu = f"{geo.to_mu(square_metres):,.1f}"
    return say("map.area_short", lang, ha=_hectares(square_metres), mu=mu)


def area(square_metres: float, lang: Lang) -> str:
    """Return an area in square metres, hectares and mu."""
    facts = {
        "m2": f"{square_metres:,.0f}",
        "ha": _hectares(square_metres),
        "mu": f"{geo.to_mu(square_metres):,.1f}",
    }
    return say("map.area", lang, **facts)


def length(metres: float, lang: Lang) -> str:
    """Return a length in metres."""
    return f"{metres:,.0f}" + say("map.unit_m", lang)


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


def _hectares(square_metres: float) -> str:
    if abs(square_metres) < LEAST_M2:
        return "0"
    return f"{geo.to_hectares(square_metres):,.{2 if abs(square_metres) >= SMALL_M2 else 4}f}"


def _signed(value: float) -> str:
    decimals = 2
    while decimals < MOST_DECIMALS and value and not float(f"{value:.{decimals}f}"):
        decimals += 1
    return f"{value:+,.{decimals}f}"
