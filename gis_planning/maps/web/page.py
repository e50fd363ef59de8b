"""Put the main map together: MapLibre, our programs, every layer with its facts, in one file that needs no server."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from gis_planning.maps.planar import plane_of
from gis_planning.maps.templates import packed, render, resource
from gis_planning.maps.web import maplibre
from gis_planning.maps.web.degrees import boxed
from gis_planning.maps.web.facts import table
from gis_planning.maps.web.grounds import grounds, hosts
from gis_planning.maps.web.layers import MapLayer, Variant
from gis_planning.maps.web.pairs import Pair
from gis_planning.maps.web.shapes import shapes_of
from gis_planning.maps.web.still import still
from gis_planning.maps.web.tiles import least_zoom
from gis_planning.maps.web.views import View
from gis_planning.results.review import Review
from gis_planning.results.verdicts import OUTCOMES, Outcome, Scorecard
from gis_planning.texts import Lang, Text, say
from gis_planning.view.looks import styles
from gis_planning.view.numbers import SHORT_SHA, shortened

#: The programs of the page, put together by scripts/front_end, and what has to be said of those that are not ours.
PROGRAM = "web/page.js"
NOTICE = "/* Holds pmtiles, https://github.com/protomaps/PMTiles, Copyright 2021 Protomaps LLC, BSD 3-Clause. */\n"
LONGEST_TITLE = 120
#: What the programs say.
WORDS = (
    *("after", "all", "area", "before", "blank", "close", "copied", "crossing", "distance", "in_address", "less"),
    *(
        "link",
        "measure",
        "measure_again",
        "measure_close",
        "measure_start",
        "more",
        "mu",
        "nearer",
        "no_layers",
        "other_opinions",
        "no_pmtiles",
    ),
    *(
        "key",
        "left",
        "right",
        "this_run",
        "no_raster",
        "no_tiles",
        "no_webgl",
        "offset",
        "opacity",
        "opinions",
        "print",
        "printing",
        "rows",
        "rule",
        "save",
        "saving",
    ),
    *(
        "rule_degrees",
        "rule_plane",
        "search_count",
        "search_none",
        "swipe",
        "tally",
        "tiles_found",
        "token_wanted",
        "town",
    ),
    *("near", "unnamed", "unreachable", "verdict_or_class", "what_is_on", "whole", "zoom_in", "zoom_out"),
)
#: Words that stand among those of every map.
_SHARED = ("close", "less", "more", "search_count", "search_none", "whole", "zoom_in", "zoom_out")
_POLICY = (
    "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; worker-src blob:; child-src blob:; "
    "connect-src {hosts}; script-src {scripts}"
)


@dataclass(frozen=True)
class Frame:
    """What stands around the layers of a main map.

    Attributes
    ----------
    rules
        Clauses that can be asked for, by code, with their titles.
    topics
        What features can be asked for by beside clauses, with titles: the control lines of a review.
    borderline
        Whether any feature has the topic `borderline`.
    compared
        What has changed since an earlier run.
    remarks
        What everybody has to know of the run beside its counts.
    opens_on
        The layer on which the page opens; None for the county and what is judged.
    opens_at
        The feature on which it opens, as its address names it: a layer and a row; None where it is about several.
    counts
        How many of what is judged have each outcome; empty where the outcomes stand in the layers alone.
    files
        Other results of the run: their addresses and names.
    views
        What is said of each clause, or nothing on a page of all that was found.
    first
        The view that the page opens with, None for the first of them.
    tally
        How many of what the page tells have each outcome, where that is no filter of what is drawn.
    words
        Where the words of outcomes stand among the texts: a county meets a limit, a project is allowed.
    dated
        A line above the title; None for a link back to the landing page.
    pairs
        Years that can be held against each other.
    """

    county: str
    title: str
    crs: str
    data_date: str | None
    version: str
    inputs: Sequence[Any]
    documents: Sequence[str]
    input_titles: Mapping[str, str] = field(default_factory=dict)
    as_of: str | None = None
    note: Text | None = None
    caveat: str | None = None
    dated: str | None = None
    rules: Sequence[tuple[str, str]] = ()
    topics: Sequence[tuple[str, str]] = ()
    borderline: bool = False
    compared: str | None = None
    remarks: Sequence[str] = ()
    opens_on: str | None = None
    opens_at: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    notes: Sequence[str] = ()
    files: Sequence[tuple[str, str]] = ()
    grounds: Sequence[Mapping[str, Any]] = ()
    views: Sequence[View] = ()
    first: str | None = None
    tally: Mapping[str, int] = field(default_factory=dict)
    words: str = "outcome"
    pairs: Sequence[Pair] = ()


def frame_of(run: Scorecard | Review, title: str, **more: Any) -> Frame:
    """Return what stands around the layers of a run."""
    return Frame(
        county=run.name,
        title=title,
        crs=run.crs,
        data_date=run.data_date,
        version=run.program["version"],
        inputs=run.inputs,
        as_of=run.as_of,
        note=run.note,
        grounds=run.grounds,
        **more,
    )


def main_map(frame: Frame, layers: Iterable[MapLayer], lang: Lang) -> str:
    """Return the main map of a run as HTML; it opens by double click, with no network, whatever its size.

    Layers come topmost first. Layers of more than 60,000 features or 600,000 vertices are cut into vector tiles, which
    hold every feature on every zoom; the others are held as they are.
    """
    drawn = [layer for layer in layers if len(layer) and layer.shapes.crs is not None]
    boxes = _boxes(drawn)
    seen = [_first_seen(layer, frame.opens_on) for layer in drawn]
    bounds = _bounds(boxes[seen] if any(seen) else boxes)
    least = least_zoom(_bounds(boxes))
    heads, bodies = _laid(drawn, least)
    offered = grounds(frame.grounds, lang)
    first = frame.first or (frame.views[0].id if frame.views else None)
    view = next((view for view in frame.views if view.id == first), None)
    bodies.append(("still-picture", still(drawn, bounds, frame.views, first)))
    alt = _alt(frame, drawn, lang) if view is None else view.alt
    outcomes = {outcome: _outcome(outcome, frame, lang) for outcome in OUTCOMES}
    payload = {
        "layers": heads,
        "bounds": [[bounds[0], bounds[1]], [bounds[2], bounds[3]]],
        "least": least,
        "alt": alt,
        "words": {word: say(f"{'map' if word in _SHARED else 'mainmap'}.{word}", lang, **_KEPT) for word in WORDS},
        "outcomes": outcomes,
        "views": [view.payload() for view in frame.views],
        "view": first,
        "pairs": [pair.payload() for pair in frame.pairs],
        "first": frame.opens_at,
        "rules": list(frame.rules),
        "grounds": offered,
        "plane": plane_of(pyproj.CRS(frame.crs)) if frame.crs else None,
        "printed": _printed(frame, lang),
        "sources": _sources(frame, lang),
    }
    facts = {
        **{name: getattr(frame, name) for name in _FRAMED},
        "note": frame.note and frame.note.to(lang),
        "back": frame.dated is None,
        "data_date": frame.data_date or say("map.no_date", lang),
        "counts": _tallied(frame.counts, outcomes),
        "tally": _tallied(frame.tally, outcomes),
        "first": first,
        "towns": sorted({town for layer in drawn for town in layer.towns or () if town}),
        "drawn": _how(heads, lang),
        "inputs": [vars(entry) | {"title": frame.input_titles.get(entry.layer, entry.layer)} for entry in frame.inputs],
        "short": SHORT_SHA,
        "documents": frame.documents,
        "notes": frame.notes,
        "files": frame.files,
        "views": frame.views,
        "outcomes": outcomes,
        "alt": alt,
    }
    body = render("gis_planning.maps", "web/page.html.j2", lang, **facts)
    return _html(frame, body, payload, bodies, hosts(offered), lang)


def _laid(drawn: Sequence[MapLayer], least: int) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Return what a page says of each layer, and by name the bodies that hold their shapes, pictures and facts."""
    heads, tables = [], []
    bodies: dict[str, str] = {}
    pictures: dict[str | None, str] = {}
    for at, layer in enumerate(drawn):
        shapes = shapes_of(layer, least)
        # Layers that differ in their facts alone have one body.
        body = bodies.setdefault(shapes.body, f"shape-{at}")
        heads.append(_head(layer, pictures) | {"shape": shapes.facts | {"body": body}})
        tables.append(_table(layer))
    held = [(name, body) for body, name in bodies.items()]
    held += [(name, _bytes_of(picture)) for picture, name in pictures.items() if picture]
    return heads, [*held, ("facts-of-layers", packed(_each_once(tables)))]


