"""Write a Word document: headings, tables, bars, figures with legends, and fonts that Chinese characters really get."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from gis_planning.maps.plain import plain
from gis_planning.reports.body import LONGEST, Body, run_text
from gis_planning.reports.office import office_document
from gis_planning.reports.table_widths import needed, shared
from gis_planning.texts import Lang, say

#: Fonts of Chinese official papers; Word takes the Latin and the East-Asian font apart.
BODY, HEADING = "仿宋", "黑体"
LATIN = {"zh": ("Times New Roman", "Times New Roman"), "en": ("Times New Roman", "Arial")}
#: The width of a page between its margins.
WIDE_CM = 16.0
#: Sizes in points: a paper's text, its tables, and what stands beside a figure.
TEXT, TABLE, SMALL = 12, 10, 9
#: A bar is a line of tabs on a coloured ground: so wide, its text so large. It stays sharp on paper.
BAR_CM, BAR_SIZE = 4.4, 6
BAR_GROUND, BAR_MARK = "E9E2D4", "2B2721"
#: The width of a line across a bar, and the least that is filled, in twentieths of a point.
MARK = 30
HEAD_FILL = "EFE7D6"
#: A table of so many rows is not parted by the end of a page.
SHORT = 12
#: Headings of two levels, each leading to its page.
CONTENTS = 'TOC \\o "1-2" \\h \\z \\u'


class Bar(NamedTuple):
    """A cell of a table that holds a bar.

    `filled` says how much of it, from 0 to 1; `marks` where lines stand across it. The number stands in a cell beside.
    """

    filled: float
    colour: str
    marks: tuple[float, ...] = ()


class Toned(NamedTuple):
    """A cell of a table with a word in a colour, bold."""

    words: str
    colour: str


Cell = str | Bar | Toned


class Column(NamedTuple):
    """A column of a table: its heading, its width in cm, whether it holds numbers, and whether no cell is broken.

    Numbers are never broken; a column of these takes from those of words what it needs.
    """

    title: str
    width: float
    number: bool = False
    whole: bool = False


class Paper:
    """A Word document being written, from top to bottom; on an office's template after what stands in that."""

    def __init__(self, lang: Lang, template: Path | None = None) -> None:
        self.lang = lang
        self.document = Document() if template is None else office_document(template)
        self.body = Body(self.document)
        self.wide_cm = WIDE_CM
        self._plain = template is None
        self._kept = False
        self._grid = self.document.styles["Table Grid"].style_id
        bullets = self.document.styles["List Bullet"].element
        self._bullet = "" if next(bullets.iter(qn("w:numPr")), None) is not None else "• "
        if template is not None:
            page = self.document.sections[-1]
            self.wide_cm = min(WIDE_CM, (page.page_width - page.left_margin - page.right_margin) / Cm(1))
            return
        self._set_fonts()
        for section in self.document.sections:
            section.page_width, section.page_height = Cm(21), Cm(29.7)
            section.left_margin = section.right_margin = Cm((21 - WIDE_CM) / 2)
            section.top_margin = section.bottom_margin = Cm(2.2)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep blocks on one page, with the block that follows them."""
        self._kept = True
        try:
            yield
        finally:
            self._kept = False

    def title(self, words: str, size: int = 20, *, before: float = 0) -> None:
        """Add a line in the middle, in the font of headings; `before` leaves space above it, in cm."""

        def make(said: str) -> Any:
            paragraph = self.document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_before = Cm(before)
            run = paragraph.add_run(said)
            run.bold, run.font.size = True, Pt(size)
            self._heading_font(run)
            return paragraph

        self.body.fill(("title", size, before), make, run_text(words))

    def middle(self, words: str, size: float = TEXT) -> None:
        """Add a line in the middle."""

        def make(said: str) -> Any:
            paragraph = self.document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.add_run(said).font.size = Pt(size)
            return paragraph

        self.body.fill(("middle", size), make, run_text(words))

    def heading(self, words: str, level: int, *, new_page: bool = False) -> None:
        """Add a heading, which the navigation of Word lists, at the top of a page if asked for."""

        def make(said: str) -> Any:
            paragraph = self.document.add_heading(level=level)
            paragraph.paragraph_format.page_break_before = new_page
            if new_page:
                paragraph.paragraph_format.space_before = Pt(0)
            run = paragraph.add_run(said)
            if self._plain:
                run.font.color.rgb = RGBColor(0, 0, 0)
            self._heading_font(run)
            return paragraph

        self.body.fill(("heading", level, new_page), make, run_text(words))

    def text(self, words: str, size: float | None = None) -> None:
        """Add a paragraph."""

        def make(said: str) -> Any:
            paragraph = self.document.add_paragraph()
            self._keep(paragraph)
            run = paragraph.add_run(said)
            if size is not None:
                run.font.size = Pt(size)
                paragraph.paragraph_format.space_after = Pt(3)
                paragraph.paragraph_format.line_spacing = 1.0
            return paragraph

        self.body.fill(("text", size, self._kept), make, run_text(words))

    def bullet(self, words: str, size: float | None = None) -> None:
        """Add an item of a list."""

        def make(said: str) -> Any:
            paragraph = self.document.add_paragraph(style="List Bullet")
            run = paragraph.add_run(said)
            paragraph.paragraph_format.space_after = Pt(3)
            if size is not None:
                run.font.size = Pt(size)
                paragraph.paragraph_format.line_spacing = 1.0
            self._keep(paragraph)
            return paragraph

        self.body.fill(("bullet", size, self._kept), make, run_text(self._bullet + words))

    def contents(self, title: str, entries: Sequence[str]) -> None:
        """Add the table of contents: a field, which Word fills with the pages when it opens the document.

        Until then, and in programs that fill no fields, the headings of the first level stand there.
        """
        self.title(title, 16)
        near = '<w:pPr><w:spacing w:before="0" w:after="60"/></w:pPr>'
        *first, last = [f"<w:r>{run_text(words)}</w:r>" for words in entries or [""]]
        begin = '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        told = f'<w:r><w:instrText xml:space="preserve"> {CONTENTS} </w:instrText></w:r>'
        between = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        # It ends in its last line, lest an empty one alone make a page.
        lines = [*first, f'{last}<w:r><w:fldChar w:fldCharType="end"/></w:r>']
        lines[0] = f"{begin}{told}{between}{lines[0]}"
        self.body.add("".join(f"<w:p>{near}{line}</w:p>" for line in lines))

    def new_page(self) -> None:
        """Go on at the top of a page."""
        self.body.fill("new page", self.document.add_paragraph, '<w:br w:type="page"/>')

    def picture(self, png: bytes, words: str, wide: float = WIDE_CM) -> None:
        """Add a picture so many cm wide, or as the page, with what it shows in words for those who do not see it."""

        def make(said: str) -> Any:
            paragraph = self.document.add_paragraph(said)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.space_after = Pt(4)
            return paragraph

        self.body.fill("picture", make, self.body.drawing(png, words, Cm(min(wide, self.wide_cm))))

    def legend(self, marks: Sequence[tuple[str, str]]) -> None:
        """Write the colours of a figure in words, each beside a square of it."""

        def make(said: str) -> Any:
            paragraph = self.document.add_paragraph(said)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(4)
            self._keep(paragraph)
            return paragraph

        square = run_text("■\u00a0")
        small = f'<w:rPr><w:sz w:val="{2 * SMALL}"/></w:rPr>'
        runs = [
            f'<w:rPr><w:color w:val="{colour.lstrip("#").upper()}"/></w:rPr>{square}</w:r>'
            f"<w:r>{small}{run_text(plain(words, LONGEST) + '    ')}"
            for colour, words in marks
        ]
        self.body.fill(("legend", self._kept), make, "</w:r><w:r>".join(runs))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], size: float = TABLE) -> None:
        """Add a table; its heading, if any column has one, is repeated on every page."""
        whole = sum(column.width for column in columns)
        columns = [column._replace(width=column.width * min(1, self.wide_cm / whole)) for column in columns]
        columns = _fitted(columns, rows, size)
        heads = [column.title for column in columns] if any(column.title for column in columns) else None
        lines = [self._row(columns, heads, size, head=True, kept=True)] if heads else []
        # No heading stands at the foot of a page with less than two rows, and no last row alone at the top of the next;
        # a short table stands on one page.
        last = len(rows) - 1
        near = {*range(last)} if len(rows) <= SHORT else {0, last - 1}
        lines += [self._row(columns, row, size, kept=self._kept or at in near) for at, row in enumerate(rows)]
        grid = "".join(f'<w:gridCol w:w="{_twips(column.width)}"/>' for column in columns)
        self.body.add(
            f'<w:tbl><w:tblPr><w:tblStyle w:val="{self._grid}"/>'
            f'<w:tblW w:w="{_twips(sum(column.width for column in columns))}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
        )

        def make(_: str) -> Any:
            after = self.document.add_paragraph()
            after.paragraph_format.space_after = Pt(0)
            if close:
                after.paragraph_format.line_spacing = Pt(TEXT / 2)
            self._keep(after)
            return after

        close = self._kept or size < SMALL
        self.body.fill(("after table", self._kept, close), make, "")

    def page_numbers(self, words: str) -> None:
        """Put a sentence and the number of the page, of how many, at the foot of every page.

        A template that has a foot keeps its own.
        """
        footer = self.document.sections[-1].footer
        if not (self._plain or footer.is_linked_to_previous):
            return
        foot = footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot.add_run(plain(words, LONGEST) + "    ").font.size = Pt(SMALL)
        said = say("paper.page_of", self.lang, page="{PAGE}", pages="{NUMPAGES}")
        for at, part in enumerate(re.split(r"\{(\w+)\}", said)):
            if at % 2 == 0:
                foot.add_run(part).font.size = Pt(SMALL)
                continue
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), part)
            foot._p.append(field)
            number = foot.add_run("1")
            number.font.size = Pt(SMALL)
            field.append(number._r)

    def save(self, path: Path) -> None:
        """Write the document."""
        self.body.save(path)

    def _row(
        self, columns: Sequence[Column], cells: Sequence[Cell], size: float, *, head: bool = False, kept: bool = False
    ) -> str:
        """Return a row; one that is `kept` stands on the page of the row below it."""
        facts = "<w:tblHeader/>" if head else ""
        both = zip(columns, cells, strict=True)
        words = "".join([self._cell(column, cell, size, head=head, kept=kept) for column, cell in both])
        return f"<w:tr><w:trPr><w:cantSplit/>{facts}</w:trPr>{words}</w:tr>"

    def _cell(self, column: Column, value: Cell, size: float, *, head: bool, kept: bool = False) -> str:
        words, colour = value if isinstance(value, Toned) else ("" if isinstance(value, Bar) else str(value), "")
        before, look, after = _frame(column.width, column.number, size, colour, head, kept, BODY if self._plain else "")
        if isinstance(value, Bar):
            tabs, runs = _bar(*value)
            return f"{before.replace('<w:spacing', f'{tabs}<w:spacing', 1)}{runs}{after}"
        return f"{before}<w:r>{look}{run_text(words, look)}</w:r>{after}"

    def _keep(self, paragraph: Any) -> None:
        if self._kept:
            paragraph.paragraph_format.keep_with_next = True

    def _heading_font(self, run: Any) -> None:
        """Set the font of headings; a template has its own."""
        if self._plain:
            run.font.name = LATIN[self.lang][1]
            _east_asian(run, HEADING)

    def _set_fonts(self) -> None:
        body, heading = LATIN[self.lang]
        # By the language Word chooses where in its square a Chinese comma stands.
        language = next(self.document.styles.element.iter(qn("w:lang")))
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
        for name in ("Normal", "List Bullet", "Table Grid"):
            style = self.document.styles[name]
            style.font.name = body
            _east_asian(style, BODY)
        self.document.styles["Normal"].font.size = Pt(TEXT)
        for level in (1, 2, 3):
            style = self.document.styles[f"Heading {level}"]
            style.font.name = heading
            _east_asian(style, HEADING)


def _fitted(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], size: float) -> list[Column]:
    """Return columns in which numbers and codes stand on one line as far as there is room; bars stay as they are."""
    cells = [[row[at] for row in rows] for at in range(len(columns))]
    kept = [column.number or column.whole for column in columns]
    needs = [
        needed(column.title, _words(own), size) if keep else None
        for column, own, keep in zip(columns, cells, kept, strict=True)
    ]
    gives = [not keep and not any(isinstance(one, Bar) for one in own) for own, keep in zip(cells, kept, strict=True)]
    widths = shared([column.width for column in columns], needs, gives)
    return [column._replace(width=width) for column, width in zip(columns, widths, strict=True)]


def _words(cells: Iterable[Cell]) -> Iterator[str]:
    for one in cells:
        if not isinstance(one, Bar):
            yield one.words if isinstance(one, Toned) else one


def _east_asian(styled: Any, font: str) -> None:
    """Set the font of Chinese characters; the library's own setting reaches Latin ones only."""
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    for theme in ("w:eastAsiaTheme", "w:asciiTheme", "w:hAnsiTheme"):
        fonts.attrib.pop(qn(theme), None)


