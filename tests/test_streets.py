"""The street engine: a town counted by hand, closed forms, networkx as the oracle, invariants, real input."""

from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
import street_town as town
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import affinity

from gis_planning import geo, streets
from gis_planning.errors import CrsError, FeatureError, LayerError
from gis_planning.streets import reach

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
DEMO = Path(__file__).resolve().parents[1] / "layers" / "demo" / "county.gpkg"
RIVER = town.line((450, -50), (450, 50))


def distance(network, home, *shops, **options):
    """Network distance from a home to the nearest of some shops."""
    homes = streets.attach(network, town.places(home))
    there = streets.attach(network, town.places(*shops))
    return float(streets.nearest(network, there, homes, **options).distance_m[0])


def lengths_by_name(table, network):
    names = table["name"].to_numpy()[network.feature]
    return {name: sorted(np.round(network.length_m[names == name], 6).tolist()) for name in set(names)}


# --- the town, by hand


def test_the_town_is_joined_where_its_streets_meet():
    table = town.streets()
    network = streets.build(table)
    assert (network.report.nodes, network.report.edges) == (13, 13)
    assert network.report.length_m == pytest.approx(2920)
    assert lengths_by_name(table, network) == {
        "main street": [300, 300, 400],
        "north street": [400],
        "cross street": [100, 100, 100, 200],
        "back lane": [400],
        "north lane": [200],
        "south lane": [200],
        "footbridge": [200],
        "factory road": [20],
    }
    ends = shapely.get_coordinates(shapely.get_point(network.geometry, 0))
    np.testing.assert_array_equal(ends, network.xy[network.u])
    (island,) = network.report.islands
    assert (island.nodes, island.length_m, island.features) == (2, 20, (7,))
    assert [note.key for note in network.report.notes()] == ["streets.note_islands"]


@pytest.mark.parametrize(
    ("home", "shop", "metres"),
    [
        ((200, 10), (600, 300), 10 + 100 + 300 + 300),  # by the crossing, shorter than 810 by the back lane
        ((310, 380), (600, 300), 10 + 20 + 400),  # the other end of the edge
        ((310, 20), (600, 300), 10 + 20 + 300 + 300),  # this end
        ((700, 5), (650, -5), 5 + 50 + 5),  # same edge, on both sides of it
        ((700, 5), (700, 5), 10),  # at the same place, by the street
        ((800, 60), (800, -60), 120),  # on the footbridge
        ((800, 0), (800, 50), 200 + 100 + 200 + 50),  # under it: no way up but by a lane
        ((52, 60), (100, 0), 60 + 48),  # beside the island: to the main street
        ((600, 0), (600, 0), 0),  # on a junction
        ((-30, 40), (0, 0), 50),  # beyond the end of a street
    ],
)
def test_distances_counted_by_hand(home, shop, metres):
    network = streets.build(town.streets())
    assert distance(network, home, shop) == pytest.approx(metres, abs=1e-9)
    assert distance(network, shop, home) == pytest.approx(metres, abs=1e-9)


def test_the_nearest_shop_is_named_and_the_limit_counts():
    network = streets.build(town.streets())
    homes = streets.attach(network, town.places((100, 0), (1000, 0), (5000, 0), (600, 200)))
    shops = streets.attach(network, town.places((9000, 0), (600, 300), (0, 0)))
    assert shops.unattached.tolist() == [0]
    found = streets.nearest(network, shops, homes)
    assert found.distance_m.tolist() == [100, 700, np.inf, 100]
    assert found.source.tolist() == [2, 1, -1, 1]
    assert streets.nearest(network, shops, homes, limit_m=100).source.tolist() == [2, -1, -1, 1]
    assert streets.nearest(network, shops, homes, limit_m=99.9).source.tolist() == [-1, -1, -1, -1]
    assert np.isinf(streets.nearest(network, shops.take([0]), homes).distance_m).all()
    pairs = streets.within(network, shops, homes, limit_m=700).toarray()
    np.testing.assert_allclose(pairs, [[0, 0, 100], [0, 700, 0], [0, 0, 0], [0, 100, 0]])
    assert streets.within(network, shops.take([0]), homes, limit_m=700).nnz == 0


def test_a_place_on_a_shop_is_stored_at_distance_zero():
    network = streets.build(town.streets())
    one = streets.attach(network, town.places((700, 0)))
    pairs = streets.within(network, one, one, limit_m=10)
    assert pairs.nnz == 1
    assert pairs.data.tolist() == [0]


