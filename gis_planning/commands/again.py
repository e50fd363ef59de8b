"""Know again a check of the very same files, whose results still lie where it put them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from gis_planning.cache import shelf
from gis_planning.judging.dated import today
from gis_planning.outputs.marks import manifest_of, sha256_of, unchanged
from gis_planning.outputs.moment import stated
from gis_planning.outputs.writing import sweep_killed

#: Files larger than this together are not looked through only to find out whether anything is new.
MOST_BYTES, MOST_FILES = 4_000_000_000, 5_000
#: Keys of county.toml under which files, folders or databases stand.
NAMING = ("source", "coverage", "based_on")
#: Sooner done than this, a check is done again.
LONG_S = 4.0


@dataclass(frozen=True)
class Done:
    """What a check left behind: its exit code, what it told, and its files with their digests."""

    told: str
    files: Mapping[str, str]
    code: int

    def stands_in(self, folder: Path) -> bool:
        """Say whether all its files are there as it wrote them."""
        marks = manifest_of(folder) or {}
        return bool(self.files) and all(
            name in marks and marks[name].sha256 == digest and unchanged(folder / name, [marks[name]])
            for name, digest in self.files.items()
        )

    @classmethod
    def in_(cls, folder: Path, code: int, told: str) -> Done:
        """Return what a check left in a folder just now."""
        marks = manifest_of(folder) or {}
        there = {name: mark.sha256 for name, mark in marks.items() if (folder / name).is_file()}
        return cls(told, there, code)


def key_of(place: Path, out: Path, asked: Mapping[str, Any]) -> str | None:
    """Return what tells a check from every other one: all files it may read, what it is asked, and the program.

    None where that cannot be told from files: a county whose tables stand in a database, or that is very large.
    """
    folder = place.parent if place.suffix == ".toml" else place
    try:
        words = (folder / "county.toml").read_text("utf-8")
        named = dict.fromkeys(_named(tomllib.loads(words)))
    except (OSError, ValueError):
        return None
    if any("://" in one for one in named):
        return None
    digest, whole, results = hashlib.sha256(), 0, out.resolve()
    files = {file for place in (folder, *(folder / one for one in named)) for file in islice(_files(place), MOST_FILES)}
    if len(files) >= MOST_FILES:
        return None
    for file in sorted(files):
        if results in file.parents:
            continue
        whole += file.stat().st_size
        if whole > MOST_BYTES:
            return None
        digest.update(f"{file} {sha256_of(file)}\n".encode())
    facts = {name: str(value) for name, value in asked.items()}
    days = {"today": today(), "stated": str(stated())}
    return shelf.key_of({**facts, "out": str(results), **days, "files": digest.hexdigest(), "of": "check"})


def find(key: str | None, out: Path) -> Done | None:
    """Return the check of this key, if its results are still there."""
    done = shelf.load(key) if key else None
    if done is not None:
        sweep_killed(out)
    return done if isinstance(done, Done) and done.stands_in(out) else None


def note(key: str | None, out: Path, code: int, told: str) -> None:
    """Note what a check left behind."""
    if key:
        shelf.save(key, Done.in_(out, code, told))


def _named(value: Any) -> Iterator[str]:
    """Yield what the tables of a county say under keys that name files or folders."""
    if isinstance(value, list):
        for one in value:
            yield from _named(one)
    elif isinstance(value, dict):
        yield from (one for key, one in value.items() if key in NAMING and isinstance(one, str) and one)
        for one in value.values():
            yield from _named(one)


def _files(place: Path) -> Iterator[Path]:
    """Yield a file, or the files in a folder; nothing where there is neither."""
    try:
        if place.is_file():
            # A shapefile is several files of one name.
            yield from (one.resolve() for one in place.parent.glob(f"{place.stem}.*") if one.is_file())
        elif place.is_dir():
            yield from (one.resolve() for one in place.rglob("*") if one.is_file())
    except (OSError, ValueError):
        return
