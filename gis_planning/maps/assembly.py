"""Put a page together: Leaflet, our style, the panel, what is drawn, and the programs that draw it."""

from __future__ import annotations

from typing import Any

from gis_planning.maps.leaflet import OfflineMap, OfflinePage, Verbatim
from gis_planning.maps.templates import packed, policy, render, resource
from gis_planning.texts import Lang, say
from gis_planning.view.numbers import shortened

LONGEST_TITLE = 120
#: What the shared program says.
WORDS = ("search_none", "search_count", "more", "less", "zoom_in", "zoom_out", "whole", "close", "north")
_NO_POLICY = "<!--policy-->"


def assembled(
    name: str,
    program: str,
    body: str,
    payload: dict[str, Any],
    lang: Lang,
    *,
    county: str,
    document: str,
    canvas: bool,
) -> str:
    """Return a page as HTML that makes no request and runs no program but ours.

    Parameters
    ----------
    name
        What the map is called in the page.
    program
        The page's own program, which builds on base.js.
    body
        The panel.
    payload
        What the programs draw; what the shared one says is added to its `words`.
    canvas
        Whether features are drawn on one canvas rather than as shapes of their own.
    """
    page, map_ = OfflinePage(lang), OfflineMap(name, canvas=canvas)
    title = say("map.page_title", lang, county=shortened(county, LONGEST_TITLE), document=document)
    page.header.add_child(Verbatim(render(__package__, "head.html.j2", lang, title=title, policy=_NO_POLICY)))
    page.header.add_child(Verbatim(f"<style>{resource(__package__, 'page.css')}</style>"))
    page.html.add_child(Verbatim(body))
    words = {word: say(f"map.{word}", lang) for word in WORDS} | payload["words"]
    data = packed(payload | {"words": words})
    page.html.add_child(Verbatim(f'<script type="application/gzip" id="payload">{data}</script>'))
    page.html.add_child(Verbatim(render(__package__, "outdated.html.j2", lang)))
    page.add_child(map_)
    map_.render()
    for one in ("base.js", program):
        page.script.add_child(Verbatim(resource(__package__, one)))
    html = str(page.render())
    return html.replace(_NO_POLICY, policy(html), 1)
