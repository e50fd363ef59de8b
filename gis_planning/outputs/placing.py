"""Put files in their place, each in one step, and keep beside it what is not ours; all of them go in, or none."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gis_planning.errors import OutputError
from gis_planning.outputs.book import LOGS, logs_of
from gis_planning.outputs.faults import FULL
from gis_planning.outputs.marks import MANIFEST, Mark, manifest_of, remembered, unchanged
from gis_planning.outputs.stage import Stage
from gis_planning.texts import Text, text


@dataclass
class Placing:
    """Files on their way into a folder.

    Attributes
    ----------
    asked
        Names of files there that the user asked to replace, whoever wrote them.
    kept
        What was kept, and where.
    """

    stage: Stage
    folder: Path
    asked: Collection[str] = ()
    kept: list[Text] = field(default_factory=list)
    _undo: list[Callable[[], None]] = field(default_factory=list)

    def all_in(self, gone: Collection[str]) -> None:
        """Put all files of the stage in place; `gone` are names of files that end with those they belonged to.

        Raises
        ------
        OutputError
            A file cannot be replaced; all is as it was then.
        """
        known = manifest_of(self.folder) or {}
        files = sorted(self.stage.new.iterdir(), key=_turn)
        target = self.folder
        try:
            for file in files:
                if (self.folder / file.name).is_dir() and file.name not in self.asked:
                    # Whatever lies in there is not ours.
                    raise OutputError("results.a_folder", file=self.folder / file.name)  # noqa: TRY301 - undone below
            for name in sorted({*gone} - {file.name for file in files}):
                target = self.folder / name
                self._set_aside(target, known)
            for file in files:
                target = self.folder / file.name
                self._set_aside(target, known, stays=not target.is_dir())
            # What takes time is done: the new files go in one right after the other.
            for file in files:
                target = self.folder / file.name
                self._put(file, target)
        except BaseException as fault:
            self._take_back()
            if isinstance(fault, OSError):
                key = "outputs.disk_full" if fault.errno in FULL else "results.target_open"
                raise OutputError(key, file=target) from None
            raise

    def _put(self, file: Path, target: Path) -> None:
        os.replace(file, target)
        self._undo.append(lambda: os.replace(target, file))

    def _set_aside(self, target: Path, known: Mapping[str, Mark], *, stays: bool = False) -> None:
        """Move what is at a place to where it waits or is kept, its logs with it; with `stays` it is in both."""
        there = target.exists() or target.is_symlink()
        logs = logs_of(target)
        if not there and not logs:
            return
        ours = there and (target.name in self.asked or self._is_ours(target, known))
        aside = self.stage.old / target.name if ours else kept_as(target)
        linked = there and stays and self._link(target, aside)
        # A log of the old file would be applied to the new one, and destroy it.
        for log in logs:
            self._move(log, aside.with_name(aside.name + log.name[len(target.name) :]))
        if there and not linked:
            self._move(target, aside)
        if not ours:
            self.kept.append(text("outputs.kept", file=target, kept=aside))

    def _is_ours(self, target: Path, known: Mapping[str, Mark]) -> bool:
        if target.name == MANIFEST:
            return manifest_of(self.folder) is not None
        marks = [*([known[target.name]] if target.name in known else []), *remembered(target)]
        return bool(marks) and target.is_file() and unchanged(target, marks)

    def _move(self, place: Path, aside: Path) -> None:
        os.replace(place, aside)
        self._undo.append(lambda: os.replace(aside, place))

    def _link(self, place: Path, aside: Path) -> bool:
        """Give a file a second name, so that it is never without one; not every file system can."""
        try:
            if not aside.exists():
                os.link(place, aside, follow_symlinks=False)
        except (OSError, NotImplementedError):
            return False
        self._undo.append(lambda: _unlinked(place, aside))
        return True

    def _take_back(self) -> None:
        """Undo every step, the last first; what cannot be undone is left for the next run to finish."""
        whole = True
        for undo in reversed(self._undo):
            try:
                undo()
            except OSError:
                whole = False
        self.kept.clear()
        if whole:
            self.stage.unset_ready()


def kept_as(file: Path) -> Path:
    """Return a name beside a file that nothing has: report.docx is kept as report.kept-1.docx."""
    number = 1
    while True:
        found = file.with_name(f"{file.stem}.kept-{number}{file.suffix}")
        if found.exists() and file.exists() and found.samefile(file):
            return found  # a run that was killed had begun to keep it
        if not any(found.with_name(found.name + ending).exists() for ending in ("", *LOGS)) and not found.is_symlink():
            return found
        number += 1


def _unlinked(place: Path, aside: Path) -> None:
    """Put a file back from its second name."""
    if place.exists() and place.samefile(aside):
        aside.unlink()
    else:
        os.replace(aside, place)


def _turn(file: Path) -> tuple[bool, bool, str]:
    """Return when a file goes in: what tells of the others comes last, and a shapefile after its parts."""
    return file.name == MANIFEST, file.suffix.lower() == ".shp", file.name
