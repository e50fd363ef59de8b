"""Choose what a coverage page shows: its layers, what each is called, and the facts behind each feature."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import units
from gis_planning.conventions import kind_title
from gis_planning.maps import encode
from gis_planning.results.verdicts import Measured, Scorecard, Verdict
from gis_planning.texts import Lang, say
from gis_planning.view.numbers import area, shortened

#: Layers of the county that are drawn around the result, where they were opened.
CONTEXT = ("buildings", "streets", "barriers", "historic_districts")
RAILWAY_WORDS = ("rail", "铁路", "铁道")
LABEL_LENGTH = 24
NUMBERED = 10
#: A district with less than this of the study area is named outside it.
ROOM_SHARE = 0.03

Facts = Callable[[Any], list[str | None]]


@dataclass(frozen=True)
class Drawn:
    """One layer of a page.

    `look` names its entry in style.toml. `labels` are what the facts of each feature are called; `prefix` and the
    number of a row make a feature's address in the page, as the landing page links to it.
    """

    id: str
    title: str
    look: str
    frame: gpd.GeoDataFrame
    labels: tuple[str, ...] = ()
    facts: Facts | None = None
    prefix: str = ""
    shown: bool = True
    written: bool = False
    legend: bool = True


def drawn_layers(scorecard: Scorecard, verdict: Verdict, measured: Measured, lang: Lang) -> list[Drawn]:
    """Return the layers of a page that hold anything, bottom first."""
    context, result = scorecard.context, measured.layers
    found = [
        _around("study_area", context, "study_area", lang, legend=False),
        _around("streets", context, "streets", lang),
        *_barriers(context, lang),
        Drawn("service_areas", say("map.service_areas", lang), "service_areas", result["service_areas"]),
        _served(result["served"], lang),
        _around("buildings", context, "buildings", lang),
        _around("historic_districts", context, "historic_districts", lang),
        *_parks(result.get("parks"), verdict.settings, lang),
        _unserved(measured.offenders, lang),
        *_detour(result.get("detour_gap"), lang),
        *_gates(result.get("gates"), lang),
        _around("districts", context, "districts", lang, written=True),
        _around("study_area", context, "outline", lang),
    ]
    return [layer for layer in found if layer is not None and len(layer.frame)]


def park_tiers(parks: gpd.GeoDataFrame, settings: Mapping[str, Any]) -> Any:
    """Return the tier of each park: large, small, historic, too_small or excluded."""
    status, radius = parks["status"].to_numpy(), parks["radius_m"].to_numpy(dtype=float)
    most = settings.get("large_radius_m", np.nanmax(radius) if np.isfinite(radius).any() else 0)
    least = settings.get("min_area_m2", 0)
    large = radius >= most
    if "large_area_m2" in settings:
        # Where both tiers have one radius, size tells them apart; a thousandth of a m2 is rounding.
        large &= parks["area_m2"].to_numpy(dtype=float) >= settings["large_area_m2"] - 0.001
    historic = parks["area_m2"].to_numpy(dtype=float) < least - 0.001
    serving = np.where(large, "large", np.where(historic, "historic", "small"))
    return np.where(status == "serves", serving, np.where(status == "too_small", "too_small", "excluded"))


def label_points(frame: gpd.GeoDataFrame, inside: gpd.GeoDataFrame | None) -> list[tuple[float, float] | None]:
    """Return where to write the name of each feature: in its part within the study area, where that has room for it."""
    geometry = frame.geometry.to_numpy()
    if inside is not None and len(inside):
        area = shapely.union_all(inside.geometry.to_numpy())
        within = shapely.intersection(geometry, area)
        geometry = np.where(shapely.area(within) > ROOM_SHARE * shapely.area(area), within, geometry)
    points = gpd.GeoSeries(shapely.point_on_surface(geometry), crs=frame.crs).to_crs(encode.DRAWN_CRS).to_numpy()
    return [None if shapely.is_missing(one) or shapely.is_empty(one) else (one.y, one.x) for one in points]


def _around(
    kind: str,
    context: Mapping[str, gpd.GeoDataFrame],
    look: str,
    lang: Lang,
    *,
    written: bool = False,
    legend: bool = True,
) -> Drawn | None:
    frame = context.get(kind)
    if frame is None:
        return None
    return Drawn(look, kind_title(kind, lang), look, frame, written=written, legend=legend)


def _barriers(context: Mapping[str, gpd.GeoDataFrame], lang: Lang) -> Iterable[Drawn]:
    frame = context.get("barriers")
    if frame is None:
        return
    rail = railways(frame)
    yield Drawn("barriers", say("map.barriers", lang), "barriers", frame[~rail])
    yield Drawn("railway", say("map.railway", lang), "railway", frame[rail])


def railways(barriers: gpd.GeoDataFrame) -> Any:
    """Say which barriers are railways."""
    given = "kind" in barriers.columns
    kind = barriers["kind"].fillna("").astype(str).str.lower() if given else pd.Series("", barriers.index)
    return kind.map(lambda words: any(word in words for word in RAILWAY_WORDS)).to_numpy(dtype=bool)


def _served(frame: gpd.GeoDataFrame, lang: Lang) -> Drawn:
    labels = tuple(say(f"map.{key}", lang) for key in ("name", "class", "served_area"))

    def facts(row: Any) -> list[str | None]:
        return [_words(row, "name"), _words(row, "class"), area(row["area_m2"], lang)]

    return Drawn("served", say("map.served", lang), "served", frame, labels, facts, "served")


def _unserved(frame: gpd.GeoDataFrame, lang: Lang) -> Drawn:
    keys = ("parcels", "rank", "patch_area", "district", "nearest_park", "nearest_m", "farthest_m", "walk_m")

    def facts(row: Any) -> list[str | None]:
        rank = say("map.rank_of", lang, rank=row["rank"], count=len(frame))
        near, far, walk = (_metres(row, key, lang) for key in ("nearest_m", "farthest_m", "walk_m"))
        park = _words(row, "nearest_park") or (say("map.unnamed_park", lang) if near else None)
        return [
            _words(row, "parcels"),
            rank,
            area(row["area_m2"], lang),
            _words(row, "district"),
            park,
            near,
            far,
            walk,
        ]

    labels = tuple(say(f"map.{key}", lang) for key in keys)
    return Drawn("unserved", say("map.unserved", lang), "unserved", frame, labels, facts, "patch")


def _detour(frame: gpd.GeoDataFrame | None, lang: Lang) -> Iterable[Drawn]:
    """Return the land that the radius counts and walkers do not reach."""
    if frame is None:
        return
    keys = ("parcels", "rank", "patch_area", "district", "people", "nearest_park", "straight_m", "walk_m")
    labels = tuple(say(f"map.{key}", lang) for key in keys)

    def facts(row: Any) -> list[str | None]:
        rank = say("map.rank_of", lang, rank=row["rank"], count=len(frame))
        people = None if pd.isna(row["people"]) else f"{row['people']:,.0f}"
        straight, walk = (_metres(row, key, lang) for key in ("straight_m", "walk_m"))
        words = (_words(row, "parcels"), rank, area(row["area_m2"], lang), _words(row, "district"))
        return [*words, people, _words(row, "nearest_park"), straight, walk]

    yield Drawn("detour_gap", say("map.detour_gap", lang), "detour_gap", frame, labels, facts, "detour")


def _gates(frame: gpd.GeoDataFrame | None, lang: Lang) -> Iterable[Drawn]:
    """Return the gates of parks, those of each rung by themselves."""
    if frame is None:
        return
    labels = tuple(say(f"map.{key}", lang) for key in ("gate_park", "gate_status"))

    def facts(row: Any) -> list[str | None]:
        return [_words(row, "park"), say(f"map.gate_{row['status']}", lang)]

    for rung in dict.fromkeys(frame["rung"]):
        title = say("map.gates", lang, rung=say(f"map.rung_{rung}", lang))
        yield Drawn(f"gates_{rung}", title, "gates", frame[frame["rung"] == rung], labels, facts, "gate")


def _parks(parks: gpd.GeoDataFrame | None, settings: Mapping[str, Any], lang: Lang) -> Iterable[Drawn]:
    if parks is None or not len(parks):
        return
    keys = ("name", "status", "class", "park_area", "radius", "parts", "merged", "serves_m2", "only_m2")
    labels = tuple(say(f"map.{key}", lang) for key in keys)

    def facts(row: Any) -> list[str | None]:
        several = row["parts"] > 1
        return [
            park_name(row, lang),
            say(f"map.status_{row['status']}", lang),
            _words(row, "class"),
            area(row["area_m2"], lang),
            _metres(row, "radius_m", lang),
            f"{row['parts']:.0f}" if several else None,
            _words(row, "merged") if several else None,
            None if pd.isna(row["serves_m2"]) else area(row["serves_m2"], lang),
            None if pd.isna(row["only_m2"]) else area(row["only_m2"], lang),
        ]

    tiers = park_tiers(parks, settings)
    for tier in ("excluded", "too_small", "historic", "small", "large"):
        look, title = f"parks_{tier}", tier_title(tier, parks[tiers == tier], lang)
        yield Drawn(look, title, look, parks[tiers == tier], labels, facts, "park", written=tier == "large")


def park_name(row: Any, lang: Lang) -> str:
    """Return what a park is called, by its id where it has no name."""
    park_id = _words(row, "park_id")
    unnamed = say("map.unnamed_park_id", lang, park_id=park_id) if park_id else say("map.unnamed_park", lang)
    return _words(row, "name") or unnamed


def tier_title(tier: str, parks: gpd.GeoDataFrame, lang: Lang) -> str:
    """Return what parks of a tier are called, with their radii."""
    if tier in ("excluded", "too_small"):
        return say(f"map.tier_{tier}", lang)
    radii = sorted(parks["radius_m"].dropna().unique())
    return say(f"map.tier_{tier}", lang, radius="/".join(f"{radius:,.0f}" for radius in radii))


def _words(row: Any, column: str) -> str | None:
    value = row.get(column)
    return str(value) if isinstance(value, str) and value.strip() else None


def _metres(row: Any, column: str, lang: Lang) -> str | None:
    value = row.get(column)
    return None if value is None or pd.isna(value) else units.written(value, "m", lang)


def label(words: Any) -> str | None:
    """Return a name as it is written on the map, None where there is none."""
    return shortened(words, LABEL_LENGTH) if isinstance(words, str) and words.strip() else None
