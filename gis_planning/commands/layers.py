"""Say what a county holds and what its clauses would need: `gis-planning layers COUNTY`."""

from __future__ import annotations

from pathlib import Path

import click

from gis_planning.commands import options
from gis_planning.commands.opening import opened
from gis_planning.texts import Lang


def layers_command(lang: Lang) -> click.Command:
    """Return the command `layers`."""

    @options.command("layers", lang, options.county(), options.out(lang, "out_layers", "FILE"))
    def layers(county: Path, out: Path | None, lang: Lang | None) -> int:
        with opened(county, lang) as (held, spoken, progress):
            from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
            from gis_planning.judging import inventory, rulebook  # noqa: PLC0415
            from gis_planning.reports import terminal, write_layers  # noqa: PLC0415

            read = files_apart_from(out, held)
            known, stated = rulebook.load(held.folder / "rules"), held.settings
            clauses = rulebook.chosen(known, rules=stated.rules, confirmed=stated.confirmed)
            found = inventory.take(held, clauses, progress=progress)
            if out is not None:
                write_layers(found, out, spoken, inputs=read)
        click.echo(terminal.layers(found, spoken))
        return found.exit_code

    return layers
