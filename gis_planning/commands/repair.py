"""Mend a copy of a county's layers: `gis-planning repair COUNTY --out DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gis_planning.commands import options
from gis_planning.commands.progress import shown
from gis_planning.texts import Lang, say


def repair_command(lang: Lang) -> click.Command:
    """Return the command `repair`."""

    @options.command(
        "repair",
        lang,
        options.county(),
        options.out(lang, "out_repair", required=True),
        click.option("--layer", "only", multiple=True, metavar="LAYER", help=say("cli.repair_layer", lang)),
        click.option("--coverage", multiple=True, metavar="LAYER", help=say("cli.repair_coverage", lang)),
        click.option(
            "--gaps-below",
            "gaps_below_m",
            type=click.FloatRange(min=0),
            default=0.0,
            metavar="M",
            help=say("cli.gaps_below", lang),
        ),
        click.option(
            "--control-area", "control", multiple=True, metavar="LAYER=M2", help=say("cli.control_area", lang)
        ),
        click.option("--tolerance", type=click.FloatRange(0, 1), default=0.01, help=say("cli.repair_tolerance", lang)),
    )
    def repair(county: Path, out: Path, lang: Lang | None, **asked: Any) -> int:
        from gis_planning.mending import ledger, mending  # noqa: PLC0415

        spoken = options.spoken_in(lang, county)
        wanted = mending.asked_for(**asked)
        with shown(spoken) as progress:
            steps = mending.mend_county(county, out, wanted, lang=spoken, progress=progress)
        counts = {action: sum(step.action == action for step in steps) for action in ("mended", "refused", "left")}
        key = "repairs.done" if steps else "repairs.nothing"
        click.echo(say(key, spoken, **({**counts, "ledger": out / ledger.LEDGER} if steps else {}), out=out))
        for line in ledger.refusals(steps, spoken):
            click.echo(line)
        return int(bool(counts["refused"] or counts["left"]))

    return repair
