"""Draw tables and words for a console."""

from __future__ import annotations

import io

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text as Plain

#: Narrower consoles wrap lines themselves; a pipe has no width at all.
WIDTH = 120
#: Signs that Chinese consoles draw twice as wide as they say, with what stands for them.
_AMBIGUOUS = str.maketrans({"≥": ">=", "≤": "<=", "×": "x", "²": "2", "…": "..."})
#: Stands for a blank at which a line is not broken; rich breaks at every blank Unicode knows.
FIRM_BLANK = "\ue000"
# Control characters, and marks that turn the direction of a line, could rewrite what a console shows.
_HARMFUL = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), *range(8234, 8239), *range(8294, 8298)), "?")


def blank_table(*, heads: bool = True) -> Table:
    """Return an empty table without lines."""
    # No lines: the characters of boxes are twice as wide on Chinese consoles, and nothing would stand below its head.
    return Table(box=None, show_header=heads, pad_edge=False, padding=(0, 2, 0, 0), header_style=None)


def drawn(table: Table) -> str:
    """Return a table as lines."""
    console = Console(
        file=io.StringIO(), width=WIDTH, color_system=None, force_terminal=False, legacy_windows=False, highlight=False
    )
    for column in table.columns:
        column.header = str(column.header).translate(_AMBIGUOUS)
        column._cells = [Plain(clean(str(cell))) for cell in column._cells]
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.replace(FIRM_BLANK, " ").rstrip() for line in captured.get().splitlines())


def wrapped(note: str) -> str:
    """Return a method note with lines that are too long broken; lines that were set by hand stay."""
    lines = []
    for line in note.splitlines():
        text = Plain(line)
        long = cell_len(line) > WIDTH
        lines += [str(part).rstrip() for part in text.wrap(Console(width=WIDTH), WIDTH)] if long else [line]
    return "\n".join(lines)


def clean(words: str) -> str:
    """Return words without what could rewrite a console."""
    return words.translate(_HARMFUL).translate(_AMBIGUOUS)
