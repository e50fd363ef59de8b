"""Write slides that stay editable: text, tables and charts are PowerPoint's own, in fonts that Chinese really gets."""

from __future__ import annotations

import io
import math
import unicodedata
import zipfile
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from gis_planning.maps.plain import plain
from gis_planning.outputs.moment import moment
from gis_planning.texts import Lang
from gis_planning.view.numbers import shortened

#: Sizes in inches: a slide of 16 to 9, its margins, and where its body begins and ends.
WIDE, HIGH, MARGIN, TOP, BOTTOM = 13.333, 7.5, 0.6, 1.45, 6.85
BODY = WIDE - 2 * MARGIN
#: Sizes of letters in points.
TITLE, TEXT, DENSE, TABLE, SMALL, FOOT = 24, 18, 16, 14, 14, 11
#: Fonts: Latin signs, and Chinese ones, which PowerPoint has on Windows and on the Mac.
LATIN, EAST_ASIAN = "Arial", "微软雅黑"
INK, FAINT, ACCENT = "1C1A17", "66615A", "2B618C"
LONGEST, LONGEST_FACT = 400, 255
#: The layouts of the library's own template that are used: a title by itself, and a title over a free body.
_COVER, _BODY = 0, 5
#: How wide a sign is and how high a line, as shares of a letter's height.
_HALF, _FULL, _LINE = 0.56, 1.0, 1.35
#: What programs leave between a Chinese sign and another, and below a sentence, in inches.
_BETWEEN, _AFTER = 0.25, 0.11
_INCH = 72.0
_ROW, _INSET, _INDENT = 0.44, 0.1, 0.3
#: What a cell is wider than its words by our reckoning.
_SPARE = 0.06
#: A strip of our colour along the top of every slide.
_STRIP = 0.14


class Column(NamedTuple):
    """A column of a table: its heading, its share of the width, and whether it holds numbers."""

    title: str
    share: float
    number: bool = False


class Bar(NamedTuple):
    """A bar of a chart; None where nothing is known."""

    name: str
    value: float | None


class Box(NamedTuple):
    """A part of a slide, in inches."""

    left: float
    top: float
    width: float
    height: float


