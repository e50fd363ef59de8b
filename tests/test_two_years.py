"""Hold a map of two years to its word: an address opens the divider, each side shows its year, legends fit a phone."""

import re
from html import unescape

import pytest
import town
from browsing import payload, skip_without_browser
from test_heritage import LAND, row
from test_main_map import opened, settled
from test_review import run

skip_without_browser()

#: Kept, lost, redrawn, split, merged; outside the line: lost, and new.
THEN = row((0, 10), (20, 30), (40, 50), (60, 80), (90, 100), (100, 110), (320, 330))
NOW = row((0, 10), (43, 53), (60, 70), (70, 80), (90, 110), (340, 350))
EARLIER = "year = 2025\n[layers.buildings.earlier]\nsource = 'then.gpkg'\nyear = 2015\n"
FATES = {"then": ["消失", "合并", "重画", "拆分"], "now": ["合并", "新增", "重画", "拆分"]}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("years")
    layers = {"study_area": LAND, "buildings": NOW, "purple_line": town.frame(town.box(-5, -5, 200, 15))}
    town.write(folder / "county", layers, buildings=EARLIER)
    THEN.to_file(folder / "county" / "then.gpkg", driver="GPKG")
    only = ["--only", "HR-3", "--only", "HR-4", "--lang", "zh"]
    assert run("check", folder / "county", "--out", folder / "out", *only) == 0
    run("policy", folder / "county", "--out", folder / "out" / "policy", "--lang", "zh")
    return folder / "out"


def address(out, code):
    """Return what a link of the first page to the two years of a clause says after the name of the file."""
    links = map(unescape, re.findall(r'href="map\.html(#[^"]+)"', (out / "index.html").read_text(encoding="utf-8")))
    (found,) = {one for one in links if f"&left=then%20{code}" in one}
    return found


def compared(look, out, code="HR-4", **options):
    page = opened(look, out / "map.html", address=address(out, code), **options)
    page.wait_for_selector("#key.sides .part")
    page.wait_for_function("document.querySelector('#other canvas')")
    page.wait_for_timeout(1000)
    return page


def sources(page):
    """Return the layers that the left map draws."""
    return {one.partition("|")[0] for one in page.evaluate("mainMap.getStyle().layers.map(({ id }) => id)")}


def legend(page, at):
    return page.locator("#key .part").nth(at).locator(".step span:not(.swatch)").all_text_contents()


def pushed(page, key):
    """Push the divider by three tenths of the width."""
    page.focus("#divider")
    for _ in range(6):
        page.keyboard.press(key)


def clicked(page, x, *, side):
    """Return what is told of a building 10 m deep on one side of the divider."""
    spot = town.frame(town.box(x, 0, x + 1, 10)).to_crs(4326).geometry[0].centroid
    page.evaluate(f"void mainMap.jumpTo({{center: [{spot.x}, {spot.y}], zoom: 20}})")
    pushed(page, "ArrowRight" if side == "left" else "ArrowLeft")
    page.wait_for_timeout(1000)
    box = page.locator("#map canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    told = page.inner_text(".popup")
    page.keyboard.press("Escape")
    pushed(page, "ArrowLeft" if side == "left" else "ArrowRight")
    return told


def test_a_link_opens_the_earlier_year_on_the_left_and_today_on_the_right(look, out, shots):
    page = compared(look, out)
    assert page.get_attribute("[data-tool=swipe]", "aria-pressed") == "true"
    assert (page.input_value("#left"), page.input_value("#right")) == ("then HR-4", "now HR-4")
    heads = page.locator("#key .part .head").all_text_contents()
    assert heads == ["左: HR-4 前期（2015 年）", "右: HR-4 现状（2025 年）"]
    for at, year in enumerate(("then", "now")):
        assert legend(page, at)[:6] == [*FATES[year], "保留（保护范围内）", "城市紫线"]
    drawn = sources(page)
    assert {"buildings_then.HR-4", "buildings_kept.HR-4", "line.purple_line"} <= drawn
    assert not drawn & {"buildings_now.HR-4", "broken.HR-4", "buildings_then.HR-3"}
    page.screenshot(path=shots / "two-years.png")
    # What is lost stands on the left alone, what is new on the right.
    assert "消失" in clicked(page, 24, side="left")
    new = clicked(page, 344, side="right")
    assert "新增" in new
    assert "保护范围外" in new


def test_the_answer_to_a_policy_leads_to_the_same_two_years(out):
    page = (out / "policy" / "map.html").read_text(encoding="utf-8")
    alone = payload((out / "map.html").read_text(encoding="utf-8"))["pairs"]
    (pair,) = [one for one in alone if one["title"].endswith("HR-4")]
    assert pair in payload(page)["pairs"]
    assert [side["layers"] for side in pair["sides"]] == [
        [f"buildings_{year}.HR-4", "buildings_kept.HR-4", "line.purple_line"] for year in ("then", "now")
    ]
    assert address(out / "policy", "HR-4") == address(out, "HR-4")


def test_all_that_differs_is_in_view_and_the_address_keeps_the_sides(look, out):
    page = compared(look, out)
    west, south, east, north = page.evaluate("mainMap.getBounds().toArray().flat()")
    for x in (20, 349):
        spot = town.frame(town.box(x, 0, x + 1, 10)).to_crs(4326).geometry[0].centroid
        assert west < spot.x < east
        assert south < spot.y < north
    page.select_option("#right", "now HR-3")
    page.wait_for_timeout(500)
    kept = page.evaluate("location.hash")
    assert "left=then%20HR-4&right=now%20HR-3" in kept
    again = opened(look, out / "map.html", address=kept)
    again.wait_for_selector("#key.sides .part")
    assert (again.input_value("#left"), again.input_value("#right")) == ("then HR-4", "now HR-3")
    # Switched off, the map is one again, with what is on, and the address says so.
    again.click("[data-tool=swipe]")
    settled(again)
    assert "left=" not in again.evaluate("location.hash")
    assert {"broken.HR-4", "buildings_now.HR-4"} <= sources(again)
    # The button opens the years of which any is on; sides that nobody offers open nothing.
    fresh = opened(look, out / "map.html", address="#on=buildings_now.HR-3&left=then%20XX&right=now%20XX")
    assert fresh.is_hidden("#divider")
    fresh.click("[data-tool=swipe]")
    fresh.wait_for_selector("#key.sides .part")
    assert (fresh.input_value("#left"), fresh.input_value("#right")) == ("then HR-3", "now HR-3")


def test_inside_the_lines_what_lies_outside_is_not_shown(look, out):
    page = compared(look, out, "HR-3")
    assert "新增" not in legend(page, 1)
    assert "消失" in legend(page, 0)


def test_legends_of_both_years_fit_a_phone(look, out, shots):
    page = compared(look, out, width=390, height=844)
    page.screenshot(path=shots / "two-years-phone.png")
    left, right = (part.bounding_box() for part in page.locator("#key .part").all())
    assert 0 <= left["x"] < left["x"] + left["width"] < right["x"] < right["x"] + right["width"] <= 390
    for part in page.locator("#key .part").all():
        assert part.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
        sizes = part.evaluate(
            "one => [...one.querySelectorAll('.step')].map(step => parseFloat(getComputedStyle(step).fontSize))"
        )
        assert min(sizes) >= 11
