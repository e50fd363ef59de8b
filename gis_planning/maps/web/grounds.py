"""Know what can lie below the main map: public services, the county's own, tiles on the reader's computer."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from gis_planning.maps.templates import resource
from gis_planning.texts import Lang, say


def grounds(own: Iterable[Mapping[str, Any]], lang: Lang) -> list[dict[str, Any]]:
    """Return what a page offers to lie below it; `own` are the county's, with `title` and `url`.

    A service whose tiles are shifted (GCJ-02, BD-09) comes with a warning.
    """
    found = [_service(one, lang) for one in _facts()["ground"]]
    found += [_own(at, one, lang) for at, one in enumerate(own)]
    found.append({"id": "folder", "title": say("mainmap.ground_folder", lang), "pick": "folder"})
    found.append({"id": "archive", "title": say("mainmap.ground_archive", lang), "pick": "archive"})
    return found


def hosts(offered: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the origins a page may ask for tiles.

    Examples
    --------
    >>> hosts(grounds([], "en"))[0]
    'https://tile.openstreetmap.org'
    """
    urls = [url for one in offered for tiles in one.get("urls", ()) for url in tiles]
    return list(dict.fromkeys(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in urls))


def shifted(url: str) -> str | None:
    """Return the datum of a service whose tiles are shifted, None for one that is not known to be.

    Examples
    --------
    >>> shifted("https://webrd01.is.autonavi.com/appmaptile?x={x}&y={y}&z={z}")
    'GCJ-02'
    >>> shifted("https://tiles.example.gov.cn/{z}/{x}/{y}.png") is None
    True
    """
    host = (urlsplit(url).hostname or "").lower()
    known = _facts()["shifted"].items()
    return next((datum for datum, ends in known if any(host == end or host.endswith(f".{end}") for end in ends)), None)


def _service(one: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    layers = one.get("tianditu", ())
    urls = [list(tiles) for tiles in one.get("urls", ())] or [_tianditu(layer) for layer in layers]
    return {
        "id": one["id"],
        "title": one[lang],
        "urls": urls,
        "attribution": one["attribution"],
        "deepest": one["deepest"],
        "token": bool(layers),
        "note": say("mainmap.ground_tianditu" if layers else one["note"], lang),
    }


def _tianditu(layer: str) -> list[str]:
    table = _facts()["tianditu"]
    return [table["url"].replace("{server}", server).replace("{layer}", layer) for server in table["servers"]]


def _own(at: int, one: Mapping[str, Any], lang: Lang) -> dict[str, Any]:
    datum = shifted(one["url"])
    found = {"id": f"own{at}", "title": one["title"], "urls": [[one["url"]]], "deepest": one.get("deepest", 18)}
    found["attribution"] = one.get("attribution") or ""
    return found | ({"warning": True, "note": say("mainmap.ground_shifted", lang, datum=datum)} if datum else {})


@cache
def _facts() -> dict[str, Any]:
    return tomllib.loads(resource(__package__, "ground.toml"))
