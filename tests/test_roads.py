"""Streets of a seat: counted by hand on a small net, and by networkx on real towns."""

import json
import shutil

import networkx as nx
import numpy as np
import pytest
import real_towns
import shapely
import town
from hypothesis import given, settings
from hypothesis import strategies as st
from test_streets import by_networkx

from gis_planning.analysis.lines import singled, within
from gis_planning.errors import NotAssessed, RuleError
from gis_planning.measures import roads
from gis_planning.streets import attach, build


def line(*points):
    return shapely.LineString([(town.EAST + x, town.NORTH + y) for x, y in points])


def streets(*rows, **more):
    return town.frame(*(shape for shape, _ in rows), **{"class": [class_ for _, class_ in rows], **more})


AREA = town.frame(town.box(0, 0, 1000, 1000))
NET = [
    (line((-500, 500), (1500, 500)), "primary"),  # 1,000 m inside
    (line((500, 500), (500, 1000)), "tertiary"),  # 500 m, up to the edge
    (line((500, 1000), (500, 500)), "tertiary"),  # the same, drawn back
    (line((200, 500), (200, 300)), None),  # 200 m, a dead end, no class
    (line((600, 100), (700, 100)), "service"),
    (line((600, 200), (700, 200)), "track"),
    (line((600, 300), (700, 300)), "footway"),
    (line((100, 500), (300, 500)), "secondary"),  # on the first one
]


def test_density_by_hand():
    measured = roads.density(streets(*NET), AREA)
    assert (measured.value, measured.numerator, measured.denominator) == (
        pytest.approx(1.7),
        pytest.approx(1.7),
        pytest.approx(1.0),
    )
    assert measured.notes[0].facts == {"count": 1}
    assert roads.density(streets(*NET), AREA, without=("service",)).value == pytest.approx(1.8)
    halves = town.frame(town.box(0, 0, 500, 1000), town.box(500, 0, 1000, 1000), name=["西", "东"])
    parts = roads.density(streets(*NET), AREA, halves).parts
    assert [part.denominator for part in parts] == [0.5, 0.5]
    # The street on the border of the two lies in both.
    assert [round(part.numerator, 6) for part in parts] == [1.2, 1.0]
    squares = town.frame(town.box(0, 0, 50, 50), **{"class": ["pedestrian"]})
    assert roads.density(squares, AREA).value == 0
    with pytest.raises(NotAssessed):
        roads.density(streets(*NET), AREA[:0])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9), st.booleans()), min_size=1, max_size=12)
)
def test_every_stretch_counts_once_whatever_overlaps(rows):
    lines = [line((x, y), (x + length, y)) if along else line((x, y), (x, y + length)) for x, y, length, along in rows]
    parts, owner = singled(np.array(lines, dtype=object))
    assert shapely.length(parts).sum() == pytest.approx(shapely.union_all(lines).length)
    assert set(owner) <= set(range(len(lines)))
    pieces, _ = within(parts, np.array([town.box(0, 0, 5, 5), town.box(3, 3, 8, 8)], dtype=object))
    land = shapely.union_all([town.box(0, 0, 5, 5), town.box(3, 3, 8, 8)])
    assert shapely.length(pieces).sum() == pytest.approx(shapely.union_all(lines).intersection(land).length)


def test_red_lines_by_hand():
    table = streets(*NET[:4], red_line_m=[60.0, 40.0, float("nan"), 41.0], name=["甲", "乙", "丙", "丁"])
    measured = roads.wide_red_lines(table, widest_m=40)
    assert (measured.value, measured.value_range) == (2, (2, 3))
    assert measured.offenders["name"].tolist() == ["甲", "丁"]
    lines = town.frame(town.box(0, 0, 60, 500), red_line_m=[60.0])
    assert roads.wide_red_lines(None, lines, widest_m=40).value == 1
    assert roads.wide_red_lines(streets(*NET), lines, widest_m=60).value == 0
    with pytest.raises(NotAssessed):
        # What a polygon measures is the surface that somebody drew, and no planned width.
        roads.wide_red_lines(streets(*NET), lines.drop(columns="red_line_m"), widest_m=40)


