"""Forbidden turns, speeds and ferries: every pair of a small town by hand, and networkx on the graph of turns."""

import itertools

import networkx as nx
import numpy as np
import pytest
import real_towns
import shapely
import town

from gis_planning import streets
from gis_planning.streets import attach, nearest, within


def at(x, y):
    return shapely.Point(town.EAST + x, town.NORTH + y)


def line(*points):
    return shapely.LineString([(town.EAST + x, town.NORTH + y) for x, y in points])


#: A cross of four streets of 1 km that meet at the middle; 60 km/h, so that 1,000 is a minute.
CROSS = {"W": line((0, 0), (1000, 0)), "E": line((1000, 0), (2000, 0)), "S": line((1000, -1000), (1000, 0)),
         "N": line((1000, 0), (1000, 1000))}  # fmt: skip


def built(lines, rules=(), **columns):
    table = town.frame(*lines.values(), id=list(lines), **({"class": ["primary"] * len(lines)} | columns))
    turns = None
    if rules:
        spots, from_id, to_id, kind = zip(*rules, strict=True)
        turns = town.frame(*(at(*spot) for spot in spots), from_id=from_id, to_id=to_id, kind=kind)
    return streets.build(table, turn_restrictions=turns, mode="drive")


def minutes(network, start, end):
    """Return the minutes from one place on a street to another, both ways of searching agreeing."""
    places = [attach(network, np.array([at(*one)], dtype=object), max_access_m=10) for one in (start, end)]
    forth = nearest(network, places[1], places[0], trip="to_source").distance_m[0]
    back = nearest(network, places[0], places[1], trip="from_source").distance_m[0]
    assert forth == pytest.approx(back, abs=1e-6) or forth == back
    pairs = within(network, places[1], places[0], limit_m=1e6, trip="to_source").toarray()[0, 0]
    assert pairs == pytest.approx(forth) or (pairs == 0 and np.isinf(forth))
    return forth / 1000


def test_every_pair_of_a_cross_with_one_forbidden_turn():
    middle = {"W": (500, 0), "E": (1500, 0), "S": (1000, -500), "N": (1000, 500)}
    free, held = built(CROSS), built(CROSS, [((1000, 0), "W", "N", "no_left_turn")])
    for one, other in itertools.permutations(middle, 2):
        assert minutes(free, middle[one], middle[other]) == pytest.approx(1.0)
        # To the end of any other street, where one may turn round, and back: 2 km more.
        expected = 3.0 if (one, other) == ("W", "N") else 1.0
        assert minutes(held, middle[one], middle[other]) == pytest.approx(expected), (one, other)
    assert held.report.turns == 1


def test_only_one_way_on():
    held = built(CROSS, [((1000, 0), "W", "E", "只准直行")])
    assert minutes(held, (500, 0), (1500, 0)) == pytest.approx(1.0)
    assert minutes(held, (500, 0), (1000, 500)) == pytest.approx(3.0)
    # Nor may one turn round there: who wants to go back goes round at the end of E.
    assert minutes(held, (500, 0), (1000, -500)) == pytest.approx(3.0)
    assert minutes(held, (1000, -500), (1000, 500)) == pytest.approx(1.0)


def test_nobody_turns_round_where_two_streets_meet():
    # E is drawn in two parts; between them nobody turns, at its end one may.
    parts = {one: line_ for one, line_ in CROSS.items() if one != "E"}
    parts |= {"E1": line((1000, 0), (1400, 0)), "E2": line((1400, 0), (2000, 0))}
    held = built({one: parts[one] for one in ("W", "N", "E1", "E2")}, [((1000, 0), "W", "N", "no_left_turn")])
    assert minutes(held, (500, 0), (1000, 500)) == pytest.approx(3.0)
    # With a street from the place in between one may.
    more = parts | {"X": line((1400, 0), (1400, -2000))}
    held = built({one: more[one] for one in ("W", "N", "E1", "E2", "X")}, [((1000, 0), "W", "N", "no_left_turn")])
    assert minutes(held, (500, 0), (1000, 500)) == pytest.approx(1.8)
    # Unless that is forbidden too: then to the end of E.
    rules = [((1000, 0), "W", "N", "no_left_turn"), ((1400, 0), "E1", "E1", "no_u_turn")]
    held = built({one: more[one] for one in ("W", "N", "E1", "E2", "X")}, rules)
    assert minutes(held, (500, 0), (1000, 500)) == pytest.approx(3.0)


