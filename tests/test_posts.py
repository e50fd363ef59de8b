"""Streets closed at points: by hand, and against a graph without the closed ways."""

import networkx as nx
import numpy as np
import pytest
import shapely
import town

from gis_planning import streets
from gis_planning.streets.posts import posts_of

SQUARE = {
    "S": [(0, 0), (1000, 0)],
    "E": [(1000, 0), (1000, 1000)],
    "N": [(1000, 1000), (0, 1000)],
    "W": [(0, 1000), (0, 0)],
}


def at(x, y):
    return shapely.Point(town.EAST + x, town.NORTH + y)


def roads(lines):
    shapes = [shapely.LineString([(town.EAST + x, town.NORTH + y) for x, y in line]) for line in lines]
    return town.frame(*shapes, **{"class": ["primary"] * len(shapes)})


def built(lines, spots, kinds, mode="drive", extra=()):
    barriers = town.frame(*(at(*spot) for spot in spots), *extra, kind=[*kinds, *([None] * len(extra))])
    return streets.build(roads(lines), barriers=barriers, mode=mode)


def metres(network, one, other):
    there, here = (streets.attach(network, np.array([at(*spot)])) for spot in (other, one))
    return streets.nearest(network, there, here).distance_m[0]


@pytest.mark.parametrize(
    ("kind", "mode", "closed"),
    [
        ("bollard", "drive", True),
        ("挡车桩", "drive", True),
        ("Bollard ", "drive", True),
        ("bollard", "walk", False),
        ("锁闭大门", "drive", True),
        ("锁闭大门", "walk", True),
        ("道闸", "drive", False),
        ("gate", "walk", False),
        ("tree", "drive", False),
        (None, "drive", False),
    ],
)
def test_a_point_closes_a_street_by_its_kind(kind, mode, closed):
    open_ = metres(built(SQUARE.values(), [(500, 5000)], ["bollard"], mode), (400, 0), (600, 0))
    found = metres(built(SQUARE.values(), [(500, 0.5)], [kind], mode), (400, 0), (600, 0))
    # Round the square it is 3,800 m instead of 200.
    assert found / open_ == pytest.approx(19.0 if closed else 1.0)


@pytest.mark.parametrize(("off_m", "closed"), [(0.0, True), (0.99, True), (1.01, False)])
def test_it_has_to_stand_on_the_street(off_m, closed):
    network = built(SQUARE.values(), [(500, off_m)], ["bollard"])
    assert network.report.posts == closed
    assert len(network.u) == 4 + closed


def test_in_a_junction_it_closes_all_its_streets():
    cross = [
        [(0, 0), (500, 0)],
        [(500, 0), (1000, 0)],
        [(500, 0), (500, 500)],
        [(0, 0), (0, 900), (1000, 900), (1000, 0)],
    ]
    free, closed = (built(cross, [spot], ["block"]) for spot in ((500, 2000), (500, 0)))
    assert metres(closed, (400, 0), (600, 0)) / metres(free, (400, 0), (600, 0)) == pytest.approx(3600 / 200)
    assert np.isinf(metres(closed, (500, 400), (600, 0)))


def test_two_on_a_street_leave_the_piece_between_them_to_itself():
    network = built(SQUARE.values(), [(300, 0), (700, 0), (300, 0.2)], ["bollard"] * 3)
    assert np.isinf(metres(network, (500, 0), (100, 0)))
    assert network.report.posts == 3


def test_what_closes_nothing_is_told():
    network = built(SQUARE.values(), [(500, 0), (0, 500), (1000, 500)], ["bollard", "松树", None])
    assert (network.report.posts, network.report.odd_posts) == (1, 2)
    said = [one.to("en") for one in network.report.notes()]
    assert any("closed at 1 point, such as bollards" in one for one in said)
    assert any("2 barrier points are of no known kind" in one for one in said)


def test_lines_among_the_points_still_bar_the_way():
    wall = shapely.LineString([(town.EAST + 200, town.NORTH - 50), (town.EAST + 200, town.NORTH + 50)])
    network = built(SQUARE.values(), [(500, 0)], ["bollard"], "walk", extra=[wall])
    assert network.report.cut_by_barriers == 1
    assert metres(network, (100, 0), (300, 0)) == pytest.approx(3800)


def test_points_without_kinds_are_none_that_close():
    table = town.frame(at(0, 0), at(1, 1))
    assert (len(posts_of(table, "drive")[0]), posts_of(table, "drive")[1]) == (0, 2)


@pytest.mark.parametrize("seed", range(6))
def test_ways_are_those_of_a_graph_without_the_closed_streets(seed):
    random = np.random.default_rng(seed)
    lines = [[(x * 300, y * 300), ((x + 1) * 300, y * 300)] for x in range(5) for y in range(6)]
    lines += [[(x * 300, y * 300), (x * 300, (y + 1) * 300)] for x in range(6) for y in range(5)]
    chosen = random.choice(len(lines), 14, replace=False)
    spots = [tuple(np.mean(lines[one], axis=0)) for one in chosen]
    graph = nx.Graph()
    graph.add_nodes_from((x * 300, y * 300) for x in range(6) for y in range(6))
    graph.add_edges_from([tuple(line) for at_, line in enumerate(lines) if at_ not in set(chosen.tolist())], weight=300)
    order = random.permutation(len(spots))
    network, again = (
        built([lines[k] for k in lines_], [spots[k] for k in posts], ["bollard"] * len(spots))
        for lines_, posts in ((range(len(lines)), range(len(spots))), (random.permutation(len(lines)), order))
    )
    per = network.reference_kmh / 60  # class primary drives 60 km/h
    for one, other in random.integers(0, 6, (40, 2, 2)) * 300:
        try:
            wanted = nx.shortest_path_length(graph, tuple(one), tuple(other), weight="weight")
        except nx.NetworkXNoPath:
            wanted = np.inf
        if network.island.any() and not np.isfinite(wanted):
            continue  # a place beside an island goes to the street that is on none
        assert metres(network, one, other) == pytest.approx(wanted * per, abs=1e-6)
        assert metres(again, one, other) == pytest.approx(wanted * per, abs=1e-6)
