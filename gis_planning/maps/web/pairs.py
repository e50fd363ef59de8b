"""Say which layers of a page show an earlier year and which show today, so that its divider stands between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gis_planning.conventions import EARLIER
from gis_planning.judging.rulebook import Clause
from gis_planning.results.verdicts import Scorecard
from gis_planning.texts import Lang, say
from gis_planning.view.sheets import SIDES, Sheet, plain


@dataclass(frozen=True)
class Pair:
    """Two years to be held against each other.

    Attributes
    ----------
    id, title
        What the address and the list of choices call it.
    sides
        By year, `then` and `now`: what it is called, and the ids of its layers.
    """

    id: str
    title: str
    sides: Mapping[str, tuple[str, list[str]]]

    def payload(self) -> dict[str, Any]:
        """Return what the page's programs need of it."""
        sides = [{"id": f"{year} {self.id}", "title": side[0], "layers": side[1]} for year, side in self.sides.items()]
        return {"title": self.title, "sides": sides}


def pairs(
    scorecard: Scorecard,
    sheets: Iterable[Sheet],
    clauses: Mapping[str, Clause],
    there: Collection[str],
    lang: Lang,
) -> list[Pair]:
    """Return the pairs of the measurements that compare two years, with the lines they go by beneath both.

    `there` are the ids of the layers of the page.
    """
    years = {entry.layer: entry.year for entry in scorecard.inputs}
    return [_pair(sheet, clauses.get(sheet.leading.code), years, there, lang) for sheet in sheets if sheet.two_years]


def _pair(
    sheet: Sheet, clause: Clause | None, years: Mapping[str, int | None], there: Collection[str], lang: Lang
) -> Pair:
    code, layers = sheet.leading.code, tuple(clause.layers.values()) if clause else ()
    lines = [f"line.{name}" for name in layers]
    shown = _years(layers, years, lang)
    return Pair(
        id=plain(code),
        title=f"{clause.number(lang) if clause else ''} {code}".strip(),
        sides={
            year: (
                say(f"mainmap.side_{year}", lang, code=code, year=shown[year]),
                [one for one in (*sheet.on_side(year), *lines) if one in there],
            )
            for year in SIDES.values()
        },
    )


def _years(layers: Iterable[str], years: Mapping[str, int | None], lang: Lang) -> dict[str, str]:
    """Return in words the years of a layer and of its earlier state, nothing where county.toml does not state them."""
    earlier = next((one for one in layers if one.endswith(EARLIER)), "")
    stated = {"then": years.get(earlier), "now": years.get(earlier.removesuffix(EARLIER))}
    return {side: say("mainmap.side_year", lang, year=str(year)) if year else "" for side, year in stated.items()}
