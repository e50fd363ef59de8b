"""Read county.toml, or refuse it with one message that names the key and the cure."""

from __future__ import annotations

import difflib
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from gis_planning.conventions import KindTitle, facts, kinds
from gis_planning.conventions.facilities import facility_kinds
from gis_planning.conventions.landclasses import base
from gis_planning.county.losses import LOST_SHARE
from gis_planning.county.place import NEAR_KM
from gis_planning.county.repair import TOLERANCE_SHARE
from gis_planning.errors import CountyError, PlanningError
from gis_planning.formats.address import place_of
from gis_planning.formats.read import raster_file, toml_text
from gis_planning.texts import LANGS, Lang, Spoken, Text


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LayerTable(_Table):
    """One `[layers.KIND]` table of county.toml."""

    source: str | None = None
    layer: str | None = None
    where: str | None = None
    within: str | None = None
    fields: dict[str, str] = Field(default_factory=dict)
    crs: str | None = None
    datum: str | None = None
    kind: Literal["control_line"] | None = None
    title: str | None = None
    coverage: str | None = None
    # Of a raster: the stored number that stands for no data, where the file does not declare it.
    nodata: float | None = Field(default=None, strict=True)
    none_exist: bool = False
    # It truly lies away from the county; else a layer that does is taken for a mistake.
    lies_outside: bool = False
    # Of a network that keeps no key `foot`: whether walkers are shut out where access=no is said.
    access_no: Literal["walked", "closed"] | None = None
    # Of facilities: kinds of which there is none in the county, and whether every kind was surveyed.
    none: tuple[str, ...] = ()
    complete: bool = False
    # Of residential land: made from the buildings.
    made_from: Literal["buildings"] | None = Field(default=None, alias="from")
    repair_tolerance: float = Field(default=TOLERANCE_SHARE, ge=0, le=1, strict=True)
    # The year it shows, and what it was at an earlier one.
    year: int | None = Field(default=None, ge=1900, le=2100, strict=True)
    earlier: LayerTable | None = None

    @field_validator("source")
    @classmethod
    def _address_without_password(cls, value: str | None) -> str | None:
        """Refuse an address that is none, or that holds a password."""
        if value is not None:
            place_of(value)
        return value

    @model_validator(mode="after")
    def _source_or_nothing(self) -> LayerTable:
        """Only a layer of which there is nothing in the county needs no source, and one that says fields of files."""
        if not self.listed and not self.fields:
            raise PydanticCustomError("missing", "no source")
        return self

    @property
    def listed(self) -> bool:
        """Say whether it tells where the layer comes from, or that there is none."""
        return self.source is not None or self.none_exist or self.made_from is not None

    @model_validator(mode="after")
    def _earlier_is_earlier(self) -> LayerTable:
        """Refuse an earlier state that has an earlier one itself, no source, or a later year."""
        own, before = self.year, self.earlier.year if self.earlier else None
        if self.earlier and (self.earlier.earlier or self.earlier.source is None):
            raise PydanticCustomError("earlier", "要有 source，且不能再有 earlier / has a source and no earlier")
        if own is not None and before is not None and before >= own:
            raise PydanticCustomError("earlier", "year: {before} >= {own}", {"before": before, "own": own})
        return self

    @model_validator(mode="after")
    def _nodata_of_a_raster(self) -> LayerTable:
        """Refuse a number for no data where nothing would heed it."""
        if self.nodata is not None and Path(self.source or "").suffix.lower() not in raster_file.SUFFIXES:
            raise PydanticCustomError("nodata", "只用于栅格 / only a raster has it")
        return self


#: What kinds of county there are, by which they are compared: the words of the policy on county seats.
CountyType = Literal["near_city", "specialised", "farming", "ecological", "shrinking"]
_TYPES: dict[str, CountyType] = {
    "大城市周边": "near_city",
    "专业功能": "specialised",
    "农产品主产区": "farming",
    "重点生态功能区": "ecological",
    "人口流失": "shrinking",
}


