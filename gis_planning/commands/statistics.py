"""Make the workbook of statistics to fill in: `gis-planning statistics OUT.xlsx [COUNTY]`."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

import click

from gis_planning.commands import options
from gis_planning.commands.opening import opened
from gis_planning.texts import Lang, say

#: The first year that is asked for: that with which the plan compares.
FIRST_YEAR = 2015


def statistics_command(lang: Lang) -> click.Command:
    """Return the command `statistics`."""

    @options.command(
        "statistics",
        lang,
        click.argument("file", type=options.PATH, metavar="OUT.xlsx"),
        click.argument("county", type=options.PATH, required=False, metavar="[COUNTY]"),
        click.option("--document", metavar="ID", help=say("cli.policy_document", lang)),
    )
    def statistics(file: Path, county: Path | None, document: str | None, lang: Lang | None) -> int:
        from gis_planning.commands.progress import shown  # noqa: PLC0415
        from gis_planning.judging.dated import today  # noqa: PLC0415
        from gis_planning.judging.policies import POLICY, policy  # noqa: PLC0415
        from gis_planning.judging.rulebook import load  # noqa: PLC0415
        from gis_planning.judging.wanted import wanted  # noqa: PLC0415
        from gis_planning.reports.statistics_xlsx import write_statistics  # noqa: PLC0415

        spoken = options.spoken_in(lang, county)
        with opened(county, lang) if county is not None else nullcontext() as open_:
            known = open_.county if open_ is not None else None
            own = options.own_rules(county)
            clauses = {clause.code: clause for clause in load(own)}
            asked = policy(clauses.values(), own, document or POLICY)
            rows = list(wanted((clauses[code] for code in asked.to_state), asked.articles_of(), known))
        code = known.settings.code if known is not None else None
        with shown(spoken):
            years = (FIRST_YEAR, int(today()[:4]))
            write_statistics(rows, file, spoken, code=code or "", years=years)
        click.echo(say("statistics.written", spoken, file=file, count=len(rows)))
        return 0

    return statistics
