"""A share of residential land is held against the homes that stand on it: towns whose floor area is counted by hand.

The town of `town.py`, with houses of 10 x 10 m (100 m2 a floor) on Row, which is residential land, and south of it
in the open (y = 20), which is not.
"""

import json

import geopandas as gpd
import openpyxl
import pytest
import shapely
import town
from docx import Document

from gis_planning.county.opened import open_county
from gis_planning.errors import CountyError, LayerError
from gis_planning.homes import homes_on_land, land_from_buildings
from gis_planning.judging import judge, rulebook
from gis_planning.judging.measuring import Measuring
from gis_planning.reports import terminal, write_check

CODE = "GC22-1"


def houses(on=0, off=0, *, on_use="居住", off_use="居住", others=(), floors=1):
    """Return so many houses on Row and in the open; `others` are (x, y, use) of more of them."""
    places = [(210 + 15 * at, 120, on_use) for at in range(on)] + [(210 + 15 * at, 20, off_use) for at in range(off)]
    places += list(others)
    shapes = [town.box(x, y, x + 10, y + 10) for x, y, _ in places]
    return town.frame(*shapes, use=[use for *_, use in places], floors=[floors] * len(places))


def land_use(*parts):
    return town.frame(*[town.box(*one) for _, one in parts], **{"class": [code for code, _ in parts]})


def verdict(folder, buildings=None, *, county="", use=None, residential_class=None, **tables):
    layers = town.layers()
    if residential_class:
        layers["residential"]["class"] = residential_class
    if buildings is not None:
        layers["buildings"] = buildings
    if use is not None:
        layers["land_use"] = use
    opened = open_county(town.write(folder, layers, county=county, **tables))
    return judge.judge(next(one for one in rulebook.load() if one.code == CODE), Measuring(opened))


def told(verdict, key):
    return next((one for one in verdict.measured.references if one.key == key), None)


# --- most buildings state a use: 80 % decides


def test_just_enough_homes_on_the_land_leave_the_verdict_alone(tmp_path):
    plain = verdict(tmp_path / "plain")
    found = verdict(tmp_path / "county", houses(8, 2))  # 800 of 1000 m2
    assert (found.outcome, found.measured.value) == (plain.outcome, pytest.approx(42 / 82))
    share = told(found, "homes_on_land")
    assert (share.value, share.numerator, share.denominator, share.unit) == (pytest.approx(0.8), 800, 1000, "m2")
    assert share.facts == {"buildings": 8, "of": 10}
    assert told(found, "land_from_buildings") is None


def test_too_few_homes_on_the_land_leave_the_clause_open(tmp_path):
    found = verdict(tmp_path, houses(7, 2))  # 700 of 900 m2: 77.8 %
    assert found.outcome == "not-assessed"
    assert found.margin is None
    one = found.to_json("en")
    assert (one["value"], one["numerator"], one["range"], one["districts"]) == (None, None, None, [])
    assert "77.77%" in one["message"]
    assert "80%" in one["message"]
    drawn = told(found, "drawn_land")
    assert drawn.value == pytest.approx(42 / 82)
    beside = told(found, "land_from_buildings")
    assert beside.facts == {"grown_m": 30}
    assert json.dumps(one)
    for lang in ("zh", "en"):
        assert all(reference.title.to(lang) for reference in found.measured.references)


def test_floors_count_and_not_buildings(tmp_path):
    few = houses(2, 2)
    few["floors"] = [9, 9, 1, None]  # 1800 of 2000 m2
    assert told(verdict(tmp_path, few), "homes_on_land").value == pytest.approx(0.9)


def test_the_limit_is_a_setting(tmp_path):
    low = "[homes]\non_land = 0.7"
    assert verdict(tmp_path / "low", houses(7, 2), county=low).outcome == verdict(tmp_path / "plain").outcome
    high = "[homes]\non_land = 0.95"
    assert verdict(tmp_path / "high", houses(9, 1), county=high).outcome == "not-assessed"


