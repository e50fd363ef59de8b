"""Make the files of a check one by one, so that several processes can share them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gis_planning.judging.rulebook import Clause
from gis_planning.maps.qgis import qml as qgis
from gis_planning.maps.qgis import styles as gis_styles
from gis_planning.maps.web.check_map import check_map
from gis_planning.maps.web.circle_map import circle_map
from gis_planning.maps.web.coverage_map import coverage_map
from gis_planning.reports import fault_list
from gis_planning.reports.check_docx import write_docx
from gis_planning.reports.check_xlsx import write_xlsx
from gis_planning.reports.exports import FORMATS, write_also
from gis_planning.reports.faults import fault_styles, fault_tables
from gis_planning.reports.landing import landing_page
from gis_planning.reports.running import RUNNING, finished_page
from gis_planning.results.faults import FILE, is_quality
from gis_planning.results.geopackage import write_tables
from gis_planning.results.tables import result_tables, surfaces
from gis_planning.results.verdicts import Scorecard, write_json
from gis_planning.texts import Lang, say
from gis_planning.view.circle_sheets import CircleSheet, circle_sheets
from gis_planning.view.sheets import MAIN, Sheet, sheets

#: What every check writes, and quality alone.
INDEX, FIGURES, LAYERS, FAULTS = "index.html", "scorecard.json", "results.gpkg", FILE
LIST, LIST_CSV = "faults.xlsx", "faults.csv"
#: The papers.
WORD, EXCEL, SLIDES = "report.docx", "report.xlsx", "report.pptx"


@dataclass(frozen=True)
class CheckFiles:
    """A check and how it is to be written.

    Attributes
    ----------
    stage
        The folder to write in.
    reports
        What is asked for beside figures, layers and pages: docx, xlsx, pptx, csv, parquet.
    live
        Whether somebody may be looking at the page of the run, which has to lead on then.
    """

    scorecard: Scorecard
    clauses: tuple[Clause, ...]
    lang: Lang
    stage: Path
    reports: tuple[str, ...]
    live: bool = False

    @cached_property
    def sheets(self) -> list[Sheet]:
        """Return the measurements that have pages."""
        return sheets(self.scorecard)

    @cached_property
    def circles(self) -> list[CircleSheet]:
        """Return the circle pages."""
        return circle_sheets(self.scorecard)

    @cached_property
    def known(self) -> dict[str, Clause]:
        """Return the clauses by code."""
        return {clause.code: clause for clause in self.clauses}

    @property
    def papers(self) -> tuple[str, ...]:
        """Return the papers that are written."""
        return tuple(file for file in (WORD, EXCEL, SLIDES) if file.rpartition(".")[2] in self.reports)

    @property
    def lists(self) -> bool:
        """Say whether a list of faults is written: wherever a delivered database was judged."""
        return any(map(is_quality, self.scorecard.verdicts))

    def names(self) -> Iterator[str]:
        """Yield the files in the order in which people open them, those that take long among the first."""
        yield from (FIGURES, INDEX, MAIN, LAYERS)
        if self.scorecard.faults is not None:
            yield FAULTS
        if self.lists:
            yield from (LIST, LIST_CSV)
        yield from (circle.file for circle in self.circles)
        yield from (sheet.file for sheet in self.sheets if sheet.file is not None and not sheet.large)
        yield from self.papers
        if self.live:
            yield RUNNING


def make(files: CheckFiles, name: str) -> None:
    """Make one file of a check; with a GeoPackage its tables in the other formats that are asked for."""
    scorecard, known, lang, place = files.scorecard, files.known, files.lang, files.stage / name
    also = [one for one in files.reports if one in FORMATS]
    if name == FIGURES:
        write_json(place, scorecard.to_json(lang))
    elif name == LAYERS:
        tables = result_tables(scorecard, lang)
        write_tables(place, tables, surfaces(scorecard))
        qgis.add_styles(place, gis_styles.result_styles(scorecard, known, lang), say("gis.style", lang))
        write_also(files.stage, "results", tables, also)
    elif name == FAULTS:
        faults = fault_tables(scorecard, known, lang)
        write_tables(place, faults)
        qgis.add_styles(place, fault_styles(faults, lang), say("gis.style", lang))
        write_also(files.stage, "quality", faults, also)
    elif name == LIST:
        fault_list.write_xlsx(place, scorecard, known, lang)
    elif name == LIST_CSV:
        fault_list.write_csv(place, scorecard, known, lang)
    elif name == EXCEL:
        write_xlsx(place, scorecard, known, lang)
    elif name == WORD:
        write_docx(place, scorecard, files.sheets, files.circles, known, lang)
    elif name == SLIDES:
        from gis_planning.reports.check_pptx import write_pptx  # noqa: PLC0415 - slow to import, and seldom asked for

        write_pptx(place, scorecard, files.sheets, files.circles, known, lang)
    else:
        place.write_text(_page(files, name), encoding="utf-8", errors="replace", newline="\n")


def _page(files: CheckFiles, name: str) -> str:
    scorecard, known, lang = files.scorecard, files.known, files.lang
    if name == RUNNING:
        return finished_page(scorecard.name, lang)
    if name == INDEX:
        return landing_page(scorecard, files.sheets, files.circles, files.clauses, lang, papers=files.papers)
    if name == MAIN:
        return check_map(scorecard, files.sheets, known, lang, papers=files.papers)
    circle = next((one for one in files.circles if one.file == name), None)
    if circle is not None:
        return circle_map(scorecard, circle, known, lang)
    return coverage_map(scorecard, next(one for one in files.sheets if one.file == name), lang)
