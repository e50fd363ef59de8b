"""OpenStreetMap as a source of a county: a small invented town counted by eye, refusals, real extracts, a fake server.

The town lies at 41.4 N 113.2 E on a grid of 0.001 degree (84 m by 111 m); `(x, y)` below are grid steps. The county is
the square 0..20, its districts are the west (0..10) and the east (10..20) half.
"""

from __future__ import annotations

import bz2
import dataclasses
import http.server
import json
import re
import socket
import threading
import tomllib
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import pyogrio
import pytest
import shapely
from refusals import refused

from gis_planning import geo, streets
from gis_planning.conventions import facts, kinds
from gis_planning.county.opened import open_county
from gis_planning.errors import LayerError, OutputError, SourceError
from gis_planning.formats.osm import import_osm, layers_of, read_extract, read_place, read_streets
from gis_planning.formats.read import osm_tags, vector
from gis_planning.formats.read.osm_place import queried_tags
from gis_planning.formats.read.osm_tags import boundaries_of, kept_keys, read_keys
from gis_planning.formats.write.folder import toml_of, write_county
from gis_planning.texts import catalogue

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
WEST, SOUTH, STEP = 113.2, 41.4, 0.001
HOSTILE = '</script>"quoted" \\ back\'tick'


class Town:
    """Writes OSM XML: nodes are made where a way needs them, one per grid point."""

    def __init__(self):
        self.points, self.nodes, self.ways, self.relations = {}, [], [], []

    def node(self, x, y, **tags):
        if (x, y) not in self.points:
            self.points[x, y] = len(self.points) + 1
            place = f'id="{self.points[x, y]}" lat="{SOUTH + y * STEP:.7f}" lon="{WEST + x * STEP:.7f}"'
            self.nodes.append([place, {}])
        number = self.points[x, y]
        self.nodes[number - 1][1].update(tags)
        return number

    def way(self, points, **tags):
        self.ways.append(([self.node(*point) for point in points], tags))
        return len(self.ways)

    def square(self, x, y, side, **tags):
        return self.way([(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)], **tags)

    def relation(self, members, **tags):
        self.relations.append((members, tags))
        return len(self.relations)

    def xml(self, *, ways_first=False):
        def tagged(head, body, tags):
            text = "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
            return f"<{head}>{body}{text}</{head.split()[0]}>"

        nodes = [tagged(f'node version="1" {place}', "", tags) for place, tags in self.nodes]
        ways = [
            tagged(f'way version="1" id="{number}"', "".join(f'<nd ref="{ref}"/>' for ref in refs), tags)
            for number, (refs, tags) in enumerate(self.ways, 1)
        ]
        relations = [
            tagged(
                f'relation version="1" id="{number}"',
                "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members),
                tags,
            )
            for number, (members, tags) in enumerate(self.relations, 1)
        ]
        order = [*ways, *relations, *nodes] if ways_first else [*nodes, *ways, *relations]
        return "<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>" + "".join(order) + "</osm>"


def invented_town():
    town = Town()
    border = {"type": "boundary", "boundary": "administrative"}
    south_east = town.way([(0, 0), (10, 0), (20, 0), (20, 20)])
    north_west = town.way([(20, 20), (10, 20), (0, 20), (0, 0)])
    county = {"name": "示例县", "name:en": "Demo County", "admin_level": "6"}
    town.relation([(south_east, "outer"), (north_west, "outer")], **border, **county)  # relation 1
    for name, x in (("West", 0), ("East", 10)):  # relations 2 and 3
        half = town.way([(x, 0), (x + 10, 0), (x + 10, 20), (x, 20), (x, 0)])
        town.relation([(half, "outer")], **border, name=name, admin_level="8")
    town.relation([(south_east, "outer"), (999, "outer")], **border, name="Elsewhere", admin_level="6")  # relation 4
    # Parks: one with a hole and a hostile name, a garden for all, one 420 m outside, one 5 km outside.
    outer, hole = town.square(2, 2, 4), town.square(3, 3, 1)
    town.relation([(outer, "outer"), (hole, "inner")], type="multipolygon", leisure="park", name=HOSTILE)  # relation 5
    town.square(25, 2, 2, leisure="park", name="Outside")
    town.square(80, 2, 2, leisure="park", name="Far away")
    town.square(7, 2, 1, leisure="garden", access="yes", name="Public garden")
    town.square(7, 4, 1, leisure="garden", access="private")
    town.square(7, 6, 1, leisure="garden")
    town.square(7, 8, 1, leisure="park", disused="yes")
    town.square(7, 10, 1, landuse="grass")
    town.square(7, 12, 1, landuse="village_green")
    town.square(12, 2, 1, highway="pedestrian", area="yes", name="Square")
    # Gates: two on the park's edge, one of them private; one on the gated compound; one of nothing.
    town.node(2, 4, barrier="gate")
    town.node(4, 2, barrier="gate", access="private")
    town.node(12, 12, barrier="lift_gate")
    town.node(15, 2, barrier="gate")
    town.square(12, 12, 4, landuse="residential", barrier="fence", name="Compound")
    town.square(12, 17, 2, landuse="residential")
    # Buildings: six floors, floors that are no number, one that is none, one ring of two points.
    town.square(13, 13, 1, building="apartments", **{"building:levels": "6", "building:flats": "24"})
    town.square(14, 14, 1, building="yes", **{"building:levels": "3;4"})
    town.square(15, 13, 1, building="no")
    town.way([(15, 15), (16, 15), (15, 15)], building="yes", name="Two points")
    # Streets: a ring road is a line; a bridge; a passage on the ground; two shut ones; one that is not built yet.
    town.square(1, 8, 4, highway="residential", name="Ring")
    town.way([(0, 1), (20, 1)], highway="primary", bridge="yes", layer="1")
    town.way([(0, 7), (20, 7)], highway="footway", tunnel="building_passage")
    town.way([(0, 16), (5, 16)], highway="service", access="private")
    town.way([(0, 17), (5, 17)], highway="trunk", motorroad="yes", tunnel="yes", layer="-1")
    town.way([(0, 18), (5, 18)], highway="construction")
    # Barriers: a river, a culvert that is none, a pond; the fence of the compound comes with its land.
    town.way([(0, 19), (20, 19)], waterway="river", name="River")
    town.way([(0, 15), (5, 15)], waterway="river", tunnel="culvert")
    town.square(17, 5, 1, natural="water")
    # Facilities.
    town.node(11, 11, amenity="post_office", shop="convenience", name="Post and shop")
    town.node(11, 9, amenity="school", name="实验小学")
    town.node(11, 8, amenity="school", name="Some school")
    town.node(11, 6, amenity="shelter")
    town.node(11, 5, amenity="toilets", access="customers")
    town.square(17, 8, 1, leisure="pitch", sport="basketball;soccer")
    town.node(18, 11, place="village", name="东村", population="about 300")
    # Old things: one that is listed by the county, one that is a building, one that is none.
    town.node(16, 4, heritage="8", historic="archaeological_site", name="Old wall")
    town.node(16, 5, historic="temple")
    town.node(16, 6, historic="boundary_stone")
    return town


