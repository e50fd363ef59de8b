"""Hold the main map of a run to its word in a real browser: no network, any size, the numbers of the reports."""

import base64
import gzip
import json
import re
import struct
import unicodedata
import zlib

import geopandas as gpd
import numpy as np
import pypdf
import pyproj
import pytest
import shapely
import test_pages as pages
import test_review as reviewed
import town
from browsing import HACK, HOSTILE, payload, skip_without_browser

from gis_planning import geo
from gis_planning.maps import templates
from gis_planning.maps.web import facts, shapes, tiles
from gis_planning.maps.web.county_layers import county_layers
from gis_planning.maps.web.layers import Category, Column, MapLayer, by_value, one_category
from gis_planning.maps.web.page import Frame, main_map
from gis_planning.results.ledger import Input
from gis_planning.view.looks import styles

skip_without_browser()

CRS = "EPSG:4526"


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("main")
    opened = pages.county(folder / "county", "试验县")
    pages.run(folder / "old", opened)
    scorecard, _ = pages.run(folder / "out", opened, old=folder / "old")
    return folder / "out", scorecard


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    folder = tmp_path_factory.mktemp("review")
    boxes = [town.box(*reviewed.IN_TOWN), town.box(*reviewed.FARM), town.box(*reviewed.GENERAL)]
    columns = {
        "id": ["A1", "B2", "C3"],
        "name": ["安居房", "仓库", "营地"],
        "activity": ["urban", "urban", "tourism"],
    }
    town.frame(*boxes, **columns).to_file(folder / "p.gpkg")
    place = reviewed.county(folder / "county", extra={"land_use": reviewed.LAND_USE}).folder
    for out in ("old", "out"):
        more = ["--compare", folder / "old"] if out == "out" else []
        assert reviewed.run("review", place, folder / "p.gpkg", "--out", folder / out, *more) == 1
    return folder / "out"


def opened(look, file, **options):
    page = look(file, **options)
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    return page


def settled(page):
    page.evaluate("new Promise(done => { mainMap.loaded() ? done() : mainMap.once('idle', () => done()); })")


def rows(page):
    return page.inner_text("#rows")


def frame(**more):
    given = {
        "county": "试验县",
        "title": "总图",
        "crs": CRS,
        "data_date": "2025-12-31",
        "version": "1",
        "inputs": [Input("parcels", "p.gpkg", "0" * 64, 1, CRS)],
        "documents": ["文件"],
    }
    return Frame(**given | more)


def parcels(count, side=40.0, gap=0.0):
    n = round(count**0.5)
    x, y = np.meshgrid(np.arange(n) * side, np.arange(n) * side)
    east, north = pages.EAST + x.ravel(), pages.NORTH + y.ravel()
    return gpd.GeoSeries(shapely.box(east, north, east + side - gap, north + side - gap), crs=CRS)


def layer(geometry, name="parcels", names=None, **more):
    category = one_category("地块", styles()["layer"]["residential"], len(geometry))
    columns = (Column("名称", names or [f"地块{at}" for at in range(len(geometry))]),)
    given = {"group": "图层", "shown": True, "columns": columns, **category}
    return MapLayer(name, "地块", shapes=geometry, **given | more)


def written(folder, html):
    file = folder / "map.html"
    file.write_text(html, encoding="utf-8", errors="replace", newline="\n")
    return file


def test_hazards_pipes_and_listed_buildings_lie_around_with_facts_in_words():
    spot, line = shapely.Point(pages.EAST, pages.NORTH), shapely.LineString([(0, 0), (9, 0)])
    context = {
        "hazards": pages.frame([spot], name=["坡"], kind=["滑坡"], treated=["否"], buffer_m=[60.0], year=[2012]),
        "listed_buildings": pages.frame([spot], name=["院"], kind=["历史建筑"], grade=["省级"], surveyed=["2021"]),
        "pipes": pages.frame(
            [line], kind=["雨水"], material=["PE"], diameter_mm=[300.0], level_in=[9.5], year=["2001"]
        ),
    }
    found = {one.id: one for one in county_layers(context, [], {}, "zh")}
    assert list(found) == ["hazards", "listed_buildings", "pipes"]
    assert not any(one.shown for one in found.values())
    told = {column.title: column.values[0] for column in found["hazards"].columns}
    assert told == {"名称": "坡", "种类": "滑坡", "治理情况": "否", "影响距离（米）": 60, "年份": "2012"}
    titles = [column.title for one in found.values() for column in one.columns]
    assert not [title for title in titles if title.isascii()]