def test_places_too_far_without_coordinates_or_not_points():
    network = streets.build(town.streets())
    points = town.places((100, -200), (100, -200.001), (100, -5)).tolist() + [None, shapely.Point()]
    found = streets.attach(network, gpd.GeoSeries(points, crs=town.CRS), max_access_m=200)
    far, nowhere = streets.TOO_FAR, streets.NO_PLACE
    assert found.state.tolist() == [streets.ATTACHED, far, streets.ATTACHED, nowhere, nowhere]
    assert found.edge[[1, 3]].tolist() == [-1, -1]
    assert found.access_m[[0, 1, 2]].tolist() == [200, np.inf, 5]
    assert [(note.key, note.facts["count"]) for note in found.notes()] == [
        ("streets.note_too_far", 1),
        ("streets.note_no_place", 2),
    ]
    assert found.notes()[0].to("zh")
    with pytest.raises(FeatureError, match="1 of the places"):
        streets.attach(network, [town.line((0, 0), (1, 1))])


def test_islands_are_attached_to_only_when_they_are_not_islands():
    # 20 m of 1020 m are nearly 2 %: a small town's second part, not an island.
    two = town.table({"long": ([(0, 0), (1000, 0)], {}), "short": ([(50, 50), (50, 70)], {})})
    network = streets.build(two)
    assert not network.report.islands
    assert distance(network, (52, 60), (52, 60)) == 4
    assert distance(network, (52, 60), (100, 0)) == np.inf


# --- what is joined


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ({}, {}, True),
        ({"level": 1}, {}, False),
        ({"level": "1"}, {"level": 1.0}, True),
        ({"level": -1}, {"level": 0}, False),
        ({"bridge": True}, {}, False),
        ({}, {"tunnel": "yes"}, False),
        ({"bridge": True, "level": 1}, {"bridge": True, "level": 1}, False),
        ({"level": "unknown"}, {"level": np.nan}, True),
    ],
)
def test_lines_that_cross(one, other, joined):
    table = town.table({"a": ([(-50, 0), (50, 0)], one), "b": ([(0, -50), (0, 50)], other)})
    assert streets.build(table).report.edges == (4 if joined else 2)


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ({}, {}, True),
        ({"level": 1}, {}, False),
        ({"bridge": True}, {}, True),  # a vertex of both: somebody meant it
        ({"bridge": True, "level": 1}, {}, False),
        ({"bridge": True, "level": 1}, {"level": 1}, True),
    ],
)
def test_lines_that_share_a_vertex(one, other, joined):
    table = town.table({"a": ([(-50, 0), (0, 0), (50, 0)], one), "b": ([(0, -50), (0, 0), (0, 50)], other)})
    assert streets.build(table).report.edges == (4 if joined else 2)


@pytest.mark.parametrize(
    ("through", "ending", "at_vertex", "joined"),
    [
        ({}, {}, False, True),
        ({}, {"level": 1}, False, False),
        ({}, {"level": 1}, True, True),
        ({}, {"level": 1, "bridge": True}, False, True),  # the end of a bridge
        ({}, {"level": -1, "tunnel": True}, True, True),
        ({"level": 1, "bridge": True}, {}, False, False),  # a street that ends under a bridge
        ({"level": 1, "bridge": True}, {}, True, True),
    ],
)
def test_lines_that_end_on_another(through, ending, at_vertex, joined):
    middle = [(0, 0)] if at_vertex else []
    table = town.table({"a": ([(-50, 0), *middle, (50, 0)], through), "b": ([(0, 0), (0, 50)], ending)})
    assert streets.build(table).report.edges == (3 if joined else 2)


@pytest.mark.parametrize("overpass_drawn_in_two", [False, True])
def test_a_street_drawn_in_two_parts_under_an_overpass_is_not_joined_to_it(overpass_drawn_in_two):
    over = [[(0, -50), (0, 0)], [(0, 0), (0, 50)]] if overpass_drawn_in_two else [[(0, -50), (0, 0), (0, 50)]]
    rows = {f"over {n}": (points, {"level": 1}) for n, points in enumerate(over)}
    ground = {"west": ([(-50, 0), (0, 0)], {}), "east": ([(0, 0), (50, 0)], {})}
    assert distance(streets.build(town.table(rows | ground)), (-50, 0), (50, 0)) == 100
    assert distance(streets.build(town.table(rows | ground)), (0, -50), (0, 50)) == 100
    assert distance(streets.build(town.table(rows | ground)), (0, -50), (50, 0)) == np.inf
    # With stairs of a third level they are.
    stairs = {"stairs": ([(0, 0), (30, 30)], {"level": 2})}
    assert distance(streets.build(town.table(rows | ground | stairs)), (0, -50), (50, 0)) == 100


