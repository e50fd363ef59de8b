"""The other side of `redlines`: one spatial database, in an environment and a process of its own, fed through files.

Called with the engine, the files of both layers (Parquet, WKB) and the runs. Loading and indexing is not timed. Prints
the median seconds, the area shared and the version as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

SHARED = "SELECT sum(ST_Area(ST_Intersection(a.geom, b.geom))) FROM a JOIN b ON ST_Intersects(a.geom, b.geom)"


def duckdb(*files: str) -> tuple[Callable[[], Any], str]:
    """DuckDB with its spatial extension, which comes as a Python package."""
    import duckdb  # noqa: PLC0415
    import duckdb_extension_spatial  # noqa: PLC0415

    asked = duckdb.connect()
    extension = next(Path(duckdb_extension_spatial.__file__).parent.rglob("spatial.duckdb_extension"))
    asked.execute(f"LOAD '{extension}'")
    for name, file in zip("ab", files, strict=True):
        asked.execute(f"CREATE TABLE {name} AS SELECT ST_GeomFromWKB(wkb) AS geom FROM '{file}'")  # noqa: S608
    return lambda: asked.sql(SHARED).fetchone()[0], f"DuckDB {version('duckdb')}"


def sedonadb(*files: str) -> tuple[Callable[[], Any], str]:
    """Apache SedonaDB."""
    import sedonadb  # noqa: PLC0415

    asked = sedonadb.connect()
    for name, file in zip("ab", files, strict=True):
        asked.read_parquet(file).to_view(f"raw_{name}")
        asked.sql(f"SELECT ST_GeomFromWKB(wkb) AS geom FROM raw_{name}").to_memtable().to_view(name)  # noqa: S608
    return lambda: asked.sql(SHARED).to_pandas().iloc[0, 0], f"SedonaDB {version('sedonadb')}"


def main(engine: str, one: str, other: str, runs: int) -> None:
    """Ask as often as told."""
    ask, name = {"duckdb": duckdb, "sedonadb": sedonadb}[engine](one, other)
    seconds, total = [], 0.0
    for _ in range(runs):
        start = time.perf_counter()
        total = float(ask())
        seconds.append(time.perf_counter() - start)
    print("\n" + json.dumps({"name": name, "seconds": median(seconds), "total": total}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
