"""Make a county folder of delivered data: `gis-planning import DELIVERY`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gis_planning.commands import options
from gis_planning.commands.progress import imported
from gis_planning.texts import Lang, say


def import_command(lang: Lang) -> click.Command:
    """Return the command `import`."""

    @options.command(
        "import",
        lang,
        click.argument("delivery", type=options.PATH, metavar="DELIVERY"),
        options.out(lang, "out_county", required=True),
        click.option("--name", metavar="NAME", help=say("cli.county_name", lang)),
        click.option("--code", metavar="CODE", help=say("cli.county_code", lang)),
        options.crs(lang, "crs_tables"),
        click.option("--datum", metavar="DATUM", help=say("cli.datum_tables", lang)),
        click.option("--copy", is_flag=True, help=say("cli.copy", lang)),
    )
    def import_(delivery: Path, out: Path, lang: Lang | None, **asked: Any) -> int:
        from gis_planning.formats import database_import  # noqa: PLC0415

        return imported(delivery, lang, lambda: database_import.import_database(delivery, out, lang=lang, **asked))

    return import_
