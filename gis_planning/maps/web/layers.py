"""Say what a layer of the main map is: shapes, what each belongs to, and the facts behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning import overlay
from gis_planning.maps.web.degrees import moved

if TYPE_CHECKING:
    from gis_planning.maps.web.reached import Reached

#: How exactly layers are drawn in metres: for the ruler, for the eye, and what was found on cells of some metres.
FINE_M, SEEN_M, CELLS_M = 0.01, 0.1, 1.0
#: The zoom to which one flies at most.
CLOSEST = 18.0


#: Of what, the outcome, the sentences; where a person decided, the outcome in words that say so.
Opinion = tuple[str, str, str] | tuple[str, str, str, str]


@dataclass(frozen=True)
class Category:
    """What some features of a layer have in common: a colour in the legend, an outcome where they have one.

    `look` is an entry of style.toml; `named` says whether their names are written, where those of the layer are;
    `told` is what the legend says in place of how many there are.
    """

    title: str
    look: Mapping[str, Any]
    outcome: str | None = None
    named: bool = True
    told: str | None = None


@dataclass(frozen=True)
class Column:
    """A fact of every feature: texts, or numbers with so many `digits` behind the point; None where there is none.

    `absent` is what stands there where there is none.
    """

    title: str
    values: Sequence[Any]
    digits: int | None = None
    absent: str | None = None


@dataclass(frozen=True)
class Variant:
    """What a layer is while one view of the page is chosen; a feature of category -1 is not there then."""

    categories: tuple[Category, ...]
    category: NDArray[np.intp]
    columns: tuple[Column, ...]
    picture: str | None = None


@dataclass(frozen=True)
class MapLayer:
    """One layer of the main map.

    Attributes
    ----------
    id, title, group, question
        Its address in links, its name, the heading it stands under, and the question under which that stands.
    shapes
        The geometries, in any stated CRS.
    categories, category
        What features can be, and which of these each is.
    columns
        The facts; the first is the feature's name.
    rules
        The clauses its features break: for all the same, or a clause for each feature in `rule`.
    towns
        The district of each feature, None where it is in none.
    shown, labelled, tabled
        Whether it is seen at first, whether names are written on the map, and whether it can be clicked and listed.
    of
        The layer its features belong to, and the row of each one's owner there.
    opinions
        What is said of each feature.
    topics
        What else each feature can be asked for by: control lines, clauses; see `Frame.topics`.
    anchors
        What a link can call each feature by.
    earlier
        For a layer of an earlier run: the layer of this run that it can be held against.
    ground
        Whether it lies around the others, and stays when they are compared.
    measured
        Whether the run worked it out, so that it says nothing of an earlier run.
    ranks
        The number that each feature bears on the map, 0 for none.
    drawn_m
        How exactly it is drawn: to the centimetre, for the ruler, or more roughly, for the eye.
    companion
        Whether its features are seen only while what they belong to is chosen.
    least_zoom, closest
        The zoom from which it is seen, and the one beyond which nobody is flown to a feature.
    picture
        An image of it, as a data address, which fills the box of its only shape.
    keyed
        Whether its legend stands on the map too.
    variants
        What it is in the views of the page where it is not what it is else.
    reached
        For areas that the page itself works out around what is chosen: the streets it does so with.
    """

    id: str
    title: str
    group: str
    shapes: gpd.GeoSeries
    categories: tuple[Category, ...]
    category: NDArray[np.intp]
    columns: tuple[Column, ...]
    rules: tuple[str, ...] = ()
    rule: Sequence[str] | None = None
    towns: Sequence[str | None] | None = None
    shown: bool = False
    labelled: bool = False
    tabled: bool = True
    of: tuple[str, Sequence[int]] | None = None
    opinions: Sequence[Sequence[Opinion]] | None = None
    topics: Sequence[Sequence[str]] | None = None
    anchors: Sequence[str] | None = None
    earlier: str | None = None
    ground: bool = False
    measured: bool = False
    ranks: Sequence[int] | None = None
    drawn_m: float = FINE_M
    companion: bool = False
    least_zoom: float = 0.0
    closest: float = CLOSEST
    picture: str | None = None
    keyed: bool = False
    variants: Mapping[str, Variant] = field(default_factory=dict)
    reached: Reached | None = None
    question: str = ""

    def __len__(self) -> int:
        return len(self.shapes)

    @property
    def forms(self) -> tuple[Variant, ...]:
        """Return what it is in its views, each once."""
        return tuple({id(variant): variant for variant in self.variants.values()}.values())

    @property
    def form_of(self) -> dict[str, int]:
        """Return by view which of its forms it has."""
        places = {id(one): at for at, one in enumerate(self.forms)}
        return {view: places[id(one)] for view, one in self.variants.items()}


def one_category(title: str, look: Mapping[str, Any], size: int, outcome: str | None = None) -> dict[str, Any]:
    """Return the categories of a layer whose features are all alike."""
    return {"categories": (Category(title, look, outcome),), "category": np.zeros(size, dtype=np.intp)}


def by_value(values: Sequence[Any], known: Mapping[Any, Category]) -> dict[str, Any]:
    """Return the categories of a layer by a value of its features: those that occur, in the order of `known`."""
    there = set(values)
    kept = [value for value in known if value in there]
    position = {value: at for at, value in enumerate(kept)}
    category = np.fromiter((position[value] for value in values), dtype=np.intp, count=len(values))
    return {"categories": tuple(known[value] for value in kept), "category": category}


def towns_of(shapes: gpd.GeoSeries, districts: gpd.GeoDataFrame | None) -> list[str | None] | None:
    """Return the district in which each shape lies, told by a point on it; None where no districts are known."""
    if districts is None or not len(districts) or not len(shapes):
        return None
    zones = districts.geometry
    points = shapely.point_on_surface(moved(shapes.to_numpy(), shapes.crs, zones.crs))
    names = [*texts(districts["name"]), None]
    return [names[at] for at in overlay.zone_of(points, zones.to_numpy()).tolist()]


def texts(values: pd.Series) -> list[str | None]:
    """Return the texts of a column, None where a cell holds anything else."""
    return [one if isinstance(one, str) else None for one in values.to_numpy(dtype=object).tolist()]
