"""Judge the county that ships with the program: `gis-planning demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gis_planning.commands import options
from gis_planning.commands.check import Asked, check_county
from gis_planning.errors import CountyError
from gis_planning.texts import Lang

DEMO = Path("layers") / "demo"


def demo_command(lang: Lang) -> click.Command:
    """Return the command `demo`."""

    @options.command("demo", lang, options.out(lang), options.cores(lang), options.verbose(lang))
    def demo(out: Path | None, lang: Lang | None, **asked: Any) -> int:
        if not (DEMO / "county.toml").is_file():
            raise CountyError("cli.no_demo", folder=DEMO)
        return check_county(DEMO, Asked(policy=True, **asked), out=out, lang=lang, look="cli.look_demo")

    return demo