@pytest.fixture
def town_file(tmp_path):
    path = tmp_path / "town.osm"
    path.write_text(invented_town().xml(), encoding="utf-8")
    return path


@pytest.fixture
def layers(town_file):
    return layers_of(read_extract(town_file))


def area_in_steps(geometry):
    return round(shapely.area(geometry) / STEP**2, 6)


def message(refusal, lang="en"):
    said = refusal.value.to(lang)
    assert "{" not in said
    return said


# --- the mapping ---------------------------------------------------------------------------------------------------


def test_every_kind_and_field_of_the_tables_is_one_of_ours():
    spec = facts("osm")["layers"]
    for kind, table in spec.items():
        ours = {field.name for field in kinds()[kind].fields}
        said = {
            *table["fields"],
            *table.get("flags", {}),
            *(key for rule in table["rules"] for key in rule.get("set", {})),
        }
        assert said - ours <= {"access"}, kind
        assert all("any" in rule for rule in table["rules"]), kind
    assert set(read_keys()) <= set(kept_keys())


def test_every_facility_kind_that_a_rule_gives_is_a_known_one():
    known = """kindergarten primary_school middle_school childcare elderly_care nursing_home clinic hospital pharmacy
        cultural_centre sports_ground football_pitch fitness_ground market supermarket convenience_store breakfast_shop
        restaurant canteen laundry hairdresser repair_shop print_shop housekeeping parcel_point post_office bank
        recycling_point waste_point toilet community_service employment_service police fire_station shelter bus_stop
        charging_station parking other"""
    assert {rule["set"]["kind"] for rule in facts("osm")["layers"]["facilities"]["rules"]} == set(known.split())


def test_parks_are_what_anybody_may_enter(layers):
    parks = layers["parks"].set_index("name")
    assert sorted(parks.index) == sorted([HOSTILE, "Outside", "Far away", "Public garden", "Square"])
    assert area_in_steps(parks.geometry[HOSTILE]) == 15  # 4 x 4 less the hole of 1
    assert parks.loc[HOSTILE, ["osm_id", "class"]].tolist() == ["relation/5", "1401"]
    assert parks["class"]["Square"] == "1403"


def taking(kind, geometry):
    """The kinds of layers, one of which takes another geometry."""
    return lambda: kinds() | {kind: dataclasses.replace(kinds()[kind], geometry=geometry)}


def test_streets_have_flags(layers):
    by_class = layers["streets"].set_index("class")
    assert sorted(by_class.index) == ["footway", "pedestrian", "primary", "residential", "service", "trunk"]
    assert by_class["level"].dropna().to_dict() == {"primary": 1, "trunk": -1}
    assert by_class.index[by_class["bridge"]].tolist() == ["primary"]
    assert by_class.index[by_class["tunnel"]].tolist() == ["trunk"]
    assert by_class["foot"].dropna().to_dict() == {"service": "private", "trunk": "no"}


def squares_and_rings():
    town = Town()
    town.square(0, 0, 2, highway="pedestrian", area="yes", name="Square")
    town.square(4, 0, 2, place="square", name="Place")
    outer, hole = town.square(8, 0, 4), town.square(9, 1, 1)
    town.relation([(outer, "outer"), (hole, "inner")], type="multipolygon", highway="pedestrian", name="With a hole")
    town.square(14, 0, 2, highway="service", area="yes", name="Forecourt")
    town.square(18, 0, 2, highway="pedestrian", name="Closed line")
    town.square(22, 0, 2, highway="residential", name="Ring road")
    town.square(0, 4, 2, junction="roundabout", highway="primary", name="Roundabout")
    town.way([(4, 4), (8, 4)], highway="motorway", name="Motorway")
    town.way([(4, 5), (8, 5)], highway="motorway", oneway="no", name="Both ways")
    town.way([(4, 6), (8, 6)], highway="residential", oneway="-1", name="Against")
    town.way([(4, 7), (8, 7)], highway="residential", name="Street")
    return town


@pytest.mark.parametrize("geometry", ["line", "any"])
def test_squares_stay_land_where_the_layer_takes_land(tmp_path, monkeypatch, geometry):
    monkeypatch.setattr(osm_tags, "kinds", taking("streets", geometry))
    path = tmp_path / "squares.osm"
    path.write_text(squares_and_rings().xml(), encoding="utf-8")
    table = read_streets(path).frame.set_index("name")
    land = {"Square": "Polygon", "Place": "Polygon", "With a hole": "Polygon"}
    lines = {"Square": "LineString", "Place": "LineString", "With a hole": "MultiLineString"}
    assert table.geom_type[list(land)].to_dict() == (lines if geometry == "line" else land)
    assert set(table["class"][list(land)]) == {"pedestrian"}
    assert set(table.geom_type[["Forecourt", "Closed line", "Ring road", "Roundabout"]]) == {"LineString"}
    if geometry == "any":
        assert area_in_steps(table.geometry["With a hole"]) == 15


def test_one_way_streets_say_so(tmp_path):
    path = tmp_path / "oneway.osm"
    path.write_text(squares_and_rings().xml(), encoding="utf-8")
    oneway = read_streets(path).frame.set_index("name")["oneway"]
    assert oneway.dropna().to_dict() == {"Roundabout": "yes", "Motorway": "yes", "Both ways": "no", "Against": "-1"}


def test_the_streets_of_an_extract_are_those_that_are_imported(town_file, tmp_path):
    delivered = read_streets(town_file)
    assert (delivered.crs.to_epsg(), delivered.table) == (4326, None)
    packed = tmp_path / "town.osm.bz2"
    packed.write_bytes(bz2.compress(town_file.read_bytes()))
    assert len(read_streets(packed).frame) == len(delivered.frame)
    import_osm(town_file, tmp_path / "out")
    written = pyogrio.read_dataframe(tmp_path / "out" / "county.gpkg", layer="streets")
    assert list(written.columns) == [*delivered.frame.columns.drop("geometry"), "geometry"]
    assert set(written["osm_id"]) == set(delivered.frame["osm_id"])
    bare = tmp_path / "bare.osm"
    town = Town()
    town.square(0, 0, 1, building="yes")
    bare.write_text(town.xml(), encoding="utf-8")
    with pytest.raises(SourceError) as refusal:
        read_streets(bare)
    assert "no streets in it" in message(refusal)
    with pytest.raises(SourceError) as refusal:
        read_streets(tmp_path / "none.osm.pbf")
    assert "no such file" in message(refusal)


