"""Put Leaflet itself into the maps of notebooks: they open with no network and no request."""

from __future__ import annotations

import base64
import re
from functools import cache
from importlib.resources import files
from typing import Any

import folium
from branca.element import Element
from jinja2 import Template

_PACKAGE = "xstatic.pkg.leaflet"


class Verbatim(Element):  # type: ignore[misc]
    """A piece of page printed as it is; branca takes a string for a template, and texts of users may look like one."""

    _template = Template("{{ this.content }}")

    def __init__(self, content: str) -> None:
        super().__init__()
        self.content = content


class WithLeaflet(folium.Map):  # type: ignore[misc]
    """A folium map with Leaflet's own files in the page instead of links to a CDN, so that it opens offline."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own declaration
    default_css: list[tuple[str, str]] = []  # noqa: RUF012

    def render(self, **kwargs: Any) -> None:
        """Put Leaflet into the head of the page, then the map into its body."""
        header = self.get_root().header
        header.add_child(Verbatim(f"<style>{style()}</style>"), name="leaflet_css")
        header.add_child(Verbatim(f"<script>{script()}</script>"), name="leaflet")
        super().render(**kwargs)


@cache
def script() -> str:
    """Return Leaflet's program, with its licence notice and without the link to its map for debuggers."""
    return re.sub(r"//# sourceMappingURL=\S*", "", _asset("leaflet.js").decode("utf-8")).strip()


@cache
def style() -> str:
    """Return Leaflet's style sheet with its images in it."""

    def inline(found: re.Match[str]) -> str:
        return f"url(data:image/png;base64,{base64.b64encode(_asset(found[1])).decode()})"

    return re.sub(r"url\((images/[\w.-]+)\)", inline, _asset("leaflet.css").decode("utf-8"))


def _asset(name: str) -> bytes:
    place = files(_PACKAGE) / "data"
    for step in name.split("/"):
        place = place / step
    return place.read_bytes()
