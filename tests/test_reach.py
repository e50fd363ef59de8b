"""Counting what lies within reach, against the pairs themselves."""

import numpy as np
import pytest
import street_town as town

from gis_planning import streets
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
