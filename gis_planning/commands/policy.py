"""Answer a policy on a county, clause by clause: `gis-planning policy COUNTY`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gis_planning.commands import options
from gis_planning.commands.opening import opened, results_folder
from gis_planning.cores import held_to, threads
from gis_planning.errors import SourceError
from gis_planning.texts import Lang, say, text

if TYPE_CHECKING:
    from gis_planning.results.policy import PolicyCard

#: What makes the files, and is slow to import.
NEEDED = ("gis_planning.reports.policy_files", "gis_planning.judging.ahead")
FOLDER = "policy"


def policy_command(lang: Lang) -> click.Command:
    """Return the command `policy`."""

    @options.command(
        "policy",
        lang,
        options.county(),
        options.out(lang),
        click.option("--region", type=options.PATH, metavar="FILE", help=say("cli.region", lang)),
        click.option("--document", metavar="ID", help=say("cli.policy_document", lang)),
        options.as_of(lang),
        options.cores(lang),
        options.afresh(lang),
        options.verbose(lang),
    )
    def policy(county: Path, out: Path | None, lang: Lang | None, **asked: Any) -> int:
        return answer_policy(county, out=out, lang=lang, **asked)

    return policy


def answer_policy(
    place: Path,
    *,
    out: Path | None,
    lang: Lang | None,
    region: Path | None = None,
    document: str | None = None,
    as_of: str | None = None,
    cores: int | None = None,
    afresh: bool = False,
    verbose: bool = False,
) -> int:
    """Answer a policy on a county, write what was found, tell where to look, and return the exit code."""
    from gis_planning.outputs.side_by_side import beside  # noqa: PLC0415 - slow to import

    totals = None if region is None else read_region(region)
    target = out or results_folder(place) / FOLDER
    with (
        held_to(cores),
        beside(threads(), NEEDED) as side,
        opened(place, lang, side.step) as (county, spoken, progress),
    ):
        from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
        from gis_planning.judging import projects  # noqa: PLC0415
        from gis_planning.judging.policies import POLICY  # noqa: PLC0415
        from gis_planning.judging.policy import answer, policy_for  # noqa: PLC0415
        from gis_planning.reports.policy_files import POLICY_FILES, write_policy  # noqa: PLC0415

        day = projects.day(as_of)
        read = files_apart_from(target, county, region, names=POLICY_FILES)
        policy, clauses = policy_for(county, document or POLICY, day)
        card = answer(county, policy, clauses, as_of=day, region=totals, keeps=not afresh, progress=progress, side=side)
        progress(text("cli.writing", folder=target))
        write_policy(card, clauses, target, spoken, inputs=read, progress=progress)
    click.echo(told(card, spoken, verbose=verbose))
    click.echo(say("cli.look", spoken, page=target / "index.html", folder=target))
    return card.exit_code


def told(card: PolicyCard, lang: Lang, *, verbose: bool) -> str:
    """Return what the terminal tells of a policy."""
    from gis_planning.reports.policy_lines import lines  # noqa: PLC0415

    return "\n".join(lines(card, lang, every=verbose))


def read_region(file: Path) -> dict[str, Any]:
    """Return what a region.json says.

    Raises
    ------
    SourceError
        It cannot be read, is none, or a newer program wrote it.
    """
    from gis_planning.results.opened import read_told  # noqa: PLC0415

    try:
        found = read_told(file)
    except SourceError as fault:
        if fault.text.key == "results.newer" or not file.exists():
            raise
        raise SourceError("policy.no_region", source=file) from None
    totals = found.get("totals")
    if not isinstance(totals, list) or not all(isinstance(one, dict) and "code" in one for one in totals):
        raise SourceError("policy.no_region", source=file)
    for one in totals:
        value = one.get("value")
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise SourceError("policy.bad_total", source=file, code=one["code"], value=value)
    return found
