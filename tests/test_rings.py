"""Areas of reach: closed forms, a river, what must hold of any town, homes of real towns."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
import street_town as town
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from shapely.ops import substring

from gis_planning import geo, streets
from gis_planning.streets import contours, joining, noding, strips

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def ring(network, source, limits, **options):
    """Areas of reach of one place, by limit."""
    found = streets.rings(network, streets.attach(network, town.places(source)), limits, **options)
    assert found.limit_m.is_monotonic_increasing
    assert found.is_valid.all()
    assert set(found.geom_type) == {"MultiPolygon"}
    np.testing.assert_allclose(found.area_m2, found.area)
    return dict(zip(found.limit_m, found.geometry, strict=True))


def has(area, x, y):
    return bool(shapely.intersects_xy(area, town.EAST + x, town.NORTH + y))


def box(*bounds):
    x0, y0, x1, y1 = bounds
    return shapely.box(town.EAST + x0, town.NORTH + y0, town.EAST + x1, town.NORTH + y1)


def straight(**fields):
    return town.table({"street": ([(-3000, 0), (3000, 0)], fields)})


# --- closed forms


@pytest.mark.parametrize("at", [0.0, 7.3])
@pytest.mark.parametrize("limit", [60.0, 150.0, 200.0])
def test_along_one_street_it_is_a_diamond(limit, at):
    area = ring(streets.build(straight()), (at, 0), [limit])[limit]
    assert area.area == pytest.approx(2 * limit**2, rel=0.005)
    diamond = shapely.Polygon([(at - limit, 0), (at, limit), (at + limit, 0), (at, -limit)])
    moved = shapely.transform(diamond, lambda xy: xy + (town.EAST, town.NORTH))
    assert area.symmetric_difference(moved).area < 0.01 * 2 * limit**2


@pytest.mark.parametrize("max_access", [50.0, 113.0, 200.0])
@pytest.mark.parametrize("limit", [300.0, 1000.0])
def test_the_diamond_ends_where_the_straight_way_gets_too_long(limit, max_access):
    area = ring(streets.build(straight()), (0, 0), [limit], max_access_m=max_access)[limit]
    exact = 4 * (limit * max_access - max_access**2 / 2)
    assert area.area == pytest.approx(exact, rel=0.01)
    assert area.bounds[3] - town.NORTH == pytest.approx(max_access, abs=0.5)


def test_the_way_from_the_place_to_its_street_counts():
    area = ring(streets.build(straight()), (0, 90), [150.0])[150.0]
    assert area.area == pytest.approx(2 * 60**2, rel=0.02)


def test_driving_goes_by_minutes():
    # A primary road: 60 km/h, a metre of it costs a metre; a metre of straight way costs three.
    network = streets.build(straight(**{"class": "primary"}), mode="drive")
    area = ring(network, (0, 0), [500.0])[500.0]
    assert area.area == pytest.approx(2 * 500 * 500 / 3, rel=0.01)
    # A residential one: 30 km/h.
    slow = ring(streets.build(straight(), mode="drive"), (0, 0), [500.0])[500.0]
    assert slow.area == pytest.approx(2 * 250 * 500 / 3, rel=0.02)


def test_driving_to_a_place_and_from_it():
    network = streets.build(straight(**{"class": "primary"}).assign(oneway="yes"), mode="drive")
    to, back = (ring(network, (0, 0), [600.0], trip=trip)[600.0] for trip in ("to_source", "from_source"))
    west, east = box(-3000, -500, 0, 500), box(0, -500, 3000, 500)
    assert to.intersection(west).area == pytest.approx(600 * 200, rel=0.02)
    assert back.intersection(east).area == pytest.approx(600 * 200, rel=0.02)
    # Beyond the place's own spot nobody drives; a leap is drawn to half a cell.
    assert to.bounds[2] <= town.EAST + 12.6
    assert back.bounds[0] >= town.EAST - 12.6


# --- barriers and pockets


@pytest.mark.parametrize("bend", [0.0, 37.0, 260.0])
@pytest.mark.parametrize("source", [400, 500])
def test_nothing_across_a_river_without_a_bridge(bend, source):
    rows = {
        "south": ([(-2000, 0), (2000, 0)], {}),
        "lane": ([(source, 0), (source, -400)], {}),
        "north": ([(-2000, 180), (2000, 180)], {}),
    }
    river = town.line((-5000, 90 - bend), (0, 90 - bend), (1000, 90 + bend / 10), (5000, 90 + bend / 10))
    network = streets.build(town.table(rows), barriers=town.barriers(river))
    found = ring(network, (source, 20), [150.0, 300.0, 900.0])
    across = shapely.Polygon(
        [*river.coords, (town.EAST + 5000, town.NORTH + 999), (town.EAST - 5000, town.NORTH + 999)]
    )
    for area in found.values():
        if bend < 100:
            assert area.intersection(across).area == pytest.approx(0, abs=1e-3)
        assert has(area, source, 30)
    assert not has(found[900.0], source, 178)
    # The bank is reached up to the water.
    assert shapely.distance(found[900.0], shapely.intersection(river, box(source - 50, -900, source + 50, 900))) < 0.1


def test_a_pocket_whose_street_leads_elsewhere_is_cut_out():
    rows = {
        "main": ([(-3000, 0), (3000, 0)], {}),
        "back": ([(2000, 0), (2000, 400), (0, 400), (-60, 100), (60, 100), (0, 400)], {}),
    }
    network = streets.build(town.table(rows))
    area = ring(network, (0, 0), [400.0])[400.0]
    assert has(area, 0, 40)
    assert not has(area, 0, 90)
    assert not has(area, 0, 130)
    assert has(area, 180, 60)


def test_narrow_water_is_left_out_and_the_far_bank_not():
    water = box(300, -500, 308, 500)
    rows = {
        "west": ([(-1000, 0), (299, 0)], {}),
        "bridge": ([(299, 0), (309, 0)], {"bridge": True}),
        "east": ([(309, 0), (1000, 0)], {}),
    }
    network = streets.build(town.table(rows), barriers=town.barriers(water))
    area = ring(network, (200, 0), [400.0])[400.0]
    assert area.intersection(water).area == pytest.approx(0, abs=1e-6)
    assert has(area, 299, 30)
    assert has(area, 310, 30)
    dry = ring(streets.build(town.table(rows)), (200, 0), [400.0])[400.0]
    assert area.area == pytest.approx(dry.area - dry.intersection(water).area, rel=0.002)


def test_the_unattached_reach_nothing():
    network = streets.build(straight())
    found = streets.rings(network, streets.attach(network, town.places((0, 900))), [500, 300])
    assert found.limit_m.tolist() == [300, 500]
    assert found.geometry.is_empty.all()
    assert found.area_m2.tolist() == [0, 0]
    assert found.crs == network.crs
    # One whose straight way alone is longer than the limit.
    near = streets.rings(network, streets.attach(network, town.places((0, 150))), [100])
    assert near.geometry.is_empty.all()
    assert len(streets.rings_of_each(network, streets.attach(network, town.places((0, 0))[:0]), [100])) == 0


@pytest.mark.parametrize(("limits", "cell"), [([], None), ([0], None), ([np.inf], None), ([100], 0), ([100], np.nan)])
def test_limits_and_cells_that_mean_nothing(limits, cell):
    network = streets.build(straight())
    with pytest.raises(ValueError, match="not positive and finite"):
        streets.rings(network, streets.attach(network, town.places((0, 0))), limits, cell_m=cell)
    with pytest.raises(ValueError, match="one number for each source"):
        streets.rings_of_each(network, streets.attach(network, town.places((0, 0))), [100], place=[1, 2])


# --- what must hold


def bent(seed):
    rng = np.random.default_rng(seed)
    at = np.stack(np.meshgrid(np.arange(9), np.arange(9), indexing="ij"), -1) * 120.0 + rng.uniform(-40, 40, (9, 9, 2))
    rows = {}
    for name, lanes in (("a", at), ("b", at.swapaxes(0, 1))):
        for k, lane in enumerate(lanes):
            for n in np.flatnonzero(rng.random(8) < 0.75).tolist():
                rows[f"{name} {k} {n}"] = ([tuple(lane[n]), tuple(lane[n + 1])], {})
    rows["ring"] = ([tuple(at[0, 0]), tuple(at[0, -1]), tuple(at[-1, -1]), tuple(at[-1, 0]), tuple(at[0, 0])], {})
    return town.table(rows)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("walled", [False, True])
def test_rings_nest_and_the_inner_one_does_not_know_the_outer(seed, walled):
    walls = town.barriers(town.line((-100, 333), (610, 470)), box(700, 100, 760, 900)) if walled else None
    network = streets.build(bent(seed), barriers=walls)
    found = ring(network, (480, 460), [300.0, 420.0, 700.0, 1100.0])
    areas = list(found.values())
    for inner, outer in pairwise(areas):
        assert inner.area < outer.area
        assert inner.difference(outer).area == pytest.approx(0, abs=1e-3)
    for others in ([300.0], [300.0, 5000.0]):
        again = ring(network, (480, 460), others)[300.0]
        assert shapely.equals_exact(again, found[300.0], tolerance=1e-5)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 99), st.lists(st.floats(40, 700), min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_any_rings_nest_grow_with_places_and_do_not_know_the_order_of_streets(seed, limits, random):
    table = bent(seed)
    network = streets.build(table)
    rng = np.random.default_rng(seed)
    shops = streets.attach(network, town.places(*rng.uniform(0, 960, (3, 2)).tolist()))
    both, one = (streets.rings(network, some, limits, cell_m=20) for some in (shops, shops.take([0])))
    for found in (both, one):
        for inner, outer in pairwise(found.geometry):
            assert inner.difference(outer).area == pytest.approx(0, abs=1e-3)
    for few, many in zip(one.geometry, both.geometry, strict=True):
        assert few.difference(many).area == pytest.approx(0, abs=1e-3)
    shuffled = table.iloc[random.sample(range(len(table)), len(table))].reset_index(drop=True)
    again = streets.build(shuffled)
    shops = streets.attach(again, town.places(*np.random.default_rng(seed).uniform(0, 960, (3, 2)).tolist()))
    other = streets.rings(again, shops, limits, cell_m=20)
    assert shapely.equals_exact(other.geometry.to_numpy(), both.geometry.to_numpy(), tolerance=1e-5).all()


@pytest.mark.parametrize("seed", range(3))
def test_each_of_many_is_as_it_is_alone(seed):
    network = streets.build(bent(seed))
    rng = np.random.default_rng(seed)
    shops = streets.attach(network, town.places(*rng.uniform(-400, 1300, (12, 2)).tolist()))
    assert len(shops.unattached) not in (0, 12)
    together = streets.rings_of_each(network, shops, [300, 500])
    assert together.place.tolist() == np.repeat(np.arange(12), 2).tolist()
    for n in range(12):
        alone = streets.rings(network, shops.take([n]), [300, 500])
        own = together[together.place == n]
        assert own.limit_m.tolist() == [300, 500]
        for one, other in zip(own.geometry, alone.geometry, strict=True):
            assert one.symmetric_difference(other).area == pytest.approx(0, abs=1e-3)
    # Gates of one park: the number of the park.
    parks = streets.rings_of_each(network, shops, [300], place=[7, 3] * 6)
    assert parks.place.tolist() == [3, 7]
    for number, first in ((7, 0), (3, 1)):
        alone = streets.rings(network, shops.take(slice(first, None, 2)), [300]).geometry[0]
        own = parks.geometry[parks.place == number].iloc[0]
        assert own.symmetric_difference(alone).area == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("walled", [False, True])
def test_every_spot_of_a_street_within_the_limit_lies_inside(seed, walled):
    wall = town.line((-100, 333), (610, 470))
    network = streets.build(bent(seed), barriers=town.barriers(wall) if walled else None)
    edge = np.repeat(network.joined, 40)
    offset = np.tile(np.arange(40) / 39, len(network.joined)) * network.length_m[edge]
    state = np.full(len(edge), streets.ATTACHED, dtype=np.int8)
    spots = streets.Attached(edge, offset, np.zeros(len(edge)), state, 0.0)
    points = shapely.line_interpolate_point(network.geometry[edge], offset)
    rng = np.random.default_rng(seed)
    shops = streets.attach(network, town.places(*rng.uniform(0, 960, (3, 2)).tolist()))
    for limit in (150.0, 400.0):
        each = streets.rings_of_each(network, shops, [limit]).set_index("place").geometry
        for n in np.flatnonzero(shops.edge >= 0):
            found = streets.nearest(network, shops.take([n]), spots, limit_m=limit)
            reached = np.isfinite(found.distance_m)
            if walled:
                reached &= shapely.distance(points, wall) > 1.1
            assert reached.any()
            assert shapely.distance(points[reached], each[n]).max() < 1e-6
        both = streets.rings(network, shops, [limit]).geometry[0]
        assert each.union_all().difference(both).area == pytest.approx(0, abs=1e-3)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=6), st.floats(0, 1), st.floats(0, 1)
)
def test_parts_of_lines(corners, one, other):
    assume(shapely.length(shapely.LineString(corners)) > 0 and abs(one - other) > 1e-6)
    low, high = sorted((one, other))
    lines = np.array([shapely.LineString(corners), shapely.LineString([(0, 0), (3, 4), (3, 9)])])
    parts = noding.parts_of(lines, np.array([low, 0.25]), np.array([high, 0.75]))
    expected = substring(lines[0], low, high, normalized=True)
    assert shapely.hausdorff_distance(parts[0], expected) < 1e-9
    assert shapely.length(parts[0]) == pytest.approx(shapely.length(expected), abs=1e-9)
    # By hand: 10 m long; from 2.5 m on the first leg to 2.5 m up the second.
    assert shapely.equals_exact(parts[1], shapely.LineString([(1.5, 2), (3, 4), (3, 6.5)]), 1e-9)


def test_a_shorter_way_takes_nothing_away():
    rows = {
        "south": ([(-900, 0), (900, 0)], {}),
        "west": ([(-900, 0), (-900, 300)], {}),
        "north": ([(-900, 300), (900, 300)], {}),
    }
    before = ring(streets.build(town.table(rows)), (200, 0), [300.0, 700.0])
    after = ring(streets.build(town.table(rows | {"short": ([(200, 0), (200, 300)], {})})), (200, 0), [300.0, 700.0])
    for limit, area in before.items():
        assert area.difference(after[limit]).area == pytest.approx(0, abs=1e-6)
        assert after[limit].area > area.area * 1.02


numbers = st.floats(-4, 4, width=32) | st.sampled_from([np.inf, -np.inf, 0.0, 1.5, -1.5])
fields = arrays.arrays(np.float64, (6, 7), elements=numbers)
# Whole micrometres: a wall off a grid line by less is on it or not as rounding has it.
place = st.integers(-1_000_000, 7_000_000).map(lambda n: n / 1e6)
walls = st.lists(st.tuples(place, place) | st.tuples(st.integers(-1, 7), st.integers(-1, 7)), min_size=2, max_size=5)


@settings(max_examples=300, deadline=None)
@given(fields, arrays.arrays(np.float64, (6, 7), elements=st.floats(0, 3)), walls)
def test_lower_values_never_give_a_smaller_area(field, less, wall):
    line = np.array([shapely.LineString(wall)])
    bars = contours.bars_of(shapely.transform(line, lambda xy: xy * 10), 10.0, (0, 0), field.shape)
    with np.errstate(invalid="ignore"):
        lower = field - less
    for barred in (None, bars):
        high = contours.below(field, 1.5, 10.0, (0, 0), barred)
        low = contours.below(lower, 1.5, 10.0, (0, 0), barred)
        assert shapely.is_valid(high)
        assert high.difference(low).area == pytest.approx(0, abs=1e-6)
        at = np.stack(np.meshgrid(np.arange(7), np.arange(6)), -1).reshape(-1, 2) * 10.0
        inside = shapely.intersects_xy(high, at[:, 0], at[:, 1])
        np.testing.assert_array_equal(inside, field.ravel() <= 0)


@settings(max_examples=200, deadline=None)
@given(walls)
def test_where_a_wall_crosses_the_grid(wall):
    assume(min(np.abs(np.diff(wall, axis=0)).max(axis=1)) > 0.01)
    line = shapely.transform(shapely.LineString(wall), lambda xy: xy * 10)
    bars = contours.bars_of(np.array([line]), 10.0, (0, 0), (6, 7))
    row, column, upright = (part.ravel() for part in np.meshgrid(np.arange(6), np.arange(7), [0, 1]))
    ends = np.stack([np.stack([column, row], -1), np.stack([column + 1 - upright, row + upright], -1)], axis=1)
    steps = shapely.linestrings(ends * 10.0)
    low, high = bars.at(row, column, upright)
    there = np.isfinite(low)
    # Those found meet the wall; of those that cross it none is missed.
    assert (shapely.distance(steps[there], line) < 1e-4).all()
    assert (low[there] <= high[there]).all()
    assert there[shapely.relate_pattern(steps, line, "0********")].all()


# --- homes of real towns


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared real data are not beside this clone")
def test_homes_of_a_real_town_lie_inside_when_they_are_within_the_limit():
    from gis_planning.formats.osm import layers_of, read_extract
    from gis_planning.formats.read.osm_tags import metric_crs

    (extract,) = (DATA / "osm_towns").glob("*bayreuth*.pbf")
    layers = layers_of(read_extract(extract))
    crs = metric_crs(layers["streets"])
    plane = {
        name: layers[name].set_geometry(geo.reproject(layers[name].geometry.to_numpy(), layers[name].crs, crs), crs=crs)
        for name in ("streets", "barriers", "buildings")
    }
    network = streets.build(plane["streets"], barriers=plane["barriers"])
    points = plane["buildings"].geometry.centroid
    homes = streets.attach(network, points)
    origins = homes.take(np.random.default_rng(2).choice(np.flatnonzero(homes.edge >= 0), 60, replace=False))
    areas = streets.rings_of_each(network, origins, [300, 1200])
    assert areas.is_valid.all()
    for limit in (300, 1200):
        truth = np.zeros((len(points), 60), dtype=bool)
        found = streets.within(network, origins, homes, limit_m=limit).tocoo()
        truth[found.row, found.col] = True
        claimed = np.zeros_like(truth)
        shapes = areas.geometry[areas.limit_m == limit].to_numpy()
        area, home = shapely.STRtree(points.to_numpy()).query(shapes, predicate="intersects")
        claimed[home, area] = True
        assert 2 * (truth & claimed).sum() / (truth.sum() + claimed.sum()) > 0.97
        assert abs(claimed.sum() / truth.sum() - 1) < 0.015


@pytest.mark.parametrize("limits", [[300.0, 500.0, 1000.0], [333.0, 667.0, 1000.0], [1000.0]])
def test_round_the_bend_of_a_street_rings_are_land(limits):
    """A street round three sides of a block and a path along the fourth; a limit ends a hair beside a corner's land."""
    rows = {
        "path": ([(0, 0), (500, 0), (1000, 0)], {}),
        "street": ([(0, 0), (0, -1000), (1000, -1000), (1000, 0)], {}),
    }
    network = streets.build(town.table(rows))
    for at in (600, 500, 599.9993):
        areas = ring(network, (at, 0), limits)
        assert areas[1000.0].area > 600_000


