"""Write down of every run what it was given, what was repaired, and what was odd."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gis_planning.conventions import kind_title
from gis_planning.results.compared import Comparison
from gis_planning.results.schema import SCHEMA
from gis_planning.texts import Lang, Text, say, text

if TYPE_CHECKING:
    import geopandas as gpd

#: How many repaired features the JSON names for each fault; the `repairs` table of the GeoPackage names them all.
LISTED_FEATURES = 100


@dataclass(frozen=True)
class Repair:
    """One kind of repair on one layer: which features, and the area before and after, in m2."""

    layer: str
    fault: str
    features: tuple[str, ...]
    area_before_m2: float
    area_after_m2: float

    def to_json(self, lang: Lang) -> dict[str, Any]:
        """Return the repair as other tools read it."""
        return {
            "layer": self.layer,
            "fault": self.fault,
            "description": text(f"repair.{self.fault}").to(lang),
            "count": len(self.features),
            "area_before_m2": self.area_before_m2,
            "area_after_m2": self.area_after_m2,
            "features": list(self.features[:LISTED_FEATURES]),
        }


@dataclass(frozen=True)
class Input:
    """One layer as it was delivered; `year` is the one that county.toml says it shows."""

    layer: str
    source: str
    sha256: str
    features: int
    crs: str
    table: str | None = None
    where: str | None = None
    encoding: str | None = None
    within: str | None = None
    year: int | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the input as other tools read it; keys without a value are left out."""
        return {key: value for key, value in vars(self).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What every run writes down: of which county and day, by which program and rules, from what, and what was odd.

    `context` are the county's layers as they were used, `titles` its own names of them, `grounds` its backgrounds;
    `compared` holds it against an earlier run.
    """

    name: str
    code: str | None
    data_date: str | None
    crs: str
    as_of: str
    program: Mapping[str, str]
    inputs: tuple[Input, ...]
    repairs: tuple[Repair, ...]
    warnings: tuple[Text, ...]
    documents: tuple[Mapping[str, Any], ...]
    note: Text | None = None
    context: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    grounds: tuple[Mapping[str, Any], ...] = ()
    compared: Comparison | None = None

    def title(self, layer: str, lang: Lang) -> str:
        """Return what readers call a layer or another input; the county names its own."""
        if layer in ("activities", "overrides"):
            return say(f"review.table_{layer}", lang)
        return self.titles.get(layer) or kind_title(layer, lang)

    def head(self, lang: Lang) -> dict[str, Any]:
        """Return it as other tools read it; what was found follows."""
        note = self.note and self.note.to(lang)
        return {
            "schema": SCHEMA,
            "county": {"name": self.name, "code": self.code, "data_date": self.data_date, "note": note},
            "crs": self.crs,
            "as_of": self.as_of,
            "program": dict(self.program),
            "lang": lang,
            "documents": [dict(document) for document in self.documents],
            "inputs": [entry.to_json() for entry in self.inputs],
            "repairs": [repair.to_json(lang) for repair in self.repairs],
            "warnings": [warning.to(lang) for warning in self.warnings],
        }
