"""Ways outward and what hangs on one street: held against networkx, and what nobody knows."""

import math
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
import real_towns
import shapely
import town

from gis_planning import geo, streets
from gis_planning.analysis.work import applied
from gis_planning.conventions.facilities import NONE
from gis_planning.county import areas
from gis_planning.county.opened import open_county
from gis_planning.errors import NotAssessed
from gis_planning.measures import exits, outward
from gis_planning.streets.bridges import hanging


def spot(x, y):
    return shapely.Point(town.EAST + x, town.NORTH + y)


def roads(*lines, kinds="primary", **columns):
    kinds = [kinds] * len(lines) if isinstance(kinds, str) else kinds
    shapes = [shapely.LineString([spot(*point) for point in line]) for line in lines]
    return town.frame(*shapes, **{"class": kinds}, **columns)


def driven(layer):
    return streets.build(layer, mode="drive")


def table(*places, none=()):
    found = town.frame(*(spot(*place[1:]) for place in places), kind=[place[0] for place in places])
    found.attrs[NONE] = tuple(none)
    return found


MAIN = roads([(0, 0), (20_000, 0)])
SEAT = town.frame(spot(0, 0))


def minutes(facilities, layer=MAIN, seat=SEAT, kind="airport"):
    return applied(outward.minutes, seat=seat, facilities=facilities, drive_network=driven(layer), kind=kind)


def test_the_nearest_counts_and_one_without_a_way_opens_the_value_downwards():
    found = minutes(table(("airport", 12_000, 0), ("airport", 18_000, 300), ("market", 100, 0)))
    assert found.value == pytest.approx(12.0)
    # 300 m straight at 20 km/h are 0.9 minutes.
    assert found.layers["sites"]["minutes"].tolist() == pytest.approx([12.0, 18.9])
    assert found.value_range is None
    found = minutes(table(("airport", 12_000, 0), ("airport", 0, 6_500)))
    # Straight, at 130 km/h, it is three minutes.
    assert found.value_range == pytest.approx((3.0, 12.0))
    # One that is farther than the nearest even so changes nothing.
    assert minutes(table(("airport", 2_000, 0), ("airport", 0, 6_500))).value_range is None


def test_one_way_streets_are_driven_from_the_seat():
    layer = roads([(0, 0), (3_000, 0)], [(0, 0), (0, 1_000), (3_000, 1_000), (3_000, 0)], oneway=["-1", "no"])
    assert minutes(table(("airport", 3_000, 0)), layer).value == pytest.approx(5.0)
    back = applied(
        outward.farthest_village, villages=town.frame(spot(3_000, 0)), seat=SEAT, drive_network=driven(layer)
    )
    assert back.value == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("facilities", "seat", "reason"),
    [
        (table(("market", 0, 0)), SEAT, "circles.kind_not_held"),
        (table(("market", 0, 0), none=("airport",)), SEAT, "outward.none_anywhere"),
        (table(("airport", 0, 9_000)), SEAT, "outward.no_way"),
        (table(("airport", 9_000, 0)), town.frame(spot(0, 501)), "outward.seat_off_street"),
    ],
)
def test_what_nobody_knows_of_the_way_outward_is_told(facilities, seat, reason):
    with pytest.raises(NotAssessed) as lack:
        minutes(facilities, seat=seat)
    assert lack.value.reason.key == reason


def test_a_village_without_a_way_opens_the_longest_upwards():
    places = town.frame(spot(5_000, 0), spot(9_000, 0), spot(9_000, 900), name=["A", "B", "C"])
    net = driven(MAIN)
    found = applied(outward.farthest_village, villages=places, seat=SEAT, drive_network=net)
    assert (found.value, found.value_range) == (pytest.approx(9.0), (pytest.approx(9.0), math.inf))
    share = applied(outward.villages_to_seat, villages=places, seat=SEAT, drive_network=net, limit_min=5)
    assert share.value == pytest.approx(1 / 3)
    assert share.offenders["name"].tolist() == ["C", "B"]


