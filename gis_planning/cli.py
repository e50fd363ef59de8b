"""Speak with people at the command line: words, progress, exit codes. Everything heavy is imported when it is used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from gis_planning.commands import misuse
from gis_planning.commands.postgis_options import database_options
from gis_planning.commands.progress import shown as _progress
from gis_planning.errors import CountyError, NotAssessed, PlanningError
from gis_planning.texts import LANGS, Lang, Text, say, system_lang, text

DEMO = Path("layers") / "demo"
UNUSABLE = 2


def main(arguments: list[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit code.

    0: nothing failed; 1: at least one clause failed (warnings aside); 2: the input or the rules could not be used, or
    our own code failed.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console of another code page shows a question mark rather than ending the run.
            stream.reconfigure(errors="replace")
    lang = _asked_lang(arguments) or system_lang()
    try:
        sys.exit(_commands(lang).main(arguments, prog_name="gis-planning", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as shown:
        click.echo(shown.format_message(), err=True)
    except click.ClickException as fault:
        click.echo(misuse.told(fault, lang), err=True)
    except (Exception, click.Abort) as fault:
        click.echo(_one_line(fault).to(_lang_of_run(lang, arguments)), err=True)
    sys.exit(UNUSABLE)


def _one_line(fault: Exception) -> Text:
    """Return what to tell a user about a fault."""
    if isinstance(fault, PlanningError):
        return fault.text
    if isinstance(fault, NotAssessed):
        return text("cli.lacking", reason=fault.reason)
    if isinstance(fault, click.Abort):
        return text("cli.stopped")
    if isinstance(fault, MemoryError):
        return text("cli.memory")
    if isinstance(fault, OSError):
        from gis_planning.outputs import faults  # noqa: PLC0415

        if (said := faults.told(fault)) is not None:
            return said
    last = fault.__traceback__
    while last and last.tb_next:
        last = last.tb_next
    where = f"{Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}" if last else "?"
    return text("cli.internal", fault=f"{type(fault).__name__}: {fault}", where=where)


def _commands(lang: Lang) -> click.Group:  # noqa: C901, PLR0915 - one short function a command
    """Return the commands with their help in one language."""

    def words(key: str) -> str:
        return say(f"cli.{key}", lang)

    out = click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help=words("out"))
    lang_ = click.option("--lang", type=click.Choice(LANGS), help=words("lang"))
    also = click.option("--also", multiple=True, type=click.Choice(("parquet", "csv")), help=words("also"))
    county = click.argument("county", type=click.Path(path_type=Path), metavar="COUNTY")
    context = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
    group = click.Group("gis-planning", help=words("help"), context_settings=context)
    group.params.append(_version_option(words("version")))

    def command(name: str, *parameters: Callable[[Any], Any]) -> Callable[[Callable[..., int]], None]:
        def add(function: Callable[..., int]) -> None:
            for parameter in reversed((*parameters, *database_options(name, lang))):
                function = parameter(function)
            group.add_command(click.command(name, help=words(f"help_{name.replace('-', '_')}"))(function))

        return add

    @command("demo", out, lang_)
    def demo(out: Path | None, lang: Lang | None) -> int:
        if not (DEMO / "county.toml").is_file():
            raise CountyError("cli.no_demo", folder=DEMO)
        return _check(DEMO, out=out, lang=lang, celebrate=True)

    @command(
        "check",
        county,
        out,
        click.option("--only", multiple=True, metavar="FAMILY", help=words("only")),
        click.option("--as-of", metavar="DATE", help=words("as_of")),
        click.option("--compare", type=click.Path(path_type=Path), metavar="OLDDIR", help=words("compare")),
        also,
        lang_,
    )
    def check(county: Path, lang: Lang | None, **options: Any) -> int:
        return _check(county, lang=lang, **options)

    @command(
        "review",
        county,
        click.argument("parcels", nargs=-1, metavar="PARCELS..."),
        out,
        click.option("--activity", metavar="KIND", help=words("activity")),
        click.option("--activities", type=click.Path(path_type=Path), metavar="FILE", help=words("activities")),
        click.option("--overrides", type=click.Path(path_type=Path), metavar="FILE", help=words("overrides")),
        click.option("--crs", metavar="CRS", help=words("crs")),
        click.option("--layer", metavar="NAME", help=words("layer_of_parcels")),
        click.option("--as-of", metavar="DATE", help=words("as_of")),
        click.option("--compare", type=click.Path(path_type=Path), metavar="OLDDIR", help=words("compare")),
        also,
        lang_,
    )
    def review(county: Path, parcels: tuple[str, ...], lang: Lang | None, **options: Any) -> int:
        return _review(county, parcels, lang=lang, **options)

    @command(
        "list", click.option("--county", type=click.Path(path_type=Path), metavar="COUNTY", help=words("own")), lang_
    )
    def list_(county: Path | None, lang: Lang | None) -> int:
        from gis_planning.judging.rulebook import load  # noqa: PLC0415
        from gis_planning.reports import terminal  # noqa: PLC0415

        click.echo(terminal.clause_list(load(_own_rules(county)), lang or _default_lang(county)))
        return 0

    @command(
        "explain",
        click.argument("code", metavar="CODE"),
        click.option("--county", type=click.Path(path_type=Path), metavar="COUNTY", help=words("own")),
        lang_,
    )
    def explain(code: str, county: Path | None, lang: Lang | None) -> int:
        from gis_planning.judging.rulebook import clause_coded, load  # noqa: PLC0415
        from gis_planning.reports import terminal  # noqa: PLC0415

        click.echo(terminal.clause_page(clause_coded(code, load(_own_rules(county))), lang or _default_lang(county)))
        return 0

    @command(
        "import-osm",
        click.argument("source", metavar="SOURCE"),
        click.option("--out", type=click.Path(path_type=Path), metavar="DIR", required=True, help=words("out_county")),
        click.option("--area", metavar="NAME", help=words("area")),
        click.option("--district-level", type=int, metavar="N", help=words("district_level")),
        lang_,
    )
    def import_osm(source: str, out: Path, area: str | None, district_level: int | None, lang: Lang | None) -> int:
        from gis_planning.formats import osm  # noqa: PLC0415

        spoken = lang or system_lang()
        with _progress(spoken) as progress:
            progress(text("cli.importing", source=source))
            summary = osm.import_osm(source, out, area=area, district_level=district_level, lang=lang)
        click.echo(summary.to(spoken))
        return 0

    @command(
        "import",
        click.argument("delivery", type=click.Path(path_type=Path), metavar="DELIVERY"),
        click.option("--out", type=click.Path(path_type=Path), metavar="DIR", required=True, help=words("out_county")),
        click.option("--name", metavar="NAME", help=words("county_name")),
        click.option("--code", metavar="CODE", help=words("county_code")),
        click.option("--crs", metavar="CRS", help=words("crs_tables")),
        click.option("--copy", is_flag=True, help=words("copy")),
        lang_,
    )
    def import_(delivery: Path, out: Path, lang: Lang | None, **options: Any) -> int:
        from gis_planning.formats import database_import  # noqa: PLC0415

        spoken = lang or system_lang()
        with _progress(spoken) as progress:
            progress(text("cli.importing", source=delivery))
            summary = database_import.import_database(delivery, out, lang=lang, **options)
        click.echo(summary.to(spoken))
        return 0

    @command(
        "layers",
        county,
        click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help=words("out_layers")),
        lang_,
    )
    def layers(county: Path, out: Path | None, lang: Lang | None) -> int:
        from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
        from gis_planning.county.opened import open_county  # noqa: PLC0415
        from gis_planning.judging import inventory, rulebook  # noqa: PLC0415
        from gis_planning.reports import terminal, write_layers  # noqa: PLC0415

        spoken = lang or _default_lang(county)
        with _progress(spoken) as progress:
            progress(text("cli.opening", county=county))
            opened = open_county(county)
            read = files_apart_from(out, opened)
            clauses = rulebook.chosen(rulebook.load(opened.folder / "rules"), rules=opened.settings.rules)
            found = inventory.take(opened, clauses, progress=progress)
            if out is not None:
                write_layers(found, out, spoken, inputs=read)
        click.echo(terminal.layers(found, spoken))
        return found.exit_code

    @command(
        "repair",
        county,
        click.option("--out", type=click.Path(path_type=Path), metavar="DIR", required=True, help=words("out_repair")),
        click.option("--layer", "only", multiple=True, metavar="LAYER", help=words("repair_layer")),
        click.option("--coverage", multiple=True, metavar="LAYER", help=words("repair_coverage")),
        click.option("--gaps-below", type=click.FloatRange(min=0), default=0.0, metavar="M", help=words("gaps_below")),
        click.option("--control-area", "control", multiple=True, metavar="LAYER=M2", help=words("control_area")),
        click.option("--tolerance", type=click.FloatRange(0, 1), default=0.01, help=words("repair_tolerance")),
        lang_,
    )
    def repair(county: Path, out: Path, gaps_below: float, lang: Lang | None, **options: Any) -> int:
        from gis_planning.mending import mending  # noqa: PLC0415

        spoken = lang or _default_lang(county)
        asked = mending.asked_for(gaps_below_m=gaps_below, **options)
        with _progress(spoken) as progress:
            steps = mending.mend_county(county, out, asked, lang=spoken, progress=progress)
        counts = {action: sum(step.action == action for step in steps) for action in ("mended", "refused", "left")}
        key = "repairs.done" if steps else "repairs.nothing"
        click.echo(say(key, spoken, **({**counts, "ledger": out / mending.LEDGER} if steps else {}), out=out))
        return int(bool(counts["refused"] or counts["left"]))

    @command(
        "convert",
        click.argument("source", metavar="IN"),
        click.argument("out", metavar="OUT"),
        click.option("--layer", metavar="NAME", help=words("layer")),
        click.option("--as", "name", metavar="NAME", help=words("as")),
        click.option("--to-crs", metavar="CRS", help=words("to_crs")),
        click.option("--crs", metavar="CRS", help=words("crs_of_in")),
        click.option("--datum", metavar="DATUM", help=words("datum")),
        click.option("--encoding", metavar="NAME", help=words("encoding")),
        click.option("--where", metavar="SQL", help=words("where")),
        click.option("--within", metavar="FILE", help=words("within")),
        click.option("--overwrite", is_flag=True, help=words("overwrite")),
        lang_,
    )
    def convert(source: str, out: str, within: str | None, lang: Lang | None, **options: Any) -> int:
        from gis_planning.formats.address import place_of  # noqa: PLC0415
        from gis_planning.formats.convert import convert as convert_  # noqa: PLC0415
        from gis_planning.reports import terminal  # noqa: PLC0415

        spoken = lang or system_lang()
        land = place_of(within) if within is not None else None
        with _progress(spoken) as progress:
            done = convert_(place_of(source), place_of(out), within=land, progress=progress, **options)
        click.echo(terminal.converted(done, spoken))
        return 0

    @command(
        "circles",
        county,
        click.option("--at", metavar="LON,LAT", help=words("at")),
        click.option("--of", type=click.Choice(("facilities", "communities", "villages")), help=words("of")),
        click.option("--mode", type=click.Choice(("walk", "drive")), default="walk", help=words("mode")),
        click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help=words("out_rings")),
        lang_,
    )
    def circles(county: Path, at: str | None, of: str | None, mode: str, out: Path | None, lang: Lang | None) -> int:
        from gis_planning import circles_at  # noqa: PLC0415
        from gis_planning.reports import terminal  # noqa: PLC0415

        spoken = lang or _default_lang(county)
        if (at is None) == (of is None) or (at is None and out is None):
            raise click.UsageError(say("circles.at_or_of", spoken))
        with _progress(spoken) as progress:
            if at is None:
                notes = circles_at.draw(county, str(of), Path(out or ""), mode=mode, progress=progress)
                told = "\n".join(note.to(spoken) for note in notes)
            else:
                opened, place, found = circles_at.answer(county, at, mode=mode, out=out, progress=progress)
                told = terminal.around(opened.name, place, found, spoken) + terminal.warned(opened.warnings, spoken)
        click.echo(told)
        return 0

    @command(
        "atlas",
        county,
        click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help=say("atlas.help_out", lang)),
        click.option("--by", type=click.Choice(("towns", "projects", "sheets")), help=say("atlas.help_by", lang)),
        click.option("--size", type=click.Choice(("A3", "A4")), default="A3", help=say("atlas.help_size", lang)),
        click.option(
            "--parcels",
            multiple=True,
            type=click.Path(path_type=Path),
            metavar="FILE",
            help=say("atlas.help_parcels", lang),
        ),
        click.option("--crs", metavar="CRS", help=words("crs")),
        click.option(
            "--sheet-scale",
            type=click.Choice(("5000", "10000", "25000", "50000", "100000", "250000", "500000")),
            default="10000",
            help=say("atlas.help_sheet_scale", lang),
        ),
        lang_,
    )
    def atlas(county: Path, lang: Lang | None, **options: Any) -> int:
        return _atlas(county, lang=lang, **options)

    @command(
        "show",
        click.argument("folder", type=click.Path(path_type=Path), metavar="DIR"),
        click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="PORT", help=words("port")),
        click.option("--browser/--no-browser", default=True, help=words("browser")),
        lang_,
    )
    def show(folder: Path, port: int, lang: Lang | None, *, browser: bool) -> int:
        from gis_planning.show import show as shown  # noqa: PLC0415

        shown(folder, port, lang or _default_lang(None), browser=browser)
        return 0

    return group


def _atlas(
    place: Path,
    *,
    out: Path | None,
    by: Any,
    size: str,
    parcels: tuple[Path, ...],
    crs: str | None,
    sheet_scale: str,
    lang: Lang | None,
) -> int:
    spoken = lang or _default_lang(place)
    with _progress(spoken) as progress:
        progress(text("cli.opening", county=place))
        from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
        from gis_planning.county.opened import open_county  # noqa: PLC0415
        from gis_planning.judging import projects, review  # noqa: PLC0415
        from gis_planning.maps.atlas import file_of, write_atlas  # noqa: PLC0415
        from gis_planning.reports import terminal  # noqa: PLC0415

        county = open_county(place)
        target = out or Path("maps") / county.folder.resolve().name
        read = files_apart_from(file_of(target), county, *parcels)
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
            sheet_scale=int(sheet_scale),
            projects=found,
            review=judged,
            inputs=read,
            progress=progress,
        )
    click.echo(say("atlas.written", spoken, count=count, file=file) + terminal.warned(county.warnings, spoken))
    return 0


def _check(
    place: Path,
    *,
    out: Path | None,
    only: tuple[str, ...] = (),
    as_of: str | None = None,
    compare: Path | None = None,
    also: tuple[str, ...] = (),
    lang: Lang | None,
    celebrate: bool = False,
) -> int:
    spoken = lang or _default_lang(place)
    with _progress(spoken) as progress:
        progress(text("cli.opening", county=place))
        from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
        from gis_planning.county.opened import open_county  # noqa: PLC0415
        from gis_planning.judging import judge, projects  # noqa: PLC0415
        from gis_planning.reports import CHECK_FILES, terminal, write_check  # noqa: PLC0415

        county = open_county(place)
        day = projects.day(as_of)
        target = out or Path("maps") / county.folder.resolve().name
        read = files_apart_from(target, county, names=CHECK_FILES)
        clauses = judge.clauses_for(county, only, day)
        scorecard = judge.check(county, clauses, as_of=day, old=compare, progress=progress)
        progress(text("cli.writing", folder=target))
        write_check(scorecard, clauses, target, spoken, also=also, inputs=read, progress=progress)
    click.echo(terminal.scorecard(scorecard, clauses, spoken))
    click.echo(say("cli.look" if not celebrate else "cli.look_demo", spoken, page=target / "index.html", folder=target))
    return scorecard.exit_code


def _review(
    place: Path,
    parcels: tuple[str, ...],
    *,
    out: Path | None,
    activity: str | None,
    activities: Path | None,
    overrides: Path | None,
    crs: str | None,
    layer: str | None,
    as_of: str | None,
    compare: Path | None,
    also: tuple[str, ...],
    lang: Lang | None,
) -> int:
    spoken = lang or _default_lang(place)
    with _progress(spoken) as progress:
        progress(text("cli.opening", county=place))
        from gis_planning.county.inputs import files_apart_from  # noqa: PLC0415
        from gis_planning.county.opened import open_county  # noqa: PLC0415
        from gis_planning.formats.address import place_of  # noqa: PLC0415
        from gis_planning.judging import projects, review  # noqa: PLC0415
        from gis_planning.reports import REVIEW_FILES, terminal, write_review  # noqa: PLC0415

        county = open_county(place)
        kind = projects.activity_named(activity)
        day = projects.day(as_of)
        places = [place_of(one) for one in parcels]
        target = out or Path("maps") / county.folder.resolve().name / "review"
        read = files_apart_from(target, county, *places, activities, overrides, names=REVIEW_FILES)
        decided = projects.read_overrides(overrides, county.warnings.append) if overrides else ()
        land = projects.read_projects(county, places, crs=crs, table=layer, activities=activities, progress=progress)
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
            progress=progress,
        )
        progress(text("cli.writing", folder=target))
        write_review(found, target, spoken, also=also, inputs=read)
    click.echo(terminal.review(found, spoken))
    click.echo(say("cli.look", spoken, page=target / "index.html", folder=target))
    return found.exit_code


def _default_lang(place: Path | None) -> Lang:
    if place is None:
        return system_lang()
    from gis_planning.county.file import stated_lang  # noqa: PLC0415

    return stated_lang(place) or system_lang()


def _lang_of_run(lang: Lang, arguments: list[str]) -> Lang:
    """Return the language for a refusal: the one asked for, else the county's, else the system's."""
    if _asked_lang(arguments):
        return lang
    places = [DEMO] if arguments[:1] == ["demo"] else [Path(word) for word in arguments[1:2]]
    return next((_default_lang(place) for place in places if place.exists()), lang)


def _own_rules(place: Path | None) -> Path | None:
    return None if place is None else place / "rules"


def _asked_lang(arguments: list[str]) -> Lang | None:
    """Return the language after --lang; help texts need it before the words are parsed."""
    for at, word in enumerate(arguments):
        value = (
            word.partition("=")[2]
            if word.startswith("--lang=")
            else arguments[at + 1 : at + 2]
            if word == "--lang"
            else None
        )
        value = value[0] if isinstance(value, list) and value else value
        if value in LANGS:
            return value
    return None


def _version_option(words: str) -> click.Option:
    def show(context: click.Context, _parameter: click.Parameter, asked: bool) -> None:  # noqa: FBT001 - click's signature
        if asked:
            from importlib.metadata import version  # noqa: PLC0415

            click.echo(f"gis-planning {version('gis-planning')}")
            context.exit()

    return click.Option(["--version"], is_flag=True, expose_value=False, is_eager=True, callback=show, help=words)
