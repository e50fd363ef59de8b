"""Harm a source as copying, a full disk or a careless hand does: cut, zeroed, parts left out or of another export."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

#: Files of a few bytes beside a source, which are cut in fewer places.
FEW, SMALL = 3, 600
#: Of a folder of more files than this, the places are spread over the files.
MANY = 8
#: Shapes or rows of a shapefile are taken only of an export with another number of them; with as many, in another
#: order, nobody can tell whose they are.
COUNTED = (".dbf", ".shp")


@dataclass(frozen=True)
class Harm:
    """One harm: its kind, which file it is done to and where, and how."""

    kind: str
    what: str
    do: Callable[[Path], None]


#: No harm at all: the export as it is.
SOUND = Harm("sound", "the export as it is", lambda _: None)


def harms(sound: Path, others: dict[str, Path], places: int) -> Iterator[Harm]:
    """Return the harms that can be done to a source, in a folder with a sound copy of it.

    Parameters
    ----------
    sound
        The folder with the files of the source; nothing but they.
    others
        Folders with the same files of other exports.
    """
    files = sorted(one.relative_to(sound) for one in sound.rglob("*") if one.is_file())
    for file in files:
        size = (sound / file).stat().st_size
        tried = places if len(files) <= MANY else max(2, 4 * places // len(files))
        for place in _between(_places(size, tried if size > SMALL else min(tried, FEW)), sound / file):
            yield Harm("cut", f"{file} at {place} of {size}", _cut(file, place))
            if place < size - 1:
                yield Harm("zeroed", f"{file} from {place} of {size}", _zeroed(file, place, size))
        if len(files) == 1:
            continue
        yield Harm("left out", str(file), _left_out(file))
        for export, folder in others.items():
            same = (folder / file).is_file() and (folder / file).read_bytes() == (sound / file).read_bytes()
            if (folder / file).is_file() and not same and not (export == "other" and file.suffix in COUNTED):
                yield Harm("exchanged", f"{file} of {export}", _exchanged(file, folder))


def _places(size: int, places: int) -> list[int]:
    """Return places spread over a file, the one before its last byte among them."""
    return sorted({*(int(size * (at + 0.5) / places) for at in range(places - 1)), max(size - 1, 0)})


def _between(places: list[int], file: Path) -> list[int]:
    """Return places moved off the ends of a text's lines, where a cut leaves a whole, shorter list."""
    if file.suffix not in {".csv", ".txt"}:
        return places
    content = file.read_bytes()
    return sorted({place - 1 if content[:place].endswith(b"\n") else place for place in places})


def _cut(file: Path, place: int) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        with (folder / file).open("r+b") as opened:
            opened.truncate(place)

    return do


def _zeroed(file: Path, place: int, size: int) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        with (folder / file).open("r+b") as opened:
            opened.truncate(place)
            opened.truncate(size)

    return do


def _left_out(file: Path) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def _exchanged(file: Path, other: Path) -> Callable[[Path], None]:
    return lambda folder: shutil.copyfile(other / file, folder / file) and None