def test_villages_and_roads_against_a_plain_loop():
    draw = np.random.default_rng(22)
    words = ["县道", "村道", "track", None, "高速公路"]
    ends = draw.uniform(0, 5_000, (40, 2, 2))
    kinds = draw.choice(np.array(words, dtype=object), 40).tolist()
    layer = roads(*ends.tolist(), kinds=kinds)
    places = town.frame(*(spot(x, y) for x, y in draw.uniform(0, 5_000, (60, 2))))
    sure = perhaps = 0
    for place in places.geometry:
        near = {kind for kind, line in zip(kinds, layer.geometry, strict=True) if line.distance(place) <= 100}
        sure += "县道" in near
        perhaps += "县道" not in near and bool(near & {"村道", None})
    found = outward.villages_on_roads(places, layer, classes=("县道",), unsure=("村道",), within_m=100)
    assert (found.numerator, found.value_range) == (sure, pytest.approx((sure / 60, (sure + perhaps) / 60)))
    assert len(found.offenders) == 60 - sure - perhaps
    with pytest.raises(NotAssessed):
        outward.villages_on_roads(places, roads([(0, 0), (9, 9)], kinds=[None]), classes=("县道",), within_m=100)


def test_the_seat_is_stated_or_taken_from_land_and_says_so(tmp_path):
    county = open_county(town.write(tmp_path / "a", town.layers()))
    made = county.layer("seat")
    assert made.attrs == {areas.MADE_FROM: "study_area"}
    assert county.layer("study_area").contains(made.geometry.iloc[0]).all()
    found = minutes(table(("airport", 9_000, 0)), roads([(0, 0), (20_000, 0)], [(0, 0), (3_000, 3_000)]), made)
    assert [note.key for note in found.notes] == ["outward.note_seat"]
    county = open_county(town.write(tmp_path / "b", town.layers(), county="seat = [117.0, 41.3]"))
    assert county.has("seat")
    assert county.layer("seat").attrs == {}


# -- what hangs on one street


@pytest.mark.parametrize("seed", range(60))
def test_bridges_against_networkx(seed):
    draw = np.random.default_rng(seed)
    size, count = int(draw.integers(1, 40)), int(draw.integers(0, 60))
    u, v = draw.integers(0, size, (2, count))
    root, values = int(draw.integers(0, size)), draw.integers(0, 9, size).astype(float)
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from((one, other, key) for key, (one, other) in enumerate(zip(u.tolist(), v.tolist(), strict=True)))
    reached = nx.node_connected_component(graph, root)
    found = hanging(size, u, v, root)
    assert set(found.order.tolist()) == reached
    beneath, expected = found.beneath(values), {}
    for key in range(count):
        if u[key] in reached:
            graph.remove_edge(u[key], v[key], key)
            left = nx.node_connected_component(graph, root)
            graph.add_edge(u[key], v[key], key)
            if left != reached:
                expected[key] = values[sorted(reached - left)].sum()
    assert {int(found.above[node]): beneath[node] for node in np.flatnonzero(found.bridge)} == expected


def lattice(seed, kept=0.62, size=7, step=200.0):
    """Return streets of a grid of which many are left out, and its seat and homes."""
    draw = np.random.default_rng(seed)
    xy = np.stack(np.meshgrid(*[np.arange(size) * step] * 2), axis=-1) + draw.uniform(-60, 60, (size, size, 2))
    lines = [[xy[i, j], xy[i, j + 1]] for i in range(size) for j in range(size - 1)]
    lines += [[xy[i, j], xy[i + 1, j]] for i in range(size - 1) for j in range(size)]
    some = np.flatnonzero(draw.random(len(lines)) < kept)
    layer = roads(*(np.array(lines[at]).tolist() for at in some), name=[f"S{at}" for at in some])
    # Homes and the seat stand on streets, none near a junction.
    on = draw.choice(len(layer), 31)
    spots = shapely.line_interpolate_point(layer.geometry.to_numpy()[on], draw.uniform(0.2, 0.8, 31), normalized=True)
    homes = [shapely.box(one.x - 1, one.y - 1, one.x + 1, one.y + 1) for one in spots[1:]]
    return layer, town.frame(spots[0]), town.frame(*homes)


