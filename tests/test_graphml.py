"""Street networks as OSMnx writes them: a small one read by eye, broken ones, one of Shenzhen counted by networkx."""

import ast
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pyproj
import pytest
import shapely

from gis_planning import geo, streets
from gis_planning.conventions import facts, kinds
from gis_planning.errors import CrsError, SourceError
from gis_planning.formats.read.graphml import read_graphml
from gis_planning.formats.read.osm_tags import metric_crs

FUTIAN = Path(__file__).resolve().parents[2] / "shared" / "data" / "futian_network" / "futian_osm.graphml"
KEYS = [
    "x",
    "y",
    "crs",
    "osmid",
    "name",
    "highway",
    "oneway",
    "bridge",
    "tunnel",
    "layer",
    "foot",
    "access",
    "junction",
]
NODES = {"1": (114.0, 22.5), "2": (114.001, 22.5), "3": (114.001, 22.501), "4": (114.0, 22.501)}


def graphml(edges, nodes=NODES, crs="epsg:4326", head=""):
    """Write a network: edges are (from, to, data)."""

    def data(values):
        return "".join(f'<data key="{key}">{value}</data>' for key, value in values.items())

    keys = "".join(f'<key id="{key}" for="all" attr.name="{key}" attr.type="string"/>' for key in [*KEYS, "geometry"])
    points = "".join(f'<node id="{name}">{data({"x": x, "y": y})}</node>' for name, (x, y) in nodes.items())
    lines = "".join(f'<edge source="{one}" target="{other}">{data(more)}</edge>' for one, other, more in edges)
    stated = data({"crs": crs}) if crs else ""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<graphml xmlns="http://graphml.graphdrawing.org/xmlns">{keys}'
        f'<graph edgedefault="directed">{stated}{points}{lines}</graph></graphml>'
    )


@pytest.fixture
def read(tmp_path):
    def written(*edges, **options):
        path = tmp_path / "net.graphml"
        path.write_text(graphml(edges, **options), encoding="utf-8")
        return read_graphml(path)

    return written


def bent(*points):
    return shapely.LineString(points).wkt


# --- by eye


def test_two_directions_are_one_street_and_a_one_way_street_keeps_its_direction(read):
    bend = [(114.0, 22.5), (114.0005, 22.4995), (114.001, 22.5)]
    two_way = {"highway": "residential", "oneway": "False", "name": "深南大道"}
    table = read(
        ("2", "1", two_way | {"geometry": bent(*bend[::-1]), "reversed": "True"}),
        ("2", "3", {"highway": "primary", "oneway": "True"}),
        ("1", "2", two_way | {"geometry": bent(*bend)}),
        ("1", "2", two_way),  # straight: another street between the same nodes
        ("2", "1", two_way),
        ("4", "3", {"highway": "primary", "oneway": "True", "geometry": bent(NODES["3"], NODES["4"])}),
    ).frame
    assert table["oneway"].tolist() == ["no", "yes", "no", "yes"]
    assert table["name"].tolist() == ["深南大道", None, "深南大道", None]
    assert table["class"].tolist() == ["residential", "primary", "residential", "primary"]
    assert list(table.geometry[0].coords) == bend[::-1]
    assert list(table.geometry[1].coords) == [NODES["2"], NODES["3"]]
    # A line that runs against its edge is turned.
    assert list(table.geometry[3].coords) == [NODES["4"], NODES["3"]]


