"""Print sheets: `gis-planning atlas COUNTY`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from gis_planning.commands import options
from gis_planning.commands.opening import folder_of, opened
from gis_planning.texts import Lang, say

SCALES = ("5000", "10000", "25000", "50000", "100000", "250000", "500000")


def atlas_command(lang: Lang) -> click.Command:
    """Return the command `atlas`."""

    def words(key: str) -> str:
        return say(f"atlas.help_{key}", lang)

    @options.command(
        "atlas",
        lang,
        options.county(),
        click.option("--out", type=options.PATH, metavar="FILE", help=words("out")),
        click.option("--by", type=click.Choice(("towns", "projects", "sheets")), help=words("by")),
        click.option("--size", type=click.Choice(("A3", "A4")), default="A3", help=words("size")),
        click.option("--format", "form", type=click.Choice(("pdf", "png")), default="pdf", help=words("format")),
        click.option("--parcels", multiple=True, type=options.PATH, metavar="FILE", help=words("parcels")),
        options.crs(lang),
        click.option("--sheet-scale", type=click.Choice(SCALES), default="10000", help=words("sheet_scale")),
    )
    def atlas(county: Path, **asked: Any) -> int:
        return _atlas(county, **asked)

    return atlas


def _atlas(
    place: Path,
    *,
    out: Path | None,
    by: Any,
    size: str,
    form: Any,
    parcels: tuple[Path, ...],
    crs: str | None,
    sheet_scale: str,
    lang: Lang | None,
) -> int:
    with opened(place, lang) as (county, spoken, progress):
        from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
        from gis_planning.judging import projects, review  # noqa: PLC0415
        from gis_planning.maps.print.atlas import PICTURES, file_of, write_atlas  # noqa: PLC0415
        from gis_planning.reports import terminal  # noqa: PLC0415

        target = folder_of(county, out)
        pictures = form == "png"
        place_of = target if pictures else file_of(target)
        read = files_apart_from(place_of, county, *parcels, names=(PICTURES,) if pictures else None)
        own = by == "projects" and county.has("projects")
        found = projects.read_projects(county, parcels, crs=crs, progress=progress) if parcels or own else None
        judged = None
        if found is not None and by in (None, "projects") and not found["id"].duplicated().any():
            judged = review.review(county, found, review.clauses_for(county), progress=progress)
        file, count = write_atlas(
            county,
            target,
            spoken,
            by=by,
            size=size,
            form=form,
            sheet_scale=int(sheet_scale),
            projects=found,
            review=judged,
            inputs=read,
            progress=progress,
        )
    click.echo(say("atlas.written", spoken, count=count, file=file) + terminal.warned(county.warnings, spoken))
    return 0