def cut_off(layer, seat, homes, least=1, villages=None):
    land = town.frame(shapely.box(*layer.total_bounds).buffer(500))
    return applied(
        exits.cut_off,
        seat=seat,
        network=driven(layer),
        streets=layer,
        residential=homes,
        study_area=land,
        villages=villages,
        at_least_homes=least,
    )


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("least", [1, 3])
def test_streets_that_cut_off_against_closing_each(seed, least):
    layer, seat, homes = lattice(seed)
    net = driven(layer)
    places = streets.attach(net, shapely.centroid(homes.geometry.to_numpy()))
    root = streets.attach(net, seat)
    own, offset = int(root.edge[0]), root.offset_m[0]
    graph = nx.MultiGraph()
    for edge in range(len(net.u)):
        u, v = int(net.u[edge]), int(net.v[edge])
        for part, (one, other) in enumerate([(u, "seat"), ("seat", v)] if edge == own else [(u, v)]):
            graph.add_edge(one, other, (edge, part))
    at = [(int(e), int(e == own and o > offset)) for e, o in zip(places.edge, places.offset_m, strict=True)]
    start = nx.node_connected_component(graph, "seat")
    end = [int((net.v if part else net.u)[edge]) for edge, part in at]
    on = [k for k, (edge, _) in enumerate(at) if edge >= 0 and end[k] in start]
    expected, metres = {}, {}
    for one, other, key in list(graph.subgraph(start).edges(keys=True)):
        graph.remove_edge(one, other, key)
        left = nx.node_connected_component(graph, "seat")
        graph.add_edge(one, other, key)
        gone = frozenset(k for k in on if left != start and (at[k] == key or end[k] not in left))
        if len(gone) >= least:
            expected[gone] = len(gone)
            length = net.length_m[key[0]]
            part = length if key[0] != own else offset if key[1] == 0 else length - offset
            metres[gone] = metres.get(gone, 0.0) + part
    found = cut_off(layer, seat, homes, least)
    rows = found.offenders
    assert found.value == len(expected)
    assert sorted(rows["homes"]) == sorted(expected.values())
    assert sorted(rows["length_m"]) == pytest.approx(sorted(metres.values()))
    assert shapely.length(rows.geometry.to_numpy()) == pytest.approx(rows["length_m"].to_numpy())
    order = np.random.default_rng(seed).permutation(len(layer))
    again = cut_off(layer.iloc[order].reset_index(drop=True), seat, homes.iloc[::-1].reset_index(drop=True), least)
    assert again.offenders[["name", "homes"]].equals(rows[["name", "homes"]])


def test_villages_count_and_homes_without_a_way_are_told():
    layer = roads([(0, 0), (4_000, 0)], [(1_000, 3_000), (4_000, 3_000)], name=["main", "north"])
    home = [
        shapely.box(town.EAST + x, town.NORTH + y, town.EAST + x + 9, town.NORTH + y + 9)
        for x, y in ((900, 5), (2_000, 3_005))
    ]
    found = cut_off(layer, SEAT, town.frame(*home), 5, town.frame(spot(3_900, 0)))
    assert found.value == 1
    assert found.offenders[["name", "homes", "villages"]].to_numpy().tolist() == [["main", 1.0, 1.0]]
    assert {note.key for note in found.notes} == {"exits.note_one_way", "exits.note_not_joined"}
    assert cut_off(layer, SEAT, town.frame(*home), 5).value == 0
    with pytest.raises(NotAssessed):
        cut_off(layer, town.frame(spot(0, 300)), town.frame(*home))


def left_by(layer, seat, land, outside_m=300.0, measure=exits.ways_out):
    return applied(measure, seat=seat, drive_network=driven(layer), area=land, streets=layer, outside_m=outside_m)


def parted(net, inner, foot, outside_m):
    """Return the streets of a town as a graph of metres, and where they lead out of it."""
    town_graph, beyond = nx.Graph(), nx.Graph()
    for line in net.geometry:
        for graph, piece in ((town_graph, line.intersection(inner)), (beyond, line.difference(inner))):
            for part in filter(lambda one: not one.is_empty, shapely.get_parts(piece)):
                stops = [0.0, part.length]
                if graph is town_graph and part.distance(foot) < 1e-6:
                    stops.insert(1, part.project(foot))
                for low, high in pairwise(stops):
                    one, other = (key(part.interpolate(at)) for at in (low, high))
                    graph.add_edge(one, other, metres=high - low)
    large = set()
    for nodes in nx.connected_components(beyond):
        part = beyond.subgraph(nodes)
        if sum(metres for *_, metres in part.edges(data="metres")) >= outside_m:
            large |= nodes
        else:
            town_graph.add_edges_from(part.edges(data=True))
    return town_graph, large & set(town_graph)


