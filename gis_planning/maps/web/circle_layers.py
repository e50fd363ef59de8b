"""Lay out what a circle page draws: painted land, gaps, homes, facilities with their areas, communities, villages."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from gis_planning import units
from gis_planning.analysis.rings import limits_of
from gis_planning.conventions.facilities import need_title
from gis_planning.maps.layers import NUMBERED
from gis_planning.maps.web.by_view import Gathered, Part, Said, elsewhere, gathered, gone, variants
from gis_planning.maps.web.degrees import DRAWN_CRS
from gis_planning.maps.web.layers import CELLS_M, Category, Column, MapLayer, Variant, by_value, one_category, texts
from gis_planning.maps.web.painted import painted
from gis_planning.maps.web.reached import MOST_STREETS, reached, together
from gis_planning.maps.web.result_layers import POINT, columns_told
from gis_planning.maps.web.tiles import EQUATOR_M, TILE_PIXELS
from gis_planning.results.schema import OFFENDERS
from gis_planning.results.surface import VALUE
from gis_planning.results.verdicts import Measured, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view.legend import lacking_colour, legend
from gis_planning.view.looks import styles

#: Gaps of a clause that are outlined, largest first; the land of all of them is painted.
GAPS = 30
#: Gaps are drawn to this precision; cells are 10 m wide.
DRAWN_M = 6.0
#: Homes are seen from this zoom on: from afar dots would cover the land they stand on.
HOMES_ZOOM = 13.75
#: Places are flown to so that what lies around them is seen; homes so that they are told apart.
AROUND_ZOOM, HOME_ZOOM = 14.0, 15.0
#: The widest areas around facilities are then about so many pixels wide.
AROUND_PIXELS = 500.0
#: What a facility can be to a clause.
STATUSES = ("counts", "other_tier", "unknown", "unattached")
#: The stroke of the areas around a facility, the nearest strongest.
RING_STROKES = (2.4, 1.6, 1.0)


@dataclass(frozen=True)
class Drawn:
    """What the layers of a circle page are made of, and the heading they stand under."""

    verdicts: Sequence[Verdict]
    group: str
    lang: Lang

    @property
    def views(self) -> list[str]:
        """Return the views of the page."""
        return [verdict.code for verdict in self.verdicts]

    @property
    def painted(self) -> bool:
        """Say whether any clause paints land."""
        return any(True for _ in self.having("bands"))

    def having(self, name: str) -> Iterator[tuple[str, Measured, gpd.GeoDataFrame]]:
        """Yield the clauses that have a layer with anything in it."""
        for verdict in self.verdicts:
            frame = None
            if verdict.measured is not None:
                frame = verdict.measured.offenders if name == OFFENDERS else verdict.measured.layers.get(name)
            if verdict.measured is not None and frame is not None and len(frame):
                yield verdict.code, verdict.measured, frame

    def layer(self, id_: str, title: str, shapes: gpd.GeoSeries, **more: Any) -> MapLayer:
        """Return a layer of the page."""
        nothing = np.full(len(shapes), -1, dtype=np.intp)
        facts: dict[str, Any] = {
            "shown": True,
            "drawn_m": CELLS_M,
            "categories": (),
            "category": nothing,
            "columns": (),
        }
        title = say(title, self.lang)
        return MapLayer(id=id_, title=title, group=self.group, shapes=shapes, **facts | more)


# -- land


def land(drawn: Drawn, box: gpd.GeoSeries) -> MapLayer | None:
    """Return land painted by distance or by how much of a list there is: an image in a box for each measurement."""
    known: dict[int, Variant] = {}
    found = {}
    for code, measured, _ in drawn.having("bands"):
        if id(measured) not in known:
            known[id(measured)] = _painted(measured, box, drawn.lang)
        found[code] = known[id(measured)]
    if not found:
        return None
    by_view = elsewhere(drawn.views, found, gone(1))
    return drawn.layer("land", "circlemap.ground", box, variants=by_view, tabled=False, keyed=True)


def _painted(measured: Measured, box: gpd.GeoSeries, lang: Lang) -> Variant:
    table = measured.layers["bands"]
    sorted_ = legend(measured.schema["bands"], table, lang)
    fills = [str(one.look["fill"]) for one in sorted_.classes]
    colours = {int(value): fills[at] for value, at in zip(table[VALUE], sorted_.of, strict=True)}
    image = painted(measured.surfaces["bands"], colours, tuple(box.total_bounds))
    area = table["area_m2"]
    areas = [float(area[sorted_.of == at].sum()) for at in range(len(fills))]
    categories = tuple(
        Category(one.title, dict(one.look) | {"fill_opacity": 1.0}, told=units.written(area, "m2", lang))
        for one, area in zip(sorted_.classes, areas, strict=True)
    )
    return Variant(categories, np.zeros(1, dtype=np.intp), (), image)


# -- gaps


def gaps(drawn: Drawn) -> tuple[MapLayer, dict[str, list[int]]] | None:
    """Return the largest gaps of all clauses, and the rows of each clause's own, largest first."""
    parts, described = [], None
    for code, measured, frame in drawn.having(OFFENDERS):
        if "rank" in frame.columns:
            head = frame.head(GAPS)
            parts.append(Part(code, head, [(id(measured), rank) for rank in head["rank"]]))
            described = described or measured.schema[OFFENDERS]
    if described is None:
        return None
    whole = gathered(parts)
    shapes = gpd.GeoSeries(shapely.simplify(whole.frame.geometry.to_numpy(), DRAWN_M), crs=whole.frame.crs)
    columns = columns_told(described, whole.frame, drawn.lang)
    look = one_category(say("circlemap.gap", drawn.lang), styles()["layer"]["gap"], len(shapes))
    alike = Said(columns=columns, **look)
    by_view = variants(whole, parts, alike)
    ranks = [int(one) if one <= NUMBERED else 0 for one in whole.frame["rank"]]
    made = drawn.layer(
        "gaps",
        "circlemap.gap",
        shapes,
        ranks=ranks,
        variants=elsewhere(drawn.views, by_view, replace(gone(len(shapes)), columns=columns)),
    )
    return made, {part.view: [whole.keys.index(key) for key in part.keys] for part in parts}


