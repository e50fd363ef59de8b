"""Where layers lie: zones off, axes swapped, features astray, codes of other places; and what sound layers keep."""

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import town
from shapely import affinity

from gis_planning.county import place
from gis_planning.county.opened import open_county
from gis_planning.errors import CrsError, InputError, NotAssessed
from gis_planning.judging import doubts, judge, rulebook
from gis_planning.judging.projects import read_projects
from gis_planning.judging.review import review
from gis_planning.reports import terminal

LAND = town.frame(town.box(0, 0, 60_000, 40_000), name=["县域"])
REDLINE = town.box(1000, 1000, 3000, 3000)
INSIDE, CLEAR = town.box(1500, 1500, 1600, 1600), town.box(4500, 1500, 4600, 1600)


def reviewed(folder, parcels, layers, **tables):
    """Review parcels on a county of these layers; the redline may have a file of its own."""
    where = town.write(folder, layers, county='rules = ["redline-ecology_142"]', **tables)
    parcels.to_file(folder / "parcels.gpkg", layer="parcels")
    county = open_county(where)
    clauses = [one for one in rulebook.load() if one.document.id == "redline-ecology_142" and one.projects]
    projects = read_projects(county, [folder / "parcels.gpkg"])
    return county, review(county, projects, clauses, activity="urban")


def outcome(found, at=0):
    return next(one for one in found.parcels[at].lines if one.line == "ecological_redline").outcome


def parcels(*shapes):
    return town.frame(*shapes, id=[f"P{at}" for at in range(len(shapes))])


def redline_file(folder, shape, crs=town.CRS):
    folder.mkdir(parents=True, exist_ok=True)
    frame = gpd.GeoDataFrame({"name": ["红线"]}, geometry=[shape], crs=crs)
    frame.to_file(folder / "redline.gpkg", layer="lines")
    return 'source = "redline.gpkg"'


@pytest.mark.parametrize("others", [("study_area",), ("districts",), ("parks",)])
@pytest.mark.parametrize("km_north", [21, 250, 3000])
def test_a_control_line_elsewhere_passes_nobody(tmp_path, others, km_north):
    """The parcel lies in the line as it should be; as delivered, the line lies to the north and touches nothing."""
    layers = dict.fromkeys(others, LAND)
    moved = affinity.translate(REDLINE, 0, 40_000 + km_north * 1000 - 1000)
    table = redline_file(tmp_path, moved)
    _, found = reviewed(tmp_path, parcels(INSIDE), layers, ecological_redline=table)
    assert outcome(found) == "not-assessed"
    told = "\n".join(one.to("en") for one in found.warnings)
    assert "redline.gpkg, table lines" in told
    assert f"{km_north:,} km away" in told


def test_a_control_line_of_another_zone_passes_nobody(tmp_path):
    """Right numbers without their zone's prefix moved by one zone: a label of zone 37 for land of zone 38."""
    table = redline_file(tmp_path, affinity.translate(REDLINE, -1_000_000), "EPSG:4525")
    _, found = reviewed(tmp_path, parcels(INSIDE), {"study_area": LAND}, ecological_redline=table)
    assert outcome(found) == "not-assessed"


@pytest.mark.parametrize("km", [1.5, 19])
def test_a_clean_parcel_near_a_sound_line_still_passes(tmp_path, km):
    """No study area and no other layer: line and parcel tell where the other has to be. Boxes are `km` apart."""
    table = redline_file(tmp_path, REDLINE)
    clean = town.box(3000 + km * 1000, 1500, 3100 + km * 1000, 1600)
    _, found = reviewed(tmp_path, parcels(clean), {}, ecological_redline=table)
    assert outcome(found) == "pass"


@pytest.mark.parametrize("km", [21, 250, 3000])
def test_a_line_and_parcels_apart_pass_nobody(tmp_path, km):
    table = redline_file(tmp_path, affinity.translate(REDLINE, 0, 600 + km * 1000))
    with pytest.raises(CrsError, match=f"{km:,} km away from ecological redline"):
        reviewed(tmp_path, parcels(INSIDE), {}, ecological_redline=table)


def test_what_truly_lies_outside_says_so_and_is_told(tmp_path):
    table = redline_file(tmp_path, affinity.translate(REDLINE, 0, 90_000)) + "\nlies_outside = true"
    _, found = reviewed(tmp_path, parcels(CLEAR), {"study_area": LAND}, ecological_redline=table)
    assert outcome(found) == "pass"
    assert any("lies outside the county" in one.to("en") for one in found.warnings)


