"""Keep how a county's own layers are drawn: most pictures of a report show them in one window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd

from gis_planning.maps.print.pen import Mark, Picture, Window

#: Of so many windows it is kept; a report mostly has one, and now and then another one in between.
WINDOWS = 2


@dataclass(frozen=True)
class Backdrop:
    """The layers of a county on which its clauses are drawn, by name, in metres."""

    context: Mapping[str, gpd.GeoDataFrame]
    _marks: dict[Window, dict[str, list[Mark]]] = field(default_factory=dict)

    def lay(self, picture: Picture, name: str, draw: Callable[[Picture], object]) -> None:
        """Draw something on top of a picture; what has a name is drawn once in the same window."""
        kept = self._marks.setdefault(picture.window, {})
        while len(self._marks) > WINDOWS:
            self._marks.pop(next(one for one in self._marks if one != picture.window))
        if name not in kept:
            own = Picture(picture.window, picture.finest, picture.smallest)
            draw(own)
            kept[name] = own.marks
        picture.marks += kept[name]