def test_a_block_is_driven_round_to_turn_left():
    # East of the cross a loop of 4 x 200 m leads back to its middle.
    loop = {"L": line((1000, 0), (1200, 0), (1200, -200), (1000, -200), (1000, 0))}
    held = built(CROSS | loop, [((1000, 0), "W", "N", "no_left_turn")])
    assert minutes(held, (500, 0), (1000, 500)) <= 1.8 + 1e-9


def test_one_ways_and_what_leads_nowhere():
    lines = {one: CROSS[one] for one in ("W", "N", "E")}
    held = built(lines, [((1000, 0), "W", "N", "no_left_turn")], oneway=["yes", "no", "yes"])
    assert np.isinf(minutes(held, (500, 0), (1000, 500)))
    assert minutes(held, (1000, 500), (1500, 0)) == pytest.approx(1.0)


def test_restrictions_that_fit_nothing_are_told():
    rules = [((1000, 0), "W", "nobody", "no_left_turn"), ((0, 0), "W", "N", "no_left_turn"),
             ((1000, 0), "W", "N", "no_parking"), ((1000, 0), "W", "N", "禁止左转")]  # fmt: skip
    held = built(CROSS, rules)
    assert (held.report.turns, held.report.turns_unmatched) == (1, (0, 1, 2))
    assert minutes(held, (500, 0), (1000, 500)) == pytest.approx(3.0)
    note = next(one for one in held.report.notes() if one.key == "streets.note_turns_unmatched")
    assert "#1" in note.to("en")


def test_walkers_turn_as_they_like():
    table = town.frame(*CROSS.values(), id=list(CROSS))
    turns = town.frame(at(1000, 0), from_id=["W"], to_id=["N"], kind=["no_left_turn"])
    assert streets.build(table, turn_restrictions=turns).turns is None


@pytest.mark.parametrize(
    ("stated", "expected"), [(None, 1.0), (30, 2.0), (90, 1.0), (0, 1.0), (999, 1.0), (-5, 1.0), (130, 1.0)]
)
def test_no_faster_than_is_allowed(stated, expected):
    network = built({"W": CROSS["W"]}, maxspeed_kmh=[float("nan") if stated is None else stated])
    assert minutes(network, (0, 0), (1000, 0)) == pytest.approx(expected)
    assert network.report.odd_speeds == (stated in (0, 999, -5))


def test_a_county_has_speeds_of_its_own():
    table = town.frame(CROSS["W"], id=["W"], **{"class": ["Primary"]})
    slow = streets.build(table, mode="drive", speeds_kmh={"primary": 20})
    assert minutes(slow, (0, 0), (1000, 0)) == pytest.approx(3.0)
    limited = streets.build(table.assign(maxspeed_kmh=10), mode="drive", speeds_kmh={"primary": 20})
    assert minutes(limited, (0, 0), (1000, 0)) == pytest.approx(6.0)


def test_a_ferry_is_a_street_only_with_its_speed():
    lines = {"W": CROSS["W"], "F": CROSS["E"]}
    words = {"class": ["primary", "ferry"]}
    network = built(lines, maxspeed_kmh=[float("nan"), 10], **words)
    assert minutes(network, (1000, 0), (2000, 0)) == pytest.approx(6.0)
    left = built(lines, **words)
    assert (len(left.u), left.report.ferries_without_speed) == (1, 1)
    on_foot = streets.build(town.frame(*lines.values(), maxspeed_kmh=[float("nan"), 10], **words))
    assert len(on_foot.u) == 1


def test_tolls_are_told_and_cost_no_time():
    network = built({"W": CROSS["W"], "E": CROSS["E"]}, toll=[True, None])
    assert minutes(network, (0, 0), (2000, 0)) == pytest.approx(minutes(built(CROSS), (0, 0), (2000, 0)))
    assert network.report.tolled == 1
    assert "toll" in next(one for one in network.report.notes() if one.key == "streets.note_tolled").to("en")


