"""The page to open first, in a real browser: what counts at the top, a way to every file, nothing too wide."""

import pytest
import report_town
from browsing import skip_without_browser

from gis_planning.outputs.marks import MANIFEST
from gis_planning.reports import write_check

skip_without_browser()


@pytest.fixture(scope="module", params=["zh", "en"])
def results(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"landing-{request.param}")
    scorecard, clauses = report_town.judged(folder / "county")
    write_check(scorecard, clauses, folder / "out", request.param)
    return folder / "out", scorecard, request.param


def unfolded(page):
    """Open what is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")


def test_both_ways_of_counting_and_both_reports_stand_in_the_head(results, look, shots):
    out, scorecard, lang = results
    page = look(out / "index.html")
    head = page.inner_text("header")
    walk = next(one for one in scorecard.verdicts if one.code == "GW5-1").measured
    radius = next(one for one in walk.references if one.key == "radius_coverage")
    assert f"{walk.value:.2%}" in head
    assert f"{radius.value:.2%}" in head
    wide = [one.bounding_box()["width"] for one in page.query_selector_all("header .beside .bar i")]
    assert wide[1] / wide[0] == pytest.approx(walk.value / radius.value, rel=0.01)
    doors = {one.get_attribute("href") for one in page.query_selector_all("header .doors a")}
    assert {"report.docx", "report.xlsx"} <= doors
    page.screenshot(path=shots / f"landing-{lang}.png", full_page=True)


def test_every_file_of_the_run_has_a_link(results, look):
    out, _, _ = results
    page = look(out / "index.html")
    linked = {one.get_attribute("href").partition("#")[0] for one in page.query_selector_all("a[href]")}
    assert {file.name for file in out.iterdir()} - {"index.html", MANIFEST} <= linked


def test_every_document_has_a_card_or_leads(results, look):
    out, scorecard, lang = results
    page = look(out / "index.html")
    unfolded(page)
    cards = "".join(page.inner_text(one) for one in ("#cards", "#measuring", "header"))
    for document in scorecard.documents:
        title, topic = (document[key if lang == "zh" else f"{key}_en"] for key in ("title", "topic"))
        assert title in cards
        assert topic.casefold() in cards.casefold()  # a card may begin with it
    boxes = [one.bounding_box() for one in page.query_selector_all(".card")]
    inner = [one.bounding_box() for one in page.query_selector_all(".card td, .card th")]
    assert all(
        any(box["x"] <= one["x"] and one["x"] + one["width"] <= box["x"] + box["width"] for box in boxes)
        for one in inner
    )


@pytest.mark.slow
@pytest.mark.parametrize("width", [360, 390, 768, 1440])
def test_nothing_is_wider_than_the_screen(results, look, shots, width):
    out, _, lang = results
    page = look(out / "index.html", width=width, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 390:
        # What a mayor looks at on a phone ends after ten screens.
        assert page.evaluate("document.documentElement.scrollHeight") < 10 * 844
        unfolded(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.screenshot(path=shots / f"landing-{lang}-phone.png", full_page=True)
