"""Say what a layer of results is: its role, what its columns hold and in which unit, how it looks.

Whatever shows results goes by this and by nothing else, so that a new measure is drawn, listed and printed by what it
says of itself. What several measures share stands in layers.toml beside this module; a measure may bring its own.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, get_args

from gis_planning.texts import LANGS, Lang, Spoken, Text, say, text
from gis_planning.units import units

if TYPE_CHECKING:
    import pandas as pd

#: What a layer is to its clause. `offender`: what keeps it from being met. `subject`: what is judged, each with facts
#: of its own (homes, villages, projects). `served`, `unserved`: land by whether it is reached. `supply`: what serves,
#: `gate`: where it is entered. `area`: what supply reaches. `band`: land by a distance or a count. `gap`: what one way
#: of measuring finds and the other does not. `group`: subjects summed up by a zone or a kind. `doubt`: what could not
#: be measured.
Role = Literal[
    "offender", "subject", "served", "unserved", "supply", "gate", "area", "band", "gap", "group", "doubt", "context"
]
#: What a column holds. `name`: what a feature is called; `category`: one of a few words, told by a text; `kinds`:
#: facility kinds, several with `;` between; `layer`, `landclass`, `activity`: words of these lists.
Kind = Literal[
    "name", "text", "number", "rank", "flag", "category", "kinds", "layer", "landclass", "activity", "district"
]
Side = Literal["then", "now", "both"]
ROLES: tuple[str, ...] = get_args(Role)
KINDS: tuple[str, ...] = get_args(Kind)
OFFENDERS = "offenders"
#: The form of our JSON; one with a higher number was written by a newer program.
SCHEMA = 2


@dataclass(frozen=True)
class Column:
    """One column of a layer of results.

    Attributes
    ----------
    key, title
        What files and readers call it.
    kind
        What it holds.
    unit
        What its numbers are counted in, a key of `units`; None for words and for plain numbers.
    says
        For a category: what its words mean, by word; else the beginnings of the texts that tell it.
    inner
        Whether it is for programs only, and no reader sees it.
    of
        The column that it is a part of: what is covered, of what there is.
    until
        The column up to which the number of a feature reaches: the nearest point, and the farthest.
    brief
        What heads it in a table of few columns, unit and all, where that is not its title.
    blank
        What stands there for a feature of which it says nothing.
    """

    key: str
    title: Text
    kind: Kind = "text"
    unit: str | None = None
    says: Mapping[str, Text] | tuple[str, ...] = ()
    inner: bool = False
    of: str | None = None
    until: str | None = None
    brief: Text | None = None
    blank: Text | None = None

    def __post_init__(self) -> None:
        """Refuse what no renderer knows."""
        if self.kind not in KINDS or (self.unit is not None and self.unit not in units()):
            fault = f"column {self.key}: kind {self.kind}, unit {self.unit}"
            raise ValueError(fault)

    def head(self, lang: Lang) -> str:
        """Return the title with the unit in which numbers below it stand as they are kept."""
        if self.unit is None:
            return self.title.to(lang)
        name = units()[units()[self.unit].kept].names[lang]
        return say("schema.head", lang, title=self.title, unit=name) if name else self.title.to(lang)

    def brief_head(self, lang: Lang) -> str:
        """Return what heads it in a table of few columns, with the unit in which its numbers are shown there."""
        if self.brief is not None:
            return self.brief.to(lang)
        name = "" if self.unit is None else units()[self.unit].names[lang]
        return say("schema.head", lang, title=self.title, unit=name) if name else self.title.to(lang)

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return it as other tools read it."""
        return {"key": self.key, "title": self.title.to(lang), "kind": self.kind, "unit": self.unit}


