"""Draw the pages of a document as pictures, each as sharp as it is printed: what the PDF shows, sign by sign."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

from gis_planning.maps.print.pdf import POINTS, Paper

#: Pixels to an inch of paper.
DPI = 300


def save(paper: Paper, folder: Path, name: Callable[[int], str]) -> None:
    """Write every page as a PNG into a folder; `name` gives the file of a page, which are counted from one."""
    import pypdfium2  # noqa: PLC0415 - slow to import

    document = io.BytesIO()
    paper.save(document)
    pages = pypdfium2.PdfDocument(document.getvalue())
    try:
        for number in range(1, len(pages) + 1):
            # One page at a time: an A3 sheet is 17 million pixels.
            page = pages[number - 1]
            page.render(scale=DPI / (POINTS * 25.4)).to_pil().save(folder / name(number), dpi=(DPI, DPI))
            page.close()
    finally:
        pages.close()
