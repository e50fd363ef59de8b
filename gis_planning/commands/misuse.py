"""Say in the reader's language which words of a command line do not fit."""

from __future__ import annotations

import difflib
import io
import re

import click

from gis_planning.texts import Lang, Text, text
from gis_planning.texts.hidden import hidden


def told(fault: click.ClickException, lang: Lang) -> str:
    """Return what to tell in a language; where the library's own words have to do, without passwords among them."""
    if (said := misuse(fault)) is not None:
        return said.to(lang)
    words = io.StringIO()
    fault.show(words)
    return "\n".join(hidden(line) for line in words.getvalue().rstrip("\n").split("\n"))


def misuse(fault: click.ClickException) -> Text | None:
    """Return what to tell of words on the command line that do not fit; None: the library's own words have to do."""
    context = getattr(fault, "ctx", None)
    if context is None:
        return None
    command = context.command_path
    if isinstance(fault, click.NoSuchOption):
        near = list(fault.possibilities or ()) or ["-"]
        return text("cli.no_option", option=fault.option_name, near=near, command=command)
    if isinstance(fault, click.BadParameter) and fault.param is not None:
        name = fault.param.opts[-1] if isinstance(fault.param, click.Option) else fault.param.make_metavar(context)
        key = "cli.not_named" if isinstance(fault, click.MissingParameter) else "cli.bad_value"
        return text(key, name=name, reason=fault.message, command=command)
    if isinstance(context.command, click.Group) and (found := re.match(r"No such command '(.*?)'", fault.message)):
        known = list(context.command.commands)
        return text("cli.no_command", name=found[1], near=difflib.get_close_matches(found[1], known, n=3) or known)
    return None