class CountyTable(_Table):
    """The `[county]` table of county.toml; `note` is told to readers, in English as `note_en` where that is given."""

    name: str
    code: str | None = None
    crs: str | None = None
    rules: list[str] | None = None
    # The codes of clauses whose figures stand from memory and were held against the document by somebody.
    confirmed: list[str] = Field(default_factory=list)
    type: CountyType | None = None
    # Where the county's government sits: longitude and latitude in degrees.
    seat: tuple[float, float] | None = None
    lang: Lang | None = None
    data_date: str | None = None
    note: str | None = None
    note_en: str | None = None
    # How far from the county a layer may lie, and which share of its features a layer may have lost for a verdict.
    near_km: float = Field(default=NEAR_KM, gt=0, le=20_000, strict=True)
    lost_share: float = Field(default=LOST_SHARE, ge=0, le=1, strict=True)
    # Where sources put a land class in different great classes: "0404" = "unused".
    great_classes: dict[str, Literal["agri", "built", "unused"]] = Field(default_factory=dict)

    def remark(self) -> Text | None:
        """Return the note in both languages; one that is given in one is said in both."""
        said: dict[Lang, str] = {"zh": self.note or self.note_en or "", "en": self.note_en or self.note or ""}
        return Spoken(said) if said["zh"] else None

    @field_validator("type", mode="before")
    @classmethod
    def _spoken(cls, value: object) -> object:
        """Accept the words of the policy."""
        if not isinstance(value, str) or value in _TYPES.values():
            return value
        found = _TYPES.get(value.strip().removesuffix("县城"))
        if found is None:
            raise PydanticCustomError(
                "type", "{known}", {"known": ", ".join(f"{zh} ({en})" for zh, en in _TYPES.items())}
            )
        return found

    @field_validator("seat")
    @classmethod
    def _on_earth(cls, value: tuple[float, float] | None) -> tuple[float, float] | None:
        """Refuse what are no degrees, and latitude before longitude where that can be seen."""
        if value is not None and not (abs(value[0]) <= 180 and abs(value[1]) <= 90):
            raise PydanticCustomError("seat", "[经度, 纬度] / [longitude, latitude]")
        return value

    @field_validator("great_classes")
    @classmethod
    def _known_classes(cls, value: dict[str, str]) -> dict[str, str]:
        """Refuse what is no class of the land survey."""
        if unknown := [code for code in value if base(code) != code]:
            raise PydanticCustomError(
                "land_class", "{codes}: no class of the land survey", {"codes": ", ".join(unknown)}
            )
        return value

    @field_validator("data_date", "code", mode="before")
    @classmethod
    def _as_text(cls, value: object) -> object:
        """Accept a TOML date or a bare number where a text is meant."""
        return str(value) if isinstance(value, int | date) and not isinstance(value, bool) else value


#: A weight multiplies; none is negative, and an endless one is none.
Weight = Annotated[float, Field(ge=0, le=1000, strict=True)]


class QualityTable(_Table):
    """The `[quality]` table of county.toml: how faults of the database are scored."""

    edition: str | None = None
    weights: dict[Literal["A", "B", "C"], Weight] = Field(default_factory=dict)
    adjustment: float = Field(default=1.0, gt=0, le=1000, strict=True)
    per: Literal["feature", "km2"] | None = None
    caps: dict[Literal["A", "B", "C"], Weight] = Field(default_factory=dict)

    @field_validator("edition")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        editions = list(facts("defects")["weights"])
        if value is not None and value not in editions:
            raise PydanticCustomError("edition", "one of {editions}", {"editions": ", ".join(editions)})
        return value


class HomesTable(_Table):
    """The `[homes]` table of county.toml: how much of the homes has to stand on residential land (homes.toml)."""

    on_land: float = Field(default_factory=lambda: float(facts("homes")["on_land"]), ge=0, le=1, strict=True)
    least: float = Field(default_factory=lambda: float(facts("homes")["least"]), ge=0, le=1, strict=True)
    grown_m: float = Field(default_factory=lambda: float(facts("homes")["grown_m"]), gt=0, le=500, strict=True)


