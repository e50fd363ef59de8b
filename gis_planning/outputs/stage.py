"""Have a folder to write in beside the target; those of runs that were killed are finished, or swept, by the next."""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis_planning.outputs.locks import Lock, take

_NAME = re.compile(r"\.gis-planning-[0-9a-f]{8}")
#: In each such folder: a file that is locked while its run lives, and one that says that all is written.
_ALIVE, _READY = "alive", "ready.json"


@dataclass(frozen=True)
class Stage:
    """A folder of one run: in `new` what it writes, in `old` what that replaces until all of it is in place."""

    root: Path
    lock: Lock

    @property
    def new(self) -> Path:
        """Return where the run writes."""
        return self.root / "new"

    @property
    def old(self) -> Path:
        """Return where what is replaced waits until nothing can fail."""
        return self.root / "old"

    def set_ready(self, wish: dict[str, Any]) -> None:
        """Say that all is written: from here on a killed run is finished by the next."""
        beside = self.root / "ready.writing"
        beside.write_text(json.dumps(wish), encoding="utf-8")
        beside.replace(self.root / _READY)

    def unset_ready(self) -> None:
        """Say that nothing of it is to be put in place."""
        (self.root / _READY).unlink(missing_ok=True)

    def ready(self) -> dict[str, Any] | None:
        """Return what was wished of a stage that is ready, None of one that is not."""
        try:
            found = json.loads((self.root / _READY).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def end(self) -> None:
        """Remove it with all that is in it; first of all, nobody is to finish it."""
        with contextlib.suppress(OSError):
            self.unset_ready()
        self.lock.drop()
        shutil.rmtree(self.root, ignore_errors=True)


def new_stage(folder: Path) -> Stage:
    """Make a stage in a folder whose lock is held."""
    root = folder / f".gis-planning-{uuid.uuid4().hex[:8]}"
    root.mkdir()
    try:
        lock = take(root / _ALIVE)
        assert lock is not None  # noqa: S101 - its name is nobody else's
        stage = Stage(root, lock)
        stage.new.mkdir()
        stage.old.mkdir()
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    return stage


def sweep(folder: Path, finish: Callable[[Stage], None]) -> None:
    """Finish and remove the stages of runs that ended without doing so; a folder that is not ours is left alone."""
    for root in list(stages(folder)):
        if not (root / _ALIVE).is_file():
            with contextlib.suppress(OSError):
                root.rmdir()  # killed before it began, or not ours and not empty
            continue
        try:
            lock = take(root / _ALIVE, make=False)
        except OSError:  # its run has just ended
            continue
        if lock is None:
            continue
        if not lock.sure:
            lock.drop()
            continue
        stage = Stage(root, lock)
        try:
            finish(stage)
        except BaseException:
            lock.drop()
            raise
        stage.end()


def stages(folder: Path) -> Iterator[Path]:
    """Yield the folders of runs in a folder, of those that live and of those that were killed."""
    for file in folder.iterdir():
        if _NAME.fullmatch(file.name) and file.is_dir() and not file.is_symlink():
            yield file
