"""Options that several commands have, and how a command is made of its function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gis_planning.commands.database import database_options
from gis_planning.texts import LANGS, Lang, say, system_lang

#: What is written beside figures, layers and pages where nothing is said, and what can be.
REPORTS = ("docx", "xlsx")
KNOWN_REPORTS = (*REPORTS, "pptx", "csv", "parquet")
#: An option or argument, to be put on a function.
Parameter = Callable[[Any], Any]
PATH = click.Path(path_type=Path)


def command(name: str, lang: Lang, *parameters: Parameter) -> Callable[[Callable[..., int]], click.Command]:
    """Make a command of a function that returns an exit code; all have a language, some what databases may have."""

    def make(run: Callable[..., int]) -> click.Command:
        def function(**asked: Any) -> int:
            from gis_planning.outputs.moment import settle  # noqa: PLC0415 - what writes files is slow to import

            settle()  # a moment that is none is refused before anything is read
            return run(**asked)

        spoken = click.option("--lang", type=click.Choice(LANGS), help=say("cli.lang", lang))
        for parameter in reversed((*parameters, spoken, *database_options(name, lang))):
            function = parameter(function)
        return click.command(name, help=say(f"cli.help_{name.replace('-', '_')}", lang))(function)

    return make


def county() -> Parameter:
    """Return the folder of a county, which most commands begin with."""
    return click.argument("county", type=PATH, metavar="COUNTY")


def out(lang: Lang, key: str = "out", metavar: str = "DIR", *, required: bool = False) -> Parameter:
    """Return where results go."""
    return click.option("--out", type=PATH, metavar=metavar, required=required, help=say(f"cli.{key}", lang))


def also(lang: Lang, *more: str) -> Parameter:
    """Return further formats of tables, and `more` that a command has."""
    formats, key = click.Choice((*more, "parquet", "csv")), "cli.also_pptx" if more else "cli.also"
    return click.option("--also", multiple=True, type=formats, help=say(key, lang))


def reports(lang: Lang) -> Parameter:
    """Return what is written beside figures, layers and pages: all, none, or a list of formats."""

    def chosen(_context: click.Context, _option: click.Parameter, words: str | None) -> tuple[str, ...]:
        if words in {None, "all", "none"}:
            return {None: REPORTS, "all": KNOWN_REPORTS, "none": ()}[words]
        named = tuple(one.strip() for one in str(words).split(","))
        if unknown := [one for one in named if one not in KNOWN_REPORTS]:
            raise click.BadParameter(say("cli.bad_reports", lang, unknown=unknown, known=KNOWN_REPORTS))
        return named

    return click.option("--reports", callback=chosen, metavar="all|none|LIST", help=say("cli.reports", lang))


def cores(lang: Lang) -> Parameter:
    """Return how many cores a run may use."""
    return click.option("--cores", type=click.IntRange(min=1), metavar="N", help=say("cli.cores", lang))


def as_of(lang: Lang) -> Parameter:
    """Return the day whose rules count."""
    return click.option("--as-of", metavar="DATE", help=say("cli.as_of", lang))


def compare(lang: Lang) -> Parameter:
    """Return the folder of an earlier run."""
    return click.option("--compare", type=PATH, metavar="OLDDIR", help=say("cli.compare", lang))


def crs(lang: Lang, key: str = "crs") -> Parameter:
    """Return the CRS of what does not state its own."""
    return click.option("--crs", metavar="CRS", help=say(f"cli.{key}", lang))


def afresh(lang: Lang) -> Parameter:
    """Return whether to work everything out anew."""
    return click.option("--afresh", is_flag=True, help=say("cli.afresh", lang))


def verbose(lang: Lang) -> Parameter:
    """Return whether the terminal tells all verdicts and notes."""
    return click.option("--verbose", "-v", is_flag=True, help=say("cli.verbose", lang))


def rules_of(lang: Lang) -> Parameter:
    """Return the county whose own rules count as well."""
    return click.option("--county", type=PATH, metavar="COUNTY", help=say("cli.own", lang))


def spoken_in(lang: Lang | None, place: Path | None = None) -> Lang:
    """Return the language of a run: the one asked for, else the county's, else the system's."""
    if lang is not None or place is None:
        return lang or system_lang()
    from gis_planning.county.file import stated_lang  # noqa: PLC0415

    return stated_lang(place) or system_lang()


def own_rules(place: Path | None) -> Path | None:
    """Return the folder of a county's own rules."""
    return None if place is None else place / "rules"