class DriveTable(_Table):
    """The `[drive]` table of county.toml: how fast cars go, by the class of the street."""

    speeds_kmh: dict[str, Annotated[float, Field(gt=0, le=130, strict=True)]] = Field(default_factory=dict)


class StatisticsTable(_Table):
    """The `[statistics]` table of county.toml: a workbook or table of stated numbers."""

    source: str


class AreasTable(_Table):
    """The `[areas]` table of county.toml: how the seat's area is worked out where none is delivered."""

    # Built classes that are no town: railways, roads, airports ...
    without: tuple[str, ...] = Field(default_factory=lambda: tuple(facts("areas")["without"]))
    joined_m: float = Field(default_factory=lambda: float(facts("areas")["joined_m"]), ge=0, le=2000, strict=True)


class OpinionTable(_Table):
    """The `[opinion]` table of county.toml: what an office writes on a reviewer's opinion.

    `number` may hold `{id}`, the id of the project: every opinion then has a number of its own. `handling` says for an
    outcome what is to be done.
    """

    number: str = ""
    officer: str = ""
    reviewer: str = ""
    handling: dict[Literal["fail", "conditional", "not-assessed", "pass", "info"], str] = Field(default_factory=dict)

    @field_validator("number")
    @classmethod
    def _slots(cls, value: str) -> str:
        """Refuse slots that nothing fills."""
        if re.search(r"[{}]", value.replace("{id}", "")):
            raise PydanticCustomError("number", "只可含 {{id}} / only {{id}} may stand in it")
        return value


class GroundTable(_Table):
    """A `[[ground]]` table of county.toml: tiles of the county's own that can lie below the main map."""

    title: str
    url: str
    attribution: str | None = None
    deepest: int = Field(default=18, ge=0, le=24, strict=True)

    @field_validator("url")
    @classmethod
    def _tiles(cls, value: str) -> str:
        """Refuse what is no address of tiles, and tokens, which would stand in every page."""
        if not re.fullmatch(r"https?://[\w.-]+(:\d+)?/[^\s\"'<>;,]*", value) or not all(
            part in value for part in ("{x}", "{y}", "{z}")
        ):
            raise PydanticCustomError("tiles", "应形如 / such as https://tiles.example.cn/{z}/{x}/{y}.png")
        if re.search(r"[?&](tk|token|key|ak|apikey|access_token)=", value, re.IGNORECASE):
            raise PydanticCustomError("token", "不得含密钥 / no token may stand here: every page would hold it")
        return value


class CountyFile(_Table):
    """county.toml as a whole."""

    county: CountyTable
    quality: QualityTable = Field(default_factory=QualityTable)
    homes: HomesTable = Field(default_factory=HomesTable)
    opinion: OpinionTable = Field(default_factory=OpinionTable)
    statistics: StatisticsTable | None = None
    areas: AreasTable = Field(default_factory=AreasTable)
    drive: DriveTable = Field(default_factory=DriveTable)
    ground: list[GroundTable] = Field(default_factory=list)
    layers: dict[str, LayerTable] = Field(default_factory=dict)


def read_county_file(file: Path) -> CountyFile:
    """Return what a county.toml says.

    Raises
    ------
    CountyError
        There is no such file, or it holds a key, layer kind or value that does not belong there.
    """
    if not file.exists():
        raise CountyError("county.no_file", file=file)
    try:
        table = toml_text.read(file)
    except UnicodeDecodeError:
        raise CountyError("county.not_utf8", file=file) from None
    except tomllib.TOMLDecodeError as fault:
        raise CountyError("county.not_toml", file=file, reason=fault) from None
    for name, layer in table.get("layers", {}).items() if isinstance(table.get("layers"), dict) else ():
        own = isinstance(layer, dict) and layer.get("kind") == "control_line"
        known = [kind.name for kind in kinds().values() if kind.is_delivered]
        if name not in known and not own:
            raise CountyError("county.unknown_kind", file=file, kind=name, near=_near(name, known))
    try:
        found = CountyFile.model_validate(table)
    except ValidationError as fault:
        raise _county_error(file, fault) from None
    _refuse_unsourced(file, found)
    _refuse_absences(file, found)
    _refuse_made(file, found)
    return found


