"""Download the OpenStreetMap features of a named place."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_planning import geo
from gis_planning.conventions import facts
from gis_planning.errors import SourceError
from gis_planning.formats.read.osm_file import DEGREES
from gis_planning.formats.read.osm_tags import SHAPES, kept_keys, metric_crs, read_keys

if TYPE_CHECKING:
    import geopandas as gpd

Module = Any  # osmnx, imported late

OVERPASS = "https://overpass-api.de/api"
NOMINATIM = "https://nominatim.openstreetmap.org"
#: Parks, streets and facilities this far outside still serve people inside.
AROUND_M = 2_000.0
#: Above this many values it is cheaper to ask for the whole key: each value is a statement with the whole outline.
MOST_VALUES = 6
#: The outline sent to the server is this much simpler than the true one (0.0045 degrees), and so much larger.
OUTLINE_M, OUTLINE_DEGREES = 500.0, 0.0045
GEOCODE_SECONDS, DOWNLOAD_SECONDS = 30, 180
#: How often a busy server is asked again; osmnx waits 55 seconds in between and would never give up.
MOST_BUSY = 3
#: How osmnx says that a server has nothing.
NOTHING_FOUND = ("0 results", "No matching features")


def read_place(
    name: str, *, overpass_url: str | None = None, nominatim_url: str | None = None
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Download the features of a place, and up to 2 km around it, that have a tag we use.

    Parameters
    ----------
    name
        The place as Nominatim understands it, for example `"Jining District, Ulanqab, China"`.
    overpass_url, nominatim_url
        Other servers than the public ones.

    Returns
    -------
    features
        As from `read_extract`, in EPSG:4326.
    boundary
        One row: `osm_id`, `name` and the place's polygon, in EPSG:4326.

    Raises
    ------
    SourceError
        The place is not known or has no outline, nothing is mapped there, or a server cannot be reached or does not
        answer as it should.
    """
    with _settings(overpass_url, nominatim_url) as (osmnx, answers):
        boundary = _boundary(osmnx, name)
        osmnx.settings.requests_timeout = DOWNLOAD_SECONDS
        crs = metric_crs(boundary)
        around = geo.buffer(geo.reproject(boundary.geometry.to_numpy(), boundary.crs, crs), AROUND_M + OUTLINE_M)
        # Simplified last: the outline is repeated in each of some fifty statements of the query.
        outline = shapely.simplify(geo.reproject(around, crs, boundary.crs)[0], OUTLINE_DEGREES)
        with _refusals(name, osmnx.settings.overpass_url, empty="osm.nothing_mapped"):
            found = osmnx.features.features_from_polygon(outline, queried_tags())
    shaped = found.geometry.geom_type.isin([shape for shapes in SHAPES.values() for shape in shapes])
    ids = np.array([f"{element}/{number}" for element, number in found.index], dtype=object)
    kept = (
        found[shaped]
        .reindex(columns=[*kept_keys(), "geometry"])
        .reset_index(drop=True)
        .astype(dict.fromkeys(kept_keys(), object))
    )
    features = kept.where(kept.notna(), None).set_geometry("geometry", crs=DEGREES)
    features.insert(0, "osm_id", ids[shaped])
    features.attrs = {"data_date": answers.get("date"), "box": None, "skipped": list(ids[~shaped])}
    return features, boundary


def queried_tags() -> dict[str, bool | str | list[str]]:
    """Return the tags asked from the Overpass server: what the rules look for, whole keys where the values are many."""
    spec = facts("osm")
    values: dict[str, set[str] | None] = {}
    for rule in [rule for table in spec["layers"].values() for rule in table["rules"]]:
        for key, wanted in rule["any"].items():
            known = values.setdefault(key, set())
            values[key] = None if known is None or wanted is True else known | set(wanted)
    tags: dict[str, bool | str | list[str]] = {}
    for key in sorted(set(read_keys()) & set(values)):
        wanted = values[key]
        tags[key] = True if wanted is None or len(wanted) > MOST_VALUES else sorted(wanted)
    tags["admin_level"] = list(spec["download"]["admin_level"])
    return tags


def _boundary(osmnx: Module, name: str) -> gpd.GeoDataFrame:
    import geopandas as gpd  # noqa: PLC0415 - slow to import

    with _refusals(name, osmnx.settings.nominatim_url, empty="osm.place_not_found"):
        try:
            place = osmnx.geocoder.geocode_to_gdf(name)
        except TypeError:  # what osmnx raises when the place is only a point
            raise SourceError("osm.place_without_outline", place=name) from None
    first = place.iloc[0]
    called = first.get("name") or str(first.get("display_name", name)).split(",")[0]
    outline = shapely.make_valid(place.geometry.to_numpy())
    return gpd.GeoDataFrame(
        {"osm_id": [f"{first.get('osm_type')}/{first.get('osm_id')}"], "name": [str(called)]},
        geometry=outline,
        crs=DEGREES,
    )


@contextlib.contextmanager
def _settings(overpass_url: str | None, nominatim_url: str | None) -> Iterator[tuple[Module, dict[str, str]]]:
    """Lend osmnx our settings; it keeps them, and the resolver it replaces, for the whole process."""
    import osmnx  # noqa: PLC0415 - takes a second to import
    import requests  # noqa: PLC0415 - comes with osmnx

    answers: dict[str, str] = {}
    busy = 0

    def listen(response: requests.Response, *_: object, **__: object) -> None:
        nonlocal busy
        busy += response.status_code in {429, 504}
        if busy > MOST_BUSY:
            response.close()
            raise requests.ConnectionError(response.reason)
        if date := re.search(rb'"timestamp_osm_base"\s*:\s*"(\d{4}-\d\d-\d\d)', response.content[:1_000]):
            answers["date"] = date[1].decode()

    ours = {
        "overpass_url": overpass_url or OVERPASS,
        "nominatim_url": nominatim_url or NOMINATIM,
        # Another server than the public one has its own rules about how often it may be asked.
        "overpass_rate_limit": overpass_url is None,
        "requests_timeout": GEOCODE_SECONDS,
        "requests_kwargs": {"hooks": {"response": listen}},
        "doh_url_template": None,
        "use_cache": False,
    }
    theirs = {key: getattr(osmnx.settings, key) for key in ours}
    resolver = socket.getaddrinfo
    try:
        for key, value in ours.items():
            setattr(osmnx.settings, key, value)
        yield osmnx, answers
    finally:
        for key, value in theirs.items():
            setattr(osmnx.settings, key, value)
        socket.getaddrinfo = resolver


@contextlib.contextmanager
def _refusals(place: str, server: str, *, empty: str) -> Iterator[None]:
    """Turn what goes wrong on the way to a server into one message."""
    import requests  # noqa: PLC0415 - comes with osmnx

    try:
        yield
    except (requests.RequestException, OSError, KeyError) as fault:
        raise SourceError("osm.no_network", place=place, server=server, reason=type(fault).__name__) from None
    except ValueError as fault:  # what osmnx raises for an empty answer and for one it cannot read alike
        if any(words in str(fault) for words in NOTHING_FOUND):
            raise SourceError(empty, place=place, source=place) from None
        raise SourceError("osm.no_network", place=place, server=server, reason=str(fault)[:200]) from None
