"""Sort the features of a layer of results into what a legend tells apart, by what its schema says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gis_planning.results.schema import Layer
from gis_planning.texts import Lang, say
from gis_planning.units import units, written
from gis_planning.view.looks import outcome_look, styles
from gis_planning.view.told import category, words_of

#: A number of a file that was written out and read again need not be the same to the last bit.
SLACK = 0.5
#: Of texts that are drawn apart so many get a look of their own.
MOST_TEXTS = 12

#: What holds for the features of a class: a column, or one over another; a sign; what it is held against.
Condition = tuple[str | tuple[str, str], str, Any]


@dataclass(frozen=True)
class Class:
    """What some features of a layer have in common.

    Attributes
    ----------
    title, look
        What the legend says, and how they are drawn.
    where
        What holds for them; none: for all that no other class takes.
    """

    title: str
    look: Mapping[str, Any]
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Legend:
    """The classes of a layer, those that hold any feature, and the class of each feature."""

    classes: tuple[Class, ...]
    of: NDArray[np.intp]


def legend(layer: Layer, frame: pd.DataFrame, lang: Lang) -> Legend:
    """Return what a legend says of a layer and where each feature belongs."""
    facts = _Facts(frame)
    made = _maker(layer, frame)(layer, facts, lang)
    masks = [_holds(one.where, facts) for one in made]
    taken = np.zeros(len(frame), dtype=bool)
    for one, mask in zip(made, masks, strict=True):
        taken |= mask if one.where else False
    of = np.full(len(frame), -1, dtype=np.intp)
    kept: list[Class] = []
    for one, mask in zip(made, masks, strict=True):
        own = (mask if one.where else ~taken) & (of < 0)
        if own.any():
            of[own] = len(kept)
            kept.append(one)
    if (of < 0).any():
        of[of < 0] = len(kept)
        kept.append(Class(say("schema.no_value", lang), _look(layer.look)))
    return Legend(tuple(kept), of)


class _Facts:
    """The columns that a legend asks for, each taken once."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self._words: dict[str, NDArray[Any]] = {}
        self._cells: dict[str, NDArray[Any]] = {}
        self._numbers: dict[str, NDArray[np.float64]] = {}

    def __len__(self) -> int:
        return len(self.frame)

    def cells(self, name: str) -> NDArray[Any]:
        """Return a column as it is."""
        if name not in self._cells:
            self._cells[name] = self.frame[name].to_numpy()
        return self._cells[name]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a column as numbers."""
        if name not in self._numbers:
            self._numbers[name] = self.frame[name].to_numpy(dtype=float)
        return self._numbers[name]

    def words(self, name: str) -> NDArray[Any]:
        """Return a column as text, None where a cell is empty."""
        if name not in self._words:
            self._words[name] = np.array(words_of(self.frame[name]), dtype=object)
        return self._words[name]


def _maker(layer: Layer, frame: pd.DataFrame) -> Callable[[Layer, _Facts, Lang], list[Class]]:
    by = layer.by if layer.by in frame.columns else None
    if by is None:
        return _one
    if layer.edges:
        return _graded
    if layer.of in frame.columns:
        return _lacking
    return _spans if layer.until in frame.columns else _values


def _one(layer: Layer, _: _Facts, lang: Lang) -> list[Class]:
    return [Class(layer.title.to(lang), _look(layer.look))]


def _values(layer: Layer, facts: _Facts, lang: Lang) -> list[Class]:
    """Return a class for every value of the column a layer is drawn by."""
    column, by = layer[str(layer.by)], str(layer.by)
    if column.kind == "flag":
        return [
            Class(category(column, word, lang), _look(layer.look, word), ((by, "is", word == "yes"),))
            for word in ("yes", "no")
        ]
    if column.kind == "number":
        there = sorted(facts.frame[by].dropna().unique())
        ramp = _ramp(layer.look, len(there))
        return [
            Class(written(float(one), column.unit or "number", lang), ramp[at], ((by, "=", float(one)),))
            for at, one in enumerate(there)
        ]
    there = list(dict.fromkeys(one for one in facts.words(by) if one))
    order = list(column.says) if isinstance(column.says, Mapping) else sorted(there)
    listed = [one for one in order if one in there] + [one for one in there if one not in order]
    own = f"{layer.look}_{listed[0]}" in styles()["layer"] if listed else False
    ramp = _palette(layer.look, len(listed)) if not own else [_look(layer.look, one) for one in listed]
    return [
        Class(category(column, one, lang), ramp[at], ((by, "=", one),)) for at, one in enumerate(listed[:MOST_TEXTS])
    ]


def _lacking(layer: Layer, facts: _Facts, lang: Lang) -> list[Class]:
    """Return a class for every count out of a whole, from all to none."""
    by, of = str(layer.by), str(layer.of)
    counts = facts.frame[[by, of]].dropna().drop_duplicates().sort_values(by, ascending=False)
    return [
        Class(
            say("circlemap.present", lang, present=int(one), wanted=int(whole)),
            _look(layer.look) | {"fill": lacking_colour(int(whole - one), int(whole))},
            ((by, "=", float(one)), (of, "=", float(whole))),
        )
        for one, whole in counts.itertuples(index=False)
    ]


def _spans(layer: Layer, facts: _Facts, lang: Lang) -> list[Class]:
    """Return a class for every span from one number to another, the last one open."""
    by, until = str(layer.by), str(layer.until)
    ramp, found = styles()["ramp"], []
    ends = np.unique(np.column_stack([facts.cells(by), facts.cells(until)]).astype(float), axis=0)
    for at, (low, high) in enumerate(ends.tolist()):
        said = {"low": f"{low:,.0f}", "high": f"{high:,.0f}"}
        if pd.isna(high):
            look = _painted(ramp["beyond"]) | {"hatch": "stripes", "stripe": ramp["stripe"]}
            found.append(Class(say("circlemap.beyond", lang, low=said["low"]), look, ((until, "empty", None),)))
        else:
            near = ramp["near"][min(at, len(ramp["near"]) - 1)]
            where = ((until, ">=", high - SLACK), (until, "<", high + SLACK))
            found.append(Class(say("circlemap.band", lang, **said), _painted(near), where))
    return found


def _graded(layer: Layer, _: _Facts, lang: Lang) -> list[Class]:
    """Return classes between edges, the highest first: of a number, or of a number over another."""
    by = str(layer.by)
    what: str | tuple[str, str] = (by, layer.of) if layer.of is not None else by
    unit = "share" if layer.of is not None else layer[by].unit or "number"
    bounds = list(pairwise((*layer.edges, None)))
    ramp = _ramp(layer.look, len(bounds))
    found = []
    for at, (low, high) in enumerate(bounds):
        where: list[Condition] = [(what, ">=", low)]
        where += [] if high is None else [(what, "<", high)]
        found.append(Class(_between(low, high, unit, lang), ramp[at], tuple(where)))
    return found[::-1]


def _between(low: float | None, high: float | None, unit: str, lang: Lang) -> str:
    row = units()[unit]
    low_, high_ = (None if one is None else f"{row.of(one):,.4g}" for one in (low, high))
    sign = row.signs[lang]
    if high is None:
        return say("gis.from", lang, low=f"{low_}{sign}")
    if not low:
        return say("gis.below", lang, high=f"{high_}{sign}")
    return say("gis.between", lang, low=low_, high=f"{high_}{sign}")


def _holds(where: Sequence[Condition], facts: _Facts) -> NDArray[np.bool_]:
    """Say of each feature whether all conditions hold."""
    found = np.ones(len(facts), dtype=bool)
    for what, sign, value in where:
        if isinstance(what, tuple):
            part, whole = (facts.numbers(one) for one in what)
            with np.errstate(divide="ignore", invalid="ignore"):
                numbers: Any = part / whole
        else:
            numbers = facts.words(what) if sign == "=" and isinstance(value, str) else facts.cells(what)
        found &= _compare(numbers, sign, value)
    return found


def _compare(numbers: Any, sign: str, value: Any) -> Any:
    if sign == "empty":
        return pd.isna(numbers)
    if sign == "is":
        return np.array([bool(number) is value for number in numbers], dtype=bool)
    if sign == "=":
        return numbers == value
    with np.errstate(invalid="ignore"):
        return numbers.astype(float) >= value if sign == ">=" else numbers.astype(float) < value


# -- looks


def lacking_colour(missing: int, wanted: int) -> str:
    """Return the colour for so many missing of so many."""
    ramp = styles()["ramp"]
    last = len(ramp["lacking"]) - 1
    return str(ramp["lacking"][(missing - 1) * last // max(wanted - 1, 1)] if missing else ramp["all"])


def base_look(layer: Layer) -> dict[str, Any]:
    """Return how a layer is drawn where all its features look alike."""
    return {key: value for key, value in _look(layer.look).items() if key not in {"ramp", "ramped"}}


def _look(name: str, value: str = "") -> dict[str, Any]:
    """Return a look, of a value where it has one of its own; one that nobody drew is plain."""
    looks = styles()["layer"]
    found = dict(looks.get(f"{name}_{value}" if value else name) or looks.get(name) or looks["plain"])
    outcome = found.pop("outcome", None)
    return outcome_look(outcome) | found if outcome else found


def _ramp(name: str, size: int) -> list[dict[str, Any]]:
    """Return a look for each of some steps, from the first to the last, in the colours that the look asks for."""
    base = _look(name)
    colours, part = styles()["ramp"][base.pop("ramp", "near")], base.pop("ramped", "fill")
    last = len(colours) - 1
    steps = [colours[round(at * last / max(size - 1, 1))] for at in range(size)]
    return [base | {part: colour} for colour in steps]


def _palette(name: str, size: int) -> list[dict[str, Any]]:
    """Return a look for each of some values that have no order."""
    colours = styles()["ramp"]["apart"]
    return [_look(name) | {"fill": colours[at % len(colours)]} for at in range(size)]


def _painted(colour: str) -> dict[str, Any]:
    return {"fill": colour, "fill_opacity": 0.85, "stroke": colour, "weight": 0}
