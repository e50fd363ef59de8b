"""Draw towns of statistics: the rows of a table, as they stand in its cells."""

from __future__ import annotations

import pandas as pd
from pydantic import Field

from gis_planning.measures.towns import CRS, Facts, Town


class Row(Facts):
    """A row of the table: every cell is text, as a person sees it."""

    indicator: str
    year: str
    value: str
    unit: str
    area: str = ""
    source: str = ""


class Given(Town):
    """The rows of the table, the first of them in row 2."""

    rows: list[Row] = Field(default_factory=list)


def draw(town: Given) -> dict[str, pd.DataFrame]:
    """Return the table."""
    rows = [[*row.model_dump().values(), at] for at, row in enumerate(town.rows, 2)]
    table = pd.DataFrame(rows, columns=[*Row.model_fields, "row"])
    table.attrs = {"file": "stat.csv", "crs": CRS}
    return {"statistics": table}
