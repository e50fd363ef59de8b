"""Keep built networks in the user's cache folder, under a key that tells everything they were built from."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
import pyproj
import shapely
from numpy.typing import NDArray

from gis_planning.streets.barriers import Walls
from gis_planning.streets.graph import Streets
from gis_planning.streets.report import Island, Report

#: What makes a network of a delivery, by package: the code that reads networks and maps, the tables, the building.
PROGRAM = {
    "gis_planning.streets": ("*.py",),
    "gis_planning.conventions": ("*.py", "streets.toml", "flags.toml", "osm.toml", "layers.toml"),
    "gis_planning.formats": ("graphml.py", "osm*.py"),
}
#: Networks kept; the one used longest ago makes room.
MOST = 20


def folder() -> Path:
    """Return the cache folder; the environment variable GIS_PLANNING_CACHE moves it."""
    stated = os.environ.get("GIS_PLANNING_CACHE")
    return Path(stated or platformdirs.user_cache_dir("gis-planning", appauthor=False)) / "networks"


def key_of(facts: Mapping[str, Any]) -> str:
    """Return the key of a network: everything it is built from, and the program that builds it."""
    told = json.dumps({**facts, "program": _program()}, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def load(key: str) -> Streets | None:
    """Return the network kept under a key; None where there is none, or none that can be read."""
    file = folder() / f"{key}.npz"
    try:
        with np.load(file, allow_pickle=False) as kept:
            found = _unpacked(kept)
        os.utime(file)
    except Exception:
        # Whatever is wrong with a cache, the network is built anew.
        return None
    return found


def save(key: str, streets: Streets) -> None:
    """Keep a network; a cache folder that cannot be written is no fault of the run."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder(), suffix=".writing")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **_packed(streets))  # type: ignore[arg-type]  # its keywords are the arrays
        os.replace(name, folder() / f"{key}.npz")
        kept = sorted(folder().glob("*.npz"), key=lambda one: one.stat().st_mtime, reverse=True)
        for one in kept[MOST:]:
            one.unlink(missing_ok=True)
    except OSError:
        return


@cache
def _program() -> str:
    """Return the digest of the code and tables that build networks: another program builds another network."""
    digest = hashlib.sha256()
    for package, wanted in PROGRAM.items():
        for file in sorted(files(package).iterdir(), key=lambda one: one.name):
            if any(fnmatch(file.name, one) for one in wanted):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _packed(streets: Streets) -> dict[str, NDArray[Any]]:
    found: dict[str, NDArray[Any]] = {}
    plain: dict[str, Any] = {}
    for field in fields(streets):
        value = getattr(streets, field.name)
        if isinstance(value, Walls):
            parts = shapely.to_wkb(value.parts)
            found[field.name] = np.frombuffer(b"".join(parts), dtype=np.uint8)
            found[f"{field.name}.ends"] = np.cumsum([len(one) for one in parts])
            plain[field.name] = value.lines
        elif isinstance(value, Report):
            plain[field.name] = asdict(value)
        elif isinstance(value, pyproj.CRS):
            plain[field.name] = value.to_wkt()
        elif isinstance(value, np.ndarray) and value.dtype == object:
            _, found[field.name], (found[f"{field.name}.starts"],) = shapely.to_ragged_array(value)
        elif isinstance(value, np.ndarray):
            found[field.name] = value
        else:
            plain[field.name] = value
    return found | {"plain": np.frombuffer(json.dumps(plain).encode(), dtype=np.uint8)}


def _unpacked(kept: Mapping[str, NDArray[Any]]) -> Streets:
    plain = json.loads(kept["plain"].tobytes())
    values: dict[str, Any] = {}
    for field in fields(Streets):
        name = field.name
        if name == "report":
            table = plain[name] | {"islands": tuple(_island(one) for one in plain[name]["islands"])}
            values[name] = Report(**table)
        elif name == "crs":
            values[name] = pyproj.CRS.from_wkt(plain[name])
        elif name == "walls":
            values[name] = _walls(kept, plain.get(name)) if name in kept else None
        elif f"{name}.starts" in kept:
            values[name] = shapely.from_ragged_array(
                shapely.GeometryType.LINESTRING, kept[name], (kept[f"{name}.starts"],)
            )
        else:
            values[name] = kept[name] if name in kept else plain[name]
    return Streets(**values)


def _island(table: dict[str, Any]) -> Island:
    return Island(**(table | {"features": tuple(table["features"])}))


def _walls(kept: Mapping[str, NDArray[Any]], lines: int) -> Walls:
    whole, ends = kept["walls"].tobytes(), kept["walls.ends"]
    starts = np.r_[0, ends[:-1]]
    parts = np.array([whole[a:b] for a, b in zip(starts, ends, strict=True)], dtype=object)
    return Walls(shapely.from_wkb(parts), lines)
