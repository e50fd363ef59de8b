"""Know the lists that the words of a field come from: codes, kinds and yes or no, with other words for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from gis_planning.conventions import Field, facts
from gis_planning.conventions.codes import code_lists
from gis_planning.texts import Lang, say


@dataclass(frozen=True)
class Value:
    """One word a field may hold: the word, what it means where it does not say it itself, and other words for it."""

    code: str
    titles: tuple[str, str] = ("", "")
    also: tuple[str, ...] = ()

    def title(self, lang: Lang) -> str:
        """Return what readers call it; nothing where the word says it."""
        return self.titles[0 if lang == "zh" else 1]


def values_of(field: Field) -> dict[str, tuple[Value, ...]]:
    """Return the lists a field's words come from, by their names; of a longer list, the codes it may have.

    Examples
    --------
    >>> from gis_planning.conventions import kinds
    >>> zone = next(field for field in kinds()["development_boundary"].fields if field.name == "zone")
    >>> [(value.code, value.title("zh")) for value in values_of(zone)["GHFQDM"]][0]
    ('410', '城镇集中建设区')
    """
    names = ("flags",) if field.type == "flag" else field.values
    lists = {name: value_list(name) for name in names}
    return {
        name: tuple(one for one in found if not field.only or one.code in field.only) for name, found in lists.items()
    }


@cache
def value_list(name: str) -> tuple[Value, ...]:
    """Return one list by its name: a code list, or one of the words that our own tables know; raises KeyError."""
    if name in code_lists():
        codes = code_lists()[name].codes.values()
        return tuple(Value(one.code, (one.titles["zh"], one.titles["en"]), one.also) for one in codes)
    return tuple(_OWN[name]())


def list_title(name: str, lang: Lang) -> str:
    """Return what readers call a list."""
    return code_lists()[name].title(lang) if name in code_lists() else say(f"guide.list_{name}", lang)


def _facilities() -> Iterable[Value]:
    for code, entry in facts("facilities")["kinds"].items():
        yield Value(code, (entry["zh"], entry["en"]), tuple(entry["labels"]))


def _activities() -> Iterable[Value]:
    for code, entry in facts("activities").items():
        also = (*entry["words"], *entry.get("uses", ()))
        yield Value(code, (entry["zh"], entry["en"]), tuple(word for word in also if word not in {code, entry["zh"]}))


def _streets() -> Iterable[Value]:
    drive, walk = facts("streets")["drive"], facts("streets")["walk"]
    words = dict.fromkeys((*drive["speeds_kmh"], *walk["closed_classes"], *drive["closed_classes"]))
    return (Value(word) for word in words)


def _of_words(name: str, groups: dict[str, list[str]]) -> Iterable[Value]:
    """Yield a value for each group of words that mean the same; what they mean is a text."""
    for group, words in groups.items():
        key = f"guide.value_{name}_{group}"
        yield Value(words[0], (say(key, "zh"), say(key, "en")), tuple(words[1:]))


def _greens() -> dict[str, list[str]]:
    groups = facts("greens")["kinds"]
    return {name: [code for code in groups[name] if not code[0].isdigit()] for name in ("park", "square", "not_park")}


#: The lists that are no code lists: each from the table that reads the words.
_OWN: dict[str, Callable[[], Iterable[Value]]] = {
    "facilities": _facilities,
    "activities": _activities,
    "streets": _streets,
    "foot": lambda: _of_words("foot", {"closed": facts("streets")["walk"]["closed_words"]}),
    "oneway": lambda: _of_words("oneway", facts("streets")["drive"]["oneway"]),
    "hazards": lambda: _of_words("hazards", facts("hazards")["kinds"]),
    "treated": lambda: _of_words("treated", facts("hazards")["treated"]),
    "shelters": lambda: _of_words("shelters", facts("hazards")["shelters"]),
    "listed": lambda: _of_words("listed", facts("heritage")["kinds"]),
    "turns": lambda: _of_words("turns", facts("streets")["turns"]),
    "disposal": lambda: _of_words("disposal", facts("vacant")),
    "CJJT85": lambda: _of_words("CJJT85", _greens()),
    "tier": lambda: _of_words("tier", {"t15": ["15"], "t10": ["10"], "t5": ["5"]}),
    "flags": lambda: _of_words("flags", facts("flags")),
}