# -- homes


def homes(drawn: Drawn) -> MapLayer | None:
    """Return the homes once; the chosen list, or else the first, says what each of them lacks and how far the rest is.

    Lists that know of other homes than the first are left out.
    """
    found: dict[str, Variant] = {}
    first: gpd.GeoDataFrame | None = None
    order: Any = None
    needs_of = {
        verdict.code: ["|".join(need["kinds"]) for need in verdict.settings.get("needs", ())]
        for verdict in drawn.verdicts
    }
    for code, _, frame in drawn.having("homes"):
        if "missing" not in frame.columns or (first is not None and len(frame) != len(first)):
            continue
        # A need that the facility table knows nothing of has no distances.
        needs = [one for one in needs_of[code] if _distance(one) in frame.columns]
        if needs:
            first = frame if first is None else first
            order = _neighbours(first) if order is None else order
            found[code] = _homes(pd.DataFrame(frame).iloc[order], needs, drawn.lang)
    if first is None:
        return None
    first = first.iloc[order]
    points = gpd.GeoSeries(shapely.point_on_surface(first.geometry.to_numpy()), crs=first.crs)
    return drawn.layer(
        "homes",
        "circlemap.homes_by_missing",
        points,
        variants=elsewhere(drawn.views, found, next(iter(found.values()))),
        least_zoom=HOMES_ZOOM,
        closest=HOME_ZOOM,
    )


def _neighbours(homes: gpd.GeoDataFrame) -> Any:
    """Return the order in which homes that lie side by side follow each other: what is alike is written small."""
    return np.argsort(homes.hilbert_distance().to_numpy(), kind="stable")


def _distance(need: str) -> str:
    return f"d_{need.replace('|', '_')}"


def _homes(frame: pd.DataFrame, needs: Sequence[str], lang: Lang) -> Variant:
    missing = frame["missing"].to_numpy(dtype=object).tolist()
    lists = {words: [one for one in str(words).split(";") if one in needs] for words in set(missing)}
    lacks = [lists[words] for words in missing]
    counts = [len(lack) for lack in lacks]
    titles = {need: need_title(need, lang) for need in needs}
    told = {words: tuple(titles[one] for one in own) for words, own in lists.items()}
    columns = [
        _named(frame, "circlemap.home", lang),
        Column(
            say("circlemap.missing", lang),
            [told[words] for words in missing],
            absent=say("circlemap.missing_none", lang),
        ),
        Column(say("circlemap.people", lang), _rounded(frame, "people"), 0),
    ]
    for need in needs:
        beyond = np.array([need in own for own in lacks])
        metres = frame[_distance(need)].to_numpy(dtype=float)
        # A distance beyond the limit is rounded up, one within it down, so that no miss looks met.
        whole = _whole(np.where(beyond, np.ceil(metres), np.floor(metres)))
        title = say("circlemap.in_metres", lang, need=titles[need])
        columns.append(Column(title, whole, 0, say("circlemap.not_reachable", lang)))
    look = styles()["layer"]["home"] | {"size": 3.4, "ring": 0.6}
    of = len(needs)
    known = {
        count: Category(
            say("circlemap.present", lang, present=of - count, wanted=of), look | {"fill": lacking_colour(count, of)}
        )
        for count in range(of, -1, -1)
    }
    return Variant(columns=tuple(columns), **by_value(counts, known))