def _each_once(tables: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return tables whose columns and lists by row are named by their place among all of them; see facts.js."""
    kept: dict[str, list[Any]] = {"columns": [], "lists": []}
    places: dict[tuple[str, str], int] = {}

    def place(kind: str, value: Any) -> int:
        at = places.setdefault((kind, json.dumps(value, ensure_ascii=False)), len(kept[kind]))
        kept[kind] += [value] if at == len(kept[kind]) else []
        return at

    short = [
        {
            **one,
            "columns": [place("columns", column) for column in one["columns"]],
            **{name: place("lists", one[name]) for name in ("category", "at", "zoom")},
        }
        for one in tables
    ]
    return {"tables": short, **kept}


def _tallied(counts: Mapping[str, int], outcomes: Mapping[Outcome, dict[str, str]]) -> list[dict[str, Any]]:
    """Return the outcomes that there are, worst first, each with its number."""
    return [outcomes[outcome] | {"count": counts[outcome]} for outcome in OUTCOMES if outcome in counts]


#: Marks that the page's programs fill in.
_KEPT = {"count": "{count}", "total": "{total}"}


def _html(
    frame: Frame,
    body: str,
    payload: dict[str, Any],
    bodies: Sequence[tuple[str, str]],
    origins: Sequence[str],
    lang: Lang,
) -> str:
    title = say("map.page_title", lang, county=shortened(frame.county, LONGEST_TITLE), document=frame.title)
    boot, scripts = resource(__package__, "boot.js"), _programs()
    bodies = [("payload", packed(payload)), *bodies, ("programs", _packed_programs())]
    looked_at = Counter(head["shape"]["body"] for head in payload["layers"])
    marks = {name: " data-shared=yes" for name, layers in looked_at.items() if layers > 1}
    policy = _policy([boot, *scripts], origins)
    head = render("gis_planning.maps", "head.html.j2", lang, title=title, policy=policy)
    # The table is open at first where it is what the page has to tell.
    body_tag = "<body>" if frame.views else '<body class="drawn">'
    parts = [
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n{head}',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="tianditu" content="">',
        f"<style>{resource('gis_planning.maps', 'page.css')}{resource(__package__, 'main.css')}</style>",
        f"</head>\n{body_tag}\n{body}",
        *(f'<script type="application/gzip" id="{name}"{marks.get(name, "")}>{text}</script>' for name, text in bodies),
        f"<script>{boot}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


@cache
def _packed_programs() -> str:
    return packed({"style": maplibre.style(), "scripts": _programs()})


def _programs() -> list[str]:
    return [maplibre.script(), NOTICE + resource("gis_planning.maps", PROGRAM)]


def _policy(scripts: Iterable[str], origins: Sequence[str]) -> str:
    """Return the content security policy: our own scripts by their hash, tiles from the origins on offer only."""
    digests = [hashlib.sha256(code.encode()).digest() for code in scripts]
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return _POLICY.format(hosts=" ".join(origins), scripts=hashes)


#: What a frame tells the page as it is.
_FRAMED = (
    *("county", "title", "crs", "version", "as_of", "caveat", "dated"),
    *("rules", "topics", "borderline", "compared", "remarks"),
)
#: What a layer tells the page as it is.
_TOLD = (
    *("id", "title", "group", "question", "shown"),
    *("labelled", "tabled", "rules", "ground", "measured", "companion", "least_zoom", "keyed"),
)


def _head(layer: MapLayer, pictures: dict[str | None, str]) -> dict[str, Any]:
    """Return what the page is told of a layer beside its shapes and facts; pictures get their names once."""
    kinds = set(np.unique(shapely.get_dimensions(layer.shapes.to_numpy())).tolist())
    shape = {"line": True} if kinds == {1} else {"point": True} if kinds == {0} else {}

    def drawn(one: MapLayer | Variant) -> dict[str, Any]:
        name = pictures.setdefault(one.picture, f"picture-{len(pictures)}") if one.picture else None
        return {"categories": _categories(one, shape)} | ({"picture": name} if name else {})

    return {
        **{name: getattr(layer, name) for name in _TOLD},
        **drawn(layer),
        "forms": [drawn(form) for form in layer.forms],
        "form_of": layer.form_of,
        "ranked": layer.ranks is not None,
        "of": layer.of[0] if layer.of else None,
        "earlier": layer.earlier,
    }


def _categories(layer: MapLayer | Variant, shape: Mapping[str, bool]) -> list[dict[str, Any]]:
    counts = Counter(layer.category.tolist())
    return [
        {
            "title": one.title,
            "outcome": one.outcome,
            "named": one.named,
            "look": {**one.look, **shape},
            "count": counts[at],
            "told": one.told,
        }
        for at, one in enumerate(layer.categories)
    ]


def _bytes_of(picture: str) -> str:
    """Return what a data address holds, as it stands there."""
    return picture.partition(",")[2]


def _table(layer: MapLayer) -> dict[str, Any]:
    more: dict[str, Any] = {"owner": [int(one) for one in layer.of[1]]} if layer.of else {}
    return table(layer) | more | ({"opinions": layer.opinions} if layer.opinions else {})


def _first_seen(layer: MapLayer, wanted: str | None) -> bool:
    """Say whether the page opens on a layer: on the county and on what is judged, not on rivers that run on."""
    if wanted:
        return layer.id == wanted
    return layer.id == "study_area" or (layer.shown and any(category.outcome for category in layer.categories))


def _boxes(layers: Sequence[MapLayer]) -> NDArray[np.float64]:
    """Return the bounds of each layer in degrees; of what has no bounds none are known."""
    found = np.full((len(layers), 4), np.nan)
    for at, layer in enumerate(layers):
        box = shapely.total_bounds(layer.shapes.to_numpy())
        if np.isfinite(box).all():
            found[at] = boxed(box[np.newaxis], layer.shapes.crs)[0]
    return found


def _bounds(boxes: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return the bounds of all boxes that are known; without any, those of the country."""
    known = boxes[~np.isnan(boxes).any(axis=1)]
    if not len(known):
        return (73.5, 18.0, 135.1, 53.6)
    west, south = known[:, :2].min(axis=0)
    east, north = known[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _outcome(outcome: str, frame: Frame, lang: Lang) -> dict[str, str]:
    return {"key": outcome, "word": say(f"{frame.words}.{outcome}", lang), **styles()["outcome"][outcome]}


def _how(heads: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """Say how the layers are drawn, and why."""
    tiled = [head for head in heads if head["shape"]["kind"] == "tiles"]
    count = sum(sum(category["count"] for category in head["categories"]) for head in heads)
    key = "mainmap.drawn_tiles" if tiled else "mainmap.drawn_plain"
    return say(key, lang, layers=len(heads), features=f"{count:,}", tiled=[head["title"] for head in tiled])


def _alt(frame: Frame, layers: Sequence[MapLayer], lang: Lang) -> str:
    counted = [
        say("mainmap.counted", lang, word=say(f"{frame.words}.{one}", lang), count=f"{count:,}")
        for one, count in frame.counts.items()
    ]
    counted += [
        say("mainmap.counted", lang, word=layer.title, count=f"{len(layer):,}") for layer in layers if layer.shown
    ]
    return say("mainmap.alt", lang, county=frame.county, title=frame.title, counts=counted)


def _sources(frame: Frame, lang: Lang) -> str:
    """Say which files the map is drawn from, each once."""
    return say("mainmap.sources", lang, files=list(dict.fromkeys(entry.source for entry in frame.inputs)))


def _printed(frame: Frame, lang: Lang) -> str:
    date = frame.data_date or say("map.no_date", lang)
    return say("mainmap.printed", lang, county=frame.county, title=frame.title, crs=frame.crs, date=date)
