"""Ask spatial databases for the land that two layers share: DuckDB, SedonaDB, and PostGIS where a server is given."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow as pa
import shapely
from pyarrow import parquet

#: The spatial extension has to be of DuckDB's own version; it comes as a package, since the network may end at PyPI.
NEEDED = ("duckdb==1.5.5", "duckdb-extension-spatial==1.5.5", "sedonadb[geopandas]==0.5.0")
#: As many vertices a piece as the maker of PostGIS advises.
PIECE_VERTICES = 256
SHARED = "SELECT sum(ST_Area(ST_Intersection(a.geom, {0}.geom))) FROM a JOIN {0} ON ST_Intersects(a.geom, {0}.geom);"
DIVIDED = f"""CREATE TEMP TABLE c AS SELECT ST_Subdivide(geom, {PIECE_VERTICES}) AS geom FROM b;
CREATE INDEX ON c USING gist (geom); ANALYZE c; {SHARED.format("c")} DROP TABLE c;"""  # noqa: S608


@dataclass(frozen=True)
class Answer:
    """What a database took and found; `total` is None where it was not done within the limit."""

    name: str
    seconds: float
    total: float | None


@contextmanager
def environment() -> Iterator[Path]:
    """Yield an interpreter with the databases, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", *NEEDED], check=True, stderr=subprocess.DEVNULL)
        yield python


def packaged(python: Path, engine: str, one: Any, other: Any, *, runs: int, limit: float) -> Answer:
    """Ask a database that comes as a package; more than `limit` seconds in all are not waited for."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / name for name in ("a.parquet", "b.parquet")]
        for file, shapes in zip(files, (one, other), strict=True):
            parquet.write_table(pa.table({"wkb": shapely.to_wkb(shapes)}), file)
        call = [python, Path(__file__).with_name("redlines_peer.py"), engine, *files, str(runs)]
        try:
            done = subprocess.run(call, capture_output=True, text=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            return Answer(engine, limit, None)
    if done.returncode:
        raise SystemExit(f"{engine}: {done.stderr.strip().splitlines()[-1]}")
    told = json.loads(done.stdout.splitlines()[-1])
    return Answer(told["name"], told["seconds"], told["total"])


def postgis(one: Any, other: Any, *, divided: bool, runs: int, limit: float) -> Answer | None:
    """Ask the PostGIS server that GIS_PLANNING_TEST_PG names, if it names one; dividing counts, loading does not."""
    url = os.environ.get("GIS_PLANNING_TEST_PG")
    if not url or not shutil.which("psql"):
        return None
    script = ["\\set ON_ERROR_STOP on", f"SET statement_timeout = {int(limit * 1000)};"]
    for name, shapes in (("a", one), ("b", other)):
        script += [f"CREATE TEMP TABLE {name} (geom geometry);", f"COPY {name} FROM STDIN;"]
        script += [*shapely.to_wkb(shapes, hex=True), "\\.", f"CREATE INDEX ON {name} USING gist (geom);"]
        script += [f"ANALYZE {name};"]
    script += ["SELECT 'PostGIS ' || postgis_lib_version();"]
    for _ in range(runs):
        script += [
            "SELECT 'from ' || extract(epoch FROM clock_timestamp());",
            DIVIDED if divided else SHARED.format("b"),
        ]
        script += ["SELECT 'to ' || extract(epoch FROM clock_timestamp());"]
    done = subprocess.run(["psql", url, "-qAt"], input="\n".join(script), capture_output=True, text=True, check=False)
    name = next(iter(re.findall(r"PostGIS [\d.]+", done.stdout)), "PostGIS")
    if "statement timeout" in done.stderr:
        return Answer(name, limit, None)
    if done.returncode:
        raise SystemExit(f"PostGIS: {done.stderr.strip().splitlines()[-1]}")
    rounds = re.findall(r"from ([\d.]+)\n([\d.]+)\nto ([\d.]+)", done.stdout)
    return Answer(name, median(float(end) - float(start) for start, _, end in rounds), float(rounds[-1][1]))
