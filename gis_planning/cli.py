"""Speak with people at the command line: words, progress, exit codes. Everything heavy is imported when it is used."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from gis_planning.commands import misuse
from gis_planning.commands.atlas import atlas_command
from gis_planning.commands.cases import cases_command
from gis_planning.commands.check import check_command
from gis_planning.commands.circles import circles_command
from gis_planning.commands.convert import convert_command
from gis_planning.commands.demo import DEMO, demo_command
from gis_planning.commands.explain import explain_command
from gis_planning.commands.guide import guide_command
from gis_planning.commands.import_delivery import import_command
from gis_planning.commands.import_osm import import_osm_command
from gis_planning.commands.layers import layers_command
from gis_planning.commands.list_clauses import list_command
from gis_planning.commands.options import spoken_in
from gis_planning.commands.policy import policy_command
from gis_planning.commands.repair import repair_command
from gis_planning.commands.review import review_command
from gis_planning.commands.show import show_command
from gis_planning.commands.statistics import statistics_command
from gis_planning.cores import collect_rarely
from gis_planning.errors import NotAssessed, PlanningError
from gis_planning.texts import LANGS, Lang, Text, say, system_lang, text

UNUSABLE = 2
COMMANDS = (
    *(
        demo_command,
        check_command,
        review_command,
        policy_command,
        statistics_command,
        layers_command,
        list_command,
        explain_command,
        cases_command,
    ),
    *(
        import_command,
        import_osm_command,
        convert_command,
        repair_command,
        circles_command,
        atlas_command,
        show_command,
        guide_command,
    ),
)


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
    collect_rarely()
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


def _commands(lang: Lang) -> click.Group:
    """Return the commands with their help in one language."""
    context = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
    group = click.Group("gis-planning", help=say("cli.help", lang), context_settings=context)
    group.params.append(_version_option(say("cli.version", lang)))
    for made in COMMANDS:
        group.add_command(made(lang))
    return group


def _lang_of_run(lang: Lang, arguments: list[str]) -> Lang:
    """Return the language for a refusal: the one asked for, else the county's, else the system's."""
    if _asked_lang(arguments):
        return lang
    places = [DEMO] if arguments[:1] == ["demo"] else [Path(word) for word in arguments[1:2]]
    return next((spoken_in(None, place) for place in places if place.exists()), lang)


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