def written(tmp_path, town, *left_out):
    """Write a town without some of its nodes, as an extract cut along a line leaves them out."""
    text = town.xml()
    for place in left_out:
        node = re.search(rf'<node version="1" id="{town.points[place]}".*?</node>', text)[0]
        text = text.replace(node, "")
    path = tmp_path / "cut.osm"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_way_cut_by_the_edge_of_an_extract_keeps_what_lies_inside(tmp_path):
    town = Town()
    town.way([(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0)], highway="residential", name="A")
    town.way([(0, 1), (1, 1), (2, 1)], highway="residential", name="B")
    town.way([(3, 5), (4, 5)], highway="residential", name="C")  # one node is no street
    delivered = read_streets(written(tmp_path, town, (2, 0), (4, 5)))
    assert delivered.frame["name"].tolist() == ["A", "B"]
    # 0-1 and 3-4-5 of a way of five steps.
    assert delivered.frame.geometry[0].geom_type == "MultiLineString"
    assert shapely.length(delivered.frame.geometry.to_numpy()) / STEP == pytest.approx([3, 2])
    note, lost = delivered.warnings
    assert (note.key, note.facts["count"]) == ("osm.note_cut", 1)
    assert (lost.key, lost.facts["some"]) == ("osm.note_lost", ["way/3"])
    assert note.facts["length_m"] == pytest.approx(3 * 83.6, rel=0.01)  # a step east is 83.6 m there


def test_land_that_cannot_be_closed_is_told_by_layer_and_id(tmp_path):
    town = Town()
    town.way([(0, 0), (9, 0)], highway="residential")
    park, house, plaza = (town.square(x, 5, 2) for x in (0, 10, 20))
    for way, tags in ((park, {"leisure": "park"}), (house, {"building": "yes"}), (plaza, {"place": "square"})):
        town.ways[way - 1][1].update(tags)
    town.relation([(town.square(30, 5, 2), "outer"), (999, "inner")], type="multipolygon", natural="water")
    path = written(tmp_path, town, (2, 7), (12, 7), (22, 7))
    assert read_extract(path).attrs["lost"] == {
        "parks": ["way/2", "way/4"],  # a square is a park too
        "buildings": ["way/3"],
        "streets": ["way/4"],
        "barriers": ["relation/1"],
    }
    (lost,) = read_streets(path).lost
    assert (lost.count, lost.features) == (1, ("way/4",))
    assert "way/4" in lost.reason.to("en")
    assert "cut.osm" in lost.reason.to("zh")
    notes = [note for note in import_osm(path, tmp_path / "out").notes if note.key == "osm.note_lost"]
    assert len(notes) == 4


GATES = [
    ({"barrier": "gate", "foot": "no"}, True),
    ({"barrier": "bollard", "foot": "no"}, True),
    ({"barrier": "lift_gate", "access": "private"}, True),
    ({"barrier": "gate", "access": "no"}, True),
    ({"barrier": "gate", "access": "no", "foot": "yes"}, False),
    ({"barrier": "gate", "access": "private", "foot": "permissive"}, False),
    ({"barrier": "bollard", "access": "no"}, False),  # of cars
    ({"barrier": "gate"}, False),
    ({"highway": "crossing", "foot": "no"}, False),
]


@pytest.mark.parametrize(("tags", "shut"), GATES)
@pytest.mark.parametrize("parts", [1, 2])
def test_nobody_walks_through_a_gate_that_is_shut(tmp_path, tags, shut, parts):
    """A street of four steps with a gate in its middle, in one way or two, with a street that leads there as well."""
    town = Town()
    line = [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)]
    for points in [line] if parts == 1 else [line[:3], line[2:]]:
        town.way(points, highway="service")
    town.way([(2, 0), (2, 3)], highway="footway")
    town.node(2, 0, **tags)
    delivered = read_streets(written(tmp_path, town))
    table = delivered.frame.to_crs(osm_tags.metric_crs(delivered.frame))
    total = table.length.sum()
    assert total == pytest.approx(4 * 83.6 + 3 * 111.1, rel=0.01)
    walking, driving = streets.build(table), streets.build(table, mode="drive")
    assert len(np.unique(walking.component)) == (3 if shut else 1)
    # Each of the three arms gives 10 cm to the gate; cars go on as before.
    assert total - walking.report.length_m == pytest.approx(0.3 if shut else 0.0, abs=0.01)
    assert len(np.unique(driving.component)) == 1
    assert [note.key for note in delivered.warnings] == (["osm.note_gates"] if shut else [])


@pytest.mark.parametrize(
    "tags",
    [{"highway": "platform"}, {"railway": "platform"}, {"public_transport": "platform"}, {"highway": "corridor"}],
)
def test_platforms_and_corridors_are_walked_and_not_driven(tmp_path, tags):
    town = Town()
    town.way([(0, 0), (3, 0)], highway="footway")
    town.way([(3, 0), (4, 0)], **tags)
    town.way([(4, 0), (7, 0)], highway="footway")
    town.way([(3, 5), (4, 5)], highway="residential")
    table = read_streets(written(tmp_path, town)).frame
    table = table.to_crs(osm_tags.metric_crs(table))
    assert table["class"][1] in {"platform", "corridor"}
    walking = streets.build(table)
    assert walking.component[walking.u[0]] == walking.component[walking.u[2]]
    assert streets.build(table, mode="drive").report.closed == 3


def test_a_corridor_crosses_a_street_above_or_below_it(tmp_path):
    town = Town()
    town.way([(0, 0), (4, 0)], highway="residential")
    town.way([(2, -2), (2, 2)], highway="corridor")
    table = read_streets(written(tmp_path, town)).frame
    assert len(np.unique(streets.build(table.to_crs(osm_tags.metric_crs(table))).component)) == 2


