"""Streets whose closing puts homes out of reach: held against closing every one of them, turns and all."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
import town
from test_streets import bent_grid, scattered
from test_turns import built, line, random_grid, random_rules

from gis_planning import streets
from gis_planning.streets import attach, nearest
from gis_planning.streets.closing import closed


def grid(rng):
    table = bent_grid(rng, 9)
    table["class"] = rng.choice(["primary", "residential", "tertiary"], len(table))
    table["oneway"] = rng.choice(["yes", "no", "no"], len(table))
    network = streets.build(table, mode="drive")
    return 700.0, network, *(attach(network, scattered(rng, 9, count)) for count in (3, 400))


def with_turns(rng):
    lines = random_grid(rng)
    rules = random_rules(rng, lines)
    network = built(lines, rules, oneway=rng.choice(["yes", "no", "no", "-1"], len(lines)).tolist())
    assert network.report.turns
    spots = [shapely.points(rng.uniform(0, 400, (count, 2)) + (town.EAST, town.NORTH)) for count in (2, 200)]
    return 350.0, network, *(attach(network, places) for places in spots)


def shut(network, edge):
    """Return the network with an edge that nobody gets onto: what stands on it is cut off from its ends as well."""
    forward, backward = network.forward.copy(), network.backward.copy()
    forward[edge] = backward[edge] = np.inf
    return replace(network, forward=forward, backward=backward)


@pytest.mark.parametrize("trip", ["to_source", "from_source"])
@pytest.mark.parametrize(
    ("town_of", "seed"),
    [(grid, 0), (grid, 1), (grid, 2), (with_turns, 1), (with_turns, 3), (with_turns, 5), (with_turns, 7)],
)
def test_every_edge_closed_one_by_one(seed, town_of, trip):
    rng = np.random.default_rng(seed)
    limit, network, stations, homes = town_of(rng)
    weight = rng.integers(1, 9, len(homes)).astype(float)
    asked = (network, stations, homes, np.arange(len(homes)), weight)
    found = closed(*asked, limit_m=limit, least=1, trip=trip)
    before = nearest(network, stations, homes, limit_m=limit, trip=trip).distance_m
    told = dict(zip(found.edge.tolist(), found.lost, strict=True))
    none = np.zeros(0, dtype=int)
    for edge in set(range(len(network.u))) - set(stations.edge.tolist()):
        after = nearest(shut(network, edge), stations, homes, limit_m=limit, trip=trip).distance_m
        elsewhere = homes.edge != edge
        lost = np.flatnonzero((before <= limit) & (after > limit) & elsewhere)
        own = told.get(edge, none)
        assert set(own[elsewhere[own]]) == set(lost), edge
    assert told
    assert (np.diff(found.loss) <= 0).all()
    assert all(weight[lost].sum() == loss for lost, loss in zip(found.lost, found.loss, strict=True))
    # No more than those that cost so much, and all of them.
    least = float(np.median(found.loss))
    fewer = closed(*asked, limit_m=limit, least=least, trip=trip)
    assert fewer.edge.tolist() == found.edge[found.loss >= least].tolist()


def test_who_has_another_way_is_not_lost_and_who_lives_on_the_street_keeps_its_ends():
    # A station, a road on from it, and two streets behind it; a home on each, one with a gate on both, one on the road.
    network = built({
        "on": line((0, 0), (300, 0)),
        "left": line((300, 0), (300, 200)), "right": line((300, 0), (500, 0)), "station": line((-100, 0), (0, 0)),
    }, [])  # fmt: skip
    spots = [(300, 150), (450, 0), (300, 190), (490, 0), (150, 0)]
    ways = attach(network, shapely.points(np.array(spots) + (town.EAST, town.NORTH)), max_access_m=1)
    station = attach(network, shapely.points(np.array([(-50, 0)]) + (town.EAST, town.NORTH)), max_access_m=1)
    found = closed(network, station, ways, np.array([0, 1, 2, 2, 3]), np.ones(4), limit_m=9000, least=1)
    names = {name: network.feature.tolist().index(at) for at, name in enumerate(["on", "left", "right", "station"])}
    lost = {edge: set(own.tolist()) for edge, own in zip(found.edge.tolist(), found.lost, strict=True)}
    # Home 2 has a gate on either street; homes on a closed street are reached from its end, if that is.
    assert lost == {names["on"]: {0, 1, 2}}