def test_a_county_of_parts_far_apart_reviews_the_parcels_of_all(tmp_path):
    """An exclave 250 km north of three towns: by itself a slip, with a word in county.toml a part of the county."""
    towns = [affinity.translate(town.box(0, 0, 9000, 9000), at * 10_000) for at in range(3)]
    parts = town.frame(*towns, affinity.translate(towns[0], 0, 250_000), name=["甲", "乙", "丙", "飞地"])
    parts.to_file(tmp_path / "area.gpkg", layer="area")
    exclave = affinity.translate(CLEAR, 0, 250_000)
    layers = {"ecological_redline": town.frame(REDLINE, name=["红线"])}
    table = 'source = "area.gpkg"'
    _, found = reviewed(tmp_path, parcels(INSIDE, CLEAR, exclave), layers, study_area=table)
    assert [outcome(found, at) for at in range(3)][2] == "not-assessed"
    told = next(one for one in found.warnings if "P2" in one.to("en"))
    assert "lies_outside = true" in told.to("zh")
    _, found = reviewed(tmp_path, parcels(INSIDE, CLEAR, exclave), layers, study_area=table + "\nlies_outside = true")
    assert [outcome(found, at) for at in range(3)] == ["fail", "pass", "pass"]


def test_how_near_is_a_setting(tmp_path):
    table = redline_file(tmp_path, affinity.translate(REDLINE, 0, 90_000))
    where = town.write(tmp_path, {"study_area": LAND}, county="near_km = 60", ecological_redline=table)
    assert len(open_county(where).layer("ecological_redline")) == 1


def test_another_layer_elsewhere_is_refused(tmp_path):
    layers = town.layers()
    layers["parks"] = town.moved({"parks": layers["parks"]}, 30_000, 0)["parks"]
    with pytest.raises(CrsError, match="table parks.*28 km away from study area"):
        open_county(town.write(tmp_path, layers)).layer("parks")


@pytest.mark.parametrize("odd", ["study_area", "districts"])
def test_the_layer_that_lies_apart_from_most_is_named_whichever_is_read(tmp_path, odd):
    layers = town.layers()
    layers |= town.moved({odd: layers[odd]}, 0, 900_000)
    county = open_county(town.write(tmp_path, layers))
    for layer in ("study_area", "districts"):
        with pytest.raises(CrsError, match=rf"county\.gpkg, table {odd}: the layer lies 899 km away from") as refused:
            county.layer(layer)
        assert f"[{odd}]" not in refused.value.to("en")
        assert ("[parks]" in refused.value.to("zh")) == (layer != odd)


def test_of_two_against_two_both_are_told(tmp_path):
    layers = {name: one for name, one in town.layers().items() if name != "districts"}
    away = town.moved({"parks": layers["parks"], "residential": layers["residential"]}, 0, 900_000)
    layers |= {"buildings": layers["residential"], **away}
    with pytest.raises(CrsError, match="cannot be told") as refused:
        open_county(town.write(tmp_path, layers)).layer("parks")
    for told in (refused.value.to("en"), refused.value.to("zh")):
        assert all(f"[{name}]" in told for name in layers)
        assert "lies_outside" in told


def test_parcels_elsewhere_are_refused_without_a_study_area_too(tmp_path):
    with pytest.raises(CrsError, match=r"parcels\.gpkg.*km away from"):
        reviewed(tmp_path, parcels(affinity.translate(INSIDE, 250_000)), {"ecological_redline": town.frame(REDLINE)})


def test_one_parcel_far_from_the_others_is_named_and_never_allowed(tmp_path):
    """A parcel 300 km away touches nothing, but nobody knows what lies there."""
    layers = {"study_area": LAND, "ecological_redline": town.frame(REDLINE)}
    _, found = reviewed(tmp_path, parcels(INSIDE, CLEAR, affinity.translate(CLEAR, 0, 300_000)), layers)
    assert [outcome(found, at) for at in range(3)] == ["fail", "pass", "not-assessed"]
    assert any("1 parcel lies far from the county" in one.to("en") and "P2" in one.to("en") for one in found.warnings)


def test_a_parcel_beyond_the_projection_is_refused_by_its_id(tmp_path):
    far = parcels(INSIDE, affinity.translate(INSIDE, 0, 1e8))
    with pytest.raises(InputError, match="P1|swapped|northing"):
        reviewed(tmp_path, far, {"ecological_redline": town.frame(REDLINE)})


