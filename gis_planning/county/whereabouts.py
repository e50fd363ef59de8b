"""Know where the layers of a county lie, without reading more of them than is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import numpy as np
import pyproj

from gis_planning.conventions import KindTitle
from gis_planning.county import place
from gis_planning.county.file import LayerTable
from gis_planning.county.source import boxed, peek
from gis_planning.errors import InputError, NotAssessed
from gis_planning.formats.address import Source

#: Where a county lies is told by these, if they are delivered.
FRAMES = ("study_area", "districts")
#: What serves a county from afar: streets, and facilities of these kinds.
REACHED = frozenset({"streets", "motorway_ramp", "railway_station", "airport", "city"})


class Whereabouts:
    """The boxes of a county's layers.

    Parameters
    ----------
    layers
        What has been read, by name: tables of shapes count.
    source
        Returns where a layer's source is.
    read
        Reads a layer.
    """

    def __init__(
        self, layers: Mapping[str, Any], source: Callable[[LayerTable], Source], read: Callable[[str], Any]
    ) -> None:
        self._layers, self._source, self._read = layers, source, read
        self._boxes: dict[str, place.Box | None] = {}
        self._exact: set[str] = set()
        #: Layers that are being read, and cannot be asked for.
        self.busy: list[str] = []

    def around(self, layer: str, tables: Mapping[str, LayerTable], crs: pyproj.CRS) -> dict[str, place.Box]:
        """Return what tells where a layer has to lie, with its box: study area and districts, else all others.

        A study area of which county.toml says that it truly lies where it does counts with all its parts.
        """
        known = [
            name
            for name, table in tables.items()
            if name != layer
            and (not table.lies_outside or name in FRAMES)
            and (table.source is not None or name in self._layers)
        ]
        for names in ([one for one in known if one in FRAMES], known):
            if found := {name: box for name in names if (box := self._box(name, tables[name], crs)) is not None}:
                return found
        return {}

    def near(
        self, layer: str, frame: Any, near_km: float, tables: Mapping[str, LayerTable], crs: pyproj.CRS
    ) -> place.Near:
        """Return where the features of a layer have to lie; what serves a county may lie far from it."""
        served = frame["kind"].isin(REACHED) if layer == "facilities" else np.full(len(frame), layer in REACHED)
        there = self.around(layer, tables, crs) if len(frame) else {}

        def others() -> dict[str, place.Lying]:
            """Return where all other layers lie, but for those that truly lie elsewhere."""
            return {
                name: place.Lying(box, self._source(table), table.layer or KindTitle(name))
                for name, table in tables.items()
                if name != layer and table.source is not None and not table.lies_outside
                if (box := self._box(name, table, crs)) is not None
            }

        return place.Near(layer, there, near_km, np.asarray(served, dtype=bool), others)

    def _box(self, layer: str, table: LayerTable, crs: pyproj.CRS) -> place.Box | None:
        """Return where a layer lies, strays left out unless they truly lie there; None if that is not known."""
        if layer not in self._layers and layer not in self._boxes:
            self._boxes[layer] = self._glance(layer, table, crs)
        if layer in self._layers and layer not in self._exact:
            self._exact.add(layer)
            shapes = getattr(self._layers[layer], "geometry", None)
            self._boxes[layer] = None if shapes is None else boxed(place.boxes_of(shapes.to_numpy()), table, crs)
        return self._boxes[layer]

    def _glance(self, layer: str, table: LayerTable, crs: pyproj.CRS) -> place.Box | None:
        if table.source is None:
            return None
        found = peek(self._source(table), table, crs)
        if found is None and layer in FRAMES and layer not in self.busy:
            # What is wrong with it is told to whoever needs it for more than this.
            with suppress(InputError, NotAssessed):
                self._read(layer)
        return found
