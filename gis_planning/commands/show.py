"""Serve the pages of a run on this computer: `gis-planning show DIR`."""

from __future__ import annotations

from pathlib import Path

import click

from gis_planning.commands import options
from gis_planning.texts import Lang, say


def show_command(lang: Lang) -> click.Command:
    """Return the command `show`."""

    @options.command(
        "show",
        lang,
        click.argument("folder", type=options.PATH, metavar="DIR"),
        click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="PORT", help=say("cli.port", lang)),
        click.option("--browser/--no-browser", default=True, help=say("cli.browser", lang)),
    )
    def show(folder: Path, port: int, lang: Lang | None, *, browser: bool) -> int:
        from gis_planning.show import show as shown  # noqa: PLC0415

        shown(folder, port, options.spoken_in(lang), browser=browser)
        return 0

    return show
