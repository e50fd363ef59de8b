"""Tell what is near a place, or draw the areas of all: `gis-planning circles COUNTY`."""

from __future__ import annotations

from pathlib import Path

import click

from gis_planning.commands import options
from gis_planning.commands.progress import shown
from gis_planning.texts import Lang, say


def circles_command(lang: Lang) -> click.Command:
    """Return the command `circles`."""

    @options.command(
        "circles",
        lang,
        options.county(),
        click.option("--at", metavar="LON,LAT", help=say("cli.at", lang)),
        click.option("--of", type=click.Choice(("facilities", "communities", "villages")), help=say("cli.of", lang)),
        click.option("--mode", type=click.Choice(("walk", "drive")), default="walk", help=say("cli.mode", lang)),
        options.out(lang, "out_rings", "FILE"),
    )
    def circles(county: Path, at: str | None, of: str | None, mode: str, out: Path | None, lang: Lang | None) -> int:
        from gis_planning import circles_at  # noqa: PLC0415
        from gis_planning.reports import terminal  # noqa: PLC0415

        spoken = options.spoken_in(lang, county)
        if (at is None) == (of is None) or (at is None and out is None):
            raise click.UsageError(say("circles.at_or_of", spoken))
        with shown(spoken) as progress:
            if at is None:
                notes = circles_at.draw(county, str(of), Path(out or ""), mode=mode, progress=progress)
                told = "\n".join(note.to(spoken) for note in notes)
            else:
                opened, place, found = circles_at.answer(county, at, mode=mode, out=out, progress=progress)
                told = terminal.around(opened.name, place, found, spoken) + terminal.warned(opened.warnings, spoken)
        click.echo(told)
        return 0

    return circles