def test_land_tagged_on_its_outer_way_keeps_the_holes_of_its_relation(tmp_path):
    town = Town()
    # A park of 16 with a lake of 1 and a hole of 1 that bears the park's own tags.
    outer = town.square(0, 0, 4, leisure="park", name="Old")
    members = [(outer, "outer"), (town.square(1, 1, 1, leisure="park", name="Old"), "inner")]
    members.append((town.way([(2, 2), (3, 2), (3, 3), (2, 3), (2, 2)], natural="water"), "inner"))
    town.relation(members, type="multipolygon")
    # Another of two open ways, each with the tags.
    halves = [town.way(points, leisure="park", name="Halves") for points in
              ([(10, 0), (14, 0), (14, 4)], [(14, 4), (10, 4), (10, 0)])]  # fmt: skip
    town.relation([(halves[0], "outer"), (halves[1], "outer"), (town.square(11, 1, 1), "inner")], type="multipolygon")
    layers = layers_of(read_extract(written(tmp_path, town)))
    parks = layers["parks"].set_index("osm_id")
    assert {one: area_in_steps(shape) for one, shape in parks.geometry.items()} == {"way/1": 14, "relation/2": 15}
    assert area_in_steps(layers["barriers"].geometry.union_all()) == 1


def test_land_whose_holes_lie_outside_the_extract_is_kept_and_told(tmp_path):
    town = Town()
    town.way([(0, 0), (9, 0)], highway="residential")
    outer = town.square(0, 1, 4, leisure="park")
    town.relation([(outer, "outer"), (999, "inner")], type="multipolygon")
    # Land of two open ways, one of which is missing, cannot be put together at all.
    half = town.way([(10, 1), (14, 1), (14, 5)], leisure="park")
    town.relation([(half, "outer"), (998, "outer")], type="multipolygon")
    path = written(tmp_path, town)
    features = read_extract(path)
    assert features.attrs["unholed"] == [f"way/{outer}"]
    assert features.attrs["lost"] == {"parks": ["relation/2"]}
    parks = layers_of(features)["parks"].set_index("osm_id")
    assert area_in_steps(parks.geometry[f"way/{outer}"]) == 16
    told = {note.key: note for note in import_osm(path, tmp_path / "out").notes}
    assert told["osm.note_unholed"].facts["some"] == [f"way/{outer}"]
    assert told["osm.note_lost"].facts["count"] == 1
    assert f"way/{outer}" not in told["osm.note_skipped"].to("en")


def test_a_table_of_an_extract_is_read_as_a_layer_and_says_what_it_lacks(tmp_path):
    town = Town()
    town.way([(0, 0), (9, 0)], highway="residential")
    inner = town.square(1, 2, 1)
    town.relation([(town.square(0, 1, 4), "outer"), (inner, "inner")], type="multipolygon", leisure="park")
    town.relation([(town.square(10, 1, 4), "outer"), (999, "inner")], type="multipolygon", leisure="park")
    border = [(town.way([(20, 1), (24, 1)]), "outer")]
    town.relation(border, type="boundary", boundary="administrative", admin_level="6", name="Cut")
    path = written(tmp_path, town)
    land = vector.read(path, table="multipolygons")
    assert [area_in_steps(shape) for shape in land.frame.geometry] == [15]
    (lost,) = land.lost
    assert (lost.count, lost.features) == (2, ("relation/2", "relation/3"))
    assert lost.reason in land.warnings
    # An extract cuts every border; that says nothing of parks.
    (lost,) = vector.read(path, table="multipolygons", where="leisure = 'park'").lost
    assert lost.features == ("relation/2",)
    assert vector.read(path, table="multipolygons", where="admin_level = '6'").lost[0].count == 2
    lines = vector.read(path, table="lines")
    assert (len(lines.lost), [one.key for one in lines.warnings]) == (0, ["source.osm_cut"])
    with pytest.raises(LayerError) as left:
        vector.read(path)
    assert "multipolygons" in left.value.text.to("en")


def test_buildings_and_numbers_that_are_none(layers):
    buildings = layers["buildings"]
    assert len(buildings) == 2
    assert np.array_equal(buildings["floors"], [6, np.nan], equal_nan=True)
    assert buildings["dwellings"].iloc[0] == 24
    assert buildings.attrs["unread"] == {"floors": 1}
    assert layers["villages"].attrs["unread"] == {"population": 1}


def test_what_is_old_or_listed_says_at_which_level(layers):
    old = layers["listed_buildings"]
    assert old["name"].fillna("").tolist() == ["Old wall", ""]
    assert old["grade"].fillna("").tolist() == ["8", ""]


def test_gates_stand_on_edges(layers):
    entrances, gates = layers["park_entrances"], layers["compound_gates"]
    assert [(round((p.x - WEST) / STEP), round((p.y - SOUTH) / STEP)) for p in entrances.geometry] == [(2, 4)]
    assert [(round((p.x - WEST) / STEP), round((p.y - SOUTH) / STEP)) for p in gates.geometry] == [(12, 12)]
    assert layers["residential"]["gated"].tolist() == [True, False]


def test_barriers(layers):
    barriers = layers["barriers"]
    assert sorted(zip(barriers["kind"], barriers.geom_type, strict=True)) == [
        ("fence", "LineString"),
        ("river", "LineString"),
        ("water", "Polygon"),
    ]


def test_facilities_may_have_two_kinds(layers):
    facilities = layers["facilities"]
    assert sorted(facilities["kind"]) == [
        "convenience_store;post_office",
        "other",
        "primary_school",
        "sports_ground;football_pitch",
    ]
    assert facilities.set_index("kind").geometry["sports_ground;football_pitch"].geom_type == "Polygon"


@pytest.mark.parametrize(
    ("tags", "taken"),
    [
        ({"leisure": "fitness_centre", "name": "活力健身"}, False),
        ({"amenity": "gym"}, False),
        ({"leisure": "sports_centre", "sport": "fitness"}, False),
        ({"leisure": "sports_centre", "sport": "yoga;fitness"}, False),
        ({"leisure": "sports_centre", "name": "Anytime Fitness"}, False),
        ({"leisure": "sports_centre", "name": "一兆健身俱乐部"}, False),
        ({"leisure": "sports_centre", "sport": "basketball", "access": "members"}, False),
        ({"leisure": "sports_centre"}, True),
        ({"leisure": "sports_centre", "sport": "fitness;swimming", "name": "旗体育中心"}, True),
        ({"leisure": "sports_centre", "name": "全民健身中心"}, True),
        ({"leisure": "stadium"}, True),
    ],
)
def test_a_gym_is_no_public_sports_ground(tmp_path, tags, taken):
    town = Town()
    town.node(11, 11, amenity="toilets")
    town.node(12, 11, **tags)
    path = tmp_path / "gym.osm"
    path.write_text(town.xml(), encoding="utf-8")
    kinds_there = set(layers_of(read_extract(path))["facilities"]["kind"])
    assert kinds_there == {"toilet", *(["sports_ground"] if taken else [])}


def test_broken_elements_are_skipped_and_listed(town_file):
    skipped = read_extract(town_file).attrs["skipped"]
    assert len(skipped) == 2
    assert skipped[0].endswith(" Two points")
    assert skipped[1] == "relation/4 Elsewhere"


