"""Hold pages with several views to their word: one is seen at a time, with its layers, and an address keeps which."""

import pytest
from browsing import HOSTILE, skip_without_browser
from test_main_map import frame, layer, opened, parcels, written

from gis_planning.maps.web.page import main_map
from gis_planning.maps.web.views import Gap, Limit, View

skip_without_browser()


def view(code, at, title=None):
    return View(
        id=code,
        title=title or code,
        outcome="fail",
        value=f"{at}0.00%",
        alt=f"alt of {code}",
        limits=[Limit(code, "≥ 80%", "1", "fail")],
        sums=[f"sum of {code}"],
        facts=[("fact", ["one", "two"])],
        layers=[f"own{at}", "both"],
        gaps=[Gap(f"own{at}", 2, 1, title or f"gap of {code}", "3 ha")],
        heading="largest",
        spots={"patch": (f"own{at}", 1)},
    )


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    layers = [
        layer(parcels(9, gap=5), "own1", shown=True, ranks=[1, 2, 3, 0, 0, 0, 0, 0, 0]),
        layer(parcels(16, gap=5), "own2", shown=False),
        layer(parcels(4), "both", shown=True),
        layer(parcels(4), "around", shown=False),
    ]
    html = main_map(frame(views=[view("A-1", 1), view("B-2", 2, HOSTILE[0]), view("丙 3", 1)]), layers, "zh")
    return written(tmp_path_factory.mktemp("views"), html)


def shown(page):
    return [one.get_attribute("data-layer") for one in page.query_selector_all("#tree input[data-layer]:checked")]


def test_one_view_is_seen_at_a_time_with_its_layers(page_file, look):
    page = opened(look, page_file)
    assert page.inner_text("#panel .headline:visible").startswith("10.00%")
    assert shown(page) == ["own1", "both"]
    assert page.get_attribute("#map canvas", "aria-label") == "alt of A-1"
    page.check("#tree input[data-layer=around]")
    page.check("#views input[value=B-2]")
    assert page.locator("#panel .headline:visible").count() == 1
    assert page.inner_text("#panel .headline:visible").startswith("20.00%")
    assert "sum of B-2" in page.inner_text("#panel")
    assert "sum of A-1" not in page.inner_text("#panel")
    # What belongs to no view stays as it was set.
    assert shown(page) == ["own2", "both", "around"]
    assert page.get_attribute("#map canvas", "aria-label") == "alt of B-2"
    assert page.inner_text(".gaps button:visible bdi") == HOSTILE[0]
    assert page.evaluate("window.hacked") is None
    page.click(".gaps button:visible")
    assert page.inner_text(".popup h3") == "地块2"
    again = opened(look, page_file, address=page.evaluate("location.hash"))
    assert again.is_checked("#views input[value=B-2]")
    assert shown(again) == ["own2", "both", "around"]
    assert again.inner_text(".popup h3") == "地块2"


def test_short_addresses_choose_a_view_and_a_feature(page_file, look):
    page = opened(look, page_file, address="#B-2")
    assert page.is_checked("#views input[value=B-2]")
    assert shown(page) == ["own2", "both"]
    page.evaluate("location.hash = 'patch-16'")
    page.wait_for_selector(".popup:has-text('地块15')")
    page.evaluate("location.hash = 'A-1'")
    page.wait_for_function("document.querySelector('#views input[value=A-1]').checked")
    assert page.locator(".popup").count() == 0
    assert shown(page) == ["own1", "both"]
    page.evaluate("location.hash = encodeURI('丙 3')")
    page.wait_for_function("document.querySelector('#views input[value=\"丙 3\"]').checked")