def test_it_opens_with_no_network_on_a_desk_and_on_a_phone(checked, look, shots):
    out, _ = checked
    page = opened(look, out / "map.html")
    alt = page.get_attribute("#map canvas", "aria-label")
    assert "试验县" in alt
    assert "不达标" in alt
    assert "无需矢量瓦片" in page.text_content("#about")
    assert "内部工作用图" in page.inner_text("#title")
    page.screenshot(path=shots / "main-map.png")
    phone = opened(look, out / "map.html", width=390, height=844, scale=2)
    assert phone.is_hidden("#scroller")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
    phone.click("#more")
    assert phone.is_visible("#tree")
    phone.screenshot(path=shots / "main-map-phone.png")
    phone.fill("#query", "口袋公园")
    phone.locator("#found button").first.click()
    assert phone.is_hidden("#details")
    assert "口袋公园" in phone.inner_text(".popup")
    assert "服务" in phone.inner_text(".popup table")
    assert "serves" not in phone.inner_text(".popup")
    phone.screenshot(path=shots / "main-map-phone-popup.png")
    phone.locator(".maplibregl-popup-close-button").click()
    phone.click("#fold")
    assert phone.is_visible("#twin tbody button")
    many = rows(phone)
    phone.uncheck("#outcomes input[value=fail]")
    assert rows(phone) != many


def test_the_legend_switches_layers_and_their_strength(checked, look):
    out, _ = checked
    page = opened(look, out / "map.html")
    box = "#tree input[data-layer='broken.GC22-1']"
    assert page.is_checked(box)
    assert page.evaluate("Boolean(mainMap.getLayer('broken.GC22-1|fill'))")
    page.evaluate("document.querySelectorAll('#tree details').forEach(one => { one.open = true; })")
    page.uncheck(box)
    assert not page.evaluate("Boolean(mainMap.getLayer('broken.GC22-1|fill'))")
    page.check(box)
    page.locator(".leaf", has=page.locator("input[data-layer='broken.GC22-1']")).locator("input[type=range]").fill("50")
    solid = styles()["layer"]["unserved"]["fill_opacity"]
    assert page.evaluate("mainMap.getPaintProperty('broken.GC22-1|fill', 'fill-opacity')")[-1] == pytest.approx(
        solid / 2
    )
    page.check("#tree input[data-layer=residential]")
    settled(page)
    assert (
        page.evaluate(
            "new Set(mainMap.queryRenderedFeatures({layers: ['residential|fill']}).map(f => f.properties.i)).size"
        )
        == 60
    )


def test_search_looks_in_all_layers_and_fields_and_flies_there(checked, look):
    out, scorecard = checked
    page = opened(look, out / "map.html")
    page.fill("#query", "口袋公园")
    assert int(re.match(r"\d+", page.inner_text("#count"))[0]) >= 1
    page.locator("#found button").first.click()
    words = page.inner_text(".popup")
    assert "口袋公园" in words
    at = page.evaluate("mainMap.getCenter().toArray()")
    park = gpd.GeoSeries([pages.box(1215, 1515, 1215, 1515).centroid], crs=CRS).to_crs(4326)[0]
    # The popup may have moved the map by less than a window.
    assert at == pytest.approx([park.x, park.y], abs=1e-3)
    page.fill("#query", "没有这个")
    assert "没有" in page.inner_text("#count")
    assert rows(page).startswith("0/")
    del scorecard


def test_the_table_is_sorted_and_flown_from_by_keyboard_and_has_the_numbers_of_the_reports(checked, look):
    out, scorecard = checked
    page = opened(look, out / "map.html")
    page.select_option("#of", "broken.GG22-1")
    measured = next(one.measured for one in scorecard.verdicts if one.code == "GG22-1")
    found = gpd.read_file(out / "results.gpkg", layer="offenders")
    found = found[found["code"] == "GG22-1"]
    assert rows(page) == f"{len(found)}/{len(found)} 行"
    head = page.locator("#twin th", has_text="面积（平方米）")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    column = page.evaluate(
        "[...document.querySelectorAll('#twin th')].findIndex(one => one.innerText.startsWith('面积'))"
    )
    shown = page.locator(f"#twin tbody tr:not(.room) td:nth-child({column + 1})").all_inner_texts()
    largest = sorted(found["area_m2"], reverse=True)[: len(shown)]
    assert shown == [f"{value:,.2f}" for value in largest]
    assert sum(measured.offenders["area_m2"]) == pytest.approx(found["area_m2"].sum())
    page.locator("#twin tbody button").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert f"{largest[1]:,.2f}" in page.inner_text(".popup")
    assert page.evaluate("mainMap.getZoom()") > 13


def test_the_legend_can_list_only_what_is_shown_and_a_popup_is_announced(checked, look):
    out, _ = checked
    page = opened(look, out / "map.html")
    leaves = page.locator("#tree .leaf")
    on = page.locator("#tree .leaf.on").count()
    page.check("#only")
    assert leaves.evaluate_all("all => all.filter(one => one.getClientRects().length).length") == on
    page.uncheck("#only")
    page.locator("#twin tbody button").first.click()
    assert page.inner_text(".popup h3") in page.text_content("#spoken")
    assert "不达标" in page.text_content("#spoken")


def test_a_county_without_layers_says_so(tmp_path, look):
    page = opened(look, written(tmp_path, main_map(frame(crs=""), [], "zh")))
    assert "没有可显示的图层" in page.inner_text("#tally")


