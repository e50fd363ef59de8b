"""Make a county folder of OpenStreetMap: `gis-planning import-osm SOURCE`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gis_planning.commands import options
from gis_planning.commands.progress import imported
from gis_planning.texts import Lang, say


def import_osm_command(lang: Lang) -> click.Command:
    """Return the command `import-osm`."""

    @options.command(
        "import-osm",
        lang,
        click.argument("source", metavar="SOURCE"),
        options.out(lang, "out_county", required=True),
        click.option("--area", metavar="NAME", help=say("cli.area", lang)),
        click.option("--district-level", type=int, metavar="N", help=say("cli.district_level", lang)),
    )
    def import_osm(source: str, out: Path, lang: Lang | None, **asked: Any) -> int:
        from gis_planning.formats import osm  # noqa: PLC0415

        return imported(source, lang, lambda: osm.import_osm(source, out, lang=lang, **asked))

    return import_osm
