"""Read the forbidden turns of an OpenStreetMap extract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from gis_planning.formats.read.osm_file import DEGREES

if TYPE_CHECKING:
    import geopandas as gpd

#: The tags that say what is forbidden, those for cars first.
TAGS = ("restriction:motorcar", "restriction")
#: Who is not meant by a restriction that does not mean cars.
CARS = {"motorcar", "motor_vehicle"}


def turn_restrictions(path: Path | str) -> gpd.GeoDataFrame:
    """Return the turns that cars may not make, as points where streets meet.

    Returns
    -------
    GeoDataFrame
        `osm_id`, `from_id`, `to_id` (as `osm_id` of streets) and `kind`, in EPSG:4326; a row for each street from which
        one comes and each into which one goes. `attrs` holds `by_way`, the number of restrictions that lead over a
        street in between and are left out, and `outside`, that of those whose junction is not in the extract.
    """
    import geopandas as gpd  # noqa: PLC0415 - slow to import
    import osmium  # noqa: PLC0415 - only needed here

    found, by_way = [], 0
    wanted = osmium.filter.KeyFilter(*TAGS)
    for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION).with_filter(wanted):
        kind = _kind(relation)
        roles: dict[str, list[str]] = {}
        for member in relation.members:
            roles.setdefault(f"{member.role}/{member.type}", []).append(str(member.ref))
        if kind is None or not (roles.get("from/w") and roles.get("to/w")):
            continue
        via = roles.get("via/n", [])
        by_way += len(via) != 1
        if len(via) == 1:
            pairs = [(one, other) for one in roles["from/w"] for other in roles["to/w"]]
            found += [(relation.id, int(via[0]), one, other, kind) for one, other in pairs]
    spots = dict(_spots(path, {node for _, node, *_ in found}))
    rows = [
        (f"relation/{id_}", f"way/{one}", f"way/{other}", kind, shapely.Point(spots[node]))
        for id_, node, one, other, kind in found
        if node in spots
    ]
    layer = gpd.GeoDataFrame(rows, columns=["osm_id", "from_id", "to_id", "kind", "geometry"], crs=DEGREES)
    layer.attrs = {"by_way": by_way, "outside": len({one[0] for one in found if one[1] not in spots})}
    return layer


def _kind(relation: Any) -> str | None:
    """Return what is forbidden to cars; None where nothing is."""
    excepted = {one.strip() for one in relation.tags.get("except", "").split(";")}
    if excepted & CARS or relation.tags.get("type", "").partition(":")[0] != "restriction":
        return None
    said = next((relation.tags[tag] for tag in TAGS if tag in relation.tags), None)
    return None if said is None else str(said)


def _spots(path: Path | str, nodes: set[int]) -> Iterator[tuple[int, tuple[float, float]]]:
    """Yield where nodes lie, of those that are in the extract."""
    import osmium  # noqa: PLC0415 - only needed here

    if nodes:
        for node in osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.IdFilter(nodes)):
            yield node.id, (node.location.lon, node.location.lat)
