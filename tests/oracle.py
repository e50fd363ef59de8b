"""PostGIS as an independent engine: tables in, one number out, over psql."""

import os
import shutil
import subprocess

import pytest
import shapely

REQUIRED = "postgis" in os.environ.get("GIS_PLANNING_REQUIRE", "")
URL = os.environ.get("GIS_PLANNING_TEST_PG")


def postgis():
    """Return the server's address, or skip with the reason (fail where CI says that it has to be there)."""
    reason = None
    if not URL:
        reason = "GIS_PLANNING_TEST_PG names no PostGIS server"
    elif not shutil.which("psql"):
        reason = "psql is not installed"
    if reason and REQUIRED:
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    return URL


def query(tables, sql):
    """Fill temporary tables (id, geom) from geometries, run one query, return its rows as lists of floats."""
    script = ["\\set ON_ERROR_STOP on"]
    for name, geometries in tables.items():
        script += [f"CREATE TEMP TABLE {name} (id int, geom geometry);", f"COPY {name} FROM STDIN;"]
        script += [f"{n}\t{shapely.to_wkb(one, hex=True)}" for n, one in enumerate(geometries)]
        script += ["\\.", f"CREATE INDEX ON {name} USING gist (geom);", f"ANALYZE {name};"]
    script.append(sql)
    done = subprocess.run(
        ["psql", postgis(), "-qAt", "-F", "\t"], input="\n".join(script), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return [[float(cell) for cell in line.split("\t")] for line in done.stdout.splitlines() if line]