def test_ends_a_millimetre_apart_are_one_node_and_a_centimetre_apart_two():
    for gap, nodes in ((0.0009, 3), (0.01, 4)):
        table = town.table({"a": ([(0, 0), (100, 0)], {}), "b": ([(100 + gap, 0), (200, 0)], {})})
        assert streets.build(table).report.nodes == nodes


def test_a_street_that_crosses_or_touches_itself():
    eight = town.table({"eight": ([(0, 0), (100, 100), (100, 0), (0, 100)], {})})
    assert sorted(np.round(streets.build(eight).length_m, 3)) == [70.711, 70.711, 241.421]
    lasso = town.table({"lasso": ([(0, 0), (100, 0), (200, 50), (200, -50), (100, 0)], {})})
    network = streets.build(lasso)
    assert network.report.edges == 2
    # On the loop the shorter way round, by its one junction or not.
    assert distance(network, (200, 50), (200, -50)) == pytest.approx(100)
    assert distance(network, (150, 25), (150, -25)) == pytest.approx(2 * np.hypot(50, 25))


def test_duplicates_overlaps_and_parts_without_length_are_dropped_and_counted():
    back = [(1000, 0), (0, 0)]
    table = town.streets(
        again=(back, {}),
        part_of_it=([(100, 0), (200, 0)], {}),
        dot=([(7, 7), (7, 7)], {}),
        speck=([(7, 7), (7, 7.0005)], {}),
    )
    table = table.set_geometry([*table.geometry[:-1], None])
    report = streets.build(table).report
    assert (report.duplicate_parts, report.zero_length_parts, report.unusable_parts) == (1, 1, 0)
    assert (report.overlapping_edges, report.length_m) == (1, pytest.approx(2920))
    assert report.edges == 13 + 2  # the main street is cut at 100 and 200
    keys = [note.key for note in report.notes()]
    assert {"streets.note_duplicates", "streets.note_overlaps", "streets.note_zero_length"} <= set(keys)
    assert all(note.to("zh") and note.to("en") for note in report.notes())


def test_streets_closed_to_pedestrians_are_left_out():
    shut = {"highway": ([(0, -10), (1000, -10)], {"class": "motorway"})}
    table = town.streets(north_street=([(300, 0), (300, 400)], {"foot": "no"}), **shut)
    network = streets.build(table)
    assert network.report.closed == 2
    assert 1 not in network.feature
    assert distance(network, (300, 400), (300, 0)) == 400 + 300 + 300
    assert streets.build(table, mode="drive").report.closed == 0


def test_multilines_and_missing_columns():
    lines = gpd.GeoDataFrame(geometry=[shapely.union_all(town.streets().geometry.to_numpy()[:2])], crs=town.CRS)
    network = streets.build(lines)
    assert set(network.feature.tolist()) == {0}
    assert distance(network, (300, 10), (310, 0)) == 20


# --- barriers


def test_a_barrier_cuts_the_street_and_a_bridge_over_it_does_not_care():
    network = streets.build(town.streets(), barriers=town.barriers(RIVER))
    assert (network.report.cut_by_barriers, network.report.edges, network.report.nodes) == (1, 14, 15)
    assert network.report.length_m == pytest.approx(2920)
    assert distance(network, (200, 10), (600, 300)) == 10 + 100 + 400 + 400
    assert distance(network, (440, 0), (460, 0)) == 140 + 400 + 400 + 300 + 140
    bridged = town.streets(
        main_street=([(0, 0), (440, 0)], {}),
        bridge=([(440, 0), (460, 0)], {"bridge": True}),
        east=([(460, 0), (1000, 0)], {}),
    )
    network = streets.build(bridged, barriers=town.barriers(RIVER))
    assert network.report.cut_by_barriers == 0
    assert distance(network, (200, 10), (600, 300)) == 710


def test_a_barrier_polygon_takes_the_street_inside_it():
    pond = shapely.box(town.EAST + 400, town.NORTH - 50, town.EAST + 500, town.NORTH + 50)
    network = streets.build(town.streets(), barriers=town.barriers(pond))
    assert network.report.length_m == pytest.approx(2820)
    homes = streets.attach(network, town.places((450, 0), (390, 0)))
    assert homes.state.tolist() == [streets.BEHIND_BARRIER, streets.ATTACHED]
    # A street along the shore is not in the water.
    shore = shapely.box(town.EAST + 400, town.NORTH, town.EAST + 500, town.NORTH + 50)
    assert streets.build(town.streets(), barriers=town.barriers(shore)).report.cut_by_barriers == 0