def test_filters_change_the_counts_on_map_and_table(checked, look):
    out, scorecard = checked
    page = opened(look, out / "map.html")
    page.select_option("#of", "broken.GC22-1")
    everywhere = int(rows(page).split("/")[0])
    frame_ = next(one.measured.offenders for one in scorecard.verdicts if one.code == "GC22-1")
    page.select_option("#town", "东街道")
    east = int((frame_["district"] == "东街道").sum())
    assert rows(page) == f"{east}/{everywhere} 行"
    settled(page)
    hidden = (
        "new Set(mainMap.querySourceFeatures('broken.GC22-1').map(f => f.id)"
        ".filter(id => mainMap.getFeatureState({source: 'broken.GC22-1', id}).off)).size"
    )
    assert page.evaluate(hidden) == everywhere - east
    page.select_option("#town", "")
    assert page.evaluate(hidden) == 0
    page.uncheck("#outcomes input[value=fail]")
    assert rows(page).startswith("0/")
    settled(page)
    assert page.evaluate("mainMap.queryRenderedFeatures({layers: ['broken.GC22-1|fill']}).length") == 0
    page.check("#outcomes input[value=fail]")
    page.select_option("#rule", "GG22-1")
    assert page.is_checked("#tree input[data-layer='broken.GG22-1']")
    assert not page.is_checked("#tree input[data-layer='broken.GC22-1']")


def test_a_link_brings_back_view_layers_and_filters(checked, look):
    out, _ = checked
    page = opened(look, out / "map.html")
    page.select_option("#town", "东街道")
    page.evaluate("document.querySelectorAll('#tree details').forEach(one => { one.open = true; })")
    page.check("#tree input[data-layer=buildings]")
    page.evaluate("void mainMap.jumpTo({center: [114.0, 41.36], zoom: 15.5})")
    page.locator("#twin tbody button").first.click()
    address = page.evaluate("location.hash")
    again = opened(look, out / "map.html", address=address)
    assert again.input_value("#town") == "东街道"
    assert again.is_checked("#tree input[data-layer=buildings]")
    assert again.inner_text(".popup h3") == page.inner_text(".popup h3")
    assert again.evaluate("mainMap.getZoom()") == pytest.approx(page.evaluate("mainMap.getZoom()"), abs=0.01)
    broken = opened(look, out / "map.html", address="#at=x/y&on=%E0%A4%A&see=a.b.9999999&hide=<script>&town=none")
    assert broken.evaluate("document.documentElement.dataset.ready") == "yes"


def test_it_measures_as_the_reports_do(checked, look):
    out, _ = checked
    page = opened(look, out / "map.html")
    page.click("[data-tool=measure]")
    canvas = page.locator("#map canvas").bounding_box()
    spots = [(300, 200), (620, 210), (600, 380), (320, 400)]
    degrees = [page.evaluate(f"mainMap.unproject([{x}, {y}]).toArray()") for x, y in spots]
    for x, y in [*spots, spots[0]]:
        page.mouse.click(canvas["x"] + x, canvas["y"] + y)
        page.wait_for_timeout(350)  # two quick clicks are a double click
    said = page.inner_text("#measured")
    to_plane = pyproj.Transformer.from_crs(4326, CRS, always_xy=True).transform
    plane = shapely.Polygon([to_plane(*at) for at in degrees])
    area = geo.ellipsoid_area(np.array([plane]), pyproj.CRS(CRS))[0]
    found = float(re.search(r"([\d,.]+) m²", said)[1].replace(",", ""))
    assert found == pytest.approx(area, abs=0.011)
    assert f"{area * 15 / 10000:,.4f}"[:-1] in said
    page.keyboard.press("Escape")
    page.click("[data-tool=measure]")
    assert page.is_hidden("#measured")


