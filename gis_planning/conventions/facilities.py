"""Sort facilities into kinds, by what a table says of them or by their noisy names; what is unknown is not guessed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from gis_planning.conventions import facts
from gis_planning.errors import LayerError
from gis_planning.texts import Lang, say

#: Under this name of `attrs` a table of facilities holds the kinds of which the county states that it has none.
NONE = "none"

#: The innermost bracket; one that is never closed reaches to the end.
_BRACKETED = re.compile(r"[(\[{<【〔《「『〈][^(\[{<【〔《「『〈)\]}>】〕》」』〉]*(?:[)\]}>】〕》」』〉]|$)")
_SEPARATORS = re.compile("[;；]")


@dataclass(frozen=True)
class _Sorter:
    """One entry of `[[names]]`: the kinds it gives, and what must and must not be in a name."""

    kind: str
    accept: re.Pattern[str]
    reject: re.Pattern[str]


def facility_kinds() -> tuple[str, ...]:
    """Return the closed list of facility kinds.

    Examples
    --------
    >>> len(facility_kinds()), facility_kinds()[0]
    (45, 'kindergarten')
    """
    return tuple(facts("facilities")["kinds"])


def need_title(code: str, lang: Lang) -> str:
    """Return what readers call a need: a kind of facility, or several of which any will do.

    Examples
    --------
    >>> need_title("supermarket|convenience_store", "en")
    'supermarket or convenience store'
    """
    known = facts("facilities")["kinds"]
    return say("circlemap.or", lang).join(str(known[one][lang]) if one in known else one for one in code.split("|"))


def type_of(names: Sequence[str | None]) -> list[str | None]:
    """Return the kind each name speaks of (for a few names several, separated by `;`), None where it is unknown.

    Words, their order and what brackets do: facilities.toml.

    Examples
    --------
    >>> type_of(["第一小学（东校区）", "阳光驾校", "人民医院停车场", "爱心宠物医院"])
    ['primary_school', None, 'parking', None]
    """
    kinds = {name: _type_of(name) for name in {name for name in names if name}}
    return [kinds[name] if name else None for name in names]


def kinds_of(stated: Iterable[str | None] | None, names: Sequence[str | None]) -> list[str | None]:
    """Return the kinds of facilities from a kind column where it speaks our words, else from the names.

    Parameters
    ----------
    stated
        The kind column, None if there is none: kinds of the closed list, their Chinese or English titles or other
        labels of facilities.toml, several separated by `;`. A cell with one part that is none of these counts for
        nothing.
    names
        The names, as many.

    Examples
    --------
    >>> kinds_of(["pharmacy;clinic", "菜市场", None, "商铺"], ["甲", "乙", "丙药店", "丁"])
    ['pharmacy;clinic', 'market', 'pharmacy', None]
    """
    by_name = type_of(names)
    if stated is None:
        return by_name
    cells = list(stated)
    known = {cell: _labelled(cell) for cell in {cell for cell in cells if cell}}
    return [(known[cell] if cell else None) or guess for cell, guess in zip(cells, by_name, strict=True)]


def stated_absent(
    delivered: Iterable[str | None], none: Sequence[str], *, complete: bool, source: object
) -> tuple[str, ...]:
    """Return the kinds of which there is none in the county, as it states: those of `none`, or all without a row.

    Raises
    ------
    LayerError
        A kind of `none` has rows.

    Examples
    --------
    >>> stated_absent(["pharmacy;clinic", None], ["canteen"], complete=False, source="-")
    ('canteen',)
    """
    held = Counter(kind for cell in delivered if cell for kind in cell.split(";"))
    if both := [kind for kind in none if kind in held]:
        counts = [f"{kind} ({held[kind]})" for kind in both]
        raise LayerError("county.none_has_rows", source=source, kinds=counts)
    return tuple(kind for kind in facility_kinds() if kind not in held) if complete else tuple(none)


def without_brackets(name: str) -> str:
    """Return a name without the text in brackets, nested ones too.

    Examples
    --------
    >>> without_brackets("利民药店(人民路(东)店)总店")
    '利民药店总店'
    """
    for _ in range(4):
        name = _BRACKETED.sub("", name)
    return name


def _type_of(name: str) -> str | None:
    whole = _plain(name)
    short = without_brackets(whole)
    names, anywhere = _rejects()
    if anywhere.search(whole) or names.search(short):
        return None
    return next(
        (sorter.kind for sorter in _sorters() if sorter.accept.search(short) and not sorter.reject.search(short)), None
    )


def _labelled(cell: str) -> str | None:
    parts = [part for part in (_plain(part) for part in _SEPARATORS.split(cell)) if part]
    kinds = [_labels().get(part) for part in parts]
    return ";".join(dict.fromkeys(kind for kind in kinds if kind)) if kinds and all(kinds) else None


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


@cache
def _labels() -> dict[str, str]:
    return {
        _plain(label): kind
        for kind, entry in facts("facilities")["kinds"].items()
        for label in (kind, entry["zh"], entry["en"], *entry["labels"])
    }


@cache
def _sorters() -> tuple[_Sorter, ...]:
    entries = facts("facilities")["names"]
    return tuple(_Sorter(entry["kind"], _any_of(entry["accept"]), _any_of(entry["reject"])) for entry in entries)


@cache
def _rejects() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = facts("facilities")["reject"]
    return _any_of(table["names"]), _any_of(table["anywhere"])


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of the words; latin ones count only whole, or in the plural."""
    plain = [_plain(word) for word in words]
    chinese = [re.escape(word) for word in plain if not word[0].isascii()]
    latin = [re.escape(word) for word in plain if word[0].isascii()]
    either = [*chinese, *([rf"(?<![a-z0-9])(?:{'|'.join(latin)})(?:e?s)?(?![a-z0-9])"] if latin else [])]
    return re.compile("|".join(either))