def test_fields_are_those_of_the_streets_layer(read):
    table = read(
        ("1", "2", {"highway": "['steps', 'footway']", "bridge": "viaduct", "layer": "1", "foot": "yes"}),
        ("2", "3", {"highway": "service", "tunnel": "building_passage", "access": "no", "osmid": "[7, 8]"}),
        ("3", "4", {"highway": "service", "tunnel": "yes", "layer": "['-1', '0']", "name": "['A \"b\"', 'c']"}),
        ("4", "1", {"oneway": "[True, False]"}),
    ).frame
    ours = {field.name for field in kinds()["streets"].fields}
    assert {"name", "class", "level", "bridge", "tunnel", "foot"} <= set(table.columns) & ours
    assert table["class"].tolist() == ["steps", "service", "service", None]
    assert table["bridge"].tolist() == [True, False, False, False]
    assert table["tunnel"].tolist() == [False, False, True, False]
    assert table["level"].dropna().to_dict() == {0: 1, 2: -1}
    assert table["foot"].dropna().to_dict() == {0: "yes", 1: "no"}  # there is a key for `foot`
    assert table[["graph_from", "graph_to"]].to_numpy().tolist() == [["1", "2"], ["2", "3"], ["3", "4"], ["4", "1"]]
    assert table["name"].dropna().tolist() == ['A "b"']
    assert table["osm_id"].dropna().to_dict() == {1: "7"}
    # One direction only, and said to be one way at least in part.
    assert table["oneway"].tolist() == ["no", "no", "no", "yes"]


def test_a_ring_read_in_both_directions_is_one_street(read):
    ring = [NODES["1"], NODES["2"], NODES["3"], NODES["1"]]
    both = read(
        ("1", "1", {"highway": "residential", "geometry": bent(*ring)}),
        ("1", "1", {"highway": "residential", "geometry": bent(*ring[::-1])}),
    ).frame
    assert both["oneway"].tolist() == ["no"]
    roundabout = ("1", "1", {"highway": "residential", "oneway": "True", "geometry": bent(*ring)})
    assert read(roundabout).frame["oneway"].tolist() == ["yes"]


def test_the_crs_is_that_of_the_graph(read):
    nodes = {"1": (500_000.0, 2_490_000.0), "2": (500_100.0, 2_490_000.0)}
    edge = ("1", "2", {"highway": "residential"})
    assert read(edge, nodes=nodes, crs="EPSG:32650").crs.to_epsg() == 32650
    delivered = read(edge, nodes=nodes, crs=None)
    assert delivered.crs is None
    assert delivered.frame.crs is None
    with pytest.raises(CrsError, match=r"net\.graphml"):
        read(edge, crs="epsg:999999")


@pytest.mark.parametrize(
    "written",
    [
        "{'init': 'epsg:32650'}",
        "+init=epsg:32650 +type=crs",
        "{'proj': 'utm', 'zone': 50, 'datum': 'WGS84', 'ellps': 'WGS84', 'units': 'm'}",
        "+proj=utm +zone=50 +datum=WGS84 +units=m +no_defs",
    ],
)
def test_the_crs_as_older_osmnx_wrote_it(read, written):
    nodes = {"1": (500_000.0, 2_490_000.0), "2": (500_100.0, 2_490_000.0)}
    assert geo.same_crs(read(("1", "2", {}), nodes=nodes, crs=written).crs, pyproj.CRS(32650))


def test_a_stated_crs_takes_the_place_of_one_that_cannot_be_read_and_of_no_other(read, tmp_path):
    (tmp_path / "net.graphml").write_text(graphml([EDGE], crs="the county's own grid"), encoding="utf-8")
    delivered = read_graphml(tmp_path / "net.graphml", crs="EPSG:4326")
    assert delivered.crs is None
    assert "the county's own grid" in delivered.warnings[0].to("en")
    read(EDGE, crs="epsg:32650")
    assert read_graphml(tmp_path / "net.graphml", crs="EPSG:4326").crs.to_epsg() == 32650  # the county refuses it


# --- nodes

CRS = "EPSG:32650"
ARMS = {"w": (0, 500), "n": (500, 500), "e": (1000, 500), "s": (500, 0), "t": (500, 1000)}


def walked(read, *edges, nodes=ARMS, **options):
    return streets.build(read(*edges, nodes=nodes, crs=CRS, **options).frame)


@pytest.mark.parametrize("said", [{}, {"bridge": "yes", "layer": "1"}, {"tunnel": "yes", "layer": "-1"}])
def test_edges_of_one_node_are_joined_whatever_level_they_keep(read, said):
    network = walked(read, ("w", "n", said), ("n", "e", said), ("s", "n", {}), ("n", "t", {}))
    assert (len(network.xy), len(network.u)) == (5, 4)
    homes, shops = (streets.attach(network, shapely.points([place])) for place in ((500, 700), (700, 500)))
    assert streets.nearest(network, shops, homes).distance_m == pytest.approx([400])