def oracle(network, forbidden):
    """Return the graph whose nodes are edges driven one way: from the end of one into the next, where one may."""
    graph = nx.DiGraph()
    ways = [(edge, False, network.u[edge], network.v[edge], network.forward[edge]) for edge in range(len(network.u))]
    ways += [(edge, True, network.v[edge], network.u[edge], network.backward[edge]) for edge in range(len(network.u))]
    ways = [one for one in ways if np.isfinite(one[4])]
    arms = np.bincount(np.r_[network.u, network.v])
    leaving = {}
    for edge, back, start, end, cost in ways:
        leaving.setdefault(start, []).append((edge, back, end, cost))
    for edge, back, _, end, _ in ways:
        graph.add_node((edge, back))
        for other, turned, _, cost in leaving.get(end, ()):
            round_ = other == edge and turned != back
            # Turning round where two streets meet is looked at everywhere, not only near forbidden turns.
            if (round_ and arms[end] == 2) or (end, edge, other) in forbidden:
                continue
            graph.add_edge((edge, back), (other, turned), weight=float(cost))
    return graph


def random_grid(draw):
    """Return a grid with streets left out, bent so that all ways differ."""
    lines = {}
    for x, y in itertools.product(range(5), range(5)):
        for one, (dx, dy) in (("h", (1, 0)), ("v", (0, 1))):
            if x + dx < 5 and y + dy < 5 and draw.random() < 0.8:
                bend = (100 * (x + dx / 2) + draw.uniform(-20, 20), 100 * (y + dy / 2) + draw.uniform(-20, 20))
                lines[f"{one}{x}{y}"] = line((100 * x, 100 * y), bend, (100 * (x + dx), 100 * (y + dy)))
    return lines


def random_rules(draw, lines):
    rules = []
    for x, y in draw.integers(0, 5, (25, 2)).tolist():
        there = [one for one in lines if lines[one].touches(at(100 * x, 100 * y))]
        if len(there) > 1:
            one, other = draw.choice(there, 2, replace=bool(draw.random() < 0.3)).tolist()
            kind = "no_u_turn" if one == other else draw.choice(["no_left_turn", "only_right_turn"])
            rules.append(((100 * x, 100 * y), one, other, str(kind)))
    return rules


def forbidden_of(network, rules, names):
    """Return the turns that are forbidden, each by its node and the two edges; every street is one edge."""
    spots = {tuple(np.round(spot).astype(int)): node for node, spot in enumerate(network.xy)}
    edge_of = {names[feature]: edge for edge, feature in enumerate(network.feature)}
    found = set()
    for (x, y), one, other, kind in rules:
        node = spots[(round(town.EAST + x), round(town.NORTH + y))]
        arms = [edge for edge in range(len(network.u)) if node in (network.u[edge], network.v[edge])]
        only = kind.startswith("only")
        found |= {(node, edge_of[one], edge) for edge in arms if (edge != edge_of[other]) == only}
    return found


def costs_from(graph, network, start):
    """Return the costs from 0.37 of an edge to 0.37 of all others."""
    ways = [(start, False, 0.63 * network.forward[start]), (start, True, 0.37 * network.backward[start])]
    found = {}
    for edge, back, first in ways:
        if (edge, back) not in graph:
            continue
        for (there, turned), cost in nx.single_source_dijkstra_path_length(graph, (edge, back)).items():
            # The last edge is driven up to the place only.
            whole, part = (network.backward[there], 0.63) if turned else (network.forward[there], 0.37)
            if there != start:
                found[there] = min(found.get(there, np.inf), first + cost - whole + part * whole)
    return found


