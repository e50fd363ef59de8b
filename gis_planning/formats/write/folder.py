"""Write a county folder whole, or not at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis_planning.conventions import kinds
from gis_planning.errors import OutputError
from gis_planning.outputs import new_folder
from gis_planning.outputs.moment import stamped

if TYPE_CHECKING:
    import geopandas as gpd

DATABASE = "county.gpkg"
#: What a layer's geometries are stored as; parts are promoted, so that one table has one type.
STORED_AS = {"polygon": "MultiPolygon", "line": "MultiLineString", "point": "Point"}
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
ESCAPES = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def write_county(
    out: Path,
    *,
    county: dict[str, Any],
    layers: dict[str, gpd.GeoDataFrame],
    comments: Mapping[str, Sequence[str]] | None = None,
) -> None:
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
    comments
        Lines that stand above a table of county.toml, by its name.

    Raises
    ------
    OutputError
        `out` holds files, or cannot be written.
    """
    with made_whole(out) as folder:
        for kind, layer in layers.items():
            _write_table(folder / DATABASE, kind, layer)
        tables = {f"layers.{kind}": {"source": DATABASE, "layer": kind} for kind in layers}
        write_county_file(folder, {"county": county} | tables, comments)


@contextmanager
def made_whole(out: Path) -> Iterator[Path]:
    """Give a folder to write in, which becomes `out` at the end; on a fault nothing is left of it.

    Raises
    ------
    OutputError
        `out` holds files, or cannot be written.
    """
    refuse_occupied(out)
    with new_folder(out) as folder:
        yield folder


def write_county_file(
    folder: Path,
    tables: dict[str, dict[str, Any]],
    comments: Mapping[str, Sequence[str]] | None = None,
    drafts: Iterable[str] = (),
) -> None:
    """Write a county.toml; see `toml_of`. Drafts, which are comments, stand below the tables."""
    written = "\n".join([toml_of(tables, comments), *drafts])
    (folder / "county.toml").write_text(written, encoding="utf-8", newline="\n")


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


def toml_of(tables: dict[str, dict[str, Any]], comments: Mapping[str, Sequence[str]] | None = None) -> str:
    r"""Return TOML text; values are escaped, and so are parts of table names that need it.

    `comments` gives lines that stand above a table; what breaks a line in them becomes a blank.

    Examples
    --------
    >>> print(toml_of({"county": {"name": 'The "old" town', "code": None, "rules": ["a", "b"]}}), end="")
    [county]
    name = "The \"old\" town"
    rules = ["a", "b"]
    """
    blocks = []
    for name, table in tables.items():
        above = commented((comments or {}).get(name, ())).splitlines()
        lines = [f"{_key(key)} = {_value(value)}" for key, value in table.items() if value is not None]
        head = ".".join(_key(part) for part in name.split(".", 1))
        blocks.append("\n".join([*above, f"[{head}]", *lines]) + "\n")
    return "\n".join(blocks)


def commented(lines: Iterable[str]) -> str:
    """Return lines as comments of TOML; what breaks a line in them becomes a blank."""
    return "".join(f"# {_one_line(line)}\n" for line in lines)


def _write_table(database: Path, kind: str, layer: gpd.GeoDataFrame) -> None:
    from pyogrio import write_dataframe  # noqa: PLC0415 - slow to import

    stored = STORED_AS.get(kinds()[kind].geometry) if kind in kinds() else None
    promote = stored is not None and stored.startswith("Multi")
    # Fields of the user's may have the names a GeoPackage gives its own columns.
    taken = {str(column).casefold() for column in layer.columns}
    options = {"FID": _free("fid", taken), "GEOMETRY_NAME": _free("geom", taken)}
    with stamped():
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
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    return _text(str(value))


def _one_line(comment: str) -> str:
    """Return a comment without what would end its line, or is not allowed in TOML."""
    kept = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in comment)
    return kept.encode("utf-8", "replace").decode("utf-8")


def _text(value: str) -> str:
    """Return a TOML basic string: control characters escaped, what is no character at all as a question mark."""
    escaped = "".join(
        ESCAPES.get(sign) or (f"\\u{ord(sign):04X}" if unicodedata.category(sign) == "Cc" else sign) for sign in value
    )
    return '"' + escaped.encode("utf-8", "replace").decode("utf-8") + '"'
