"""Head the tables of a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openpyxl.utils import get_column_letter

from gis_planning.judging.rulebook import Clause
from gis_planning.reports.workbook import SUM, Column
from gis_planning.results.verdicts import Verdict
from gis_planning.texts import Lang, say

Known = Mapping[str, Clause]
Row = list[Any]
Keys = tuple[tuple[str, str], ...]


def headed(columns: Keys, lang: Lang) -> list[Column]:
    """Return columns by their keys.

    A plus before what a column holds sums it below; a percent sign divides the sums of the next two columns.
    """
    found = []
    for at, (key, kind) in enumerate(columns, 1):
        part, whole = (
            f"SUBTOTAL(109,{letter}2:{letter}{{last}})" for letter in map(get_column_letter, (at + 1, at + 2))
        )
        shared = f'=IF({whole}=0,"",{part}/{whole})'
        found.append(
            Column(say(f"book.column_{key}", lang), kind.lstrip("+%"), {"+": SUM, "%": shared}.get(kind[0], ""))
        )
    return found


def clause_number(verdict: Verdict, known: Known, lang: Lang) -> str:
    """Return the number of a verdict's clause in its document; nothing where the clause is not known."""
    return known[verdict.code].number(lang) if verdict.code in known else ""
