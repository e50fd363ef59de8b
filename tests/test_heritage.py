"""Old towns: footprints of two years matched against plain loops, what is listed and gone, and what nobody knows."""

import math

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
import town

from gis_planning.analysis.footprints import FATES, matched
from gis_planning.errors import InputError, NotAssessed
from gis_planning.judging.rulebook import load
from gis_planning.measures import heritage

LAND = town.frame(town.box(-100, -100, 1000, 1000))
KINDS = ("historic", "protected_site", "relic")


def spot(x, y):
    return shapely.Point(town.EAST + x, town.NORTH + y)


def row(*spans, wide=10):
    """Return buildings 10 m deep from one metre to another."""
    return town.frame(*(town.box(x0, 0, x1, wide) for x0, x1 in spans))


def lost(now, then, *, line=None, purple=None, where="everywhere", land=LAND, land_then=LAND, share=0.5):
    return heritage.lost(now, then, land, land_then, line, purple, where=where, share=share)


def listed_lost(listed, now, then, *, land=LAND, kinds=KINDS):
    return heritage.listed_lost(listed, now, then, land, land, kinds=kinds, near_m=5.0, share=0.5)


def fates(then, now, share=0.5):
    found = matched(then.geometry, now.geometry, share)
    return [FATES[one] for one in found.then], [FATES[one] for one in found.now]


def random_years(seed):
    """Return a street of buildings in an earlier year and what a rough redrawing made of it."""
    draw = np.random.default_rng(seed)
    then, now = [], []
    for at in range(25):
        x, y = 40 * (at % 5), 40 * (at // 5)
        wide, deep = draw.uniform(6, 30, 2)
        fate, (dx, dy) = draw.integers(0, 7), draw.uniform(-6, 6, 2)
        cut = draw.uniform(0.2, 0.8) * wide
        whole = [town.box(x, y, x + wide, y + deep)]
        parts = [town.box(x, y, x + cut, y + deep), town.box(x + cut, y, x + wide, y + deep)]
        other = [town.box(x + dx, y + dy, x + dx + draw.uniform(6, 30), y + dy + draw.uniform(6, 30))]
        before, after = [
            (whole, whole), (whole, parts), (parts, whole), (whole, other), (whole, []), ([], whole), (parts, other),
        ][fate]  # fmt: skip
        then += before
        now += after
    then, now = then or [town.box(0, 0, 9, 9)], now or [town.box(0, 0, 9, 9)]
    return town.frame(*then), town.frame(*now)


def by_loops(then, now, share):
    """Return the fates of two years, worked out one pair after another."""
    links = {}
    for i, one in enumerate(then):
        for k, other in enumerate(now):
            area = one.intersection(other).area
            if area > 0 and area >= share * min(one.area, other.area):
                links[i, k] = area
    while True:
        good = {
            (i, k): area
            for (i, k), area in links.items()
            if sum(a for (p, _), a in links.items() if p == i) >= share * then[i].area
            and sum(a for (_, q), a in links.items() if q == k) >= share * now[k].area
        }
        if len(good) == len(links):
            break
        links = good
    graph = nx.Graph()
    graph.add_nodes_from([("then", i) for i in range(len(then))] + [("now", k) for k in range(len(now))])
    graph.add_edges_from((("then", i), ("now", k)) for i, k in links)
    found = {}
    for group in nx.connected_components(graph):
        olds, news = ([n for year, n in group if year == said] for said in ("then", "now"))
        if not news:
            fate = "lost"
        elif not olds:
            fate = "new"
        elif len(olds) == len(news) == 1:
            one, other = then[olds[0]], now[news[0]]
            fate = "kept" if links[olds[0], news[0]] >= 0.99 * max(one.area, other.area) else "redrawn"
        else:
            fate = "split" if len(olds) == 1 else "merged" if len(news) == 1 else "regrouped"
        found |= dict.fromkeys(group, fate)
    return [found["then", i] for i in range(len(then))], [found["now", k] for k in range(len(now))]


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("seed", range(12))
def test_footprints_are_matched_as_by_plain_loops(seed, share):
    then, now = random_years(seed)
    assert fates(then, now, share) == by_loops(list(then.geometry), list(now.geometry), share)


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_buildings_changes_nothing_and_both_years_add_up(seed):
    then, now = random_years(seed)
    # Some that stand still, lest the two years be taken for shifted.
    rest = row(*((20 * n, 20 * n + 10) for n in range(30))).translate(0, 400)
    then, now = (town.frame(*one.geometry, *rest) for one in (then, now))
    line = town.frame(town.box(0, 0, 90, 300))
    first = lost(now, then, line=line, purple=line[:0], where="inside")
    mixed = lost(
        now.sample(frac=1, random_state=seed), then.sample(frac=1, random_state=seed + 1),
        line=line, purple=line[:0], where="inside",
    )  # fmt: skip
    assert first.value == mixed.value
    table = first.layers["fates"]
    assert table.equals(mixed.layers["fates"])
    assert (table["count_before"].sum(), table["count_now"].sum()) == (len(then), len(now))
    assert len(first.offenders) == first.value


@pytest.mark.parametrize("seed", range(4))
def test_the_years_turned_round_turn_lost_into_new(seed):
    then, now = random_years(seed)
    (one, other), (back, forth) = fates(then, now), fates(now, then)
    turned = {"lost": "new", "new": "lost", "split": "merged", "merged": "split"}
    assert [turned.get(fate, fate) for fate in one] == forth
    assert [turned.get(fate, fate) for fate in other] == back


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ([(0, 10)], [(0, 10)], "kept"),
        ([(0, 10)], [(3, 13)], "redrawn"),
        ([(0, 10)], [(5, 15)], "redrawn"),
        ([(0, 10)], [(5.1, 15.1)], "lost"),
        ([(0, 20)], [(0, 10), (10, 20)], "split"),
        ([(0, 10), (10, 20)], [(0, 20)], "merged"),
        # A kiosk on the land of a hall is not the hall, nor a mall the house that stood where its porch is.
        ([(0, 100)], [(0, 10)], "lost"),
        ([(0, 10)], [(0, 100)], "lost"),
        # One that grew to twice its size is still the same.
        ([(0, 10)], [(0, 20)], "redrawn"),
        # Four halves of two houses that were cut otherwise.
        ([(0, 20), (20, 40)], [(0, 11), (11, 29), (29, 40)], "regrouped"),
        # Neighbours that share a wall share no land.
        ([(0, 10)], [(10, 20)], "lost"),
    ],
)
def test_what_becomes_of_a_building(then, now, told):
    assert set(fates(row(*then), row(*now))[0]) == {told}


