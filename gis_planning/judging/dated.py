"""Say which value of a figure holds on a day, where a rule document gives it by date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gis_planning.errors import RuleError
from gis_planning.judging.rule_tables import is_day

#: The days from which values hold, ascending, each with its value.
Steps = Sequence[tuple[str, Any]]
_KEYS = {"from", "value"}


def today() -> str:
    """Return the day at the office, as an ISO date."""
    return date.today().isoformat()  # noqa: DTZ011 - the office's own day is meant


def is_dated(value: Any) -> bool:
    """Say whether a value is written by date: a list of tables, one of which says `from` or `value`.

    Examples
    --------
    >>> is_dated([{"from": "2021-01-01", "value": 0.8}]), is_dated([{"radius_m": 300}]), is_dated(0.8)
    (True, False, False)
    """
    return isinstance(value, list) and any(isinstance(one, dict) and one.keys() & _KEYS for one in value)


def steps_of(value: list[Any], key: str, place: Mapping[str, str]) -> tuple[tuple[str, Any], ...]:
    """Return the steps of a figure by date; whether each value fits its key is not looked at here.

    Raises
    ------
    RuleError
        A step is not `from` and `value`, a day is none, or the days do not ascend.
    """
    steps: list[tuple[str, Any]] = []
    for one in value:
        if not isinstance(one, dict) or one.keys() != _KEYS:
            raise RuleError("rules.dated", **place, key=key)
        day = one["from"]
        if not isinstance(day, str) or not is_day(day):
            raise RuleError("rules.dated_day", **place, key=key, day=str(day)[:40])
        if steps and day <= steps[-1][0]:
            raise RuleError("rules.dated_order", **place, key=key, day=day, before=steps[-1][0])
        steps.append((day, one["value"]))
    return tuple(steps)


def table_steps(
    table: Mapping[str, Any], name: str, place: Mapping[str, str]
) -> tuple[tuple[tuple[str, dict[str, Any]], ...], str]:
    """Return the steps of a table of which keys are given by date, each the whole table, and the day it holds from.

    Days before that one are among the steps as well, so that whoever looks whether values fit sees all of them. A table
    without dates has no steps.
    """
    dated = {key: steps_of(value, f"{name}.{key}", place) for key, value in table.items() if is_dated(value)}
    days = sorted({day for steps in dated.values() for day, _ in steps})
    whole = ((day, {**table, **{key: value_on(steps, day) for key, steps in dated.items()}}) for day in days)
    return tuple(whole), max((steps[0][0] for steps in dated.values()), default="")


def holds(steps: Steps, day: str) -> bool:
    """Say whether a figure had a value on a day."""
    return steps[0][0] <= day


def value_on(steps: Steps, day: str) -> Any:
    """Return the value in force on a day: the newest that is not after it; before the first day, the first.

    Examples
    --------
    >>> value_on([("2021-01-01", 0.80), ("2026-01-01", 0.85)], "2025-12-31")
    0.8
    """
    return [value for since, value in steps if since <= max(day, steps[0][0])][-1]