@dataclass(frozen=True)
class Layer:
    """What a layer of results is.

    Attributes
    ----------
    id, title
        What files and readers call it.
    role
        What it is to its clause.
    look
        How it is drawn: a key of the table of looks.
    columns
        What it holds, its shapes aside.
    by
        The column whose values are drawn apart, None where all features look alike.
    of, until, edges
        How they are: as parts of another column, as spans up to another column, between these edges (of the number, or
        of its share of the other column); else every value by itself.
    page
        Whether it is too much for the main map of a run, and drawn on the page of its clause alone.
    listed
        Whether workbooks list it.
    counts
        The column and the value of those features that count, where others are shown beside them.
    pictured
        Whether printed pictures show it.
    dotted
        Whether they show each feature as a dot whatever its shape: places that are small on the land looked at.
    printed
        What they call it, where they show all its features as one thing.
    tabled
        Whether papers and pages tell its first features in a table.
    brief
        The columns of such a table, none: all that there are; of several with `|` between, the first that is there.
    heading
        What stands above the table, where that is not the title.
    lacking
        The column, a part of another, by what is left of which features are ranked there.
    joint
        Whether papers tell the offenders of all clauses of a document together.
    side
        Where two years are held against each other: which of them it shows, `then` or `now`, or `both`.
    """

    id: str
    title: Text
    role: Role
    look: str = ""
    columns: tuple[Column, ...] = ()
    by: str | None = None
    of: str | None = None
    until: str | None = None
    edges: tuple[float, ...] = ()
    page: bool = False
    listed: bool = True
    counts: tuple[str, str] | None = None
    pictured: bool = True
    dotted: bool = False
    printed: Text | None = None
    tabled: bool = True
    brief: tuple[str, ...] = ()
    heading: Text | None = None
    lacking: str | None = None
    joint: bool = False
    side: Side | None = None

    def __post_init__(self) -> None:
        """Refuse what no renderer knows."""
        keys = [column.key for column in self.columns]
        if self.role not in ROLES or len(set(keys)) < len(keys):
            fault = f"layer {self.id}: role {self.role}, columns {keys}"
            raise ValueError(fault)

    def head(self, lang: Lang) -> str:
        """Return the heading of its features in a document, with a capital letter where a language has them."""
        words = (self.heading or self.title).to(lang)
        return words[:1].upper() + words[1:]

    def __getitem__(self, key: str) -> Column:
        """Return a column by its key."""
        return next(column for column in self.columns if column.key == key)

    @property
    def name(self) -> str | None:
        """Return the key of the column that says what a feature is called."""
        return next((column.key for column in self.columns if column.kind == "name"), None)

    @property
    def rank(self) -> str | None:
        """Return the key of the column that ranks the features, None where nothing does."""
        return next((column.key for column in self.columns if column.kind == "rank"), None)

    @property
    def area(self) -> str | None:
        """Return the key of the first column that is an area."""
        return next((column.key for column in self.columns if column.unit == "m2" and not column.inner), None)

    @property
    def told_by_flag(self) -> str | None:
        """Return the key of the column by which features are drawn apart, where that says yes or no."""
        return next((column.key for column in self.columns if column.key == self.by and column.kind == "flag"), None)

    def having(self, *columns: Column) -> Layer:
        """Return it with more columns known, or with other ones of the same keys."""
        keys = {column.key for column in columns}
        return replace(self, columns=(*(column for column in self.columns if column.key not in keys), *columns))

    def titled(self, words: str) -> Layer:
        """Return it under another title."""
        return replace(self, title=Spoken(dict.fromkeys(LANGS, words)))

    def to_json(self, lang: Lang, features: int) -> dict[str, Any]:
        """Return it as other tools read it, with how many features it has."""
        head: dict[str, Any] = {"id": self.id, "role": self.role, "title": self.title.to(lang), "look": self.look}
        head |= {"by": self.by, "of": self.of, "until": self.until, "edges": list(self.edges)}
        return head | {"features": features, "columns": [column.to_json(lang) for column in self.columns]}


