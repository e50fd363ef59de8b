"""Kill checks into a folder of results at many moments: what is there is the old results or the new ones, whole."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import time
from pathlib import Path

import exports
import plain
import running

MANIFEST = ".gis-planning.json"
#: What a folder of a check must hold; each file tells which county it is of.
HELD = ("scorecard.json", "results.gpkg", "index.html", "map.html", "report.xlsx", "report.docx")
OLD, NEW = "old", "new"
#: Killed while the files went in, one by one: all of them lie there, and whoever writes there next finishes it first.
BETWEEN = "between"
#: After every so many moments the next run is a check, else one that writes a single file.
EACH = 5
#: Half of the moments are spread over a run, half over this long after all is written and files are put in place.
PLACING_S = 0.06
READY = ".gis-planning-*/ready.json"


def kill(folder: Path, moments: int) -> int:
    """Try the moments; print what was there afterwards; return the number of violations."""
    running.prepare()
    frames = plain.whole()
    folder.mkdir(parents=True)
    one = dict(running.in_turn([("made", folder, lambda: _make(folder, frames))], 600))["made"]
    if one.code:
        print(f"kill: the county could not be made: {one.said}")
        return 1
    took = min(_checked(folder, county)[1] for county in (NEW, NEW, OLD))
    shutil.copytree(folder / "results", folder / "kept")
    found: dict[str, int] = {}
    wrong = []
    for at in range(moments):
        shutil.rmtree(folder / "results")
        shutil.copytree(folder / "kept", folder / "results")
        half = (moments + 1) // 2
        placing = at >= half
        delay = PLACING_S * (at - half) / (moments - half) if placing else took * (at + 0.5) / half
        code, _ = _checked(folder, NEW, delay, placing=placing)
        state, fault = _state(folder / "results")
        if fault and any((folder / "results").glob(READY)):
            state, fault = BETWEEN, ""
        fault = fault or _next(folder, state, whole=at % EACH == 0)
        ended = "ended before" if code is not None else state
        found[ended] = found.get(ended, 0) + 1
        if fault:
            wrong.append(f"{delay:.3f} s after {'all was written' if placing else 'the start'}: {fault}")
    counted = ", ".join(f"{name} {count}" for name, count in sorted(found.items()))
    print(f"\nkill -9 at {moments} moments of a check of {took:.1f} s: {counted}; VIOLATIONS {len(wrong)}")
    print("\n".join(f"    {one}" for one in wrong[:10]), flush=True)
    return len(wrong)


def _next(folder: Path, state: str, *, whole: bool) -> str:
    """Say what is wrong after the next run, which finishes or sweeps what the killed one left."""
    results = folder / "results"
    if whole:
        code, _ = _checked(folder, NEW)
    else:
        code = dict(running.in_turn([("next", folder, lambda: _write_one(results))], 60))["next"].code
    after, fault = _state(results, swept=True)
    allowed = {NEW} if whole else {OLD: {OLD, NEW}, NEW: {NEW}, BETWEEN: {OLD, NEW}}[state]
    return fault or ("" if code == 0 and after in allowed else f"{state}; the next run left {code}, {after}")


def _write_one(results: Path) -> int:
    from gis_planning.outputs import replacing  # noqa: PLC0415

    with replacing(results) as stage:
        (stage / "one.txt").write_text("one", encoding="utf-8")
    return 0


def _make(folder: Path, frames: dict) -> int:
    """Write two counties that differ in their name and in their last parks."""
    for name in (OLD, NEW):
        county = folder / name
        county.mkdir()
        own = frames | {"parks": plain.exported(frames["parks"], "whole" if name == OLD else "fewer")}
        layers = ["study_area", "districts", "residential", "parks"]
        exports.write_rest(county, {layer: own[layer] for layer in layers}, ())
        rows = ["[county]", f'name = "county-{name}"', f'crs = "{plain.CRS}"', 'lang = "en"']
        for layer in layers:
            rows += [f"[layers.{layer}]", 'source = "rest.gpkg"', f'layer = "{layer}"']
        (county / "county.toml").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return 0


def _checked(
    folder: Path, county: str, delay: float | None = None, *, placing: bool = False
) -> tuple[int | None, float]:
    """Check a county into the results, in a process of its own; kill it and all it started after a while.

    With `placing` the while begins when all is written.
    """
    began = time.monotonic()
    words = ["check", county, "--only", "green-checkup2022plus", "--out", "results"]
    process = running.start(folder, running.command(folder, words, pages=True))
    if delay is not None:
        ready = None if placing else began
        while ready is None or time.monotonic() - ready < delay:
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                return os.WEXITSTATUS(status), time.monotonic() - began
            if ready is None and any((folder / "results").glob(READY)):
                ready = time.monotonic()
            time.sleep(0.0005)
        os.killpg(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    return (None if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)), time.monotonic() - began


def _state(results: Path, *, swept: bool = False) -> tuple[str, str]:
    """Return whose results a folder holds, and what is wrong with them."""
    whose = {}
    for name in HELD:
        if not (results / name).is_file():
            return "neither", f"{name} is not there"
    try:
        whose["scorecard.json"] = json.loads((results / "scorecard.json").read_text(encoding="utf-8"))["county"]["name"]
        manifest = json.loads((results / MANIFEST).read_text(encoding="utf-8"))["files"]
    except (ValueError, KeyError, OSError) as fault:
        return "neither", f"a file is not whole: {fault}"
    page = (results / "index.html").read_text(encoding="utf-8")
    whose["index.html"] = next((name for name in (f"county-{OLD}", f"county-{NEW}") if name in page), "nobody's")
    with sqlite3.connect(results / "results.gpkg") as book:
        sound = book.execute("PRAGMA integrity_check").fetchone()[0]
    book.close()
    told = [name for name in HELD if manifest.get(name, {}).get("size") != (results / name).stat().st_size]
    left = [one.name for one in results.iterdir() if one.name.startswith(".gis-planning-")] if swept else []
    if sound != "ok" or left or len({*whose.values()}) > 1 or told:
        return "mixed", f"{whose}, results.gpkg {sound}, manifest tells otherwise of {told}, left over {left}"
    return whose["scorecard.json"].removeprefix("county-"), ""
