"""Read the tagged features of an OpenStreetMap extract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from gis_planning.errors import SourceError
from gis_planning.formats.read.osm_rings import Elements, with_holes
from gis_planning.formats.read.osm_tags import is_area, kept_keys, land_of, read_keys
from gis_planning.geo import Geometries

if TYPE_CHECKING:
    import geopandas as gpd

DEGREES = "EPSG:4326"
Row = tuple[str, dict[str, str], str]  # id, tags, geometry as hexadecimal WKB
Element = Any  # a pyosmium object
Build = Callable[[Element], str]


@dataclass(frozen=True)
class _Missed:
    """What could not be read whole.

    The tags of elements without a geometry, the ids of lines that lack nodes, and of land that lacks its holes.
    """

    whole: dict[str, dict[str, str]]
    cut: list[str]
    unholed: list[str]


def read_extract(path: Path | str) -> gpd.GeoDataFrame:
    """Return the features of an extract that have a tag we use.

    Parameters
    ----------
    path
        An .osm.pbf, .osm, .osm.gz, .osm.bz2 or .o5m file.

    Returns
    -------
    GeoDataFrame
        `osm_id` and one column per tag, in EPSG:4326; see `osm_tags`. Closed ways are polygons where their tags say
        that they are land, and lines otherwise. Of a line some of whose nodes are not in the extract the stretches of
        two or more nodes that are come as one feature, of several parts where it is left and entered again. Land is
        without the holes that a relation cuts into it, also where the tags stand on its outer way. `attrs` holds
        `skipped` (id and name of each element whose geometry cannot be built: relations with members outside the
        extract, rings that do not close or have two points), `lost` (by kind of layer, the ids of those that would be
        land in it), `cut` (ids of lines that lack nodes), `unholed` (ids of land whose holes lie outside the extract),
        `data_date` (ISO date of the data, None when the extract does not state it) and `box` (west, south, east, north
        as the extract states it, or None).

    Raises
    ------
    SourceError
        The file is missing, is not an OpenStreetMap file or breaks off, or no feature in it has a tag we use.
    """
    import geopandas as gpd  # noqa: PLC0415 - slow to import
    import osmium  # noqa: PLC0415 - only needed here

    path = Path(path)
    if not path.is_file():
        raise SourceError("osm.missing_file", source=path)
    missed = _Missed({}, [], [])
    try:
        header = _header(path)
        found = _read(path, missed)
    except (RuntimeError, OSError, ValueError, osmium.InvalidLocationError) as fault:
        raise SourceError("osm.not_osm", source=path, reason=fault) from None
    if not found.ids:
        raise SourceError("osm.nothing_mapped", source=path)
    features = gpd.GeoDataFrame(columns_of(found.tags), geometry=found.geometry, crs=DEGREES)
    features.insert(0, "osm_id", found.ids)
    features.attrs = header | {
        "skipped": [f"{one} {tags.get('name', '')}".strip() for one, tags in missed.whole.items()],
        "lost": _lost(missed.whole),
        "cut": missed.cut,
        "unholed": missed.unholed,
    }
    return features


def _read(path: Path, missed: _Missed) -> Elements:
    rows = list(_features(path, missed))
    ids, tags, wkb = zip(*rows, strict=True) if rows else ((), (), ())
    found, broken = with_holes(Elements(list(ids), list(tags), list(_geometries(wkb))), path, _locations)
    missed.whole.update(broken.lost)
    missed.unholed.extend(broken.unholed)
    return found


def _lost(missed: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """Return by kind of layer the ids of elements that would be land in it."""
    ids = np.array(list(missed), dtype=object)
    kinds = land_of(pd.DataFrame(columns_of(missed.values()), dtype=object)) if missed else {}
    return {kind: ids[fits].tolist() for kind, fits in kinds.items() if fits.any()}


def columns_of(tags: Iterable[dict[str, str]]) -> dict[str, list[str | None]]:
    """Return tags by column, None where a feature does not have one."""
    tags = list(tags)
    return {key: [tag.get(key) for tag in tags] for key in kept_keys()}


def _header(path: Path) -> dict[str, Any]:
    import osmium  # noqa: PLC0415 - only needed here

    with osmium.io.Reader(str(path), osmium.osm.NOTHING) as reader:
        header = reader.header()
        box = header.box()
        date = header.get("osmosis_replication_timestamp") or header.get("timestamp")
    stated = None
    if box.valid():
        low, high = box.bottom_left, box.top_right
        stated = (low.lon, low.lat, high.lon, high.lat)
    return {"data_date": date[:10] or None, "box": stated}


def _features(path: Path, missed: _Missed) -> Iterator[Row]:
    """Go through the extract; what should become a feature but never does is left in `missed`."""
    import osmium  # noqa: PLC0415 - only needed here

    wanted, lands = osmium.filter.KeyFilter(*read_keys()), osmium.filter.KeyFilter(*read_keys())
    processor = osmium.FileProcessor(str(path)).with_locations(_locations(path)).with_areas(lands).with_filter(wanted)
    shape = osmium.geom.WKBFactory()
    kept, built = set(kept_keys()), set()
    for element in processor:
        tags = {tag.k: tag.v for tag in element.tags if tag.k in kept}
        one, build = _identity(element, tags, shape)
        if one is None:
            continue
        if one not in built:
            missed.whole[one] = tags
        if build is None:
            continue
        try:
            geometry = build(element)
        except (RuntimeError, osmium.InvalidLocationError):
            stretches = _stretches(element) if element.is_way() else None
            if stretches is None:
                continue
            geometry = stretches
            missed.cut.append(one)
        # A relation's land comes as soon as its last way is read, which is before the relation itself.
        built.add(one)
        missed.whole.pop(one, None)
        yield one, tags, geometry


def _stretches(way: Element) -> str | None:
    """Return the parts of a way between nodes that are in the extract; None where no two neighbours are."""
    parts: list[list[tuple[float, float]]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            parts[-1].append((node.location.lon, node.location.lat))
        elif parts[-1]:
            parts.append([])
    lines = [shapely.LineString(part) for part in parts if len(set(part)) > 1]
    if not lines or sum(map(len, parts)) == len(way.nodes):
        return None
    return str(shapely.to_wkb(lines[0] if len(lines) == 1 else shapely.MultiLineString(lines), hex=True))


def _identity(element: Element, tags: dict[str, str], shape: Element) -> tuple[str | None, Build | None]:
    """Return an element's id and how its geometry is built: not at all where its land comes as another element."""
    if element.is_node():
        return f"node/{element.id}", shape.create_point
    if element.is_way():
        return f"way/{element.id}", None if element.is_closed() and is_area(tags) else shape.create_linestring
    if element.is_relation():
        return (f"relation/{element.id}" if element.tags.get("type") in {"multipolygon", "boundary"} else None), None
    if not element.from_way():
        return f"relation/{element.orig_id()}", shape.create_multipolygon
    return (f"way/{element.orig_id()}" if is_area(tags) else None), shape.create_multipolygon


def _locations(path: Path) -> Element:
    """Return a table of node places; XML files may list ways before their nodes, so there they are read ahead."""
    import osmium  # noqa: PLC0415 - only needed here

    table = osmium.index.create_map("flex_mem")
    if path.suffix != ".pbf":
        ahead = osmium.NodeLocationsForWays(table)
        ahead.ignore_errors()
        with osmium.io.Reader(str(path), osmium.osm.NODE) as reader:
            osmium.apply(reader, ahead)
    return table


def _geometries(wkb: tuple[str, ...]) -> Geometries:
    """Return geometries from hexadecimal WKB; multipolygons of one part become polygons."""
    geometries = shapely.from_wkb(np.array(wkb, dtype=object))
    single = (shapely.get_type_id(geometries) == shapely.GeometryType.MULTIPOLYGON) & (
        shapely.get_num_geometries(geometries) == 1
    )
    geometries[single] = shapely.get_geometry(geometries[single], 0)
    return geometries