def test_a_union_that_leaves_a_line_beside_the_land_gives_the_land(monkeypatch):
    # The strip touches the land, so that GEOS is asked.
    land, strip = box(0, 0, 100, 100), shapely.LineString([(town.EAST, town.NORTH), (town.EAST, town.NORTH + 1e-9)])
    left = shapely.GeometryCollection([land, strip])
    monkeypatch.setattr(joining.shapely, "union", lambda one, _: np.full(len(one), left, dtype=object))
    lines = shapely.MultiLineString([town.line((101, 0), (101, 50))])
    (area,) = strips.with_strips(np.array([land]), np.array([lines]))
    assert (area.geom_type, area.area) == ("MultiPolygon", 10_000)


def star(random, x, y, far):
    turn = np.sort(random.uniform(0, 2 * np.pi, 40))
    out = random.uniform(0.3, 1, 40) * far
    return shapely.Polygon(np.column_stack([x + out * np.cos(turn), y + out * np.sin(turn)]))


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("whole", [False, True])
def test_land_and_strips_joined_are_their_union(seed, whole):
    """Against GEOS: land in pieces with holes, strips inside, outside, across and round about; touching if whole."""
    random = np.random.default_rng(seed)
    lands, sticking = [], []
    for _ in range(6):
        land = star(random, 0, 0, 100).union(star(random, 150, 20, 60)).difference(star(random, 0, 0, 25))
        ways = random.uniform(-200, 250, (random.integers(1, 12), 2, 2))
        lines = shapely.multilinestrings([*np.round(ways, -1 if whole else 3)])
        if whole:
            land = shapely.box(-100, -90, 100, 90).difference(shapely.box(-40, -30, 20, 30)) | shapely.box(
                150, 0, 200, 50
            )
        lands.append(shapely.multipolygons(shapely.get_parts(land)))
        sticking.append(shapely.buffer(lines, 5.0, cap_style="square"))
    lands[0] = shapely.MultiPolygon()
    lands, sticking = shapely.transform(np.array([lands, sticking]), lambda xy: xy + (town.EAST, town.NORTH))
    found, expected = joining.joined(lands, sticking), shapely.union(lands, sticking)
    assert shapely.is_valid(found).all()
    assert set(shapely.get_type_id(found)) == {6}
    np.testing.assert_allclose(shapely.area(found), shapely.area(expected), rtol=1e-9)
    assert (shapely.area(shapely.symmetric_difference(found, expected)) < 1e-4).all()


