"""Open every page that runs have written, with the network cut; GIS_PLANNING_PAGES names their folders."""

import os
from pathlib import Path

import pytest
from browsing import skip_without_browser

skip_without_browser()

FOLDERS = [Path(one) for one in os.environ.get("GIS_PLANNING_PAGES", "").split(os.pathsep) if one]
PAGES = [page for folder in FOLDERS for page in sorted(folder.glob("*.html"))]
if not FOLDERS:
    pytest.skip("GIS_PLANNING_PAGES names no folder of a run", allow_module_level=True)


#: What finds faults that keep people from reading a page; `scripts/front_end` installs it.
AXE = Path(__file__).parents[1] / "front_end" / "node_modules" / "axe-core" / "axe.min.js"
FOUND = """axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations
    .filter(({impact}) => ["serious", "critical"].includes(impact))
    .map(({id, nodes}) => `${id}: ${nodes[0].html.slice(0, 200)}`))"""


def barred(page):
    """Return what keeps readers of screens, keyboards or with weak eyes from using a page, as folded and unfolded."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(FOUND)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    return found + page.evaluate(FOUND)


def test_there_are_pages():
    for folder in FOLDERS:
        assert (folder / "index.html").is_file()
    assert AXE.is_file(), "python3 scripts/front_end installs what looks for faults"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)], ids=["desk", "phone"])
@pytest.mark.parametrize("file", PAGES, ids=lambda one: f"{one.parent.name}/{one.name}")
def test_a_page_opens_without_a_complaint(file, width, height, look, shots):
    page = look(file, width=width, height=height)  # fails on any message, error or request
    if page.locator("script").count():
        page.wait_for_selector("html[data-ready=yes]", state="attached")
    assert "示例县" in page.inner_text("body")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.wait_for_timeout(300)
    assert not barred(page)
    page.screenshot(path=shots / f"{file.parent.name}-{file.stem}-{width}.png")
