"""Write results for people and for other programs; nothing is computed here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from gis_planning.judging.inventory import Inventory
from gis_planning.judging.rulebook import Clause
from gis_planning.outputs import Wish, replacing
from gis_planning.outputs.marks import manifest_of
from gis_planning.reports.opinions import Opinions, chosen
from gis_planning.results.geopackage import write_tables
from gis_planning.results.review import Review, review_tables
from gis_planning.results.review_json import write_review as write_review_json
from gis_planning.results.tables import result_tables, surfaces
from gis_planning.results.verdicts import Scorecard, write_json
from gis_planning.texts import Lang, Text, say, text

#: Names of the files that a check and a review may write.
CHECK_FILES = (
    "scorecard.json", "results.gpkg", "results-*.csv", "results-*.parquet", "quality.gpkg", "quality-*.csv",
    "quality-*.parquet", "report.xlsx", "report.docx", "*.html",
)  # fmt: skip
REVIEW_FILES = (
    "review.json", "review.xlsx", "review.docx", "review.gpkg", "review-*.csv", "review-*.parquet", "*.html",
)  # fmt: skip


def write_check(
    scorecard: Scorecard,
    clauses: Iterable[Clause],
    out: Path,
    lang: Lang,
    *,
    also: Collection[str] = (),
    inputs: Collection[Path] = (),
    progress: Callable[[Text], None] = lambda _: None,
) -> None:
    """Write the results of a check: figures, GIS layers, maps, a workbook, a Word document, and the page to open first.

    `also` names further formats of the tables and layers: parquet, csv; `inputs` the files that the run read.

    Raises
    ------
    OutputError
        See `replacing`; nothing was changed then.
    """
    from gis_planning.maps.qgis import qml as qgis  # noqa: PLC0415
    from gis_planning.maps.qgis import styles as gis_styles  # noqa: PLC0415 - what draws is slow to import
    from gis_planning.maps.web.check_map import check_map  # noqa: PLC0415
    from gis_planning.maps.web.circle_map import circle_map  # noqa: PLC0415
    from gis_planning.maps.web.coverage_map import coverage_map  # noqa: PLC0415
    from gis_planning.reports.check_docx import write_docx  # noqa: PLC0415
    from gis_planning.reports.check_xlsx import write_xlsx  # noqa: PLC0415
    from gis_planning.reports.exports import write_also  # noqa: PLC0415
    from gis_planning.reports.faults import fault_styles, fault_tables  # noqa: PLC0415
    from gis_planning.reports.landing import landing_page  # noqa: PLC0415
    from gis_planning.view.circle_sheets import circle_sheets  # noqa: PLC0415
    from gis_planning.view.sheets import MAIN, sheets  # noqa: PLC0415

    found, circles = sheets(scorecard), circle_sheets(scorecard)
    clauses = tuple(clauses)
    known = {clause.code: clause for clause in clauses}
    with replacing(out, Wish(inputs)) as stage:
        write_json(stage / "scorecard.json", scorecard.to_json(lang))
        tables = result_tables(scorecard, lang)
        write_tables(stage / "results.gpkg", tables, surfaces(scorecard))
        looks = gis_styles.result_styles(scorecard, known, lang)
        qgis.add_styles(stage / "results.gpkg", looks, say("gis.style", lang))
        write_also(stage, "results", tables, also)
        if faults := fault_tables(scorecard, known, lang):
            write_tables(stage / "quality.gpkg", faults)
            qgis.add_styles(stage / "quality.gpkg", fault_styles(faults, lang), say("gis.style", lang))
            write_also(stage, "quality", faults, also)
        progress(text("cli.drawing", page="report.xlsx"))
        write_xlsx(stage / "report.xlsx", scorecard, known, lang)
        progress(text("cli.drawing", page="report.docx"))
        write_docx(stage / "report.docx", scorecard, found, circles, known, lang)
        for sheet in found:
            if sheet.file is not None and not sheet.large:
                progress(text("cli.drawing", page=sheet.file))
                _write(stage / sheet.file, coverage_map(scorecard, sheet, lang))
        for circle in circles:
            progress(text("cli.drawing", page=circle.file))
            _write(stage / circle.file, circle_map(scorecard, circle, known, lang))
        progress(text("cli.drawing", page=MAIN))
        _write(stage / MAIN, check_map(scorecard, found, known, lang))
        _write(stage / "index.html", landing_page(scorecard, found, circles, clauses, lang))


def write_review(
    review: Review,
    out: Path,
    lang: Lang,
    *,
    opinions: Opinions | None = None,
    also: Collection[str] = (),
    inputs: Collection[Path] = (),
) -> None:
    """Write the results of a review: figures, GIS layers, a workbook, a Word document and the page to open first.

    `opinions` are those that the document has; `also` and `inputs`: see `write_check`.

    Raises
    ------
    OutputError
        See `replacing`; nothing was changed then.
    """
    from gis_planning.maps.qgis import qml as qgis  # noqa: PLC0415
    from gis_planning.maps.qgis import styles as gis_styles  # noqa: PLC0415
    from gis_planning.maps.web.review_map import review_map  # noqa: PLC0415 - what draws is slow to import
    from gis_planning.reports.exports import write_also  # noqa: PLC0415
    from gis_planning.reports.review_docx import write_docx  # noqa: PLC0415
    from gis_planning.reports.review_xlsx import write_xlsx  # noqa: PLC0415
    from gis_planning.view.sheets import MAIN  # noqa: PLC0415

    # Earlier versions wrote a second page, which would tell of another review than the files beside it.
    gone = {MAIN} & (manifest_of(out) or {}).keys()
    with replacing(out, Wish(inputs, gone=gone)) as stage:
        write_review_json(stage / "review.json", review, lang)
        write_xlsx(stage / "review.xlsx", review, lang)
        write_docx(stage / "review.docx", review, lang, opinions or chosen(review))
        _write(stage / "index.html", review_map(review, lang))
        tables = review_tables(review, lang)
        write_tables(stage / "review.gpkg", tables)
        qgis.add_styles(stage / "review.gpkg", gis_styles.review_styles(review, lang), say("gis.style", lang))
        write_also(stage, "review", tables, also)


def write_layers(inventory: Inventory, file: Path, lang: Lang, *, inputs: Collection[Path] = ()) -> None:
    """Write what a county holds as JSON; `inputs` are the files that the run read.

    Raises
    ------
    OutputError
        See `replacing`; nothing was changed then.
    """
    with replacing(file.parent, Wish(inputs), single=file) as stage:
        write_json(stage / file.name, inventory.to_json(lang))


def _write(file: Path, page: str) -> None:
    file.write_text(page, encoding="utf-8", errors="replace", newline="\n")