def test_a_junction_on_a_barrier_is_parted_by_side():
    wall = town.line((550, 50), (650, -50))  # through the junction at (600, 0)
    network = streets.build(town.streets(), barriers=town.barriers(wall))
    assert network.report.nodes == 14
    # West and south are on one side, north and east on the other.
    assert distance(network, (590, 0), (600, -10)) == pytest.approx(20)
    assert distance(network, (600, 10), (610, 0)) == pytest.approx(20)
    assert distance(network, (590, 0), (600, 10)) == pytest.approx(10 + 100 + 600 + 90)  # by the footbridge
    # With a second wall through it, each of the four is alone.
    cross = town.line((550, -50), (650, 50))
    alone = streets.build(town.streets(), barriers=town.barriers(wall, cross))
    assert alone.report.nodes == 13 + 3
    assert distance(alone, (590, 0), (600, -10)) == 290 + 400 + 400 + 200 + 200 + 200 + 200 + 90
    along = town.line((600, -150), (600, 250))
    assert streets.build(town.streets(), barriers=town.barriers(along)).report.cut_by_barriers == 0


def test_barriers_that_end_at_a_street_or_share_its_vertex_do_not_cut_it():
    beside, other_side = town.line((450, 0), (450, 50)), town.line((450, 0), (450, -50))
    level_crossing = town.line((350, -50), (300, 0), (250, 50))
    network = streets.build(town.streets(), barriers=town.barriers(beside, other_side, level_crossing))
    assert network.report.cut_by_barriers == 0


def test_the_way_to_the_street_does_not_cross_a_barrier():
    wall = town.barriers(town.line((0, 20), (400, 20)))
    points = town.places((270, 25), (270, 15), (100, 90), (270, 20))
    free = streets.attach(streets.build(town.streets()), points)
    network = streets.build(town.streets(), barriers=wall)
    assert free.access_m.tolist() == [25, 15, 90, 20]
    held = streets.attach(network, points)
    # To the north street, to the main street, nowhere (200 m to the north street is the limit), and from a gate.
    assert held.access_m.tolist() == [30, 15, 200, 20]
    assert held.offset_m[0] == 5  # of the part of the north street behind the wall
    near = streets.attach(network, points, max_access_m=199)
    assert near.state.tolist() == [0, 0, streets.BEHIND_BARRIER, 0]
    assert near.notes()[0].facts["count"] == 1


def test_a_place_at_the_cut_end_of_a_street_is_attached_on_its_own_side():
    table = town.table({"street": ([(0, 0), (100, 100)], {}), "rest": ([(100, 100), (1000, 100)], {})})
    wall = town.barriers(town.line((50, 0), (50, 60)))
    network = streets.build(table, barriers=wall)
    homes = streets.attach(network, town.places((48, 52), (52, 48), (49, 51), (51, 49)))
    west = shapely.get_x(shapely.centroid(network.geometry[homes.edge])) < town.EAST + 50
    assert west.tolist() == [True, False, True, False]


# --- driving and directed costs


def test_driving_by_class_and_one_way():
    rows = {
        "out": ([(0, 0), (600, 0)], {"class": "primary"}),
        "home": ([(600, 0), (600, 300)], {"class": "residential"}),
        "path": ([(0, 0), (600, 300)], {"class": "footway"}),
        "back": ([(600, 300), (0, 300), (0, 0)], {"class": "primary"}),
    }
    table = town.table(rows)
    both = streets.build(table, mode="drive")
    assert both.report.closed == 1
    assert distance(both, (0, 0), (600, 300)) == 900  # at 60 km/h; the other way is 600 and 300 at 30 km/h
    table["oneway"] = ["yes", None, None, "yes"]
    one_way = streets.build(table, mode="drive")
    assert distance(one_way, (0, 0), (600, 300)) == 1200
    assert distance(one_way, (600, 300), (0, 0)) == 900
    assert distance(one_way, (600, 300), (0, 0), trip="from_source") == 1200
    # Behind oneself on a one-way street: all the way round.
    assert distance(one_way, (200, 0), (100, 0)) == 400 + 600 + 900 + 100
    assert distance(one_way, (100, 0), (200, 0)) == 100


@pytest.mark.parametrize("trip", ["to_source", "from_source"])
def test_directed_costs_against_networkx(trip):
    rng = np.random.default_rng(3)
    table = bent_grid(rng, 8)
    table["class"] = rng.choice(["primary", "residential", "service"], len(table))
    table["oneway"] = rng.choice(["yes", "-1", None], len(table), p=[0.2, 0.2, 0.6])
    network = streets.build(table, mode="drive")
    homes, shops = (streets.attach(network, scattered(rng, 8, count)) for count in (300, 12))
    ours = streets.nearest(network, shops, homes, trip=trip).distance_m
    np.testing.assert_allclose(ours, by_networkx(network, shops, homes, trip), atol=1e-6)
    pairs = streets.within(network, shops, homes, limit_m=1500, trip=trip)
    rows = np.array([pairs[[n]].data.min(initial=np.inf) for n in range(len(homes))])
    np.testing.assert_allclose(rows, np.where(ours <= 1500, ours, np.inf), atol=1e-6)