def test_only_homes_of_the_study_area_count(tmp_path):
    beyond = [(3000 + 20 * at, 20, "居住") for at in range(50)]
    assert told(verdict(tmp_path, houses(8, 2, others=beyond)), "homes_on_land").denominator == 1000


# --- most buildings state none: 20 to 80 % is told, less decides


def test_where_few_state_a_use_a_middling_share_is_told_and_does_not_decide(tmp_path):
    found = verdict(tmp_path, houses(2, 8, on_use="yes", off_use="yes"))  # 20 %
    assert found.outcome == verdict(tmp_path / "plain").outcome
    assert found.measured.value == pytest.approx(42 / 82)
    assert "homes.few" in [note.key for note in found.measured.notes]
    assert told(found, "homes_on_land").value == pytest.approx(0.2)
    assert told(found, "land_from_buildings") is not None


def test_where_few_state_a_use_a_share_below_a_fifth_leaves_the_clause_open(tmp_path):
    found = verdict(tmp_path, houses(2, 9, on_use="yes", off_use="yes"))  # 18.2 %
    assert found.outcome == "not-assessed"
    assert "18.18%" in found.reason.to("zh")


def test_half_of_the_floor_area_is_where_use_begins_to_decide():
    area = town.layers()["study_area"]
    homes = town.layers()["residential"]
    half = houses(2, 2, off_use="yes")
    found = homes_on_land(homes, area, half)
    assert (found.stated, found.share) == (True, 1.0)  # 200 of 400 m2 say so: the others are no homes
    less = houses(2, 3, off_use="yes")
    found = homes_on_land(homes, area, less)
    assert (found.stated, found.share) == (False, 0.4)


def test_buildings_on_land_of_another_built_class_and_outbuildings_are_no_homes(tmp_path):
    works = [(1000 + 15 * at, 20, "yes") for at in range(20)]
    garages = [(210 + 15 * at, 40, use) for at, use in enumerate(["garage", "shed", "住宅车库", "greenhouse", "roof"])]
    built = houses(6, 2, on_use="yes", off_use="yes", others=[*works, *garages])
    found = verdict(tmp_path, built, use=land_use(("0601", (990, 0, 1400, 100)), ("0103", (200, 0, 600, 60))))
    assert told(found, "homes_on_land").facts == {"buildings": 6, "of": 8}


def test_where_use_is_stated_a_home_is_one_wherever_it_stands(tmp_path):
    found = verdict(tmp_path, houses(7, 3), use=land_use(("0601", (0, 0, 2000, 60))))
    assert told(found, "homes_on_land").value == pytest.approx(0.7)
    assert found.outcome == "not-assessed"


# --- villages


def test_homes_in_villages_do_not_count_where_residential_holds_land_of_towns_only(tmp_path):
    use = land_use(("0702", (0, 0, 2000, 60)))
    found = verdict(tmp_path / "towns", houses(7, 3), use=use, residential_class=["0701", "0701", "0701"])
    assert told(found, "homes_on_land").facts == {"buildings": 7, "of": 7}
    assert found.outcome == verdict(tmp_path / "plain").outcome
    # Land of villages is asked for and not all there.
    found = verdict(tmp_path / "both", houses(7, 3), use=use, residential_class=["0701", "0702", "0701"])
    assert told(found, "homes_on_land").facts == {"buildings": 7, "of": 10}
    # Nobody says which land was asked for.
    found = verdict(tmp_path / "unsaid", houses(7, 3), use=use)
    assert found.outcome == "not-assessed"


# --- nothing to go by


def test_without_buildings_it_is_not_known(tmp_path):
    found = verdict(tmp_path)
    assert found.measured.value == pytest.approx(42 / 82)
    assert told(found, "homes_on_land").value is None
    assert "不详" in next(note for note in found.measured.notes if note.key == "homes.no_buildings").to("zh")


def test_buildings_none_of_which_is_a_home_say_nothing(tmp_path):
    found = verdict(tmp_path, houses(3, 3, on_use="工业", off_use="商业"))
    assert found.measured.value == pytest.approx(42 / 82)
    assert "homes.no_homes" in [note.key for note in found.measured.notes]


