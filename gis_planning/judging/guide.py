"""Tell of a layer kind what it is to hold: geometry, fields, their spellings and values, and which clauses use it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gis_planning.conventions import Field, Kind, facts, kinds
from gis_planning.conventions.codes import code_lists
from gis_planning.conventions.layer_names import meant, near
from gis_planning.conventions.structures import Structure, recognised, structures
from gis_planning.conventions.values import Value, value_list, values_of
from gis_planning.errors import LayerError
from gis_planning.judging.rulebook import Clause
from gis_planning.texts import Lang, Text, catalogue, text

#: A name that is nobody's is refused with so many that look like it at most.
MOST_NEAR = 12
#: The suffix of the layer that says where a control line is complete.
COVERAGE = ".coverage"
#: Fields that programs write and no person fills in.
MADE = frozenset({"osm_id", "graph_from", "graph_to"})
#: Lists whose titles a field takes as well as the codes.
SPOKEN = frozenset({"facilities", "activities", "flags", "turns"})


@dataclass(frozen=True)
class FieldGuide:
    """One field of a layer kind: what it holds and in which unit, and the lists its words come from, by name."""

    field: Field
    meaning: Text
    values: dict[str, tuple[Value, ...]]
    examples: dict[Lang, tuple[str | float, ...]]

    @property
    def filled_in(self) -> bool:
        """Say whether a person fills it in."""
        return self.field.name not in MADE

    def heading(self, lang: Lang) -> str:
        """Return the name by which a person of a language knows the field; it is one that is accepted."""
        aliases = self.field.aliases
        chinese = (alias for alias in aliases if any("\u4e00" <= sign <= "\u9fff" for sign in alias))
        return next(chinese, aliases[0]) if lang == "zh" else aliases[0]


@dataclass(frozen=True)
class Guide:
    """What a layer kind is to hold, and the clauses that use it: their codes by document."""

    kind: Kind
    fields: tuple[FieldGuide, ...]
    clauses: dict[str, tuple[str, ...]]

    def rows(self, lang: Lang) -> list[list[str | float]]:
        """Return example rows of the fields that a person fills in."""
        columns = [field.examples[lang] for field in self.fields if field.filled_in]
        return [list(row) for row in zip(*columns, strict=True)]


def guide(kind: Kind, clauses: Iterable[Clause]) -> Guide:
    """Return what a layer kind is to hold.

    Parameters
    ----------
    clauses
        The clauses of which those that use the kind, or a network built from it, are named.
    """
    used = {kind.name, kind.name + COVERAGE} | {one.name for one in kinds().values() if kind.name in one.built_from}
    found: dict[str, list[str]] = {}
    for clause in clauses:
        if used.intersection(clause.layers.values()):
            found.setdefault(clause.document.id, []).append(clause.code)
    own = () if kind.geometry in {"raster", "network", "table"} else kind.fields
    fields = tuple(FieldGuide(one, _meaning(kind, one), values_of(one), _examples(kind, one)) for one in own)
    return Guide(kind, fields, {document: tuple(codes) for document, codes in found.items()})


def kind_called(name: str) -> Kind | None:
    """Return the layer kind of a key, a title in either language or another of its names; None for a list of codes.

    Raises
    ------
    LayerError
        It is none of them.
    """
    key, spoken = name.strip().casefold(), _titled()
    if key in spoken:
        return spoken[key]
    if list_called(name) is not None:
        return None
    found = meant(name)
    if len(found) == 1:
        return kinds()[found[0]]
    known = {one.casefold(): one for one in (*spoken, *structures(), *_listed())}
    close = difflib.get_close_matches(key, list(known), n=MOST_NEAR, cutoff=0.4)
    likely = list(dict.fromkeys([*found, *near(name, None)] or [known[one] for one in close]))
    if not likely:
        raise LayerError("guide.unknown_far", name=name)
    raise LayerError("guide.unknown", name=name, near=likely[:MOST_NEAR])


def table_called(name: str) -> Structure | None:
    """Return the table of a delivered database that a name stands for, as an import recognises it.

    None where it is none, or the very key or title of a layer kind, or a list of codes.

    Examples
    --------
    >>> table_called("150821dltb_2023").name, table_called("land_use"), table_called("公园绿地")
    ('DLTB', None, None)
    """
    said_otherwise = name.strip().casefold() in _titled() or list_called(name) is not None
    return None if said_otherwise else recognised(name)


def filled_in(name: str | None) -> tuple[Kind, ...]:
    """Return the kinds with a sheet of the template: those a name stands for, a table's too; all without a name.

    Raises
    ------
    LayerError
        The name is nobody's, or nothing of it is filled in as a sheet.

    Examples
    --------
    >>> [one.name for one in filled_in("facilities")], len(filled_in(None)) > 1
    (['facilities'], True)
    """
    if name is None:
        own = list(kinds().values())
    elif (table := table_called(name)) is not None:
        own = [kinds()[one] for one in dict.fromkeys(fill.kind for fill in table.fills)]
    else:
        kind = kind_called(name)
        own = [] if kind is None else [kind]
    found = tuple(kind for kind in own if kind.sheet is not None)
    if not found:
        raise LayerError("guide.no_sheet", name=name)
    return found


def list_called(name: str) -> str | None:
    """Return the name of a list of codes or words, in its own capitals; None where there is none.

    Lists of which only columns of delivered databases take their codes are among them.

    Examples
    --------
    >>> list_called("gdlx"), list_called("YSDM")
    ('GDLX', None)
    """
    known = {one.casefold(): one for one in _listed()}
    return known.get(name.strip().casefold())


def lists() -> tuple[str, ...]:
    """Return the names of all lists that fields take their words from."""
    named = {one for kind in kinds().values() for field in kind.fields for one in field.values}
    return tuple(sorted(named))


def _listed() -> tuple[str, ...]:
    """Return the names of all lists; a name that is a table's as well stays the table's."""
    tables = {one.casefold() for one in structures()}
    return tuple(dict.fromkeys((*lists(), *(one for one in code_lists() if one.casefold() not in tables))))


def _titled() -> dict[str, Kind]:
    """Return the layer kinds by key and titles, in small letters."""
    return {title.casefold(): kind for kind in kinds().values() for title in (kind.name, *kind.titles.values())}


def _meaning(kind: Kind, field: Field) -> Text:
    own = f"guide.field_{kind.name}_{field.name}"
    return text(own if own in catalogue() else f"guide.field_{field.name}")


def _examples(kind: Kind, field: Field) -> dict[Lang, tuple[str | float, ...]]:
    table = facts("examples")
    said: Any = table["layers"].get(kind.name, {}).get(field.name, table["fields"].get(field.name, ["", ""]))
    by_lang: dict[Lang, list[Any]] = {lang: said[lang] if isinstance(said, dict) else said for lang in ("zh", "en")}
    return {lang: tuple(_spoken(one, lang) for one in words) for lang, words in by_lang.items()}


def _spoken(example: Any, lang: Lang) -> str | float:
    """Return an example as a reader would write it: `facilities.clinic` by its title."""
    name, _, code = str(example).partition(".")
    if name not in SPOKEN or not code:
        return example  # type: ignore[no-any-return]
    if name == "flags":
        return value_list("flags")[("true", "false").index(code)].title(lang)
    return next(value.title(lang) for value in value_list(name) if value.code == code)
