"""Write a Word document: headings, tables, bars, figures with legends, and fonts that Chinese characters really get."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from PIL import Image, ImageDraw

from gis_planning.maps.plain import plain
from gis_planning.texts import Lang

#: Fonts of Chinese official papers; Word takes the Latin and the East-Asian font apart.
BODY, HEADING = "仿宋", "黑体"
LATIN = {"zh": ("Times New Roman", "Times New Roman"), "en": ("Times New Roman", "Arial")}
#: The width of a page between its margins.
WIDE_CM = 16.0
LONGEST = 2_000
#: Sizes in points: a paper's text, its tables, and what stands beside a figure.
TEXT, TABLE, SMALL = 12, 10, 9
#: A bar: its pixels, and how wide and high it stands in the table.
BAR, BAR_CM = (600, 34), (4.4, 0.25)
HEAD_FILL = "EFE7D6"


class Bar(NamedTuple):
    """A cell of a table that holds a bar.

    `filled` says how much of it, from 0 to 1; `marks` where lines stand across it; `words` are its alternative text.
    """

    filled: float
    colour: str
    words: str
    marks: tuple[float, ...] = ()


class Toned(NamedTuple):
    """A cell of a table with a word in a colour, bold."""

    words: str
    colour: str


Cell = str | Bar | Toned


class Column(NamedTuple):
    """A column of a table: its heading, its width in cm, and whether it holds numbers."""

    title: str
    width: float
    number: bool = False


class Paper:
    """A Word document being written, from top to bottom."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang
        self.document = Document()
        self._set_fonts()
        for section in self.document.sections:
            section.page_width, section.page_height = Cm(21), Cm(29.7)
            section.left_margin = section.right_margin = Cm((21 - WIDE_CM) / 2)
            section.top_margin = section.bottom_margin = Cm(2.2)

    def title(self, words: str, size: int = 20, *, before: float = 0) -> None:
        """Add a line in the middle, in the font of headings; `before` leaves space above it, in cm."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_before = Cm(before)
        run = paragraph.add_run(plain(words, LONGEST))
        run.bold, run.font.size, run.font.name = True, Pt(size), LATIN[self.lang][1]
        _east_asian(run, HEADING)

    def middle(self, words: str, size: float = TEXT) -> None:
        """Add a line in the middle."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(plain(words, LONGEST)).font.size = Pt(size)

    def heading(self, words: str, level: int, *, new_page: bool = False) -> None:
        """Add a heading, which the navigation of Word lists, at the top of a page if asked for."""
        paragraph = self.document.add_heading(level=level)
        paragraph.paragraph_format.page_break_before = new_page
        if new_page:
            paragraph.paragraph_format.space_before = Pt(0)
        run = paragraph.add_run(plain(words, LONGEST))
        run.font.color.rgb, run.font.name = RGBColor(0, 0, 0), LATIN[self.lang][1]
        _east_asian(run, HEADING)

    def text(self, words: str, size: float | None = None) -> None:
        """Add a paragraph."""
        run = self.document.add_paragraph().add_run(plain(words, LONGEST))
        if size is not None:
            run.font.size = Pt(size)

    def bullet(self, words: str) -> None:
        """Add an item of a list."""
        paragraph = self.document.add_paragraph(plain(words, LONGEST), style="List Bullet")
        paragraph.paragraph_format.space_after = Pt(3)

    def new_page(self) -> None:
        """Go on at the top of a page."""
        self.document.add_page_break()

    def picture(self, png: bytes, words: str) -> None:
        """Add a picture as wide as the page, with what it shows in words for those who do not see it."""
        paragraph = self.document.add_paragraph()
        paragraph.add_run().add_picture(io.BytesIO(png), width=Cm(WIDE_CM))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        _describe(paragraph, words)

    def legend(self, marks: Sequence[tuple[str, str]]) -> None:
        """Write the colours of a figure in words, each beside a square of it."""
        line = self.document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for colour, words in marks:
            square = line.add_run("■\u00a0")
            square.font.color.rgb = RGBColor.from_string(colour.lstrip("#").upper())
            line.add_run(plain(words, LONGEST) + "    ").font.size = Pt(SMALL)

    def table(
        self, columns: Sequence[Column], rows: Sequence[Sequence[str | Bar | Toned]], size: float = TABLE
    ) -> None:
        """Add a table; its heading, if any column has one, is repeated on every page.

        The rows are written as XML at once: the library looks for every cell anew, which takes minutes for long tables.
        """
        heads = [column.title for column in columns] if any(column.title for column in columns) else None
        body = [_row(columns, heads, size, head=True, kept=True)] if heads else []
        # No heading stands at the foot of a page without a row, and no last row alone at the top of the next.
        body += [_row(columns, row, size, kept=at == len(rows) - 2) for at, row in enumerate(rows)]
        grid = "".join(f'<w:gridCol w:w="{_twips(column.width)}"/>' for column in columns)
        xml = (
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/>'
            f'<w:tblW w:w="{_twips(sum(column.width for column in columns))}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(body)}</w:tbl>"
        )
        table = parse_xml(xml)
        self.document.element.body.insert(len(self.document.element.body) - 1, table)
        self._draw_bars(table, rows, bool(heads))
        after = self.document.add_paragraph()
        after.paragraph_format.space_after = Pt(0)

    def page_numbers(self, words: str) -> None:
        """Put a sentence and the number of the page at the foot of every page."""
        foot = self.document.sections[0].footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot.add_run(plain(words, LONGEST) + "    ").font.size = Pt(SMALL)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        foot._p.append(field)

    def save(self, path: Path) -> None:
        """Write the document."""
        self.document.save(path)

    def _draw_bars(self, table: Any, rows: Sequence[Sequence[Any]], headed: bool) -> None:  # noqa: FBT001
        lines = table.findall(qn("w:tr"))[int(headed) :]
        for line, row in zip(lines, rows, strict=True):
            for cell, value in zip(line.findall(qn("w:tc")), row, strict=True):
                if isinstance(value, Bar):
                    run = self._run_of(cell.find(qn("w:p")))
                    run.add_picture(io.BytesIO(_bar(value)), width=Cm(BAR_CM[0]), height=Cm(BAR_CM[1]))
                    _describe(run, value.words)

    def _run_of(self, paragraph: Any) -> Any:
        from docx.text.paragraph import Paragraph  # noqa: PLC0415 - only for bars

        return Paragraph(paragraph, self.document._body).add_run()

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


