"""Hold the pages of a run to their word in a real browser: no network, the facts, nothing run that users typed."""

import base64
import hashlib
import re

import geopandas as gpd
import pytest
import shapely
from browsing import HACK, HOSTILE, payload, skip_without_browser

from gis_planning.county.opened import open_county
from gis_planning.judging import judge, rulebook
from gis_planning.reports import terminal, write_check
from gis_planning.texts import say

skip_without_browser()

CRS = "EPSG:4526"
EAST, NORTH = 38_500_000.0, 4_580_000.0
FOCUSED = (
    "(e => e.dataset.row ? `gap ${e.dataset.row}` : e.id || e.dataset.layer || e.getAttribute('aria-label'))"
    "(document.activeElement)"
)


def box(x0, y0, x1, y1):
    return shapely.box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def frame(geometries, **columns):
    return gpd.GeoDataFrame(columns, geometry=geometries, crs=CRS)


def layers(name=lambda said: said):
    """Return a town of 3 by 2 km; `name` may put other words in every text field."""
    parks = [
        ("长公园", "G11", None, box(100, 100, 300, 1900)),
        ("双园西", "G12", "P2", box(1400, 900, 1450, 960)),
        ("双园东", "G12", "P2", box(1480, 900, 1530, 960)),
        ("口袋公园", "G14", None, box(1200, 1500, 1230, 1530)),
        ("古巷园", "G14", None, box(700, 300, 740, 330)),
        ("小花坛", "G14", None, box(2000, 500, 2010, 510)),
        ("防护带", "G2", None, box(0, 1950, 3000, 1980)),
        (None, "G11", "P9", box(2900, 50, 2990, 150)),
    ]
    homes = [
        (f"小区{column}-{row}", box(350 + 250 * column, 80 + 310 * row, 560 + 250 * column, 350 + 310 * row))
        for column in range(10)
        for row in range(6)
    ]
    houses = [
        box(360 + 250 * c + 60 * i, 100 + 310 * r, 400 + 250 * c + 60 * i, 115 + 310 * r)
        for c in range(10)
        for r in range(6)
        for i in range(3)
    ]
    return {
        "study_area": frame([box(0, 0, 3000, 2000)], name=[name("建成区")]),
        "districts": frame(
            [box(-300, -300, 1500, 2200), box(1500, -300, 3200, 2200)], name=[name("西街道"), name("东街道")]
        ),
        "residential": frame(
            [one[1] for one in homes],
            name=[name(one[0]) for one in homes],
            **{"class": [name("0701")] * 60},
            population=[100.0] * 60,
        ),
        "parks": frame(
            [one[3] for one in parks],
            name=[name(one[0]) if one[0] else None for one in parks],
            park_id=[name(one[2]) if one[2] else None for one in parks],
            **{"class": [one[1] for one in parks]},
        ),
        "historic_districts": frame([box(600, 200, 900, 500)], name=[name("老城")]),
        "buildings": frame(houses, name=[name("楼")] * len(houses), dwellings=[12.0] * len(houses)),
        "streets": frame([shapely.LineString([(EAST, NORTH + 370), (EAST + 3000, NORTH + 370)])], name=[name("主街")]),
    }


def county(folder, said, name=None, note="虚构 / invented"):
    folder.mkdir(parents=True, exist_ok=True)
    tables = layers(name or (lambda words: words))
    lines = ["[county]", f"name = {toml(said)}", f"note = {toml(note)}", 'data_date = "2025-12-31"']
    for kind, table in tables.items():
        table.to_file(folder / "county.gpkg", layer=kind, driver="GPKG")
        lines += [f"[layers.{kind}]", 'source = "county.gpkg"', f'layer = "{kind}"']
    (folder / "county.toml").write_text("\n".join(lines), encoding="utf-8")
    return open_county(folder)


def toml(words):
    return '"' + "".join(f"\\U{ord(sign):08x}" for sign in words) + '"'