@cache
def _frame(
    width: float,
    number: bool,  # noqa: FBT001
    size: float,
    colour: str,
    head: bool,  # noqa: FBT001
    kept: bool,  # noqa: FBT001
    font: str,
) -> tuple[str, str, str]:
    """Return what stands in a cell before its runs, how they look, and what stands after them."""
    bold = "<w:b/>" if head or colour else ""
    tone = f'<w:color w:val="{colour.lstrip("#").upper()}"/>' if colour else ""
    side = '<w:jc w:val="right"/>' if number and not head else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{HEAD_FILL}"/>' if head else ""
    face = f'<w:rFonts w:eastAsia="{font}"/>' if font else ""
    look = f'<w:rPr>{face}{bold}{tone}<w:sz w:val="{round(2 * size)}"/></w:rPr>'
    shape = f'<w:tcW w:w="{_twips(width)}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/>'
    keep = "<w:keepNext/>" if kept else ""
    air = 20 if size >= SMALL else 8
    lead = f'{keep}<w:spacing w:before="{air}" w:after="{air}" w:line="240" w:lineRule="auto"/>{side}'
    # Without a size of its own an empty cell has a line of the document's type, and makes its row high.
    lead += f'<w:rPr><w:sz w:val="{round(2 * size)}"/></w:rPr>'
    return f"<w:tc><w:tcPr>{shape}</w:tcPr><w:p><w:pPr>{lead}</w:pPr>", look, "</w:p></w:tc>"


