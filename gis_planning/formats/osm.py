"""Make a county folder from OpenStreetMap: an extract, or a place by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gis_planning import geo
from gis_planning.conventions import facts
from gis_planning.errors import SourceError
from gis_planning.formats.address import refuse_password
from gis_planning.formats.read.osm_area import (
    MOST_NAMES,
    Area,
    Title,
    by_content,
    districts_of,
    lower_boundaries,
    named,
)
from gis_planning.formats.read.osm_file import DEGREES, read_extract
from gis_planning.formats.read.osm_gates import with_gates
from gis_planning.formats.read.osm_place import AROUND_M, read_place
from gis_planning.formats.read.osm_tags import boundaries_of, layer_of, layers_of, metric_crs
from gis_planning.formats.read.osm_turns import turn_restrictions
from gis_planning.formats.read.vector import Delivered, Lost
from gis_planning.formats.write.folder import refuse_occupied, write_county
from gis_planning.homes import homes_on_land
from gis_planning.texts import Lang, Text, system_lang, text

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj

__all__ = ["OsmImport", "import_osm", "layers_of", "read_extract", "read_place", "read_streets"]

#: What is said of an import that stays true whatever is added to the county.
LASTING = ("osm.note_edge",)


@dataclass(frozen=True)
class OsmImport:
    """What an import from OpenStreetMap brought.

    Attributes
    ----------
    out
        The county folder.
    name
        The county's name as written into county.toml.
    choice
        How the study area was chosen.
    crs
        The working CRS written into county.toml.
    counts
        Features written, by layer kind.
    skipped
        Id and name of each element whose geometry could not be built.
    notes
        What a person should know: what is missing, skipped or unreadable.
    data_date
        ISO date of the data, None when the source does not state it.
    """

    out: Path
    name: str
    choice: Text
    crs: str
    counts: dict[str, int]
    skipped: tuple[str, ...]
    notes: tuple[Text, ...]
    data_date: str | None

    def to(self, lang: Lang) -> str:
        """Return what a person should read after the import, a line for each thing."""
        date = self.data_date or text("osm.date_unknown")
        head = text("osm.summary", out=self.out, name=self.name, crs=self.crs, date=date)
        layers = [text("osm.summary_layer", kind=Title(kind), count=count) for kind, count in self.counts.items()]
        return "\n".join(line.to(lang) for line in (head, *layers, self.choice, *self.notes, text("osm.attribution")))


def import_osm(
    source: str | Path,
    out: Path,
    *,
    area: str | None = None,
    district_level: int | None = None,
    lang: Lang | None = None,
    overpass_url: str | None = None,
    nominatim_url: str | None = None,
) -> OsmImport:
    """Make a county folder from OpenStreetMap.

    Parameters
    ----------
    source
        An extract (.osm.pbf, .osm ...) or, if it does not look like a file, the name of a place to download.
    out
        The county folder to make; it must not hold files.
    area
        For an extract: the name of the boundary or place in it that is the study area. Left out: the complete
        administrative boundary that holds most of the mapped buildings, residential land and streets (the mean of the
        three shares), the smallest of several that hold the same; if it does not hold half of each, a rectangle (the
        one the extract states, else around these).
    district_level
        The admin_level of the boundaries that become districts. Left out: the next level below the study area's that
        covers nine tenths of it, else the one that covers most.
    lang
        The language of the county; left out: its runs speak the system's. The note in county.toml is in both.
    overpass_url, nominatim_url
        Other servers for a place than the public ones.

    Returns
    -------
    OsmImport
        What was written. Layers hold what touches the study area or lies within 2 km of it, uncut, in EPSG:4326.

    Raises
    ------
    SourceError
        See `read_extract` and `read_place`; or `area` is not in the extract, or not whole; or no boundary of
        `district_level` is in the study area.
    OutputError
        `out` holds files or cannot be written.
    """
    refuse_password(source)
    refuse_occupied(Path(out))
    features, layers, boundaries, chosen = _read(source, area, overpass_url, nominatim_url)
    study_area = _frame([chosen.name], [chosen.geometry])
    crs = metric_crs(study_area)
    found = _near(layers, _around(study_area, crs))
    lower = lower_boundaries(boundaries, study_area, crs, chosen.level)
    districts = districts_of(lower, source, district_level)
    layers = {"study_area": study_area} | ({"districts": districts} if len(districts) else {}) | found
    skipped, date = features.attrs["skipped"], features.attrs["data_date"]
    notes = [*_notes(layers, chosen, lower, skipped), *_homes(layers, crs), *_not_whole(source, features, layers)]
    county = {"name": chosen.name, "crs": geo.crs_name(crs), "lang": lang, "data_date": date}
    beside = [one.to(lang or system_lang()) for one in notes if one.key not in LASTING]
    write_county(Path(out), county=county | _note(chosen, notes), layers=layers, comments={"county": beside})
    counts = {kind: len(layer) for kind, layer in layers.items()}
    return OsmImport(Path(out), chosen.name, chosen.choice, county["crs"], counts, tuple(skipped), tuple(notes), date)


#: The features of a map, its layers, its boundaries, and the study area.
_Read = tuple["gpd.GeoDataFrame", "dict[str, gpd.GeoDataFrame]", "gpd.GeoDataFrame", Area]


def _read(source: str | Path, area: str | None, overpass_url: str | None, nominatim_url: str | None) -> _Read:
    """Read an extract, or download a place."""
    if _is_extract(source):
        features = read_extract(source)
        layers, boundaries = _layers(features) | _turns(source), boundaries_of(features)
        chosen = named(boundaries, features, area, source) if area else by_content(boundaries, layers, features, source)
        return features, layers, boundaries, chosen
    if area:
        raise SourceError("osm.area_of_place", place=source, area=area)
    features, boundary = read_place(str(source), overpass_url=overpass_url, nominatim_url=nominatim_url)
    name = boundary["name"].iloc[0]
    chosen = Area(name, boundary.geometry.iloc[0], text("osm.chosen_place", name=name, place=source))
    return features, _layers(features), boundaries_of(features), chosen


def _not_whole(source: str | Path, features: gpd.GeoDataFrame, layers: dict[str, gpd.GeoDataFrame]) -> list[Text]:
    """Return what is to be said of features that came in part or not at all."""
    notes = [note for kind, layer in layers.items() for note in _cut_notes(layer, kind, features)]
    return notes + [lost.reason for lost in _lost(source, features).values()]


def _note(chosen: Area, notes: list[Text]) -> dict[str, str]:
    """Return the note that every page tells: not what the first change of county.toml makes untrue."""
    said = [text("osm.attribution"), chosen.choice, *(one for one in notes if one.key in LASTING)]
    return {"note": _together(said, "zh"), "note_en": _together(said, "en")}


def _together(notes: list[Text], lang: Lang) -> str:
    return ("" if lang == "zh" else " ").join(note.to(lang) for note in notes)


def read_streets(path: Path | str) -> Delivered:
    """Read the streets of an OpenStreetMap extract (see `read_extract`), the table that `import_osm` writes, all of it.

    Returns
    -------
    Delivered
        Lines, and polygons of squares, with `osm_id` and the fields of the streets layer, in EPSG:4326.

    Raises
    ------
    SourceError
        See `read_extract`; or there are no streets in it.
    """
    features = read_extract(path)
    layer = with_gates(layer_of(features, "streets"), features)
    if not len(layer):
        raise SourceError("streets.no_ways", source=path)
    lost = tuple(one for kind, one in _lost(path, features).items() if kind == "streets")
    warnings = (*_cut_notes(layer, "streets", features), *(one.reason for one in lost))
    return Delivered(layer, layer.crs, None, None, {}, warnings, lost=lost)


def _layers(features: gpd.GeoDataFrame) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers of a map, its streets closed at gates that shut walkers out."""
    layers = layers_of(features)
    if "streets" in layers:
        layers["streets"] = with_gates(layers["streets"], features)
    return layers


