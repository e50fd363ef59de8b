"""Know what county layers look like: kinds, field names and aliases, code lists. The facts stand in TOML files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from gis_planning.texts import Lang, Text, say

Geometry = Literal[
    "polygon", "line", "point", "any", "raster", "line_or_polygon", "raster_or_polygon", "network", "table"
]
#: `land_use.earlier` is the land use of an earlier year.
EARLIER = ".earlier"


@dataclass(frozen=True)
class Field:
    """One field of a layer kind: its type, whether it must be there, and the names it goes by.

    A share is a number from 0 to 1. `values` are the lists its words come from (values.py), `only` the codes of them
    that it may have, where those are fewer.
    """

    name: str
    type: Literal["text", "number", "share", "flag"]
    aliases: tuple[str, ...]
    required: bool = False
    values: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """One kind of layer: its geometry, its fields, whether an empty one is refused, whether projects are held to it.

    `names` are what files of it are called besides its titles and its key. A kind that is `built_from` others is not
    delivered; the first of them is the one it cannot do without. `sheet` is how a workbook can hold it, if it can.
    """

    name: str
    geometry: Geometry
    fields: tuple[Field, ...]
    titles: dict[str, str]
    refuse_empty: bool = False
    control: bool = False
    built_from: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sheet: Literal["points", "parcels"] | None = None

    @property
    def is_delivered(self) -> bool:
        """Say whether it is a layer of its own: no network, which is built from others, and no table of statistics."""
        return not self.built_from and self.geometry != "table"

    def title(self, lang: Lang) -> str:
        """Return the kind's name as a reader knows it."""
        return self.titles[lang]


@cache
def facts(name: str) -> dict[str, Any]:
    """Return one of the TOML files of this folder.

    Examples
    --------
    >>> facts("greens")["kinds"]["mixed"]
    ['0810']
    """
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def kinds() -> dict[str, Kind]:
    """Return all layer kinds by name."""
    table = facts("layers")
    common = table["fields"]
    found = {}
    for name, entry in table["layers"].items():
        own = entry.get("fields", {})
        fields = tuple(
            Field(
                field,
                fact["type"],
                tuple(fact["aliases"]),
                fact.get("required", False),
                tuple(fact.get("values", ())),
                tuple(fact.get("only", ())),
            )
            for field, fact in (common | own).items()
        )
        found[name] = Kind(
            name,
            entry["geometry"],
            fields,
            {"zh": entry["zh"], "en": entry["en"]},
            entry.get("refuse_empty", False),
            entry.get("control", False),
            tuple(entry.get("built_from", ())),
            tuple(entry.get("names", ())),
            entry.get("sheet"),
        )
    return found


def delivered_as(layer: str) -> tuple[str, ...]:
    """Return the layers that stand for one: those a network is built of, else itself."""
    return (kinds()[layer].built_from if layer in kinds() else ()) or (layer,)


def kind_title(kind: str, lang: Lang) -> str:
    """Return what readers call a layer kind; a county's own line is called by its own key.

    Examples
    --------
    >>> kind_title("parks", "zh")
    '公园绿地'
    """
    if kind.endswith(EARLIER):
        return say("county.earlier_title", lang, layer=kind_title(kind.removesuffix(EARLIER), lang))
    return kinds()[kind].title(lang) if kind in kinds() else kind


class KindTitle(Text):
    """The name of a layer kind, spoken in the reader's language; `own` is what a county calls a line of its own."""

    def __init__(self, layer: str, own: str | None = None) -> None:
        super().__init__("county.layer_title", {"layer": layer, "own": own})

    def to(self, lang: Lang) -> str:
        """Return the title and the key."""
        return f"{self.facts['own'] or kind_title(str(self.facts['layer']), lang)} [{self.facts['layer']}]"
