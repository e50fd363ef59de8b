"""Write results for people and for other programs; nothing is computed here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from gis_planning.judging.inventory import Inventory
from gis_planning.judging.rulebook import Clause
from gis_planning.outputs import Wish, remove_empty, replacing
from gis_planning.outputs.marks import manifest_of
from gis_planning.outputs.side_by_side import Beside
from gis_planning.reports.opinions import Opinions, chosen
from gis_planning.results.geopackage import write_tables
from gis_planning.results.review import Review, review_tables
from gis_planning.results.review_json import write_review as write_review_json
from gis_planning.results.verdicts import Scorecard, write_json
from gis_planning.texts import Lang, Text, say, text

#: What is written beside figures, layers and pages where nothing is said.
REPORTS = ("docx", "xlsx")
#: Names of the files that a check and a review may write.
CHECK_FILES = (
    "scorecard.json", "results.gpkg", "results-*.csv", "results-*.parquet", "quality.gpkg", "quality-*.csv",
    "quality-*.parquet", "faults.xlsx", "faults.csv", "report.xlsx", "report.docx", "report.pptx",
    "*.html",
)  # fmt: skip
REVIEW_FILES = (
    "review.json", "review.xlsx", "review.docx", "review.gpkg", "review-*.csv", "review-*.parquet", "*.html",
)  # fmt: skip
#: The folder of a review's opinions where each is a file.
EACH = "opinions"


def write_check(
    scorecard: Scorecard,
    clauses: Iterable[Clause],
    out: Path,
    lang: Lang,
    *,
    reports: Collection[str] = REPORTS,
    inputs: Collection[Path] = (),
    progress: Callable[[Text], None] = lambda _: None,
    side: Beside | None = None,
    live: bool = False,
) -> None:
    """Write the results of a check: figures, GIS layers, maps, and the page to open first.

    Parameters
    ----------
    reports
        What is written as well: a Word document (docx), a workbook (xlsx), slides (pptx), tables in further
        formats (csv, parquet). A report of an earlier run that is not written anew is taken away.
    inputs
        The files that the run read.
    side
        Processes that make some of the files.
    live
        Whether the page of the run was shown; it leads to the results then.

    Raises
    ------
    OutputError
        See `replacing`; nothing was changed then.
    """
    from gis_planning.reports.check_files import EXCEL, FAULTS, LIST, LIST_CSV, SLIDES, WORD, CheckFiles, make  # noqa: PLC0415 - what draws is slow to import
    from gis_planning.reports.running import RUNNING  # noqa: PLC0415

    gone = {WORD, EXCEL, SLIDES, RUNNING, FAULTS, LIST, LIST_CSV} & (manifest_of(out) or {}).keys()
    with replacing(out, Wish(inputs, gone=gone)) as stage:
        files = CheckFiles(scorecard, tuple(clauses), lang, stage, tuple(reports), live)
        told = lambda name: progress(text("cli.drawing", page=name))  # noqa: E731
        (side or Beside()).share(make, files, files.names(), told=told)


def write_review(
    review: Review,
    out: Path,
    lang: Lang,
    *,
    opinions: Opinions | None = None,
    each: bool = False,
    template: Path | None = None,
    also: Collection[str] = (),
    inputs: Collection[Path] = (),
) -> None:
    """Write the results of a review: figures, GIS layers, a workbook, a Word document and the page to open first.

    Parameters
    ----------
    opinions
        Those that are written.
    each
        Whether each is a file of the folder `opinions`; else they stand in the document. Files there of an earlier run
        that are not written anew are taken away, and the folder where it is empty then.
    template
        A Word document of the office, whose letterhead, styles and footers are kept.
    also, inputs
        See `write_check`.

    Raises
    ------
    OutputError
        See `replacing`; nothing was changed then.
    SourceError
        The template is no Word document; nothing was changed then.
    """
    from gis_planning.maps.qgis import qml as qgis  # noqa: PLC0415
    from gis_planning.maps.qgis import styles as gis_styles  # noqa: PLC0415
    from gis_planning.maps.web.review_map import review_map  # noqa: PLC0415 - what draws is slow to import
    from gis_planning.reports.exports import write_also  # noqa: PLC0415
    from gis_planning.reports.opinion_files import write_each  # noqa: PLC0415
    from gis_planning.reports.review_docx import write_docx  # noqa: PLC0415
    from gis_planning.reports.review_xlsx import write_xlsx  # noqa: PLC0415
    from gis_planning.view.sheets import MAIN  # noqa: PLC0415

    # Earlier versions wrote a second page, which would tell of another review than the files beside it.
    gone = {MAIN} & (manifest_of(out) or {}).keys()
    with replacing(out, Wish(inputs, gone=gone)) as stage:
        write_review_json(stage / "review.json", review, lang)
        write_xlsx(stage / "review.xlsx", review, lang)
        written = opinions or chosen(review)
        write_docx(stage / "review.docx", review, lang, written, template=template, apart=each)
        _write(stage / "index.html", review_map(review, lang))
        tables = review_tables(review, lang)
        write_tables(stage / "review.gpkg", tables)
        qgis.add_styles(stage / "review.gpkg", gis_styles.review_styles(review, lang), say("gis.style", lang))
        write_also(stage, "review", tables, also)
        earlier = (manifest_of(out / EACH) or {}).keys()
        if each or earlier:
            with replacing(out / EACH, Wish(inputs, gone=earlier)) as folder:
                if each:
                    write_each(folder, review, lang, written, template)
        remove_empty(out / EACH)


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
