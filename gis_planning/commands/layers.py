"""Say what a county holds and what its clauses would need: `gis-planning layers COUNTY`."""

from __future__ import annotations

from pathlib import Path

import click

from gis_planning.commands import options
from gis_planning.commands.progress import shown
from gis_planning.texts import Lang, text


def layers_command(lang: Lang) -> click.Command:
    """Return the command `layers`."""

    @options.command("layers", lang, options.county(), options.out(lang, "out_layers", "FILE"))
    def layers(county: Path, out: Path | None, lang: Lang | None) -> int:
        from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
        from gis_planning.county.opened import open_county  # noqa: PLC0415
        from gis_planning.judging import inventory, rulebook  # noqa: PLC0415
        from gis_planning.reports import terminal, write_layers  # noqa: PLC0415

        spoken = options.spoken_in(lang, county)
        with shown(spoken) as progress:
            progress(text("cli.opening", county=county))
            opened = open_county(county)
            read = files_apart_from(out, opened)
            clauses = rulebook.chosen(rulebook.load(opened.folder / "rules"), rules=opened.settings.rules)
            found = inventory.take(opened, clauses, progress=progress)
            if out is not None:
                write_layers(found, out, spoken, inputs=read)
        click.echo(terminal.layers(found, spoken))
        return found.exit_code

    return layers
