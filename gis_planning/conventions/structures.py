"""Know the layers of delivered databases: their names, columns, and which layers of a county they become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from gis_planning.conventions import facts
from gis_planning.conventions.codes import Sure
from gis_planning.texts import Lang

Group = Literal["survey", "county_plan", "town_plan", "old_plan"]
GROUPS: tuple[Group, ...] = ("survey", "county_plan", "town_plan", "old_plan")

#: What a dBASE field name holds; Chinese titles are cut there, in the encoding of the file.
DBF_NAME_BYTES = 10
#: Words around a title that change nothing.
FILLERS = ("图层", "数据", "矢量", "成果", "年度", "面")
#: Layers that hold only what changed: of the yearly survey (after the name) and of plans under maintenance (before it).
CHANGES_AFTER = ("GXGC", "GX")
CHANGES_BEFORE = ("WHQ", "WHC", "WHH")
#: A table without a name of ours is likely one of ours when it has so many of the mandatory columns.
LIKELY_SHARE = 0.8
LIKELY_COLUMNS = 4

_HAN = "\u4e00-\u9fff"
_AROUND = re.compile(rf"^[^A-Za-z]+|[^A-Za-z]+$|[{_HAN}]+")


@dataclass(frozen=True)
class Column:
    """One column of a delivered table.

    Attributes
    ----------
    codes
        The code list its values come from.
    names
        The column whose code it puts into words.
    unique
        No two features have the same value.
    at_least, at_most, more_than
        The range of numbers.
    applies
        The column, and the beginning of its codes, for which there is a value; elsewhere a 0 says nothing.
    aliases
        Other names it goes by, its title among them.
    """

    name: str
    titles: Mapping[str, str]
    type: Literal["text", "number", "integer", "date"]
    mandatory: bool
    length: int | None = None
    codes: str | None = None
    names: str | None = None
    unique: bool = False
    at_least: float | None = None
    at_most: float | None = None
    more_than: float | None = None
    applies: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()

    def title(self, lang: Lang) -> str:
        """Return what readers call the column."""
        return self.titles[lang]


@dataclass(frozen=True)
class Fill:
    """A layer of a county that a table becomes: all features, or those with certain values in a column.

    Of several tables the one with the lowest `rank` becomes the layer.
    """

    kind: str
    column: str | None = None
    values: tuple[str, ...] = ()
    rank: int = 0


@dataclass(frozen=True)
class Structure:
    """One layer of a delivered database.

    Attributes
    ----------
    sure
        Whether the columns were seen in real databases.
    ysdm
        The feature codes it may have.
    whole
        Whether all its columns are known.
    area, net
        The columns that state a feature's area, and what is left of it after the deduction.
    allowed
        By column: the codes this table may use of a longer list.
    """

    name: str
    group: Group
    titles: Mapping[str, str]
    geometry: Literal["polygon", "line", "point"]
    sure: Sure
    ysdm: tuple[str, ...]
    names: tuple[str, ...]
    columns: tuple[Column, ...]
    whole: bool
    area: str | None
    net: str | None
    allowed: Mapping[str, tuple[str, ...]]
    fills: tuple[Fill, ...]

    def title(self, lang: Lang) -> str:
        """Return what readers call the layer."""
        return self.titles[lang]

    def resembles(self, theirs: Iterable[str]) -> float:
        """Return the share of its mandatory columns that are among some fields, 0 where those are too few to tell."""
        mandatory = [column.name for column in self.columns if column.mandatory]
        there = len(set(self.fields(theirs)).intersection(mandatory))
        return there / len(mandatory) if there >= LIKELY_COLUMNS else 0.0

    def fields(self, theirs: Iterable[str]) -> dict[str, str]:
        """Return the delivered field for each column that is there: by its name, its title, or what is left of that.

        Examples
        --------
        >>> structures()["DLTB"].fields(["dlbm", "图斑面积", "图斑地类面"])
        {'DLBM': 'dlbm', 'TBMJ': '图斑面积', 'TBDLMJ': '图斑地类面'}
        """
        by_name = {field.casefold(): field for field in theirs}
        found = {}
        for column in self.columns:
            known = (column.name, *column.aliases)
            field = next((by_name[one.casefold()] for one in known if one.casefold() in by_name), None)
            if field is not None:
                found[column.name] = field
        taken = set(found.values())
        for field in by_name.values():
            cut = [column.name for column in self.columns if column.name not in found and field in _cut(column)]
            if field not in taken and len(cut) == 1:
                found[cut[0]] = field
        return {column.name: found[column.name] for column in self.columns if column.name in found}


@cache
def structures() -> dict[str, Structure]:
    """Return all structures by name, in the order in which their tables fill a county."""
    columns = facts("databases/columns")
    return {
        name: _structure(name, group, table, columns)
        for group in GROUPS
        for name, table in facts(f"databases/{group}").items()
    }


def recognised(*names: str) -> Structure | None:
    """Return the structure that a table's names stand for; None for none, or for several.

    Capitals, the county's code or name before it, and a year after it make no difference. A layer that holds only
    changes is another layer.

    Examples
    --------
    >>> recognised("150821dltb_2023").name, recognised("五原县地类图斑").name, recognised("T1", "生态保护红线").name
    ('DLTB', 'DLTB', 'STBHHX')
    >>> recognised("DLTBGX"), recognised("XZQ_DLTB"), recognised("roads")
    (None, None, None)
    """
    if change_layer_of(*names) is not None:
        return None
    found = {one for name in names for one in _meant(name)}
    return structures()[found.pop()] if len(found) == 1 else None


def change_layer_of(*names: str) -> Structure | None:
    """Return the structure whose changes a table holds, None where it holds no changes.

    Examples
    --------
    >>> change_layer_of("DLTBGX").name, change_layer_of("WHQGHFQ").name, change_layer_of("CZKFBJGX")
    ('DLTB', 'GHFQ', None)
    """
    known = _codes()
    for name in names:
        code = _AROUND.sub("", name).upper()
        ends = [code.removesuffix(end) for end in CHANGES_AFTER if code.endswith(end)]
        ends += [code.removeprefix(start) for start in CHANGES_BEFORE if code.startswith(start)]
        found = next((known[end] for end in ends if end in known), None) if code not in known else None
        if found is not None:
            return structures()[found]
    return None


def likely(fields: Iterable[str]) -> Structure | None:
    """Return the structure whose mandatory columns a table has nearly all of, None where none fits."""
    theirs = tuple(fields)
    best = max(structures().values(), key=lambda one: (one.resembles(theirs), len(one.fields(theirs))))
    return best if best.resembles(theirs) >= LIKELY_SHARE else None


def _meant(name: str) -> set[str]:
    """Return the structures a name can stand for: as a whole, word by word, and by its Chinese title."""
    codes, titles = _codes(), _titles()
    whole = codes.get(_AROUND.sub("", name).upper())
    words = {codes[word] for word in re.findall("[A-Z]+", name.upper()) if word in codes}
    found = {whole} if whole else words
    for run in re.findall(f"[{_HAN}]+", name):
        said = run
        while end := next((filler for filler in FILLERS if said.endswith(filler) and said != filler), None):
            said = said.removesuffix(end)
        fitting = [title for title in titles if said.endswith(title)]
        if fitting:
            found = found | {titles[max(fitting, key=len)]}
    return found


@cache
def _codes() -> dict[str, str]:
    return {
        said: structure.name
        for structure in structures().values()
        for said in (structure.name, *structure.names)
        if said.isascii()
    }


@cache
def _titles() -> dict[str, str]:
    named = (
        (said, structure.name)
        for structure in structures().values()
        for said in (structure.titles["zh"], *structure.names)
    )
    return {said: name for said, name in named if not said.isascii()}


def _cut(column: Column) -> set[str]:
    """Return what the ten bytes of a dBASE field name leave of a column's Chinese title, in GBK and in UTF-8."""
    title = column.titles["zh"]
    left = {title.encode(code)[:DBF_NAME_BYTES].decode(code, "ignore") for code in ("gbk", "utf-8")}
    return left - {title}


