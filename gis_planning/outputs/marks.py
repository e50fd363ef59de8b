"""Know again what a run of ours wrote: by `.gis-planning.json` in its folder, or by a list in the user's cache."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import platformdirs

from gis_planning.outputs.book import content_of, has_unread_log

MANIFEST = ".gis-planning.json"
#: Single files remembered; the one written longest ago makes room.
MOST = 500
_PROGRAM = "gis-planning"


@dataclass(frozen=True)
class Mark:
    """What a file was when it was written; `content` is that of a GeoPackage, see `content_of`."""

    size: int
    sha256: str
    content: str | None = None


def mark_of(file: Path) -> Mark:
    """Return the mark of a file as it is now."""
    return Mark(file.stat().st_size, sha256_of(file), content_of(file))


def unchanged(file: Path, marks: Iterable[Mark]) -> bool:
    """Say whether a file is what one of these marks tells; one that cannot be read is not."""
    try:
        size = file.stat().st_size
        marks, digest = list(marks), None
        if not has_unread_log(file) and any(mark.size == size for mark in marks):
            digest = sha256_of(file)
        if any((mark.size, mark.sha256) == (size, digest) for mark in marks):
            return True
        if not (contents := {mark.content for mark in marks if mark.content is not None}):
            return False
        return content_of(file) in contents
    except OSError:
        return False


def sha256_of(file: Path) -> str:
    """Return the digest of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


# -- of a folder


def manifest_of(folder: Path) -> dict[str, Mark] | None:
    """Return what runs wrote into a folder, by name; None where nothing tells, or what tells is damaged."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if told["program"] != _PROGRAM:
            return None
        return {str(name): _mark(one) for name, one in told["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_manifest(file: Path, marks: Mapping[str, Mark]) -> None:
    """Write what runs wrote into a folder."""
    told = {"program": _PROGRAM, "files": {name: asdict(mark) for name, mark in sorted(marks.items())}}
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _mark(told: Any) -> Mark:
    content = told["content"]
    return Mark(int(told["size"]), str(told["sha256"]), None if content is None else str(content))


# -- of single files


def remembered(file: Path) -> list[Mark]:
    """Return what runs wrote at a place, the last two; nothing where the cache is not there or damaged."""
    try:
        return [_mark(one) for one in _memory().get(_key(file), [])]
    except (KeyError, ValueError, TypeError):
        return []


def remember(marks: Mapping[Path, Mark]) -> None:
    """Note what is about to be written at some places; a cache folder that cannot be written is no fault of the run.

    What was there is remembered beside it, for a run may be killed in between.
    """
    memory = _memory()
    for file, mark in marks.items():
        before = memory.pop(_key(file), [])
        memory[_key(file)] = [asdict(mark), *(before[:1] if isinstance(before, list) else [])]
    memory = dict(list(memory.items())[-MOST:])
    with contextlib.suppress(OSError):
        place = _place()
        place.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place.parent, suffix=".writing")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as opened:
                json.dump(memory, opened)
            os.replace(name, place)
        except OSError:
            Path(name).unlink(missing_ok=True)


def _place() -> Path:
    stated = os.environ.get("GIS_PLANNING_CACHE")
    return Path(stated or platformdirs.user_cache_dir("gis-planning", appauthor=False)) / "written.json"


def _memory() -> dict[str, Any]:
    try:
        found = json.loads(_place().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _key(file: Path) -> str:
    return os.path.normcase(file.parent.resolve() / file.name)
