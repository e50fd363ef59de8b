"""Export, harm, judge and compare: a table of what became of every harm, and the first examples of what may not be."""

from __future__ import annotations

import argparse
import math
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import exports
import harms
import plain
import running
from exports import Format
from running import Run

#: What may become of a harm; every other word is a violation.
REFUSED, TOLD, SAME = "refused", "told", "same"
OUTCOMES = ("tried", REFUSED, TOLD, SAME, "VIOLATIONS")
EXAMPLES = 3
#: What a fault of our own is called at the command line.
OWN_FAULT = ("Traceback (most recent call last)", "Our own code failed")
NEAR = 1e-9
SEED = 17


def sweep(folder: Path, asked: argparse.Namespace) -> int:
    """Try every format; print the table; return the number of violations."""
    running.prepare()
    chosen = [one for one in exports.formats() if not asked.only or one.name in asked.only]
    counts: Counter[tuple[str, str, str]] = Counter()
    examples: dict[str, list[str]] = {}
    total = 0
    if chosen:
        print("| format | harm | " + " | ".join(OUTCOMES) + " |\n|---|---|" + "---:|" * len(OUTCOMES))
    for form in chosen:
        for command in form.commands:
            home = folder / f"{form.name} {command[0]}".replace(" ", "-")
            for harm, verdict, run in _tried(form, command, home, asked):
                counts[form.name, harm.kind, "tried"] += 1
                known = verdict in {REFUSED, TOLD, SAME}
                counts[form.name, harm.kind, verdict if known else "VIOLATIONS"] += 1
                if known:
                    continue
                total += 1
                shown = examples.setdefault(f"{form.name}, {command[0]}, {harm.kind}: {verdict.split(':')[0]}", [])
                last = next((line for line in reversed(run.said) if line.strip() and line[:4] != "... "), "")
                shown.append(f"{harm.what}: {verdict[:300]}; {last[:200]}")
        _print_rows(counts, form.name)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
    for heading, shown in examples.items():
        print(f"\n{heading} ({len(shown)})")
        print("\n".join(f"    {one}" for one in shown[:EXAMPLES]))
    return total


def _print_rows(counts: Counter[tuple[str, str, str]], name: str) -> None:
    for kind in dict.fromkeys(key[1] for key in counts if key[0] == name):
        numbers = " | ".join(str(counts[name, kind, outcome]) for outcome in OUTCOMES)
        print(f"| {name} | {kind} | {numbers} |", flush=True)


def _tried(
    form: Format, command: tuple[str, ...], home: Path, asked: argparse.Namespace
) -> Iterator[tuple[harms.Harm, str, Run]]:
    made = dict(running.in_turn([("made", _new(home / "said"), _make(form, home))], 10 * asked.seconds))["made"]
    if made.code:
        yield harms.SOUND, "not exported", made
        return
    sound, rest = home / "whole", home / "rest"
    others = {export: home / export for export in plain.EXPORTS[1:] if (home / export).exists()}
    case = _case(form, home / "sound" / "case", sound, rest)
    works = [("sound", case, running.command(case, list(command)))]
    whole = dict(running.in_turn(works, asked.seconds))["sound"]
    if wrong := _not_as_counted(whole, command):
        yield harms.SOUND, wrong, whole
        return
    yield harms.SOUND, SAME, whole

    def works_of_harms() -> Iterator[Any]:
        for at, harm in enumerate(_spread([*harms.harms(sound, others, asked.places)], asked.most)):
            place = _case(form, home / f"{at}" / "case", sound, rest, harm)
            yield (harm, place), place, running.command(place, list(command))

    for (harm, place), run in running.in_turn(works_of_harms(), asked.seconds):
        verdict = judged(run, whole, form)
        if asked.keep and verdict not in {REFUSED, TOLD, SAME}:
            name = f"{form.name} {command[0]} {harm.kind} {harm.what}".replace(" ", "-").replace("/", "_")
            shutil.copytree(place, asked.keep / name, dirs_exist_ok=True)
        shutil.rmtree(place.parent)
        yield harm, verdict, run


def _spread(every: list[harms.Harm], most: int | None) -> list[harms.Harm]:
    """Return at most so many, drawn from all."""
    if most is None or len(every) <= most:
        return every
    chosen = random.Random(SEED).sample(range(len(every)), most)  # noqa: S311 - the same ones every time
    return [every[at] for at in sorted(chosen)]


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _make(form: Format, home: Path) -> Any:
    """Return the work of exporting a format's layers in all ways, and the rest of the county."""

    def work() -> int:
        frames = plain.whole()
        for export in plain.EXPORTS:
            own = {name: plain.exported(frames[name], export) for name in form.layers if name in frames}
            form.write(_new(home / export) / form.file, own)
        rest = _new(home / "rest")
        names = exports.write_rest(rest, frames, form.layers)
        (rest / "county.toml").write_text(form.toml(names), encoding="utf-8")
        return 0

    return work


