"""Refuse an output that is an input of the run, by any name it may have."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

from gis_planning.errors import OutputError
from gis_planning.outputs.book import BOOKS, LOGS

_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg", ".qpj", ".sbn", ".sbx", ".qix", ".fields.csv")
_GRID = (".tfw", ".wld", ".prj", ".aux.xml", ".hdr")
#: Endings of files that belong to a source, by its own ending.
SIDES = {
    **dict.fromkeys((".shp", ".dbf", ".shx"), _SHAPEFILE),
    **dict.fromkeys((".tif", ".tiff", ".asc", ".img", ".bil", ".flt"), _GRID),
    ".mif": (".mid",),
    ".tab": (".dat", ".map", ".id", ".ind"),
    ".csv": (".csvt", ".prj"),
}
#: What is read of a folder.
_READ = {*SIDES, *_SHAPEFILE, *BOOKS, ".json", ".geojson", ".fgb", ".kml", ".dxf", ".txt", ".xlsx", ".parquet", ".zip"}
_APPENDED = (".aux.xml", ".ovr", ".msk", ".xml")


def refuse_inputs(targets: Iterable[Path], inputs: Collection[Path]) -> None:
    """Refuse to write over a file that the run reads, a side file of one, or into a geodatabase that it reads.

    Raises
    ------
    OutputError
        A target is one of the inputs, be it by a link or in other letters.
    """
    known = {key: source for source in inputs for part in _parts(source) for key in _keys(part)}
    inside = [_real(source) for source in inputs if source.suffix.lower() == ".gdb"]
    for target in targets:
        found = next((known[key] for key in _keys(target) if key in known), None)
        if found is None and inside:
            found = next((parent for parent in (_real(target), *_real(target).parents) if parent in inside), None)
        if found is not None:
            key = "outputs.is_input_itself" if found == target else "outputs.is_input"
            raise OutputError(key, file=target, source=found)


def refuse_folder(out: Path, names: Iterable[str], inputs: Collection[Path]) -> None:
    """Refuse a folder in which a run would write over one of its inputs; `names` are patterns of what it may write.

    Raises
    ------
    OutputError
        See `refuse_inputs`.
    """
    patterns = list(names)
    try:
        there = [file for file in out.iterdir() if any(fnmatch(file.name, pattern) for pattern in patterns)]
    except OSError:
        there = []
    refuse_inputs([out, *there], inputs)


def refuse_among(out: Path, inputs: Collection[Path]) -> None:
    """Refuse a folder for results in which inputs lie, or that lies in a folder that is read as a whole.

    Raises
    ------
    OutputError
        Who delivers that folder again, or imports it, would take results for data.
    """
    place = _real(out)
    for source in inputs:
        whole = source.is_dir() and source.suffix.lower() != ".gdb"
        folder = _real(source if whole else source.parent)
        if place == folder or (whole and folder in place.parents):
            raise OutputError("outputs.among_inputs", folder=out, source=source)


def _parts(source: Path) -> Iterator[Path]:
    """Give the files that are read with a source; a path into a zip is that of the zip."""
    while not source.exists() and source.parent != source and not source.parent.is_dir():
        source = source.parent
    ending = source.suffix.lower()
    if source.is_dir() and ending != ".gdb":
        yield from (file for file in source.iterdir() if file.suffix.lower() in _READ and file.is_file())
        return
    yield source
    for side in SIDES.get(ending, ()):
        yield from (source.with_suffix(one) for one in (side, side.upper()))
    for side in LOGS if ending in BOOKS else _APPENDED:
        yield source.with_name(source.name + side)


def _keys(file: Path) -> Iterator[object]:
    """Give what a file is known by: where it lies, and what the file system calls it."""
    yield _real(file)
    try:
        found = file.stat()
    except OSError:
        return
    if found.st_ino:
        yield found.st_dev, found.st_ino


def _real(file: Path) -> Path:
    return Path(os.path.normcase(os.path.realpath(file)))
