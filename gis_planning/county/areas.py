"""Know the area that rates of a county seat are divided by: the delivered one, else one worked out and called ours.

The urban area (TD/T 1064-2021), the town area (TD/T 1094-2024) and the built-up area differ. A clause names the one it
means; where that is not delivered another is taken, and every rate says which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_planning import geo, overlay
from gis_planning.conventions import KindTitle, facts
from gis_planning.conventions.landclasses import base, great_class
from gis_planning.errors import NotAssessed
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd

    from gis_planning.county.opened import County

#: The areas that are delivered, in the order in which one stands for another.
AREAS = ("urban_area", "town_area", "built_up_area")
#: What the seat's area is worked out from where none is delivered.
FROM = ("settlement_land", "land_use")
#: The layer that is nothing but the place of the seat.
SEAT = "seat"
#: Under these names of `attrs` a frame says which area it is, and from which layer it was worked out.
AREA, MADE_FROM = "area", "made_from"


def stands_for(county: County, layer: str) -> str | None:
    """Return the layer that an area is taken or worked out from; None where there is nothing for it."""
    order = dict.fromkeys((layer, *AREAS, *FROM))
    return next((one for one in order if one in county.tables), None)


def area_of(county: County, layer: str) -> gpd.GeoDataFrame:
    """Return the land of an area; `attrs` say which area it is and whether it was worked out.

    Raises
    ------
    NotAssessed
        Nothing that it could be worked out from is delivered, or no part of that holds the seat.
    """
    import geopandas as gpd  # noqa: PLC0415 - slow to import

    source = stands_for(county, layer)
    if source is None:
        raise NotAssessed("county.not_delivered", layer=KindTitle(layer))
    found: Any = county.layer(source)
    if source in AREAS:
        return found
    town = _towns(found, source, county)
    place = seat(county)
    part = _part_with(town, place, county.areas.joined_m)
    if not len(part):
        raise NotAssessed("county.seat_in_no_town", layer=county.called(source), area=KindTitle(layer))
    made = gpd.GeoDataFrame(geometry=part, crs=county.crs)
    made.attrs = {AREA: "built_up_area", MADE_FROM: source}
    return made


def seat(county: County) -> shapely.Point:
    """Return where the county's government sits, in the working CRS.

    Stated in county.toml, else a point on the urban area, else on the town area, else on the study area.
    """
    stated = county.settings.seat
    if stated is not None:
        degrees = geo.parse_crs("EPSG:4490", source=str(county.folder / "county.toml"))
        return geo.reproject(np.array([shapely.Point(stated)]), degrees, county.crs)[0]
    frame: Any = county.layer(_holds_seat(county))
    return shapely.point_on_surface(shapely.union_all(frame.geometry.to_numpy()))


def has_seat(county: County) -> bool:
    """Say whether the seat is stated, or some land is delivered that a place for it can be taken from."""
    return county.settings.seat is not None or any(one in county.tables for one in (*AREAS[:2], "study_area"))


def seat_layer(county: County) -> gpd.GeoDataFrame:
    """Return the seat as a layer of one point; `attrs` say what it was worked out from where it is not stated."""
    import geopandas as gpd  # noqa: PLC0415 - slow to import

    found = gpd.GeoDataFrame(geometry=[seat(county)], crs=county.crs)
    found.attrs = {} if county.settings.seat is not None else {MADE_FROM: _holds_seat(county)}
    return found


def _holds_seat(county: County) -> str:
    return next((one for one in AREAS[:2] if one in county.tables), "study_area")


def divided_by(frame: gpd.GeoDataFrame) -> tuple[str | None, tuple[Text, ...]]:
    """Return which area a rate is divided by, with the note that says so; nothing where it is what the clause says."""
    area, made_from = frame.attrs.get(AREA), frame.attrs.get(MADE_FROM)
    if area is None:
        return None, ()
    if made_from is None:
        return str(area), (text("areas.by", area=KindTitle(str(area))),)
    return str(area), (text("areas.made", area=KindTitle(str(area)), made_from=KindTitle(str(made_from))),)


def _towns(frame: gpd.GeoDataFrame, source: str, county: County) -> Any:
    """Return the land of towns: by the settlement's class, or built classes of land use that are part of a town."""
    classes = frame["class"].tolist() if "class" in frame.columns else [None] * len(frame)
    if source == "settlement_land":
        # 201A is land of industry that lies apart.
        chosen = [str(one or "").strip().upper() in facts("areas")["town_classes"] for one in classes]
    else:
        settings = county.settings.great_classes
        chosen = [
            great_class(one, settings) == "built" and (base(one) or "") not in county.areas.without for one in classes
        ]
    return frame.geometry.to_numpy()[np.array(chosen, dtype=bool)]


def _part_with(land: Any, place: shapely.Point, joined_m: float) -> Any:
    """Return the pieces of land that hang together with the piece that holds a place, gaps below `joined_m` aside."""
    pieces, _ = overlay.polygons_of(overlay.dissolve(land)) if len(land) else (land, None)
    if not len(pieces):
        return pieces
    tree = shapely.STRtree(pieces)
    left, right = tree.query(pieces, predicate="dwithin", distance=joined_m)
    group = overlay.groups_of(len(pieces), left, right)
    holds = tree.query(place, predicate="intersects")
    if not len(holds):
        # The seat may stand on a square or a street between blocks of the town.
        holds = tree.query(place, predicate="dwithin", distance=joined_m)
    return pieces[np.isin(group, group[holds])] if len(holds) else pieces[:0]
