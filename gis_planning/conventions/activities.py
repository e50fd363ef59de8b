"""Know the kinds of activity of projects, and the words they go by."""

from __future__ import annotations

import unicodedata
from functools import cache

from gis_planning.conventions import facts
from gis_planning.conventions.facilities import without_brackets
from gis_planning.texts import Lang


def activities() -> tuple[str, ...]:
    """Return the closed list of activities."""
    return tuple(facts("activities"))


def activity_title(activity: str, lang: Lang) -> str:
    """Return what readers call an activity.

    Examples
    --------
    >>> activity_title("linear", "zh")
    '线性基础设施'
    """
    return str(facts("activities")[activity][lang])


def activity_of(word: str | None) -> str | None:
    """Return the activity a word stands for, None for words that stand for none.

    Examples
    --------
    >>> activity_of("城镇建设"), activity_of(" Linear "), activity_of("?")
    ('urban', 'linear', None)
    """
    return _words().get((word or "").strip().casefold())


def activity_of_use(use: str | None) -> str | None:
    """Return the activity that a land use or a type of project can only be, None where it may be several.

    Examples
    --------
    >>> activity_of_use("公路用地"), activity_of_use("农村宅基地（0703）"), activity_of_use("工业用地")
    ('linear', 'village', None)
    """
    return _uses().get(without_brackets(unicodedata.normalize("NFKC", use or "")).strip())


@cache
def _uses() -> dict[str, str]:
    return {use: activity for activity, entry in facts("activities").items() for use in entry.get("uses", ())}


@cache
def _words() -> dict[str, str]:
    found = {}
    for activity, entry in facts("activities").items():
        for word in (activity, entry["zh"], entry["en"], *entry["words"]):
            found[word.casefold()] = activity
    return found
