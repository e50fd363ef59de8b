"""Counting what lies within reach, against the pairs themselves; what a limit does; a real town against networkx."""

import numpy as np
import pytest
import real_towns
import shapely
import street_town as town
from hypothesis import given, settings
from hypothesis import strategies as st
from test_streets import by_networkx, lines, some_places, some_streets

from gis_planning import geo, streets
from gis_planning.streets import reach


def network_and_places(seed, mode):
    rng = np.random.default_rng(seed)
    at = np.stack(np.meshgrid(np.arange(7), np.arange(7), indexing="ij"), -1) * 130.0 + rng.uniform(-30, 30, (7, 7, 2))
    rows = {}
    for name, lanes in (("a", at), ("b", at.swapaxes(0, 1))):
        for k, lane in enumerate(lanes):
            fields = {"class": rng.choice(["primary", "residential"]), "oneway": rng.choice(["yes", "no"])}
            rows[f"{name} {k}"] = ([tuple(point) for point in lane], {"class": fields["class"]})
            rows[f"{name} {k}"][1]["oneway"] = fields["oneway"]
    network = streets.build(town.table(rows), mode=mode)
    return network, [
        streets.attach(network, town.places(*rng.uniform(-300, 1100, (count, 2)).tolist())) for count in (25, 90)
    ]


@pytest.mark.parametrize("mode", ["walk", "drive"])
@pytest.mark.parametrize("trip", ["to_source", "from_source"])
@pytest.mark.parametrize("limit", [50.0, 400.0, np.inf])
@pytest.mark.parametrize("cells", [reach.CELLS, 900])
def test_counts_are_those_of_the_pairs(monkeypatch, mode, trip, limit, cells):
    monkeypatch.setattr(reach, "CELLS", cells)
    network, (few, many) = network_and_places(4, mode)
    assert len(few.unattached)
    assert len(many.unattached)
    for sources, targets in ((few, many), (many, few)):
        pairs = streets.within(network, sources, targets, limit_m=limit, trip=trip)
        found = streets.counts(network, sources, targets, limit_m=limit, trip=trip)
        assert found.tolist() == np.diff(pairs.indptr).tolist()
        alone = [
            streets.nearest(network, sources.take([n]), targets, limit_m=limit, trip=trip) for n in range(len(sources))
        ]
        assert found.tolist() == sum((one.source >= 0).astype(int) for one in alone).tolist()


def test_a_distance_that_equals_the_limit_counts_and_nobody_counts_nothing():
    network = streets.build(town.streets())
    homes = streets.attach(network, town.places((100, 0), (1000, 0), (5000, 0), (600, 200)))
    shops = streets.attach(network, town.places((9000, 0), (600, 300), (0, 0)))
    assert streets.counts(network, shops, homes, limit_m=100).tolist() == [1, 0, 0, 1]
    assert streets.counts(network, shops, homes, limit_m=99.9).tolist() == [0, 0, 0, 0]
    assert streets.counts(network, shops.take([0]), homes, limit_m=100).tolist() == [0, 0, 0, 0]
    assert streets.counts(network, shops, homes.take([]), limit_m=100).tolist() == []


# --- what must hold


def pairs_of(network, sources, targets, limit):
    """Distances within a limit, by target and source."""
    found = streets.within(network, sources, targets, limit_m=limit).tocoo()
    return dict(zip(zip(found.row.tolist(), found.col.tolist(), strict=True), found.data.tolist(), strict=True))


@settings(max_examples=60, deadline=None)
@given(some_streets, some_places, some_places, st.floats(1, 900), st.floats(0, 900))
def test_a_longer_limit_reaches_all_that_a_shorter_one_does(segments, sources, targets, limit, more):
    network = streets.build(lines(segments))
    shops, homes = (streets.attach(network, town.places(*points)) for points in (sources, targets))
    near, far = (streets.nearest(network, shops, homes, limit_m=one) for one in (limit, limit + more))
    # What is within the shorter limit is as far within the longer one, and by the same way.
    inside = near.source >= 0
    np.testing.assert_array_equal(near.distance_m[inside], far.distance_m[inside])
    assert (far.distance_m[~inside] > limit).all()
    few, many = (pairs_of(network, shops, homes, one) for one in (limit, limit + more))
    assert few == pytest.approx({pair: metres for pair, metres in many.items() if metres <= limit}, abs=1e-9)
    counted = [streets.counts(network, shops, homes, limit_m=one) for one in (limit, limit + more)]
    assert (counted[0] <= counted[1]).all()
    # The 300 m set lies inside the 500 m set.
    assert set(pairs_of(network, shops, homes, 300)) <= set(pairs_of(network, shops, homes, 500))


@settings(max_examples=60, deadline=None)
@given(some_streets, some_places, some_places, st.floats(1, 900), st.data())
def test_one_shop_more_takes_nothing_away_and_homes_do_not_know_each_other(segments, sources, targets, limit, data):
    network = streets.build(lines(segments))
    shops, homes = (streets.attach(network, town.places(*points)) for points in (sources, targets))
    some = data.draw(st.lists(st.sampled_from(range(len(shops))), unique=True))
    few = streets.counts(network, shops.take(some), homes, limit_m=limit)
    assert (few <= streets.counts(network, shops, homes, limit_m=limit)).all()
    # In any order, in any company.
    order = data.draw(st.permutations(range(len(homes))))
    chosen = order[: len(order) // 2 + 1]
    together = streets.nearest(network, shops, homes, limit_m=limit).distance_m
    apart = streets.nearest(network, shops, homes.take(chosen), limit_m=limit).distance_m
    np.testing.assert_array_equal(together[chosen], apart)


# --- a real town


@pytest.mark.parametrize("mode", ["walk", "drive"])
@pytest.mark.parametrize("name", ["liechtenstein", "krems", "north-bayreuth"])
def test_thousands_of_random_homes_of_a_real_town_against_networkx(name, mode):
    """The same network with its edges really split at every home and every shop."""
    from gis_planning.formats.osm import layers_of, read_extract
    from gis_planning.formats.read.osm_tags import metric_crs

    layers = layers_of(read_extract(real_towns.extract(name)))
    crs = metric_crs(layers["streets"])
    table, walls = (
        layers[one].set_geometry(geo.reproject(layers[one].geometry.to_numpy(), layers[one].crs, crs), crs=crs)
        for one in ("streets", "barriers")
    )
    network = streets.build(table, barriers=walls, mode=mode)
    rng = np.random.default_rng(6)
    # Beside the streets, as homes are; some too far from any, some behind a barrier.
    spots = network.xy[rng.integers(0, len(network.xy), 4030)] + rng.normal(0, 120, (4030, 2))
    places = streets.attach(network, shapely.points(spots))
    homes, shops = places.take(slice(4000)), places.take(slice(4000, None))
    assert len(np.unique(places.state)) == 3
    for trip in ("to_source", "from_source"):
        ours = streets.nearest(network, shops, homes, trip=trip)
        theirs = by_networkx(network, shops, homes, trip)
        np.testing.assert_allclose(ours.distance_m, theirs, atol=1e-6)
        assert np.isfinite(theirs).sum() > 3000
        pairs = streets.within(network, shops, homes, limit_m=1200, trip=trip)
        least = np.array([pairs[[n]].data.min(initial=np.inf) for n in range(len(homes))])
        np.testing.assert_allclose(least, np.where(theirs <= 1200, theirs, np.inf), atol=1e-6)