# --- land made from buildings


def grown(x, y, size=10, by=30):
    """Return the area of a square grown by some metres."""
    return size * size + 4 * size * by + 3.141592653589793 * by * by


def test_land_is_made_from_footprints_grown_cut_at_streets_and_joined():
    house = town.frame(town.box(0, 0, 10, 10))
    plain = land_from_buildings(house, None, [True], grown_m=30)
    assert plain.area.sum() == pytest.approx(grown(0, 0), rel=1e-4)
    # A street 12 m north of the wall: the cap beyond it is not the house's.
    east, north = town.EAST, town.NORTH
    street = town.frame(shapely.LineString([(east - 100, north + 22), (east + 100, north + 22)]))
    cut = land_from_buildings(house, street, [True], grown_m=30)
    assert cut.total_bounds[3] == pytest.approx(north + 22)
    below = shapely.box(east - 100, north - 100, east + 100, north + 22)
    assert cut.area.sum() == pytest.approx(plain.intersection(below).area.sum(), rel=1e-9)
    # A tunnel cuts nothing, and a street that ends there neither.
    assert land_from_buildings(house, street.assign(tunnel=[True]), [True], grown_m=30).area.sum() == pytest.approx(
        plain.area.sum()
    )
    stub = town.frame(shapely.LineString([(east - 100, north + 22), (east + 5, north + 22)]))
    assert land_from_buildings(house, stub, [True], grown_m=30).area.sum() == pytest.approx(plain.area.sum(), rel=1e-9)
    # The house across the street has its own side; together they are one and each spot counts once.
    both = town.frame(town.box(0, 0, 10, 10), town.box(0, 34, 10, 44))
    made = land_from_buildings(both, street, [True, True], grown_m=30)
    assert made.area.sum() == pytest.approx(2 * cut.area.sum(), rel=1e-6)


def test_county_toml_may_have_the_land_made_from_buildings(tmp_path):
    # All houses within 500 m of Long Park (x = 100): the land made from them is served whole.
    layers = town.layers() | {"buildings": houses(0, 4)}
    del layers["residential"]
    folder = town.write(tmp_path, layers, residential='from = "buildings"', county="[homes]\ngrown_m = 20")
    opened = open_county(folder)
    found = judge.judge(next(one for one in rulebook.load() if one.code == CODE), Measuring(opened))
    assert (found.outcome, found.measured.value) == ("pass", pytest.approx(1.0))
    assert found.measured.denominator == pytest.approx(shapely.union_all(
        [shapely.buffer(one, 20, quad_segs=128) for one in layers["buildings"].geometry]
    ).intersection(layers["study_area"].geometry[0]).area, rel=1e-5)  # fmt: skip
    made = next(one for one in opened.inputs if one.layer == "residential")
    assert (made.source, made.where, made.features) == ("buildings", "grown_m = 20", 1)
    assert "homes.made" in [note.key for note in found.measured.notes]
    # What the whole figure rests on stands beside it on the first page and in the report, not among the notes alone.
    chosen = [one for one in rulebook.load() if one.code == CODE]
    write_check(judge.check(open_county(folder), chosen), chosen, tmp_path / "out", "en", reports=("docx",))
    head = (tmp_path / "out" / "index.html").read_text(encoding="utf-8").partition("</header>")[0]
    said = "Residential land was made from the homes among the buildings"
    assert said in head
    assert any(one.text.startswith(said) for one in Document(str(tmp_path / "out" / "report.docx")).paragraphs)


def test_a_misspelt_key_is_led_to_the_word_that_county_toml_knows(tmp_path):
    with pytest.raises(CountyError) as refused:
        open_county(town.write(tmp_path, town.layers(), residential='form = "buildings"'))
    assert refused.value.text.key == "county.unknown_key"
    assert "from" in refused.value.text.facts["near"]
    assert "made_from" not in refused.value.text.facts["near"]


