"""Read the table of stated numbers that county.toml names: rows as they stand, of the county alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gis_planning.conventions import facts
from gis_planning.errors import SourceError
from gis_planning.formats.read import sources, tables
from gis_planning.formats.read.cells import half_width, refuse_unread
from gis_planning.results.ledger import Input
from gis_planning.texts import text

if TYPE_CHECKING:
    import pandas as pd

    from gis_planning.county.opened import County

#: What a measure asks for to receive the table.
LAYER = "statistics"
COLUMNS = ("indicator", "year", "value", "unit", "area", "source")
NEEDED = ("indicator", "year", "value", "unit")


def read(county: County) -> pd.DataFrame:
    """Return the rows that state anything of the county, as text; `attrs` name the file.

    A row of another county, or of one of the county's towns, is left out; one without a county is of this one. The
    column `row` has the number a person sees beside it.

    Raises
    ------
    SourceError
        The file cannot be read, or lacks a column that is needed.
    NotAssessed
        county.toml names no such table.
    """
    import pandas as pd  # noqa: PLC0415 - slow to import

    from gis_planning.errors import NotAssessed  # noqa: PLC0415

    if county.stated is None:
        raise NotAssessed("statistics.not_delivered")
    source = county.folder / county.stated.source
    county.progress(text("statistics.reading", file=source.name))
    sources.look_before_reading(source)
    plain = tables.read_rows(source)
    county.warnings += plain.warnings
    columns = _columns(plain.heading, source)
    rows, others = [], 0
    for number, cells in plain.rows:
        row = {name: cells[at] if at < len(cells) else None for name, at in columns.items()}
        if not _said(row.get("value")):
            continue
        for cell in row.values():
            refuse_unread(cell, source)
        if not _is_own(row.get("county"), county, source, number):
            others += 1
            continue
        rows.append([(half_width(row.get(name) or "")).strip() for name in COLUMNS] + [number])
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "row"])
    crs = county.crs.to_wkt() if county.settings.crs or county.tables else ""
    frame.attrs = {"file": county.stated.source, "crs": crs}
    if others:
        county.warnings.append(text("statistics.other_counties", file=source.name, count=others))
    county.inputs.append(Input(LAYER, county.stated.source, sources.fingerprint(source), len(frame), ""))
    return frame


def _columns(heading: list[str | None], source: Path) -> dict[str, int]:
    """Return where each column stands."""
    names = [(half_width(cell or "")).strip().casefold() for cell in heading]
    found = {}
    for name, words in facts("statistics")["heads"].items():
        at = next((names.index(word.casefold()) for word in words if word.casefold() in names), None)
        if at is not None:
            found[name] = at
    if lacking := [name for name in NEEDED if name not in found]:
        heads = facts("statistics")["heads"]
        raise SourceError(
            "statistics.no_column", source=source, lacking=[f"{heads[one][1]} ({one})" for one in lacking]
        )
    return found


def _said(cell: str | None) -> bool:
    return cell is not None and bool(str(cell).strip())


def _is_own(cell: str | None, county: County, source: Path, row: int) -> bool:
    """Say whether a row is of the county; refuse a table by county where the county has neither code nor that name."""
    said = half_width(cell or "").strip()
    if not said or said in {county.settings.code, county.name}:
        return True
    if county.settings.code is None and said.isdigit():
        raise SourceError("statistics.no_code", source=source, row=row, county=said)
    return False
