"""Tell UTF-8 from GBK by what each makes of the same bytes.

Nearly always only one of them can be. But every byte pair of 小学 and 医院 in GBK is a letter in UTF-8 too (Сѧ, ҽԺ), so
that a short table can be valid in both: then the reading holds that gives text as people write it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

UTF_8, GB18030 = "UTF-8", "GB18030"
#: Chinese text is made of the 6,763 common characters but for a name here and there; other bytes read as Chinese are
#: not.
COMMON_SHARE = 0.8
#: Bytes in GBK give hardly a word in UTF-8.
_CHANCE_SHARE = 0.2
#: Words of an alphabet are words, unless all of them are Chinese as well.
_ALL_SHARE = 0.95
#: UTF-8 read as GBK gives at most two characters of the first level for one of the second, whose lead bytes are those
#: that begin a Chinese character in UTF-8.
_FIRST_LEVEL_SHARE = 0.7
#: The letters of living alphabets that two bytes hold in UTF-8, a row each: Latin, Greek, Cyrillic (with Mongolian and
#: Kazakh), Hebrew, Arabic.
_ALPHABETS = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u017f",
    "\u0386-\u03ce",
    "\u0401\u0410-\u044f\u0451әғқңөұүһіӘҒҚҢӨҰҮҺІ",
    "\u05d0-\u05ea",
    "\u0620-\u064a\u0660-\u0669\u066e-\u06d3",
)
_WORD = re.compile("|".join(f"(?<![^\\W\\d_])[{letters}]{{2,}}(?![^\\W\\d_])" for letters in _ALPHABETS))
#: Signs after a number or a unit (25°, m², 3±), and the dot inside a name (阿·木).
_SIGN = re.compile(r"(?<=[0-9a-zA-Z)])[°²³±µ×÷]|(?<=[^\W_])·(?=[^\W_])|[«»£¥§©®]")
#: What GBK makes of these signs after a number, and of accents inside a word: São is S茫o.
_NOT_CHINESE = re.compile(r"(?<=[0-9a-zA-Z)])[掳虏鲁卤碌]|(?<=[a-z])[一-鿿]+|[一-鿿]+(?=[a-z])")


def told(raw: bytes) -> str | None:
    """Return the encoding of text by its bytes alone, None where it is neither UTF-8 nor GBK, or may be both.

    Examples
    --------
    >>> told("小学".encode("gbk")), told("小学".encode()), told("小谢".encode("gbk"))
    ('GB18030', 'UTF-8', None)
    """
    found = readings(raw)
    return found[0] if len(found) == 1 else None


def readings(raw: bytes) -> tuple[str, ...]:
    """Return the encodings that give text of these bytes, likelier first; ASCII is UTF-8."""
    if raw.isascii():
        return (UTF_8,)
    chinese = raw.decode("gb18030", "replace")
    try:
        other = raw.decode("utf-8")
    except UnicodeDecodeError:
        return (GB18030,) if _share(chinese, _could_be_chinese(chinese)) >= COMMON_SHARE else ()
    everyday = sum(_level(sign) > 0 for sign in _NOT_CHINESE.sub(_blank, chinese))
    words = _share(other, _everyday(other))
    if _share(chinese, everyday) < (_ALL_SHARE if words >= COMMON_SHARE else COMMON_SHARE):
        return (UTF_8,)
    if words <= _CHANCE_SHARE:
        return (GB18030,)
    first = sum(_level(sign) == 1 for sign in chinese)
    if words >= COMMON_SHARE and _share(chinese, first) < _FIRST_LEVEL_SHARE:
        return (UTF_8,)
    return (UTF_8, GB18030)


def named_in_chinese(names: Iterable[bytes]) -> bool:
    """Say whether the names of a table's fields are in GBK: none is anything else, and one is common Chinese all over.

    Examples
    --------
    >>> named_in_chinese([b"OBJECTID", "名称".encode("gbk")]), named_in_chinese(["Größe".encode("latin-1")])
    (True, False)
    """
    own = [name for name in names if not name.isascii()]
    if not all(decodes(name, GB18030) for name in own):
        return False
    chinese = [re.sub(r"[\d_]", "", name.decode(GB18030)) for name in own if not decodes(name)]
    return any(all(_level(sign) > 0 for sign in name) for name in chinese)


def decodes(raw: bytes, codec: str = UTF_8) -> bool:
    """Say whether bytes are text of an encoding."""
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _share(whole: str, counted: int) -> float:
    """Return which share of the signs beyond ASCII is counted."""
    return counted / max(sum(not sign.isascii() for sign in whole), 1)


def _could_be_chinese(chinese: str) -> int:
    """Return how many signs are common in Chinese, or rare ones as in names: Latin accents read so touch a letter."""
    apart = re.sub(r"(?<=[A-Za-z])[一-鿿]|[一-鿿](?=[A-Za-z])", _blank, chinese)
    return sum(_level(one) > 0 or "一" <= other <= "鿿" for one, other in zip(chinese, apart, strict=True))


def _everyday(other: str) -> int:
    """Return how many signs of a reading in UTF-8 people write: words of one alphabet, Chinese, other scripts."""
    beyond = sum(sign >= "\u0800" and _is_written(sign) for sign in other)
    found = "".join(one.group() for pattern in (_WORD, _SIGN) for one in pattern.finditer(other))
    return beyond + sum(not sign.isascii() for sign in found)


def _is_written(sign: str) -> bool:
    if "\u3400" <= sign <= "\u9fff":
        return _level(sign) > 0
    return unicodedata.category(sign) not in {"Cn", "Co", "Cc"} and sign != "\ufffd"


def _level(sign: str) -> int:
    """Return 1 or 2 for the levels of GB2312 (its punctuation is as common as the first), 0 for any other sign."""
    if sign < "\u2000":
        return 0
    try:
        raw = sign.encode("gb2312")
    except UnicodeEncodeError:
        return 0
    return 2 if raw[0] >= 0xD8 else 1


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())
