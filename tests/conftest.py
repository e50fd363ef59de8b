"""What all tests share: a cache folder of their own, and a browser with the network cut."""

import os
import time
from pathlib import Path

import pytest
from browsing import ARGUMENTS, missing, program

#: Where a page may get things from: itself.
HERE = ("file:", "data:", "blob:")


#: Files that take longest: begun first, no core waits for one of them in the end.
LONGEST = (
    "test_real_green",
    "test_sweep",
    "test_roads",
    "test_pages",
    "test_cases",
    "test_main_map",
    "test_review",
    "test_atlas",
    "test_circle_pages",
    "test_reproducible",
    "test_landing",
    "test_growth",
    "test_quality_columns",
    "test_circles",
    "test_check_reports",
    "test_convert",
    "test_osm",
    "test_demo",
    "test_notebook",
)
# Tests run on all cores as it is; what is done side by side is asked for where it is tested.
os.environ.setdefault("GIS_PLANNING_CORES", "1")
# What tests write need not outlive a power cut: nobody waits for the disk.
os.environ.setdefault("OGR_SQLITE_SYNCHRONOUS", "OFF")
#: Dots of a picture to a pixel of the page: nobody looks at it but tests, unless pictures are asked for.
SCALE = 1 if os.environ.get("GIS_PLANNING_SCREENSHOTS") else 0.5
#: When a quick run begins no more tests, in seconds since 1970.
UNTIL = os.environ.get("GIS_PLANNING_TEST_UNTIL")


def pytest_collection_modifyitems(items):
    """Begin with the longest files; within a file the order stays. A quick run has an order of its own."""
    order = {name: at for at, name in enumerate(LONGEST)}
    if not UNTIL:
        items.sort(key=lambda item: order.get(item.path.stem, len(LONGEST)))


def pytest_runtest_setup(item):
    """Begin nothing more when the time of a quick run is over."""
    if UNTIL and time.time() > float(UNTIL):
        pytest.skip("no time left in a quick run")


def told(message):
    """Say whether a message of a page is one of ours; a graphics driver's remarks on its speed are not."""
    return message.type in ("error", "warning") and "GL Driver Message" not in message.text


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIS_PLANNING_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def browser():
    assert not missing(), missing()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS, headless=True)
        yield found
        found.close()


@pytest.fixture
def look(browser):
    """Return a function that opens a page with the network cut; what goes wrong there fails the test."""
    wrong, contexts = [], []

    def opened(file, *, width=1440, height=900, address="", scale=SCALE):
        context = browser.new_context(viewport={"width": width, "height": height}, device_scale_factor=scale)
        context.route(lambda url: not url.startswith(HERE), lambda route: route.abort())
        context.set_offline(True)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: wrong.append(message.text) if told(message) else None)
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.on("request", lambda request: None if request.url.startswith(HERE) else wrong.append(request.url))
        page.goto(file.as_uri() + address)
        if "map-" in file.name:
            page.wait_for_selector("html[data-ready=yes]", state="attached")
        contexts.append(context)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def shots(tmp_path_factory):
    folder = Path(os.environ.get("GIS_PLANNING_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
