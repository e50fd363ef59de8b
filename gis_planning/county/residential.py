"""Make residential land from the homes among a county's buildings, where county.toml asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis_planning import geo, homes
from gis_planning.errors import LayerError
from gis_planning.results.ledger import Input

if TYPE_CHECKING:
    import geopandas as gpd

    from gis_planning.county.opened import County


def made(county: County, layer: str) -> gpd.GeoDataFrame:
    """Return residential land made from the homes among the buildings, and write down what it was made from.

    Raises
    ------
    LayerError
        No building is a home.
    """
    buildings: Any = county.layer("buildings")
    land_use, streets = (county.layer(one) if county.has(one) else None for one in ("land_use", "streets"))
    chosen, _ = homes.which_are_homes(buildings, county.layer("study_area"), land_use)
    grown_m = county.homes.grown_m
    land = homes.land_from_buildings(buildings, streets, chosen, grown_m=grown_m)
    if not len(land):
        raise LayerError("homes.none_to_make_land", source=county.folder / "county.toml")
    digest = next((entry.sha256 for entry in county.inputs if entry.layer == "buildings"), "")
    name, how = geo.crs_name(county.crs), f"grown_m = {grown_m:g}"
    county.inputs.append(Input(layer, "buildings", digest, len(land), name, where=how))
    return land
