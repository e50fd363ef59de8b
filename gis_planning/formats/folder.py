"""Write a county folder whole, or not at all."""

from __future__ import annotations

import re
import shutil
import unicodedata
import uuid
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis_planning.conventions import kinds
from gis_planning.errors import OutputError

if TYPE_CHECKING:
    import geopandas as gpd

DATABASE = "county.gpkg"
#: What a layer's geometries are stored as; parts are promoted, so that one table has one type.
STORED_AS = {"polygon": "MultiPolygon", "line": "MultiLineString", "point": "Point"}
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def write_county(out: Path, *, county: dict[str, Any], layers: dict[str, gpd.GeoDataFrame]) -> None:
    """Write a county folder: county.gpkg with one table per layer, and county.toml.

    Everything is written beside `out` and then renamed, so that a folder is there whole or not at all.

    Parameters
    ----------
    out
        The folder; it may be there already if it is empty.
    county
        The `[county]` table (name, crs ...); keys whose value is None are left out.
    layers
        The layers by kind, each written as delivered, in its own CRS.

    Raises
    ------
    OutputError
        `out` holds files, or cannot be written.
    """
    refuse_occupied(out)
    beside = out.parent / f".{out.name}-{uuid.uuid4().hex[:8]}"
    try:
        beside.mkdir(parents=True)
        for kind, layer in layers.items():
            _write_table(beside / DATABASE, kind, layer)
        tables = {f"layers.{_key(kind)}": {"source": DATABASE, "layer": kind} for kind in layers}
        text = toml_of({"county": county} | tables)
        (beside / "county.toml").write_text(text, encoding="utf-8", newline="\n")
        if out.exists():
            out.rmdir()  # empty, or this fails
        beside.rename(out)
    except (OSError, RuntimeError) as fault:
        raise OutputError("osm.unwritable", out=out, reason=fault) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def refuse_occupied(out: Path) -> None:
    """Refuse a folder that holds anything: files there are the user's.

    Raises
    ------
    OutputError
        `out` is a file or a folder that is not empty.
    """
    try:
        occupied = out.exists() and (not out.is_dir() or any(out.iterdir()))
    except OSError as fault:
        raise OutputError("osm.unwritable", out=out, reason=fault) from None
    if occupied:
        raise OutputError("osm.out_occupied", out=out)


def toml_of(tables: dict[str, dict[str, Any]]) -> str:
    r"""Return TOML text; table names are written as they are, values are escaped.

    Examples
    --------
    >>> print(toml_of({"county": {"name": 'The "old" town', "code": None, "rules": ["a", "b"]}}), end="")
    [county]
    name = "The \"old\" town"
    rules = ["a", "b"]
    """
    blocks = []
    for name, table in tables.items():
        lines = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if value is not None]
        blocks.append("\n".join([f"[{name}]", *lines]) + "\n")
    return "\n".join(blocks)


def _write_table(database: Path, kind: str, layer: gpd.GeoDataFrame) -> None:
    from pyogrio import write_dataframe  # noqa: PLC0415 - slow to import

    stored = STORED_AS.get(kinds()[kind].geometry) if kind in kinds() else None
    promote = stored is not None and stored.startswith("Multi")
    # Fields of the user's may have the names a GeoPackage gives its own columns.
    taken = {str(column).casefold() for column in layer.columns}
    options = {"FID": _free("fid", taken), "GEOMETRY_NAME": _free("geom", taken)}
    write_dataframe(
        layer,
        database,
        layer=kind,
        driver="GPKG",
        promote_to_multi=promote,
        geometry_type=stored or "Unknown",
        layer_options=options,
    )


def _free(name: str, taken: Iterable[str]) -> str:
    return next(one for one in (name, *(f"{name}_{n}" for n in range(1, 1000))) if one not in taken)


def _key(name: str) -> str:
    return name if BARE_KEY.fullmatch(name) else _text(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return _text(str(value))


def _text(value: str) -> str:
    """Return a TOML basic string: control characters escaped, what is no character at all as a question mark."""
    escaped = "".join(
        ESCAPES.get(sign) or (f"\\u{ord(sign):04X}" if unicodedata.category(sign) == "Cc" else sign) for sign in value
    )
    return '"' + escaped.encode("utf-8", "replace").decode("utf-8") + '"'
