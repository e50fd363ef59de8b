"""Open an office's Word document to write in: its letterhead, styles and footers stay."""

from __future__ import annotations

import zipfile
from copy import deepcopy
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml import OxmlElement
from docx.oxml.ns import nsmap, qn
from lxml import etree

from gis_planning.errors import SourceError

#: The styles that papers are written in; those that a template lacks are ours.
STYLES = ("List Bullet", "Table Grid", "Heading 1", "Heading 2", "Heading 3")
#: More than this unpacked is no letterhead.
LARGEST = 256 * 1024**2


def office_document(file: Path) -> Any:
    """Return a Word document of an office, with the styles that papers are written in.

    Raises
    ------
    SourceError
        It is no Word document (.docx).
    """
    try:
        with zipfile.ZipFile(file) as parts:
            if sum(part.file_size for part in parts.infolist()) > LARGEST:
                raise SourceError("paper.no_template", source=file)
        document = Document(str(file))
        usable = document.element.nsmap.get("w") == nsmap["w"]
    except (OSError, zipfile.BadZipFile, OpcError, KeyError, ValueError, AttributeError, etree.LxmlError):
        raise SourceError("paper.no_template", source=file) from None
    if not usable:
        raise SourceError("paper.no_template", source=file)
    body = document.element.body
    # What a section was before a tracked change would be taken for the last section.
    for change in list(body.iter(qn("w:sectPrChange"))):
        change.getparent().remove(change)
    if body.find(qn("w:sectPr")) is None:
        body.append(OxmlElement("w:sectPr"))
    _add_styles(document)
    return document


def _add_styles(document: Any) -> None:
    known = {style.name for style in document.styles}
    normal = document.styles.default(WD_STYLE_TYPE.PARAGRAPH)
    for name in (name for name in STYLES if name not in known):
        style = deepcopy(Document().styles[name].element)
        style.set(qn("w:styleId"), f"Paper{style.get(qn('w:styleId'))}")
        # Lists, linked and following styles are those of the document it comes from.
        for gone in ("w:numPr", "w:link", "w:next", "w:basedOn"):
            for element in list(style.iter(qn(gone))):
                element.getparent().remove(element)
        if normal is not None and name != "Table Grid":
            base = OxmlElement("w:basedOn")
            base.set(qn("w:val"), normal.style_id)
            style.find(qn("w:name")).addnext(base)
        document.styles.element.append(style)