def key(point):
    return round(point.x, 2), round(point.y, 2)


@pytest.mark.parametrize("seed", range(12))
def test_ways_out_against_networkx(seed):
    layer, seat, _ = lattice(seed, kept=0.8)
    net = driven(layer)
    middle = seat.geometry.iloc[0]
    land = shapely.box(middle.x - 250, middle.y - 250, middle.x + 250, middle.y + 250)
    root = streets.attach(net, seat)
    foot = net.geometry[root.edge[0]].interpolate(root.offset_m[0])
    # A strip of 30 m along the edge belongs to the town.
    graph, goals = parted(net, land.buffer(30, join_style="mitre"), foot, 300)
    costs = {}
    for goal in goals:
        inner = graph.subgraph(set(graph) - (goals - {goal}))
        if nx.has_path(inner, key(foot), goal):
            costs[goal] = nx.shortest_path_length(inner, key(foot), goal, weight="metres") / 1000
    close = nx.Graph()
    close.add_nodes_from(costs)
    close.add_edges_from((a, b) for a in costs for b in costs if math.dist(a, b) <= 50)
    expected = sorted(min(costs[one] for one in group) for group in nx.connected_components(close))
    found = left_by(layer, seat, town.frame(land))
    assert found.layers["exits"]["minutes"].tolist() == pytest.approx(expected, abs=1e-4)
    assert found.value == len(expected)
    if len(expected) > 1:
        closed = left_by(layer, seat, town.frame(land), measure=exits.one_closed)
        assert closed.value == pytest.approx(expected[1], abs=1e-4)
    again = left_by(layer.iloc[::-1].reset_index(drop=True), seat, town.frame(land))
    assert again.layers["exits"]["minutes"].tolist() == pytest.approx(expected, abs=1e-4)


def test_the_two_sides_of_a_road_are_one_way_out_and_entrances_are_none():
    land = town.frame(town.box(-500, -500, 500, 500))
    layer = roads(
        [(-2_000, 0), (0, 0)], [(0, 0), (2_000, 0)], [(2_000, 40), (0, 40), (0, 0)], [(0, 2_000), (0, 40)],
        oneway=["no", "yes", "yes", "yes"],
    )  # fmt: skip
    found = left_by(layer, SEAT, land)
    # West and east; the second side and the road from the north lead inwards alone.
    assert found.layers["exits"]["minutes"].tolist() == pytest.approx([0.53, 0.53])
    both = roads([(-2_000, 0), (0, 0)], [(0, 0), (2_000, 0)], [(0, 0), (0, 40), (2_000, 40)])
    assert left_by(both, SEAT, land).value == 2


def test_a_town_with_one_way_out_has_no_time_without_it():
    land = town.frame(town.box(-500, -500, 500, 500))
    with pytest.raises(NotAssessed) as lack:
        left_by(roads([(0, 0), (2_000, 0)]), SEAT, land, measure=exits.one_closed)
    assert lack.value.reason.key == "exits.no_second"
    with pytest.raises(NotAssessed) as lack:
        left_by(roads([(0, 0), (600, 0)]), SEAT, land)
    assert lack.value.reason.key == "exits.nothing_outside"


@pytest.mark.parametrize("name", ["liechtenstein", "krems"])
def test_bridges_of_a_real_town_against_networkx(name):
    from gis_planning.formats.osm import layers_of, read_extract
    from gis_planning.formats.read.osm_tags import metric_crs

    layer = layers_of(read_extract(real_towns.extract(name)))["streets"]
    crs = metric_crs(layer)
    net = driven(layer.set_geometry(geo.reproject(layer.geometry.to_numpy(), layer.crs, crs), crs=crs))
    root = int(net.u[net.joined[0]])
    found = hanging(len(net.xy), net.u, net.v, root)
    plain = nx.Graph()
    pairs = [tuple(sorted(pair)) for pair in zip(net.u.tolist(), net.v.tolist(), strict=True)]
    plain.add_edges_from(pairs)
    reached = nx.node_connected_component(plain, root)
    expected = {tuple(sorted(pair)) for pair in nx.bridges(plain.subgraph(reached))}
    expected = {pair for pair in expected if pairs.count(pair) == 1}
    assert len(expected) > 100
    assert {pairs[edge] for edge in found.above[found.bridge]} == expected