# --- closed form


def test_on_one_straight_street_the_distance_to_its_middle_is_x_plus_y():
    rng = np.random.default_rng(1)
    table = town.table({"street": ([(-2000, 0), (2000, 0)], {})})
    network = streets.build(table)
    shop = streets.attach(network, town.places((0, 0)))
    xy = np.column_stack([rng.uniform(-2000, 2000, 5000), rng.uniform(-200, 200, 5000)])
    points = shapely.points(xy + (town.EAST, town.NORTH))
    found = streets.nearest(network, shop, streets.attach(network, points))
    np.testing.assert_allclose(found.distance_m, np.abs(xy).sum(axis=1), atol=1e-6)


# --- networkx


def bent_grid(rng, size, share=0.85):
    """Streets of a random grid with bends, some missing, drawn whole so that crossings have to be found."""
    at = np.stack(np.meshgrid(np.arange(size), np.arange(size), indexing="ij"), -1) * 120.0
    at = at + rng.uniform(-30, 30, at.shape) + (town.EAST, town.NORTH)
    rows = []
    for lane in (*at, *at.swapaxes(0, 1)):
        bends = (lane[:-1] + lane[1:]) / 2 + rng.uniform(-15, 15, (size - 1, 2))
        parts = [np.stack(part) for part in zip(lane[:-1], bends, lane[1:], strict=True)]
        rows += [shapely.LineString(part) for part in parts if rng.random() < share]
    low, high = (town.EAST, town.NORTH), (town.EAST + size * 120, town.NORTH + size * 120)
    rows += [shapely.LineString(rng.uniform(low, high, (3, 2))) for _ in range(4)]
    return gpd.GeoDataFrame(geometry=rows, crs=town.CRS)


def scattered(rng, size, count):
    return shapely.points(rng.uniform(-50, size * 120 + 50, (count, 2)) + (town.EAST, town.NORTH))


def by_networkx(network, sources, targets, trip="to_source"):
    """The same on a graph whose edges are really split at every place."""
    graph = nx.DiGraph()

    def add(a, b, cost):
        if np.isfinite(cost) and cost < graph.get_edge_data(a, b, {"weight": np.inf})["weight"]:
            graph.add_edge(a, b, weight=cost)

    stops = {edge: [] for edge in range(len(network.u))}
    for kind, places in (("source", sources), ("target", targets)):
        for n in np.flatnonzero(places.edge >= 0):
            stops[int(places.edge[n])].append((float(places.offset_m[n]), (kind, int(n), "foot")))
            leg = places.access_m[n] * network.access_factor
            add((kind, int(n), "foot"), (kind, int(n)), leg)
            add((kind, int(n)), (kind, int(n), "foot"), leg)
    for edge, on_it in stops.items():
        length = network.length_m[edge]
        chain = [(0.0, int(network.u[edge])), *sorted(on_it, key=lambda one: one[0]), (length, int(network.v[edge]))]
        # A closed edge without a stop, or parallel ones, need a node of their own between.
        chain.insert(1, (0.0, ("edge", edge)))
        for (at, a), (to, b) in pairwise(chain):
            part = (to - at) / length
            # Between places on one spot (a junction, say) there is no way to go, not even a one-way one.
            add(a, b, network.forward[edge] * part if part else 0.0)
            add(b, a, network.backward[edge] * part if part else 0.0)
    starts = {("source", int(n)) for n in np.flatnonzero(sources.edge >= 0)}
    found = nx.multi_source_dijkstra_path_length(graph if trip == "from_source" else graph.reverse(), starts)
    return np.array([found.get(("target", n), np.inf) for n in range(len(targets))])


@pytest.mark.parametrize("seed", range(3))
def test_thousands_of_homes_against_networkx(seed):
    rng = np.random.default_rng(seed)
    network = streets.build(bent_grid(rng, 14))
    homes, shops = (streets.attach(network, scattered(rng, 14, count)) for count in (3000, 40))
    found = streets.nearest(network, shops, homes)
    np.testing.assert_allclose(found.distance_m, by_networkx(network, shops, homes), atol=1e-6)
    limited = streets.nearest(network, shops, homes, limit_m=300)
    np.testing.assert_array_equal(limited.distance_m, np.where(found.distance_m <= 300, found.distance_m, np.inf))
    for n in rng.choice(np.flatnonzero(found.source >= 0), 20):
        alone = streets.nearest(network, shops.take([found.source[n]]), homes.take([n]))
        assert alone.distance_m[0] == pytest.approx(found.distance_m[n], abs=1e-9)


