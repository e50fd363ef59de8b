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
    key = shelf.key_of({"network": layer, "crs": county.crs.to_wkt(), "sources": delivered})
    found: Streets | None = shelf.load(key)
    if found is None:
        layers: dict[str, Any] = {one: county.layer(one) for one in used}
        county.progress(text("cli.building", network=KindTitle(layer)))
        found = built(layer, layers)
        shelf.save(key, found)
    # A county has one network for walking and one for driving, which leave out different streets.
    county.warnings += (text(f"streets.of_{found.mode}", note=note) for note in found.report.notes())
    return found


def built(layer: str, layers: Mapping[str, Any]) -> Streets:
    """Build a network from the layers of a county, by their kind."""
    mode: Mode = "drive" if layer == "drive_network" else "walk"
    used = {one: layers.get(one) for one in kinds()[layer].built_from if one != "streets"}
    return build(layers["streets"], **used, mode=mode)