def test_streets_and_what_serves_from_afar_may_lie_300_km_away(tmp_path):
    import shapely

    def facilities(*km, kind):
        points = [shapely.Point(town.EAST + one * 1000, town.NORTH) for one in km]
        return town.frame(*points, kind=[kind] * len(km), name=["x"] * len(km))

    served = town.layers() | {"facilities": facilities(1, 200, 290, kind="airport")}
    assert len(open_county(town.write(tmp_path / "a", served)).layer("facilities")) == 3
    served = town.layers() | {"facilities": facilities(290, kind="motorway_ramp")}
    assert len(open_county(town.write(tmp_path / "b", served)).layer("facilities")) == 1
    served = town.layers() | {"facilities": facilities(290, kind="market")}
    with pytest.raises(CrsError, match="288 km away"):
        open_county(town.write(tmp_path / "c", served)).layer("facilities")
    served = town.layers() | {"facilities": facilities(1, 290, kind="market")}
    county = open_county(town.write(tmp_path / "d", served))
    assert len(county.layer("facilities")) == 1
    assert county.losses["facilities"].count == 1


@pytest.mark.parametrize("metres", [300_000, 1_000_000, 1e8])
def test_a_feature_far_away_is_told_by_number_and_table(tmp_path, metres):
    """Three homes, one astray: the share is not that of the two others, and no figure is given as if it were."""
    layers = town.layers()
    homes = layers.pop("residential")
    homes.loc[1, "geometry"] = affinity.translate(homes.geometry[1], metres)
    homes.to_file(tmp_path / "homes.gpkg", layer="jzyd")
    where = town.write(tmp_path, layers, residential='source = "homes.gpkg"')
    county = open_county(where)
    card = judge.check(county, [one for one in rulebook.load() if one.code == "GC22-1"])
    assert card.verdicts[0].outcome == "not-assessed"
    assert card.verdicts[0].measured is None
    told = "\n".join(one.to("en") for one in card.warnings)
    assert "homes.gpkg, table jzyd: 1 of 3 features lies far" in told
    assert "2 方院" in told


def test_a_layer_of_a_whole_province_keeps_its_features(tmp_path):
    """Parts 90 km apart from one to the next, across 900 km: a large layer, no stray."""
    layers = {
        "study_area": LAND,
        "ecological_redline": town.frame(*(affinity.translate(REDLINE, 0, at * 92_000) for at in range(10))),
    }
    county = open_county(town.write(tmp_path, layers))
    assert len(county.layer("ecological_redline")) == 10
    assert county.losses == {}


@pytest.mark.parametrize(
    ("crs", "shape", "words"),
    [
        ("EPSG:4526", affinity.translate(REDLINE, -38_000_000), "begin with the number of the zone"),
        ("EPSG:4547", REDLINE, "begins with the number of zone 38"),
        ("EPSG:4526", town.affinity.affine_transform(REDLINE, [0, 1, 1, 0, 0, 0]), "x and y are swapped"),
        ("EPSG:4526", affinity.translate(town.shapely.box(0, 0, 0.02, 0.02), 113.9, 41.3), "look like degrees"),
        ("EPSG:4490", affinity.translate(town.shapely.box(0, 0, 0.02, 0.02), 41.3, 113.9), "are swapped"),
        ("EPSG:4490", REDLINE, "no degrees"),
    ],
)
def test_coordinates_that_cannot_be_are_told_with_their_cure(tmp_path, crs, shape, words):
    table = redline_file(tmp_path, shape, crs)
    with pytest.raises(CrsError, match=words):
        open_county(town.write(tmp_path, {"study_area": LAND}, ecological_redline=table)).layer("ecological_redline")


@pytest.mark.parametrize(
    ("code", "name"),
    [("150999", None), ("1509", None), ("370999", "山东省"), ("150102", "新城区"), ("150399", "乌海市"), ("99", None)],
)
def test_a_code_that_contradicts_the_place_is_told_and_changes_nothing(tmp_path, code, name):
    """The town lies at 114 E, 41.4 N, in Ulanqab (1509)."""
    clauses = [one for one in rulebook.load() if one.code == "GC22-1"]
    plain = judge.check(open_county(town.write(tmp_path / "plain")), clauses)
    coded = judge.check(open_county(town.write(tmp_path / "coded", county=f'code = "{code}"')), clauses)
    told = [one.to("zh") for one in coded.warnings if code in one.to("zh")]
    assert len(told) == (name is not None)
    assert all(str(name) in one for one in told)
    assert coded.verdicts[0].measured.value == plain.verdicts[0].measured.value


