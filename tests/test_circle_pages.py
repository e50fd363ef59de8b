"""Hold circle pages to their word in a real browser: clauses to choose, land, gaps, rings, homes."""

import circle_town as circle
import geopandas as gpd
import numpy as np
import pytest
import shapely
import town
from browsing import HOSTILE, payload, skip_without_browser

from gis_planning import units
from gis_planning.analysis.facilities import facility_doors
from gis_planning.county.opened import open_county
from gis_planning.judging import judge, rulebook
from gis_planning.maps.web import circle_layers, circle_map
from gis_planning.reports import write_check
from gis_planning.streets import rings_of_each
from gis_planning.view.circle_sheets import shown_first

skip_without_browser()

DOCUMENTS = ("circle-mofcom", "circle-gb50180", "circle-tdt1063", "circle-rural")


def written(folder, *, lang="zh", name=lambda said: said, documents=DOCUMENTS):
    """Write the circle pages of the street town: a pharmacy in the middle of Main Street, homes along it, a village."""
    layers = circle.layers(kinds="pharmacy")
    layers["facilities"] = town.frame(
        circle.at(500, 0), circle.at(60, 0), name=[name("康宁药店"), name("老李理发")], kind=["pharmacy", "hairdresser"]
    )
    layers["buildings"] = town.frame(
        *[town.box(40 + 120 * at, 20, 60 + 120 * at, 40) for at in range(8)],
        name=[name(f"{at}号楼") for at in range(8)],
        dwellings=[12.0] * 8,
    )
    layers["communities"] = town.frame(town.box(0, -100, 1000, 300), name=[name("主街社区")])
    layers["villages"] = town.frame(circle.at(900, 5), name=[name("嘎查")], population=[80])
    county = open_county(town.write(folder / "county", layers, facilities="complete = true"))
    clauses = rulebook.chosen(rulebook.load(), rules=list(documents))
    scorecard = judge.check(county, clauses)
    write_check(scorecard, clauses, folder / "out", lang)
    return folder / "out", scorecard


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return written(tmp_path_factory.mktemp("circles"))


def choose(page, code):
    page.check(f"#views input[value='{code}']")
    settled(page)


def settled(page):
    page.evaluate("new Promise(done => { mainMap.loaded() ? done() : mainMap.once('idle', () => done()); })")


def until(page, true):
    """Wait for something to be true; the page itself may not turn texts into programs."""
    look = f"const look = () => ({true}) ? done() : requestAnimationFrame(look)"
    page.evaluate(f"new Promise(done => {{ {look}; look(); }})")


def find(page, words):
    page.fill("#query", words)
    page.press("#query", "Enter")
    page.wait_for_selector(".maplibregl-popup")
    settled(page)


def shown(page, layer):
    """Return the rows of a layer that are on the map."""
    return page.evaluate(
        "id => mainMap.getSource(id) ? [...new Set(mainMap.querySourceFeatures(id).map(one => one.properties.i))] : []",
        layer,
    )


def value(page):
    return page.inner_text(".view:not([hidden]) .value")


def of_kind(scorecard, kind):
    return next(
        one for one in scorecard.verdicts if one.document == "circle-mofcom" and one.settings.get("kind") == kind
    )


def test_every_circle_document_has_a_page_and_the_landing_page_links_to_its_clauses(results, look):
    out, scorecard = results
    assert {file.name for file in out.glob("map-*.html")} == {f"map-{one}.html" for one in DOCUMENTS}
    page = look(out / "index.html")
    links = {link.get_attribute("href") for link in page.query_selector_all("a[href*='map-circle']")}
    for verdict in scorecard.verdicts:
        assert f"map-{verdict.document}.html#{verdict.code}" in links


def test_it_opens_with_a_list_and_tells_how_the_document_turned_out(results, look):
    out, scorecard = results
    own = [one for one in scorecard.verdicts if one.document == "circle-mofcom"]
    page = look(out / "map-circle-mofcom.html")
    first = shown_first(own)
    assert page.is_checked(f"#views input[value='{first.code}']")
    assert page.locator("#views input").count() == len(own)
    counts = page.locator("#title .tally b").all_inner_texts()
    assert sum(map(int, counts)) == len(own)
    assert first.reason.to("zh") in page.inner_text(".view:not([hidden])")
    assert page.get_attribute("#title a", "href") == "index.html"
    assert page.locator("#details a[href='map.html']").count() == 1