def run(folder, opened, lang="zh", old=None):
    clauses = rulebook.chosen(
        rulebook.load(), rules=["green-checkup2022plus", "green-gardencity2022", "green-gbt51346_2019"], only=()
    )
    scorecard = judge.check(opened, clauses, old=old)
    write_check(scorecard, clauses, folder, lang)
    return scorecard, clauses


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    opened = county(folder / "county", "试验县")
    _first, _ = run(folder / "old", opened)
    scorecard, clauses = run(folder / "out", opened, old=folder / "old")
    return folder / "out", scorecard, clauses


def on_map(page):
    """Return the parts of the map that draw something, by layer and kind."""
    page.evaluate("new Promise(done => { mainMap.once('idle', () => done()); mainMap.triggerRepaint(); })")
    return set(page.evaluate("mainMap.getStyle().layers.map(({ id }) => id)"))


def drawn(page, source):
    """Return the rows of a source that the map holds."""
    return set(page.evaluate(f"mainMap.querySourceFeatures('{source}').map(one => one.properties.i)"))


def test_one_map_for_each_measurement_and_a_page_to_open_first(results):
    out, _scorecard, _ = results
    found = {file.name for file in out.iterdir()}
    assert found == {
        ".gis-planning.json",
        "index.html",
        "map.html",
        "scorecard.json",
        "results.gpkg",
        "report.xlsx",
        "report.docx",
        "map-GC22-1.html",
        "map-GG22-1.html",
        "map-GB51346-1.html",
    }
    assert all(file.stat().st_size < 3_000_000 for file in out.glob("*.html"))


def test_two_runs_write_the_same_pages(results, tmp_path):
    out, scorecard, clauses = results
    write_check(scorecard, clauses, tmp_path / "again", "zh")
    for page in out.glob("*.html"):
        assert page.read_bytes() == (tmp_path / "again" / page.name).read_bytes()


def test_landing_page_tells_the_verdicts_and_links_to_what_is_there(results, look, shots):
    out, scorecard, _ = results
    page = look(out / "index.html")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    words = page.inner_text("body")
    value = scorecard.verdicts[0].measured.value
    assert f"{value:.2%}" in words
    assert "试验县" in words
    assert "待核实" in words
    assert "2025-12-31" in words
    for verdict in scorecard.verdicts:
        assert verdict.code in words
    assert "仅供参考" in words
    assert "与前次对比" in words
    assert "内部工作用图" in words
    for link in page.query_selector_all("a[href]"):
        target = link.get_attribute("href").partition("#")[0]
        assert not target or (out / target).is_file()
    digests = {one.get_attribute("title") for one in page.query_selector_all("code[title]")}
    assert digests == {one.sha256 for one in scorecard.inputs}
    page.screenshot(path=shots / "index.png", full_page=True)
    page.emulate_media(media="print")
    page.screenshot(path=shots / "index-print.png", full_page=True)
    assert page.evaluate("document.querySelectorAll('script').length") == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["map-GC22-1", "map-GG22-1", "map-GB51346-1"])
def test_map_shows_the_headline_and_every_layer_can_be_switched(results, look, shots, name):
    out, scorecard, _ = results
    verdict = next(one for one in scorecard.verdicts if f"map-{one.code}" == name)
    page = look(out / f"{name}.html")
    assert f"{verdict.measured.value:.2%}" in page.inner_text(".value")
    panel = page.inner_text("#panel")
    assert all(
        word in panel for word in ("试验县", "内部工作用图", "EPSG:4526", "2025-12-31", "虚构 / invented", verdict.code)
    )
    if verdict.margin is not None:
        assert f"{abs(verdict.margin) * 100:.2f} 个百分点" in panel
    served, patches = (f"{one}.{verdict.code}" for one in ("served", "broken"))
    switches = {one.get_attribute("data-layer") for one in page.query_selector_all("#tree input[data-layer]")}
    assert switches >= {served, patches, f"parks.{verdict.code}", "study_area", "districts", "buildings"}
    ranked = set(range(min(10, len(verdict.measured.offenders))))
    assert page.locator(".gaps button").count() == len(ranked)
    everything = on_map(page)
    assert drawn(page, f"{patches}|ranks") == ranked
    for one in (served, patches):
        page.uncheck(f"#tree input[data-layer='{one}']")
        assert not [part for part in on_map(page) if part.startswith(f"{one}|")]
        page.check(f"#tree input[data-layer='{one}']")
        assert on_map(page) == everything
    page.screenshot(path=shots / f"{name}.png")