def test_a_street_in_both_layers_counts_once():
    two = [NET[0], NET[3]]
    table = streets(*two, red_line_m=[60.0, 24.0], name=["甲", "乙"])
    lines = streets(*two, red_line_m=[60.0, 24.0], name=["甲 ", "乙"])
    assert roads.wide_red_lines(table, lines, widest_m=40).value == 1
    # An empty field leaves it to the layer, as a missing one does.
    empty = roads.wide_red_lines(table.assign(red_line_m=float("nan")), lines, widest_m=40)
    assert (empty.value, empty.value_range, empty.notes) == (1, None, ())
    half = roads.wide_red_lines(table.assign(red_line_m=[float("nan"), 24.0]), lines, widest_m=40)
    assert (half.value, half.value_range) == (1, None)
    # A street that only one of them knows counts; so does one that is wider than the layer has it.
    other = roads.wide_red_lines(table.assign(name=["丙", None]), lines, widest_m=40)
    assert (other.value, other.value_range) == (2, None)
    assert roads.wide_red_lines(table.assign(red_line_m=[60.0, 50.0]), lines, widest_m=40).value == 2
    # Red lines without a width may be of any street, a wide one as well.
    bare = roads.wide_red_lines(table, lines.assign(red_line_m=float("nan")), widest_m=40)
    assert (bare.value, bare.value_range) == (1, (1, 3))


def test_dead_ends_and_junctions_by_hand():
    rows = [row for row in NET if row[1] not in ("service", "track", "footway")]
    table = streets(*rows, name=[f"S{at}" for at in range(len(rows))])
    net = build(table, mode="drive")
    found = roads.dead_ends(net, table, AREA)
    # The side street's; the tertiary street leaves at the edge, the primary one beyond it.
    assert (found.value, found.offenders["name"].tolist()) == (1, ["S3"])
    assert found.offenders["length_m"].tolist() == pytest.approx([200])
    assert roads.intersections(net, AREA).value == pytest.approx(2)
    far = town.frame(town.box(-1000, -1000, 2000, 2000))
    assert roads.dead_ends(net, table, far).value == 4


def test_ways_and_places():
    table = streets(
        (line((0, 5), (400, 5)), "cycleway"), (line((0, 9), (1400, 9)), "绿道"), (line((0, 20), (9, 20)), "支路")
    )
    assert roads.ways(table, AREA, classes=("cycleway",)).value == pytest.approx(0.4)
    assert roads.ways(table, AREA, classes=("绿道", "footway")).value == pytest.approx(1.0)
    with pytest.raises(NotAssessed):
        roads.ways(town.frame(line((0, 5), (400, 5))), AREA, classes=("cycleway",))
    spots = town.frame(town.box(0, 0, 9, 9), kind=["parking"], capacity=[0.0])
    with pytest.raises(NotAssessed):
        roads.places(spots, None, kind="parking", over="cars")
    with pytest.raises(RuleError):
        roads.places(spots.assign(capacity=5.0), None, kind="parking", over="horses")


@pytest.fixture(scope="module", params=["liechtenstein", "krems", "north-bayreuth"])
def osm_town(request, tmp_path_factory):
    """Streets and study area of a real town, imported as a user would."""
    source = real_towns.extract(request.param)
    from gis_planning import cli
    from gis_planning.county.opened import open_county

    out = tmp_path_factory.mktemp(request.param) / "county"
    with pytest.raises(SystemExit):
        cli.main(["import-osm", str(source), "--out", str(out)])
    return open_county(out)


@pytest.mark.slow
def test_networkx_finds_the_same_on_real_towns(osm_town):
    table, area = osm_town.layer("streets"), osm_town.layer("study_area")
    net = osm_town.layer("drive_network")
    graph = nx.MultiGraph()
    graph.add_edges_from(zip(net.u.tolist(), net.v.tolist(), strict=True))
    land = shapely.union_all(area.geometry.to_numpy())
    degree = dict(graph.degree())
    places = {node: shapely.Point(net.xy[node]) for node in degree}
    ends = [
        node
        for node, arms in degree.items()
        if arms == 1 and land.contains(places[node]) and land.boundary.distance(places[node]) > 30
    ]
    assert roads.dead_ends(net, table, area).value == len(ends)
    junctions = sum(arms >= 3 and land.intersects(places[node]) for node, arms in degree.items())
    assert roads.intersections(net, area).numerator == junctions
    shut = {"footway", "path", "steps", "pedestrian", "cycleway", "bridleway", "corridor", "elevator", "platform"}
    driven = table[~table["class"].isin(shut | {"service", "track"})]
    lines = [shape for shape in driven.geometry.explode() if shape.geom_type == "LineString"]
    plain = shapely.union_all(lines).intersection(land).length / 1000
    assert roads.density(table, area).numerator == pytest.approx(plain, rel=1e-6)