def test_boundaries_have_names_and_levels(town_file):
    found = boundaries_of(read_extract(town_file)).set_index("name")
    assert found["level"].to_dict() == {"示例县": 6, "West": 8, "East": 8}
    assert found["names"]["示例县"] == {"示例县", "demo county"}


def test_order_and_packing_of_the_file_do_not_matter(tmp_path, layers):
    path = tmp_path / "town.osm.bz2"
    path.write_bytes(bz2.compress(invented_town().xml(ways_first=True).encode()))
    again = layers_of(read_extract(path))
    assert {kind: len(layer) for kind, layer in again.items()} == {kind: len(layer) for kind, layer in layers.items()}
    assert area_in_steps(again["parks"].geometry.union_all()) == area_in_steps(layers["parks"].geometry.union_all())


# --- the county folder ---------------------------------------------------------------------------------------------


def test_round_trip_into_a_county_folder(town_file, tmp_path):
    out = tmp_path / "counties" / "demo"
    brought = import_osm(town_file, out, lang="en")
    assert sorted(path.name for path in out.iterdir()) == ["county.gpkg", "county.toml"]
    assert [path.name for path in out.parent.iterdir()] == ["demo"]
    county = tomllib.loads((out / "county.toml").read_text(encoding="utf-8"))
    assert county["county"]["name"] == brought.name == "示例县"
    assert county["county"]["crs"] == "EPSG:4526"
    assert "100% of: buildings" in county["county"]["note_en"]
    assert "OpenStreetMap contributors" in county["county"]["note_en"]
    assert "buildings" not in county["county"]["note"]
    # What the next edit makes untrue is no note of every page, but stands beside it.
    written = (out / "county.toml").read_text(encoding="utf-8")
    beside = [line for line in written.partition("[county]")[0].splitlines() if line.startswith("# ")]
    assert len(beside) == len(brought.notes)
    assert not any(note.to("en") in county["county"]["note_en"] for note in brought.notes)
    assert county["layers"]["parks"] == {"source": "county.gpkg", "layer": "parks"}
    assert (
        set(county["layers"]) == {name for name, _ in pyogrio.list_layers(out / "county.gpkg")} == set(brought.counts)
    )
    tables = {kind: pyogrio.read_dataframe(out / "county.gpkg", layer=kind) for kind in brought.counts}
    assert {kind: len(table) for kind, table in tables.items()} == brought.counts
    assert {table.crs.to_epsg() for table in tables.values()} == {4326}
    assert sorted(tables["districts"]["name"]) == ["East", "West"]
    assert area_in_steps(tables["study_area"].geometry[0]) == 400
    # 420 m outside stays, uncut; 5 km outside does not.
    assert set(tables["parks"]["name"]) == {HOSTILE, "Outside", "Public garden", "Square"}
    assert {note.key for note in brought.notes} == {
        "homes.at_import", "osm.note_districts", "osm.note_schools", "osm.note_unread", "osm.note_skipped",
        "osm.note_lost", "osm.note_missing",  # no shelter is mapped
    }  # fmt: skip


def test_the_summary_is_said_in_both_languages(town_file, tmp_path):
    brought = import_osm(town_file, tmp_path / "demo")
    english, chinese = brought.to("en").splitlines(), brought.to("zh").splitlines()
    assert len(english) == len(chinese) == 1 + len(brought.counts) + 1 + len(brought.notes) + 1
    assert english[0] == f"County folder {tmp_path / 'demo'}: 示例县, working CRS EPSG:4526, data of an unstated date."
    assert "  buildings: 2" in english
    assert "  建筑：2" in chinese


def test_a_county_from_osm_opens(town_file, tmp_path):
    brought = import_osm(town_file, tmp_path / "demo", lang="zh")
    county = open_county(tmp_path / "demo")
    assert {kind: len(county.layer(kind)) for kind in brought.counts} == brought.counts
    assert county.layer("streets")["bridge"].sum() == 1
    assert county.layer("buildings")["floors"].max() == 6


def test_area_by_any_of_its_names(town_file, tmp_path):
    for number, name in enumerate(("demo COUNTY", "示例县")):
        assert import_osm(town_file, tmp_path / str(number), area=name).name == "示例县"
    west = import_osm(town_file, tmp_path / "west", area="West")
    assert west.choice.key == "osm.chosen_named"
    assert "districts" not in west.counts
    table = pyogrio.read_dataframe(tmp_path / "west" / "county.gpkg", layer="study_area")
    assert area_in_steps(table.geometry[0]) == 200


def test_district_level_can_be_chosen(town_file, tmp_path):
    assert import_osm(town_file, tmp_path / "a", district_level=8).counts["districts"] == 2
    with pytest.raises(SourceError) as refusal:
        import_osm(town_file, tmp_path / "b", district_level=9)
    assert "level 9" in message(refusal)
    assert message(refusal).endswith("Levels that do: 8.")


def test_without_a_whole_boundary_the_rectangle_of_what_is_mapped(tmp_path):
    town = Town()
    town.square(2, 2, 1, building="yes")
    town.way([(1, 1), (5, 4)], highway="residential")
    path = tmp_path / "no-boundary.osm"
    path.write_text(town.xml(), encoding="utf-8")
    brought = import_osm(path, tmp_path / "out")
    assert (brought.name, brought.choice.key) == ("no-boundary", "osm.chosen_around")
    assert {"osm.note_edge", "osm.note_no_residential"} <= {note.key for note in brought.notes}
    assert "residential" not in brought.counts
    table = pyogrio.read_dataframe(tmp_path / "out" / "county.gpkg", layer="study_area")
    assert area_in_steps(table.geometry[0]) == 12


def test_the_rectangle_the_extract_states(tmp_path):
    town = Town()
    town.way([(-5, 1), (5, 1)], highway="residential")
    town.node(0, 9, place="village")
    bounds = f'<bounds minlat="{SOUTH}" minlon="{WEST}" maxlat="{SOUTH + 4 * STEP}" maxlon="{WEST + 4 * STEP}"/>'
    path = tmp_path / "box.osm"
    path.write_text(town.xml().replace("<node", f"{bounds}<node", 1), encoding="utf-8")
    assert import_osm(path, tmp_path / "out").choice.key == "osm.chosen_box"
    table = pyogrio.read_dataframe(tmp_path / "out" / "county.gpkg", layer="study_area")
    assert area_in_steps(table.geometry[0]) == 12  # 4 wide, from the street at 1 to the box's edge at 4