@pytest.mark.parametrize("seed", range(8))
def test_against_networkx_on_random_grids(seed):
    draw = np.random.default_rng(seed)
    lines = random_grid(draw)
    rules = random_rules(draw, lines)
    network = built(lines, rules, oneway=draw.choice(["yes", "no", "no", "-1"], len(lines)).tolist())
    assert network.report.turns == len(rules)
    graph = oracle(network, forbidden_of(network, rules, list(lines)))
    chosen = network.joined
    places = attach(
        network, shapely.line_interpolate_point(network.geometry[chosen], 0.37, normalized=True), max_access_m=1
    )
    assert (places.edge == chosen).all()
    found = within(network, places, places, limit_m=1e7, trip="from_source").toarray()
    for source, start in enumerate(chosen):
        expected = costs_from(graph, network, start)
        for target, end in enumerate(chosen):
            if end != start:
                told = found[target, source] or np.inf
                assert told == pytest.approx(expected.get(end, np.inf), rel=1e-9), (seed, start, end)


@pytest.mark.parametrize(
    ("name", "held", "unmatched"), [("liechtenstein", 1, 1), ("krems", 8, 1), ("north-bayreuth", 38, 2)]
)
def test_turns_of_a_real_town_are_imported(tmp_path, name, held, unmatched):
    from gis_planning.county.opened import open_county
    from gis_planning.formats.osm import import_osm

    import_osm(real_towns.extract(name), tmp_path / "out")
    county = open_county(tmp_path / "out")
    network = county.layer("drive_network")
    assert (network.report.turns, len(network.report.turns_unmatched)) == (held, unmatched)
    barriers = county.layer("barriers") if county.has("barriers") else None
    free = streets.build(county.layer("streets"), barriers=barriers, mode="drive")
    same = np.flatnonzero(network.joined)[:: max(1, len(network.joined) // 40)]
    places = attach(
        network, shapely.line_interpolate_point(network.geometry[same], 0.5, normalized=True), max_access_m=1
    )
    with_, without = (within(one, places, places, limit_m=20_000).toarray() for one in (network, free))
    # A forbidden turn makes no way shorter.
    both = (with_ > 0) & (without > 0)
    assert (with_[both] >= without[both] - 1e-6).all()


def forbidden_on(network, ids, restrictions):
    """Return the turns that a layer forbids, each by its node and two edges, found by plain loops."""
    found = set()
    for row in restrictions.itertuples():
        near = np.flatnonzero(np.hypot(*(network.xy - [row.geometry.x, row.geometry.y]).T) <= 1)
        for node in near.tolist():
            arms = [edge for edge in range(len(network.u)) if node in (network.u[edge], network.v[edge])]
            into, out = ([edge for edge in arms if ids[edge] == way] for way in (row.from_id, row.to_id))
            if not (into and out):
                continue
            for one in into:
                others = [edge for edge in out if edge != one]
                if row.kind.startswith("only"):
                    found |= {(node, one, edge) for edge in arms if edge not in (others or out)}
                elif row.kind == "no_u_turn" and row.from_id == row.to_id:
                    found.add((node, one, one))
                else:
                    found |= {(node, one, edge) for edge in others}
            break
    return found


@pytest.mark.parametrize("name", ["liechtenstein", "krems", "north-bayreuth"])
def test_a_real_town_against_networkx_on_the_graph_of_turns(tmp_path, name):
    from gis_planning.county.opened import open_county
    from gis_planning.formats.osm import import_osm

    import_osm(real_towns.extract(name), tmp_path / "out")
    county = open_county(tmp_path / "out")
    network, table = county.layer("drive_network"), county.layer("streets")
    ids = table["id"].astype(str).to_numpy()[network.feature]
    graph = oracle(network, forbidden_on(network, ids, county.layer("turn_restrictions")))
    edges = network.joined
    places = attach(
        network, shapely.line_interpolate_point(network.geometry[edges], 0.37, normalized=True), max_access_m=1
    )
    sure = np.flatnonzero(places.edge == edges)
    for at in np.random.default_rng(3).choice(sure, 6, replace=False):
        found = within(network, places.take([at]), places, limit_m=1e7, trip="from_source").toarray().ravel()
        expected = costs_from(graph, network, edges[at])
        told = np.array([expected.get(edge, np.inf) for edge in edges[sure]])
        other = sure != at
        np.testing.assert_allclose(np.where(found > 0, found, np.inf)[sure][other], told[other], rtol=1e-9)