@pytest.mark.parametrize(
    ("tables", "key"),
    [
        ({"residential": 'from = "buildings"\nsource = "county.gpkg"'}, "county.made_or_delivered"),
        ({"residential": 'from = "buildings"\nnone_exist = true'}, "county.made_or_delivered"),
        ({"parks": 'from = "buildings"'}, "county.made_or_delivered"),
        ({"residential": 'from = "parks"'}, "county.bad_value"),
    ],
)
def test_what_cannot_be_made_is_refused(tmp_path, tables, key):
    layers = {"study_area": town.layers()["study_area"], "buildings": houses(1)}
    with pytest.raises(CountyError) as refused:
        open_county(town.write(tmp_path, layers, **tables))
    assert refused.value.text.key == key


def test_land_needs_buildings_and_homes_among_them(tmp_path):
    area = {"study_area": town.layers()["study_area"]}
    folder = town.write(tmp_path / "none", area, residential='from = "buildings"')
    with pytest.raises(CountyError) as refused:
        open_county(folder)
    assert refused.value.text.key == "county.made_from_nothing"
    layers = {"study_area": town.layers()["study_area"], "buildings": houses(2, on_use="工业")}
    opened = open_county(town.write(tmp_path / "works", layers, residential='from = "buildings"'))
    with pytest.raises(LayerError, match="no building is known to be a home"):
        opened.layer("residential")


# --- kinds of facilities that a table does not hold


def facilities(folder, line="", kinds=("pharmacy",)):
    table = gpd.GeoDataFrame({"kind": list(kinds)}, geometry=[shapely.Point(town.EAST, town.NORTH)] * len(kinds))
    return town.write(folder, {"facilities": table.set_crs(town.CRS)}, facilities=line)


def test_kinds_of_none_and_complete_are_read(tmp_path):
    none = open_county(facilities(tmp_path / "a", 'none = ["canteen"]')).layer("facilities")
    assert none.attrs["none"] == ("canteen",)
    whole = open_county(facilities(tmp_path / "b", "complete = true")).layer("facilities")
    assert "canteen" in whole.attrs["none"]
    assert "pharmacy" not in whole.attrs["none"]


@pytest.mark.parametrize(
    ("line", "key", "word"),
    [
        ('none = ["cantene"]', "county.unknown_facility", "canteen"),
        ('none = ["pharmacy"]', "county.none_has_rows", "pharmacy (1)"),
    ],
)
def test_none_is_refused_where_it_is_no_kind_or_has_rows(tmp_path, line, key, word):
    with pytest.raises((CountyError, LayerError), match=word.replace("(", r"\(").replace(")", r"\)")) as refused:
        open_county(facilities(tmp_path, line)).layer("facilities")
    assert refused.value.text.key == key


def test_none_belongs_to_facilities_only(tmp_path):
    with pytest.raises(CountyError) as refused:
        open_county(town.write(tmp_path, parks='none = ["canteen"]'))
    assert refused.value.text.key == "county.only_facilities"


# --- what readers see


def test_every_page_and_paper_shows_the_figures(tmp_path):
    layers = town.layers() | {"buildings": houses(7, 2)}
    opened = open_county(town.write(tmp_path / "county", layers))
    clauses = [one for one in rulebook.load() if one.code == CODE]
    scorecard = judge.check(opened, clauses)
    write_check(scorecard, clauses, tmp_path / "out", "zh")
    words = [terminal.scorecard(scorecard, clauses, "zh"), (tmp_path / "out" / "index.html").read_text("utf-8")]
    words.append(
        "\n".join(one.text for table in Document(tmp_path / "out" / "report.docx").tables for one in table._cells)
    )
    book = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx")
    words.append("\n".join(str(cell) for row in book["对照数值"].iter_rows(values_only=True) for cell in row))
    titles = ("居住用地上的住宅建筑面积", "由住宅建筑生成的居住用地（轮廓外扩30米）", "按所提供的居住用地（不作判定）")
    for where in words:
        plain = "".join(where.split())
        assert [title for title in titles if title not in plain] == []
        assert "77.78%" in plain or "0.7777" in plain