def test_losses_are_told_inside_the_lines_and_outside():
    then, now = row((0, 10), (20, 30), (40, 50), (200, 210)), row((20, 30), (60, 70))
    line, none = town.frame(town.box(0, 0, 55, 10)), town.frame(town.box(0, 0, 1, 1))[:0]
    inside = lost(now, then, line=line, purple=none, where="inside")
    assert (inside.value, inside.value_range, lost(now, then).value) == (2, None, 3)
    rows = inside.layers["fates"].to_numpy().tolist()
    assert rows == [
        ["inside", "kept", 1, 1],
        ["inside", "lost", 2, 0],
        ["outside", "lost", 1, 0],
        ["outside", "new", 0, 1],
    ]
    # The other line may hold the third.
    assert lost(now, then, line=line, where="inside").value_range == (2, 3)


def shown(measured):
    """Return what each year of a comparison shows: where a footprint begins, what became of it, on which side."""
    return {
        year: [
            (round(one.geometry.bounds[0] - town.EAST), one.fate, one.place)
            for one in measured.layers[f"buildings_{year}"].itertuples()
        ]
        for year in ("then", "now")
    }


def test_each_year_shows_the_footprints_by_which_the_two_differ():
    # Kept, lost, redrawn, split in two, two merged; outside the line: kept, lost.
    then = row((0, 10), (20, 30), (40, 50), (60, 80), (90, 100), (100, 110), (300, 310), (320, 330))
    now = row((0, 10), (43, 53), (60, 70), (70, 80), (90, 110), (300, 310), (340, 350))
    line = town.frame(town.box(-5, -5, 200, 15))
    everywhere = lost(now, then, line=line, purple=line[:0])
    in_line = [(20, "lost"), (40, "redrawn"), (60, "split"), (90, "merged"), (100, "merged")]
    today = [(43, "redrawn"), (60, "split"), (70, "split"), (90, "merged")]
    told = {
        "then": [(*one, "inside") for one in in_line] + [(320, "lost", "outside")],
        "now": [(*one, "inside") for one in today] + [(340, "new", "outside")],
    }
    assert shown(everywhere) == told
    inside = lost(now, then, line=line, purple=line[:0], where="inside")
    assert shown(inside) == {year: [one for one in rows if one[2] == "inside"] for year, rows in told.items()}
    # Of those that are the same only the ones inside the lines lie beneath, once for both years.
    for found in (everywhere, inside):
        assert found.layers["buildings_kept"].geometry.to_wkb().tolist() == now.geometry[:1].to_wkb().tolist()
    sides = {name: layer.side for name, layer in everywhere.schema.items() if layer.side}
    assert sides == {"buildings_then": "then", "buildings_now": "now", "buildings_kept": "both"}
    assert shown(lost(now, then)) == {
        year: [(at, fate, "outside") for at, fate, _ in rows] for year, rows in told.items()
    }
    assert not len(lost(now, then).layers["buildings_kept"])