def described(layer: str, frame: pd.DataFrame, own: Layer | None = None) -> Layer:
    """Return what a layer is, with the columns that a frame has; each must be known.

    Parameters
    ----------
    own
        What the measure says itself; what it leaves out is looked up.

    Raises
    ------
    ValueError
        A layer or a column that nothing is known of: a fault of the measure.

    Examples
    --------
    >>> import pandas as pd
    >>> found = described("parks", pd.DataFrame({"name": ["a"], "area_m2": [5.0]}))
    >>> found.role, found["area_m2"].unit, found.name
    ('supply', 'm2', 'name')
    """
    found = own or known_layers().get(layer)
    if found is None:
        fault = f"nothing is known of the layer {layer}"
        raise ValueError(fault)
    stated = {column.key: column for column in found.columns}
    columns = []
    for key in frame.columns:
        if key == "geometry":
            continue
        column = stated.get(key) or known_columns().get(key)
        if column is None:
            fault = f"nothing is known of the column {key} of the layer {layer}"
            raise ValueError(fault)
        columns.append(column)
    return replace(found, columns=tuple(columns))


def restored(told: Mapping[str, Any]) -> Layer:
    """Return a layer from what a run's JSON says of it."""
    columns = []
    for column in told["columns"]:
        known = known_columns().get(column["key"])
        title = Spoken(dict.fromkeys(LANGS, str(column["title"])))
        columns.append(Column(column["key"], title, column["kind"], column["unit"], known.says if known else ()))
    return Layer(
        id=told["id"],
        title=Spoken(dict.fromkeys(LANGS, str(told["title"]))),
        role=told["role"],
        look=told["look"],
        columns=tuple(columns),
        by=told["by"],
        of=told.get("of"),
        until=told.get("until"),
        edges=tuple(told.get("edges", ())),
    )


@cache
def known_columns() -> dict[str, Column]:
    """Return the columns that measures share, by key."""
    return {key: _column(key, row) for key, row in _table()["columns"].items()}


@cache
def known_layers() -> dict[str, Layer]:
    """Return the layers that measures share, by id."""
    return {
        key: Layer(
            id=key,
            title=text(f"layer.{key}"),
            role=row["role"],
            look=row.get("look", ""),
            columns=tuple(_column(name, inner) for name, inner in row.get("columns", {}).items()),
            by=row.get("by"),
            of=row.get("of"),
            until=row.get("until"),
            edges=tuple(row.get("edges", ())),
            page=row.get("page", False),
            listed=row.get("listed", True),
            counts=next(iter(row.get("counts", {}).items()), None),
            pictured=row.get("pictured", True),
            dotted=row.get("dotted", False),
            printed=_text(row.get("printed")),
            tabled=row.get("tabled", True),
            brief=tuple(row.get("brief", ())),
            heading=_text(row.get("heading")),
            lacking=row.get("lacking"),
            side=row.get("side"),
        )
        for key, row in _table()["layers"].items()
    }


def _column(key: str, row: Mapping[str, Any]) -> Column:
    title = text(f"column.{row.get('title', key)}")
    return Column(
        key,
        title,
        row.get("kind", "text"),
        row.get("unit"),
        tuple(row.get("says", ())),
        row.get("inner", False),
        row.get("of"),
        row.get("until"),
        _text(row.get("brief")),
        _text(row.get("blank")),
    )


def _text(key: str | None) -> Text | None:
    return None if key is None else text(key)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "layers.toml").read_text(encoding="utf-8"))


#: Offenders that are patches of land which nothing reaches, told apart by their size.
GAPS = Layer(
    OFFENDERS,
    text("layer.gaps"),
    "offender",
    "gaps",
    by="area_m2",
    edges=(0.0, 1e3, 5e3, 1e4, 5e4),
    printed=text("map.unserved"),
    brief=("rank", "parcels", "district", "area_m2", "people", "missing|nearest_park|nearest_facility"),
    heading=text("paper.gaps"),
)
#: Offenders that are overlap patches of projects, told apart by how sure the overlap is.
PATCHES = Layer(
    OFFENDERS, text("layer.offenders"), "offender", "patch", by="label", heading=text("paper.patches"), joint=True
)
