"""The benchmarks run: on a small town, without the peers that have to be installed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"


def bench(*words):
    call = [sys.executable, str(ROOT / "scripts" / "bench"), *words]
    return subprocess.run(call, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.slow
def test_without_the_data_they_say_so():
    for part in ("reach", "rings"):
        told = bench(part, "--data", "nowhere")
        assert told.returncode == 1
        assert told.stderr.startswith("skipped: there is no porto_alegre/poa.osm.pbf")


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason="the shared real data are not beside this clone")
@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["rings", "--origins", "5"], "| ours, all at once | 1,200 |"),
        (["reach", "--copies", "2", "--kinds", "2", "--facilities", "5", "--runs", "1", "--no-peer"], "| no limit ("),
    ],
)
def test_they_run_on_a_small_town(words, line):
    told = bench(*words, "--extract", "osm_towns/krems.osm.pbf")
    assert not told.returncode, told.stderr
    assert line in told.stdout


@pytest.mark.slow
def test_redlines_run_without_peers():
    told = bench("redlines", "--no-peer", "--parcels", "900", "--vertices", "3000", "--many", "900", "--runs", "1")
    assert not told.returncode, told.stderr
    for line in ("| ours, cut on a grid, both sides checked |", "| ours, every pair", "totals agree to", "peak memory"):
        assert line in told.stdout


@pytest.mark.slow
def test_bare_kernels_are_timed_one_by_one(tmp_path, monkeypatch):
    monkeypatch.setenv("GIS_PLANNING_CACHE", str(tmp_path))
    told = bench("kernels", "layers/demo", "--only", "green", "circle-tdt1063")
    assert not told.returncode, told.stderr
    seconds = json.loads(told.stdout)
    assert list(seconds) == ["reading", "network", "cells", "attachments", "nearest", "bulk write", "map page"]
    assert all(one > 0 for one in seconds.values())