def _turns(source: str | Path) -> dict[str, gpd.GeoDataFrame]:
    """Return the forbidden turns of an extract as a layer, where there are any."""
    found = turn_restrictions(source)
    return {"turn_restrictions": found} if len(found) else {}


def _lost(source: str | Path, features: gpd.GeoDataFrame) -> dict[str, Lost]:
    """Return by kind of layer the land that could not be put together."""
    found = {}
    for kind, ids in features.attrs.get("lost", {}).items():
        told = {"source": source, "kind": Title(kind), "count": len(ids)}
        more = " ..." if len(ids) > MOST_NAMES else ""
        reason = text("osm.note_lost", **told, some=ids[:MOST_NAMES], more=more)
        found[kind] = Lost(len(ids), tuple(ids[:MOST_NAMES]), reason)
    return found


def _cut_notes(layer: gpd.GeoDataFrame, kind: str, features: gpd.GeoDataFrame) -> list[Text]:
    """Return what is to be said of lines that lack nodes, of land that lacks its holes, and of gates."""
    notes = []
    if gates := layer.attrs.get("gates"):
        notes.append(text("osm.note_gates", count=gates))
    if "osm_id" in layer:
        if whole := layer[layer["osm_id"].isin(features.attrs.get("unholed", ()))]["osm_id"].tolist():
            more = " ..." if len(whole) > MOST_NAMES else ""
            notes.append(
                text("osm.note_unholed", kind=Title(kind), count=len(whole), some=whole[:MOST_NAMES], more=more)
            )
        cut = layer[layer["osm_id"].isin(features.attrs.get("cut", ()))]
        if ids := cut["osm_id"].unique().tolist():
            length_m = float(shapely.length(geo.reproject(cut.geometry.to_numpy(), cut.crs, metric_crs(cut))).sum())
            more = " ..." if len(ids) > MOST_NAMES else ""
            told = {"kind": Title(kind), "count": len(ids), "length_m": length_m}
            notes.append(text("osm.note_cut", **told, some=ids[:MOST_NAMES], more=more))
    return notes


