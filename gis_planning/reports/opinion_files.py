"""Write every opinion as a file of its own, under names that every system takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from gis_planning.outputs.names import apart
from gis_planning.reports.opinion_docx import owned
from gis_planning.reports.opinions import Opinions
from gis_planning.reports.review_docx import write_one
from gis_planning.results.review import Review
from gis_planning.texts import Lang

#: Signs of a name that leave room for the folder in the 260 of Windows, and in the 255 bytes of a name elsewhere.
LONGEST = 60
#: What Windows takes for a device whatever follows the dot, and what no name there may hold.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\ud800-\udfff]')


def file_names(ids: Iterable[str]) -> list[str]:
    """Return a name for every id, without ending: safe on Windows, and none twice where case does not count.

    >>> file_names(["A/1", "a:1", "CON", " 地块 1. ", ""])
    ['A_1', 'a_1-2', '_CON', '地块 1', '_']
    """
    taken: set[str] = set()
    names = []
    for id_ in ids:
        plain = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", id_))[:LONGEST].strip(" .")
        plain = f"_{plain}" if _DEVICE.match(plain) or not plain else plain
        names.append(apart(plain, taken))
    return names


def write_each(folder: Path, review: Review, lang: Lang, opinions: Opinions, template: Path | None = None) -> None:
    """Write the opinions chosen into a folder, a Word document a project.

    The name of a project's file depends on all projects of the review, not on those that were chosen.

    Raises
    ------
    SourceError
        The template is no Word document.
    """
    own, names = owned(review), file_names(parcel.id for parcel in review.parcels)
    for at in opinions.places:
        write_one(folder / f"{names[at]}.docx", review, at, own, lang, template=template)
