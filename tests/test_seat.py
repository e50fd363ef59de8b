"""Areas to divide by, and earlier states: which land a rate names, what it is worked out from, what is refused."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
import town

from gis_planning import cli
from gis_planning.county import areas
from gis_planning.county.opened import open_county
from gis_planning.errors import CountyError, NotAssessed
from gis_planning.judging import judge, rulebook
from gis_planning.judging.measuring import Measuring

CLAUSES = {clause.code: clause for clause in rulebook.load()}
STREET = shapely.LineString([(town.EAST - 500, town.NORTH + 50), (town.EAST + 2500, town.NORTH + 50)])


def judged(folder, code, layers, **more):
    county = open_county(town.write(folder, town.layers() | {"streets": town.frame(STREET)} | layers, **more))
    return judge.judge(CLAUSES[code], Measuring(county, keeps=False)), county


def land(*rows):
    return town.frame(*(town.box(*box) for _, box in rows), **{"class": [code for code, _ in rows]})


def test_a_rate_names_the_area_it_was_asked_for_or_the_one_that_stands_in(tmp_path):
    urban, built = town.frame(town.box(0, 0, 1000, 1000)), town.frame(town.box(0, 0, 500, 1000))
    one, _ = judged(tmp_path / "a", "R51328-1", {"urban_area": urban, "built_up_area": built})
    # 1 km of the street lies in 1 km2.
    assert (one.measured.area, one.measured.value) == ("urban_area", pytest.approx(1.0))
    one, _ = judged(tmp_path / "b", "R51328-1", {"built_up_area": built})
    assert (one.measured.area, one.measured.value) == ("built_up_area", pytest.approx(1.0))
    assert "built_up_area" in one.measured.notes[0].to("en")
    one, _ = judged(tmp_path / "c", "R51328-1", {"town_area": built, "built_up_area": urban})
    assert one.measured.area == "town_area"
    one, _ = judged(tmp_path / "d", "R51328-1", {})
    assert one.outcome == "not-assessed"


def test_the_town_that_holds_the_seat_is_worked_out_from_land_use(tmp_path):
    rows = [
        ("0701", (800, 400, 1000, 600)),
        ("1004", (1000, 400, 1020, 600)),
        # 99 m away belongs to it, 101 m does not.
        ("0601", (1119, 400, 1200, 600)),
        ("0601", (1301, 400, 1400, 600)),
        # A motorway and fields are no town.
        ("1003", (800, 600, 1400, 640)),
        ("0103", (0, 0, 700, 400)),
        ("0701", (100, 900, 200, 1000)),
    ]
    one, county = judged(tmp_path / "a", "R51328-1", {"land_use": land(*rows)})
    found = county.layer("urban_area")
    assert found.area.sum() == pytest.approx(200 * 200 + 20 * 200 + 81 * 200)
    assert found.attrs == {"area": "built_up_area", "made_from": "land_use"}
    assert one.measured.area == "built_up_area"
    assert "TD/T 1064" in one.measured.notes[0].to("zh")
    # The seat says which town it is.
    lon, lat = (
        gpd.GeoSeries([town.box(140, 940, 160, 960).centroid], crs=town.CRS).to_crs("EPSG:4490").iloc[0].coords[0]
    )
    _, county = judged(tmp_path / "b", "R51328-1", {"land_use": land(*rows)}, county=f"seat = [{lon}, {lat}]")
    assert county.layer("urban_area").area.sum() == pytest.approx(100 * 100)
    # Settings of the county's own: nearer together, and railways count.
    place = town.write(tmp_path / "d", town.layers() | {"land_use": land(*rows)})
    with (place / "county.toml").open("a", encoding="utf-8") as file:
        file.write("[areas]\njoined_m = 120.0\n")
    assert open_county(place).layer("built_up_area").area.sum() > 200 * 200 + 20 * 200 + 81 * 200


def test_settlements_of_towns_come_before_land_use(tmp_path):
    settlements = land(("202", (700, 300, 1300, 700)), ("203", (0, 0, 300, 300)), ("202A", (1300, 300, 1400, 700)))
    layers = {"settlement_land": settlements, "land_use": land(("0701", (900, 450, 1100, 550)))}
    _, county = judged(tmp_path, "R51328-1", layers)
    assert county.layer("town_area").area.sum() == pytest.approx(600 * 400)
    assert county.layer("town_area").attrs["made_from"] == "settlement_land"


def test_a_seat_in_no_town_is_told_with_its_cure(tmp_path):
    place = town.write(tmp_path, town.layers() | {"land_use": land(("0701", (0, 0, 50, 50)))})
    with pytest.raises(NotAssessed) as lack:
        open_county(place).layer("urban_area")
    assert "seat = [" in lack.value.reason.to("zh")


@pytest.mark.parametrize("seat", ["[41.3, 113.6, 2]", "[413.0, 41.3]", '"here"'])
def test_a_seat_that_is_no_place_is_refused(tmp_path, seat):
    with pytest.raises(CountyError):
        open_county(town.write(tmp_path, county=f"seat = {seat}"))


def test_areas_that_stand_in_are_named_in_the_policy(tmp_path):
    layers = town.layers() | {"streets": town.frame(STREET), "built_up_area": town.frame(town.box(0, 0, 1000, 1000))}
    place = town.write(tmp_path / "county", layers)
    with pytest.raises(SystemExit):
        cli.main(["policy", str(place), "--out", str(tmp_path / "out"), "--lang", "en"])
    told = json.loads((tmp_path / "out" / "policy.json").read_text(encoding="utf-8"))
    found = {one["code"]: one for clause in told["clauses"] for one in clause["indicators"]}
    assert found["R51328-1"]["area"] == "built_up_area"
    assert found["R51328-1"]["source"]["layers"] == ["streets", "built_up_area", "districts"]
    assert found["R51328-1S"]["area"] == "study_area"
    # Nobody delivered buildings: the area of the indicator is told all the same.
    assert (found["LU-9"]["value"], found["LU-9"]["area"]) == (None, "urban_area")


# -- earlier states


def earlier(folder: Path, now, then, table="year = 2020"):
    place = town.write(folder, town.layers() | {"land_use": now})
    then.to_file(place / "then.gpkg", layer="land", driver="GPKG")
    with (place / "county.toml").open("a", encoding="utf-8") as file:
        file.write(f'[layers.land_use.earlier]\nsource = "then.gpkg"\nlayer = "land"\n{table}\n')
    return place


def test_land_of_two_years_class_by_class(tmp_path):
    now = land(("0103", (0, 0, 500, 100)), ("0701", (500, 0, 700, 100)), ("0301", (700, 0, 1000, 100)))
    then = land(("0103", (0, 0, 600, 100)), ("0301", (600, 0, 1000, 100)))
    county = open_county(earlier(tmp_path, now, then))
    one = judge.judge(CLAUSES["LU-6"], Measuring(county, keeps=False))
    assert one.measured.value == pytest.approx(5 / 6)
    table = one.measured.layers["changes"]
    matrix = {(row["class_before"], row["class"]): round(row["area_m2"]) for _, row in table.iterrows()}
    assert matrix == {
        ("0103", "0103"): 50000,
        ("0103", "0701"): 10000,
        ("0301", "0701"): 10000,
        ("0301", "0301"): 30000,
    }
    assert sum(matrix.values()) == 100_000
    assert one.measured.offenders["class"].tolist() == ["0701"]
    assert [entry.layer for entry in county.inputs if "earlier" in entry.layer] == ["land_use.earlier"]


def test_the_matrix_does_not_hang_on_the_order_of_rows(tmp_path):
    now = land(*((("0103", "0701", "0301")[at % 3], (at * 50, 0, at * 50 + 50, 100)) for at in range(20)))
    then = land(*((("0103", "0103", "0401")[at % 3], (at * 70, 0, at * 70 + 70, 90)) for at in range(14)))
    first = judge.judge(CLAUSES["LU-6"], Measuring(open_county(earlier(tmp_path / "a", now, then)), keeps=False))
    again = judge.judge(
        CLAUSES["LU-6"], Measuring(open_county(earlier(tmp_path / "b", now[::-1], then[::-1])), keeps=False)
    )
    assert first.measured.value == pytest.approx(again.measured.value, rel=1e-12)
    one, other = (m.measured.layers["changes"].sort_values(["class_before", "class"]) for m in (first, again))
    assert one["area_m2"].tolist() == pytest.approx(other["area_m2"].tolist(), rel=1e-9)


@pytest.mark.parametrize(
    "table", ["[layers.land_use.earlier.earlier]\nsource = 'x.gpkg'", "year = 1066", "years = 2020"]
)
def test_an_earlier_state_that_is_none_is_refused(tmp_path, table):
    with pytest.raises(CountyError):
        open_county(earlier(tmp_path, land(("0103", (0, 0, 9, 9))), land(("0103", (0, 0, 9, 9))), table))


def test_a_state_later_than_its_layer_is_refused(tmp_path):
    place = earlier(tmp_path, land(("0103", (0, 0, 9, 9))), land(("0103", (0, 0, 9, 9))), "year = 2025")
    file = place / "county.toml"
    text = file.read_text(encoding="utf-8").replace('layer = "land_use"\n', 'layer = "land_use"\nyear = 2020\n', 1)
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CountyError):
        open_county(place)


def test_two_years_in_other_coordinates_are_the_same_land(tmp_path):
    now = land(("0103", (0, 0, 500, 100)), ("0701", (500, 0, 1000, 100)))
    then = land(("0103", (0, 0, 1000, 100))).to_crs("EPSG:4490")
    one = judge.judge(CLAUSES["LU-6"], Measuring(open_county(earlier(tmp_path, now, then)), keeps=False))
    assert one.measured.value == pytest.approx(0.5, rel=1e-6)
    assert areas.AREAS == ("urban_area", "town_area", "built_up_area")


def test_a_county_says_where_a_disputed_class_belongs(tmp_path):
    # 1109 is built land by one list and none by another.
    layers = {"land_use": land(("0701", (0, 0, 100, 100)), ("1109", (100, 0, 200, 100)), ("0103", (200, 0, 400, 100)))}
    layers["development_boundary"] = town.frame(town.box(0, 0, 100, 100))
    one, _ = judged(tmp_path / "a", "LU-2", layers)
    assert one.measured.value == pytest.approx(1 / 2)
    one, _ = judged(tmp_path / "b", "LU-2", layers, county='great_classes = { "1109" = "unused" }')
    assert one.measured.value == pytest.approx(1)