def test_two_runs_stand_side_by_side(checked, look, shots):
    out, _ = checked
    page = opened(look, out / "map.html")
    page.click("[data-tool=swipe]")
    page.wait_for_timeout(1500)
    assert (page.input_value("#left"), page.input_value("#right")) == ("before", "after")
    assert page.locator("#other canvas").count() == 1
    # What the run worked out, its service areas too, says nothing of the earlier one; each side says what it shows.
    drawn = page.evaluate("mainMap.getStyle().layers.map(({ id }) => id)")
    assert "earlier.GC22-1|fill" in drawn
    assert {"earlier.parks.GC22-1|fill", "earlier.service_areas.GC22-1|fill"} <= set(drawn)
    assert not [one for one in drawn if one.startswith(("broken.", "area."))]
    then, now = page.locator("#key .part").all()
    assert then.locator(".head").inner_text() == "左: 上次成果（数据日期 2025-12-31）"
    assert now.locator(".head").inner_text() == "右: 本次成果"
    assert then.locator(".step").first.inner_text() == "GC22-1"
    assert "GC22-1" in now.locator(".step").first.inner_text()
    tools = page.locator("#tools").bounding_box()
    assert then.bounding_box()["x"] > tools["x"] + tools["width"]
    assert then.bounding_box()["x"] < page.locator("#divider").bounding_box()["x"] < now.bounding_box()["x"]
    before = page.get_attribute("#divider", "aria-valuenow")
    page.focus("#divider")
    page.keyboard.press("ArrowRight")
    assert int(page.get_attribute("#divider", "aria-valuenow")) == int(before) + 5
    page.select_option("#left", "layer residential")
    page.wait_for_timeout(800)
    assert page.evaluate("Boolean(mainMap.getLayer('residential|fill'))")
    page.select_option("#right", "layer buildings")
    page.wait_for_timeout(800)
    box = page.locator("#map canvas").bounding_box()
    spot = gpd.GeoSeries([pages.box(2610, 410, 2650, 425).centroid], crs=CRS).to_crs(4326)[0]
    page.evaluate(f"void mainMap.jumpTo({{center: [{spot.x}, {spot.y}], zoom: 18}})")
    page.evaluate("document.querySelector('#divider').focus()")
    for _ in range(7):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(800)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.inner_text(".popup .kind") == "建筑"
    page.keyboard.press("Escape")
    assert page.locator(".popup").count() == 0
    page.screenshot(path=shots / "main-map-swipe.png")
    page.click("[data-tool=swipe]")
    assert not page.evaluate("Boolean(mainMap.getLayer('residential|fill'))")
    assert page.is_hidden("#divider")
    assert page.is_hidden("#key")


def test_on_a_phone_the_legend_stands_on_the_map_and_leaves_out_nothing(checked, look, shots):
    out, _ = checked
    page = opened(look, out / "map.html", width=390, height=844)
    told = page.locator("#key .step span").all_text_contents()
    wanted = page.evaluate(
        """[...document.querySelectorAll("#tree .leaf.on")].flatMap((leaf) => {
            const classes = [...leaf.querySelectorAll(".classes .key:not([hidden]) > span")];
            return (classes.length ? classes : [leaf.querySelector(".key > span")]).map((one) => one.textContent);
        })"""
    )
    assert len(wanted) > 6
    assert set(wanted) == set(told)
    assert page.is_visible("#key")
    page.click("[data-tool=swipe]")
    page.wait_for_selector("#key.sides .part")
    for part in page.locator("#key .part").all():
        box = part.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
        assert box["height"] < 844 / 4
    page.screenshot(path=shots / "main-map-swipe-phone.png")


def test_paper_has_the_map_its_legend_and_its_sources(checked, look, shots, tmp_path):
    out, _ = checked
    page = opened(look, out / "map.html")
    page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True, print_background=True)
    sheet = pypdf.PdfReader(tmp_path / "map.pdf")
    words = unicodedata.normalize("NFKC", sheet.pages[0].extract_text())
    for part in ("试验县", "内部工作用图", "EPSG:4526", "2025-12-31", "GC22-1"):
        assert part in words
    assert any(image for image in sheet.pages[0].images)
    page.emulate_media(media="print")
    page.wait_for_timeout(500)
    assert page.is_visible("#printed")
    assert page.is_hidden("#drawer")
    page.screenshot(path=shots / "main-map-paper.png")


def colours_of(page, source, *outcomes):
    """Return how many pixels of a picture have the colour of each outcome, its size, and the share that is paper."""
    tones = [styles()["outcome"][one]["colour"] for one in outcomes]
    return page.evaluate(
        """async ([source, tones]) => {
            const image = new Image();
            image.src = source || document.getElementById("printed").src;
            await image.decode();
            const canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            pen.drawImage(image, 0, 0);
            const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
            const wanted = tones.map((one) => [1, 3, 5].map((at) => parseInt(one.slice(at, at + 2), 16)));
            const found = wanted.map(() => 0);
            for (let at = 0; at < data.length; at += 4) {
                const near = (part, k) => Math.abs(part - data[at + k]) < 6;
                wanted.forEach((one, n) => { if (one.every(near)) { found[n] += 1; } });
            }
            return { found, wide: canvas.width, high: canvas.height };
        }""",
        [source, tones],
    )


def test_the_print_button_waits_until_all_is_drawn_and_prints_sharply(review, look):
    page = opened(look, review / "index.html")
    place, zoom = page.evaluate("[mainMap.getCenter().toArray(), mainMap.getZoom()]")
    page.evaluate("window.print = () => { document.title = document.body.className; }")
    page.click("[data-tool=print]")
    page.wait_for_selector("#printed[src]", state="attached")
    page.wait_for_selector("body:not(.paper)", state="attached")
    drawn = colours_of(page, None, "fail")
    assert "paper" in page.title()
    # 190 by 176 mm at three times 96 dots an inch.
    assert (drawn["wide"], drawn["high"]) == (
        pytest.approx(3 * 190 / 25.4 * 96, abs=9),
        pytest.approx(3 * 176 / 25.4 * 96, abs=9),
    )
    assert drawn["found"][0] > 100
    settled(page)
    assert page.evaluate("mainMap.getCenter().toArray()") == pytest.approx(place, abs=1e-3)
    assert page.evaluate("mainMap.getZoom()") == pytest.approx(zoom, abs=0.05)