def _structure(name: str, group: Group, table: dict[str, Any], columns: dict[str, Any]) -> Structure:
    mandatory, optional = table["mandatory"], table.get("optional", [])
    lengths = table.get("length", {})
    return Structure(
        name=name,
        group=group,
        titles={"zh": table["zh"], "en": table["en"]},
        geometry=table["geometry"],
        sure=table["sure"],
        ysdm=tuple(table.get("ysdm", ())),
        names=tuple(table.get("names", ())),
        columns=tuple(
            _column(one, columns[one], lengths.get(one), mandatory=one in mandatory) for one in (*mandatory, *optional)
        ),
        whole=table.get("whole", True),
        area=table.get("area"),
        net=table.get("net"),
        allowed={column: tuple(codes) for column, codes in table.get("allowed", {}).items()},
        fills=tuple(
            Fill(fill["kind"], fill.get("column"), tuple(fill.get("values", ())), fill.get("rank", 0))
            for fill in table["fills"]
        ),
    )


def _column(name: str, stated: dict[str, Any], length: int | None, *, mandatory: bool) -> Column:
    kept = ("codes", "names", "unique", "at_least", "at_most", "more_than", "applies")
    return Column(
        name=name,
        titles={"zh": stated["zh"], "en": stated["en"]},
        type=stated["type"],
        mandatory=mandatory,
        length=length or stated.get("length"),
        aliases=(stated["zh"], *stated.get("aliases", ())),
        **{key: stated[key] for key in kept if key in stated},
    )