def test_edges_that_cross_or_touch_without_a_node_are_not_joined(read):
    nodes = ARMS | {"x": (500, 500), "y": (800, 800)}  # x lies where n would be, and is another node
    network = walked(read, ("w", "e", {}), ("s", "t", {}), ("x", "y", {}), nodes=nodes)
    assert (len(network.xy), len(network.u)) == (6, 3)
    assert len(np.unique(network.component)) == 3


def test_two_edges_along_the_same_line_between_other_nodes_are_two(read):
    nodes = {"1": (0, 0), "2": (100, 0), "3": (0, 0), "4": (100, 0)}
    network = walked(read, ("1", "2", {}), ("2", "1", {}), ("3", "4", {}), nodes=nodes)
    assert (len(network.xy), len(network.u)) == (4, 2)


def test_an_edge_without_a_length_makes_its_nodes_one(read):
    nodes = {"1": (0, 0), "2": (100, 0), "lift": (100, 0), "4": (200, 0)}
    network = walked(read, ("1", "2", {}), ("2", "lift", {}), ("lift", "4", {}), nodes=nodes)
    assert (len(network.xy), len(network.u), len(np.unique(network.component))) == (3, 2, 1)


def test_a_street_without_nodes_among_others_is_joined_where_it_meets_them_and_told(read):
    table = read(("w", "e", {}), ("s", "t", {}), nodes=ARMS, crs=CRS).frame
    table.loc[1, "graph_to"] = None
    network = streets.build(table)
    assert len(network.xy) == 5
    assert [note.key for note in network.report.notes()] == ["streets.note_without_nodes"]


# --- access=no


def test_no_access_without_a_word_on_walkers_is_walked_and_told_and_can_be_closed(tmp_path):
    path = tmp_path / "net.graphml"
    written = graphml(
        [
            ("w", "n", {"access": "no", "name": "A", "highway": "service"}),
            ("n", "e", {"highway": "residential"}),
        ],
        nodes=ARMS,
        crs=CRS,
    )
    path.write_text(written.replace('<key id="foot" for="all" attr.name="foot" attr.type="string"/>', ""), "utf-8")
    walked, shut = read_graphml(path), read_graphml(path, access_no_closed=True)
    assert walked.frame["foot"].isna().all()
    assert shut.frame["foot"].tolist()[0] == "no"
    # On the ellipsoid 500 m of the grid, at 500 km from its middle line, are 498.6 m.
    assert [(one.key, round(one.facts["length_m"], -1)) for one in walked.warnings] == [("graphml.access_no", 500)]
    assert [one.key for one in shut.warnings] == ["graphml.access_no_closed"]
    path.write_text(written, "utf-8")
    assert read_graphml(path).frame["foot"].tolist()[0] == "no"
    assert not read_graphml(path).warnings


# --- refusals

BOMB = '<!DOCTYPE graphml [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EDGE = ("1", "2", {"highway": "residential"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (graphml([EDGE], head=BOMB), "document type"),
        (graphml([EDGE], head='<!DOCTYPE graphml SYSTEM "file:///etc/hostname">'), "document type"),
        (graphml([EDGE])[:-30], "no whole XML"),
        ('{"nodes": []}', "no whole XML"),
        (graphml([EDGE]).replace("utf-8", "klingon", 1), "no whole XML"),
        (graphml([EDGE]).encode() + b"\xff\xfe", "no whole XML"),
        ("<html><p>Sign in</p></html>", "no element `graph`"),
        ("<graphml/>", "no element `graph`"),
        (graphml([]), "no element `graph`"),
        (graphml([EDGE], nodes={"1": ("west", 3), "2": (1, 2)}), "node '1' has no x and y"),
        (graphml([EDGE], nodes={"1": (1, 3), "2": (1, "nan")}), "node '2' has no x and y"),
        (graphml([EDGE]).replace('key="x"', 'key="lon"'), "node '1' has no x and y"),
        (graphml([("1", "9", {})]), "node '9', which is not there"),
        (graphml([("1", "2", {"geometry": "LINESTRING (1 2"})]), "from '1' to '2' is no line"),
        (graphml([("1", "2", {"geometry": "POINT (1 2)"})]), "from '1' to '2' is no line"),
    ],
)
def test_one_clear_refusal(tmp_path, content, said):
    path = tmp_path / "net.graphml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(SourceError) as refusal:
        read_graphml(path)
    assert said in refusal.value.to("en")
    assert "net.graphml" in refusal.value.to("en")
    assert "save_graphml" in refusal.value.to("en")
    assert "{" not in refusal.value.to("zh").replace("{'", "")