def test_a_single_point_still_gives_a_county(tmp_path):
    town = Town()
    town.node(0, 0, place="village", name="A")
    path = tmp_path / "point.osm"
    path.write_text(town.xml(), encoding="utf-8")
    brought = import_osm(path, tmp_path / "out")
    assert brought.choice.key == "osm.chosen_everything"
    assert brought.counts == {"study_area": 1, "villages": 1}


def test_half_of_each_is_asked_of_a_boundary(tmp_path):
    # All houses are in the small boundary, but only a seventh of the streets.
    town = Town()
    ring = town.square(0, 0, 2)
    tags = {"type": "boundary", "boundary": "administrative", "name": "Small", "admin_level": "8"}
    town.relation([(ring, "outer")], **tags)
    town.square(0, 0, 1, building="yes")
    for y in range(1, 14, 2):
        town.way([(0, y), (1, y)], highway="residential")
    path = tmp_path / "small.osm"
    path.write_text(town.xml(), encoding="utf-8")
    assert import_osm(path, tmp_path / "out").choice.key == "osm.chosen_around"


# --- writing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ['a "b" \\ c', "line\nbreak\r\ttab", "\x00\x1f\x7f\x85 ", "[x]\n#", "'''", "漢字 🏞", ""]
)
def test_hostile_names_read_back(name):
    text = toml_of(
        {"county": {"name": name, "rules": [name], "flag": True, "count": 3, "share": 0.5, name or "k": "x"}}
    )
    read = tomllib.loads(text)["county"]
    assert read["name"] == name
    assert read["rules"] == [name]
    assert (read["flag"], read["count"], read["share"]) == (True, 3, 0.5)


def test_half_a_character_becomes_a_question_mark():
    assert tomllib.loads(toml_of({"county": {"name": "a\ud800b"}}))["county"]["name"] == "a?b"


def test_fields_named_like_the_databases_own(layers, tmp_path):
    parks = layers["parks"].assign(fid="x", GEOM="y")
    write_county(tmp_path / "out", county={"name": "A"}, layers={"parks": parks, "own line": parks})
    table = pyogrio.read_dataframe(tmp_path / "out" / "county.gpkg", layer="own line")
    assert set(table["fid"]) == {"x"}
    assert set(table["GEOM"]) == {"y"}
    assert tomllib.loads((tmp_path / "out" / "county.toml").read_text(encoding="utf-8"))["layers"]["own line"]


@pytest.mark.parametrize("file", ["county.toml", "holiday.jpg"])
def test_files_of_the_user_are_never_touched(town_file, tmp_path, file):
    out = tmp_path / "out"
    out.mkdir()
    (out / file).write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError) as refusal:
        import_osm(town_file, out)
    assert "--out" in message(refusal)
    assert [path.read_text(encoding="utf-8") for path in out.iterdir()] == ["mine"]


def test_an_empty_folder_is_filled(town_file, tmp_path):
    (tmp_path / "out").mkdir()
    import_osm(town_file, tmp_path / "out")
    assert (tmp_path / "out" / "county.toml").exists()


def test_a_file_in_the_way_is_refused(town_file, tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        import_osm(town_file, tmp_path / "out")
    with pytest.raises(OutputError) as refusal:
        write_county(tmp_path / "out" / "inside", county={"name": "A"}, layers={})
    assert "cannot be written" in message(refusal)


def test_written_whole_or_not_at_all(layers, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError) as refusal:
        write_county(tmp_path / "new" / "out", county={"name": "A"}, layers={"parks": layers["parks"]})
    assert "No space left" in message(refusal)
    assert not (tmp_path / "new").exists()


# --- refusals of sources -------------------------------------------------------------------------------------------


def test_missing_file(tmp_path):
    with pytest.raises(SourceError) as refusal:
        import_osm(str(tmp_path / "none.osm.pbf"), tmp_path / "out")
    assert "no such file" in message(refusal)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.osm.pbf", b"this is plain text and no protocol buffer"),
        ("b.osm.pbf", b""),
        ("c.osm", b"<html><p>Sign in to the network</p></html>"),
        ("d.osm", b'{"elements": []}'),
        ("e.osm", invented_town().xml().encode()[:-400]),
        ("f.osm.gz", b"not packed"),
        ("g.osm.bz2", bz2.compress(invented_town().xml().encode())[:-40]),
        ("h.osm", b"<osm version='0.6'><node id='1' lat='x' lon='1'/></osm>"),
    ],
)
def test_not_osm_or_broken_off(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError) as refusal:
        import_osm(tmp_path / name, tmp_path / "out")
    assert name in message(refusal)
    assert "breaks off" in message(refusal)
    assert "不完整" in message(refusal, "zh")


def test_another_ending(tmp_path):
    (tmp_path / "town.zip").write_bytes(b"PK")
    with pytest.raises(SourceError) as refusal:
        import_osm(str(tmp_path / "town.zip"), tmp_path / "out")
    assert "cannot be read as OpenStreetMap" in message(refusal)


def test_nothing_mapped(tmp_path):
    town = Town()
    town.node(0, 0, note="empty")
    path = tmp_path / "empty.osm"
    path.write_text(town.xml(), encoding="utf-8")
    with pytest.raises(SourceError) as refusal:
        import_osm(path, tmp_path / "out")
    assert "nothing in it has a tag" in message(refusal)


def test_a_node_nowhere_is_skipped(tmp_path):
    path = tmp_path / "nowhere.osm"
    place = "<tag k='place' v='village'/>"
    path.write_text(f"<osm version='0.6'><node id='1' lat='99' lon='999'>{place}</node></osm>", encoding="utf-8")
    with pytest.raises(SourceError) as refusal:
        read_extract(path)
    assert refusal.value.text.key in {"osm.nothing_mapped", "osm.not_osm"}


def test_area_that_is_not_there_or_not_whole(town_file, tmp_path):
    with pytest.raises(SourceError) as refusal:
        import_osm(town_file, tmp_path / "out", area="Nowhere")
    assert "示例县, West, East" in message(refusal) or "示例县, East, West" in message(refusal)
    assert "示例县、" in message(refusal, "zh")
    with pytest.raises(SourceError) as refusal:
        import_osm(town_file, tmp_path / "out", area="Elsewhere")
    assert "not whole" in message(refusal)


def test_at_most_ten_names_are_listed(tmp_path):
    town = Town()
    for number in range(12):
        town.square(0, 0, number + 1, boundary="administrative", admin_level="8", name=f"N{number}.")
    path = tmp_path / "many.osm"
    path.write_text(town.xml(), encoding="utf-8")
    with pytest.raises(SourceError) as refusal:
        import_osm(path, tmp_path / "out", area="Nowhere")
    assert [name for name in range(12) if f"N{name}." in message(refusal)] == list(range(2, 12))