def _east_asian(styled: Any, font: str) -> None:
    """Set the font of Chinese characters; the library's own setting reaches Latin ones only."""
    fonts = styled.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    for theme in ("w:eastAsiaTheme", "w:asciiTheme", "w:hAnsiTheme"):
        fonts.attrib.pop(qn(theme), None)


def _row(
    columns: Sequence[Column], cells: Sequence[Any], size: float, *, head: bool = False, kept: bool = False
) -> str:
    """Return a row; one that is `kept` stands on the page of the row below it."""
    facts = "<w:tblHeader/>" if head else ""
    both = zip(columns, cells, strict=True)
    words = "".join(_cell(column, cell, size, head=head, kept=kept) for column, cell in both)
    return f"<w:tr><w:trPr><w:cantSplit/>{facts}</w:trPr>{words}</w:tr>"


def _cell(column: Column, value: Cell, size: float, *, head: bool, kept: bool = False) -> str:
    words, colour = value if isinstance(value, Toned) else ("" if isinstance(value, Bar) else str(value), "")
    bold = "<w:b/>" if head or colour else ""
    tone = f'<w:color w:val="{colour.lstrip("#").upper()}"/>' if colour else ""
    side = '<w:jc w:val="right"/>' if column.number and not head else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{HEAD_FILL}"/>' if head else ""
    look = f'<w:rPr><w:rFonts w:eastAsia="{BODY}"/>{bold}{tone}<w:sz w:val="{round(2 * size)}"/></w:rPr>'
    lines = escape(plain(words, LONGEST)).split("\n")
    text = f"<w:br/></w:r><w:r>{look}".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    run = "" if isinstance(value, Bar) else f"<w:r>{look}{text}</w:r>"
    shape = f'<w:tcW w:w="{_twips(column.width)}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/>'
    keep = "<w:keepNext/>" if kept else ""
    lead = f'{keep}<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>{side}'
    return f"<w:tc><w:tcPr>{shape}</w:tcPr><w:p><w:pPr>{lead}</w:pPr>{run}</w:p></w:tc>"


def _bar(bar: Bar) -> bytes:
    """Return a bar as a PNG; bars that look alike are one picture in the document."""
    wide, high = BAR
    image = Image.new("RGB", BAR, "#e9e2d4")
    pen = ImageDraw.Draw(image)
    full = max(0.0, min(1.0, bar.filled))
    if full:
        pen.rectangle([0, 0, max(1, round(full * wide)) - 1, high], fill=bar.colour)
    for mark in bar.marks:
        at = round(max(0.0, min(1.0, mark)) * (wide - 1))
        pen.rectangle([at - 2, 0, at + 2, high], fill="#2b2721")
    written = io.BytesIO()
    image.quantize(8).save(written, format="PNG", optimize=True)
    return written.getvalue()


def _describe(place: Any, words: str) -> None:
    """Set what the pictures of a paragraph or a run say to those who do not see them, and that they keep no distance.

    Where a picture does not say so, LibreOffice leaves 3 mm beside it and moves it over the margin.
    """
    for frame in place._element.iter(qn("wp:inline")):
        for side in ("distT", "distB", "distL", "distR"):
            frame.set(side, "0")
    for facts in place._element.iter(qn("wp:docPr")):
        facts.set("descr", plain(words, LONGEST))
        facts.set("title", "")


def _twips(centimetres: float) -> int:
    return round(centimetres / 2.54 * 1440)
