"""Try clauses on their cases: `gis-planning cases [FILE]...`."""

from __future__ import annotations

from pathlib import Path

import click

from gis_planning.commands import options
from gis_planning.texts import Lang


def cases_command(lang: Lang) -> click.Command:
    """Return the command `cases`."""
    files = click.argument("files", type=options.PATH, metavar="[FILE]...", nargs=-1)

    @options.command("cases", lang, files)
    def cases(files: tuple[Path, ...], lang: Lang | None) -> int:
        from gis_planning.judging.cases import run  # noqa: PLC0415
        from gis_planning.judging.rulebook import load, read_file  # noqa: PLC0415
        from gis_planning.reports import cases as told  # noqa: PLC0415

        spoken, held = options.spoken_in(lang), True
        # Each file is a document by itself: a changed copy of a shipped one may keep its codes.
        # All are read before one is tried: a file that cannot be used ends the run before anything is said.
        read = [read_file(file) for file in files] or told.by_document(load())
        for clauses in read:
            results = list(run(clauses))
            held = held and all(result.holds for result in results)
            click.echo(told.document_page(clauses, results, spoken))
        return 0 if held else 1

    return cases