def test_no_names_at_all(tmp_path):
    town = Town()
    town.square(0, 0, 1, building="yes")
    path = tmp_path / "bare.osm"
    path.write_text(town.xml(), encoding="utf-8")
    with pytest.raises(SourceError) as refusal:
        import_osm(path, tmp_path / "out", area="Nowhere")
    assert "nor any other" in message(refusal)


def test_every_sentence_is_in_both_languages():
    ours = {key: entry for key, entry in catalogue().items() if key.startswith("osm.")}
    for key, entry in ours.items():
        fields = [
            {part.split("}")[0].split("!")[0].split(":?")[0] for part in entry[lang].split("{")[1:]}
            for lang in ("en", "zh")
        ]
        assert fields[0] == fields[1], key


# --- real extracts -------------------------------------------------------------------------------------------------


def extract(name):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"real data is not here: {path}")
    return path


def gdal_count(path, layer, where):
    """Count features with GDAL's OSM driver, an engine of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OGR_INTERLEAVED_READING", "NO")
        return len(pyogrio.read_dataframe(path, layer=layer, where=where, columns=["osm_id"], read_geometry=False))


LIECHTENSTEIN = "osm_towns/liechtenstein_20130803.osm.pbf"


def test_liechtenstein(tmp_path):
    brought = import_osm(extract(LIECHTENSTEIN), tmp_path / "out", district_level=8)
    assert (brought.name, brought.crs, brought.data_date) == ("Liechtenstein", "EPSG:32632", "2013-08-03")
    assert brought.counts["districts"] == 11
    assert brought.counts["buildings"] == 3723
    tables = {kind: pyogrio.read_dataframe(tmp_path / "out" / "county.gpkg", layer=kind) for kind in brought.counts}
    area = tables["study_area"]
    assert geo.ellipsoid_area(area.geometry.to_numpy(), area.crs)[0] / 1e6 == pytest.approx(160, rel=0.01)
    parts = geo.ellipsoid_area(tables["districts"].geometry.to_numpy(), area.crs).sum() / 1e6
    assert parts == pytest.approx(160, rel=0.01)
    assert "Vaduz" in set(tables["districts"]["name"])
    # By itself the next lower level: the two constituencies.
    assert import_osm(extract(LIECHTENSTEIN), tmp_path / "two").counts["districts"] == 2


def test_liechtenstein_one_municipality(tmp_path):
    brought = import_osm(extract(LIECHTENSTEIN), tmp_path / "out", area="Vaduz")
    area = pyogrio.read_dataframe(tmp_path / "out" / "county.gpkg", layer="study_area")
    assert geo.ellipsoid_area(area.geometry.to_numpy(), area.crs)[0] / 1e6 == pytest.approx(17.3, rel=0.02)
    assert 0 < brought.counts["buildings"] < 3723


def platforms(path, layer):
    """A condition on a layer of GDAL's for platforms of railways and buses."""
    fields = set(pyogrio.read_info(path, layer=layer)["fields"])
    return (
        "("
        + " OR ".join(
            f"{tag} = 'platform'" if tag in fields else f'other_tags LIKE \'%"{tag}"=>"platform"%\''
            for tag in ("railway", "public_transport")
        )
        + ")"
    )


@pytest.mark.parametrize("town", ["liechtenstein_20130803", "krems", "north-bayreuth", "andorra"])
def test_counts_agree_with_another_engine(town):
    path = extract(f"osm_towns/{town}.osm.pbf")
    features = read_extract(path)
    layers = layers_of(features)
    assert len(layers["buildings"]) == gdal_count(path, "multipolygons", "building IS NOT NULL")
    roads = "highway IS NOT NULL AND highway NOT IN ('construction', 'proposed')"
    lines = gdal_count(path, "lines", f"({roads}) OR {platforms(path, 'lines')}")
    land = features.geometry.geom_type.str.endswith("Polygon")
    stops = (features.get(tag, land & False) == "platform" for tag in ("railway", "public_transport"))
    walked = features["highway"].notna() | (features["place"] == "square") | next(stops) | next(stops)
    squares = int((walked & land).sum())
    # Around a gate that shuts walkers out a street is in pieces.
    assert 0 <= layers["streets"]["osm_id"].nunique() - lines <= squares


@pytest.mark.parametrize("town", ["osm_towns/liechtenstein_20130803", "osm_towns/krems", "porto_alegre/poa"])
def test_streets_and_their_direction_agree_with_another_engine(town):
    path = extract(f"{town}.osm.pbf")
    table = read_streets(path).frame
    classes = ", ".join(f"'{one}'" for one in facts("osm")["layers"]["streets"]["rules"][-1]["any"]["highway"])
    used = f"(highway IN ({classes}) OR {platforms(path, 'lines')})"
    there = f'{used} AND (other_tags IS NULL OR other_tags NOT LIKE \'%"disused"=>"yes"%\')'
    # Around a gate that shuts walkers out a street is in pieces.
    ways = table[table["osm_id"].str.startswith("way/")].drop_duplicates("osm_id")
    land = f"(other_tags LIKE '%\"highway\"=>%' OR {platforms(path, 'multipolygons')})"
    squares = gdal_count(path, "multipolygons", f"osm_way_id IS NOT NULL AND {land}")
    assert 0 <= len(ways) - gdal_count(path, "lines", there) <= squares
    said = 'other_tags LIKE \'%"oneway"=>"{}"%\''
    yes, no = (gdal_count(path, "lines", f"{there} AND {said.format(value)}") for value in ("yes", "no"))
    silent = f"{there} AND (other_tags IS NULL OR other_tags NOT LIKE '%\"oneway\"=>%')"
    meant = "(highway = 'motorway' OR other_tags LIKE '%\"junction\"=>\"roundabout\"%')"
    counted = ways["oneway"].value_counts()
    assert counted["yes"] == yes + gdal_count(path, "lines", f"{silent} AND {meant}")
    assert counted["no"] == no


def test_an_incomplete_country_gives_a_rectangle(tmp_path):
    path = extract("osm_towns/andorra.osm.pbf")
    brought = import_osm(path, tmp_path / "out")
    assert brought.choice.key == "osm.chosen_box"  # two of the 20 ways of its boundary are not in the extract
    assert brought.counts["districts"] == 6  # of seven parishes; Canillo shares those two ways
    with pytest.raises(SourceError) as refusal:
        import_osm(path, tmp_path / "no", area="Andorra")
    assert "not whole" in message(refusal)