def test_land_that_was_surveyed_in_one_year_only_is_not_compared():
    then, now = row((0, 10), (300, 310)), row((0, 10), (500, 510))
    half = town.frame(town.box(-100, -100, 200, 100))
    found = lost(now, then, land=half)
    assert found.value == 0
    assert set(found.layers["fates"]["fate"]) == {"kept", "beyond"}
    # A building across the edge of that land that is still there is kept, wherever its middle lies.
    assert lost(row((197, 207)), row((191, 201)), land=half, share=0.3).value == 0


def test_years_that_do_not_lie_on_one_another_are_refused():
    then = row(*((20 * n, 20 * n + 10) for n in range(30)))
    now = then.set_geometry(then.translate(10, 0))
    with pytest.raises(NotAssessed) as refused:
        lost(now, then)
    assert "30 栋建筑中有 30 栋" in refused.value.reason.to("zh")
    assert lost(then[:15], then).value == 15
    with pytest.raises(NotAssessed):
        lost(then[:14], then)


def test_listed_buildings_stand_or_are_gone_or_nobody_knows():
    then, now = row((0, 10), (20, 30), (40, 50), (50, 60)), row((0, 10), (40, 50))
    places = [spot(5, 5), spot(25, 14.9), spot(25, 15.1), town.box(19, 0, 31, 9), town.box(40, 0, 60, 10)]
    listed = town.frame(
        *places, kind=["历史建筑", "文物保护单位", "历史建筑", None, "尚未核定公布为文物保护单位的不可移动文物"]
    )
    found = listed_lost(listed, now, then)
    assert found.layers["listed"]["standing"].tolist() == ["stands", "lost", "unknown", "lost", "unknown"]
    # Lost for sure is the second; the third, the one that says no kind, and the half of the last may be.
    assert (found.value, found.value_range) == (1, (1, 4))
    assert listed_lost(listed, now, then, kinds=("historic",)).value_range == (0, 2)
    mixed = listed_lost(listed[::-1], now[::-1], then[::-1])
    assert (mixed.value, mixed.value_range) == (1, (1, 4))


def test_a_polygon_that_is_listed_stands_on_what_it_shares_half_of():
    then = row((0, 10), (10, 20))
    # It holds 6 of the 10 m of the first, and 4 of the second, of its own 10.
    listed = town.frame(town.box(4, 0, 14, 10), kind=["历史建筑"])
    assert listed_lost(listed, row((10, 20)), then).value == 1
    assert listed_lost(listed, row((0, 10)), then).value == 0


@pytest.mark.parametrize(
    ("said", "value", "bounds"),
    [
        (["是", "否"], 0.5, None),
        (["2021", "2021.0", "2019年", "已测绘", "0"], 0.8, None),
        (["是", None], 0.5, (0.5, 1.0)),
        (["是", "12"], 0.5, (0.5, 1.0)),
        (["否", "看情况", None, "1"], 0.25, (0.25, 0.75)),
    ],
)
def test_what_is_surveyed(said, value, bounds):
    listed = town.frame(*[spot(9 * n, 0) for n in range(len(said))], kind=["历史建筑"] * len(said), surveyed=said)
    found = heritage.surveyed(listed, kinds=("historic",))
    assert (found.value, found.value_range) == (value, bounds)


def test_one_that_says_no_kind_opens_the_share():
    listed = town.frame(
        *[spot(9 * n, 0) for n in range(4)],
        kind=["历史建筑", "历史建筑", None, "不可移动文物"],
        surveyed=["是", "否", None, "否"],
    )
    found = heritage.surveyed(listed, kinds=("historic",))
    assert (found.value, found.value_range) == (0.5, (1 / 3, 2 / 3))


