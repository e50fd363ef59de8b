"""Run a command as its users do, and say how long it took and how much memory all its processes took together."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

#: How often memory is looked at.
EVERY_S = 0.2


class Taken(NamedTuple):
    """What a command took: seconds, bytes of memory, and the seconds after which each of some files was there."""

    seconds: float
    memory: float
    there: Mapping[Path, float]


def taken(
    command: Sequence[str], more: Mapping[str, str], *, cwd: Path | None = None, files: Sequence[Path] = ()
) -> Taken:
    """Run a command that may exit with 0 or 1.

    Parameters
    ----------
    more
        What stands in its environment beside ours.
    cwd
        The folder it runs in.
    files
        Those whose coming is timed.

    Raises
    ------
    SystemExit
        It failed.
    """
    start, peak, there = time.perf_counter(), 0.0, dict[Path, float]()
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=os.environ | dict(more), cwd=cwd, stdout=quiet, stderr=quiet) as run:
        done = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(EVERY_S):
                peak = max(peak, sum(_memory(pid) for pid in _family(run.pid)))
                for file in files:
                    if file not in there and file.exists():
                        there[file] = time.perf_counter() - start

        watcher = threading.Thread(target=watch)
        watcher.start()
        code = run.wait()
        done.set()
        watcher.join()
    if code not in (0, 1):
        raise SystemExit(f"{' '.join(command)}: {code}")
    return Taken(time.perf_counter() - start, peak, there)


def _family(pid: int) -> list[int]:
    """Return a process and those it began; on Linux."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(one) for one in task.read_text().split()]
            except OSError:
                continue
    return found


def _memory(pid: int) -> float:
    """Return the memory of a process, shared pages in part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0.0)
