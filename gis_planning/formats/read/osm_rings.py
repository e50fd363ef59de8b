"""Give the land of OpenStreetMap ways the holes that an untagged relation cuts into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from gis_planning.formats.read.osm_tags import is_area, read_keys
from gis_planning.geo import Geometries

Tags = dict[str, str]


@dataclass(frozen=True)
class Elements:
    """Elements of an extract: their ids, tags and geometries."""

    ids: list[str]
    tags: list[Tags]
    geometry: list[Any]


@dataclass(frozen=True)
class Broken:
    """Relations whose land cannot be put together: the tags of those lost, and the ways that stay without holes."""

    lost: dict[str, Tags]
    unholed: list[str]


def with_holes(found: Elements, path: Path, locations: Callable[[Path], Any]) -> tuple[Elements, Broken]:
    """Return elements with the holes of multipolygons whose tags stand on their outer ways; and what is not whole.

    Before 2017 the tags of a multipolygon could stand on its outer way, the relation having none. Such a way is land
    without what the relation's inner rings enclose. Land of several outer ways, none closed, comes as the relation.
    An inner way with the very tags of the outer one is a hole and no land. A closed way stays land where holes of its
    relation lie outside the extract.

    Parameters
    ----------
    found
        What was read.
    path
        The extract.
    locations
        Makes the table of node places for it.
    """
    relations = _relations(path)
    at = {one: place for place, one in enumerate(found.ids)}
    land = {}
    for relation, (outer, _) in relations.items():
        tagged = [one for one in outer if one in at and is_area(found.tags[at[one]])]
        if tagged:
            land[relation] = tagged
    shapes = _shapes(path, land, locations) if land else {}
    geometry, dropped, more, broken = list(found.geometry), set(), Elements([], [], []), Broken({}, [])
    for relation, tagged in land.items():
        whole, first = shapes.get(relation), found.tags[at[tagged[0]]]
        closed = [one for one in tagged if shapely.get_dimensions(geometry[at[one]]) == 2]
        if whole is None:
            broken.unholed.extend(closed)
            if not closed:
                broken.lost[f"relation/{relation}"] = first
            continue
        for one in closed:
            geometry[at[one]] = _land(shapely.intersection(geometry[at[one]], whole))
        if not closed:
            more.ids.append(f"relation/{relation}")
            more.tags.append(first)
            more.geometry.append(whole)
        dropped |= {one for one in relations[relation][1] if one in at and found.tags[at[one]] == first}
    dropped |= {one for one, shape in zip(found.ids, geometry, strict=True) if shapely.is_empty(shape)}
    kept = [place for place, one in enumerate(found.ids) if one not in dropped]
    return Elements(
        [found.ids[place] for place in kept] + more.ids,
        [found.tags[place] for place in kept] + more.tags,
        [geometry[place] for place in kept] + more.geometry,
    ), broken


def _relations(path: Path) -> dict[int, tuple[list[str], list[str]]]:
    """Return the outer and the inner ways of multipolygons that say nothing themselves."""
    import osmium  # noqa: PLC0415 - only needed here

    said = set(read_keys())
    wanted = osmium.filter.TagFilter(("type", "multipolygon"))
    found = {}
    for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION).with_filter(wanted):
        if any(tag.k in said for tag in relation.tags):
            continue
        ways = [(member.role, f"way/{member.ref}") for member in relation.members if member.type == "w"]
        found[relation.id] = (
            [way for role, way in ways if role != "inner"],
            [way for role, way in ways if role == "inner"],
        )
    return found


def _shapes(path: Path, wanted: dict[int, Any], locations: Callable[[Path], Any]) -> dict[int, Any]:
    """Return the land of relations, as far as it can be put together."""
    import osmium  # noqa: PLC0415 - only needed here

    factory, found = osmium.geom.WKBFactory(), {}
    areas = osmium.FileProcessor(str(path)).with_locations(locations(path))
    areas = areas.with_areas(osmium.filter.IdFilter(wanted)).with_filter(osmium.filter.EntityFilter(osmium.osm.AREA))
    for area in areas:
        if area.from_way() or area.orig_id() not in wanted:
            continue
        try:
            found[area.orig_id()] = _land(shapely.from_wkb(factory.create_multipolygon(area)))
        except (RuntimeError, osmium.InvalidLocationError):
            continue
    return found


def _land(shape: Any) -> Any:
    """Return the polygons of a shape, one alone as itself."""
    parts: Geometries = shapely.get_parts(shape)
    parts = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