def test_the_browsers_own_print_shows_what_the_screen_shows(review, look, tmp_path):
    page = opened(look, review / "index.html")
    settled(page)
    seen = page.evaluate("(mainMap.redraw(), mainMap.getCanvas().toDataURL())")
    wide = page.locator("#map").bounding_box()["width"]
    page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True, print_background=True)
    assert colours_of(page, None, "fail", "pass") == colours_of(page, seen, "fail", "pass")
    assert colours_of(page, None, "fail")["found"][0] > 10
    # The scale bar shrinks as the picture does: from the width of the screen's map to 190 mm.
    shrunk = float(page.evaluate("document.getElementById('stage').style.getPropertyValue('--shrink')"))
    assert shrunk * wide == pytest.approx(190 / 25.4 * 96, rel=0.002)


def test_on_a_phone_held_across_the_map_has_room_and_every_tool_is_there(checked, look, shots):
    out, _ = checked
    page = opened(look, out / "map.html", width=844, height=390, scale=2)
    stage = page.locator("#stage").bounding_box()
    assert stage["height"] > 300
    page.click("#fold")
    stage = page.locator("#stage").bounding_box()
    for button in page.locator("#tools button").all():
        box = button.bounding_box()
        assert box["y"] + box["height"] <= stage["y"] + stage["height"]
    assert page.is_visible("#twin tbody button")
    page.screenshot(path=shots / "main-map-phone-across.png")


def test_names_of_projects_leave_them_in_sight(review, look):
    page = opened(look, review / "index.html")
    settled(page)
    assert page.evaluate("mainMap.getLayoutProperty('projects|names', 'icon-anchor')") == "top"


