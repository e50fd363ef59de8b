"""Fill page templates; every value a template prints is escaped, whoever wrote it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from gis_planning.texts import Lang, say

#: What must not stand in a <script>, and the two line ends that JavaScript before 2019 did not allow in a string.
_UNSAFE = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
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


def script_json(content: Any) -> str:
    r"""Return JSON that can stand in a <script> without ever ending it.

    Examples
    --------
    >>> script_json({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    dumped = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # A lone surrogate, which a damaged table may hold, cannot be written as UTF-8.
    return dumped.encode("utf-8", "replace").decode("utf-8").translate(_UNSAFE)


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