def _whole(numbers: NDArray[np.float64]) -> list[int | None]:
    """Return whole numbers, None where there is none or it has no end."""
    return [int(one) if math.isfinite(one) else None for one in numbers.tolist()]


def _rounded(frame: pd.DataFrame, name: str) -> list[int | None]:
    if name not in frame.columns:
        return [None] * len(frame)
    cells = frame[name].to_numpy(dtype=object)
    return [None if empty else round(one) for one, empty in zip(cells.tolist(), pd.isna(cells), strict=True)]


def _named(frame: pd.DataFrame, title: str, lang: Lang) -> Column:
    names = texts(frame["name"]) if "name" in frame.columns else [None] * len(frame)
    return Column(say(title, lang), [name if name and name.strip() else None for name in names])


# -- facilities and the areas around them


def facilities(drawn: Drawn, barriers: gpd.GeoDataFrame | None) -> list[MapLayer]:
    """Return every facility once, seen with the clauses that know of it, and the areas around one that is clicked."""
    parts = [Part(code, frame, frame["facility"].tolist()) for code, _, frame in drawn.having("facilities")]
    if not parts:
        return []
    whole = gathered(parts)
    by_view = variants(whole, parts, lambda frame: _facilities(frame, drawn.lang))
    size = len(whole.keys)
    paths = [one for one in _paths(drawn).values() if len(one.network) <= MOST_STREETS]
    made = drawn.layer(
        "facilities",
        "circlemap.facilities",
        gpd.GeoSeries(shapely.point_on_surface(whole.frame.geometry.to_numpy()), crs=whole.frame.crs),
        variants=elsewhere(drawn.views, by_view, replace(gone(size), columns=next(iter(by_view.values())).columns)),
        closest=min([_closest(one.network) for one in paths], default=AROUND_ZOOM),
    )
    return [made, *([_rings(drawn, paths, whole, barriers)] if paths else [])]


def _facilities(frame: pd.DataFrame, lang: Lang) -> Said:
    looks = styles()["layer"]
    known = {
        status: Category(
            say(f"circlemap.status_{status}", lang),
            looks.get(f"facility_{status}", looks["facility"]) | {"size": 5.0, "ring": 1.8},
        )
        for status in STATUSES
    }
    # Many tables write 0 for what nobody knows.
    capacity = [one if one is not None and one > 0 else None for one in _rounded(frame, "capacity")]
    outside = frame["outside"].tolist() if "outside" in frame.columns else [None] * len(frame)
    kinds = texts(frame["kind"])
    beyond = say("circlemap.outside", lang)
    known_kinds = {kind: _kinds(kind, lang) for kind in set(kinds)}
    columns = (
        _named(frame, "circlemap.facility", lang),
        Column(say("circlemap.kind", lang), [known_kinds[one] for one in kinds]),
        Column(say("circlemap.capacity", lang), capacity, 0),
        Column(say("circlemap.where", lang), [beyond if one is True else None for one in outside]),
    )
    return Said(columns=columns, **by_value(frame["status"].tolist(), known))


def _kinds(kind: str | None, lang: Lang) -> str:
    kinds = kind.split(";") if kind is not None else ["other"]
    return say("circlemap.and", lang).join(need_title(kind, lang) for kind in kinds)


@dataclass(frozen=True)
class _Paths:
    """A network with the ways onto it, and the clauses that go by it."""

    network: gpd.GeoDataFrame
    approaches: gpd.GeoDataFrame
    views: list[str]


def _paths(drawn: Drawn) -> dict[int, _Paths]:
    """Return the networks of the page, each once."""
    found: dict[int, _Paths] = {}
    for code, measured, network in drawn.having("network"):
        approaches = measured.layers["approaches"]
        if len(approaches):
            found.setdefault(id(network), _Paths(network, approaches, [])).views.append(code)
    return found


def left_out(drawn: Drawn) -> list[int]:
    """Return how many streets the networks have that are too large for the page."""
    return [len(one.network) for one in _paths(drawn).values() if len(one.network) > MOST_STREETS]


def _closest(network: gpd.GeoDataFrame) -> float:
    """Return the zoom at which the widest areas around facilities are seen whole."""
    # Along a grid of streets the area of reach is a diamond: twice the square of the way.
    pace = float(np.nanmedian(network["length_m"] / network["forward_m"]))
    width = math.sqrt(2) * pace * float(limits_of(network["mode"].iloc[0])[1].max())
    middle = np.radians(network.geometry.to_crs(DRAWN_CRS).total_bounds[[1, 3]].mean())
    return min(AROUND_ZOOM, math.log2(EQUATOR_M * math.cos(middle) / TILE_PIXELS / width * AROUND_PIXELS))


