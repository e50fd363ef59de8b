"""Say what layers are to hold, and make a workbook to fill in: `gis-planning guide [LAYER]`."""

from __future__ import annotations

from pathlib import Path

import click

from gis_planning.commands import options
from gis_planning.texts import Lang, say


def guide_command(lang: Lang) -> click.Command:
    """Return the command `guide`."""

    @options.command(
        "guide",
        lang,
        click.argument("layer", required=False, metavar="[LAYER]"),
        click.option("--template", type=options.PATH, metavar="OUT.xlsx", help=say("cli.template_layers", lang)),
    )
    def guide(layer: str | None, template: Path | None, lang: Lang | None) -> int:
        from gis_planning.commands.progress import shown  # noqa: PLC0415
        from gis_planning.conventions import kinds  # noqa: PLC0415
        from gis_planning.judging import guide as guides  # noqa: PLC0415
        from gis_planning.judging.rulebook import load  # noqa: PLC0415
        from gis_planning.reports import guide as laid_out  # noqa: PLC0415
        from gis_planning.reports.template import write_template  # noqa: PLC0415

        spoken = options.spoken_in(lang)
        table = guides.table_called(layer) if layer is not None else None
        if template is not None:
            asked = guides.filled_in(layer)
            with shown(spoken):
                count = write_template((guides.guide(one, ()) for one in asked), template, spoken)
            click.echo(say("guide.written", spoken, file=template, sheets=count))
        elif table is not None:
            click.echo(laid_out.table_told(table, spoken))
            if table.fills:
                first = kinds()[table.fills[0].kind]
                click.echo("\n" + laid_out.told(guides.guide(first, load()), spoken))
        elif layer is not None:
            kind = guides.kind_called(layer)
            if kind is None:
                click.echo(laid_out.list_told(guides.list_called(layer) or layer, spoken))
            else:
                click.echo(laid_out.told(guides.guide(kind, load()), spoken))
        else:
            click.echo(laid_out.kind_lines(kinds().values(), spoken))
        return 0

    return guide
