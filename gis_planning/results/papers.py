"""Name rule documents as readers cite them: title, number, and what of the document is judged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gis_planning.texts import Lang, say

#: The issuer of documents of this program, which are no papers of an authority.
OURS = "gis_planning"


def document_number(table: Mapping[str, Any], lang: Lang) -> str:
    """Return a document's number in one language; nothing where it has none.

    A number holds a figure: what stands in its place in older files is often the title again. Numbers of Chinese
    words are told in English only where the document says how.

    Examples
    --------
    >>> document_number({"number": "GB 50180-2018"}, "en")
    'GB 50180-2018'
    >>> document_number({"number": "城镇开发边界管理办法（试行）"}, "zh")
    ''
    """
    number = str(table.get("number") or "")
    if lang == "en":
        number = str(table.get("number_en") or (number if number.isascii() else ""))
    return number if re.search(r"\d", number) and number not in (table.get("title"), table.get("title_en")) else ""


def document_cited(table: Mapping[str, Any], lang: Lang) -> str:
    """Return a document's title as it is cited, with its number where it has one that the title does not tell.

    Examples
    --------
    >>> paper = {"title": "闲置土地处置办法", "title_en": "Measures on idle land", "number": "国土资源部令第53号"}
    >>> document_cited(paper | {"issuer": "自然资源部"}, "zh")
    '《闲置土地处置办法》（国土资源部令第53号）'
    """
    title, number = _title(table, lang), document_number(table, lang)
    return title if not number or number in title else say("paper.numbered_title", lang, title=title, number=number)


def document_title(table: Mapping[str, Any], lang: Lang) -> str:
    """Return a document's title without its number, and what of it is judged."""
    return _of(_title(table, lang), table, lang)


def document_name(table: Mapping[str, Any], lang: Lang) -> str:
    """Return how a document is called: its title, its number, and what of it is judged."""
    return _of(document_cited(table, lang), table, lang)


def topic(table: Mapping[str, Any], lang: Lang) -> str:
    """Return what of a document is judged, in a few words; nothing where that is the whole of it."""
    return str(table.get("topic" if lang == "zh" else "topic_en") or "")


def _title(table: Mapping[str, Any], lang: Lang) -> str:
    title = str(table["title"] if lang == "zh" else table["title_en"])
    # A title may name papers in its midst, as drafts do, with their own marks.
    if lang == "en" or "《" in title or table.get("issuer") == OURS:
        return title
    return say("paper.title_marks", lang, title=title)


def _of(name: str, table: Mapping[str, Any], lang: Lang) -> str:
    return say("paper.topic", lang, title=name, topic=topic(table, lang)) if topic(table, lang) else name