def answers(folder, out):
    """Return the indicators of the policy of a county, by code."""
    from gis_planning import cli

    with pytest.raises(SystemExit) as left:
        cli.main(["policy", str(folder), "--out", str(out), "--lang", "en"])
    assert left.value.code in (0, 1)
    told = json.loads((out / "policy.json").read_text(encoding="utf-8"))
    return {one["code"]: one for clause in told["clauses"] for one in clause["indicators"]}


@pytest.mark.slow
def test_a_town_of_openstreetmap_answers_what_it_can(osm_town, tmp_path):
    # All of it is taken as urban, so that what is divided by urban land is answered too.
    place = shutil.copytree(osm_town.folder, tmp_path / "place")
    with (place / "county.toml").open("a", encoding="utf-8") as toml:
        toml.write('\n[layers.urban_area]\nsource = "county.gpkg"\nlayer = "study_area"\n')
    found = answers(place, tmp_path / "out")
    assert not [code for code, one in found.items() if one["outcome"] == "error"]
    assert found["R51328-1S"]["value"] > 0.3
    assert {one["outcome"] for one in found.values() if one["value"] is None} <= {"info", "not-assessed"}
    # Nobody stated anything: what is stated by a table is open.
    assert all(one["value"] is None for one in found.values() if one["measure"].startswith("statistics."))
    # The town against plain loops, as far as it is mapped.
    facilities = osm_town.layer("facilities")
    land, homes = (
        shapely.union_all(osm_town.layer(name).geometry.to_numpy()) for name in ("study_area", "residential")
    )
    kinds = facilities["kind"].fillna("").str.split(";")
    lying = {kind: [kind in own for own in kinds] for kind in ("hospital", "clinic", "primary_school", "bus_stop")}
    if (hospitals := found["C1063-10"])["value"] is not None:
        near = shapely.union_all(shapely.buffer(facilities.geometry[lying["hospital"]].to_numpy(), 2000, quad_segs=90))
        drawn = homes.intersection(land)
        assert hospitals["denominator"] == pytest.approx(drawn.area, rel=1e-6)
        assert hospitals["value"] == pytest.approx(drawn.intersection(near).area / drawn.area, abs=0.005)
    if (care := found["SV-7"])["value"] is not None:
        districts = osm_town.layer("districts").geometry
        places = facilities.geometry[np.logical_or(lying["hospital"], lying["clinic"])]
        plain = [any(district.intersects(place) for place in places) for district in districts]
        assert care["value"] == pytest.approx(sum(plain) / len(plain))
    if (schools := found["OW-8"])["value"] is not None:
        net = osm_town.layer("drive_network")
        villages = attach(net, osm_town.layer("villages").geometry.to_numpy(), max_access_m=500)
        # A school that is drawn as land is entered anywhere along its edge: here, every few metres.
        sites = shapely.segmentize(facilities.geometry[lying["primary_school"]].to_numpy(), 5)
        doors = attach(net, shapely.points(shapely.get_coordinates(sites)), max_access_m=500)
        minutes = by_networkx(net, doors, villages) / 1000  # it costs metres at 60 km/h
        assert schools["value"] == pytest.approx((minutes <= 15).mean())
    stops = facilities.geometry[lying["bus_stop"]].to_numpy()
    for code, limit_m in (("R51328-2", 300), ("R51328-3", 500)):
        near = shapely.union_all(shapely.buffer(stops, limit_m, quad_segs=90)).intersection(land)
        assert found[code]["value"] == pytest.approx(near.area / land.area, abs=0.005)
    assert found["R51328-1"]["value"] == pytest.approx(found["R51328-1S"]["value"], rel=1e-9)