def test_a_stray_does_not_choose_the_working_crs(tmp_path):
    layers = town.layers()
    layers["study_area"] = town.frame(town.box(0, 0, 2000, 1000), affinity.translate(town.box(0, 0, 9, 9), 1_000_000))
    where = town.write(tmp_path, layers)
    text = (where / "county.toml").read_text(encoding="utf-8")
    (where / "county.toml").write_text(text.replace(f'crs = "{town.CRS}"\n', ""), encoding="utf-8")
    assert open_county(where).crs == pyproj.CRS(town.CRS)


def test_a_line_that_is_elsewhere_is_not_read_as_empty(tmp_path):
    table = redline_file(tmp_path, affinity.translate(REDLINE, 0, 500_000))
    county = open_county(town.write(tmp_path, {"study_area": LAND}, ecological_redline=table))
    for _ in range(2):
        with pytest.raises(NotAssessed):
            county.layer("ecological_redline")


def test_boxes_apart_from_all_others():
    boxes = np.array([[0.0, 0, 1, 1], [np.nan] * 4, [3, 0, 4, 1], [60, 0, 61, 1]])
    assert place.far_from(boxes, 50.0).tolist() == [False, False, False, True]
    assert place.far_from(boxes, 56.0).tolist() == [False] * 4
    assert place.far_from(boxes[:0], 1.0).tolist() == []
    # From where the others are known to be, the one in their midst is the stray.
    assert place.far_from(boxes, 5.0, (58.0, 0.0, 59.0, 1.0)).tolist() == [True, False, True, False]


@pytest.mark.parametrize("km", [0.5, 12])
def test_without_a_study_area_it_is_told_that_nobody_knows_where_a_line_is_whole(tmp_path, km):
    table = redline_file(tmp_path, REDLINE)
    clean = town.box(3000 + km * 1000, 1500, 3100 + km * 1000, 1600)
    _, found = reviewed(tmp_path, parcels(INSIDE, clean), {"parks": town.frame(REDLINE)}, ecological_redline=table)
    assert (outcome(found), outcome(found, 1)) == ("fail", "pass")
    told = [one for one in found.warnings if one.key == "projects.unbounded_beyond"]
    assert len(told) == 1
    assert "1 parcel lies outside all layers of the county (P1)" in told[0].to("en")
    assert "生态保护红线" in told[0].to("zh")
    _, inside = reviewed(tmp_path / "in", parcels(INSIDE), {"parks": town.frame(REDLINE)}, ecological_redline=(
        redline_file(tmp_path / "in", REDLINE)
    ))  # fmt: skip
    assert [one.key for one in inside.warnings if one.key.startswith("projects.unbounded")] == ["projects.unbounded"]


@pytest.mark.parametrize("stated", ["study_area", "coverage"])
def test_where_a_line_is_whole_is_not_asked_where_it_is_said(tmp_path, stated):
    table = redline_file(tmp_path, REDLINE)
    layers = {"study_area": LAND} if stated == "study_area" else {}
    if stated == "coverage":
        LAND.to_file(tmp_path / "land.gpkg", layer="land")
        table += '\ncoverage = "land.gpkg"'
    _, found = reviewed(tmp_path, parcels(CLEAR), layers, ecological_redline=table)
    assert not [one for one in found.warnings if one.key.startswith("projects.unbounded")]


def test_the_terminal_says_why_a_line_could_not_be_judged(tmp_path):
    empty = redline_file(tmp_path, REDLINE) + "\nwhere = \"name = '无'\""
    _, found = reviewed(tmp_path, parcels(INSIDE, CLEAR), {"study_area": LAND}, ecological_redline=empty)
    said = terminal.review(found, "en")
    assert "Cannot be judged: ecological redline (2 of 2 projects)." in said
    assert "none_exist = true" in said
    assert "and 6 more (2 of 2 projects). The line was not delivered." in said


@pytest.mark.parametrize(("crs", "warned"), [("EPSG:4526", False), ("EPSG:4527", True), (None, False)])
def test_a_working_crs_of_another_zone_than_the_countys_is_warned_of(tmp_path, crs, warned):
    # The town lies by 114 E, the meridian of zone 38.
    file = town.write(tmp_path) / "county.toml"
    stated = f'crs = "{crs}"' if crs else ""
    file.write_text(file.read_text(encoding="utf-8").replace(f'crs = "{town.CRS}"', stated), encoding="utf-8")
    county = open_county(tmp_path)
    county.layer("study_area")
    said = [one.to("en") for one in doubts.zone_doubt(county)]
    assert len(said) == warned
    assert all("EPSG:4526 fits" in one and "117° E" in one for one in said)
