"""Plazas crossed on foot: squares measured by hand, a brute-force oracle, real squares."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
import street_town as town
from test_slope import grid, tobler
from test_streets import distance

from gis_planning import geo, streets
from gis_planning.conventions import kinds
from gis_planning.errors import LayerError
from gis_planning.streets import plazas

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SQUARE = [(0, 0), (100, 0), (100, 100), (0, 100)]
#: Streets that end at the corners and at the middles of the sides; long enough to be no island.
CORNERS = {
    "sw": ([(-900, -900), (0, 0)], {}),
    "se": ([(900, -900), (100, 0)], {}),
    "ne": ([(1000, 1000), (100, 100)], {}),
    "nw": ([(-900, 1000), (0, 100)], {}),
}
SIDES = {
    "south": ([(50, -900), (50, 0)], {}),
    "east": ([(1000, 50), (100, 50)], {}),
    "north": ([(50, 1000), (50, 100)], {}),
    "west": ([(-900, 50), (0, 50)], {}),
}


def polygon(outer, *holes):
    return shapely.Polygon(
        [(town.EAST + x, town.NORTH + y) for x, y in outer],
        [[(town.EAST + x, town.NORTH + y) for x, y in hole] for hole in holes],
    )


def layer(rows, *areas, **fields):
    """Streets, and plazas behind them."""
    table = town.table({**rows, **{f"plaza {n}": ([(0, 0), (1, 1)], fields) for n in range(len(areas))}})
    return table.set_geometry([*table.geometry[: len(rows)], *areas], crs=town.CRS)


def box(west, south, east, north):
    return [(west, south), (east, south), (east, north), (west, north)]


def near(metres):
    return pytest.approx(metres, abs=1e-6)


# --- by hand


def test_streets_at_the_corners_are_joined_across():
    network = streets.build(layer(CORNERS, polygon(SQUARE)))
    assert distance(network, (0, 0), (100, 100)) == near(100 * np.sqrt(2))
    assert distance(network, (0, 0), (100, 0)) == near(100)
    assert distance(network, (-90, -90), (200, 200)) == near(290 * np.sqrt(2))
    assert network.walkway.sum() == 2
    assert network.report.plazas == 1
    assert network.report.overlapping_edges == 0
    plaza = network.feature == 4
    assert network.report.length_m == near(network.length_m[~network.walkway].sum())
    assert network.length_m[plaza & ~network.walkway].sum() == near(400)
    (note,) = (one for one in network.report.notes() if one.key == "streets.note_plazas")
    assert "1 plaza " in note.to("en")
    assert note.to("zh")


def test_streets_at_the_middles_of_sides_without_a_vertex_there():
    network = streets.build(layer(SIDES, polygon(SQUARE)))
    assert distance(network, (50, 0), (50, 100)) == near(100)
    assert distance(network, (50, 0), (100, 50)) == near(50 * np.sqrt(2))
    assert network.walkway.sum() == 6
    # A place on the plaza goes by the nearest way across, here the one between south and north.
    assert distance(network, (52, 30), (50, 200)) == near(2 + 70 + 100)
    # A place on the outline goes along it to a street.
    assert distance(network, (100, 100), (50, 200)) == near(50 + 100)


def test_streets_that_end_inside_or_pass_through_are_joined_too():
    rows = {
        "inside": ([(-900, 50), (40, 50)], {}),
        "through": ([(80, -900), (80, 1000)], {}),
        "beside": ([(-50, 200), (900, 200)], {}),
    }
    network = streets.build(layer(rows, polygon(SQUARE)))
    assert distance(network, (40, 50), (80, 0)) == near(np.hypot(40, 50))
    assert distance(network, (0, 50), (80, 100)) == near(np.hypot(80, 50))
    assert distance(network, (80, 0), (80, 100)) == near(100)


@pytest.mark.parametrize("as_hole", [True, False])
def test_a_fountain_is_walked_round(as_hole):
    """From corner to corner by (60, 40) or (40, 60); from side to side by two of its corners."""
    fountain = box(40, 40, 60, 60)
    area = polygon(SQUARE, fountain) if as_hole else polygon(SQUARE)
    barriers = None if as_hole else town.barriers(polygon(fountain))
    network = streets.build(layer(CORNERS | SIDES, area), barriers=barriers)
    assert distance(network, (0, 0), (100, 100)) == near(2 * np.hypot(60, 40))
    assert distance(network, (50, 0), (50, 100)) == near(2 * np.hypot(10, 40) + 20)
    assert distance(network, (0, 0), (100, 0)) == near(100)
    water = shapely.buffer(polygon(fountain), -0.01)
    assert not shapely.intersects(network.geometry, water).any()


def test_a_corner_that_sticks_into_the_plaza_is_bent_round():
    """An L of 100 m with its inner corner at (40, 40)."""
    outline = [(0, 0), (100, 0), (100, 40), (40, 40), (40, 100), (0, 100)]
    rows = {"east": ([(1000, 40), (100, 40)], {}), "north": ([(40, 1000), (40, 100)], {})}
    rows["south"] = ([(70, -900), (70, 0)], {})
    network = streets.build(layer(rows, polygon(outline)))
    assert distance(network, (100, 40), (40, 100)) == near(60 + 60)
    assert distance(network, (70, 0), (40, 100)) == near(50 + 60)
    # Someone on the outline beside the corner gets to it.
    assert distance(network, (60, 40), (40, 100)) == near(20 + 60)
    # Drawn the other way round it is the same.
    turned = streets.build(layer(rows, polygon(outline[::-1])))
    assert distance(turned, (70, 0), (40, 100)) == near(50 + 60)


def test_a_plaza_without_streets_is_an_island_or_nothing():
    rows = {"far": ([(5000, 0), (95_000, 0)], {})}
    network = streets.build(layer(rows, polygon(SQUARE)))
    assert not network.walkway.any()
    (island,) = network.report.islands
    assert (island.length_m, island.features) == (near(400), (1,))
    alone = streets.build(layer({}, polygon(SQUARE)))
    assert alone.report.length_m == near(400)
    one_street = streets.build(layer({"south": SIDES["south"]}, polygon(SQUARE)))
    assert not one_street.walkway.any()
    assert distance(one_street, (100, 100), (50, 0)) == near(150)


# --- barriers


def test_a_wall_across_the_plaza():
    rows = CORNERS | SIDES
    wall = town.line((50, -10), (50, 110))
    west_and_east = {name: rows[name] for name in ("sw", "nw", "west", "se", "ne", "east")}
    network = streets.build(layer(west_and_east, polygon(SQUARE)), barriers=town.barriers(wall))
    assert distance(network, (0, 0), (0, 100)) == near(100)
    assert distance(network, (100, 0), (0, 0)) == np.inf
    assert distance(network, (0, 50), (100, 50)) == np.inf
    # With a gap in the south the ways bend round its end, and take half a centimetre more for it.
    gap = town.line((50, 20), (50, 110))
    network = streets.build(layer(west_and_east, polygon(SQUARE)), barriers=town.barriers(gap))
    assert distance(network, (0, 50), (100, 50)) == pytest.approx(2 * np.hypot(50, 30), abs=0.02)
    assert distance(network, (0, 0), (100, 0)) == near(100)
    assert not shapely.crosses(network.geometry, shapely.line_interpolate_point(gap, 30).buffer(5)).any()


def test_a_bent_wall_is_bent_round_too():
    """A wall from the north side down to (50, 50) and to the east side cuts off the north-east corner."""
    wall = town.line((50, 110), (50, 50), (110, 50))
    rows = {"north": ([(20, 1000), (20, 100)], {}), "east": ([(1000, 20), (100, 20)], {}), "ne": CORNERS["ne"]}
    network = streets.build(layer(rows, polygon(SQUARE)), barriers=town.barriers(wall))
    assert distance(network, (20, 100), (100, 20)) == pytest.approx(2 * np.hypot(30, 50), abs=0.02)
    assert distance(network, (20, 100), (100, 100)) == np.inf


def test_a_fence_round_the_plaza_opens_at_a_gate():
    fence = [(-5, -5), (50, -5), (105, -5), (105, 105), (-5, 105), (-5, -5)]
    network = streets.build(layer(SIDES, polygon(SQUARE)), barriers=town.barriers(town.line(*fence)))
    assert distance(network, (50, 0), (50, 100)) == near(100)
    assert distance(network, (50, -100), (50, -10)) == near(90)
    assert distance(network, (50, -100), (50, 0)) == np.inf
    gated = SIDES | {"south": ([(50, -900), (50, -5), (50, 0)], {})}
    network = streets.build(layer(gated, polygon(SQUARE)), barriers=town.barriers(town.line(*fence)))
    assert distance(network, (50, -100), (50, 100)) == near(200)
    # The fence on the very edge of the plaza, with a gate where the street comes in.
    edge = [(0, 0), (50, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
    inner = SIDES | {"monument": ([(30, 30), (40, 40)], {})}
    network = streets.build(layer(inner, polygon(SQUARE)), barriers=town.barriers(town.line(*edge)))
    assert distance(network, (50, -100), (30, 30)) == near(100 + np.hypot(20, 30))


def test_barriers_on_the_ground_do_not_bar_a_deck():
    wall = town.barriers(town.line((50, -10), (50, 110)))
    above = {name: (points, {"level": 1}) for name, (points, _) in CORNERS.items()}
    network = streets.build(layer(above, polygon(SQUARE), level=1), barriers=wall)
    assert distance(network, (0, 0), (100, 100)) == near(100 * np.sqrt(2))


# --- levels


def test_levels_keep_apart():
    passing = CORNERS | {"overpass": ([(-900, 50), (1000, 50)], {"level": 1, "bridge": True})}
    network = streets.build(layer(passing, polygon(SQUARE)))
    assert network.walkway.sum() == 2
    assert distance(network, (0, 0), (100, 100)) == near(100 * np.sqrt(2))
    assert distance(network, (-900, 50), (1000, 50)) == near(1900)
    assert distance(network, (-900, 50), (0, 0)) == np.inf
    # The same plaza a storey up is joined to nothing on the ground but where a street ends at its vertex.
    deck = streets.build(layer(SIDES, polygon(SQUARE), level=1))
    assert not deck.walkway.any()
    deck = streets.build(layer(CORNERS, polygon(SQUARE), level=1, bridge=True))
    assert distance(deck, (0, 0), (100, 100)) == near(100 * np.sqrt(2))


def test_a_tunnel_that_ends_in_the_plaza_comes_out_there():
    rows = {"subway": ([(-900, 40), (30, 40)], {"level": -1, "tunnel": True}), "se": CORNERS["se"]}
    rows["footbridge"] = ([(70, 1000), (70, 80)], {"level": 1, "bridge": True})
    network = streets.build(layer(rows, polygon(SQUARE)))
    assert distance(network, (30, 40), (100, 0)) == near(np.hypot(70, 40))
    assert distance(network, (30, 40), (70, 80)) == near(40 * np.sqrt(2))
    # One that goes on beneath it does not.
    rows["subway"] = ([(-900, 40), (1000, 40)], {"level": -1, "tunnel": True})
    assert distance(streets.build(layer(rows, polygon(SQUARE))), (30, 40), (100, 0)) == np.inf


# --- what is a plaza


def test_driving_ignores_plazas():
    table = layer(CORNERS, polygon(SQUARE))
    driving = streets.build(table, mode="drive")
    assert set(driving.feature.tolist()) == {0, 1, 2, 3}
    assert (driving.report.plazas, driving.report.unusable_parts, driving.walkway.any()) == (0, 0, False)
    with pytest.raises(LayerError, match="none of the 1 feature "):
        streets.build(layer({}, polygon(SQUARE)), mode="drive")


def test_a_closed_line_is_no_plaza():
    ring = {"ring road": ([*SQUARE, SQUARE[0]], {})}
    network = streets.build(layer(CORNERS | ring))
    assert not network.walkway.any()
    assert distance(network, (0, 0), (100, 100)) == near(200)


def test_a_plaza_that_is_shut_is_not_crossed():
    network = streets.build(layer(CORNERS, polygon(SQUARE), foot="no"))
    assert (network.report.closed, network.report.plazas) == (1, 0)
    assert distance(network, (0, 0), (100, 100)) == np.inf


def test_plazas_that_touch_or_overlap_are_one():
    halves = polygon(box(0, 0, 50, 100)), polygon(box(50, 0, 100, 100))
    for areas in (halves, halves[::-1], (polygon(SQUARE), polygon(box(20, 20, 80, 80))), (polygon(SQUARE),) * 2):
        network = streets.build(layer(CORNERS, *areas))
        assert distance(network, (0, 0), (100, 100)) == near(100 * np.sqrt(2))
    parts = shapely.MultiPolygon([polygon(SQUARE), polygon(box(300, 0, 400, 100))])
    network = streets.build(layer(CORNERS, parts))
    assert network.report.plazas == 2
    assert distance(network, (0, 0), (100, 100)) == near(100 * np.sqrt(2))


def test_crooked_polygons():
    bow = polygon([(0, 0), (100, 100), (100, 0), (0, 100)])  # two triangles that touch in the middle
    network = streets.build(layer(CORNERS, bow))
    assert distance(network, (0, 0), (100, 100)) == near(100 * np.sqrt(2))
    assert distance(network, (0, 0), (0, 100)) == near(100)
    nothing = polygon([(0, 0), (50, 0), (0, 0)])
    with np.errstate(invalid="ignore"):
        broken = shapely.Polygon([(town.EAST, town.NORTH), (np.nan, town.NORTH), (town.EAST, town.NORTH + 9)])
    network = streets.build(layer(CORNERS, nothing, broken, shapely.Polygon()))
    assert (network.report.plazas, network.report.unusable_parts) == (0, 2)


def test_slopes_are_felt_across_a_plaza():
    network = streets.build(layer(CORNERS, polygon(SQUARE)), elevation=grid(lambda x, y: 0.1 * x))
    slope = 0.1 / np.sqrt(2)
    assert distance(network, (0, 0), (100, 100)) == pytest.approx(100 * np.sqrt(2) * tobler(slope))
    assert distance(network, (100, 100), (0, 0)) == pytest.approx(100 * np.sqrt(2) * tobler(-slope))
    assert network.report.climb_m < 0.1 * network.report.length_m


# --- another way to the same answer


def crooked_plaza(rng, corners, holes=1):
    """A star-shaped polygon of about 200 m with triangular holes, and streets that end on its outline."""
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    reach = rng.uniform(60, 200, corners)
    area = polygon(np.column_stack([reach * np.cos(angle), reach * np.sin(angle)]).tolist())
    for _ in range(holes):
        middle = rng.uniform(-60, 60, 2)
        area = area.difference(polygon((middle + rng.uniform(-20, 20, (3, 2))).tolist()))
    return max(shapely.get_parts(area), key=lambda part: part.area)


def entered_by(rng, area, count):
    spots = [area.exterior.interpolate(one, normalized=True) for one in rng.uniform(0, 1, count)]
    return spots, {
        f"street {n}": ([(spot.x - town.EAST, spot.y - town.NORTH), (3000 + 2 * n, 3000 - n)], {"level": 7})
        for n, spot in enumerate(spots)
    }


def brute_force(area, spots):
    """Distances between spots inside a polygon: every vertex sees whom it sees."""
    points = np.array([[one.x, one.y] for one in spots] + shapely.get_coordinates(area).tolist())
    graph = nx.Graph()
    graph.add_nodes_from(range(len(points)))
    room = area.buffer(1e-4, join_style="mitre")
    for i in range(len(points)):
        for j in range(i):
            if room.covers(shapely.LineString([points[i], points[j]])):
                graph.add_edge(i, j, weight=float(np.hypot(*(points[i] - points[j]))))
    lengths = dict(nx.all_pairs_dijkstra_path_length(graph))
    return np.array([[lengths[i].get(j, np.inf) for j in range(len(spots))] for i in range(len(spots))])


def ours_inside(area, spots):
    """The same by the engine; short streets let people in, and lead nowhere else."""
    stubs = [shapely.LineString([spot, (spot.x + dx, spot.y + dy)]) for spot, dx, dy in spots]
    table = gpd.GeoDataFrame(geometry=[*stubs, area], crs=town.CRS)
    network = streets.build(table)
    places = streets.attach(network, [spot for spot, _, _ in spots], max_access_m=0.01)
    pairs = streets.within(network, places, places, limit_m=np.inf)
    return network, pairs.toarray() + 0.0


def stubs_out(area, spots):
    """Streets of 30 cm, at right angles out of the plaza."""
    found = []
    for spot in spots:
        at = area.exterior.project(spot)
        a, b = area.exterior.interpolate(at - 0.01), area.exterior.interpolate(at + 0.01)
        way = np.array([b.y - a.y, a.x - b.x]) / np.hypot(b.x - a.x, b.y - a.y) * 0.3
        if area.contains(shapely.Point(spot.x + way[0], spot.y + way[1])):
            way = -way
        found.append((spot, *way))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_exact_against_brute_force(seed):
    rng = np.random.default_rng(seed)
    area = crooked_plaza(rng, 14)
    spots, _ = entered_by(rng, area, 8)
    network, ours = ours_inside(area, stubs_out(area, spots))
    np.testing.assert_allclose(ours, brute_force(area, spots), atol=0.01)
    assert network.walkway.any()


@pytest.mark.parametrize("seed", [1, 2])
def test_many_entries_are_thinned_within_one_percent(seed, monkeypatch):
    rng = np.random.default_rng(seed)
    area = crooked_plaza(rng, 24, holes=3)
    spots, _ = entered_by(rng, area, 90)
    thin, ours = ours_inside(area, stubs_out(area, spots))
    monkeypatch.setattr(plazas, "MANY", 10_000)
    full, exact = ours_inside(area, stubs_out(area, spots))
    np.testing.assert_allclose(exact, brute_force(area, spots), atol=0.01)
    assert (ours <= exact * 1.01 + 0.01).all()
    assert (ours >= exact - 0.01).all()
    assert thin.walkway.sum() < full.walkway.sum() / 2


def test_the_order_of_features_does_not_matter():
    rng = np.random.default_rng(4)
    area = crooked_plaza(rng, 12)
    spots, _ = entered_by(rng, area, 6)
    west = shapely.box(*area.bounds[:2], town.EAST, area.bounds[3])
    halves = [*shapely.get_parts(area & west), *shapely.get_parts(area - west)]
    stubs = [shapely.LineString([spot, (spot.x + dx, spot.y + dy)]) for spot, dx, dy in stubs_out(area, spots)]
    answers = []
    for turn in range(3):
        rows = [*stubs, *halves]
        order = np.random.default_rng(turn).permutation(len(rows))
        network = streets.build(gpd.GeoDataFrame(geometry=[rows[n] for n in order], crs=town.CRS))
        places = streets.attach(network, spots)
        answers.append(streets.within(network, places, places, limit_m=np.inf).toarray())
        assert network.walkway.any()
    np.testing.assert_allclose(answers[1], answers[0], atol=1e-6)
    np.testing.assert_allclose(answers[2], answers[0], atol=1e-6)


# --- real squares


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared real data are not beside this clone")
@pytest.mark.parametrize(("city", "count"), [("porto_alegre/poa", 52), ("sao_paulo/spo", 14)])
def test_real_squares_only_make_ways_shorter(city, count, monkeypatch):
    """The counts are those of pedestrian polygons, footways and stairs among them, in the extract."""
    from gis_planning.formats.osm import read_streets
    from gis_planning.formats.read import osm_tags

    monkeypatch.setattr(osm_tags, "kinds", lambda: kinds() | {"streets": replace(kinds()["streets"], geometry="any")})
    table = read_streets(DATA / f"{city}.osm.pbf").frame
    crs = osm_tags.metric_crs(table)
    table = table.set_geometry(geo.reproject(table.geometry.to_numpy(), table.crs, crs), crs=crs)
    land = table.geom_type.str.endswith("Polygon").to_numpy()
    outlined = table.copy()
    outlined.loc[land, "geometry"] = shapely.boundary(table.geometry.to_numpy()[land])
    crossed, round_about = streets.build(table), streets.build(outlined)
    assert land.sum() == count
    assert crossed.report.plazas >= crossed.report.features - crossed.report.closed - (~land).sum()
    assert crossed.walkway.sum() > 50
    assert crossed.report.length_m == pytest.approx(round_about.report.length_m, rel=1e-3)
    # From vertex to vertex of their outlines, as far as they are joined to the network.
    corners = np.unique(shapely.get_coordinates(shapely.boundary(table.geometry.to_numpy()[land])), axis=0)
    corners = shapely.points(corners)
    joined = [streets.attach(network, corners).access_m < 0.001 for network in (crossed, round_about)]
    some = np.random.default_rng(1).permutation(corners[joined[0] & joined[1]])[:150]
    answers = []
    for network in (crossed, round_about):
        there, here = streets.attach(network, some[:15]), streets.attach(network, some[15:])
        answers.append(streets.nearest(network, there, here).distance_m)
    assert (answers[0] <= answers[1] + 0.01).all()
    assert (answers[0] < answers[1] - 5).any()
