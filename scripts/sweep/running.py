"""Run a command in a process of its own, so that no crash and no endless loop of a library ends the sweep."""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAID, FOUND = "said.txt", "found.json"


@dataclass(frozen=True)
class Run:
    """What a run came to.

    Attributes
    ----------
    code
        The exit code; None where it was ended by a signal or by the clock.
    ending
        How it ended where not by itself: `hang` or `signal 11`.
    said
        The lines a person saw.
    found
        The scorecard or the review, where there is one.
    """

    code: int | None
    ending: str = ""
    said: tuple[str, ...] = ()
    found: dict[str, Any] = field(default_factory=dict)


def prepare() -> None:
    """Import what runs need, once; nothing is opened here, for a child cannot go on with the threads of a library."""
    import pyogrio.raw  # noqa: F401, PLC0415
    import rasterio  # noqa: F401, PLC0415
    from scipy import fft, spatial, stats  # noqa: F401, PLC0415

    import gis_planning  # noqa: PLC0415
    from gis_planning.conventions import kinds  # noqa: PLC0415
    from gis_planning.judging.rulebook import load  # noqa: PLC0415
    from gis_planning.texts import catalogue  # noqa: PLC0415

    for one in pkgutil.walk_packages(gis_planning.__path__, "gis_planning."):
        if not one.name.endswith("__main__") and "postgis" not in one.name:
            importlib.import_module(one.name)
    kinds(), catalogue(), load(None)
    # What is there by now stays: a child that looked for what can go would copy all the memory it shares.
    gc.freeze()


def command(folder: Path, words: list[str], *, pages: bool = False) -> Callable[[], int]:
    """Return a run of a command in a folder; without pages it only writes what it found, as JSON."""

    def run() -> int:
        from gis_planning import cli, reports  # noqa: PLC0415

        def write(found: Any, *more: Any, **_: Any) -> None:
            lang = more[-1]
            Path(FOUND).write_text(json.dumps(found.to_json(lang), default=str), encoding="utf-8")

        os.chdir(folder)
        if not pages:
            reports.write_check = reports.write_review = write
        try:
            cli.main(words)
        except SystemExit as left:
            return int(left.code or 0)

    return run


def in_turn(works: Iterable[tuple[Any, Path, Callable[[], int]]], seconds: float) -> Iterator[tuple[Any, Run]]:
    """Run works two by two, each with a name and a folder for what it says; yield the names with what they came to."""
    waiting, going = iter(works), {}
    cores = min(2, os.cpu_count() or 1)
    while True:
        while len(going) < cores and (one := next(waiting, None)) is not None:
            name, folder, work = one
            going[start(folder, work)] = (name, folder, time.monotonic() + seconds)
        if not going:
            return
        for process, (name, folder, end) in list(going.items()):
            ended, status = os.waitpid(process, os.WNOHANG)
            late = not ended and time.monotonic() > end
            if late:
                os.killpg(process, signal.SIGKILL)
                os.waitpid(process, 0)
            if ended or late:
                del going[process]
                yield name, _ended(folder, status, late=late)
        time.sleep(0.002)


def start(folder: Path, work: Callable[[], int]) -> int:
    """Start a work in a process and a group of its own; what it says goes into a file of a folder."""
    sys.stdout.flush()
    sys.stderr.flush()
    if process := os.fork():
        return process
    code = 70
    try:
        os.setsid()
        said = os.open(folder / SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(said, 1)
        os.dup2(said, 2)
        code = work()
    except BaseException:  # whatever it is, the child says it and ends
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended(folder: Path, status: int, *, late: bool) -> Run:
    said, found = folder / SAID, folder / FOUND
    lines = tuple(said.read_text(encoding="utf-8", errors="replace").splitlines()) if said.exists() else ()
    if late:
        return Run(None, "hang", lines)
    if os.WIFSIGNALED(status):
        return Run(None, f"signal {os.WTERMSIG(status)}", lines)
    results = json.loads(found.read_text(encoding="utf-8")) if found.exists() else {}
    return Run(os.WEXITSTATUS(status), "", lines, results)
