"""Hold the page of a review to its word in a real browser: it tells of projects all that there is to know."""

import hashlib
import json

import pytest
import test_review as reviewed
import town
from browsing import HOSTILE, skip_without_browser

from gis_planning.outputs.marks import MANIFEST

skip_without_browser()

#: A sliver of it lies in the ecological redline.
NARROW = (2960.0, 10, 3000.1, 19)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("review")
    shapes = [
        town.box(*reviewed.IN_TOWN),
        town.box(*reviewed.FARM),
        town.box(*reviewed.GENERAL),
        town.box(5950, 0, 6050, 50),
        town.box(*NARROW),
    ]
    columns = {
        "id": ["A1", "B2", "C3", "D=4", "E5"],
        "name": ["安居房", "仓库", "营地", "风场", "边坡"],
        "activity": ["urban", "urban", "tourism", "energy", "urban"],
    }
    town.frame(*shapes, **columns).to_file(folder / "p.gpkg")
    extra = {"land_use": reviewed.LAND_USE}
    place = reviewed.county(folder / "county", leave_out=["idle_land", "flood_line"], extra=extra).folder
    assert reviewed.run("review", place, folder / "p.gpkg", "--out", folder / "old") == 1
    decided = "id,code,outcome,reason,by,date\nB2,PF25-1,conditional,已批准占用,张三,2026-01-05\n"
    (folder / "decided.csv").write_text(decided, encoding="utf-8")
    more = ["--overrides", folder / "decided.csv", "--compare", folder / "old"]
    assert reviewed.run("review", place, folder / "p.gpkg", "--out", folder / "out", *more) == 1
    return folder / "out"


def opened(look, results, **options):
    page = look(results / "index.html", **options)
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page


def settled(page):
    page.evaluate("new Promise(done => { mainMap.loaded() ? done() : mainMap.once('idle', () => done()); })")


def rows(page):
    return [button.inner_text().split()[0] for button in page.query_selector_all("#twin tbody button")]


def drawn(page):
    settled(page)
    found = "mainMap.queryRenderedFeatures({ layers: ['projects|fill'] }).filter(one => !one.state.off)"
    return set(page.evaluate(f"{found}.map(one => one.properties.i)"))


def test_there_is_one_page_and_it_opens_on_the_projects(results, look, shots):
    assert [file.name for file in results.glob("*.html")] == ["index.html"]
    page = opened(look, results)
    assert rows(page) == ["A1", "B2", "C3", "D=4", "E5"]
    assert page.input_value("#of") == "projects"
    assert drawn(page) == {0, 1, 2, 3, 4}
    chips = {box.get_attribute("value") for box in page.query_selector_all("#outcomes input")}
    told = json.loads((results / "review.json").read_text(encoding="utf-8"))
    assert chips == set(told["counts"])
    # Control lines that any project touches are seen, others are not.
    on = set(page.evaluate("[...document.querySelectorAll('#tree input:checked')].map(one => one.dataset.layer)"))
    lines = {line["line"] for one in told["parcels"] for line in one["lines"] if line["overlap_m2"]}
    assert {one.removeprefix("line.") for one in on if one and one.startswith("line.")} == lines
    assert "ecological_redline" in lines
    page.screenshot(path=shots / "review.png")


def test_the_second_page_of_an_earlier_version_goes_and_a_users_own_stays(results, tmp_path):
    place, parcels = results.parent / "county", results.parent / "p.gpkg"
    (tmp_path / "map.html").write_text("mine", encoding="utf-8")
    assert reviewed.run("review", place, parcels, "--out", tmp_path) == 1
    assert (tmp_path / "map.html").read_text(encoding="utf-8") == "mine"
    manifest = tmp_path / MANIFEST
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["files"]["map.html"] = {"size": 4, "sha256": hashlib.sha256(b"mine").hexdigest(), "content": None}
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert reviewed.run("review", place, parcels, "--out", tmp_path) == 1
    assert not (tmp_path / "map.html").exists()


def test_filters_search_and_order_change_the_table_and_the_map(results, look):
    page = opened(look, results)
    page.uncheck("#outcomes input[value=fail]")
    assert "E5" not in rows(page)
    assert 4 not in drawn(page)
    page.check("#outcomes input[value=fail]")
    page.select_option("#topic", "ecological_redline")
    assert rows(page) == ["C3", "D=4", "E5"]
    assert drawn(page) == {2, 3, 4}
    page.check("#borderline")
    assert rows(page) == ["E5"]
    again = opened(look, results, address=page.evaluate("location.hash"))
    assert rows(again) == ["E5"]
    page.uncheck("#borderline")
    page.select_option("#topic", "")
    page.fill("#query", "仓库")
    assert rows(page) == ["B2"]
    page.fill("#query", "")
    area = page.get_by_role("columnheader", name="面积（亩）").get_by_role("button")
    area.click()
    assert rows(page)[-1] == "D=4"
    area.click()
    assert rows(page)[0] == "D=4"


def test_a_line_that_is_asked_for_is_shown(results, look):
    page = opened(look, results)
    assert not page.is_checked("#tree input[data-layer='line.green_line']")
    page.select_option("#topic", "green_line")
    assert page.is_checked("#tree input[data-layer='line.green_line']")