def test_a_file_that_is_missing_or_empty(tmp_path):
    with pytest.raises(SourceError, match="no such file"):
        read_graphml(tmp_path / "none.graphml")
    (tmp_path / "empty.graphml").touch()
    with pytest.raises(SourceError, match="empty"):
        read_graphml(tmp_path / "empty.graphml")


# --- a real one


@pytest.mark.skipif(not FUTIAN.is_file(), reason="the shared real data are not beside this clone")
def test_futian_against_networkx():
    delivered = read_graphml(FUTIAN)
    table, graph = delivered.frame, nx.read_graphml(FUTIAN)
    assert delivered.crs.to_epsg() == 4326
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (1751, 4009)
    said = [data["oneway"] for _, _, data in graph.edges(data=True)]
    assert (said.count("True"), said.count("False")) == (1181, 2828)
    # Every two-way street is there twice, every one-way street once.
    assert table["oneway"].value_counts().to_dict() == {"yes": 1181, "no": 1414}
    one_way = [(u, v) for u, v, data in graph.edges(data=True) if data["oneway"] == "True"]
    places = {name: (float(data["x"]), float(data["y"])) for name, data in graph.nodes(data=True)}
    ours = table[table["oneway"] == "yes"].geometry
    drawn = sorted((line.coords[0], line.coords[-1]) for line in ours)
    assert drawn == sorted((places[u], places[v]) for u, v in one_way)
    # Names and bridges, counted over directed edges.
    weight = table["oneway"].map({"yes": 1, "no": 2})
    for field, count in (("name", 1714), ("bridge", 175)):
        held = table[field].notna() if field == "name" else table[field]
        assert weight[held].sum() == count
    assert weight[table["tunnel"]].sum() == 68 - 2  # two are passages through buildings
    assert {"深南大道", "福荣路", "下沙大道"} <= set(table["name"])
    # OSMnx's lengths are on a sphere; ours, in the plane of the zone, differ by less than half a percent.
    crs = metric_crs(table)
    plane = table.set_geometry(geo.reproject(table.geometry.to_numpy(), table.crs, crs), crs=crs)
    lengths = sum(float(data["length"]) for _, _, data in graph.edges(data=True))
    assert (plane.length * weight).sum() == pytest.approx(lengths, rel=5e-3)


@pytest.mark.skipif(not FUTIAN.is_file(), reason="the shared real data are not beside this clone")
def test_futian_becomes_a_network():
    table = read_graphml(FUTIAN).frame
    crs = metric_crs(table)
    plane = table.set_geometry(geo.reproject(table.geometry.to_numpy(), table.crs, crs), crs=crs)
    walking, driving = streets.build(plane), streets.build(plane, mode="drive")
    assert walking.report.features == 2595
    assert walking.report.edges > 2500
    total = walking.length_m[~walking.island[walking.component[walking.u]]].sum()
    assert total > 0.95 * walking.report.length_m
    assert (driving.forward != driving.backward).sum() > 1000


def allowed(data, speed):
    """The speed of a class, or less where the street's sign says so; of several signs the first."""
    signs = data.get("maxspeed", "")
    sign = ast.literal_eval(signs)[0] if signs.startswith("[") else signs
    return min(speed, float(sign)) if sign else speed


