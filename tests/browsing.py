"""A real browser with the network cut, and words that would run if a page let them."""

import base64
import gzip
import json
import os
import re
import shutil

import pytest

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--no-first-run", "--disable-default-apps",
    # Maps are drawn with WebGL, here by the processor alone.
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]  # fmt: skip
HACK = "window.hacked=1"
HOSTILE = [
    f"<script>{HACK}</script>",
    f'"><img src=x onerror="{HACK}">',
    f"'><svg onload='{HACK}'>",
    "{{ 7*7 }}{{ cycler.__init__.__globals__ }}",
    "{% for x in range(9) %}x{% endfor %}{# gone #}",
    f"`${{{HACK}}}`",
    f"</script><script>{HACK}</script>",
    f"line\u2028{HACK}\u2029end",
    "\u202eRTL \u200fmarks\u2066",
    f"</title></style><script>{HACK}</script><!--",
    f"javascript:{HACK}",
    "长" * 10_000,
    "&lt;b&gt; & <b>",
]

needs = os.environ.get("GIS_PLANNING_REQUIRE", "")


def program():
    """Return the browser without windows where there is one, which starts and works with less, else the whole one."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


def missing():
    if program() is None:
        return "there is no chromium on this computer"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed"
    return None


def skip_without_browser():
    """Skip a module of tests where no browser can be started, unless one is required."""
    if missing() and "browser" not in needs:
        pytest.skip(f"no browser test: {missing()}", allow_module_level=True)


def payload(html, name="payload"):
    """Return what a page's programs draw."""
    packed = re.search(rf'<script type="application/gzip" id="{name}"[^>]*>([A-Za-z0-9+/=]*)</script>', html)[1]
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def facts_of_layers(html):
    """Return the tables of a page's layers, each whole; in the page what several hold stands once."""
    held = payload(html, "facts-of-layers")
    return [
        {
            **table,
            "columns": [held["columns"][at] for at in table["columns"]],
            **{name: held["lists"][table[name]] for name in ("category", "at", "zoom")},
        }
        for table in held["tables"]
    ]