def test_choosing_a_clause_changes_numbers_land_and_facilities(results, look, shots):
    out, scorecard = results
    page = look(out / "map-circle-mofcom.html")
    seen, facilities = [], []
    for verdict in (of_kind(scorecard, "pharmacy"), of_kind(scorecard, "hairdresser")):
        choose(page, verdict.code)
        assert value(page) == f"{verdict.measured.value:.2%}"
        bands = verdict.measured.layers["bands"]
        assert page.locator("#key .step:visible").count() == len(bands)
        told = page.inner_text("#key")
        assert all(units.written(float(area), "m2", "zh") in told for area in bands["area_m2"])
        facilities.append(shown(page, "facilities"))
        seen.append(page.evaluate("mainMap.getSource('land').url"))
        assert f"view={verdict.code}" in page.evaluate("location.hash")
    assert [len(one) for one in facilities] == [1, 1]
    assert facilities[0] != facilities[1]
    assert seen[0] != seen[1]
    page.screenshot(path=shots / "circle-mofcom.png")


def test_painted_land_can_be_switched_off_and_its_key_goes_with_it(results, look):
    out, _ = results
    page = look(out / "map-circle-mofcom.html", address="#CM-C01")
    assert page.is_visible("#key")
    page.uncheck("input[data-layer=land]")
    assert page.is_hidden("#key")
    assert not page.evaluate("mainMap.getLayer('land|picture')")


def test_a_picture_that_clauses_share_stands_once_in_the_page(results):
    out, scorecard = results
    html = (out / "map-circle-gb50180.html").read_text(encoding="utf-8")
    own = [one.measured for one in scorecard.verdicts if one.document == "circle-gb50180" and one.measured]
    land = next(one for one in payload(html)["layers"] if one["id"] == "land")
    names = {form["picture"] for form in land["forms"] if "picture" in form}
    assert 0 < len(names) <= len({id(one) for one in own if "bands" in one.layers})
    assert all(html.count(f'id="{name}"') == 1 for name in names)


def test_gaps_are_listed_numbered_and_flown_to(results, look):
    out, scorecard = results
    page = look(out / "map-circle-mofcom.html")
    own = [one for one in scorecard.verdicts if one.document == "circle-mofcom" and one.measured]
    verdict = next(one for one in own if len(one.measured.offenders) and "bands" in one.measured.layers)
    gaps = verdict.measured.offenders
    choose(page, verdict.code)
    page.click("[aria-label='全图']")
    settled(page)
    assert len(shown(page, "gaps|ranks")) == min(len(gaps), 10)
    listed = page.locator(".view:not([hidden]) .gaps button")
    assert listed.count() == min(len(gaps), 10)
    assert units.written(float(gaps["area_m2"].iloc[0]), "m2", "zh") in listed.first.inner_text()
    listed.first.click()
    assert f"{gaps['area_m2'].iloc[0]:,.2f}" in page.inner_text(".maplibregl-popup")


def test_an_address_names_its_clause(results, look):
    out, scorecard = results
    last = [one for one in scorecard.verdicts if one.document == "circle-gb50180"][-1]
    page = look(out / "map-circle-gb50180.html", address=f"#{last.code}")
    assert page.is_checked(f"#views input[value='{last.code}']")
    assert last.code in page.inner_text("#views label:has(:checked)")
    box, own = (page.locator(one).bounding_box() for one in ("#views", "#views label:has(:checked)"))
    assert box["y"] - 1 <= own["y"] < box["y"] + box["height"]


def drawn_areas(page, name):
    """Return the areas that the page draws around a facility, the smallest first, in the CRS of the town."""
    find(page, name)
    until(page, "mainMap.getSource('rings')")
    drawn = page.evaluate("mainMap.getSource('rings').serialize().data.features")
    shapes = [shapely.geometry.shape(one["geometry"]) for one in drawn[::-1]]
    return gpd.GeoSeries(shapes, crs=4326).to_crs(town.CRS)


def told_areas(page):
    """Return the areas that the popup tells, in square metres."""
    until(page, "!document.querySelector('.maplibregl-popup').innerText.includes('…')")
    rows = [line.split("\t") for line in page.inner_text(".maplibregl-popup").splitlines() if "公顷" in line]
    return [float(value.removesuffix(" 公顷")) * 10_000 for _, value in rows]


def test_a_facility_shows_its_three_areas_and_hides_them_again(results, look):
    out, _ = results
    page = look(out / "map-circle-mofcom.html")
    assert shown(page, "rings") == []
    areas = drawn_areas(page, "康宁")
    assert len(areas) == 3
    assert told_areas(page) == pytest.approx(areas.area.tolist(), rel=1e-3, abs=51)
    page.click(".maplibregl-popup-close-button")
    page.wait_for_selector(".maplibregl-popup", state="detached")
    settled(page)
    assert shown(page, "rings") == []


