"""Let a condition be a condition: it picks rows of its table, and is no order to a database.

Conditions (`where` in county.toml, --where) become part of SQL that a database runs. So they are taken apart into
words first, and refused where they hold what is none of a condition.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from gis_planning.conventions import facts
from gis_planning.errors import LayerError
from gis_planning.formats.address import Source

#: Longer than a person writes, and than databases nest without failing.
LONGEST, DEEPEST = 10_000, 50
_TOKEN = re.compile(
    r"""(?P<blank>\s+)
      | (?P<comment>--|/\*|\*/)
      | (?P<text>'(?:[^']|'')*')
      | (?P<quoted>"(?:[^"]|"")+"|`[^`]+`|\[\w[\w .-]*\])
      | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?!\w))
      | (?P<word>[^\W\d]\w*)
      | (?P<open>\()
      | (?P<close>\))
      | (?P<sign><>|<=|>=|!=|==|\|\||::|!~\*?|~\*?|[=<>+\-*/%,.&|])""",
    re.VERBOSE,
)
_COMPARES = frozenset({"=", "==", "<>", "!=", "<", ">", "<=", ">=", "~", "!~"})


class Token(NamedTuple):
    """One word of a condition: its kind, and how it is written."""

    kind: str
    said: str


def stated(where: str | None, source: Source) -> str | None:
    """Return a condition that may be left out, checked where there is one."""
    return None if where is None else checked(where, source)


def checked(where: str, source: Source) -> str:
    """Return a condition that is one, as it was.

    Raises
    ------
    LayerError
        It holds a statement, a second one, a comment, a query, a function that is none of a condition, or its brackets
        or quotes do not close.
    """
    tokens = list(_tokens(where, source, blanks=True))
    solid = [token for token in tokens if token.kind != "blank"]
    if not solid:
        _refuse(where, source, where)
    depth = 0
    for one, after in zip(solid, [*solid[1:], Token("", "")], strict=True):
        depth += (one.kind == "open") - (one.kind == "close")
        if _is_none_of_a_condition(one, after) or depth < 0 or depth > DEEPEST:
            _refuse(where, source, one.said + ("(" if after.kind == "open" else ""))
    for one, beside in pairwise(tokens):
        # Databases read E'...' by other rules, under which a text ends elsewhere.
        if one.kind == "word" and beside.kind in {"text", "quoted"}:
            _refuse(where, source, one.said + beside.said[:1])
    if depth:
        _refuse(where, source, "(")
    return where


def _is_none_of_a_condition(one: Token, after: Token) -> bool:
    """Say whether a word, with the one after it, belongs to an order rather than a condition."""
    word = one.said.casefold()
    if one.kind == "word":
        words = facts("conditions")
        return word in words["statements"] or (
            after.kind == "open" and word not in words["words"] and word not in words["functions"]
        )
    return (
        one.kind == "comment"
        or (one.kind == "quoted" and after.kind == "open")
        or (one.kind == "text" and "\\'" in one.said)
    )


def fitted(where: str, fields: Collection[str], source: Path, table: str) -> str:
    """Return a condition with the names of fields that need it in double quotes.

    A quoted name that is no field is a mere text to some databases, and then compares to nothing without a word.

    Raises
    ------
    LayerError
        It compares a name that is no field of the table.
    """
    known = {one.casefold(): one for one in [*facts("conditions")["special"], *fields]}
    tokens = list(_tokens(where, source, blanks=True))
    solid = [at for at, one in enumerate(tokens) if one.kind != "blank"]
    said = [token.said for token in tokens]
    for place, at in enumerate(solid):
        kind, word = tokens[at]
        name = word[1:-1].replace('""', '"') if kind == "quoted" else word
        foreign = kind == "word" and not word.isascii()
        after = tokens[solid[place + 1]] if place + 1 < len(solid) else Token("", "")
        compared = after.said in _COMPARES or after.said.casefold() in facts("conditions")["comparing"]
        if name.casefold() not in known and (foreign or (kind == "quoted" and compared)):
            near = difflib.get_close_matches(name, fields, n=3) or sorted(fields)
            raise LayerError("source.where_field", source=source, table=table, where=where, field=name, near=near)
        if foreign:
            said[at] = f'"{known[name.casefold()]}"'
    return "".join(said)


def quoted(name: str) -> str:
    """Return a name as SQL takes it, whatever is in it.

    Examples
    --------
    >>> quoted('a"; DROP TABLE x; --')
    '"a""; DROP TABLE x; --"'
    """
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _tokens(where: str, source: Source, *, blanks: bool = False) -> Iterator[Token]:
    if len(where) > LONGEST:
        _refuse(where, source, f"{len(where)} > {LONGEST}")
    at = 0
    while at < len(where):
        found = _TOKEN.match(where, at)
        if found is None or found.lastgroup is None or "\0" in found[0]:
            _refuse(where, source, where[at : at + 10])
        else:
            if blanks or found.lastgroup != "blank":
                yield Token(found.lastgroup, found[0])
            at = found.end()


def _refuse(where: str, source: Source, said: str) -> None:
    shown = where if len(where) <= 200 else where[:200] + " ..."
    raise LayerError("source.no_condition", source=source, where=shown, said=said)
