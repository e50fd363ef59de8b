"""Draw the tiny towns on which the cases of clauses are tried: one module per family of measures, found by its name.

A module has `Given`, the plain facts a case may state (the docstring of each class says what they mean), and `draw`,
which turns them into layers. Sizes are exact: what a case says to lie 300 m away lies 300 m away.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from gis_planning.conventions import kinds

if TYPE_CHECKING:
    import geopandas as gpd

    from gis_planning.county.raw import Raw

CRS = "EPSG:4526"
#: Where x = 0, y = 0 of a town lies: on the central meridian, and on a line of every grid of cells.
EAST, NORTH = 38_500_000.0, 4_580_000.0
#: The kind of error that names a fact nobody can give; its context says what can be.
UNKNOWN_FACT = "unknown_fact"


class Facts(BaseModel):
    """A table of facts that holds what it may, of the types it should be, and nothing else."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, table: Any) -> Any:
        known = [one.alias or name for name, one in cls.model_fields.items()]
        if isinstance(table, dict) and (unknown := sorted(table.keys() - set(known))):
            raise PydanticCustomError(UNKNOWN_FACT, "{key}", {"key": unknown[0], "known": known})
        return table


class Span(Facts):
    """Land from one distance to another, in metres; a town says how far the farthest may be."""

    from_m: float = 0.0
    to_m: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_m >= self.to_m:
            raise PydanticCustomError("order", "from_m >= to_m")
        return self


class Town(Facts):
    """What can be said of every town: `not_delivered` names layers that the county lacks."""

    not_delivered: list[str] = Field(default_factory=list)

    @field_validator("not_delivered")
    @classmethod
    def _layers(cls, names: list[str], about: ValidationInfo) -> list[str]:
        return among(names, [name for name, kind in kinds().items() if not kind.built_from], about)


def among(names: list[str], known: list[str], about: ValidationInfo) -> list[str]:
    """Return names of layers, all of them known ones or the clause's own; refuse any other.

    A county may have control lines of its own: what a clause names, it has.
    """
    # What was understood once is not asked again, and nobody knows any more whose it was.
    if about.context is not None:
        known = [*known, *(layer for layer in about.context["layers"] if layer.isidentifier() and layer not in kinds())]
        if unknown := [name for name in names if name not in known]:
            near = difflib.get_close_matches(unknown[0], known, cutoff=0.4) or known
            raise PydanticCustomError("layer", "{name} != {near}", {"name": unknown[0], "near": ", ".join(near)})
    return names


@cache
def families() -> tuple[str, ...]:
    """Return the families of measures whose towns can be drawn."""
    return tuple(module.name for module in pkgutil.iter_modules(__path__))


def understood(family: str, given: dict[str, Any], layers: Iterable[str] = ()) -> Town:
    """Return the facts of a case, checked.

    Parameters
    ----------
    layers
        The layers its clause is measured on.

    Raises
    ------
    ValidationError
        A fact is unknown (`UNKNOWN_FACT`) or is not what it should be.
    """
    return _module(family).Given.model_validate(given, context={"layers": tuple(layers)})  # type: ignore[no-any-return]


def restored(family: str, text: str) -> Town:
    """Return a town that was written as JSON."""
    return _module(family).Given.model_validate_json(text)  # type: ignore[no-any-return]


def drawn(family: str, town: Town) -> dict[str, gpd.GeoDataFrame | Raw]:
    """Return the layers of a town, by their kind: as measures take them, or as delivered."""
    layers: dict[str, gpd.GeoDataFrame | Raw] = _module(family).draw(town)
    return {name: layer for name, layer in layers.items() if name not in town.not_delivered}


def _module(family: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{family}")