def test_an_opinion_has_every_line_and_can_be_linked_to(results, look):
    page = opened(look, results, address="#B2")
    page.locator(".popup details summary").click()
    words = page.inner_text(".popup")
    assert "B2 仓库" in words
    assert "占用永久基本农田 1,600.00 平方米（2.40 亩）" in words
    assert "占用永久基本农田［PF25-1］" in words
    assert "未占用城市绿线范围用地" in words
    assert "1004 城镇村道路用地 2.40 亩" in words
    assert "已批准占用" in words
    assert "张三" in words
    told = json.loads((results / "review.json").read_text(encoding="utf-8"))
    parcel = next(one for one in told["parcels"] if one["id"] == "B2")
    assert page.locator(".popup .opinions li").count() == len(parcel["lines"])
    folded = page.locator(".popup details .opinions li").count()
    assert f"其余控制线 {folded} 条" in words
    # What a person decided stands with its line, in the open.
    (line,) = [one for one in page.query_selector_all(".popup > .opinions li") if "永久基本农田" in one.inner_text()]
    assert "需论证或报批（人工认定）" in line.inner_text()
    assert (
        "人工认定（条款 PF25-1）：程序判为“不符合”，认定为“需论证或报批”。理由：已批准占用（张三" in line.inner_text()
    )
    # What parts an address may stand in a name.
    assert "D=4 风场" in opened(look, results, address="#D%3D4").inner_text(".popup h3")
    assert "D=4 风场" in opened(look, results, address="#D=4").inner_text(".popup h3")
    assert "细碎图斑宽度阈值加倍" in opened(look, results, address="#E5").inner_text(".popup")


def test_the_keyboard_reaches_an_opinion(results, look):
    page = opened(look, results)
    page.focus("#twin tbody button")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "B2 仓库" in page.inner_text(".popup h3")


def test_it_says_what_was_not_delivered_what_changed_and_what_it_goes_by(results, look):
    page = opened(look, results)
    told = json.loads((results / "review.json").read_text(encoding="utf-8"))
    page.locator("#remarks summary").click()
    remarks = page.inner_text("#remarks")
    assert "洪涝风险控制线（5/5 个项目）。未提供图层" in remarks
    assert "闲置土地（5/5 个项目）。未提供图层" in remarks
    head = page.inner_text("#title")
    assert "与上次审查相比" in head
    assert "不作为最终法律结论" in head
    assert told["as_of"] in head
    page.locator("#about summary").click()
    about = page.inner_text("#about")
    for one in told["inputs"]:
        assert one["source"] in about
        assert one["sha256"][:8] in about
    for one in told["documents"]:
        assert one["title"] in about
    for one in told["notes"]:
        assert one in about
    assert told["crs"] in about
    links = {one.get_attribute("href") for one in page.query_selector_all("#details a")}
    assert links == {"review.docx", "review.xlsx", "review.gpkg", "review.json"}


def test_conflicts_have_their_facts(results, look):
    page = opened(look, results)
    told = json.loads((results / "review.json").read_text(encoding="utf-8"))
    page.select_option("#of", "patches")
    assert len(rows(page)) == len(told["patches"])
    page.fill("#query", told["patches"][0]["id"])
    page.locator("#twin tbody button").first.click()
    words = page.inner_text(".popup")
    assert f"{told['patches'][0]['area_m2']:,.2f}" in words
    assert told["patches"][0]["code"] in words


def test_without_graphics_opinions_stand_in_the_panel(results, browser):
    context = browser.new_context()
    context.add_init_script("HTMLCanvasElement.prototype.getContext = () => null;")
    page = context.new_page()
    page.goto((results / "index.html").as_uri() + "#B2")
    page.wait_for_selector("html[data-ready=table]", state="attached")
    assert "占用永久基本农田 1,600.00 平方米" in page.inner_text("#chosen")
    page.locator("#twin tbody button").first.click()
    assert "A1 安居房" in page.inner_text("#chosen")
    context.close()


def test_it_fits_a_phone(results, look, shots):
    page = opened(look, results, width=390, height=844, address="#B2")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    popup, stage = (page.locator(one).bounding_box() for one in (".maplibregl-popup", "#stage"))
    assert popup["y"] + popup["height"] <= stage["y"] + stage["height"]
    page.screenshot(path=shots / "review-phone.png")
    page.keyboard.press("Escape")
    page.click("#fold")
    assert page.is_visible("#twin tbody button")
    page.click("#more")
    assert page.is_visible("#topic")


def test_what_users_typed_never_runs(tmp_path, look):
    shapes = [town.box(20 * at, 2000, 20 * at + 15, 2020) for at in range(len(HOSTILE))]
    town.frame(*shapes, id=HOSTILE, name=HOSTILE, activity=HOSTILE).to_file(tmp_path / "p.gpkg")
    place = reviewed.county(tmp_path / "county").folder
    reviewed.run("review", place, tmp_path / "p.gpkg", "--out", tmp_path / "out")
    page = opened(look, tmp_path / "out")
    assert page.locator("#twin tbody button").count() == len(HOSTILE)
    for at in range(len(HOSTILE)):
        page.locator("#twin tbody button").nth(at).click()
        assert page.locator(".popup h3").count() == 1
        assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.querySelectorAll('#panel img, #panel script, .popup img').length") == 0


def test_the_page_of_one_project_opens_on_it_with_its_reasons(tmp_path, look):
    town.frame(town.box(*reviewed.FARM), id=["B2"], name=["仓库"], activity=["urban"]).to_file(tmp_path / "p.gpkg")
    place = reviewed.county(tmp_path / "county").folder
    reviewed.run("review", place, tmp_path / "p.gpkg", "--out", tmp_path / "out")
    page = opened(look, tmp_path / "out")
    words = page.inner_text(".popup")
    assert "仓库" in words
    assert "永久基本农田" in words
    # What lies around it is seen too: it takes up no more than half of the map.
    settled(page)
    west, south, east, north = page.evaluate("mainMap.getBounds().toArray().flat()")
    told = json.loads((tmp_path / "out" / "review.json").read_text(encoding="utf-8"))
    side = told["parcels"][0]["area_m2"] ** 0.5
    assert (north - south) * 111_000 > 2 * side
    assert east > west
