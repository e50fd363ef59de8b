"""Open the county of a command, in the language its user reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from gis_planning.commands import options
from gis_planning.commands.progress import Progress, shown
from gis_planning.texts import Lang, Text, text

if TYPE_CHECKING:
    from gis_planning.county.opened import County


class Opened(NamedTuple):
    """A county that is open, the language of the run, and what is told of its steps."""

    county: County
    spoken: Lang
    progress: Progress


@contextmanager
def opened(place: Path, lang: Lang | None, step: Callable[[], None] = lambda: None) -> Iterator[Opened]:
    """Give a county opened, and show what is done with it; `step` is called at each step."""
    spoken = options.spoken_in(lang, place)
    with shown(spoken) as show:

        def progress(done: Text) -> None:
            step()
            show(done)

        progress(text("cli.opening", county=place))
        from gis_planning.county.opened import open_county  # noqa: PLC0415 - slow to import

        yield Opened(open_county(place), spoken, progress)


def refuse_no_run(old: Path | None, kind: Literal["check", "review"]) -> None:
    """Refuse a folder to compare with that holds no run of a kind, before anything is read; None asks for nothing.

    Raises
    ------
    SourceError
        What the run said is not there, cannot be read, or a newer program wrote it.
    """
    if old is not None:
        from gis_planning.results.opened import FILES, read_told  # noqa: PLC0415 - slow to import

        read_told(old / FILES[kind][0])


def folder_of(county: County, out: Path | None) -> Path:
    """Return where the results of a county go: where the user says, else to a folder of its name."""
    return out or results_folder(county.folder)


def results_folder(place: Path) -> Path:
    """Return where the results of the county at a place go if nobody says."""
    return Path("maps") / (place.parent if place.suffix == ".toml" else place).resolve().name