def _rings(drawn: Drawn, paths: Sequence[_Paths], whole: Gathered, barriers: gpd.GeoDataFrame | None) -> MapLayer:
    """Return the areas around a facility: a row for each number of minutes, which the page fills."""
    network_of = {code: at for at, one in enumerate(paths) for code in one.views}
    networks = [reached(one.network, one.approaches, whole.keys, barriers) for one in paths]
    look = styles()["layer"]["ring_around"]
    minutes = networks[0].facts["minutes"]
    categories = tuple(
        Category(say("circlemap.ring", drawn.lang, minutes=f"{one:g}"), look | {"weight": stroke}, told="")
        for one, stroke in zip(minutes, RING_STROKES, strict=True)
    )
    return drawn.layer(
        "rings",
        "circlemap.rings",
        gpd.GeoSeries([shapely.Polygon()] * len(minutes), crs=whole.frame.crs),
        of=("facilities", []),
        companion=True,
        tabled=False,
        categories=categories,
        category=np.arange(len(minutes)),
        reached=together(networks, network_of, drawn.lang),
    )


# -- communities and villages


def communities(drawn: Drawn) -> MapLayer | None:
    """Return the communities once, with their covered land, homes and people by clause."""
    look = styles()["layer"]["community"]
    found = _places(drawn, "communities", lambda frame: _communities(frame, look, drawn.lang))
    return found and replace(found, shown=False)


def villages(drawn: Drawn) -> MapLayer | None:
    """Return the villages once, coloured by whether the facility of the clause is reached in time."""
    return _places(drawn, "villages", lambda frame: _villages(frame, drawn.lang))


def _places(drawn: Drawn, name: str, said: Callable[[gpd.GeoDataFrame], Variant]) -> MapLayer | None:
    """Return places that all clauses share; of those that say nothing of them the names are told."""
    parts = [(code, frame) for code, _, frame in drawn.having(name)]
    if not parts:
        return None
    first = parts[0][1]
    found = {code: said(frame) for code, frame in parts if len(frame) == len(first)}
    title = say(f"circlemap.{'village' if name == 'villages' else 'community'}", drawn.lang)
    look = styles()["layer"]["village" if name == "villages" else "community"] | POINT | {"size": 5.0}
    bare = Variant(columns=found[parts[0][0]].columns[:1], **one_category(title, look, len(first)))
    return drawn.layer(
        name,
        f"circlemap.{name}",
        first.geometry,
        variants=elsewhere(drawn.views, found, bare),
        closest=AROUND_ZOOM,
    )


def _communities(frame: gpd.GeoDataFrame, look: Any, lang: Lang) -> Variant:
    columns = [_named(frame, "circlemap.community", lang)]
    for title, part, whole in (
        ("community_land", "covered_m2", "land_m2"),
        ("homes", "homes_covered", "homes"),
        ("people", "people_covered", "people"),
    ):
        if {part, whole} <= set(frame.columns):
            pairs = zip(frame[part], frame[whole], strict=True)
            told = [_share(one, of, "m2" if whole == "land_m2" else None, lang) for one, of in pairs]
            columns.append(Column(say(f"circlemap.{title}", lang), told))
    if "missing" in frame.columns:
        kinds = [
            [one for one in str(words).split(";") if one] if isinstance(words, str) else []
            for words in frame["missing"]
        ]
        listed = [tuple(need_title(one, lang) for one in own) or None for own in kinds]
        columns.append(Column(say("circlemap.missing", lang), listed))
    return Variant(columns=tuple(columns), **one_category(say("circlemap.community", lang), look, len(frame)))


def _share(part: float, whole: float, unit: str | None, lang: Lang) -> str | None:
    if pd.isna(whole) or not whole:
        return None
    sums = [units.written(one, unit, lang) if unit else f"{one:,.0f}" for one in (part, whole)]
    return f"{part / whole:.1%} ({say('circlemap.of', lang, part=sums[0], whole=sums[1])})"


def _villages(frame: gpd.GeoDataFrame, lang: Lang) -> Variant:
    ramp = styles()["ramp"]
    base = styles()["layer"]["village"] | {"size": 5.0, "ring": 1.0}
    known = {
        reached: Category(
            say(f"circlemap.reached_{'yes' if reached else 'no'}", lang),
            base | {"fill": ramp["all"] if reached else ramp["lacking"][-1]},
        )
        for reached in (False, True)
    }
    minutes = frame["minutes"].to_numpy(dtype=float)
    time = [
        say("circlemap.minutes", lang, value=f"{minute:.1f}") if math.isfinite(minute) else None for minute in minutes
    ]
    columns = (
        _named(frame, "circlemap.village", lang),
        Column(say("circlemap.time", lang), time),
        Column(
            say("circlemap.nearest", lang), [one if isinstance(one, str) else None for one in frame["nearest_facility"]]
        ),
    )
    return Variant(columns=columns, **by_value([bool(one) for one in frame["covered"]], known))
