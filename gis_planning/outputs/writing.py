"""Give a run a folder to write in, and put what it wrote in place when all of it is there."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from gis_planning.errors import OutputError
from gis_planning.outputs.faults import cannot_write, faults_of
from gis_planning.outputs.inputs import refuse_inputs
from gis_planning.outputs.locks import alone_in
from gis_planning.outputs.marks import MANIFEST, manifest_of, mark_of, remember, write_manifest
from gis_planning.outputs.placing import Placing
from gis_planning.outputs.stage import Stage, new_stage, stages, sweep
from gis_planning.outputs.telling import tell


@dataclass(frozen=True)
class Wish:
    """What is special about files that go in.

    Attributes
    ----------
    inputs
        What the run reads; it is never replaced.
    asked
        Names of files that the user asked to replace, whoever wrote them.
    gone
        Names of files that end with those that are replaced.
    """

    inputs: Collection[Path] = ()
    asked: Collection[str] = ()
    gone: Collection[str] = ()


@contextmanager
def replacing(folder: Path, wish: Wish | None = None, *, single: Path | None = None) -> Iterator[Path]:
    """Give a folder to write in; at the end its files replace those of `folder`, all of them or none.

    Files there that are not replaced are left alone, and one that no run wrote, or that was changed since, is kept
    under another name; this is told, see `kept_told_to`.

    Parameters
    ----------
    single
        The one file that is written. The folder is the user's then, and the file is remembered in the cache rather than
        by a file of ours beside it.

    Raises
    ------
    OutputError
        The folder cannot be written, a file there is open in another program or an input of the run, or the disk is
        full; nothing was changed then.
    """
    wish = wish or Wish()
    made, stage, whole = [], None, False
    try:
        made = _made(folder)
        with alone_in(folder):
            sweep(folder, lambda dead: _finish(dead, folder))
            stage = new_stage(folder)
        with faults_of(stage.new, folder, single):
            yield stage.new
        refuse_inputs([folder / file.name for file in stage.new.iterdir()], wish.inputs)
        with alone_in(folder), faults_of(stage.new, folder):
            _note(stage, folder, wish, alone=single is not None)
            placing = Placing(stage, folder, wish.asked)
            placing.all_in(wish.gone)
            whole = True
        tell(placing.kept)
    except OSError as fault:
        if stage is not None:
            raise
        raise cannot_write(folder, fault) from None
    finally:
        if stage is not None and (whole or stage.ready() is None):
            stage.end()
        elif stage is not None:
            stage.lock.drop()  # what could not be undone is finished by the next run
        if not whole:
            _unmade(made)


@contextmanager
def new_folder(out: Path) -> Iterator[Path]:
    """Give a folder to write in, which becomes `out` at the end; on a fault nothing is left of it.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    made, stage, written, whole = [], None, False, False
    try:
        made = _made(out.parent)
        with alone_in(out.parent):
            sweep(out.parent, lambda dead: _finish(dead, out.parent))
            stage = new_stage(out.parent)
        with faults_of(stage.new, out):
            yield stage.new
        written = True
        with alone_in(out.parent):
            if out.exists():
                out.rmdir()  # empty, or this fails
            stage.new.rename(out)
            whole = True
    except OSError as fault:
        if stage is not None and not written:
            raise
        raise cannot_write(out, fault) from None
    finally:
        if stage is not None:
            stage.end()
        if not whole:
            _unmade(made)


def sweep_killed(folder: Path) -> None:
    """Finish in a folder what killed runs had written whole, and remove what else they left; a fault is no matter."""
    with suppress(OSError, OutputError):
        if next(stages(folder), None) is not None:
            with alone_in(folder):
                sweep(folder, lambda dead: _finish(dead, folder))


def remove_empty(folder: Path) -> None:
    """Remove a folder in which runs wrote, where nothing is left in it but what tells of them; a fault is no matter."""
    with suppress(OSError):
        if manifest_of(folder) is not None and [file.name for file in folder.iterdir()] == [MANIFEST]:
            (folder / MANIFEST).unlink()
            folder.rmdir()


def _note(stage: Stage, folder: Path, wish: Wish, *, alone: bool) -> None:
    """Note what is about to be put in place, where the next run finds it."""
    marks = {file.name: mark_of(file) for file in stage.new.iterdir() if file.is_file()}
    known = manifest_of(folder)
    if alone and known is None:
        remember({folder / name: mark for name, mark in marks.items()})
    else:
        before = {name: mark for name, mark in (known or {}).items() if (folder / name).exists()}
        write_manifest(stage.new / MANIFEST, before | marks)
    stage.set_ready({"gone": sorted({*wish.gone} - marks.keys())})


def _finish(dead: Stage, folder: Path) -> None:
    """Put in place what a killed run had written whole; what came in the way since then is kept."""
    wish = dead.ready()
    if wish is not None:
        for file in list(dead.new.iterdir()):
            if (folder / file.name).is_dir():  # a folder is not replaced without being asked again
                shutil.rmtree(file, ignore_errors=True) if file.is_dir() else file.unlink()
        placing = Placing(dead, folder)
        placing.all_in([str(name) for name in wish.get("gone", [])])
        tell(placing.kept)


def _made(folder: Path) -> list[Path]:
    """Make a folder and those above it; return the ones that were not there, the innermost first."""
    lacking = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return lacking


def _unmade(made: list[Path]) -> None:
    for one in made:
        with suppress(OSError):
            one.rmdir()
