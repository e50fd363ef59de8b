"""Say which numbers a policy needs that layers cannot give: what a county's table of statistics is to state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gis_planning.analysis.stated import inputs
from gis_planning.county.opened import County
from gis_planning.county.statistics import LAYER
from gis_planning.judging.rulebook import Clause
from gis_planning.texts import LANGS, Lang, Spoken, Text, text

#: Settings of measures that name an input of the table.
NAMING = ("over", "under", "children")


@dataclass(frozen=True)
class Wanted:
    """A number to be stated: under which name, in which unit, for which area, what it is, and for which articles.

    `instead` says that a layer would give it as well.
    """

    key: str
    title: Text
    meaning: Text
    unit: str
    area: str
    example: float | None
    articles: tuple[int, ...]
    instead: bool = False


def wanted(
    clauses: Iterable[Clause], articles: Mapping[str, tuple[int, ...]], county: County | None = None
) -> Iterator[Wanted]:
    """Yield the numbers that clauses need of a table, each once.

    Parameters
    ----------
    articles
        The articles that a clause answers, by its code.
    county
        Where one is given, numbers that its layers would give, and it does not deliver, may be stated as well.
    """
    clauses = list(clauses)
    named: dict[str, list[int]] = {}
    for clause in clauses:
        numbers = articles.get(clause.code, ())
        own = [str(clause.settings[key]) for key in NAMING if clause.settings.get(key) in inputs()]
        own += ["projects_listed"] if clause.measure == "projects.located" else []
        own += ["residents"] if LAYER in clause.layers and not own and clause.family != LAYER else []
        for key in own:
            named.setdefault(key, []).extend(numbers)
        if clause.family == LAYER and not own:
            yield _of_clause(clause, numbers)
        elif clause.family != LAYER and county is not None and _lacks(clause, county):
            yield _of_clause(clause, numbers, instead=True)
    for key, asking in named.items():
        table = inputs()[key]
        yield Wanted(
            key=key,
            title=Spoken({lang: str(table[lang]) for lang in LANGS}),
            meaning=Spoken({lang: str(table[f"says_{lang}"]) for lang in LANGS}),
            unit=str(table["unit"]),
            area="county",
            example=float(table["example"]),
            articles=tuple(dict.fromkeys(asking)),
        )


def _of_clause(clause: Clause, articles: tuple[int, ...], *, instead: bool = False) -> Wanted:
    titles: dict[Lang, str] = {lang: clause.number(lang) for lang in LANGS}
    meaning: Text = Spoken({lang: clause.text(lang) for lang in LANGS})
    example = clause.cases[0].expected.value if clause.cases and not instead else None
    return Wanted(
        key=clause.code,
        title=Spoken(titles),
        meaning=text("statistics.instead", meaning=meaning) if instead else meaning,
        unit=clause.unit,
        area=clause.area,
        example=example,
        articles=articles,
        instead=instead,
    )


def _lacks(clause: Clause, county: County) -> bool:
    """Say whether a clause lacks a layer that it cannot do without."""
    if clause.projects is not None:
        return False
    needed = (layer for name, layer in clause.layers.items() if name not in clause.optional and layer != LAYER)
    return any(not county.has(layer) for layer in needed)
