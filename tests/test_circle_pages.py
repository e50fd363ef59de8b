"""Hold circle pages to their word in a real browser: clauses to choose, rings on click, what homes lack."""

import circle_town as circle
import pytest
import town
from browsing import HOSTILE, payload, skip_without_browser

from gis_planning.county.opened import open_county
from gis_planning.judging import judge, rulebook
from gis_planning.reports import write_check

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
    page.check(f"#clauses input[value='{code}']")


def test_every_circle_document_has_a_page_and_the_landing_page_links_to_its_clauses(results, look):
    out, scorecard = results
    assert {file.name for file in out.glob("map-*.html")} == {f"map-{one}.html" for one in DOCUMENTS}
    page = look(out / "index.html")
    links = {link.get_attribute("href") for link in page.query_selector_all("a[href*='map-circle']")}
    for verdict in scorecard.verdicts:
        assert f"map-{verdict.document}.html#{verdict.code}" in links


def test_choosing_a_clause_changes_numbers_land_and_facilities(results, look, shots):
    out, scorecard = results
    page = look(out / "map-circle-mofcom.html")
    pharmacy = next(
        one for one in scorecard.verdicts if one.code.startswith("CM-B") and one.settings.get("kind") == "pharmacy"
    )
    hair = next(
        one
        for one in scorecard.verdicts
        if one.settings.get("kind") == "hairdresser" and one.document == "circle-mofcom"
    )
    seen = []
    for verdict in (pharmacy, hair):
        choose(page, verdict.code)
        assert page.inner_text("#value") == f"{verdict.measured.value:.2%}"
        bands = verdict.measured.layers["bands"]
        assert page.locator("#ramp .step").count() == len(bands)
        assert page.locator(".leaflet-facility-pane path").count() == 1
        seen.append(page.get_attribute("img.cells", "src"))
        assert page.evaluate("location.hash") == "#" + verdict.code
    assert seen[0] != seen[1]
    page.screenshot(path=shots / "circle-mofcom.png")


def test_an_address_names_its_clause(results, look):
    out, scorecard = results
    last = [one for one in scorecard.verdicts if one.document == "circle-gb50180"][-1]
    page = look(out / "map-circle-gb50180.html", address=f"#{last.code}")
    assert page.is_checked(f"#clauses input[value='{last.code}']")
    assert last.code in page.inner_text("#clauses label:has(:checked)")


def test_a_facility_shows_its_three_areas_and_hides_them_again(results, look):
    out, scorecard = results
    page = look(out / "map-circle-mofcom.html")
    page.fill("#query", "康宁")
    page.press("#query", "Enter")
    page.wait_for_selector(".leaflet-popup")
    assert page.locator(".leaflet-rings-pane path").count() == 3
    told = page.inner_text(".leaflet-popup")
    layers = [one.measured.layers for one in scorecard.verdicts if one.measured]
    owns = [one["rings"][one["rings"]["name"] == "康宁药店"] for one in layers if "rings" in one]
    own = next(one for one in owns if len(one))
    assert len(own) == 3
    for area in own["area_m2"]:
        assert f"{area / 10_000:.2f} 公顷" in told
    page.click(".leaflet-popup-close-button")
    page.wait_for_selector(".leaflet-popup", state="detached")
    assert page.locator(".leaflet-rings-pane path").count() == 0


def test_a_home_says_what_it_lacks_and_how_far_the_rest_is(results, look):
    out, scorecard = results
    verdict = next(one for one in scorecard.verdicts if one.code == "CM-C01")
    page = look(out / "map-circle-mofcom.html", address="#CM-C01")
    page.fill("#query", "3号楼")
    page.press("#query", "Enter")
    page.wait_for_selector(".leaflet-popup")
    told = page.inner_text(".leaflet-popup")
    home = verdict.measured.layers["homes"].set_index("name").loc["3号楼"]
    assert f"{int(home['d_pharmacy']):,} 米" in told  # within reach: rounded down
    lacks = home["missing"].split(";")
    assert "pharmacy" not in lacks
    row = told[told.index("缺少") :].splitlines()[0]
    assert row.count("、") == len(lacks) - 1
    assert "药" not in row


def test_villages_of_the_rural_document_are_on_its_page(results, look):
    out, _ = results
    page = look(out / "map-circle-rural.html")
    page.fill("#query", "嘎查")
    page.press("#query", "Enter")
    page.wait_for_selector(".leaflet-popup")
    assert "按时可达" in page.inner_text(".leaflet-popup")


def test_facilities_without_a_name_keep_their_own_areas(tmp_path):
    out, _ = written(tmp_path, name=lambda _: None, documents=("circle-mofcom",))
    drawn = payload((out / "map-circle-mofcom.html").read_text(encoding="utf-8"))
    rings = [one["rings"] for one in drawn["facilities"]]
    assert [len(one) for one in rings] == [3, 3]
    assert rings[0] != rings[1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_phone_nothing_sticks_out(tmp_path, look, shots, lang):
    out, _ = written(tmp_path, lang=lang, documents=("circle-tdt1063",))
    page = look(out / "map-circle-tdt1063.html", width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click("#more")
    assert page.is_visible("#clauses")
    assert page.evaluate(
        "document.getElementById('details').scrollWidth <= document.getElementById('details').clientWidth"
    )
    page.screenshot(path=shots / f"circle-phone-{lang}.png")


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
