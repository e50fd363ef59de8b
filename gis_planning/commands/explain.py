"""Explain one clause with its method note: `gis-planning explain CODE`."""

from __future__ import annotations

from pathlib import Path

import click

from gis_planning.commands import options
from gis_planning.texts import Lang


def explain_command(lang: Lang) -> click.Command:
    """Return the command `explain`."""

    @options.command("explain", lang, click.argument("code", metavar="CODE"), options.rules_of(lang))
    def explain(code: str, county: Path | None, lang: Lang | None) -> int:
        from gis_planning.judging.rulebook import clause_coded, load  # noqa: PLC0415
        from gis_planning.reports import terminal  # noqa: PLC0415

        clause = clause_coded(code, load(options.own_rules(county)))
        click.echo(terminal.clause_page(clause, options.spoken_in(lang, county)))
        return 0

    return explain