def stated_lang(place: Path) -> Lang | None:
    """Return the language a county folder asks for, None where it cannot be known; never refuses."""
    file = place if place.suffix == ".toml" else place / "county.toml"
    try:
        lang = toml_text.read(file)["county"]["lang"]
    except (PlanningError, ValueError, KeyError, TypeError):
        return None
    return lang if lang in LANGS else None


def _refuse_unsourced(file: Path, found: CountyFile) -> None:
    """Refuse a layer without a source; only the fields of parcels are stated for files that come with a command."""
    for name in (name for name, layer in found.layers.items() if not layer.listed):
        if name != "projects":
            raise CountyError("county.missing_key", file=file, key=f"layers.{name}.source")
        known = {field.name for field in kinds()[name].fields}
        if odd := sorted(found.layers[name].fields.keys() - known):
            where = {"source": file, "layer": KindTitle(name)}
            raise CountyError("county.unknown_field", **where, field=odd[0], near=_near(odd[0], known))


def _refuse_absences(file: Path, found: CountyFile) -> None:
    """Refuse `none` and `complete` where they mean nothing, and kinds of facilities that are none of ours."""
    for name, layer in found.layers.items():
        if name != "facilities" and (layer.none or layer.complete):
            raise CountyError("county.only_facilities", file=file, key=f"layers.{name}")
        for kind in layer.none:
            if kind not in facility_kinds():
                raise CountyError("county.unknown_facility", file=file, kind=kind, near=_near(kind, facility_kinds()))


def _refuse_made(file: Path, found: CountyFile) -> None:
    """Refuse a layer that is made and delivered at once, or made of what is not there, or that is not made at all."""
    for name, layer in found.layers.items():
        if layer.made_from is None:
            continue
        if name != "residential" or layer.source is not None or layer.none_exist:
            raise CountyError("county.made_or_delivered", file=file, key=f"layers.{name}")
        if layer.made_from not in found.layers or "study_area" not in found.layers:
            raise CountyError("county.made_from_nothing", file=file, key=f"layers.{name}")


def _county_error(file: Path, fault: ValidationError) -> CountyError:
    # A misspelt key is also a missing one; the misspelling says more.
    first = min(fault.errors(), key=lambda one: one["type"] != "extra_forbidden")
    where = ".".join(str(step) for step in first["loc"])
    if first["type"] == "extra_forbidden":
        models: dict[str, type[BaseModel]] = {
            "county": CountyTable,
            "layers": LayerTable,
            "quality": QualityTable,
            "homes": HomesTable,
            "opinion": OpinionTable,
            "statistics": StatisticsTable,
            "areas": AreasTable,
            "ground": GroundTable,
        }
        model = models.get(str(first["loc"][0]), CountyFile)
        fields = (model if len(first["loc"]) > 1 else CountyFile).model_fields
        known = [one.alias or name for name, one in fields.items()]
        return CountyError("county.unknown_key", file=file, key=where, near=_near(str(first["loc"][-1]), known))
    if first["type"] == "missing":
        lacks_source = len(first["loc"]) == 2 and first["loc"][0] == "layers"
        return CountyError("county.missing_key", file=file, key=f"{where}.source" if lacks_source else where)
    return CountyError("county.bad_value", file=file, key=where, value=first["input"], reason=first["msg"])


def _near(name: str, known: Any) -> list[str]:
    return difflib.get_close_matches(name, list(known), n=3, cutoff=0.5) or sorted(known)
