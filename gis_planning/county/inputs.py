"""Name the files that a run on a county reads, before it reads them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gis_planning.county.opened import County
from gis_planning.formats.address import Source, is_address
from gis_planning.outputs import refuse_among, refuse_folder, refuse_inputs


def files_of(county: County, *more: Source | None) -> tuple[Path, ...]:
    """Return county.toml, the county's own rules, the sources of its layers, and `more` that are files."""
    found = [county.folder / "county.toml", *sorted((county.folder / "rules").glob("*.toml"))]
    found += [county.folder / county.stated.source] if county.stated is not None else []
    for table in county.tables.values():
        stated = (table.source, table.within, table.coverage)
        found += [county.folder / one for one in stated if one and not is_address(one)]
    return (*found, *(one for one in more if isinstance(one, Path)))


def files_apart_from(
    out: Path | None, county: County, *more: Source | None, names: Iterable[str] | None = None
) -> tuple[Path, ...]:
    """Return what a run reads, or refuse to write over it.

    Parameters
    ----------
    out
        The file that is going to be written; or a folder, where `names` has patterns of the files in it.

    Raises
    ------
    OutputError
        A file that may be written is one that is read, or the folder is one in which the county's data lie.
    """
    files = files_of(county, *more)
    if out is not None and names is not None:
        refuse_folder(out, names, files)
        refuse_among(out, files_of(county))
    elif out is not None:
        refuse_inputs([out], files)
    return files
