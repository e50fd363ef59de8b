"""Hide what opens a database or a site, wherever a text that somebody typed is told again.

Every fact of every sentence goes through here, because a password is typed in more places and spellings than could be
refused one by one. What is hidden in excess costs a reader nothing; so patterns run to the end of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import PurePath
from typing import Any
from urllib.parse import unquote

MASK = "***"
#: Of a longer fact the beginning is told: nobody reads more, and patterns take a time that grows with its square.
LONGEST = 2000
_SCHEME = r"(?<![A-Za-z0-9+.-])(?!file:)[A-Za-z][A-Za-z0-9+.-]+:[/\\]+"
_WORDS = "password|passwd|passphrase|pwd|secret|密码|口令"
_PATTERNS = (
    # scheme://user:password@host; a password may hold any sign, so the last @ counts.
    (rf"({_SCHEME}).*@", rf"\1{MASK}@"),
    # scheme://user:password, where the host was forgotten: what follows the colon is no port.
    (rf"({_SCHEME}(?:\[[0-9a-f:.%]*\]|[^/\\\s@?#\[\]])*?:)(?!\d*(?:[/\\?,#;\s]|$)).+", rf"\1{MASK}"),
    # What follows # in an address is no part of it: often the rest of a password.
    (rf"({_SCHEME}[^#]*#).+", rf"\1{MASK}"),
    # password=..., PWD=..., "password": ...
    (rf"((?:{_WORDS}|(?<![a-z])pass)['\"]?\s*[=:]\s*)(?=\S).+", rf"\1{MASK}"),
    (r"([?&;](?:token|tk|key|api_?key|access_token)\s*=).+", rf"\1{MASK}"),
    # Words of GDAL and JDBC that tell a password by its place alone.
    (r"((?<![A-Za-z0-9])(?:OCI|GEOR|GEORASTER|ODBC|SDE|jdbc:oracle:\w+):)(?=\S*[/,@]).+", rf"\1{MASK}"),
    # user:password@host
    (r"(?<![A-Za-z0-9])[A-Za-z][\w.+-]+:[^\s@/\\][^\s@]*@(?=[\w\[])", f"{MASK}@"),
)  # fmt: skip


def hidden(said: str) -> str:
    """Return a text without the passwords that stand in it, in whatever spelling.

    Examples
    --------
    >>> hidden("PG:host=10.1.2.3 user=gis password=Kranich dbname=x")
    'PG:host=10.1.2.3 user=gis password=***'
    >>> hidden("postgresql://me:pw@10.1.2.3/county"), hidden("county.gpkg")
    ('postgresql://***@10.1.2.3/county', 'county.gpkg')
    """
    if len(said) > LONGEST:
        return hidden(said[:LONGEST]) + "..."
    # Signs as libraries read them: %40 is @, and so is the wide sign of a Chinese keyboard.
    meant = unicodedata.normalize("NFKC", re.sub(r"[\t\r\n]", "", said))
    for _ in range(3):
        meant = unquote(meant)
    masked = _masked(meant)
    return masked if masked != meant else _masked(said)


def without_secrets(fact: Any) -> Any:
    """Return a fact of a sentence as it may be told; what holds no password stays what it is."""
    if not isinstance(fact, str | PurePath | Mapping | Exception):
        return fact
    said = str(fact)
    told = hidden(said)
    return fact if told == said else told


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    # Only where something is told, for help has to come at once.
    return [(re.compile(pattern, re.IGNORECASE | re.DOTALL), mask) for pattern, mask in _PATTERNS]


def _masked(said: str) -> str:
    # All patterns ask for one of these signs, and hardly any text holds one.
    if ":" not in said and "=" not in said:
        return said
    for pattern, mask in _patterns():
        said = pattern.sub(mask, said)
    return said