@pytest.mark.parametrize("limit_m", [150.0, 600.0, np.inf])
@pytest.mark.parametrize("cells", [reach.CELLS, 3000])
def test_all_pairs_are_the_nearest_of_each_source_alone(monkeypatch, cells, limit_m):
    monkeypatch.setattr(reach, "CELLS", cells)
    rng = np.random.default_rng(5)
    network = streets.build(bent_grid(rng, 9))
    homes, shops = (streets.attach(network, scattered(rng, 9, count)) for count in (400, 30))
    pairs = streets.within(network, shops, homes, limit_m=limit_m)
    dense = np.full(pairs.shape, np.inf)
    row = np.repeat(np.arange(len(homes)), np.diff(pairs.indptr))
    dense[row, pairs.indices] = pairs.data
    alone = [streets.nearest(network, shops.take([n]), homes, limit_m=limit_m).distance_m for n in range(len(shops))]
    np.testing.assert_allclose(dense, np.column_stack(alone), atol=1e-6)


def test_noding_and_attaching_against_another_engine():
    """GEOS nodes the lines, homes look at every edge, networkx walks."""
    rng = np.random.default_rng(11)
    table = bent_grid(rng, 8, share=1.0)
    parts = shapely.get_parts(shapely.union_all(table.geometry.to_numpy()))
    graph = nx.Graph()

    def key(point):
        return tuple(np.round(point.coords[0], 4))

    def add(a, b, cost):
        if cost < graph.get_edge_data(a, b, {"weight": np.inf})["weight"]:
            graph.add_edge(a, b, weight=cost)

    places = {"home": scattered(rng, 8, 400), "shop": scattered(rng, 8, 6)}
    stops = {edge: [] for edge in range(len(parts))}
    for kind, points in places.items():
        for n, point in enumerate(points):
            gaps = shapely.distance(parts, point)
            edge = int(np.argmin(gaps))
            if gaps[edge] <= 200:
                stops[edge].append((parts[edge].project(point), (kind, n, "foot")))
                add((kind, n, "foot"), (kind, n), gaps[edge])
    for edge, on_it in stops.items():
        line = parts[edge]
        chain = [
            (0.0, key(shapely.get_point(line, 0))),
            *sorted(on_it),
            (line.length, key(shapely.get_point(line, -1))),
        ]
        for (at, a), (to, b) in pairwise(chain):
            add(a, b, to - at)
    shops = [("shop", n) for n in range(6) if ("shop", n) in graph]
    theirs = nx.multi_source_dijkstra_path_length(graph, shops)
    network = streets.build(table)
    found = streets.nearest(network, *(streets.attach(network, places[kind]) for kind in ("shop", "home")))
    expected = [theirs.get(("home", n), np.inf) for n in range(400)]
    np.testing.assert_allclose(found.distance_m, expected, atol=1e-6)


# --- invariants

grid_point = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda p: (p[0] * 50.0, p[1] * 50.0))
segment = st.tuples(grid_point, grid_point).filter(lambda s: s[0] != s[1])
some_streets = st.lists(segment, min_size=1, max_size=12)
some_places = st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), min_size=1, max_size=6)


def lines(segments):
    return gpd.GeoDataFrame(geometry=[town.line(*one) for one in segments], crs=town.CRS)


def matrix(table, sources, targets, **options):
    """Distances of all pairs, infinite where there is none."""
    network = streets.build(table)
    there, here = (streets.attach(network, places, **options) for places in (sources, targets))
    pairs = streets.within(network, there, here, limit_m=np.inf)
    dense = np.full(pairs.shape, np.inf)
    dense[np.repeat(np.arange(len(here)), np.diff(pairs.indptr)), pairs.indices] = pairs.data
    return dense