def test_escape_closes_what_the_table_opened_and_leaves_one_there(checked, look):
    out, _ = checked
    page = opened(look, out / "map.html")
    page.focus("#twin tbody button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".maplibregl-popup")
    page.keyboard.press("Escape")
    page.wait_for_selector(".maplibregl-popup", state="detached")
    assert page.evaluate("document.querySelector('#twin tbody').contains(document.activeElement)")


def test_every_control_has_a_name_and_every_word_is_dark_enough(checked, look):
    out, _ = checked
    page = opened(look, out / "map.html")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    nameless = page.evaluate(
        """[...document.querySelectorAll("button, input, select, [role=slider], a, summary")].filter((one) => {
            const labels = [...(one.labels || [])].some((label) => label.textContent.trim());
            const own = one.tagName !== "SELECT" && one.textContent.trim();
            return !(one.getAttribute("aria-label") || labels || own);
        }).map((one) => one.outerHTML)"""
    )
    assert nameless == []
    # Web Content Accessibility Guidelines 2.2, 1.4.3: at least 4.5 to 1.
    pale = page.evaluate(
        """(() => {
            const light = (colour) => {
                const part = colour.match(/[\\d.]+/g).slice(0, 3).map((one) => one / 255);
                const [r, g, b] = part.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const clear = (one) => getComputedStyle(one).backgroundColor === "rgba(0, 0, 0, 0)";
            const worded = (one) => [...one.childNodes].some((part) => part.nodeType === 3 && part.textContent.trim());
            return [...document.querySelectorAll("#panel *, #drawer *")].filter(worded).map((one) => {
                let below = one;
                while (clear(below)) { below = below.parentElement; }
                const style = getComputedStyle(one), behind = getComputedStyle(below).backgroundColor;
                const pair = [light(style.color), light(behind)].sort();
                return [(Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05), one.textContent.trim().slice(0, 30)];
            }).filter(([ratio]) => ratio < 4.5);
        })()"""
    )
    assert pale == []


def test_the_page_opens_on_the_county_and_not_on_rivers_that_run_on(tmp_path, look):
    area = layer(parcels(1, side=5_000.0), "study_area")
    line = shapely.LineString([(pages.EAST, pages.NORTH - 40_000), (pages.EAST, pages.NORTH + 40_000)])
    river = layer(gpd.GeoSeries([line], crs=CRS), "barriers")
    page = opened(look, written(tmp_path, main_map(frame(), [area, river], "zh")))
    west, south, east, north = area.shapes.to_crs(4490).total_bounds
    at = page.evaluate("mainMap.getCenter().toArray()")
    assert at == pytest.approx([(west + east) / 2, (south + north) / 2], abs=1e-3)
    shown = page.evaluate("(b => [b.getSouth(), b.getNorth()])(mainMap.getBounds())")
    assert shown[0] < south < north < shown[1]
    assert shown[1] - shown[0] < 2 * (north - south)


def test_a_project_called_by_its_id_is_named_once(tmp_path):
    town.frame(town.box(*reviewed.FARM), id=["A1"], name=["A1"]).to_file(tmp_path / "p.gpkg")
    place = reviewed.county(tmp_path / "county").folder
    reviewed.run("review", place, tmp_path / "p.gpkg", "--out", tmp_path / "out")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    found = re.search(r'id="facts-of-layers">([A-Za-z0-9+/=]*)<', page)[1]
    facts_ = json.loads(gzip.decompress(base64.b64decode(found)))
    assert "A1 A1" not in json.dumps(facts_)
    assert "A1" in json.dumps(facts_)


def test_every_field_of_every_layer_is_only_text(tmp_path, look):
    said = iter(HOSTILE * 200)
    opened_ = pages.county(tmp_path / "county", HOSTILE[0], lambda _: next(said), note=HOSTILE[1])
    pages.run(tmp_path / "out", opened_)
    page = opened(look, tmp_path / "out" / "map.html")
    page.evaluate("document.querySelectorAll('#tree details').forEach(one => { one.open = true; })")
    for name in page.locator("#of option").evaluate_all("all => all.map(one => one.value)"):
        page.select_option("#of", name)
        for at in range(min(3, page.locator("#twin tbody button").count())):
            page.locator("#twin tbody button").nth(at).click()
            assert page.locator(".popup").count() == 1
    page.fill("#query", "<script>")
    settled(page)
    assert not page.evaluate("window.hacked")
    assert page.locator("img:not(#printed, #still)").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert HACK in page.content()


def test_names_show_chinese_latin_and_digits_alike(tmp_path, look):
    names = ["图斑ABC123亩", "图斑亩", "ABC123"]
    html = main_map(frame(), [layer(parcels(9)[:3], names=names, labelled=True)], "zh")
    page = opened(look, written(tmp_path, html))
    page.evaluate("void mainMap.jumpTo({zoom: 17})")
    settled(page)
    wide = [page.evaluate(f"mainMap.style.getImage('name|parcels|{at}').data.width - 14") for at in range(3)]
    assert wide[0] == pytest.approx(wide[1] + wide[2], abs=3)
    assert min(wide) > 40


def test_all_features_are_in_the_tiles_on_every_zoom(tmp_path, look, monkeypatch):
    monkeypatch.setattr(shapes, "MOST_FEATURES", 2_000)
    many = parcels(2_116)
    # Slivers, a speck, a road and a point must stay as well.
    thin = gpd.GeoSeries(
        [
            shapely.box(pages.EAST + 10, pages.NORTH + 10, pages.EAST + 10.2, pages.NORTH + 60),
            shapely.box(pages.EAST + 500, pages.NORTH + 500, pages.EAST + 500.1, pages.NORTH + 500.1),
            shapely.LineString([(pages.EAST, pages.NORTH), (pages.EAST + 2000, pages.NORTH + 900)]),
            shapely.Point(pages.EAST + 700, pages.NORTH + 700),
        ],
        crs=CRS,
    )
    all_ = gpd.GeoSeries([*many, *thin], crs=CRS)
    html = main_map(frame(), [layer(all_)], "zh")
    page = opened(look, written(tmp_path, html))
    assert "矢量瓦片" in page.text_content("#about")
    head = payload(html)["layers"][0]["shape"]
    assert head["kind"] == "tiles"
    there = (
        "new Set(['a', 'o'].flatMap(sourceLayer => mainMap.querySourceFeatures('parcels', {sourceLayer}))"
        ".map(one => one.properties.i)).size"
    )
    middle = all_[: len(many)].to_crs(4326).union_all().centroid
    for zoom in range(head["least"], 14):
        # The lowest zooms show the whole sheet in one window.
        page.evaluate(f"void mainMap.jumpTo({{center: [{middle.x}, {middle.y}], zoom: {zoom}.01}})")
        settled(page)
        if page.evaluate("mainMap.getBounds().getNorthEast().distanceTo(mainMap.getBounds().getSouthWest())") > 8_000:
            assert page.evaluate(there) == len(all_), zoom
    drawn = decoded(html, head)
    for zoom in range(head["least"], head["deepest"] + 1):
        assert drawn[zoom] == set(range(len(all_))), zoom


def decoded(html, head):
    """Return the features of every zoom, read out of the tiles by the wire format alone."""
    body = base64.b64decode(re.search(r'id="shape-0">(.*?)</script>', html, re.DOTALL)[1])
    found, at = {}, 0
    index = np.array(head["index"]).reshape(-1, 4)
    for zoom, _, _, size in index.tolist():
        found.setdefault(zoom, set()).update(numbers(gzip.decompress(body[at : at + size])))
        at += size
    return found


def numbers(tile):
    for field, one in fields(tile):
        if field == 3:
            parts = list(fields(one))
            keys = [value.decode() for number, value in parts if number == 3]
            values = [dict(fields(value)) for number, value in parts if number == 4]
            for number, feature in parts:
                if number == 2:
                    tags = list(varints(dict(fields(feature))[2]))
                    facts_ = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2], strict=True)}
                    yield next(iter(facts_["i"].values()))


def fields(message):
    at = 0
    while at < len(message):
        key, at = varint(message, at)
        if key & 7 == 0:
            value, at = varint(message, at)
        elif key & 7 == 2:
            size, at = varint(message, at)
            value, at = message[at : at + size], at + size
        else:
            size = {1: 8, 5: 4}[key & 7]
            value, at = message[at : at + size], at + size
        yield key >> 3, value


