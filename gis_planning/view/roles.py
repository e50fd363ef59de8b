"""Find layers of results by what they are to their clause, and what of them a still picture shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import geopandas as gpd
import shapely

from gis_planning.results.schema import OFFENDERS, Layer
from gis_planning.results.surface import Surface
from gis_planning.results.verdicts import Measured
from gis_planning.texts import Lang
from gis_planning.view.legend import Class, Legend, base_look, legend


def drawable(frame: Any) -> bool:
    """Say whether a table of results holds anything that can be drawn."""
    if not isinstance(frame, gpd.GeoDataFrame) or not len(frame):
        return False
    return not shapely.is_missing(frame.geometry.to_numpy()).all()


def dotted(frame: gpd.GeoDataFrame) -> bool:
    """Say whether there is any single point among shapes."""
    return bool((shapely.get_type_id(frame.geometry.to_numpy()) == shapely.GeometryType.POINT).any())


@dataclass(frozen=True)
class Shown:
    """A layer of a measurement: its name, what it is, what it holds."""

    name: str
    layer: Layer
    table: Any
    surface: Surface | None = None

    @cached_property
    def frame(self) -> Any:
        """Return what it holds, with shapes."""
        return self.table if self.surface is None else self.surface.outlined(self.table)

    @property
    def counting(self) -> Shown:
        """Return it with those features alone that count."""
        if self.layer.counts is None or self.layer.counts[0] not in self.table.columns:
            return self
        column, value = self.layer.counts
        return replace(self, table=self.table[self.table[column] == value])

    @property
    def drawable(self) -> bool:
        """Say whether it holds anything that can be drawn."""
        return self.surface is not None or drawable(self.table)

    @property
    def points(self) -> bool:
        """Say whether it is drawn as points."""
        return self.drawable and (self.layer.dotted or dotted(self.frame))


def by_role(measured: Measured, *roles: str) -> list[Shown]:
    """Return the layers of some roles beside the offenders, in the order of the roles."""
    names = [name for name in measured.layers if measured.schema[name].role in roles]
    found = [Shown(name, measured.schema[name], measured.layers[name], measured.surfaces.get(name)) for name in names]
    return [one for role in roles for one in found if one.layer.role == role]


def offenders(measured: Measured) -> Shown:
    """Return what keeps a clause from being met."""
    return Shown(OFFENDERS, measured.schema[OFFENDERS], measured.offenders)


def has_roles(measured: Measured, *roles: str) -> bool:
    """Say whether a measurement has a layer of each of some roles."""
    return set(roles) <= {measured.schema[name].role for name in measured.layers}


def pictured(one: Shown, lang: Lang) -> Legend:
    """Return how a still picture shows a layer: by its legend, or as one thing where it is printed so."""
    layer = one.layer
    counted = layer.counts is not None and layer.counts[0] == layer.by
    if layer.printed is not None and (layer.edges or counted):
        return legend(replace(layer, by=None, edges=(), title=layer.printed), one.frame, lang)
    return legend(layer, one.frame, lang)


def told_as_one(one: Shown, found: Legend, lang: Lang) -> tuple[Class, ...]:
    """Return what the legend of a still picture says of a layer."""
    if one.layer.printed is None:
        return found.classes
    look = found.classes[0].look if found.classes else base_look(one.layer)
    return (Class(one.layer.printed.to(lang), look),)
