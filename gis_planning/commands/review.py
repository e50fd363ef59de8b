"""Judge project parcels: `gis-planning review COUNTY PARCELS...`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gis_planning.commands import options
from gis_planning.commands.opening import folder_of, opened, refuse_no_run
from gis_planning.texts import Lang, say, text


def review_command(lang: Lang) -> click.Command:
    """Return the command `review`."""

    @options.command(
        "review",
        lang,
        options.county(),
        click.argument("parcels", nargs=-1, metavar="PARCELS..."),
        options.out(lang),
        click.option("--activity", metavar="KIND", help=say("cli.activity", lang)),
        click.option("--activities", type=options.PATH, metavar="FILE", help=say("cli.activities", lang)),
        click.option("--overrides", type=options.PATH, metavar="FILE", help=say("cli.overrides", lang)),
        click.option("--opinions", multiple=True, metavar="all|conflicts|ID...", help=say("cli.opinions", lang)),
        click.option("--each", is_flag=True, help=say("cli.each", lang)),
        click.option("--template", type=options.PATH, metavar="OFFICE.docx", help=say("cli.template", lang)),
        options.crs(lang),
        click.option("--layer", metavar="NAME", help=say("cli.layer_of_parcels", lang)),
        options.as_of(lang),
        options.compare(lang),
        options.also(lang),
        options.afresh(lang),
        options.verbose(lang),
    )
    def review(county: Path, parcels: tuple[str, ...], **asked: Any) -> int:
        return _review(county, parcels, **asked)

    return review


def _review(
    place: Path,
    parcels: tuple[str, ...],
    *,
    out: Path | None,
    activity: str | None,
    activities: Path | None,
    overrides: Path | None,
    opinions: tuple[str, ...],
    each: bool,
    template: Path | None,
    crs: str | None,
    layer: str | None,
    as_of: str | None,
    compare: Path | None,
    also: tuple[str, ...],
    afresh: bool,
    verbose: bool,
    lang: Lang | None,
) -> int:
    refuse_no_run(compare, "review")
    with opened(place, lang) as (county, spoken, progress):
        from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
        from gis_planning.formats.address import place_of  # noqa: PLC0415
        from gis_planning.judging import projects, review  # noqa: PLC0415
        from gis_planning.reports import EACH, REVIEW_FILES, summary, terminal, write_review  # noqa: PLC0415
        from gis_planning.reports.office import office_document  # noqa: PLC0415
        from gis_planning.reports.opinions import asked, chosen  # noqa: PLC0415

        kind = projects.activity_named(activity)
        day = projects.day(as_of)
        places = [place_of(parcel) for parcel in parcels]
        target = out or folder_of(county, None) / "review"
        read = files_apart_from(target, county, *places, activities, overrides, template, names=REVIEW_FILES)
        if each:
            files_apart_from(target / EACH, county, *places, activities, overrides, template, names=["*.docx"])
        if template is not None:
            office_document(template)  # refused before anything is judged
        decided = projects.read_overrides(overrides, county.warnings.append) if overrides else ()
        land = projects.read_projects(county, places, crs=crs, table=layer, activities=activities, progress=progress)
        wanted = asked(opinions, land["id"], land["source"].unique())
        if overrides:
            county.inputs.append(projects.table_input("overrides", overrides))
        found = review.review(
            county,
            land,
            review.clauses_for(county, day),
            activity=kind,
            overrides=decided,
            as_of=day,
            old=compare,
            keeps=not afresh,
            progress=progress,
        )
        progress(text("cli.writing", folder=target))
        written = chosen(found, wanted)
        write_review(found, target, spoken, opinions=written, each=each, template=template, also=also, inputs=read)
    click.echo((terminal if verbose else summary).review(found, spoken, written.said))
    click.echo(say("cli.look", spoken, page=target / "index.html", folder=target))
    return found.exit_code