@pytest.fixture(scope="module")
def blocks(tmp_path_factory):
    """Write the page of a town of nine crossings, a dead end, a wall with a gap, a pond, and a school on its own land.

    The streets are 250 m apart; the wall runs between two of them, and so does the pond.
    """
    folder = tmp_path_factory.mktemp("blocks")
    layers = circle.layers(kinds="pharmacy")
    across = [circle.line((0, y), (1000, y)) for y in (0, 250, 500)]
    up = [circle.line((x, 0), (x, 500)) for x in (0, 250, 500, 1000)]
    layers["streets"] = town.frame(*across, *up, circle.line((500, 0), (500, -400)), name=["街"] * 8)
    wall, pond = circle.line((-200, 130), (700, 130)), town.box(600, 300, 900, 420)
    layers["barriers"] = town.frame(wall, pond, kind=["wall", "water"])
    layers["facilities"] = town.frame(
        circle.at(250, -20),
        town.box(520, 20, 600, 100),
        name=["康宁药店", "主街小学"],
        kind=["pharmacy", "primary_school"],
    )
    county = open_county(town.write(folder / "county", layers, facilities="complete = true"))
    clauses = rulebook.chosen(rulebook.load(), rules=["circle-gb50180"])
    write_check(judge.check(county, clauses), clauses, folder / "out", "zh")
    return folder / "out", county


@pytest.mark.parametrize("name", ["康宁药店", "主街小学"])
def test_areas_that_the_page_works_out_are_those_of_the_streets(blocks, look, shots, name):
    out, county = blocks
    page = look(out / "map-circle-gb50180.html")
    drawn = drawn_areas(page, name)
    network, facilities = county.network("network"), county.layer("facilities")
    doors = facility_doors(network, facilities, None)
    ways = doors.ways.take((facilities["name"] == name).to_numpy())
    # The same points, then those of `gis-planning circles`, half as far apart.
    for cell_m, most in ((25.0, (0.04, 0.03, 0.015)), (None, (0.12, 0.07, 0.04))):
        found = rings_of_each(network, ways.attached, [300, 500, 1000], place=ways.owner, cell_m=cell_m)
        assert len(drawn) == len(found) == 3
        apart = shapely.area(shapely.symmetric_difference(drawn.to_numpy(), found.geometry.to_numpy()))
        share = apart / found["area_m2"].to_numpy()
        assert (share <= np.array(most)).all(), (cell_m, share.tolist())
    assert told_areas(page) == pytest.approx(drawn.area.tolist(), rel=1e-3, abs=51)
    page.screenshot(path=shots / f"areas-{name}.png")


def test_a_network_too_large_for_the_page_is_left_out_with_a_word(tmp_path, monkeypatch):
    monkeypatch.setattr(circle_layers, "MOST_STREETS", 0)
    out, _ = written(tmp_path, documents=("circle-mofcom",))
    html = (out / "map-circle-mofcom.html").read_text(encoding="utf-8")
    assert [one["id"] for one in payload(html)["layers"] if one["id"] in {"rings", "facilities"}] == ["facilities"]
    assert "gis-planning circles COUNTY --of facilities" in html


def test_a_facility_of_another_clause_is_found_and_brings_its_clause(results, look):
    out, scorecard = results
    pharmacy = of_kind(scorecard, "pharmacy")
    page = look(out / "map-circle-mofcom.html", address=f"#{pharmacy.code}")
    find(page, "老李")
    assert not page.is_checked(f"#views input[value='{pharmacy.code}']")
    assert "老李理发" in page.inner_text(".maplibregl-popup")
    assert shown(page, "facilities")


def test_a_home_says_what_it_lacks_and_how_far_the_rest_is(results, look):
    out, scorecard = results
    verdict = next(one for one in scorecard.verdicts if one.code == "CM-C01")
    page = look(out / "map-circle-mofcom.html", address="#CM-C01")
    find(page, "3号楼")
    told = dict(line.split("\t") for line in page.inner_text(".maplibregl-popup").splitlines() if "\t" in line)
    home = verdict.measured.layers["homes"].set_index("name").loc["3号楼"]
    metres = next(words for title, words in told.items() if "药" in title)
    assert metres == f"{int(home['d_pharmacy']):,}"  # within reach: rounded down
    assert "不可达" in told.values()
    lacks = home["missing"].split(";")
    assert "pharmacy" not in lacks
    assert told["缺少"].count("、") == len(lacks) - 1
    assert "药" not in told["缺少"]