def delivered_arcs(mode, crs, *, closed):
    """Every directed edge of the file as networkx parses it: its ends, its line in metres, the cost of a metre."""
    graph, rules = nx.read_graphml(FUTIAN), facts("streets")[mode]
    arcs, lines = [], []
    for one, other, data in graph.edges(data=True):
        kind = ast.literal_eval(data["highway"])[0] if data["highway"].startswith("[") else data["highway"]
        if kind in rules["closed_classes"] or (closed and data.get("access") == "no"):
            continue
        ends = [(float(graph.nodes[end]["x"]), float(graph.nodes[end]["y"])) for end in (one, other)]
        lines.append(shapely.from_wkt(data["geometry"]) if "geometry" in data else shapely.LineString(ends))
        cost = rules["reference_kmh"] / allowed(data, rules["speeds_kmh"].get(kind, 30)) if mode == "drive" else 1.0
        arcs.append((one, other, cost))
    lines = geo.reproject(np.array(lines, dtype=object), pyproj.CRS(4326), crs)
    forward = [(one, other, line, cost) for (one, other, cost), line in zip(arcs, lines, strict=True)]
    if mode == "drive":
        return forward
    # Nobody walks one way only.
    return forward + [(other, one, line.reverse(), cost) for one, other, line, cost in forward]


def brute_force(arcs, places, access_factor):
    """Costs from every home to the nearest shop: places look at every arc, arcs are split where they are reached."""
    links = nx.Graph()
    for one, other, line, _ in arcs:
        links.add_edge(one, other, length=line.length)
    known = [links.subgraph(nodes) for nodes in nx.connected_components(links)]
    metres = {part: part.size(weight="length") for part in known}
    joined = {
        node for part, size in metres.items() if size >= 1000 or size >= sum(metres.values()) / 100 for node in part
    }
    arcs = [arc for arc in arcs if arc[0] in joined]
    lines = np.array([line for _, _, line, _ in arcs])
    stops, graph = [[] for _ in arcs], nx.DiGraph()

    def add(a, b, cost):
        if cost < graph.get_edge_data(a, b, {"weight": np.inf})["weight"]:
            graph.add_edge(a, b, weight=cost)

    for kind, points in places.items():
        for n, point in enumerate(points):
            gaps = shapely.distance(lines, point)
            if gaps.min() > 200:
                continue
            foot = kind, n, "foot"
            add(foot, (kind, n), gaps.min() * access_factor)
            add((kind, n), foot, gaps.min() * access_factor)
            for arc in np.flatnonzero(gaps <= gaps.min() + 1e-6):
                stops[arc].append((lines[arc].project(point), foot))
    for (one, other, line, cost), on_it in zip(arcs, stops, strict=True):
        chain = [(0.0, one), *sorted(on_it), (line.length, other)]
        for (at, a), (to, b) in pairwise(chain):
            add(a, b, (to - at) * cost)
    shops = [("shop", n) for n in range(len(places["shop"])) if ("shop", n) in graph]
    found = nx.multi_source_dijkstra_path_length(graph.reverse(), shops)
    return np.array([found.get(("home", n), np.inf) for n in range(len(places["home"]))])


@pytest.mark.slow
@pytest.mark.skipif(not FUTIAN.is_file(), reason="the shared real data are not beside this clone")
@pytest.mark.parametrize(("mode", "closed"), [("walk", True), ("walk", False), ("drive", False)])
def test_futian_distances_are_those_of_networkx(mode, closed):
    table = read_graphml(FUTIAN, access_no_closed=closed).frame
    crs = metric_crs(table)
    plane = table.set_geometry(geo.reproject(table.geometry.to_numpy(), table.crs, crs), crs=crs)
    network, arcs = streets.build(plane, mode=mode), delivered_arcs(mode, crs, closed=closed)
    # Ours has the file's nodes and streets, each street once.
    assert len(network.xy) == len({end for one, other, *_ in arcs for end in (one, other)})
    assert len(network.u) == len({shapely.to_wkb(shapely.normalize(line)) for _, _, line, _ in arcs})
    rng = np.random.default_rng(12)
    low, high = network.xy.min(axis=0), network.xy.max(axis=0)
    places = {
        kind: shapely.points(rng.uniform(low, high, (count, 2))) for kind, count in (("home", 1500), ("shop", 25))
    }
    theirs = brute_force(arcs, places, network.access_factor)
    homes, shops = (streets.attach(network, places[kind]) for kind in ("home", "shop"))
    ours = streets.nearest(network, shops, homes).distance_m
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert 800 < np.isfinite(ours).sum() < 1500
