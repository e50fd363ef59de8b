"""Name the clauses: `gis-planning list`."""

from __future__ import annotations

from pathlib import Path

import click

from gis_planning.commands import options
from gis_planning.texts import Lang


def list_command(lang: Lang) -> click.Command:
    """Return the command `list`."""

    @options.command("list", lang, options.rules_of(lang))
    def list_(county: Path | None, lang: Lang | None) -> int:
        from gis_planning.judging.rulebook import load  # noqa: PLC0415
        from gis_planning.reports import terminal  # noqa: PLC0415

        click.echo(terminal.clause_list(load(options.own_rules(county)), options.spoken_in(lang, county)))
        return 0

    return list_