def test_popups_tell_the_facts_of_patches_and_parks(results, look, shots):
    out, scorecard, _ = results
    measured = scorecard.verdicts[0].measured
    page = look(out / "map-GC22-1.html", address="#patch-1")
    popup = page.inner_text(".popup")
    worst = measured.offenders.iloc[0]
    assert f"{worst['area_m2']:,.2f}" in popup
    assert str(worst["parcels"])[:5] in popup
    assert worst["district"] in popup
    assert f"{worst['nearest_m']:,.0f}" in popup
    assert f"{worst['farthest_m']:,.0f}" in popup
    parks = measured.layers["parks"]
    row = parks.index[parks["parts"] > 1][0]
    page.evaluate(f"location.hash = 'park-{row}'")
    page.wait_for_selector(".popup:has-text('双园西')")
    popup = page.inner_text(".popup")
    park = parks.loc[row]
    assert all(f"{park[key]:,.2f}" in popup for key in ("area_m2", "serves_m2", "only_m2"))
    assert "P2" in popup
    assert "500" in popup
    page.wait_for_timeout(300)
    page.screenshot(path=shots / "map-popup.png")


def test_an_address_leads_back_to_what_was_seen(results, look):
    out, _, _ = results
    page = look(out / "map-GC22-1.html", address="#patch-2")
    words = page.inner_text(".popup h3")
    again = look(out / "map-GC22-1.html", address=page.evaluate("location.hash"))
    assert again.inner_text(".popup h3") == words
    for nowhere in ("#patch-0", "#patch-99999", "#park-x", "#<script>", "#GC22-1"):
        page = look(out / "map-GC22-1.html", address=nowhere)
        assert page.locator(".popup").count() == 0
        assert page.is_visible(".value")


def test_a_click_on_a_number_opens_the_popup_of_its_patch(results, look):
    out, _, _ = results
    page = look(out / "map-GC22-1.html")
    listed = page.inner_text(".gaps button:has-text('1') span")
    place = page.evaluate(
        "(() => { const [one] = mainMap.querySourceFeatures('broken.GC22-1|ranks').filter(({ id }) => id === 0);"
        "const { x, y } = mainMap.project(one.geometry.coordinates); return { x, y }; })()"
    )
    page.click("#map canvas", position=place)
    page.wait_for_selector(".popup h3")
    assert page.inner_text(".popup h3")[:5] == listed[:5]


def test_search_finds_and_goes_there(results, look):
    out, _, _ = results
    page = look(out / "map-GC22-1.html")
    page.fill("#query", "口袋")
    page.locator("#found button").first.click()
    page.wait_for_selector(".popup:has-text('口袋公园')")
    page.fill("#query", "没有这个名字")
    assert page.locator("#found button").count() == 0
    assert page.inner_text("#count")


def test_everything_can_be_reached_with_the_keyboard(results, look):
    out, _, _ = results
    page = look(out / "map-GC22-1.html")
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(FOCUSED))
    told = page.get_attribute("#map canvas", "aria-label")
    assert "%" in told
    assert reached >= {"query", "served.GC22-1", "broken.GC22-1", "gap 0", told, "放大"}


