"""Try that nothing false passes: sources that were cut, shortened or mixed, and runs that were killed.

    python3 scripts/sweep [--places 50] [--moments 100] [--only FORMAT] [--keep DIR]      (not on Windows)

A small county is exported in every format that is read. Every file of every export is cut at so many places, its tail
is zeroed there, parts of it are left out or taken from another export; each time the county is judged. It may be
refused, with the file's name; it may be judged as the whole one was; it may be judged otherwise only with a word that
names the layer. Then a check into a folder of results is killed at so many moments: the folder holds the old results or
the new ones, whole. Exit code 1 if any of that was not so.

What no reader could see is not tried: the shapes or the rows of a shapefile from another export with as many of them,
a table or list of text cut between two lines, and the last byte of a file made zero.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parent.parent))

import environment


def work() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--places", type=int, default=50, help="places in every file (default 50)")
    words.add_argument("--moments", type=int, default=100, help="moments of kill -9 (default 100)")
    words.add_argument("--most", type=int, help="harms a format and command at most, spread over all (default: all)")
    words.add_argument("--only", action="append", metavar="FORMAT", help="only this format, or `kill` (repeatable)")
    words.add_argument("--keep", type=Path, metavar="DIR", help="leave what was a violation in this folder")
    words.add_argument("--seconds", type=float, default=30.0, help="time a run may take (default 30)")
    asked = words.parse_args()
    if not hasattr(os, "fork"):
        raise environment.Trouble(
            en="scripts/sweep needs Linux or macOS.", zh="scripts/sweep 只能在 Linux 或 macOS 上运行。"
        )
    if importlib.util.find_spec("gis_planning") is None:
        return environment.run([environment.interpreter("test"), Path(__file__).parent, *sys.argv[1:]])
    from kills import kill  # noqa: PLC0415 - only where the package is installed
    from sweeping import sweep  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="gis-planning-sweep-") as folder:
        os.environ["GIS_PLANNING_CACHE"] = str(Path(folder) / "cache")
        violations = sweep(Path(folder), asked)
        if asked.moments and (not asked.only or "kill" in asked.only):
            violations += kill(Path(folder) / "kill", asked.moments)
    print(f"violations: {violations}", flush=True)
    return int(violations > 0)


if __name__ == "__main__":
    environment.main(work)
