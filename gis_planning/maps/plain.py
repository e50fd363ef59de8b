"""Make words of users fit for files: without what XML cannot hold, and never longer than a place allows."""

from __future__ import annotations

import re

#: Characters that XML cannot hold; Word, Excel and QGIS refuse a whole file for one of them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(words: str, longest: int | None = None) -> str:
    r"""Return words with a question mark for each character XML cannot hold, cut to a length.

    Examples
    --------
    >>> plain("a\x01b\ud800"), plain("abcdef", 3)
    ('a?b?', 'abc')
    """
    return _FORBIDDEN.sub("?", words)[:longest]
