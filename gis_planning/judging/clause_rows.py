"""Make the clauses of a `for_each`: one for every row of a list, with the row's values in its `{slots}`.

Nothing is reckoned: a slot takes what the row says. A text that is one slot and nothing else takes the value as it is,
so that a row can also hold a number or a list. Inside a clause, a table of a list may have a `for_each` too: it stands
once for every entry of a list of the row (`for_each = "activity"`), or only for some rows (`for_each = { line =
["flood_line"] }`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from gis_planning.errors import RuleError
from gis_planning.judging.rule_tables import SLOTS, is_finite

_EACH = "for_each"
#: A document that makes more than this of its rows (signs of its texts, and numbers) was not written by hand.
LARGEST, LONGEST_VALUE, LONGEST_LIST = 10_000_000, 500, 100
_SLOT = re.compile(r"\{([^{}]*)\}")
_LIST = "list"
#: What a row cannot call a key of its own: the sentences of a project rule use these, and `for_each` itself.
RESERVED = SLOTS | {_LIST}

Row = Mapping[str, Any]


@dataclass(frozen=True)
class _Family:
    """One `[[clause]]` table with the rows it is made for; a clause that is none of a family has no rows."""

    entry: Mapping[str, Any]
    list_name: str | None
    rows: tuple[Row, ...] | None
    #: Of a named list: the values by which rows are taken, by key.
    taken: Mapping[str, list[Any]]

    def takes(self, row: Row) -> bool:
        """Say whether the clause is made for a row."""
        return _is_among(row, self.taken)


def expanded(entries: list[dict[str, Any]], lists: Any, file: str) -> list[dict[str, Any]]:
    """Return the `[[clause]]` tables of a document, one for every clause, in the order in which they are listed.

    Clauses of one named list that follow one another are made row by row: all clauses of the first row, then all of the
    second, so that a document still reads layer by layer.

    Parameters
    ----------
    entries
        The tables as they are written, some with `for_each`.
    lists
        The table `[each]` of the document: lists of rows by name.
    file
        The document, for messages.

    Raises
    ------
    RuleError
        A row, a slot or a list that cannot be used, named with file and clause.
    """
    named = _named_lists(lists, file)
    families = [_family(entry, named, file) for entry in entries]
    _refuse_unused(families, named, file)
    made: list[dict[str, Any]] = []
    size = 0
    for entry in _in_order(families, file):
        size += _size(entry)
        if size > LARGEST:
            raise RuleError("rules.too_many_rows", file=file, code=_code(entry))
        made.append(entry)
    return made


def _in_order(families: list[_Family], file: str) -> Iterator[dict[str, Any]]:
    # A family of a list without name, and a clause that is of no family, stand by themselves.
    for _, group in groupby(enumerate(families), key=lambda one: one[1].list_name or one[0]):
        together = [family for _, family in group]
        if together[0].rows is None:
            yield dict(together[0].entry)
            continue
        for at, row in enumerate(together[0].rows, start=1):
            for family in together:
                if family.takes(row):
                    place = {"file": file, "code": _code(family.entry), "row": at}
                    yield {key: _filled(value, row, place, key) for key, value in family.entry.items()}


def _family(entry: Mapping[str, Any], named: Mapping[str, tuple[Row, ...]], file: str) -> _Family:
    place = {"file": file, "code": _code(entry)}
    template = _without_each(entry)
    if _EACH not in entry:
        return _Family(template, None, None, {})
    stated = entry[_EACH]
    if isinstance(stated, list):
        rows = _rows(stated, place)
        _refuse_wrong_choices(template, rows, _EACH, place)
        _refuse_unknown_keys(rows, _slots(template), place)
        return _Family(template, None, rows, {})
    taken = {key: value for key, value in stated.items() if key != _LIST} if isinstance(stated, dict) else {}
    name = stated.get(_LIST) if isinstance(stated, dict) else stated
    if not isinstance(name, str):
        raise RuleError("rules.for_each", **place)
    if name not in named:
        near = difflib.get_close_matches(name, named, cutoff=0.4) or sorted(named)
        raise RuleError("rules.unknown_list", **place, name=name, near=near)
    _refuse_no_such_row(taken, named[name], name, place)
    _refuse_wrong_choices(template, named[name], name, place)
    family = _Family(template, name, named[name], taken)
    if not any(family.takes(row) for row in named[name]):
        raise RuleError("rules.no_row", **place, name=name)
    return family


def _is_among(row: Row, taken: Mapping[str, list[Any]]) -> bool:
    return all(row.get(key) in values for key, values in taken.items())


def _without_each(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != _EACH}


def _refuse_no_such_row(taken: Mapping[str, Any], rows: Iterable[Row], name: str, place: Mapping[str, str]) -> None:
    if not all(isinstance(values, list) for values in taken.values()):
        raise RuleError("rules.for_each", **place)
    for key, values in taken.items():
        for value in values or [""]:
            if not any(row.get(key) == value for row in rows):
                raise RuleError("rules.no_such_row", **place, name=name, key=key, value=value)


def _refuse_wrong_choices(value: Any, rows: Iterable[Row], name: str, place: Mapping[str, str]) -> None:
    """Refuse a `for_each` inside a clause that takes rows which the family does not have."""
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _refuse_wrong_choices(inner, rows, name, place)
    if isinstance(value, dict) and isinstance(value.get(_EACH), dict):
        _refuse_no_such_row(value[_EACH], rows, name, place)


def _named_lists(lists: Any, file: str) -> dict[str, tuple[Row, ...]]:
    if not isinstance(lists, dict):
        raise RuleError("rules.each", file=file)
    return {name: _rows(rows, {"file": file, "code": f"each.{name}"}) for name, rows in lists.items()}


def _rows(stated: Any, place: Mapping[str, str]) -> tuple[Row, ...]:
    if not isinstance(stated, list) or not stated or not all(isinstance(row, dict) and row for row in stated):
        raise RuleError("rules.for_each", **place)
    for at, row in enumerate(stated, start=1):
        for key, value in row.items():
            if key in RESERVED:
                raise RuleError("rules.reserved_key", **place, row=at, key=key)
            if not _fits(value):
                raise RuleError("rules.bad_row", **place, row=at, key=key, value=str(value)[:40])
    return tuple(stated)


def _fits(value: Any) -> bool:
    """Say whether a value can stand in a row: a short text without braces, a number, or a list of these."""
    if isinstance(value, list):
        return len(value) <= LONGEST_LIST and all(not isinstance(one, list) and _fits(one) for one in value)
    if isinstance(value, str):
        return len(value) <= LONGEST_VALUE and "{" not in value and "}" not in value
    return isinstance(value, int | float) and not isinstance(value, bool) and is_finite(value)


def _refuse_unused(families: list[_Family], named: Mapping[str, tuple[Row, ...]], file: str) -> None:
    """Refuse a list, or a key of one, that no clause asks for: most likely it is misspelt."""
    for name, rows in named.items():
        own = [family for family in families if family.list_name == name]
        if not own:
            raise RuleError("rules.unused_list", file=file, name=name)
        asked = {key for family in own for key in (*_slots(family.entry), *family.taken)}
        _refuse_unknown_keys(rows, asked, {"file": file, "code": f"each.{name}"})


def _refuse_unknown_keys(rows: Iterable[Row], asked: Iterable[str], place: Mapping[str, str]) -> None:
    asked = sorted(set(asked))
    for at, row in enumerate(rows, start=1):
        if unknown := sorted(row.keys() - set(asked)):
            raise RuleError("rules.unknown_row_key", **place, row=at, key=unknown[0], near=asked)


def _slots(value: Any) -> set[str]:
    if isinstance(value, str):
        return set(_SLOT.findall(value))
    if isinstance(value, dict):
        stated = value.get(_EACH, ())
        own = {stated} if isinstance(stated, str) else set(stated) if isinstance(stated, dict) else set()
        return own.union(*map(_slots, value.values()))
    return {name for one in value for name in _slots(one)} if isinstance(value, list) else set()


def _filled(value: Any, row: Row, place: Mapping[str, Any], key: str) -> Any:
    """Return a value of the table with its slots filled; `key` is the key of the clause it stands under."""
    if isinstance(value, dict):
        return {name: _filled(one, row, place, key) for name, one in value.items()}
    if isinstance(value, list):
        return [made for one in value for made in _entries(one, row, place, key)]
    if not isinstance(value, str):
        return value
    whole = _SLOT.fullmatch(value)
    if whole and whole[1] in row:
        return row[whole[1]]
    if lists := [name for name in _SLOT.findall(value) if isinstance(row.get(name), list)]:
        raise RuleError("rules.list_in_text", **place, key=key, slot=f"{{{lists[0]}}}")
    filled = _SLOT.sub(lambda found: str(row.get(found[1], found[0])), value)
    # The sentences of a project rule have slots of their own, which that table checks.
    if key != "projects" and ("{" in filled or "}" in filled):
        left = _SLOT.search(filled)
        raise RuleError("rules.no_slot_value", **place, key=key, slot=left[0] if left else value[:40], near=sorted(row))
    return filled


def _entries(one: Any, row: Row, place: Mapping[str, Any], key: str) -> list[Any]:
    """Return what one entry of a list makes: itself, or with `for_each` as many as the row has for it."""
    if not isinstance(one, dict) or _EACH not in one:
        return [_filled(one, row, place, key)]
    stated, template = one[_EACH], _without_each(one)
    if isinstance(stated, dict):
        return [_filled(template, row, place, key)] if _is_among(row, stated) else []
    if not isinstance(stated, str) or not isinstance(row.get(stated), list):
        raise RuleError("rules.no_row_list", **place, key=key, name=stated, near=sorted(row))
    # Inside, the other lists are out of reach: lists of lists of tables are nothing that anybody writes.
    texts = {name: value for name, value in row.items() if not isinstance(value, list)}
    return [_filled(template, {**texts, stated: entry}, place, key) for entry in row[stated]]


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(len(key) + _size(one) for key, one in value.items())
    if isinstance(value, list):
        return 1 + sum(map(_size, value))
    return len(value) if isinstance(value, str) else 1


def _code(entry: Mapping[str, Any]) -> str:
    return str(entry.get("code", "?"))
