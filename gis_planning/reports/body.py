"""Write the body of a Word document as XML: the library builds each kind of block once, and words are filled in."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.ns import qn
from docx.oxml.shape import CT_Inline
from docx.shared import Length
from lxml import etree

from gis_planning.maps.plain import plain
from gis_planning.outputs.moment import moment

LONGEST = 2_000
#: Blocks are held in memory up to so many bytes, then in a file.
HELD = 64_000_000
#: What stands in a mould where words go, and where a picture's own facts go: its number, its file and its size.
_WORDS, _FILE, _ID, _WIDE, _HIGH = "words-stand-here", "rId-stands-here", 987_654_321, 987_654_322, 987_654_323
_IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


class Body:
    """What stands between the beginning and the end of a document, block after block, and the pictures in it.

    `document` is the library's: it has the styles and the frame, and makes the first block of every kind.
    """

    def __init__(self, document: Any) -> None:
        self.document = document
        self.stream: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115 - closed in `save`
        self._known = document.element.nsmap
        self._moulds: dict[Hashable, tuple[str, str]] = {}
        self._pictures: dict[bytes, tuple[str, bytes]] = {}
        # A template may have pictures of its own.
        taken = [int(one.get("id", 0)) for one in document.element.iter(qn("wp:docPr"))]
        self._drawn = max(taken, default=0)

    def add(self, xml: str) -> None:
        """Add a block that is XML already."""
        self.stream.write(xml.encode())

    def fill(self, kind: Hashable, make: Callable[[str], Any], content: str) -> None:
        """Add a block with some XML in place of its words; `make` builds the first of its kind with the words given."""
        if kind not in self._moulds:
            element = make(_WORDS)._element
            before, _, after = self._written(element).partition(f"<w:t>{_WORDS}</w:t>")
            element.getparent().remove(element)
            self._moulds[kind] = before, after
        before, after = self._moulds[kind]
        self.add(before + content + after)

    def drawing(self, png: bytes, words: str, wide: Length, high: Length | None = None) -> str:
        """Return the XML of a picture that says something to those who do not see it; the same one is kept once."""
        if "drawing" not in self._moulds:
            inline = CT_Inline.new_pic_inline(_ID, _FILE, "picture.png", Length(_WIDE), Length(_HIGH))
            # Where a picture does not say that it keeps no distance, LibreOffice moves it over the margin.
            for side in ("distT", "distB", "distL", "distR"):
                inline.set(side, "0")
            facts = inline.find(qn("wp:docPr"))
            facts.set("title", "")
            before, _, after = self._written(inline).partition("<wp:docPr ")
            self._moulds["drawing"] = f"<w:drawing>{before}<wp:docPr ", f"{after}</w:drawing>"
        file, _ = self._pictures.setdefault(hashlib.sha256(png).digest(), (f"rIdFigure{len(self._pictures) + 1}", png))
        columns, rows = struct.unpack(">II", png[16:24])
        self._drawn += 1
        before, after = self._moulds["drawing"]
        facts = {_ID: self._drawn, _FILE: file, _WIDE: int(wide), _HIGH: int(high or round(wide * rows / columns))}
        for place, value in facts.items():
            before, after = (one.replace(str(place), str(value)) for one in (before, after))
        return f"{before}descr={quoteattr(plain(words, LONGEST), _BREAKS)} {after}"

    def save(self, path: Path) -> None:
        """Write the document with all its blocks and pictures."""
        facts = self.document.core_properties
        facts.created = facts.modified = moment()
        frame = io.BytesIO()
        self.document.save(frame)
        with zipfile.ZipFile(frame) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in source.infolist():
                content = source.read(entry)
                if entry.filename == "word/document.xml":
                    self._lay_in(target, entry.filename, content)
                    continue
                if entry.filename == "[Content_Types].xml":
                    content = _with_png(content)
                elif entry.filename == "word/_rels/document.xml.rels":
                    content = content.replace(b"</Relationships>", self._relations().encode() + b"</Relationships>")
                # Without a date, which would tell one run from another.
                target.writestr(zipfile.ZipInfo(entry.filename), content, zipfile.ZIP_DEFLATED)
            for file, png in self._pictures.values():
                target.writestr(zipfile.ZipInfo(f"word/media/{file}.png"), png, zipfile.ZIP_STORED)

    def _lay_in(self, target: zipfile.ZipFile, name: str, content: bytes) -> None:
        at = content.rindex(b"<w:sectPr")
        with target.open(name, "w", force_zip64=True) as stream, self.stream as blocks:
            stream.write(content[:at])
            blocks.seek(0)
            shutil.copyfileobj(blocks, stream, 1 << 20)
            stream.write(content[at:])

    def _relations(self) -> str:
        return "".join(
            f'<Relationship Id="{file}" Type="{_IMAGE}" Target="media/{file}.png"/>'
            for file, _ in self._pictures.values()
        )

    def _written(self, element: Any) -> str:
        """Return an element as XML, without the names of spaces that the document states already."""

        def stated(space: re.Match[str]) -> str:
            return "" if self._known.get(space[1]) == space[2] else space[0]

        return re.sub(r' xmlns:(\w+)="([^"]*)"', stated, etree.tostring(element, encoding="unicode"))


#: What becomes of signs in an attribute that would be read as blanks.
_BREAKS = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def run_text(words: str, look: str = "") -> str:
    """Return words of users as the text of a run, without what XML cannot hold; `look` is what each line repeats."""
    between = f"<w:br/></w:r><w:r>{look}" if look else "<w:br/>"
    lines = re.split(r"\r\n?|\n", escape(plain(words, LONGEST)))
    tabbed = ("<w:tab/>".join(f'<w:t xml:space="preserve">{part}</w:t>' for part in line.split("\t")) for line in lines)
    return between.join(tabbed)


def _with_png(types: bytes) -> bytes:
    """Return the list of the types of parts with pictures in it."""
    if b'Extension="png"' in types:
        return types
    start = types.index(b">", types.index(b"<Types")) + 1
    return types[:start] + b'<Default Extension="png" ContentType="image/png"/>' + types[start:]
