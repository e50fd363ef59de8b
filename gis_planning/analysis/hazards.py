"""Know what a register of hazards says: of which kind each is, whether it is treated, and what land it threatens."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from typing_extensions import TypedDict  # the one of typing cannot be validated before Python 3.12

from gis_planning import geo
from gis_planning.conventions import facts
from gis_planning.errors import RuleError
from gis_planning.geo import Flags, Floats, Geometries
from gis_planning.homes import numbers_of

_YEAR = re.compile(r"(?:19|20)\d\d(?:年|[-./年]\d{1,2}(?:月|[-./月]\d{1,2}日?)?)?")


class Buffer(TypedDict):
    """How far around a hazard of a kind land is threatened, where the register does not say it."""

    kind: str
    buffer_m: float


@dataclass(frozen=True, eq=False)
class Hazards:
    """Hazards of some kinds, and those that may be of them.

    Attributes
    ----------
    frame
        Their rows of the register.
    kinds
        The kind of each; "" where it states none that is known.
    treated, untreated
        What each says of itself; neither where it says nothing that is known.
    """

    frame: gpd.GeoDataFrame
    kinds: NDArray[np.object_]
    treated: Flags
    untreated: Flags

    @property
    def perhaps(self) -> Flags:
        """Say which may be of another kind than those asked for, as they state none."""
        return np.asarray(self.kinds == "")

    @property
    def silent(self) -> Flags:
        """Say which do not say whether they are treated."""
        return ~self.treated & ~self.untreated

    def take(self, chosen: Flags) -> Hazards:
        """Return some of them."""
        return replace(
            self,
            frame=self.frame[chosen],
            kinds=self.kinds[chosen],
            treated=self.treated[chosen],
            untreated=self.untreated[chosen],
        )


def hazard_kinds() -> tuple[str, ...]:
    """Return the kinds of hazards."""
    return tuple(facts("hazards")["kinds"])


@cache
def words(group: str) -> dict[str, str]:
    """Return what the words of a list of conventions/hazards.toml mean."""
    return {word.casefold(): meaning for meaning, own in facts("hazards")[group].items() for word in own}


def meant(frame: gpd.GeoDataFrame, field: str, group: str) -> NDArray[np.object_]:
    """Return what the words of a field mean, by a list of conventions/hazards.toml; "" where that is not known."""
    if field not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    number, every = pd.factorize(frame[field])
    known = [words(group).get(_word(said), "") for said in every]
    return np.asarray(np.array([*known, ""], dtype=object)[number])


def hazards_of(hazards: gpd.GeoDataFrame, kinds: tuple[str, ...] = (), until: int | None = None) -> Hazards:
    """Return the hazards of some kinds, or of any, and those that state no kind; what comes after `until` is to come.

    Raises
    ------
    RuleError
        There is no such kind.

    Examples
    --------
    >>> from gis_planning.analysis.work import frame
    >>> spot = shapely.Point(0, 0)
    >>> register = frame(spot, spot, spot, kind=["滑坡", "fault", None], treated=["2021", "未治理", "?"])
    >>> found = hazards_of(register, ("landslide",))
    >>> found.kinds.tolist(), found.treated.tolist(), found.silent.tolist()
    (['landslide', ''], [True, False], [False, True])
    """
    if unknown := sorted(set(kinds) - set(hazard_kinds())):
        raise RuleError("hazards.unknown_kind", kind=unknown[0], known=list(hazard_kinds()))
    kind, said = meant(hazards, "kind", "kinds"), meant(hazards, "treated", "treated")
    year = _years(hazards)
    later = year > (until or np.inf)
    found = Hazards(hazards, kind, (said == "yes") | ((year > 0) & ~later), (said == "no") | later)
    return found.take(np.isin(kind, [*kinds, ""])) if kinds else found


def threatened(found: Hazards, buffers: tuple[Buffer, ...] = ()) -> tuple[Floats, Floats]:
    """Return how far around each hazard land is threatened, in metres, at least and at most.

    The register's own `buffer_m` goes before that of the kind. A hazard without a kind may be of any that is given.

    Raises
    ------
    RuleError
        A kind stands twice or is none of ours, or its distance is negative.
    """
    by_kind = {one["kind"]: float(one["buffer_m"]) for one in buffers}
    if len(by_kind) < len(buffers) or set(by_kind) - set(hazard_kinds()) or min(by_kind.values(), default=0.0) < 0:
        raise RuleError("hazards.buffers")
    own = numbers_of(found.frame, "buffer_m")
    stated = np.isfinite(own) & (own >= 0)
    number, every = pd.factorize(found.kinds)
    least = np.array([by_kind.get(kind, 0.0) if kind else min(by_kind.values(), default=0.0) for kind in every])
    most = np.array([by_kind.get(kind, 0.0) if kind else max(by_kind.values(), default=0.0) for kind in every])
    if not len(every):
        return np.zeros(0), np.zeros(0)
    return np.where(stated, own, least[number]), np.where(stated, own, most[number])


def grounds(found: Hazards) -> Geometries:
    """Return the land that each hazard takes: its polygon, or what lies within its own `buffer_m`; else nothing."""
    own = np.nan_to_num(numbers_of(found.frame, "buffer_m"), posinf=0.0)
    shapes = found.frame.geometry.to_numpy().copy()
    wide = own > 0
    shapes[wide] = geo.buffer(shapes[wide], own[wide])
    shapes[shapely.get_dimensions(shapes) < 2] = shapely.Polygon()
    return np.asarray(shapes)


def _years(hazards: gpd.GeoDataFrame) -> NDArray[np.int64]:
    """Return the year in which each hazard was treated, by the year or day that it states; 0 where it states none."""
    if "treated" not in hazards.columns:
        return np.zeros(len(hazards), dtype=np.int64)
    number, every = pd.factorize(hazards["treated"])
    known = [int(said[:4]) if _YEAR.fullmatch(said) else 0 for said in map(_word, every)]
    return np.array([*known, 0])[number]


def _word(said: Any) -> str:
    """Return what a cell says, a whole number without the .0 that tables give it."""
    if said is None or pd.isna(said):
        return ""
    return str(said).strip().casefold().removesuffix(".0")