def varint(message, at):
    value = shift = 0
    while True:
        value |= (message[at] & 127) << shift
        shift += 7
        at += 1
        if message[at - 1] < 128:
            return value, at


def varints(message):
    at = 0
    while at < len(message):
        value, at = varint(message, at)
        yield value


def test_a_large_layer_is_filtered_searched_and_clicked_like_a_small_one(tmp_path, look):
    many = parcels(10_404)
    outcomes = ["fail" if at % 10 == 0 else "pass" for at in range(len(many))]
    known = {one: Category(one, {"fill": "#b3301a", "stroke": "#000000", "weight": 1}, one) for one in ("fail", "pass")}
    towns = ["东镇" if at < 2000 else "西镇" for at in range(len(many))]
    columns = (
        Column("名称", [f"地块{at}" for at in range(len(many))]),
        Column("面积（平方米）", [1600.0 + at for at in range(len(many))], 2),
    )
    one = layer(many, columns=columns, towns=towns, **by_value(outcomes, known))
    counts = {"fail": outcomes.count("fail"), "pass": outcomes.count("pass")}
    page = opened(look, written(tmp_path, main_map(frame(counts=counts), [one], "zh")))
    assert rows(page) == "10,404/10,404 行"
    assert page.evaluate("mainMap.getLayoutProperty('parcels|dot', 'circle-sort-key')")[0] == "-"
    page.uncheck("#outcomes input[value=pass]")
    assert rows(page) == "1,041/10,404 行"
    settled(page)
    seen = "mainMap.queryRenderedFeatures({layers: ['parcels|fill', 'parcels|dot']})"
    assert page.evaluate(f"{seen}.every(one => one.properties.v === 0)")
    page.select_option("#town", "东镇")
    assert rows(page) == "200/10,404 行"
    page.fill("#query", "地块1990")
    assert rows(page) == "1/10,404 行"
    page.keyboard.press("Enter")
    assert "地块1990" in page.inner_text(".popup")
    assert "3,590.00" in page.inner_text(".popup")
    settled(page)
    box = page.locator("#map canvas").bounding_box()
    page.locator(".maplibregl-popup-close-button").click()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "地块1990" in page.inner_text(".popup")


def test_a_review_shows_projects_conflicts_and_what_was_said_of_them(review, look, shots):
    page = opened(look, review / "index.html")
    told = json.loads((review / "review.json").read_text(encoding="utf-8"))
    parcel = next(one for one in told["parcels"] if one["id"] == "B2")
    page.select_option("#of", "projects")
    page.fill("#query", "仓库")
    page.locator("#twin tbody button").first.click()
    words = page.inner_text(".popup")
    assert "B2 仓库" in words
    assert f"{parcel['area_m2']:,.2f}" in words
    assert f"{parcel['area_mu']:,.2f}" in words
    assert "永久基本农田" in words
    assert "不符合" in words
    patches = [one for one in told["patches"] if one["project_id"] == "B2"]
    assert page.locator(".popup ul").first.locator("li").count() == len(patches)
    page.screenshot(path=shots / "main-map-review.png")
    page.locator(".popup ul li button").first.click()
    assert "占用图斑" in page.inner_text(".popup .kind")
    assert "不作为最终法律结论" in page.inner_text("#title")
    assert page.locator("#tree input[data-layer='earlier.projects']").count() == 1
    assert page.locator("#tree .leaf", has=page.locator("input[data-layer=land_use]")).count() == 1


def test_backgrounds_are_asked_for_only_when_chosen_and_fail_in_words(tmp_path, browser):
    own = [{"title": "高德", "url": "https://webrd01.is.autonavi.com/t?x={x}&y={y}&z={z}"}]
    file = written(tmp_path, main_map(frame(grounds=own), [layer(parcels(9))], "zh"))
    context = browser.new_context(viewport={"width": 1200, "height": 800})
    context.set_offline(True)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready=yes]", state="attached")
    assert all(url.startswith(("file:", "blob:", "data:")) for url in asked)
    page.select_option("#base", "osm")
    page.wait_for_selector("#base-note.warning")
    assert "底图无法加载" in page.inner_text("#base-note")
    page.select_option("#base", "tdt_imagery")
    assert page.is_visible("#token")
    assert "密钥" in page.inner_text("#base-note")
    assert not any("tianditu" in url for url in asked)
    page.fill("#token", "0123456789abcdef0123456789abcdef")
    page.locator("#token").blur()
    page.wait_for_timeout(600)
    assert any("img_w" in url and "tk=0123456789abcdef" in url for url in asked)
    assert any("cia_w" in url for url in asked)
    page.select_option("#base", "own0")
    assert "GCJ-02" in page.inner_text("#base-note")
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    context.close()


