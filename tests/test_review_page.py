"""Hold the page of a review to its word in a real browser."""

import pytest
import test_review as reviewed
import town
from browsing import HOSTILE, skip_without_browser

skip_without_browser()


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("review")
    shapes = [
        town.box(*reviewed.IN_TOWN),
        town.box(*reviewed.FARM),
        town.box(*reviewed.GENERAL),
        town.box(5950, 0, 6050, 50),
    ]
    columns = {
        "id": ["A1", "B2", "C3", "D4"],
        "name": ["安居房", "仓库", "营地", "风场"],
        "activity": ["urban", "urban", "tourism", "energy"],
    }
    town.frame(*shapes, **columns).to_file(folder / "p.gpkg")
    place = reviewed.county(folder / "county", extra={"land_use": reviewed.LAND_USE}).folder
    assert reviewed.run("review", place, folder / "p.gpkg", "--out", folder / "out") == 1
    return folder / "out"


def rows(page):
    return [row.inner_text().split("\t")[0].strip() for row in page.query_selector_all("#table tbody tr")]


def opened(look, results, **options):
    page = look(results / "index.html", **options)
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page


def test_filters_search_and_order_change_the_table_and_the_map(results, look, shots):
    page = opened(look, results)
    assert rows(page) == ["A1", "B2", "C3", "D4"]
    assert page.locator(".leaflet-projects-pane path").count() == 4
    page.uncheck("#outcomes input[value=fail]")
    assert rows(page) == ["A1", "C3", "D4"]
    assert page.locator(".leaflet-projects-pane path").count() == 3
    page.check("#outcomes input[value=fail]")
    page.select_option("#line", "ecological_redline")
    assert rows(page) == ["C3", "D4"]
    page.select_option("#line", "")
    page.fill("#query", "仓库")
    assert rows(page) == ["B2"]
    page.fill("#query", "")
    page.click("#table button[data-key=area_mu]")
    assert rows(page)[-1] == "D4"
    page.click("#table button[data-key=area_mu]")
    assert rows(page)[0] == "D4"
    page.screenshot(path=shots / "review.png")


def test_an_opinion_has_every_line_and_can_be_linked_to(results, look):
    page = opened(look, results, address="#B2")
    words = page.inner_text("#opinion")
    assert "B2 仓库" in words
    assert "占用永久基本农田1,600.00 平方米（2.40 亩）" in words
    assert "未占用城市绿线范围用地" in words
    assert "1004 城镇村道路用地" in words
    page.click("#back")
    assert page.is_visible("#table")
    assert page.is_hidden("#opinion")


def test_the_keyboard_reaches_an_opinion(results, look):
    page = opened(look, results)
    page.focus("#table tbody tr:nth-child(2) button")
    page.keyboard.press("Enter")
    assert "B2 仓库" in page.inner_text("#opinion-title")


def test_it_fits_a_phone(results, look, shots):
    page = opened(look, results, width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("#more")
    assert page.is_visible("#table")
    page.screenshot(path=shots / "review-phone.png")


def test_what_users_typed_never_runs(tmp_path, look):
    shapes = [town.box(20 * at, 2000, 20 * at + 15, 2020) for at in range(len(HOSTILE))]
    town.frame(*shapes, id=HOSTILE, name=HOSTILE, activity=HOSTILE).to_file(tmp_path / "p.gpkg")
    place = reviewed.county(tmp_path / "county").folder
    reviewed.run("review", place, tmp_path / "p.gpkg", "--out", tmp_path / "out")
    page = opened(look, tmp_path / "out")
    for at in range(len(HOSTILE)):
        page.locator("#table tbody tr button").nth(at).click()
        assert page.evaluate("window.hacked") is None
        page.click("#back")
    assert page.evaluate("document.querySelectorAll('#panel img, #panel script').length") == 0
