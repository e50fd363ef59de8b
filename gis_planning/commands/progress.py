"""Show on stderr what is being done, and in the end what was kept beside new files."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

import click

from gis_planning.commands import options
from gis_planning.texts import Lang, Text, say, text

Progress = Callable[[Text], None]

#: Where there is no terminal a run has at most so many lines: the first, then ever fewer, and the last for its files.
MOST_LINES, FIRST, THINNER = 25, 14, 1.5
#: How long the rest takes is not guessed sooner than this.
SURE_S = 2.0
#: The step that is always told: what was found is being written.
WRITING = "cli.writing"


class Told(Protocol):
    """What can be told to a person."""

    def to(self, lang: Lang) -> str:
        """Return it in one language."""


@contextmanager
def shown(lang: Lang) -> Iterator[Progress]:
    """Give what shows the steps of a run; what its outputs were not to replace is said when they are done."""
    from gis_planning.outputs import kept_told_to  # noqa: PLC0415 - only commands that do something need it

    kept: list[Text] = []
    try:
        with kept_told_to(kept.append), _steps(lang) as progress:
            yield progress
    finally:
        for note in kept:
            click.echo(note.to(lang), err=True)


def imported(source: object, lang: Lang | None, work: Callable[[], Told]) -> int:
    """Make a county folder of a source, tell what was made of it, and return the exit code."""
    spoken = options.spoken_in(lang)
    with shown(spoken) as progress:
        progress(text("cli.importing", source=source))
        summary = work()
    click.echo(summary.to(spoken))
    return 0


@contextmanager
def _steps(lang: Lang) -> Iterator[Progress]:
    """Show what is being done: a moving line on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        yield _lines(lambda step: click.echo(f"... {step.to(lang)}", err=True))
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.markup import escape  # noqa: PLC0415

    console, since = Console(stderr=True), time.monotonic()
    with console.status("") as status:
        yield lambda step: status.update(escape(_estimated(step, time.monotonic() - since, lang)))


def _estimated(step: Text, elapsed_s: float, lang: Lang) -> str:
    """Return a step in words; of one that is counted also how long the rest will take, if it goes on like this."""
    words = step.to(lang)
    done, of = step.facts.get("done"), step.facts.get("of")
    if not (isinstance(done, int) and isinstance(of, int)) or elapsed_s < SURE_S or not 0 < done < of:
        return words
    return say("cli.left", lang, step=words, seconds=max(1, round(elapsed_s / done * (of - done))))


def _lines(tell: Progress) -> Progress:
    """Return what tells of steps in lines, of many only some: the first, then ever fewer."""
    told = step = 0
    following = 1.0

    def progress(done: Text) -> None:
        nonlocal told, step, following
        step += 1
        last = done.key == WRITING and told < MOST_LINES
        if last or (step >= following and told < MOST_LINES - 1):
            told += 1
            following = step + 1 if told < FIRST else step * THINNER
            tell(done)

    return progress