def png(colour):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    lines = b"".join(b"\0" + bytes(colour) * 256 for _ in range(256))
    head = struct.pack(">IIBBBBB", 256, 256, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def archive(body):
    """Return a PMTiles file with one image for all tiles of zoom 0 to 3, as its specification lays it out."""
    run = sum(4**zoom for zoom in range(4))
    # One entry: the first number, how often it repeats, its length, its offset (one more than it is).
    directory = gzip.compress(b"\x01" + b"\x00" + bytes([run]) + leb(len(body)) + b"\x01")
    metadata = gzip.compress(b"{}")
    at = 127 + len(directory)
    head = b"PMTiles\x03" + struct.pack(
        "<8Q", 127, len(directory), at, len(metadata), 0, 0, at + len(metadata), len(body)
    )
    head += struct.pack("<3Q", run, 1, 1) + bytes([1, 2, 1, 2, 0, 3])
    head += struct.pack("<4i", -1800000000, -850000000, 1800000000, 850000000) + bytes([0]) + struct.pack("<2i", 0, 0)
    assert len(head) == 127
    return head + directory + metadata + body


def leb(value):
    found = b""
    while value > 127:
        found += bytes([value & 127 | 128])
        value >>= 7
    return found + bytes([value])


def test_tiles_on_the_computer_lie_below_the_map(tmp_path, look):
    file = written(tmp_path, main_map(frame(), [layer(parcels(9), shown=False)], "zh"))
    page = opened(look, file)
    colour = (
        "new Promise(done => { mainMap.once('render', () => { const gl = mainMap.getCanvas().getContext('webgl2') || "
        "mainMap.getCanvas().getContext('webgl'), p = new Uint8Array(4); gl.readPixels(20, 20, 1, 1, gl.RGBA, "
        "gl.UNSIGNED_BYTE, p); done([...p].slice(0, 3)); }); mainMap.triggerRepaint(); })"
    )
    (tmp_path / "base.pmtiles").write_bytes(archive(png((10, 200, 30))))

    def colour_of(kind, files):
        page.select_option("#base", kind)
        page.set_input_files("#base-files", files)
        page.wait_for_timeout(800)
        settled(page)
        return page.evaluate(colour)

    assert colour_of("archive", tmp_path / "base.pmtiles") == [10, 200, 30]
    assert "GCJ-02" in page.inner_text("#base-note")
    (tmp_path / "bad.pmtiles").write_bytes(b"nothing of the kind" * 20)
    page.set_input_files("#base-files", tmp_path / "bad.pmtiles")
    page.wait_for_selector("#base-note.warning")
    for zoom in range(3):
        for column in range(2**zoom):
            for row in range(2**zoom):
                tile = tmp_path / "tiles" / str(zoom) / str(column) / f"{row}.png"
                tile.parent.mkdir(parents=True, exist_ok=True)
                tile.write_bytes(png((200, 10, 30)))
    assert colour_of("folder", tmp_path / "tiles") == [200, 10, 30]
    assert "21" in page.inner_text("#base-note")


def test_without_graphics_a_still_picture_stands_for_the_map_and_the_table_works(tmp_path, browser):
    file = written(tmp_path, main_map(frame(), [layer(parcels(9), shown=True)], "zh"))
    context = browser.new_context()
    context.add_init_script(
        "const old = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) "
        "{ return kind.startsWith('webgl') ? null : old.call(this, kind, ...more); };"
    )
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready=table]", state="attached")
    assert "WebGL" in page.inner_text("#told")
    still = page.locator("#still")
    assert still.is_visible()
    assert "9" in still.get_attribute("alt")
    assert page.evaluate("document.getElementById('still').decode().then(() => 'drawn')") == "drawn"
    page.fill("#query", "地块7")
    assert rows(page) == "1/9 行"
    context.close()


def test_tiles_and_pages_are_the_same_every_time(tmp_path):
    one = layer(parcels(100))
    least = tiles.least_zoom(tuple(one.shapes.to_crs(4326).total_bounds))
    first, again = (shapes.shapes_of(one, least, tiled=True) for _ in range(2))
    assert first == again
    assert main_map(frame(), [one], "en") == main_map(frame(), [one], "en")


@pytest.mark.slow
def test_facts_come_back_as_they_were():
    names = ["甲", "乙\x1f丙", None, "甲"]
    numbers_ = [1.005, None, float("nan"), -3.0]
    one = layer(parcels(4), columns=(Column("名称", names), Column("数", numbers_, 3), Column("独", list("abcd"))))
    told = json.loads(gzip.decompress(base64.b64decode(templates.packed(facts.table(one)))))
    first, second, third = told["columns"]
    assert [first["list"][at] if at >= 0 else None for at in first["numbers"]] == ["甲", "乙 丙", None, "甲"]
    assert second["numbers"] == [1.005, None, None, -3.0]
    assert third["text"].split("\x1f") == list("abcd")
    at = np.cumsum(np.array(told["at"]).reshape(-1, 2), axis=0) / facts.PLACES
    middle = one.shapes.to_crs(4326).representative_point()
    assert np.abs(at - np.column_stack([middle.x, middle.y])).max() <= 0.5 / facts.PLACES