@settings(max_examples=60, deadline=None)
@given(some_streets, some_places, some_places)
def test_never_shorter_than_the_straight_line_and_symmetric(segments, sources, targets):
    a, b = town.places(*sources), town.places(*targets)
    there = matrix(lines(segments), a, b)
    straight = shapely.distance(b.to_numpy()[:, None], a.to_numpy()[None, :])
    assert (there >= straight - 1e-6).all()
    np.testing.assert_allclose(there, matrix(lines(segments), b, a).T, atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(some_streets, some_places, some_places, st.randoms(use_true_random=False))
def test_neither_the_order_of_features_nor_a_zone_more_matters(segments, sources, targets, random):
    a, b = town.places(*sources), town.places(*targets)
    there = matrix(lines(segments), a, b)
    shuffled = random.sample(segments, len(segments))
    np.testing.assert_allclose(there, matrix(lines(shuffled), a, b), atol=1e-6)
    turned = [(end, start) for start, end in segments]
    np.testing.assert_allclose(there, matrix(lines(turned), a, b), atol=1e-6)

    def moved(layer):
        shift = [affinity.translate(one, 1_000_000.0, -2_000_000.0) for one in layer.geometry]
        return layer.set_geometry(shift) if isinstance(layer, gpd.GeoDataFrame) else gpd.GeoSeries(shift, crs=town.CRS)

    np.testing.assert_allclose(there, matrix(moved(lines(segments)), moved(a), moved(b)), atol=1e-6)


@settings(max_examples=60, deadline=None)
@given(some_streets, some_streets, st.data())
def test_more_streets_and_more_shops_never_make_it_farther(segments, more, data):
    # Homes on the streets there were: a home off the street may come to be nearer to a worse one.
    ends = [point for one in segments for point in one]
    sources, targets = (data.draw(st.lists(st.sampled_from(ends), min_size=1, max_size=4)) for _ in range(2))
    a, b = town.places(*sources), town.places(*targets)
    # A small network that a bigger one makes an island of is left, and its homes with it; that may make it farther.
    assume(not streets.build(lines(segments + more)).island.any())
    before, after = matrix(lines(segments), a, b), matrix(lines(segments + more), a, b)
    # Streets may become an island beside so many more; a place on them is then attached elsewhere.
    if not streets.build(lines(segments + more)).report.islands:
        assert (after <= before + 1e-6).all()
    network = streets.build(lines(segments))
    shops, homes = streets.attach(network, a), streets.attach(network, b)
    fewer = streets.nearest(network, shops.take([0]), homes).distance_m
    assert (streets.nearest(network, shops, homes).distance_m <= fewer).all()


@settings(max_examples=60, deadline=None)
@given(some_streets, some_places)
def test_finite_exactly_within_a_component(segments, places):
    network = streets.build(lines(segments))
    found = streets.attach(network, town.places(*places))
    dense = matrix(lines(segments), town.places(*places), town.places(*places))
    component = np.where(found.edge >= 0, network.component[network.u[found.edge]], -1)
    same = (component[:, None] == component[None, :]) & (component[:, None] >= 0)
    np.testing.assert_array_equal(np.isfinite(dense), same)
    assert not network.island[component[component >= 0]].any()


@settings(max_examples=60, deadline=None)
@given(some_streets, some_places, some_places)
def test_the_way_to_a_street_is_the_shortest_and_with_the_way_along_it_no_shorter_than_straight(
    segments, walls, places
):
    """Barriers are laid through the places drawn as walls, two by two."""
    ends = [one for one in pairwise(walls) if one[0] != one[1]]
    network = streets.build(lines(segments), barriers=town.barriers(*(town.line(*one) for one in ends)))
    points = town.places(*places)
    found = streets.attach(network, points)
    there = np.flatnonzero(found.edge >= 0)
    # The spot on the edge is where it is said to be, and no street that counts is nearer; behind a wall one may be.
    feet = shapely.line_interpolate_point(network.geometry[found.edge[there]], found.offset_m[there])
    here = points.to_numpy()[there]
    np.testing.assert_allclose(found.access_m[there], shapely.distance(here, feet), atol=1e-6)
    joined = shapely.union_all(network.geometry[network.joined])
    least = shapely.distance(here, joined)
    assert (found.access_m[there] >= least - 1e-6).all()
    if not ends:
        np.testing.assert_allclose(found.access_m[there], least, atol=1e-5)
        assert (shapely.distance(points.to_numpy()[found.unattached], joined) > 200 - 1e-6).all()
    # To both ends of the edge, along it: as a place at the end would be reached.
    for end in (network.u, network.v):
        node = end[found.edge[there]]
        offset = np.where(node == network.u[found.edge[there]], 0.0, network.length_m[found.edge[there]])
        way = found.access_m[there] + np.abs(found.offset_m[there] - offset)
        assert (way >= shapely.distance(here, shapely.points(network.xy[node])) - 1e-6).all()


@pytest.mark.parametrize("seed", range(3))
def test_the_zone_the_streets_are_projected_in_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    # Halfway between two zones, where both stretch lengths alike, on either side.
    middle = gpd.GeoSeries(gpd.points_from_xy([112.5], [41.0]), crs="EPSG:4490").to_crs(town.CRS)[0]
    shift = middle.x - town.EAST, middle.y - town.NORTH
    table, places = bent_grid(rng, 8), [scattered(rng, 8, count) for count in (300, 10)]
    found = []
    for crs in (town.CRS, "EPSG:4525"):
        moved = [gpd.GeoSeries(one, crs=town.CRS).translate(*shift).to_crs(crs) for one in (table.geometry, *places)]
        network = streets.build(gpd.GeoDataFrame(geometry=moved[0]))
        homes, shops = (streets.attach(network, one) for one in moved[1:])
        found.append(streets.nearest(network, shops, homes))
    # Lengths differ by 2 in a million for a kilometre off the middle.
    np.testing.assert_allclose(found[0].distance_m, found[1].distance_m, rtol=2e-5, atol=1e-3)
    np.testing.assert_array_equal(found[0].source, found[1].source)
    assert np.isfinite(found[0].distance_m).sum() > 250


# --- refusals


def test_refusals():
    table = town.streets()
    with pytest.raises(CrsError, match="no coordinate reference"):
        streets.build(table.set_crs(None, allow_override=True))
    with pytest.raises(CrsError, match="not a projected"):
        streets.build(table.to_crs("EPSG:4490"))
    with pytest.raises(CrsError, match="barriers"):
        streets.build(table, barriers=town.barriers(RIVER).to_crs("EPSG:4525"))
    with pytest.raises(LayerError, match="none of the 1 feature "):
        streets.build(table.iloc[:1].assign(foot="no"))
    with pytest.raises(LayerError, match="no length"):
        streets.build(town.table({"dot": ([(1, 1), (1, 1)], {})}))
    with pytest.raises(LayerError, match="no mode 'fly'"):
        streets.build(table, mode="fly")
    with pytest.raises(CrsError, match="points"):
        streets.attach(streets.build(table), town.places((0, 0)).to_crs("EPSG:4525"))
    assert streets.build(table, barriers=town.barriers()).report.cut_by_barriers == 0
    assert len(streets.attach(streets.build(table), town.places((0, 0))[:0])) == 0


# --- real input


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared real data are not beside this clone")
@pytest.mark.parametrize("name", ["liechtenstein", "krems"])
def test_osm_towns_against_networkx(name):
    from gis_planning.formats.osm import layers_of, read_extract
    from gis_planning.formats.read.osm_tags import metric_crs

    (extract,) = (DATA / "osm_towns").glob(f"*{name}*.pbf")
    layers = layers_of(read_extract(extract))
    crs = metric_crs(layers["streets"])

    def plane(layer):
        return layer.set_geometry(geo.reproject(layer.geometry.to_numpy(), layer.crs, crs), crs=crs)

    walls = plane(layers["barriers"])
    network = streets.build(plane(layers["streets"]), barriers=walls)
    report = network.report
    assert report.edges > 1000
    assert report.closed > 0
    assert report.cut_by_barriers > 0
    total = np.bincount(network.component[network.u], weights=network.length_m)
    assert total.max() > 0.8 * report.length_m
    homes = streets.attach(network, plane(layers["buildings"]).geometry.centroid[::7])
    shops = streets.attach(network, plane(layers["facilities"]).geometry.centroid[::25])
    assert (homes.edge >= 0).mean() > 0.9
    found = streets.nearest(network, shops, homes)
    np.testing.assert_allclose(found.distance_m, by_networkx(network, shops, homes), atol=1e-6)


@pytest.mark.skipif(not DEMO.is_file(), reason="the demo county has not been made")
def test_the_demo_county_has_its_planted_faults():
    table = gpd.read_file(DEMO, layer="streets")
    # The factory road is an island but for what crosses it on the same level, if anything does.
    factory = table["name"] == "厂内路"
    table = table[factory | ~table.intersects(table[factory].union_all())].reset_index(drop=True)
    network = streets.build(table, barriers=gpd.read_file(DEMO, layer="barriers"))
    names = table["name"].to_numpy()
    planted = [one for one in network.report.islands if set(names[list(one.features)]) == {"厂内路"}]
    assert [one.nodes for one in planted] == [4]
    assert network.report.duplicate_parts == 1
    overpass = np.flatnonzero((table["foot"] == "no").to_numpy())
    assert len(overpass) == 1
    assert not np.isin(network.feature, overpass).any()
    # For cars it is there, and joined at its ends only.
    assert (streets.build(table, mode="drive").feature == overpass[0]).sum() == 1
