"""The sweep finds nothing false that passes: every format in few places, and few moments of kill -9."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="scripts/sweep forks its runs")


def sweep(*words, seconds):
    call = [sys.executable, str(ROOT / "scripts" / "sweep"), *words]
    told = subprocess.run(call, capture_output=True, text=True, timeout=seconds, cwd=ROOT)
    print(told.stdout, told.stderr)
    return told


@pytest.mark.slow
def test_no_source_that_was_cut_shortened_or_mixed_passes_for_a_whole_one():
    told = sweep("--places", "2", "--most", "8", "--moments", "0", seconds=600)
    rows = [line.split("|")[1:-1] for line in told.stdout.splitlines() if line.startswith("| ")][1:]
    assert len({row[0].strip() for row in rows}) >= 26
    assert sum(int(row[2]) for row in rows) >= 140
    assert told.returncode == 0
    assert told.stdout.splitlines()[-1] == "violations: 0"


@pytest.mark.slow
def test_killed_at_ten_moments_the_old_results_or_the_new_ones_are_there():
    told = sweep("--moments", "10", "--only", "kill", seconds=600)
    assert told.returncode == 0
    assert "kill -9 at 10 moments" in told.stdout