class Deck:
    """Slides being written; `foot` stands at the foot of each beside its number."""

    def __init__(self, lang: Lang, title: str, foot: str) -> None:
        self.lang, self.foot = lang, fit(foot, BODY - 1.5, FOOT)
        self.show = Presentation()
        self.show.slide_width, self.show.slide_height = Inches(WIDE), Inches(HIGH)
        facts = self.show.core_properties
        facts.title = shortened(line(title), LONGEST_FACT)
        facts.author = facts.last_modified_by = "gis-planning"
        _dress(self.show)

    def cover(self, title: str, lines: Sequence[str]) -> None:
        """Add the first slide."""
        slide = self.show.slides.add_slide(self.show.slide_layouts[_COVER])
        _fill(slide.shapes.title.text_frame, [fit(title, 2 * BODY, 44)], self.lang)
        _fill(slide.placeholders[1].text_frame, [fit(one, BODY, 20) for one in lines], self.lang)

    def slide(self, title: str) -> Any:
        """Add a slide with a title and a foot, and return it."""
        slide = self.show.slides.add_slide(self.show.slide_layouts[_BODY])
        _fill(slide.shapes.title.text_frame, [fit(title, 1.9 * BODY, TITLE)], self.lang)
        self._numbered(slide)
        return slide

    def bullets(self, title: str, sentences: Sequence[str]) -> None:
        """Add sentences, a little smaller where they fill more than a slide, and on as many as they need."""
        said = [line(one) for one in sentences]
        size = TEXT if _high(said, BODY, TEXT) <= BOTTOM - TOP else DENSE
        page: list[str] = []
        pages = [page]
        for sentence in said:
            if page and _high([*page, sentence], BODY, size) > BOTTOM - TOP:
                page = []
                pages.append(page)
            page.append(sentence)
        for page in pages:
            self.listed(self.slide(title), Box(MARGIN, TOP, BODY, BOTTOM - TOP), page, size)

    def listed(self, slide: Any, box: Box, sentences: Sequence[str], size: float = TEXT) -> float:
        """Write sentences as a list, in a box as high as they need; return about how high that is, in inches."""
        said = [line(one) for one in sentences]
        high = _high(said, box.width, size)
        frame = _frame(slide, box._replace(height=max(box.height, high)))
        _fill(frame, said, self.lang, size)
        for paragraph in frame.paragraphs:
            _bullet(paragraph)
        return high

    def text(self, slide: Any, box: Box, words: str, size: float, *, colour: str = INK, bold: bool = False) -> None:
        """Write a few words, which break at the edge of their box."""
        _fill(_frame(slide, box), [fit(words, box.width * box.height * _INCH / size / _LINE, size)], self.lang, size)
        run = slide.shapes[-1].text_frame.paragraphs[0].runs
        for one in run:
            one.font.bold, one.font.color.rgb = bold, RGBColor.from_string(colour.lstrip("#").upper())

    def picture(self, slide: Any, png: bytes, words: str, box: Box) -> None:
        """Lay a picture into a box, whole, with what it shows in words for those who do not see it."""
        laid = slide.shapes.add_picture(io.BytesIO(png), Inches(box.left), Inches(box.top), width=Inches(box.width))
        if laid.height > Inches(box.height):
            laid.width, laid.height = round(laid.width * Inches(box.height) / laid.height), Inches(box.height)
        laid._element.nvPicPr.cNvPr.set("descr", line(words))

    def legend(self, slide: Any, box: Box, marks: Sequence[tuple[str, str]]) -> None:
        """Write the colours of a picture in words, each behind a square of it."""
        frame = _frame(slide, box)
        paragraph = frame.paragraphs[0]
        for colour, words in marks:
            square, said = paragraph.add_run(), paragraph.add_run()
            square.text, said.text = "■\u00a0", line(words) + "   "
            for run in (square, said):
                _spoken(run, self.lang, SMALL)
            square.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())

    def table(self, slide: Any, box: Box, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Add a table of one line a row; words are cut where all the columns together are too narrow for theirs."""
        made = slide.shapes.add_table(
            len(rows) + 1, len(columns), *map(Inches, (box.left, box.top, box.width, _ROW * (len(rows) + 1)))
        ).table
        words_of = [[column.title, *(row[at] for row in rows)] for at, column in enumerate(columns)]
        needs = [max(width(line(words)) for words in said) * TABLE / _INCH + 2 * _INSET + _SPARE for said in words_of]
        widths = spread(box.width, needs, [column.share for column in columns])
        for at, (column, wide) in enumerate(zip(columns, widths, strict=True)):
            made.columns[at].width = Inches(wide)
            for number, words in enumerate(words_of[at]):
                cell = made.cell(number, at)
                cell.vertical_anchor, cell.margin_left, cell.margin_right = MSO_ANCHOR.MIDDLE, *[Inches(_INSET)] * 2
                _fill(cell.text_frame, [fit(words, wide - 2 * _INSET - 0.02, TABLE)], self.lang, TABLE)
                if column.number:
                    cell.text_frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
        for row in made.rows:
            row.height = Inches(_ROW)

    def chart(self, slide: Any, box: Box, title: str, bars: Sequence[Bar]) -> None:
        """Add a bar chart of shares, the first bar on top; its numbers stand in the workbook that comes with it."""
        data = CategoryChartData(number_format="0.0%")
        names = [fit(one.name, 0.36 * box.width, SMALL) for one in bars]
        data.categories = names
        data.add_series(fit(title, box.width, SMALL), [one.value for one in bars])
        place = map(Inches, (box.left, box.top, box.width, box.height))
        chart = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *place, data).chart
        chart.has_legend, chart.has_title = False, True
        chart.font.size = Pt(SMALL)
        _fill(chart.chart_title.text_frame, [fit(title, 1.6 * box.width, SMALL)], self.lang, SMALL)
        chart.category_axis.reverse_order = True
        chart.category_axis.has_major_gridlines = False
        chart.category_axis.format.line.color.rgb = RGBColor.from_string(FAINT)
        values = chart.value_axis
        values.minimum_scale, values.maximum_scale, values.visible = 0.0, 1.0, False
        values.has_major_gridlines = False
        plot = chart.plots[0]
        plot.gap_width, plot.has_data_labels, plot.vary_by_categories = 45, True, False
        labels = plot.data_labels
        labels.number_format, labels.number_format_is_linked = "0.0%", False
        labels.position, labels.show_value = XL_LABEL_POSITION.OUTSIDE_END, True
        labels.font.size = Pt(SMALL)
        chart.part.chart_workbook.update_from_xlsx_blob(_workbook(title, names, [one.value for one in bars]))

    def save(self, path: Path) -> None:
        """Write the slides; the same ones give the same file."""
        facts = self.show.core_properties
        facts.created = facts.modified = moment().replace(tzinfo=None)
        facts.revision = 1
        whole = io.BytesIO()
        self.show.save(whole)
        with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in source.infolist():
                # Without a date, which would tell one run from another.
                target.writestr(zipfile.ZipInfo(entry.filename), source.read(entry), zipfile.ZIP_DEFLATED)

    def _numbered(self, slide: Any) -> None:
        frame = _frame(slide, Box(MARGIN, HIGH - 0.48, BODY, 0.3))
        paragraph = frame.paragraphs[0]
        run = paragraph.add_run()
        run.text = self.foot + "   "
        _spoken(run, self.lang, FOOT)
        run.font.color.rgb = RGBColor.from_string(FAINT)
        number = etree.SubElement(paragraph._p, qn("a:fld"), id="{5C8F1E0A-0000-4000-8000-000000000001}")
        number.set("type", "slidenum")
        etree.SubElement(number, qn("a:rPr"), lang="en-US", sz=str(100 * FOOT))
        etree.SubElement(number, qn("a:t")).text = str(len(self.show.slides))


def line(words: str) -> str:
    r"""Return words of users as one line that a slide can hold.

    Examples
    --------
    >>> line("a\x07b\n  c")
    'a?b c'
    """
    return shortened(" ".join(plain(words, 4 * LONGEST).split()), LONGEST)


def fit(words: str, wide: float, size: float) -> str:
    """Return words as one line, cut where they are wider than some inches at a size in points.

    Examples
    --------
    >>> fit("abcdefgh", 0.5, 12), fit("公园绿地", 0.5, 12), fit("公园", 0.5, 12)
    ('abc…', '公园…', '公园')
    """
    said, room = line(words), wide * _INCH / size
    if width(said) <= room:
        return said
    while said and width(said) + _FULL > room:
        said = said[:-1]
    return said + "…"


def width(words: str) -> float:
    """Return about how wide words are, in heights of a letter: Chinese signs are square, others half as wide."""
    full = [unicodedata.east_asian_width(one) in "WFA" for one in words]
    changes = sum(one != other for one, other in pairwise(full))
    return sum(_FULL if one else _HALF for one in full) + _BETWEEN * changes


def spread(wide: float, needs: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Return the widths of columns that together are so wide: each what it needs where there is room for all.

    What is left goes by their shares. Where there is too little room, those that need less than their share have it,
    and the others divide the rest.

    Examples
    --------
    >>> spread(12, [3, 2, 1], [1, 1, 1]), spread(12, [10, 2, 6], [1, 1, 1])
    ([5.0, 4.0, 3.0], [5.0, 2, 5.0])
    """
    left = wide - sum(needs)
    if left >= 0:
        return [need + left * share / sum(shares) for need, share in zip(needs, shares, strict=True)]
    small = [need <= wide * share / sum(shares) for need, share in zip(needs, shares, strict=True)]
    rest = wide - sum(need for need, is_small in zip(needs, small, strict=True) if is_small)
    parts = sum(share for share, is_small in zip(shares, small, strict=True) if not is_small)
    both = zip(needs, shares, small, strict=True)
    return [need if is_small else rest * share / parts for need, share, is_small in both]


def _high(sentences: Sequence[str], wide: float, size: float) -> float:
    """Return about how high the items of a list are, in inches."""
    lines = (max(1, math.ceil(width(one) * size / _INCH / (wide - _INDENT))) for one in sentences)
    return sum(count * size * _LINE / _INCH + _AFTER for count in lines)


def _frame(slide: Any, box: Box) -> Any:
    frame = slide.shapes.add_textbox(*map(Inches, box)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    return frame


def _fill(frame: Any, paragraphs: Iterable[str], lang: Lang, size: float | None = None) -> None:
    for at, words in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = words
        _spoken(run, lang, size)


def _spoken(run: Any, lang: Lang, size: float | None) -> None:
    """Say in which language a run is, so that a Chinese font stands behind Chinese signs; and how large it is."""
    chinese = lang == "zh"
    run.font.language_id = MSO_LANGUAGE_ID.SIMPLIFIED_CHINESE if chinese else MSO_LANGUAGE_ID.ENGLISH_US
    run._r.get_or_add_rPr().set("altLang", "en-US" if chinese else "zh-CN")
    if size is not None:
        run.font.size = Pt(size)


def _bullet(paragraph: Any) -> None:
    facts = paragraph._p.get_or_add_pPr()
    facts.set("marL", str(Inches(_INDENT)))
    facts.set("indent", str(-Inches(_INDENT)))
    paragraph.space_after = Pt(_AFTER * _INCH)
    etree.SubElement(facts, qn("a:buFont"), typeface=LATIN)
    etree.SubElement(facts, qn("a:buChar"), char="•")


def _dress(show: Any) -> None:
    """Make the library's template, which is four by three, as wide as ours, with our fonts, colour and titles."""
    master = show.slide_master
    stretch = WIDE / 10
    for shape in (*master.shapes, *(one for layout in show.slide_layouts for one in layout.shapes)):
        if shape._element.spPr.find(qn("a:xfrm")) is not None:
            shape.left, shape.width = round(shape.left * stretch), round(shape.width * stretch)
    theme = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    known = etree.fromstring(theme.blob)
    for fonts in (known.iter(qn("a:majorFont")), known.iter(qn("a:minorFont"))):
        for font in fonts:
            font.find(qn("a:latin")).set("typeface", LATIN)
            font.find(qn("a:ea")).set("typeface", EAST_ASIAN)
    next(known.iter(qn("a:accent1")))[0].set("val", ACCENT)
    theme._blob = etree.tostring(known, xml_declaration=True, encoding="UTF-8", standalone=True)
    title = next(iter(master.placeholders))
    # Words of a title begin where those of its slide do.
    title.text_frame.margin_left = 0
    title.left, title.top, title.width, title.height = map(Inches, (MARGIN, 0.4, BODY, 0.85))
    look = next(master.element.iter(qn("p:titleStyle"))).find(qn("a:lvl1pPr"))
    look.set("algn", "l")
    look.find(qn("a:defRPr")).set("sz", str(100 * TITLE))
    look.find(qn("a:defRPr")).set("b", "1")
    cover = show.slide_layouts[_COVER]
    for shape, (top, high, size) in zip(cover.placeholders, ((1.9, 1.9, 44), (4.0, 2.4, 20)), strict=False):
        shape.left, shape.top, shape.width, shape.height = map(Inches, (MARGIN, top, BODY, high))
        levels = shape._element.txBody.find(qn("a:lstStyle"))
        for old in list(levels):
            levels.remove(old)
        level = etree.SubElement(levels, qn("a:lvl1pPr"), marL="0", indent="0", algn="l")
        etree.SubElement(level, qn("a:buNone"))
        etree.SubElement(level, qn("a:defRPr"), sz=str(100 * size), b=str(int(size > TITLE)))
    strip = master.shapes._spTree
    strip.insert(2, etree.fromstring(_STRIP_XML.format(wide=Inches(WIDE), high=Inches(_STRIP))))
    # The picture of the library's empty template.
    package = show.part.package
    for key, relation in list(package._rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            package._rels.pop(key)


#: The library adds no shapes to a master.
_STRIP_XML = (
    '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<p:nvSpPr><p:cNvPr id="99" name="Strip"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>'
    '<p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
    '<a:solidFill><a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>'
)


def _workbook(title: str, names: Sequence[str], values: Sequence[float | None]) -> bytes:
    """Return the numbers of a chart as the workbook behind it; names are texts there, never formulas or links."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    book.set_properties({"created": moment()})
    sheet, shape = book.add_worksheet("Sheet1"), book.add_format({"num_format": "0.0%"})
    sheet.write_string(0, 1, line(title))
    for row, (name, value) in enumerate(zip(names, values, strict=True), 1):
        sheet.write_string(row, 0, name)
        if value is not None:
            sheet.write_number(row, 1, value, shape)
    book.close()
    return written.getvalue()
