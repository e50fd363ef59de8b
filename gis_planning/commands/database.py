"""Take from the command line which database servers may have the password, and how long they may think."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from gis_planning.texts import Lang, say

#: The commands that read or write databases.
COMMANDS = ("check", "review", "layers", "repair", "convert", "circles", "atlas")


def database_options(command: str, lang: Lang) -> list[Callable[[Any], Any]]:
    """Return the options of a command that say what databases may have; they hold while it runs."""
    if command not in COMMANDS:
        return []

    def allow(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
        def hold(context: click.Context, _: click.Parameter, value: Any) -> None:
            if value:
                from gis_planning.formats.read.postgis_access import allowed  # noqa: PLC0415

                context.with_resource(allowed(**{name: value}))

        return hold

    return [
        click.option("--pg-host", multiple=True, metavar="HOST", expose_value=False, callback=allow("hosts"),
                     help=say("cli.pg_host", lang)),
        click.option("--pg-insecure", multiple=True, metavar="HOST", expose_value=False, callback=allow("insecure"),
                     help=say("cli.pg_insecure", lang)),
        click.option("--pg-timeout", type=click.IntRange(1, 2_000_000), metavar="SECONDS", expose_value=False,
                     callback=allow("statement_s"), help=say("cli.pg_timeout", lang)),
    ]  # fmt: skip