def _is_extract(source: str | Path) -> bool:
    return (
        isinstance(source, Path)
        or source.casefold().endswith(tuple(facts("osm")["extracts"]))
        or Path(source).is_file()
    )


def _around(study_area: gpd.GeoDataFrame, crs: pyproj.CRS) -> geo.Geometries:
    """Return the study area with 2 km around it, in degrees."""
    plane = geo.reproject(study_area.geometry.to_numpy(), study_area.crs, crs)
    return geo.reproject(geo.buffer(plane, AROUND_M), crs, study_area.crs)[0]


def _near(layers: dict[str, gpd.GeoDataFrame], land: geo.Geometries) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers with features that touch a polygon, and those features."""
    return {kind: near for kind, layer in layers.items() if len(near := _touching(layer, land))}


def _touching(layer: gpd.GeoDataFrame, land: geo.Geometries) -> gpd.GeoDataFrame:
    """Return the features that touch a polygon, uncut."""
    return layer.iloc[np.sort(layer.sindex.query(land, predicate="intersects"))].reset_index(drop=True)


def _notes(layers: dict[str, gpd.GeoDataFrame], area: Area, lower: gpd.GeoDataFrame, skipped: list[str]) -> list[Text]:
    notes = []
    if not area.whole:
        notes.append(text("osm.note_edge"))
    if "districts" in layers:
        level = int(layers["districts"]["level"].iloc[0])
        notes.append(text("osm.note_districts", count=len(layers["districts"]), level=level))
        others = [f"{int(one)} ({count})" for one, count in lower.groupby("level").size().items() if one != level]
        if others:
            notes.append(text("osm.note_levels", levels=others))
    if "residential" not in layers:
        notes.append(text("osm.note_no_residential"))
    missing = [
        Title(kind) for kind in ("districts", *facts("osm")["layers"]) if kind not in layers and kind != "residential"
    ]
    if missing:
        notes.append(text("osm.note_missing", kinds=missing))
    schools = int((layers["facilities"]["kind"] == "other").sum()) if "facilities" in layers else 0
    if schools:
        notes.append(text("osm.note_schools", count=schools))
    notes += _unread_notes(layers)
    if skipped:
        more = " ..." if len(skipped) > MOST_NAMES else ""
        notes.append(text("osm.note_skipped", count=len(skipped), some=skipped[:MOST_NAMES], more=more))
    return notes


def _unread_notes(layers: dict[str, gpd.GeoDataFrame]) -> Iterator[Text]:
    """Yield what is to be said of fields and turns that could not be taken over."""
    over = layers["turn_restrictions"].attrs if "turn_restrictions" in layers else {}
    if left := over.get("by_way", 0) + over.get("outside", 0):
        yield text("osm.note_turns_left", count=left)
    for kind, layer in layers.items():
        for field, count in layer.attrs.get("unread", {}).items():
            yield text("osm.note_unread", kind=Title(kind), field=field, count=count)


def _homes(layers: dict[str, gpd.GeoDataFrame], crs: pyproj.CRS) -> list[Text]:
    """Say how much of the homes stands on residential land, as far as buildings are mapped."""
    if "buildings" not in layers:
        return [text("homes.import_without_buildings")]
    plane = {
        one: layers[one].set_geometry(geo.reproject(layers[one].geometry.to_numpy(), layers[one].crs, crs), crs=crs)
        for one in ("residential", "study_area", "buildings")
        if one in layers
    }
    # Without residential land the study area stands for it, which counts all homes.
    found = homes_on_land(plane.get("residential", plane["study_area"]), plane["study_area"], plane["buildings"])
    if found.share is None:
        return [text("homes.import_without_homes")]
    floor = {"floor": f"{found.on_land_m2 / 10_000:,.2f}", "all_floor": f"{found.floor_m2 / 10_000:,.2f}"}
    key = "homes.at_import" if "residential" in layers else "homes.import_without_land"
    return [text(key, **floor, count=found.on_land, of=found.buildings, share=f"{found.share:.2%}")]


def _frame(names: list[str], geometries: list[geo.Geometries]) -> gpd.GeoDataFrame:
    import geopandas as gpd  # noqa: PLC0415 - slow to import

    return gpd.GeoDataFrame({"name": names}, geometry=geometries, crs=DEGREES)