def test_homes_are_coloured_by_the_chosen_list_and_seen_only_near_by(results, look):
    out, scorecard = results
    page = look(out / "map-circle-mofcom.html", address="#CM-C01")
    hint, legends = ".leaf:has([data-layer=homes]) .hint", []
    page.evaluate("void mainMap.jumpTo({ zoom: 12 })")
    settled(page)
    assert page.is_visible(hint)
    for code in ("CM-C01", "CM-C02"):
        choose(page, code)
        legends.append(page.locator(".leaf:has([data-layer=homes])").inner_text())
        homes = next(one for one in scorecard.verdicts if one.code == code).measured.layers["homes"]
        present, wanted = homes["present"].iloc[0], homes["wanted"].iloc[0]
        categories = page.locator(".leaf:has([data-layer=homes]) .classes .key").count() or 1
        assert categories == homes["present"].nunique(), (present, wanted)
    assert legends[0] != legends[1]
    page.evaluate("void mainMap.jumpTo({ zoom: 16 })")
    settled(page)
    assert page.is_hidden(hint)


def test_villages_of_the_rural_document_are_on_its_page(results, look):
    out, _ = results
    page = look(out / "map-circle-rural.html")
    find(page, "嘎查")
    assert "按时" in page.inner_text(".maplibregl-popup")


def test_communities_tell_their_share_by_clause(results, look):
    out, scorecard = results
    page = look(out / "map-circle-mofcom.html")
    verdict = of_kind(scorecard, "pharmacy")
    choose(page, verdict.code)
    find(page, "主街社区")
    row = verdict.measured.layers["communities"].iloc[0]
    assert f"{row['covered_m2'] / row['land_m2']:.1%}" in page.inner_text(".maplibregl-popup")


def test_facilities_without_a_name_keep_their_own_areas(tmp_path, look):
    out, _ = written(tmp_path, name=lambda _: None, documents=("circle-mofcom",))
    page = look(out / "map-circle-mofcom.html")
    places = gpd.GeoSeries([circle.at(500, 0), circle.at(60, 0)], crs=town.CRS).to_crs(4326)
    held = []
    for row in (0, 1):
        page.evaluate("row => { location.hash = `#see=facilities.${row}`; }", row)
        until(page, "mainMap.getSource('rings')")
        drawn = page.evaluate("mainMap.getSource('rings').serialize().data.features")
        # Of 300 m; the other facility is 440 m away.
        held.append(places.intersects(shapely.geometry.shape(drawn[-1]["geometry"])).tolist())
        page.click(".maplibregl-popup-close-button")
        until(page, "!mainMap.getSource('rings')")
    assert sorted(held) == [[False, True], [True, False]]


def test_of_too_many_homes_none_are_drawn(tmp_path, monkeypatch):
    monkeypatch.setattr(circle_map, "LARGEST", 3)
    out, _ = written(tmp_path, documents=("circle-mofcom",))
    heads = [one["id"] for one in payload((out / "map-circle-mofcom.html").read_text(encoding="utf-8"))["layers"]]
    assert "facilities" in heads
    assert "homes" not in heads


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_nothing_sticks_out(tmp_path, look, shots, lang):
    out, _ = written(tmp_path, lang=lang, documents=("circle-tdt1063",))
    page = look(out / "map-circle-tdt1063.html", width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # Facilities and what lies around stand in the legend on the map too, below what fills the land.
    filled, rest = page.locator("#key .part").all()
    assert filled.locator(".step").first.is_visible()
    assert rest.locator(".step:visible").count() > 1
    page.click("#more")
    assert page.is_visible("#views")
    assert page.evaluate(
        "document.getElementById('details').scrollWidth <= document.getElementById('details').clientWidth"
    )
    page.screenshot(path=shots / f"circle-phone-{lang}.png")


@pytest.mark.slow
def test_what_users_typed_never_runs(tmp_path, look):
    turn = iter(HOSTILE * 20)
    out, _ = written(tmp_path, name=lambda _: next(turn), documents=("circle-mofcom", "circle-rural"))
    for file in out.glob("map-*.html"):
        page = look(file)
        for key in ("script", "img", "alert", "7*7", "长"):
            page.fill("#query", key)
            for at in range(min(4, page.locator("#found button").count())):
                page.locator("#found button").nth(at).click()
                page.wait_for_timeout(50)
        assert page.evaluate("window.hacked") is None