@pytest.mark.parametrize("name", ["index", "map-GC22-1", "map-GG22-1"])
def test_pages_fit_a_phone(results, look, shots, name):
    out, _, _ = results
    page = look(out / f"{name}.html", width=390, height=844, scale=2)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if name != "index":
        assert page.evaluate("document.getElementById('map').clientHeight") > 400
        assert not page.locator("#tree").is_visible()
        page.screenshot(path=shots / f"{name}-phone.png")
        page.locator("#more").click()
        assert page.locator("#tree").is_visible()
        page.screenshot(path=shots / f"{name}-phone-legend.png")
        page.locator(".gaps button").first.click()
        assert not page.locator("#tree").is_visible()
        page.wait_for_timeout(400)
        edges = page.locator(".maplibregl-popup").bounding_box()
        assert edges["x"] >= 0
        assert edges["x"] + edges["width"] <= 390
    page.screenshot(path=shots / f"{name}-phone-last.png", full_page=name == "index")


def test_printed_map_keeps_its_legend(results, look, shots):
    out, _, _ = results
    page = look(out / "map-GC22-1.html", width=1122, height=793)
    page.emulate_media(media="print")
    page.wait_for_timeout(400)
    assert page.locator("#tree").is_visible()
    assert page.locator(".value").is_visible()
    assert not page.locator("#search").is_visible()
    page.screenshot(path=shots / "map-print.png", full_page=True)
    (shots / "map-print.pdf").write_bytes(page.pdf(prefer_css_page_size=True, print_background=True))


def test_english_pages(look, results, shots, tmp_path):
    _, scorecard, clauses = results
    write_check(scorecard, clauses, tmp_path / "en", "en")
    page = look(tmp_path / "en" / "index.html")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert "Reference only" in page.inner_text("body")
    assert "to be confirmed" in page.inner_text("body")
    page = look(tmp_path / "en" / "map-GC22-1.html")
    assert "not for publication" in page.inner_text("#panel")
    page.screenshot(path=shots / "map-english.png")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_browser_that_cannot_unpack_the_map_says_so(browser, results, tmp_path, lang):
    _, scorecard, clauses = results
    write_check(scorecard, clauses, tmp_path / "out", lang)
    wrong = []
    with browser.new_page() as page:
        page.on("pageerror", lambda fault: wrong.append(str(fault)))
        page.goto((tmp_path / "out" / "map-GC22-1.html").as_uri())
        page.wait_for_selector("html[data-ready=yes]", state="attached")
        assert page.is_hidden("#outdated")
        page.add_init_script("delete window.DecompressionStream")
        page.reload()
        page.wait_for_selector("#outdated")
        assert page.inner_text("#outdated") == say("map.outdated", lang)
        assert page.get_attribute("html", "data-ready") is None
        # Nothing covers it, the empty map least of all.
        box = page.locator("#outdated").bounding_box()
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        assert page.evaluate("(at) => document.elementFromPoint(...at).id", middle) == "outdated"
        assert page.is_visible(".value")
    assert wrong == []


def test_a_page_may_run_its_own_programs_and_ask_for_nothing(results):
    out, _, _ = results
    html = (out / "map-GC22-1.html").read_text(encoding="utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    assert policy.startswith("default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; worker-src blob:;")
    (allowed,) = re.findall(r"; script-src((?: 'sha256-[\w+/]{43}=')+)$", policy)
    # What unpacks the others stands in the page as it is; the others are allowed by what is unpacked.
    plain = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    assert len(plain) == 1
    texts = [*plain, *payload(html, "programs")["scripts"]]
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in texts]
    assert allowed.split() == [f"'sha256-{one}'" for one in digests]
    assert {one["id"] for one in payload(html)["layers"]} >= {"served.GC22-1", "broken.GC22-1"}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    turn = iter(range(10_000))
    opened = county(
        folder / "county",
        "".join(HOSTILE[:11]),
        lambda _: HOSTILE[next(turn) % len(HOSTILE)],
        note=HOSTILE[0] + HOSTILE[1],
    )
    scorecard, clauses = run(folder / "old", opened)
    scorecard, clauses = run(folder / "out", opened, old=folder / "old")
    return folder / "out", scorecard, clauses