def _case(form: Format, place: Path, sound: Path, rest: Path, harm: harms.Harm | None = None) -> Path:
    """Return a folder with a county whose source is harmed."""
    county = place / "county"
    source = place / "source"
    shutil.copytree(sound, source)
    if harm:
        harm.do(source)
    if form.pack:
        form.pack(source)
    shutil.copytree(rest, county)
    shutil.copytree(source, county, dirs_exist_ok=True)
    shutil.rmtree(source)
    return place


# -- what may be


def judged(run: Run, whole: Run, form: Format) -> str:
    """Say what became of a harm."""
    if run.code is None:
        return run.ending
    now = numbers(run.found) if run.found else {}
    own = any(one in line for line in run.said for one in OWN_FAULT)
    if own or any(entry["outcome"] == "error" for entry in now.values()):
        return "own fault"
    words = (form.file, f"{Path(form.file).stem}.")
    if not run.found:
        return REFUSED if any(word in line for line in run.said for word in words) else "nameless"
    return _compared(run, whole, words, form)


def _compared(run: Run, whole: Run, words: tuple[str, ...], form: Format) -> str:
    """Say whether what was judged of a harmed source is what was judged of the whole one, or a person is told."""
    was, now = numbers(whole.found), numbers(run.found)
    changed = [key for key in {**was, **now} if not _alike(was.get(key), now.get(key))]
    if not changed:
        return SAME
    if _told(run, whole, words) or all(_held_back(now.get(key), words, form) for key in changed):
        return TOLD
    key = min(changed)
    return f"silent: {key} was {was.get(key)}, is {now.get(key)}"


def numbers(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what was judged: outcome and numbers of every clause, or of every project on every line."""
    kept = ("outcome", "value", "numerator", "denominator", "range", "references", "message", "missing")
    if "verdicts" in found:
        return {one["code"]: {key: one[key] for key in kept} for one in found["verdicts"]}
    rows = {}
    for parcel in found["parcels"]:
        rows[parcel["id"]] = {"outcome": parcel["outcome"], "area_m2": parcel["area_m2"]}
        for line in parcel["lines"]:
            name = f"{parcel['id']} {line['line']}"
            rows[name] = {key: line[key] for key in ("outcome", "overlap_m2", "outside_m2", "message")}
            rows |= {
                f"{name} {one['code']}": {"outcome": one["outcome"], "message": one["message"]}
                for one in line["clauses"]
            }
    return rows


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return all(_alike(one[key], other.get(key)) for key in one if key not in {"message", "missing"})
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(_alike(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)
    return bool(one == other)


def _told(run: Run, whole: Run, words: tuple[str, ...]) -> bool:
    """Say whether a person is told of the layer something that was not said of the whole one."""
    before = {*whole.said, *whole.found.get("warnings", [])}
    told = [one for one in (*run.said, *run.found.get("warnings", [])) if one not in before]
    return any(word in one for one in told for word in words)


def _held_back(entry: dict[str, Any] | None, words: tuple[str, ...], form: Format) -> bool:
    """Say whether a clause is not judged, and says that it is for the layer."""
    from gis_planning.conventions import kinds  # noqa: PLC0415

    if entry is None or entry["outcome"] != "not-assessed":
        return False
    said = str(entry)
    names = [*words[:1], *form.layers, *(kinds()[layer].title("en") for layer in form.layers)]
    return any(name in said for name in names)


def _not_as_counted(whole: Run, command: tuple[str, ...]) -> str:
    """Compare the whole county with what was counted on paper."""
    if not whole.found:
        return whole.ending or "the sound one was not judged"
    found = numbers(whole.found)
    share = found["GC22-1"]["value"] if "GC22-1" in found else plain.SERVED
    projects = {key: one for key, one in found.items() if " " not in key}
    if command[0] == "check" and abs(share - plain.SERVED) > 1e-6:
        return f"the sound one came to {share}"
    if command[0] == "review" and Counter(one["outcome"] for one in projects.values()) != plain.PROJECTS:
        return f"the sound one came to {Counter(one['outcome'] for one in projects.values())}"
    return ""
