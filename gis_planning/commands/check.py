"""Judge a county: `gis-planning check COUNTY`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from gis_planning.commands import options
from gis_planning.commands.opening import opened, results_folder
from gis_planning.cores import held_to, threads
from gis_planning.outputs.side_by_side import beside
from gis_planning.texts import Lang, Text, say, text

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
        options.also(lang),
        options.cores(lang),
        options.afresh(lang),
    )
    def check(county: Path, **asked: Any) -> int:
        return check_county(county, **asked)

    return check


def check_county(
    place: Path,
    *,
    out: Path | None,
    lang: Lang | None,
    only: tuple[str, ...] = (),
    as_of: str | None = None,
    compare: Path | None = None,
    reports: tuple[str, ...] = options.REPORTS,
    also: tuple[str, ...] = (),
    cores: int | None = None,
    afresh: bool = False,
    look: str = "cli.look",
) -> int:
    """Judge a county, write what was found, tell where to look, and return the exit code.

    Where neither a file nor what is asked has changed since, and all results still lie there, nothing is done again.
    """
    from gis_planning.commands import again  # noqa: PLC0415 - what reads numbers is slow to import

    begun, target = time.monotonic(), out or results_folder(place)
    wanted = tuple(dict.fromkeys((*reports, *also)))
    facts = {"only": only, "as_of": as_of, "reports": wanted, "lang": options.spoken_in(lang, place), "look": look}
    key = None if afresh or compare else again.key_of(place, target, facts)
    if done := again.find(key, target):
        click.echo(done.told)
        click.echo(say("cli.unchanged", options.spoken_in(lang, place)))
        return done.code
    with (
        held_to(cores),
        beside(threads(), NEEDED, at_once=_is_large(place)) as side,
        opened(place, lang, side.step) as (county, spoken, progress),
    ):
        from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
        from gis_planning.judging import judge, projects  # noqa: PLC0415
        from gis_planning.reports import CHECK_FILES, terminal, write_check  # noqa: PLC0415
        from gis_planning.reports.running import running  # noqa: PLC0415

        day = projects.day(as_of)
        read = files_apart_from(target, county, names=CHECK_FILES)
        clauses = judge.clauses_for(county, only, day)
        known = {clause.code: clause for clause in clauses}
        with running(target, county.name, known, spoken) as page:

            def told(step: Text) -> None:
                progress(step)
                page.step(step)

            scorecard = judge.check(
                county,
                clauses,
                as_of=day,
                old=compare,
                keeps=not afresh,
                progress=told,
                side=side,
                seen=page.seen,
            )
            told(text("cli.writing", folder=target))
            write_check(
                scorecard,
                clauses,
                target,
                spoken,
                reports=wanted,
                inputs=read,
                progress=told,
                side=side,
                live=page.there,
            )
    said = terminal.scorecard(scorecard, clauses, spoken)
    said += "\n" + say(look, spoken, page=target / "index.html", folder=target)
    click.echo(said)
    if time.monotonic() - begun > again.LONG_S and scorecard.exit_code < 2:
        again.note(key, target, scorecard.exit_code, said)
    return scorecard.exit_code


def _is_large(place: Path) -> bool:
    try:
        return place.is_dir() and sum(file.stat().st_size for file in place.iterdir() if file.is_file()) > LARGE_BYTES
    except OSError:
        return False