@pytest.mark.parametrize("town", ["krems", "north-bayreuth"])
def test_towns_without_a_whole_boundary(tmp_path, town):
    brought = import_osm(extract(f"osm_towns/{town}.osm.pbf"), tmp_path / "out")
    assert (brought.name, brought.choice.key) == (town, "osm.chosen_box")
    assert "districts" not in brought.counts


def test_a_network_without_homes(tmp_path):
    path = extract("porto_alegre/poa.osm.pbf")
    brought = import_osm(path, tmp_path / "out")
    assert brought.crs == "EPSG:32722"
    assert "osm.note_no_residential" in {note.key for note in brought.notes}
    assert "residential" not in brought.counts
    stops = gdal_count(path, "points", "highway = 'bus_stop'")
    kinds_found = pyogrio.read_dataframe(tmp_path / "out" / "county.gpkg", layer="facilities")["kind"]
    assert int((kinds_found == "bus_stop").sum()) >= stops > 1000


# --- places --------------------------------------------------------------------------------------------------------

NAMED = {
    "place_id": 1, "osm_type": "relation", "osm_id": 1, "lat": "41.41", "lon": "113.21", "importance": 0.5,
    "class": "boundary", "type": "administrative", "name": "示例县", "display_name": "示例县, Ulanqab, China",
    "boundingbox": ["41.4", "41.42", "113.2", "113.22"],
}  # fmt: skip
OUTLINE = {
    "type": "Polygon",
    "coordinates": [[[113.2, 41.4], [113.22, 41.4], [113.22, 41.42], [113.2, 41.42], [113.2, 41.4]]],
}


def overpass_town():
    """Return the invented town as an Overpass server answers: without the broken elements, which it never sends."""
    town = invented_town()
    elements = []
    for number, (place, tags) in enumerate(town.nodes, 1):
        _, lat, lon = (part.split('"')[1] for part in place.split(" "))
        elements.append({"type": "node", "id": number, "lat": float(lat), "lon": float(lon), "tags": tags})
    for number, (refs, tags) in enumerate(town.ways, 1):
        elements.append({"type": "way", "id": number, "nodes": refs, "tags": tags})
    for number, (members, tags) in enumerate(town.relations, 1):
        if all(ref != 999 for ref, _ in members):
            parts = [{"type": "way", "ref": ref, "role": role} for ref, role in members]
            elements.append({"type": "relation", "id": number, "members": parts, "tags": tags})
    return {"osm3s": {"timestamp_osm_base": "2024-05-06T07:08:09Z"}, "elements": elements}


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        self.answer(*self.server.nominatim)

    def do_POST(self):
        self.server.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.answer(*self.server.overpass)

    def answer(self, status, body):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def server(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.sleep", lambda _: None)  # osmnx waits a second before it asks Nominatim
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as serving:
        serving.asked = []
        serving.nominatim = 200, [NAMED | {"geojson": OUTLINE}]
        serving.overpass = 200, overpass_town()
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        serving.urls = dict.fromkeys(("overpass_url", "nominatim_url"), f"http://127.0.0.1:{serving.server_port}")
        yield serving
        serving.shutdown()
        thread.join()


def test_a_place_becomes_a_county(server, tmp_path):
    import osmnx

    before = {key: value for key, value in vars(osmnx.settings).items() if not key.startswith("__")}
    resolver = socket.getaddrinfo
    brought = import_osm("示例县, 中国", tmp_path / "out", **server.urls)
    assert (brought.name, brought.choice.key, brought.data_date) == ("示例县", "osm.chosen_place", "2024-05-06")
    assert brought.counts["districts"] == 2
    assert {key: value for key, value in vars(osmnx.settings).items() if not key.startswith("__")} == before
    assert socket.getaddrinfo is resolver
    assert [path.name for path in tmp_path.iterdir()] == ["out"]  # no cache folder
    parks = pyogrio.read_dataframe(tmp_path / "out" / "county.gpkg", layer="parks").set_index("name")
    assert set(parks.index) == {HOSTILE, "Outside", "Public garden", "Square"}
    assert area_in_steps(parks.geometry[HOSTILE]) == 15
    assert parks["osm_id"][HOSTILE] == "relation/5"


def test_a_place_and_an_extract_agree(server, layers):
    features, boundary = read_place("示例县", **server.urls)
    assert boundary["name"].tolist() == ["示例县"]
    counts = {kind: len(layer) for kind, layer in layers_of(features).items()}
    expected = {kind: len(layer) for kind, layer in layers.items()}
    expected["parks"] -= 1  # the one 5 km away is outside what was asked for
    assert counts == expected


def test_what_is_asked_of_the_servers(server):
    read_place("示例县", **server.urls)
    search, query = server.asked
    assert search.startswith("/search?")
    assert "amenity" in query
    assert len(query) < 60_000
    tags = queried_tags()
    assert tags["amenity"] is True
    assert tags["waterway"] == ["canal", "dock", "river", "riverbank"]
    assert "boundary" not in tags


#: What no server of ours would answer.
ODD_ANSWERS = [(200, b"<html>Sign in</html>"), (500, b"oops")]


@pytest.mark.parametrize(
    ("nominatim", "key"),
    [
        *((one, "osm.no_network") for one in ODD_ANSWERS),
        ((200, []), "osm.place_not_found"),
        ((200, [NAMED | {"geojson": {"type": "Point", "coordinates": [113.2, 41.4]}}]), "osm.place_without_outline"),
        ((200, {"error": "x"}), "osm.no_network"),
        ((429, b"slow down"), "osm.no_network"),
    ],
)
def test_refusals_of_the_gazetteer(server, nominatim, key):
    server.nominatim = nominatim
    said = refused(SourceError, key, read_place, "Nowhere", **server.urls)
    assert "extract" in said
    assert "Nowhere" in said


@pytest.mark.parametrize(
    ("overpass", "key"),
    [
        ((200, {"elements": []}), "osm.nothing_mapped"),
        *((one, "osm.no_network") for one in ODD_ANSWERS),
        ((200, {"remark": "runtime error: out of memory"}), "osm.no_network"),
        ((504, b"busy"), "osm.no_network"),
    ],
)
def test_refusals_of_the_map_server(server, overpass, key):
    server.overpass = overpass
    refused(SourceError, key, read_place, "示例县", **server.urls)


def test_no_network(server, tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(SourceError) as refusal:
            import_osm("Nowhere", tmp_path / "out", nominatim_url=url)
    assert url in message(refusal)
    assert "geofabrik" in message(refusal)
    assert "没有网络" in message(refusal, "zh")
    assert not (tmp_path / "out").exists()


def test_area_belongs_to_extracts(tmp_path):
    with pytest.raises(SourceError) as refusal:
        import_osm("Somewhere", tmp_path / "out", area="Inside")
    assert "extract" in message(refusal)