def test_land_in_both_lines_counts_once():
    one, other = town.frame(town.box(0, 0, 1000, 1000)), town.frame(town.box(500, 0, 1500, 1000), name=["老城"])
    both = heritage.protected(one, other)
    assert both.value == pytest.approx(1.5, rel=1e-4)
    assert both.layers["land"]["line"].tolist() == ["heritage_line", "purple_line"]
    assert heritage.protected(one, other[:0]).value_range is None
    assert heritage.protected(None, other).value_range[1] == math.inf
    assert heritage.protected(one[:0], other[:0]).value == 0


@pytest.mark.parametrize(
    ("call", "key"),
    [
        (heritage.protected, "no_lines"),
        (lambda: lost(row((0, 9)), row((0, 9)), where="inside"), "no_lines"),
        (lambda: lost(row((0, 9))[:0], row((0, 9))), "no_buildings"),
        (lambda: lost(row((0, 9)), row((0, 9))[:0]), "no_buildings"),
        (lambda: lost(row((0, 9)), row((2000, 2009))), "no_common_land"),
        (lambda: heritage.surveyed(town.frame(spot(0, 0)), kinds=("historic",)), "none_listed"),
        (lambda: heritage.surveyed(town.frame(spot(0, 0), kind=["历史建筑"]), kinds=("historic",)), "nothing_surveyed"),
        (lambda: listed_lost(town.frame(spot(0, 0), kind=["x"]), row((0, 9)), row((0, 9))), "none_listed"),
        (lambda: listed_lost(town.frame(spot(90, 0), kind=["历史建筑"]), row((0, 9)), row((0, 9))), "undecided"),
    ],
)
def test_what_was_not_delivered_is_never_a_pass(call, key):
    with pytest.raises(NotAssessed) as refused:
        call()
    assert refused.value.reason.key == f"heritage.{key}"


def opened(tmp_path, *, crs="EPSG:4490", earlier=""):
    """Write a county whose earlier buildings are delivered in degrees."""
    from gis_planning.county.opened import open_county

    layers = {
        "study_area": LAND,
        "buildings": row((0, 10), (40, 50)),
        "purple_line": town.frame(town.box(0, 0, 30, 30)),
        "listed_buildings": town.frame(
            spot(25, 5), spot(45, 5), LSJZBH=["a", "b"], 类别=["历史建筑"] * 2, 测绘年份=["2020", "否"]
        ),
    }
    folder = town.write(
        tmp_path,
        layers,
        buildings="year = 2025\n[layers.buildings.earlier]\nsource = 'then.gpkg'\nyear = 2015\n" + earlier,
    )
    row((0, 10), (20, 30), (40, 50)).to_crs(crs).to_file(folder / "then.gpkg", driver="GPKG")
    return open_county(folder)


def test_years_in_other_reference_systems_are_brought_together(tmp_path):
    county = opened(tmp_path)
    found = lost(county.layer("buildings"), county.layer("buildings.earlier"))
    assert found.value == 1
    assert found.layers["fates"]["fate"].tolist() == ["kept", "lost"]
    listed = county.layer("listed_buildings")
    assert listed["id"].tolist() == ["a", "b"]
    assert heritage.surveyed(listed, kinds=("historic",)).value == 0.5
    assert listed_lost(listed, county.layer("buildings"), county.layer("buildings.earlier")).value == 1


def test_an_earlier_year_without_a_reference_system_is_refused(tmp_path):
    county = opened(tmp_path)
    then = gpd.GeoDataFrame(geometry=[shapely.box(500000, 4580000, 500010, 4580010)])
    with pytest.warns(UserWarning, match="crs"):
        then.to_file(tmp_path / "then.gpkg", driver="GPKG")
    with pytest.raises(InputError):
        county.layer("buildings.earlier")


def test_the_earlier_year_has_a_survey_of_its_own(tmp_path):
    county = opened(tmp_path, earlier="coverage = 'purple_line'\n")
    (clause,) = [one for one in load() if one.code == "HR-4"]
    assert clause.layers["buildings_earlier_coverage"] == "buildings.earlier.coverage"
    assert county.layer("buildings.earlier.coverage").geometry.area.sum() == pytest.approx(900)
