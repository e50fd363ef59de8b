"""Write a review as a Word document that can be signed out: one opinion for each project, with a map figure."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from gis_planning import geo
from gis_planning.conventions.activities import activity_title
from gis_planning.conventions.landclasses import class_title
from gis_planning.maps.figure import project_figure
from gis_planning.maps.layers import styles
from gis_planning.review_results import LineReview, ParcelReview, Review
from gis_planning.texts import Lang, say

#: Fonts of Chinese official papers; Word takes the Latin and the East-Asian font apart.
BODY, HEADING = {"zh": "仿宋", "en": "Times New Roman"}, {"zh": "黑体", "en": "Arial"}
LATIN = "Times New Roman"
#: More opinions than these stand in the workbook only, those that pass first.
MOST_OPINIONS = 200
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST = 2_000
QUIET = ("pass", "info")


def write_docx(path: Path, review: Review, lang: Lang) -> None:
    """Write a review as a Word document with East-Asian fonts set, one opinion for each project.

    Where there are more than `MOST_OPINIONS` projects, those without a finding stand in the table of the workbook only,
    and the document says how many.
    """
    paper = Document()
    _set_fonts(paper, lang)
    for section in paper.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.4)
        section.top_margin = section.bottom_margin = Cm(2.2)
    _title(paper, say("review.title", lang), 20)
    head = paper.add_paragraph(_plain(f"{review.name}    {say('review.as_of', lang, day=review.as_of)}"))
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.add_paragraph(say("review.caveat", lang) + say("review.data_date", lang, date=review.data_date or "-"))
    counts = [f"{say(f'review.outcome.{one}', lang)} {count}" for one, count in review.counts().items()]
    listed = say("review.comma", lang).join(counts)
    paper.add_paragraph(say("review.counts", lang, total=len(review.parcels), counts=listed))
    shown = _shown(review)
    if len(shown) < len(review.parcels):
        paper.add_paragraph(say("review.left_out", lang, count=len(review.parcels) - len(shown)))
    for at in shown:
        _opinion(paper, review, at, lang)
    _sources(paper, review, lang)
    paper.save(path)


def _shown(review: Review) -> list[int]:
    """Return which projects have an opinion of their own: the worst ones where there are too many, in their order."""
    places = list(range(len(review.parcels)))
    if len(places) <= MOST_OPINIONS:
        return places
    loud = [at for at in places if review.parcels[at].outcome not in QUIET]
    return sorted(loud[:MOST_OPINIONS] or places[:MOST_OPINIONS])


def _opinion(paper: Any, review: Review, at: int, lang: Lang) -> None:
    parcel = review.parcels[at]
    paper.add_page_break()
    _heading(paper, f"{parcel.id}  {parcel.name}", lang, 1)
    activity = activity_title(parcel.activity, lang) if parcel.activity else say("review.activity_unknown", lang)
    facts = [
        (say("review.column_outcome", lang), say(f"review.outcome.{parcel.outcome}", lang)),
        (say("review.column_activity", lang), activity),
        (say("review.column_area_m2", lang), _area(parcel.area_m2, lang)),
        (say("review.column_plane_area_m2", lang), f"{parcel.plane_area_m2:,.2f}"),
        (say("review.column_source", lang), parcel.source),
    ]
    if parcel.stated_area_m2 is not None:
        facts.insert(4, (say("review.column_stated_area_m2", lang), f"{parcel.stated_area_m2:,.2f}"))
    _table(paper, [], facts, lang, widths=(5.0, 11.0))
    picture, seen = _figure(review, at)
    paper.add_paragraph()
    paper.add_picture(io.BytesIO(picture), width=Cm(16))
    paper.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
    _legend(paper, review, seen, lang)
    _heading(paper, say("review.findings", lang), lang, 2)
    concerned = [line for line in parcel.lines if line.outcome != "info" or line.overlap_m2]
    keys = ("line", "overlap_m2", "overlap_mu", "share", "pieces", "outcome")
    rows = [_line(line, review, lang) for line in concerned]
    _table(
        paper, [say(f"review.column_{key}", lang) for key in keys], rows, lang, widths=(4.2, 3.0, 2.4, 2.0, 1.6, 2.8)
    )
    for line in parcel.lines:
        if line.outcome not in QUIET or line.overlap_m2:
            codes = ", ".join(one.code for one in line.findings if one.outcome == line.outcome)
            words = say(
                "review.finding", lang, line=review.title(line.line, lang), message=line.message, codes=codes or "-"
            )
            _bullet(paper, words)
            if any(one.borderline for one in line.findings):
                _bullet(paper, say("review.borderline_note", lang))
    for override in parcel.overrides:
        outcome = say(f"review.outcome.{override.outcome}", lang)
        _bullet(paper, say("review.override_note", lang, **vars(override) | {"outcome": outcome}))
    _classes(paper, review, parcel, lang)


def _line(line: LineReview, review: Review, lang: Lang) -> tuple[str, ...]:
    known = line.overlap_m2 is not None
    return (
        review.title(line.line, lang),
        f"{line.overlap_m2:,.2f}" if known else "-",
        f"{geo.to_mu(line.overlap_m2 or 0):,.2f}" if known else "-",
        f"{line.share:.2%}" if line.share is not None else "-",
        str(line.pieces) if known else "-",
        say(f"review.outcome.{line.outcome}", lang),
    )


def _classes(paper: Any, review: Review, parcel: ParcelReview, lang: Lang) -> None:
    if review.classes is None:
        return
    own = review.classes[review.classes["project_id"] == parcel.id]
    if not len(own):
        return
    _heading(paper, say("review.sheet_classes", lang), lang, 2)
    totals = own.fillna({"class": "", "great_class": ""}).groupby(["great_class", "class"])["area_m2"].sum()
    rows = [
        (
            say(f"review.great.{great}", lang) if great else say("review.no_patch", lang),
            code or "-",
            class_title(code, lang) or "-",
            f"{area:,.2f}",
            f"{geo.to_mu(area):,.2f}",
        )
        for (great, code), area in totals.items()
    ]
    rows.append((say("review.total", lang), "", "", f"{totals.sum():,.2f}", f"{geo.to_mu(totals.sum()):,.2f}"))
    keys = ("great_class", "class", "class_name", "area_m2", "area_mu")
    _table(paper, [say(f"review.column_{key}", lang) for key in keys], rows, lang, widths=(3.2, 2.4, 5.0, 3.0, 2.4))


def _figure(review: Review, at: int) -> tuple[bytes, tuple[str, ...]]:
    parcel = review.parcels_layer.geometry.iloc[at]
    own = review.patches[review.patches["project_id"] == review.parcels[at].id]
    loud = own[own["outcome"].isin(["fail", "conditional"])] if "outcome" in own.columns else own
    names = [line.line for line in review.parcels[at].lines]
    lines = {name: review.context[name] for name in names if name in review.context}
    return project_figure(parcel, lines, loud.geometry.to_numpy(), ground=review.context.get("streets"))


def _legend(paper: Any, review: Review, seen: Sequence[str], lang: Lang) -> None:
    """Write the colours of the figure in words, each beside a square of it."""
    line = paper.add_paragraph()
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    looks = styles()["line"]
    marks = [(looks.get(name, looks["other"])["stroke"], review.title(name, lang)) for name in seen]
    for colour, words in [
        ("#000000", say("review.figure_parcel", lang)),
        ("#d9481c", say("review.figure_patch", lang)),
        *marks,
    ]:
        square = line.add_run("■ ")
        square.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
        line.add_run(_plain(words) + "    ").font.size = Pt(9)


def _sources(paper: Any, review: Review, lang: Lang) -> None:
    paper.add_page_break()
    _heading(paper, say("review.sheet_sources", lang), lang, 1)
    rows = [
        (review.title(one.layer, lang), one.source, f"{one.features:,}", one.crs, one.sha256[:16])
        for one in review.inputs
    ]
    heads = [say(f"review.column_{key}", lang) for key in ("layer", "source", "features", "crs", "sha256")]
    _table(paper, heads, rows, lang, widths=(3.4, 4.6, 1.8, 2.6, 4.0))
    _heading(paper, say("review.rules", lang), lang, 1)
    for document in review.documents:
        title = document["title"] if lang == "zh" else document["title_en"]
        certainty = say("review.to_confirm", lang) if document["certainty"] == "to-confirm" else ""
        _bullet(paper, f"{title}  {document['number']}  {document['in_force'] or document['date']}  {certainty}")
    for note in (*review.notes, *review.warnings):
        _bullet(paper, note.to(lang))
    words = ", ".join(f"{name} {review.program[name]}" for name in ("version", "geos", "proj", "gdal"))
    paper.add_paragraph(say("review.made_with", lang, program=words, crs=review.crs))


def _table(
    paper: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], lang: Lang, *, widths: Sequence[float]
) -> None:
    table = paper.add_table(rows=len(rows) + bool(heads), cols=len(widths), style="Table Grid")
    grid = list(table.rows)
    for row, words in zip(grid, [*([heads] if heads else []), *rows], strict=True):
        for cell, word, width in zip(row.cells, words, widths, strict=True):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(_plain(str(word)))
            run.font.size = Pt(10)
            if heads and row is grid[0]:
                run.bold = True
            _east_asian(run, BODY[lang])


def _heading(paper: Any, words: str, lang: Lang, level: int) -> None:
    paragraph = paper.add_heading(level=level)
    run = paragraph.add_run(_plain(words))
    run.font.color.rgb = RGBColor(0, 0, 0)
    run.font.name = LATIN
    _east_asian(run, HEADING[lang])


def _title(paper: Any, words: str, size: int) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(words)
    run.bold, run.font.size = True, Pt(size)
    _east_asian(run, HEADING["zh"])


def _bullet(paper: Any, words: str) -> None:
    paper.add_paragraph(_plain(words), style="List Bullet")


def _set_fonts(paper: Any, lang: Lang) -> None:
    for name in ("Normal", "List Bullet", "Table Grid"):
        style = paper.styles[name]
        style.font.name = LATIN
        _east_asian(style, BODY[lang])
    paper.styles["Normal"].font.size = Pt(12)
    for level in (1, 2):
        _east_asian(paper.styles[f"Heading {level}"], HEADING[lang])


def _east_asian(styled: Any, font: str) -> None:
    """Set the font of Chinese characters; the library's own setting reaches Latin ones only."""
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    for theme in ("w:eastAsiaTheme", "w:asciiTheme", "w:hAnsiTheme"):
        fonts.attrib.pop(qn(theme), None)


def _area(square_metres: float, lang: Lang) -> str:
    sizes = {"ha": f"{geo.to_hectares(square_metres):,.4f}", "mu": f"{geo.to_mu(square_metres):,.2f}"}
    return say("review.area", lang, m2=f"{square_metres:,.2f}", **sizes)


def _plain(words: str) -> str:
    return _FORBIDDEN.sub("?", words)[:LONGEST]