def test_outlines_that_cross_clearly_are_joined_without_geos(monkeypatch):
    asked = []
    union = shapely.union
    monkeypatch.setattr(joining.shapely, "union", lambda one, other: asked.append(len(one)) or union(one, other))
    land = box(0, 0, 100, 100).difference(box(40, 40, 60, 60))
    across = shapely.union_all([box(90, 10, 120, 12), box(-9, 20, 8, 22), box(50, 30, 52, 45), box(10, 10, 12, 12)])
    (area,) = joining.joined(np.array([land]), np.array([across]))
    assert sum(asked) == 0
    # By hand: 10,000 less the hole; 20 and 9 m of strips outside, 5 m in the hole.
    assert area.area == pytest.approx(10_000 - 400 + 2 * (20 + 9 + 5), abs=1e-6)
    assert len(area.geoms[0].interiors) == 1


@pytest.mark.parametrize("seed", range(2))
def test_strips_along_streets_are_those_that_shapely_draws(seed):
    network = streets.build(bent(seed))
    lines = np.array([shapely.multilinestrings(network.geometry[:n]) for n in (3, 50, len(network.geometry))])
    land = shapely.transform(np.array([shapely.MultiPolygon([star(np.random.default_rng(seed), 480, 480, 500)])] * 3),
                             lambda xy: xy + (town.EAST, town.NORTH))  # fmt: skip
    drawn = shapely.buffer(lines, strips.HALF_M, cap_style="flat", quad_segs=4)
    expected = shapely.union(land, drawn)
    assert (shapely.area(shapely.difference(drawn, land)) > 10).all()
    found = strips.with_strips(land, lines)
    assert (shapely.area(shapely.symmetric_difference(found, expected)) < 1e-4).all()


def test_before_the_first_area_every_step_is_told():
    network = streets.build(bent(1))
    told = []
    streets.rings_of_each(network, streets.attach(network, town.places((480, 460))), [300.0], told=told.append)
    names = [step.key.removeprefix("circles.rings_") for step in told]
    assert names == ["points", "attaching", "pieces", "drawing"]


@pytest.mark.parametrize("length", [0.002, 0.5, 3.0])
def test_a_street_hardly_longer_than_a_point_has_rings(length):
    area = ring(streets.build(town.table({"stub": ([(0, 0), (length, 0)], {})})), (0, 0), [100.0, 400.0])
    assert area[100.0].area == pytest.approx(np.pi * 100**2, rel=0.03)
