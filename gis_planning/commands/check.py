"""Judge a county: `gis-planning check COUNTY`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gis_planning.commands import options
from gis_planning.commands.opening import opened, refuse_no_run, results_folder
from gis_planning.cores import held_to, threads
from gis_planning.texts import Lang, Text, say, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from gis_planning.county.opened import County
    from gis_planning.outputs.side_by_side import Beside
    from gis_planning.results.verdicts import Scorecard

#: What makes the files of a check, and is slow to import.
NEEDED = ("gis_planning.reports.check_files", "gis_planning.judging.ahead")
#: A county whose files are larger than this takes long in any case.
LARGE_BYTES = 3_000_000


def check_command(lang: Lang) -> click.Command:
    """Return the command `check`."""

    @options.command(
        "check",
        lang,
        options.county(),
        options.out(lang),
        click.option("--only", multiple=True, metavar="FAMILY", help=say("cli.only", lang)),
        options.as_of(lang),
        options.compare(lang),
        options.reports(lang),
        options.also(lang, "pptx"),
        options.cores(lang),
        options.afresh(lang),
        options.verbose(lang),
    )
    def check(county: Path, out: Path | None, lang: Lang | None, **asked: Any) -> int:
        return check_county(county, Asked(**asked), out=out, lang=lang)

    return check


@dataclass(frozen=True)
class Asked:
    """What is asked of a check beside the county; see the options. `policy` asks for the policy's answers as well."""

    only: tuple[str, ...] = ()
    as_of: str | None = None
    compare: Path | None = None
    afresh: bool = False
    verbose: bool = False
    cores: int | None = None
    reports: tuple[str, ...] = options.REPORTS
    also: tuple[str, ...] = ()
    policy: bool = False

    @property
    def written(self) -> tuple[str, ...]:
        """Return what is written beside figures, layers and pages."""
        return tuple(dict.fromkeys((*self.reports, *self.also)))


def check_county(place: Path, asked: Asked, *, out: Path | None, lang: Lang | None, look: str = "cli.look") -> int:
    """Judge a county, write what was found, tell where to look, and return the exit code.

    Where neither a file nor what is asked has changed since, and all results still lie there, nothing is done again.
    """
    from gis_planning.commands import again  # noqa: PLC0415 - what reads numbers is slow to import

    refuse_no_run(asked.compare, "check")
    begun, target, spoken = time.monotonic(), out or results_folder(place), options.spoken_in(lang, place)
    facts: dict[str, Any] = {
        "only": asked.only,
        "as_of": asked.as_of,
        "reports": asked.written,
        "lang": spoken,
        "look": look,
        "verbose": asked.verbose,
        "policy": asked.policy,
    }
    key = None if asked.afresh or asked.compare else again.key_of(place, target, facts)
    if done := again.find(key, target):
        click.echo(done.told)
        click.echo(say("cli.unchanged", spoken))
        return done.code
    code, said = _checked(place, asked, target, lang)
    said += "\n" + say(look, spoken, page=target / "index.html", folder=target)
    click.echo(said)
    if time.monotonic() - begun > again.LONG_S and code < 2:
        again.note(key, target, code, said)
    return code


def _checked(place: Path, asked: Asked, target: Path, lang: Lang | None) -> tuple[int, str]:
    """Judge a county, write the results into a folder, and return the exit code and the summary."""
    from gis_planning.outputs.side_by_side import beside  # noqa: PLC0415 - slow to import

    with (
        held_to(asked.cores),
        beside(threads(), NEEDED, at_once=_is_large(place)) as side,
        opened(place, lang, side.step) as (county, spoken, progress),
    ):
        from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
        from gis_planning.judging import judge, projects  # noqa: PLC0415
        from gis_planning.reports import CHECK_FILES, summary, terminal, write_check  # noqa: PLC0415
        from gis_planning.reports.running import running  # noqa: PLC0415

        day = projects.day(asked.as_of)
        read = files_apart_from(target, county, names=CHECK_FILES)
        clauses = judge.clauses_for(county, asked.only, day)
        known = {clause.code: clause for clause in clauses}
        with running(target, county.name, known, spoken) as page:

            def told(step: Text) -> None:
                progress(step)
                page.step(step)

            keeps, seen = not asked.afresh, page.seen
            scorecard = judge.check(
                county, clauses, as_of=day, old=asked.compare, keeps=keeps, progress=told, side=side, seen=seen
            )
            told(text("cli.writing", folder=target))
            reports, live = asked.written, page.there
            write_check(
                scorecard, clauses, target, spoken, reports=reports, inputs=read, progress=told, side=side, live=live
            )
        # The page of the run leads to its results from now on.
        answered = _answered(county, scorecard, target / "policy", spoken, progress, side) if asked.policy else None
    said = (
        terminal.scorecard(scorecard, clauses, spoken)
        if asked.verbose
        else summary.scorecard(scorecard, clauses, spoken, most=summary.LINES - asked.policy)
    )
    if answered is None:
        return scorecard.exit_code, said
    return max(scorecard.exit_code, answered[0]), f"{said}\n{answered[1]}"


def _answered(
    county: County,
    scorecard: Scorecard,
    target: Path,
    lang: Lang,
    progress: Callable[[Text], None],
    side: Beside,
) -> tuple[int, str]:
    """Answer the policy on a county that was just judged, and return the exit code and a line on it."""
    from gis_planning.judging.policies import POLICY  # noqa: PLC0415 - slow to import
    from gis_planning.judging.policy import answer, policy_for  # noqa: PLC0415
    from gis_planning.reports.policy_files import addresses, write_policy, year_addresses  # noqa: PLC0415
    from gis_planning.reports.policy_lines import in_a_line  # noqa: PLC0415
    from gis_planning.view.sheets import sheets  # noqa: PLC0415

    asked, clauses = policy_for(county, POLICY)
    known = {verdict.code: verdict for verdict in scorecard.verdicts}
    card = answer(county, asked, clauses, known=known, progress=progress, side=side)
    found, page = sheets(scorecard), "../map.html"
    shown, years = addresses(found, page), year_addresses(found, page)
    write_policy(card, clauses, target, lang, progress=progress, shown=shown, years=years)
    return card.exit_code, in_a_line(card, target / "index.html", lang)


def _is_large(place: Path) -> bool:
    try:
        return place.is_dir() and sum(file.stat().st_size for file in place.iterdir() if file.is_file()) > LARGE_BYTES
    except OSError:
        return False
