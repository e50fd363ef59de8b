"""Write the faults of a delivered database as the list that goes back to whoever delivered it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from gis_planning.conventions import kind_title
from gis_planning.judging.rulebook import Clause
from gis_planning.reports.charts import PAGE, Cells, draw
from gis_planning.reports.exports import harmless
from gis_planning.reports.workbook import FORMATS, SUM, Book, Column, Shown
from gis_planning.results.faults import tallied
from gis_planning.results.verdicts import Scorecard
from gis_planning.texts import Lang, say
from gis_planning.units import UNKNOWN, telling
from gis_planning.view.quality import SIZES, expected, notes, present, sized

#: What Excel holds below the heading, with room for the lines under a table.
MOST_ROWS = 1_048_000
#: A page and a paper tell so many rows of the tally, those with the most faults.
MOST_TOLD = 40
#: The columns in their order, with what they hold; those up to `lat` are promised to other programs.
COLUMNS = {
    **dict.fromkeys(("layer", "id", "field", "value", "should_be"), "text"),
    "note": "long",
    "class": "text",
    "severity": "text",
    "town": "text",
    "x": "m",
    "y": "m",
    "lon": "degrees",
    "lat": "degrees",
    **dict.fromkeys(("tbbh", "layer_title", "clause"), "text"),
    "requirement": "long",
    "feature": "text",
    "other": "text",
    "other_id": "text",
    "area_m2": "m2",
    "length_m": "width",
    "angle_degrees": "number",
    "document": "text",
    "fault_id": "text",
}
SUMMARY = {"layer": "text", "layer_title": "text", "clause": "text", "requirement": "long", "town": "text",
            "class": "text", "faults": "count"}  # fmt: skip


def listed(faults: pd.DataFrame, scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> pd.DataFrame:
    """Return faults as readers see them: a row for each, in the columns `COLUMNS`, and `state` where they have one.

    Numbers are numbers, identifiers and codes are texts. Of a fault of geometry the present value is its size.
    """
    rows = pd.DataFrame(
        {
            "layer": faults["table"],
            "id": faults["bsm"],
            "field": faults["field"],
            "value": present(faults),
            "should_be": _worded(faults, ["fault", "expected"], lambda fault, words: expected(fault, words, lang)),
            "note": notes(faults, lang),
            "class": faults["defect"],
            "severity": _worded(faults, ["severity"], lambda one: say(f"severity.{one}", lang)),
            "town": faults["town"],
            **{key: faults[key].astype(float) for key in ("x", "y", "lon", "lat")},
            "tbbh": faults["tbbh"],
            "layer_title": _worded(faults, ["layer"], lambda one: scorecard.titles.get(one) or kind_title(one, lang)),
            "clause": faults["code"],
            "requirement": _worded(faults, ["code"], lambda one: known[one].text(lang) if one in known else ""),
            "feature": faults["feature"],
            "other": faults["other"],
            "other_id": faults["other_bsm"],
            **{key: sized(faults, key) for key in SIZES},
            "document": faults["document"],
            "fault_id": faults["fault_id"],
        }
    )
    if "state" in faults.columns:
        rows["state"] = _worded(faults, ["state"], lambda one: say(f"quality.state_{one}", lang))
    return rows.astype({name: object for name in rows.columns if COLUMNS.get(name) in (None, "text", "long")})


def write_csv(place: Path, scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> None:
    """Write the faults as CSV: UTF-8 with a byte order mark, texts in quotes, none of them a formula.

    Where they were compared with an earlier delivery, those that are no more follow with their state.
    """
    frames = [listed(one, scorecard, known, lang) for one in (scorecard.faults, _gone(scorecard)) if one is not None]
    none = [pd.DataFrame(columns=list(COLUMNS))]
    places = {"x": 3, "y": 3, "lon": 8, "lat": 8}
    rows = pd.concat([one.astype(object) for one in frames or none], ignore_index=True)
    for name, digits in places.items():
        rows[name] = np.where(rows[name].isna(), None, rows[name].astype(float).round(digits))
    for name, (_, digits) in SIZES.items():
        rows[name] = pd.Series(
            [None if pd.isna(one) else round(one, telling(one, digits)) for one in rows[name]], dtype=object
        )
    texts = [name for name in rows.columns if COLUMNS.get(name) in (None, "text", "long")]
    rows[texts] = rows[texts].map(harmless)
    rows.columns = [_head(name, lang) for name in rows.columns]
    rows.to_csv(place, index=False, encoding="utf-8-sig", lineterminator="\r\n", quoting=csv.QUOTE_NONNUMERIC)


def write_xlsx(place: Path, scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> None:
    """Write the faults as a workbook: the list, how many there are of what and where, and those that are no more."""
    book = Book(lang)
    _add(book, "list", scorecard.faults, scorecard, known)
    columns = [Column(_heading(name, lang), kind, SUM if name == "faults" else "") for name, kind in SUMMARY.items()]
    book.sheet(say("quality.sheet_summary", lang), columns, tally_rows(scorecard, known, lang), most=MOST_ROWS)
    _by_class(book, scorecard)
    gone = _gone(scorecard)
    if gone is not None:
        _add(book, "gone", gone, scorecard, known)
    book.save(place)


def _by_class(book: Book, scorecard: Scorecard) -> None:
    """Add how many faults there are of each class, as a table and a chart of it, the most first."""
    if scorecard.faults is None or not len(scorecard.faults):
        return
    counts = scorecard.faults["defect"].value_counts()
    columns = [Column(_heading("class", book.lang), "text"), Column(_heading("faults", book.lang), "count", SUM)]
    rows = [[str(name), int(count)] for name, count in counts.items()]
    sheet = book.sheet(say("book.sheet_classes", book.lang), columns, rows)
    cells = Cells(sheet.title, 1, 2, 2, len(rows) + 1)
    draw(sheet, "D2", say("book.chart_faults", book.lang), cells, shares=False, wide=16.0)
    sheet.print_area = f"A1:N{max(len(rows) + 2, PAGE)}"


def _add(book: Book, key: str, faults: pd.DataFrame | None, scorecard: Scorecard, known: Mapping[str, Clause]) -> None:
    """Add a sheet of faults; without any, their headings alone."""
    rows = pd.DataFrame(columns=list(COLUMNS)) if faults is None else listed(faults, scorecard, known, book.lang)
    columns = [Column(_head(name, book.lang), COLUMNS.get(name, "text")) for name in rows.columns]
    cells = zip(*((_sizes if name in SIZES else _cells)(rows[name]) for name in rows.columns), strict=True)
    # Those up to `lat` are printed: with all of them nobody could read the paper.
    printed = list(rows.columns).index("lat") + 1
    title = say(f"quality.sheet_{key}", book.lang)
    book.sheet(title, columns, cells, count=len(rows), most=MOST_ROWS, printed=printed)


def tally_rows(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> list[list[Any]]:
    """Return how many faults there are by layer, check, town and class, as rows of the columns `SUMMARY`."""
    if scorecard.faults is None:
        return []
    return [
        [
            one.table,
            scorecard.titles.get(one.layer) or kind_title(one.layer, lang),
            one.code,
            known[one.code].text(lang) if one.code in known else "",
            one.town or UNKNOWN,
            one.defect,
            int(one.faults),
        ]
        for one in tallied(scorecard.faults).itertuples()
    ]


def most(scorecard: Scorecard, known: Mapping[str, Clause], lang: Lang) -> dict[str, Any] | None:
    """Return the rows of the tally with the most faults, for pages and papers; None where there are no faults.

    `left` says in words how much the workbook has beside them.
    """
    rows = tally_rows(scorecard, known, lang)
    if not rows:
        return None
    kept = sorted(sorted(range(len(rows)), key=lambda at: -rows[at][-1])[:MOST_TOLD])
    others = len(rows) - len(kept)
    faults = sum(row[-1] for row in rows) - sum(rows[at][-1] for at in kept)
    left = say("quality.summary_more", lang, count=f"{others:,}", faults=f"{faults:,}") if others else ""
    return {"heads": [_heading(name, lang) for name in SUMMARY], "rows": [rows[at] for at in kept], "left": left}


def _gone(scorecard: Scorecard) -> pd.DataFrame | None:
    gone = scorecard.compared.gone if scorecard.compared else None
    return gone if gone is not None and len(gone) else None


def _head(name: str, lang: Lang) -> str:
    return say(f"quality.list_{name}", lang)


def _heading(name: str, lang: Lang) -> str:
    return say(f"quality.summary_{name}", lang)


def _worded(faults: pd.DataFrame, keys: list[str], words: Any) -> pd.Series:
    """Return words for each fault, made once for those that are alike."""
    if not len(faults):
        return pd.Series(dtype=object)
    numbers = faults.groupby(keys, sort=False, dropna=False).ngroup().to_numpy()
    alike = faults[keys].drop_duplicates().itertuples(index=False)
    said = np.array([words(*(None if pd.isna(one) else one for one in row)) for row in alike], dtype=object)
    return pd.Series(said[numbers], index=faults.index, dtype=object)


def _cells(column: pd.Series) -> list[Any]:
    return list(column.astype(object).where(column.notna(), None))


def _sizes(column: pd.Series) -> list[Any]:
    """Return sizes as cells; one that its column would show as zero has a format of its own."""
    shape = FORMATS[COLUMNS[str(column.name)]]
    usual = len(shape.partition(".")[2])
    found = _cells(column)
    for at, size in enumerate(found):
        if size is not None and (digits := telling(size, usual)) > usual:
            found[at] = Shown(size, f"{shape.partition('.')[0]}.{'0' * digits}")
    return found
