"""Build the street networks of a county, or take them from the cache, where they lie by their content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gis_planning.cache import shelf
from gis_planning.conventions import KindTitle, kinds
from gis_planning.formats.read import sources
from gis_planning.streets import Mode, Streets, build
from gis_planning.texts import text

if TYPE_CHECKING:
    from gis_planning.county.opened import County

DRIVEN = "drive_network"


def network(county: County, layer: str, built_from: tuple[str, ...], *, read: bool) -> Streets:
    """Return a network; with `read` the layers it is built from count as inputs of the run either way."""
    used = [one for one in built_from if county.has(one)]
    delivered = {}
    for one in used:
        if read:
            county.layer(one)
        table, source = county.tables[one], county.source_of(county.tables[one])
        if table.source is not None:
            sources.look_before_reading(source)
            digest = sources.fingerprint(source, table=table.layer, where=table.where)
            delivered[one] = {**table.model_dump(), "sha256": digest}
    speeds = county.speeds_kmh if layer == DRIVEN else {}
    key = shelf.key_of({"network": layer, "crs": county.crs.to_wkt(), "sources": delivered, "speeds_kmh": speeds})
    found: Streets | None = shelf.load(key)
    if found is None:
        layers: dict[str, Any] = {one: county.layer(one) for one in used}
        county.progress(text("cli.building", network=KindTitle(layer)))
        found = built(layer, layers, speeds)
        shelf.save(key, found)
    # A county has one network for walking and one for driving, which leave out different streets.
    notes = [text("streets.note_speeds", speeds=[f"{one} {kmh:g}" for one, kmh in speeds.items()])] if speeds else []
    county.warnings += (text(f"streets.of_{found.mode}", note=note) for note in (*notes, *found.report.notes()))
    return found


def built(layer: str, layers: Mapping[str, Any], speeds_kmh: Mapping[str, float] | None = None) -> Streets:
    """Build a network from the layers of a county, by their kind, with the county's own speeds of cars."""
    mode: Mode = "drive" if layer == DRIVEN else "walk"
    used = {one: layers.get(one) for one in kinds()[layer].built_from if one != "streets"}
    return build(layers["streets"], **used, mode=mode, speeds_kmh=speeds_kmh)
