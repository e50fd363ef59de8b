"""A small county with something of everything, for reports: parks, streets, facilities, villages, lines and projects.

Main Street of `circle_town.py` with Block north of it, a park at either end, two districts that meet at x = 500, and
control lines east of the town with one project on each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import circle_town as circle
import geopandas as gpd
import town

from gis_planning.county.opened import open_county
from gis_planning.judging import judge, rulebook
from gis_planning.judging.rulebook import Clause
from gis_planning.results.verdicts import Scorecard

DOCUMENTS = (
    "green-checkup2022plus", "green-gardencity2022", "green-tdt1063_walk5", "circle-mofcom", "circle-rural",
    "redline-ecology_142", "redline-boundary_2026", "redline-three_lines",
)  # fmt: skip


def layers(name: Callable[[str], str] = lambda words: words) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers; `name` may put other words in every text field that users fill."""
    found = circle.layers(kinds="pharmacy")
    found["residential"]["name"] = [name("街区")]
    found["study_area"]["name"] = [name("建成区")]
    found["streets"]["name"] = [name("主街")]
    found["facilities"] = town.frame(
        circle.at(500, 0), circle.at(60, 0), name=[name("康宁药店"), name("老李理发")], kind=["pharmacy", "hairdresser"]
    )
    found["buildings"] = town.frame(
        *[town.box(40 + 120 * at, 20, 60 + 120 * at, 40) for at in range(8)],
        name=[name(f"{at}号楼") for at in range(8)],
        dwellings=[12.0] * 8,
    )
    found["districts"] = town.frame(
        town.box(0, -100, 500, 300), town.box(500, -100, 1000, 300), name=[name("西街道"), name("东街道")]
    )
    found["communities"] = town.frame(
        town.box(0, -100, 600, 300), town.box(600, -100, 1000, 300), name=[name("主街社区"), name("东头社区")]
    )
    found["villages"] = town.frame(
        circle.at(900, 5), circle.at(9000, 5), name=[name("嘎查"), name("远村")], population=[80, 40]
    )
    found["parks"] = town.frame(
        town.box(-90, 0, -10, 100), town.box(990, 220, 1010, 250), town.box(480, -30, 520, -20),
        name=[name("西园"), name("口袋园"), name("花坛")],
        **{"class": ["G11", "G14", "G14"]},
    )  # fmt: skip
    found["development_boundary"] = town.frame(town.box(-100, -100, 1100, 400), zone=["410"])
    found["ecological_redline"] = town.frame(
        town.box(3000, 0, 3100, 100),
        town.box(3100, 0, 3200, 100),
        name=[name("红线甲"), name("红线乙")],
        core=[True, False],
    )
    found["permanent_farmland"] = town.frame(town.box(4000, 0, 4100, 100), name=[name("田1")], kcxs=[0.1])
    found["projects"] = town.frame(
        town.box(20, 20, 60, 60), town.box(3010, 10, 3050, 50), town.box(2000, 0, 2050, 50),
        id=["A-1", "A-2", "A-3"], name=[name("学校"), name("矿点"), name("驿站")], activity=["urban", "urban", None],
    )  # fmt: skip
    return found


def judged(
    folder: Path,
    *,
    name: Callable[[str], str] = lambda words: words,
    documents: Iterable[str] = DOCUMENTS,
    county: str = "",
) -> tuple[Scorecard, tuple[Clause, ...]]:
    """Judge the county."""
    head = f'data_date = "2025-12-31"\n{county}'
    opened = open_county(town.write(folder, layers(name), county=head, facilities="complete = true"))
    clauses = rulebook.chosen(rulebook.load(), rules=list(documents))
    return judge.check(opened, clauses), tuple(clauses)
