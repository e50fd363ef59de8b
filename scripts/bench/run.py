"""Whole runs of the demo as its users start them: the first, again, with one park changed; beside an earlier program.

Every run is a command of its own. `--against` names a commit whose program runs the same demo in turn.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import pyogrio
from clock import machine
from processes import Taken, taken

ROOT = Path(__file__).resolve().parents[2]
COUNTY, BOOK = "layers/demo", "county.gpkg"
#: The page that stands there while a run goes on.
RUNNING = "running.html"
#: How far the changed park is moved, in metres.
MOVED_M = 1.0


def options(words: argparse.ArgumentParser) -> None:
    """Name the options."""
    words.add_argument("--against", metavar="COMMIT", help="an earlier program, to run the same demo in turn")
    words.add_argument("--runs", type=int, default=3, help="runs of each side; the median counts")


def run(chosen: argparse.Namespace) -> None:
    """Print the table."""
    sides: dict[str, list[float]] = {}
    seen: list[float] = []
    with tempfile.TemporaryDirectory() as folder, _program(chosen.against) as earlier:
        place = Path(folder)
        for at in range(chosen.runs):
            if earlier is not None:
                before = place / f"before-{at}"
                _counted(sides, "earlier program, first", _check(earlier, earlier / COUNTY, before))
            county, out = place / f"county-{at}", place / f"out-{at}"
            shutil.copytree(ROOT / COUNTY, county)
            first = _check(ROOT, county, out)
            seen += first.there.values()
            _counted(sides, "first", first)
            _counted(sides, "again, nothing changed", _check(ROOT, county, out))
            _move_a_park(county / BOOK)
            _counted(sides, "again, one park moved", _check(ROOT, county, out))
    whole = median(sides["first"])
    print(f"{machine('geopandas', 'shapely')}\n")
    print("| the demo, all that ships | seconds | ratio to the first run |\n|---|---|---|")
    for name, seconds in sides.items():
        print(f"| {name} | {median(seconds):.1f} | {median(seconds) / whole:.2f} |")
    print(f"| its first page can be read after | {median(seen):.1f} | {median(seen) / whole:.2f} |")


def _check(root: Path, county: Path, out: Path) -> Taken:
    """Check a county by the program in a folder; what a results folder's runs keep lies beside it."""
    command = [sys.executable, "-m", "gis_planning", "check", str(county), "--out", str(out)]
    more = {"GIS_PLANNING_CACHE": f"{out}-cache", "PYTHONPATH": str(root)}
    return taken(command, more, cwd=out.parent, files=(out / RUNNING,))


def _counted(sides: dict[str, list[float]], name: str, one: Taken) -> None:
    sides.setdefault(name, []).append(one.seconds)


def _move_a_park(book: Path) -> None:
    """Move the first park of a county."""
    parks = pyogrio.read_dataframe(book, layer="parks", fid_as_index=True)
    shapes = parks.geometry.to_numpy()
    shapes[0] = parks.geometry.iloc[[0]].translate(MOVED_M, MOVED_M).iloc[0]
    pyogrio.write_dataframe(parks.set_geometry(shapes), book, layer="parks", append=False)


@contextmanager
def _program(commit: str | None) -> Iterator[Path | None]:
    """Give the program of a commit in a folder of its own; None where none is named."""
    if commit is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "program"
        git = ("git", "-C", str(ROOT), "worktree")
        subprocess.run([*git, "add", "--quiet", "--detach", str(place), commit], check=True)
        try:
            yield place
        finally:
            subprocess.run([*git, "remove", "--force", str(place)], check=True)
