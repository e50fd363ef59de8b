"""The button that saves a map as a picture, in a real browser with the network cut: on every page, A4 at 300 dpi."""

import io

import numpy as np
import pytest
import test_pages as pages
import test_review as reviewed
import town
from browsing import HOSTILE, skip_without_browser
from PIL import Image

from gis_planning.view.looks import styles

skip_without_browser()

#: A4 landscape, 297 mm by 210 mm, at 300 dots to 25.4 mm; and the map on it.
SIZE = (3508, 2480)
DOT = 300 / 25.4
MAP = tuple(round(one * DOT) for one in (10, 27, 10 + 209, 27 + 164))
LEGEND = tuple(round(one * DOT) for one in (224, 27, 287, 191))
HEAD = tuple(round(one * DOT) for one in (10, 8, 287, 26))
FOOT = tuple(round(one * DOT) for one in (10, 193, 287, 204))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("saved")
    opened = pages.county(folder / "county", "试验县")
    pages.run(folder / "check", opened)
    town.frame(town.box(*reviewed.IN_TOWN), id=["A1"], name=["安居房"], activity=["urban"]).to_file(folder / "p.gpkg")
    place = reviewed.county(folder / "lines", extra={"land_use": reviewed.LAND_USE}).folder
    reviewed.run("review", place, folder / "p.gpkg", "--out", folder / "review")
    return folder


def opened(look, file):
    page = look(file)
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page


def saved(page):
    """Click the button and return the name and the picture that comes."""
    with page.expect_download(timeout=60_000) as waited:
        page.click("[data-tool=save]")
    page.wait_for_selector("body:not(.sheet)", state="attached")
    return waited.value.suggested_filename, Image.open(io.BytesIO(waited.value.path().read_bytes()))


def share_of(picture, box, colour):
    """Return the share of a part of a picture that has a colour."""
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    part = np.asarray(picture.convert("RGB").crop(box), dtype=int)
    return float((np.abs(part - wanted).max(axis=-1) < 10).mean())


def ink(picture, box):
    """Return the share of a part of a picture that is not white."""
    return float((np.asarray(picture.convert("L").crop(box)) < 200).mean())


def files(folder):
    """Return a page of every kind: the main map, the projects, and one of the pages of clauses."""
    return [folder / "check" / "map.html", folder / "review" / "index.html", folder / "check" / "map-GC22-1.html"]


def test_every_map_page_saves_its_map_as_an_a4_sheet(results, look, shots):
    for file in files(results):
        page = opened(look, file)
        view = page.evaluate("[mainMap.getCenter().toArray(), mainMap.getPixelRatio()]")
        name, picture = saved(page)
        assert name.endswith(".png")
        assert picture.size == SIZE
        assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.02)
        picture.save(shots / f"saved-{file.parent.name}-{file.stem}.png", compress_level=1)
        drawn = np.asarray(picture.convert("RGB").crop(MAP)).reshape(-1, 3)
        assert len(np.unique(drawn[::101], axis=0)) > 5, file
        for part in (LEGEND, HEAD, FOOT):
            assert ink(picture, part) > 0.002, (file, part)
        centre, ratio = page.evaluate("[mainMap.getCenter().toArray(), mainMap.getPixelRatio()]")
        assert (centre, ratio) == (pytest.approx(view[0], abs=1e-3), view[1])
        assert page.inner_text("#told") == ""


def test_the_picture_shows_what_is_on_and_nothing_else(results, look):
    page = opened(look, results / "check" / "map.html")
    boxes = page.locator("#tree input[data-layer]:checked")
    tone = styles()["outcome"]["fail"]["colour"]
    _, before = saved(page)
    assert share_of(before, MAP, tone) > 0
    for name in [boxes.nth(at).get_attribute("data-layer") for at in range(boxes.count())]:
        page.evaluate("name => document.querySelector(`[data-layer='${CSS.escape(name)}']`).click()", name)
    _, bare = saved(page)
    assert share_of(bare, MAP, tone) == 0
    assert ink(bare, LEGEND) == 0
    assert ink(before, LEGEND) > 0.002


def test_both_sides_of_a_divider_are_saved_as_they_are_seen(results, look, shots):
    page = opened(look, results / "check" / "map.html")
    tone = styles()["layer"]["unserved"]["stroke"]
    page.click("[data-tool=swipe]")
    page.wait_for_selector("#key.sides .part")
    page.select_option("#left", "layer buildings")
    page.select_option("#right", "on")
    page.focus("#divider")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    before = page.get_attribute("#divider", "style")
    ground = page.evaluate("mainMap.unproject([parseFloat(document.querySelector('#divider').style.left), 0]).lng")
    _, picture = saved(page)
    picture.save(shots / "saved-swipe.png")
    assert page.get_attribute("#divider", "style") == before
    # It is as high as the map but for the frame; streets are white too, but end before.
    left, top, right, bottom = MAP
    drawn = np.asarray(picture.convert("RGB").crop((left, top + 20, right, bottom - 20)), dtype=int)
    lines = np.flatnonzero((drawn.min(axis=-1) >= 254).all(axis=0))
    assert len(lines)
    middle = left + round(float(lines.mean()))
    assert share_of(picture, (left, top, middle - 8, bottom), tone) == 0
    assert share_of(picture, (middle + 8, top, right, bottom), tone) > 0
    there = page.evaluate("mainMap.getCenter().lng")
    assert (ground - there) * (middle - (left + right) / 2) > 0
    page.click("[data-tool=swipe]")
    _, whole = saved(page)
    assert share_of(whole, (left, top, middle, bottom), tone) > 0


def test_a_hostile_name_makes_a_plain_file(tmp_path, look):
    pages.run(tmp_path / "out", pages.county(tmp_path / "county", "../" + HOSTILE[0].replace('"', "'")))
    name, picture = saved(opened(look, tmp_path / "out" / "map.html"))
    assert picture.size == SIZE
    assert not set(name) & set('/\\:*?"<>|')
    assert name.endswith(".png")
    assert len(name) <= 64
