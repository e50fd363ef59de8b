"""Write numbers in their units; only here are they rounded, and never so that a missed limit looks met."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from gis_planning.conventions import facts
from gis_planning.texts import Lang, say

#: A value that still looks like its limit with so many decimals is it, as far as a reader can tell.
MOST_DECIMALS = 8
#: A shown number below the first is told with more decimals where its unit has them; one below the second, which only
#: rounding leaves over (half a square metre, told in hectares), is none.
SMALL, LEAST = 0.005, 0.00005
UNKNOWN = "-"


@dataclass(frozen=True)
class Unit:
    """What a quantity is counted in, and how it is written: a row of conventions/units.toml.

    Attributes
    ----------
    key
        What rules, results and JSON call it.
    signs, names
        What stands behind a number, and the unit by itself, by language.
    times
        What a number is shown times of: a share is kept as 0.8 and shown as 80 %, an area kept in m2 shown in hectares.
    digits, small, whole
        Decimals at least; so many for a small number; none for a whole number.
    highest
        What no limit can lie above, None where there is no such number.
    difference
        The key of the unit in which two values are told apart.
    adds
        Whether numbers of several features may be added up.
    words
        What stands for 0 and for 1, by language, where the unit has words and no numbers.
    kept
        The key of the unit in which the number is kept, for spreadsheets, where people go on reckoning with it.
    """

    key: str
    signs: Mapping[Lang, str]
    names: Mapping[Lang, str]
    times: float
    digits: int
    small: int
    whole: bool
    highest: float | None
    difference: str
    kept: str
    adds: bool
    words: Mapping[Lang, tuple[str, ...]] | None = None

    def of(self, number: float) -> float:
        """Return a number as it is shown."""
        return number * self.times

    def decimals(self, number: float, against: Iterable[float] = ()) -> int:
        """Return how many decimals a number needs so that it does not look like one that it is not."""
        shown, others = self.of(number), [self.of(one) for one in against if one != number]
        if self.whole and float(shown).is_integer():
            return 0
        decimals = self.small if LEAST <= abs(shown) < SMALL else self.digits
        while decimals < MOST_DECIMALS and any(f"{shown:.{decimals}f}" == f"{other:.{decimals}f}" for other in others):
            decimals += 1
        return decimals

    def format(self, number: float, against: Iterable[float] = ()) -> str:
        """Return the number format of a spreadsheet for a number as it is shown."""
        decimals = self.decimals(number, against)
        return ("#,##0" if self.highest is None else "0") + (f".{'0' * decimals}" if decimals else "")


@cache
def units() -> dict[str, Unit]:
    """Return all units by key."""
    return {key: _unit(key, row) for key, row in facts("units").items()}


def written(number: float | None, unit: str, lang: Lang, against: Iterable[float] = (), *, signed: bool = False) -> str:
    """Return a number in its unit, as readers see it everywhere.

    Parameters
    ----------
    number
        In the unit in which it was measured; None where it is not known.
    unit
        A key of `units`.
    against
        Numbers that it must not look like, unless it is one of them: its limits.
    signed
        Whether a plus is written.

    Examples
    --------
    >>> written(0.91854187, "share", "en"), written(0.799996, "share", "en", against=[0.8])
    ('91.85%', '79.9996%')
    >>> written(15_210, "m2", "en"), written(21, "m2", "zh"), written(1e-9, "m2", "en")
    ('1.52 ha', '0.0021 公顷', '0 ha')
    >>> written(41, "count", "zh"), written(-0.00334, "point", "en", signed=True), written(1.0, "yes_no", "zh")
    ('41 处', '-0.33 points', '是')
    """
    if number is None:
        return UNKNOWN
    row = units()[unit]
    if not math.isfinite(number):
        return "∞" if number > 0 else UNKNOWN
    if row.words is not None and number in (0, 1):
        return row.words[lang][int(number)]
    return _plain(row, number, tuple(against), signed=signed) + row.signs[lang]


def bare(number: float | None, unit: str) -> str:
    """Return a number as it is shown, for a column whose head says the unit.

    Examples
    --------
    >>> bare(15_210, "m2"), bare(1234, "people"), bare(None, "m2")
    ('1.52', '1,234', '-')
    """
    return UNKNOWN if number is None else _plain(units()[unit], number, (), signed=False)


def step(before: float | None, after: float | None, unit: str, lang: Lang) -> tuple[str, str, str]:
    """Return two numbers of a unit and their signed difference, which a reader finds to be that of the two as written.

    Examples
    --------
    >>> step(0.18535, 0.08281, "share", "en"), step(21, 15_210, "m2", "en"), step(None, 0.5, "share", "en")
    (('18.54%', '8.28%', '-10.26 points'), ('0.0021 ha', '1.52 ha', '+1.5179 ha'), ('-', '50.00%', '-'))
    """
    both = [one for one in (before, after) if one is not None]
    was, now = (written(one, unit, lang, both) for one in (before, after))
    if before is None or after is None or not (math.isfinite(before) and math.isfinite(after)):
        return was, now, UNKNOWN
    row = units()[unit]
    if row.words is not None:
        return was, now, UNKNOWN
    by = Decimal(_number(row, after, both)) - Decimal(_number(row, before, both))
    return was, now, f"{by:{'+' if by else ''},f}{units()[row.difference].signs[lang]}"


def _number(row: Unit, number: float, against: Iterable[float]) -> str:
    return _plain(row, number, tuple(against), signed=False).replace(",", "")


def telling(number: float, digits: int) -> int:
    """Return with how many decimals, `digits` at least, a number other than 0 does not read as 0.

    Examples
    --------
    >>> telling(0.000104, 2), telling(12.5, 2), telling(0.0, 2)
    (4, 2, 2)
    """
    while number and math.isfinite(number) and not float(f"{number:.{digits}f}"):
        digits += 1
    return digits


def margin(number: float | None, limit: Mapping[str, float], unit: str, lang: Lang) -> str:
    """Return how far a value is from its limit, in words; a positive margin is good.

    Examples
    --------
    >>> margin(-354_700, {"at_most": 0}, "m2", "zh"), margin(-41, {"at_most": 0}, "count", "zh")
    ('超出 35.47 公顷', '超出 41 处')
    >>> margin(0.0533, {"at_least": 0.8}, "share", "en"), margin(-0.0533, {"at_least": 0.8}, "share", "en")
    ('5.33 points above', '5.33 points short')
    """
    if number is None or not limit or units()[unit].words is not None:
        return UNKNOWN
    if not number:
        return say("limit.exactly", lang)
    kept = "above" if next(iter(limit)) in {"at_least", "more_than"} else "below"
    side = kept if number > 0 else {"above": "short", "below": "over"}[kept]
    return say(f"limit.{side}", lang, value=written(abs(number), units()[unit].difference, lang, [0.0]))


def limit(stated: Mapping[str, float], unit: str, lang: Lang) -> str:
    """Return a limit as readers write it, with the decimals that it was stated with.

    Examples
    --------
    >>> limit({"at_least": 0.8}, "share", "en"), limit({"at_most": 0}, "count", "zh"), limit({}, "m2", "en")
    ('≥ 80%', '≤ 0 处', 'no limit')
    """
    if not stated:
        return say("limit.none", lang)
    key, value = next(iter(stated.items()))
    row = units()[unit]
    if row.words is not None:
        return written(value, unit, lang)
    return say(f"limit.{key}", lang, value=f"{row.of(value):,.10g}{row.signs[lang]}")


def _plain(row: Unit, number: float, against: tuple[float, ...], *, signed: bool) -> str:
    shown = row.of(number)
    if abs(shown) < LEAST and row.small > row.digits and not against:
        return "0"
    return f"{shown:{'+' if signed else ''},.{row.decimals(number, against)}f}"


def _unit(key: str, row: Mapping[str, object]) -> Unit:
    signs: dict[Lang, str] = {"zh": str(row["zh"]), "en": str(row["en"])}
    digits = int(str(row.get("digits", 2)))
    highest = row.get("highest")
    return Unit(
        key=key,
        signs=signs,
        names={"zh": str(row.get("name_zh", signs["zh"].strip())), "en": str(row.get("name_en", signs["en"].strip()))},
        times=float(str(row.get("times", 1))),
        digits=digits,
        small=int(str(row.get("small", digits))),
        whole=bool(row.get("whole", False)),
        highest=None if highest is None else float(str(highest)),
        difference=str(row.get("difference", key)),
        kept=str(row.get("kept", key)),
        adds=bool(row.get("adds", False)),
        words=row.get("words"),  # type: ignore[arg-type]
    )
