"""Bring a table into another format: `gis-planning convert IN OUT`."""

from __future__ import annotations

from typing import Any

import click

from gis_planning.commands import options
from gis_planning.commands.progress import shown
from gis_planning.texts import Lang, say


def convert_command(lang: Lang) -> click.Command:
    """Return the command `convert`."""

    @options.command(
        "convert",
        lang,
        click.argument("source", metavar="IN"),
        click.argument("out", metavar="OUT"),
        click.option("--layer", metavar="NAME", help=say("cli.layer", lang)),
        click.option("--as", "name", metavar="NAME", help=say("cli.as", lang)),
        click.option("--to-crs", metavar="CRS", help=say("cli.to_crs", lang)),
        options.crs(lang, "crs_of_in"),
        click.option("--datum", metavar="DATUM", help=say("cli.datum", lang)),
        click.option("--encoding", metavar="NAME", help=say("cli.encoding", lang)),
        click.option("--where", metavar="SQL", help=say("cli.where", lang)),
        click.option("--within", metavar="FILE", help=say("cli.within", lang)),
        click.option("--overwrite", is_flag=True, help=say("cli.overwrite", lang)),
    )
    def convert(source: str, out: str, within: str | None, lang: Lang | None, **asked: Any) -> int:
        from gis_planning.formats.address import place_of  # noqa: PLC0415
        from gis_planning.formats.convert import convert as convert_  # noqa: PLC0415
        from gis_planning.reports import terminal  # noqa: PLC0415

        spoken = options.spoken_in(lang)
        land = place_of(within) if within is not None else None
        with shown(spoken) as progress:
            done = convert_(place_of(source), place_of(out), within=land, progress=progress, **asked)
        click.echo(terminal.converted(done, spoken))
        return 0

    return convert