@pytest.mark.parametrize("name", ["index", "map-GC22-1", "map-GG22-1"])
def test_what_users_typed_is_text_and_nothing_else(hostile, look, name):
    out, _, _ = hostile
    page = look(out / f"{name}.html")
    assert page.evaluate("document.querySelectorAll('img:not(#printed, #still), iframe, object, embed').length") == 0
    if name == "index":
        words = page.inner_text("body")
    else:
        page.evaluate("document.querySelectorAll('.gaps button').forEach(button => button.click())")
        page.fill("#query", "a")
        page.fill("#query", "<script")
        page.locator("#found button").first.click()
        words = page.inner_text("body") + page.inner_text(".popup h3")
    assert page.evaluate("window.hacked") is None
    assert f"<script>{HACK}</script>" in words
    assert "{{ 7*7 }}" in page.content()
    assert "49{{" not in words
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


def test_every_hostile_name_comes_up_in_a_popup_as_it_was_typed(hostile, look):
    out, scorecard, _ = hostile
    page = look(out / "map-GC22-1.html")
    seen = set()
    for row, park in scorecard.verdicts[0].measured.layers["parks"].iterrows():
        page.evaluate(f"location.hash = 'park-{row}'")
        page.wait_for_timeout(60)
        title = page.evaluate("[...document.querySelectorAll('.popup h3')].pop()?.textContent")
        if isinstance(park["name"], str):
            assert title == park["name"]
            seen.add(title)
    assert page.evaluate("window.hacked") is None
    assert len(seen) >= 5


def test_hostile_pages_fit_a_phone(hostile, look):
    out, _, _ = hostile
    for name in ("index", "map-GC22-1"):
        page = look(out / f"{name}.html", width=390, height=844)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        if name != "index":
            assert page.evaluate("document.getElementById('map').clientHeight") > 350


def test_a_coverage_of_many_features_is_drawn_on_the_main_map(look, monkeypatch, results, tmp_path):
    from gis_planning.view import sheets

    monkeypatch.setattr(sheets, "LARGEST", 10)
    _, scorecard, clauses = results
    write_check(scorecard, clauses, tmp_path / "out", "zh")
    assert not list(tmp_path.glob("out/map-*.html"))
    landing = look(tmp_path / "out" / "index.html")
    found = scorecard.verdicts[0].measured.offenders
    first = landing.locator("a[href*='see=broken']").first
    area = f"{found.sort_values('rank')['area_m2'].iloc[0]:,.2f}"
    page = look(tmp_path / "out" / "map.html", address=first.get_attribute("href").removeprefix("map.html"))
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    assert area in page.inner_text(".popup")
    for name in ("broken", "parks", "served", "service_areas"):
        assert page.is_checked(f"#tree input[data-layer='{name}.GC22-1']")
    landing.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    park = landing.locator("a[href*='see=parks']").first
    page = look(tmp_path / "out" / "map.html", address=park.get_attribute("href").removeprefix("map.html"))
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    assert page.inner_text(".popup h3") == park.inner_text()


def test_console_shows_the_same_figures(results):
    _, scorecard, clauses = results
    shown = terminal.scorecard(scorecard, clauses, "zh")
    assert f"{scorecard.verdicts[0].measured.value:.2%}" in shown
    assert "待核实" in shown
    for verdict in scorecard.verdicts:
        assert verdict.code in shown
    assert "GC22-1" in terminal.clause_list(clauses, "zh")
    page = terminal.clause_page(clauses[0], "zh")
    assert clauses[0].text("zh")[:20] in page
    assert "居住用地 [residential]" in page


@pytest.mark.slow
def test_console_is_not_rewritten_by_names(hostile):
    _, scorecard, clauses = hostile
    shown = terminal.scorecard(scorecard, clauses, "en")
    assert "\x1b" not in shown
    assert "\u202e" not in shown
