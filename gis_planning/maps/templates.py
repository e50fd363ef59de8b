"""Fill page templates; every value a template prints is escaped, whoever wrote it."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from gis_planning.texts import Lang, say

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {scripts}"


def resource(package: str, name: str) -> str:
    """Return a text file that ships in one of our packages."""
    return (files(package) / name).read_text(encoding="utf-8")


def render(package: str, name: str, lang: Lang, **facts: Any) -> str:
    """Fill a template of a package; `t(key)` says a text in the reader's language."""
    return (
        _environment(package)
        .get_template(name)
        .render(lang=lang, t=lambda key, **inner: say(key, lang, **inner), **facts)
    )


def packed(content: Any) -> str:
    """Return JSON, compressed, as base64: no sign of it can end a <script>, and it is a third as long.

    Examples
    --------
    >>> gzip.decompress(base64.b64decode(packed({"name": "</script>"})))
    b'{"name":"</script>"}'
    """
    dumped = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone surrogate, which a damaged table may hold, cannot be written as UTF-8.
    data = dumped.encode("utf-8", "replace")
    # The time of writing, which gzip notes, would make every run's page differ.
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode("ascii")


def policy(html: str) -> str:
    """Return the content security policy of a page: its own scripts by their hash, no request at all.

    Examples
    --------
    >>> policy("<p>no script</p>")
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'none'"
    """
    digests = [hashlib.sha256(code.encode()).digest() for code in _SCRIPT.findall(html)]
    scripts = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return _POLICY.format(scripts=scripts or "'none'")


@cache
def _environment(package: str) -> Environment:
    loader = FunctionLoader(lambda name: resource(package, name))
    return Environment(autoescape=True, loader=loader, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