@cache
def _bar(filled: float, colour: str, marks: tuple[float, ...]) -> tuple[str, str]:
    """Return the tab stops of a bar and its runs: from each stop to the next the ground has one colour."""
    wide = _twips(BAR_CM)
    full = round(max(0.0, min(1.0, filled)) * wide) or int(filled > 0) * MARK
    lines = [round(max(0.0, min(1.0, mark)) * (wide - MARK)) for mark in marks]
    stops = sorted({full, wide, *lines, *(line + MARK for line in lines)} - {0})
    runs = []
    for start in [0, *stops[:-1]]:
        marked = any(line <= start < line + MARK for line in lines)
        tone = BAR_MARK if marked else colour.lstrip("#").upper() if start < full else BAR_GROUND
        look = f'<w:sz w:val="{2 * BAR_SIZE}"/><w:shd w:val="clear" w:color="auto" w:fill="{tone}"/>'
        runs.append(f"<w:r><w:rPr>{look}</w:rPr><w:tab/></w:r>")
    # LibreOffice draws no ground under tabs that nothing follows.
    runs.append('<w:r><w:rPr><w:sz w:val="2"/></w:rPr><w:t xml:space="preserve">\u200b</w:t></w:r>')
    tabs = "".join(f'<w:tab w:val="left" w:pos="{stop}"/>' for stop in stops)
    return f"<w:tabs>{tabs}</w:tabs>", "".join(runs)


def _twips(centimetres: float) -> int:
    return round(centimetres / 2.54 * 1440)
