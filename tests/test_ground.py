"""Ground: pixels cut by an outline, what lets water through, hollows: by hand, by plain loops, on real rasters."""

import math
from types import SimpleNamespace

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
import town
from real_towns import DATA
from refusals import refused
from scipy import ndimage
from shapely import affinity

from gis_planning import geo
from gis_planning.analysis.hollows import filled, hollows_of
from gis_planning.analysis.pixels import cut
from gis_planning.county.opened import open_county
from gis_planning.errors import CrsError, NotAssessed, RuleError
from gis_planning.judging import judge
from gis_planning.measures.ground import hollows, permeable

CRS = pyproj.CRS(town.CRS)
CODES = {"permeable_classes": (10.0, 30.0), "other_classes": (50.0, 80.0)}
DEEP = {"deeper_than_m": 0.5, "least_m2": 200.0, "around_m": 100.0}
NAN = math.nan


def raster(rows, cell=10.0, *, west=0.0, south=0.0, turned=False):
    """Return a raster whose south-western corner lies so far from the town's; rows from the north."""
    band = np.asarray(rows, dtype=float)
    x, y = town.EAST + west, town.NORTH + south + len(band) * cell
    if turned:  # the same pixels, rows from west to east
        return SimpleNamespace(band=band.T.copy(), transform=(0.0, cell, x, -cell, 0.0, y), crs=CRS)
    return SimpleNamespace(band=band, transform=(cell, 0.0, x, 0.0, -cell, y), crs=CRS)


def lacking(key, measure, *layers, **settings):
    """Return why there is no figure, in English."""
    with pytest.raises(NotAssessed) as caught:
        measure(*layers, **settings)
    assert caught.value.reason.key == key
    assert caught.value.reason.to("zh")
    return caught.value.reason.to("en")


def keys(told):
    return [note.key for note in told.notes]


# -- pixels


def by_loops(grid, land):
    """Return how much of some land every pixel holds, one after the other, with corners moved one by one."""
    a, b, c, d, e, f = grid.transform[:6]
    move = pyproj.Transformer.from_crs(grid.crs, CRS, always_xy=True)
    found = np.zeros(grid.band.shape)
    for row, column in np.ndindex(found.shape):
        around = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)]
        corners = [move.transform(a * i + b * j + c, d * i + e * j + f) for i, j in around]
        found[row, column] = shapely.Polygon(corners).intersection(land).area
    return found


def as_band(found, shape):
    band = np.zeros(shape)
    band[found.row, found.column] = found.inside_m2
    return band


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("turned", [False, True])
def test_pixels_are_cut_as_plain_loops_cut_them(seed, turned, monkeypatch):
    monkeypatch.setattr("gis_planning.analysis.pixels.BLOCK", 70)
    rng = np.random.default_rng(seed)
    grid = raster(rng.random((23, 31)), turned=turned)
    star = affinity.rotate(town.box(40, 30, 250, 160), rng.uniform(0, 90))
    land = star.difference(affinity.rotate(town.box(90, 70, 130, 90), rng.uniform(0, 90)))
    found = cut(grid, np.array([land, town.box(-20, 0, 15, 12)]), CRS, "land_cover")
    whole = land.union(town.box(-20, 0, 15, 12))
    oracle = by_loops(grid, whole)
    assert as_band(found, grid.band.shape) == pytest.approx(oracle, abs=1e-5)
    assert (found.value == grid.band[found.row, found.column]).all()
    # What lies beside the raster is part of the land.
    assert found.land_m2 == pytest.approx(whole.area)
    beside = whole.difference(town.box(0, 0, 310, 230)).area
    assert beside > 200
    assert found.land_m2 - found.inside_m2.sum() == pytest.approx(beside, abs=1e-3)


def in_degrees(rows, cell=0.0001):
    lon, lat = pyproj.Transformer.from_crs(CRS, 4326, always_xy=True).transform(town.EAST, town.NORTH)
    return SimpleNamespace(
        band=np.asarray(rows, dtype=float), transform=(cell, 0.0, lon, 0.0, -cell, lat), crs=pyproj.CRS(4326)
    )


def test_a_raster_in_another_crs_is_cut_where_it_lies():
    grid = in_degrees(np.arange(20.0 * 30).reshape(20, 30))
    land = affinity.rotate(town.box(35, -180, 200, -40), 20)
    found = cut(grid, np.array([land]), CRS, "land_cover")
    assert as_band(found, grid.band.shape) == pytest.approx(by_loops(grid, land), abs=1e-4)
    assert found.inside_m2.sum() == pytest.approx(land.area, abs=1e-2)


def test_a_raster_that_lies_nowhere_or_elsewhere():
    grid = raster([[30]])
    refused(
        CrsError, "streets.no_crs", cut, SimpleNamespace(**vars(grid) | {"crs": None}), [town.box(0, 0, 9, 9)], CRS, "x"
    )
    far = cut(grid, np.array([town.box(5000, 0, 5010, 10)]), CRS, "land_cover")
    assert (len(far.row), far.land_m2, far.known_m2) == (0, pytest.approx(100), 0)


# -- what lets water through


def test_water_and_sealed_ground_are_part_of_the_area():
    told = permeable(raster([[10, 30, 50, 80]]), town.frame(town.box(0, 0, 40, 10)), **CODES)
    assert (told.value, told.numerator, told.denominator, told.value_range) == (0.5, 200, 400, None)
    assert told.notes == ()
    assert told.offenders.empty


@pytest.mark.parametrize(("code", "said"), [(NAN, "-"), (70, "70"), (0, "0")])
def test_what_nobody_knows_opens_the_range_upwards(code, said):
    told = permeable(raster([[10] * 3 + [50] * 6 + [code]]), town.frame(town.box(0, 0, 100, 10)), **CODES)
    assert told.value == pytest.approx(0.3)
    assert told.value_range == pytest.approx((0.3, 0.4))
    assert keys(told) == ["ground.note_unknown"]
    assert f"({said})" in told.notes[0].to("en")


def test_with_too_little_known_there_is_no_figure():
    area = town.frame(town.box(0, 0, 100, 10))
    grid = raster([[10] * 8 + [NAN, 7]])
    lack = lacking("ground.little_known", permeable, grid, area, **CODES)
    assert "80.0%" in lack
    assert lack.endswith(": 7")
    assert permeable(grid, area, **CODES, least_known_share=0.8).value == pytest.approx(0.8)
    lacking("ground.little_known", permeable, raster([[10]], west=9000), area, **CODES)
    lacking("ground.little_known", permeable, raster([[10]]), area.iloc[:0], **CODES)


def test_a_class_cannot_be_both():
    area = town.frame(town.box(0, 0, 10, 10))
    lists = {"permeable_classes": (10.0, 80.0), "other_classes": (50.0, 80.0)}
    refused(RuleError, "ground.class_twice", permeable, raster([[10]]), area, **lists)


def test_polygons_count_once_and_a_spot_of_both_kinds_opens_the_range():
    area = town.frame(town.box(0, 0, 100, 10), town.box(50, 0, 100, 10))
    cover = town.frame(
        town.box(0, 0, 30, 20), town.box(20, 0, 40, 10), town.box(30, 0, 100, 10), **{"class": ["30", "10", "50"]}
    )
    told = permeable(cover, area, **CODES)
    # From 30 to 40 m lie grass and houses.
    assert told.value == pytest.approx(0.3)
    assert told.value_range == pytest.approx((0.3, 0.4))
    assert keys(told) == ["ground.note_both"]
    lacking("ground.no_class", permeable, cover[["geometry"]], area, **CODES)
    lacking("ground.no_class", permeable, cover.assign(**{"class": "草地"}), area, **CODES)


@pytest.mark.parametrize("seed", range(4))
def test_polygons_and_pixels_of_the_same_land_give_the_same_share(seed):
    rng = np.random.default_rng(seed)
    grid = raster(rng.choice([10, 30, 50, 80], (12, 15)))
    boxes = [town.box(10 * j, 110 - 10 * i, 10 * j + 10, 120 - 10 * i) for i, j in np.ndindex(12, 15)]
    cover = town.frame(*boxes, **{"class": grid.band.ravel().tolist()})
    area = town.frame(affinity.rotate(town.box(30, 25, 120, 95), rng.uniform(0, 90)))
    one, other = permeable(grid, area, **CODES), permeable(cover, area, **CODES)
    assert one.value == pytest.approx(other.value, abs=1e-6)
    assert one.denominator == pytest.approx(area.area.sum())


# -- water that cannot run off


def by_erosion(heights, *, missing_hold):
    """Fill a raster the plain way: full everywhere, then as low as the lowest neighbour lets it be, until it rests."""
    wall = np.inf if missing_hold else -np.inf
    ground = np.pad(np.where(np.isnan(heights), wall, heights), 1, constant_values=-np.inf)
    water = np.where(np.isneginf(ground), -np.inf, np.inf)
    while True:
        lowest = water.copy()
        for down in (-1, 0, 1):
            for along in (-1, 0, 1):
                lowest[1:-1, 1:-1] = np.minimum(lowest[1:-1, 1:-1], np.roll(water, (down, along), (0, 1))[1:-1, 1:-1])
        lower = np.maximum(ground, lowest)
        if (lower == water).all():
            return np.where(np.isnan(heights), np.nan, water[1:-1, 1:-1])
        water = lower


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("missing_hold", [False, True])
@pytest.mark.parametrize("missing", [0.0, 0.15, 0.5])
def test_the_flood_is_what_repeated_erosion_gives(seed, missing_hold, missing):
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(1, 26, 2))
    # Whole heights have plains; smooth ones have wide basins.
    heights = rng.integers(0, 6, shape).astype(float) if seed % 2 else ndimage.gaussian_filter(rng.random(shape), 1.5)
    heights[rng.random(shape) < missing] = np.nan
    assert np.array_equal(
        filled(heights, missing_hold=missing_hold), by_erosion(heights, missing_hold=missing_hold), equal_nan=True
    )


def pits(*, low=8.0):
    """Three pits in a plain of 9 m: two pixels that join by a corner, one alone, and three on the edge."""
    band = np.full((6, 12), 9.0)
    band[1, 1] = band[2, 2] = low
    band[1, 5] = low
    band[2:5, 11] = low
    return band


def test_hollows_counted_by_hand():
    area = town.frame(town.box(0, 0, 120, 60))
    told = hollows(raster(pits()), area, **DEEP)
    assert (told.value, told.value_range) == (1.0, None)
    assert told.offenders["area_m2"].tolist() == [200.0]
    assert told.offenders["depth_m"].tolist() == [1.0]
    assert told.offenders.geometry[0].equals(town.box(10, 40, 20, 50).union(town.box(20, 30, 30, 40)))
    assert "homes" not in told.offenders
    assert keys(told) == ["ground.note_cut_off"]
    # By hand: two patches of pixels that touch, of 2 and 1.
    number, count = ndimage.label(filled(pits()) - pits() > 0.5, np.ones((3, 3)))
    assert (count, np.bincount(number.ravel())[1:].tolist()) == (2, [2, 1])
    assert hollows(raster(pits()), area, **DEEP | {"least_m2": 100.0}).value == 2
    assert hollows(raster(pits(low=8.5)), area, **DEEP).value == 0
    # Half of the hollow lies in the area.
    half = town.frame(town.box(0, 40, 120, 60))
    assert hollows(raster(pits()), half, **DEEP).value == 0
    assert hollows(raster(pits()), half, **DEEP | {"least_m2": 100.0}).offenders["area_m2"].tolist() == [100.0, 100.0]


def test_a_bank_outside_of_the_area_holds_water_as_far_as_is_looked():
    area = town.frame(town.box(500, 500, 700, 700))
    band = np.full((120, 120), 8.0)
    band[0, :] = band[-1, :] = band[:, 0] = band[:, -1] = 9.0
    told = [hollows(raster(band), area, **DEEP | {"around_m": metres}) for metres in (100.0, 400.0, 600.0)]
    assert [one.value for one in told] == [0, 0, 1]
    assert told[-1].offenders["area_m2"].tolist() == pytest.approx([40_000])
    assert ["ground.note_cut_off" in keys(one) for one in told] == [False, False, True]


def test_homes_in_hollows():
    area = town.frame(town.box(0, 0, 120, 60))
    houses = town.frame(
        town.box(11, 41, 14, 44), town.box(15, 45, 25, 48), town.box(22, 32, 25, 35), town.box(16, 41, 18, 43),
        town.box(80, 10, 85, 15), use=["住宅", "住宅", "商业", None, "住宅"],
    )  # fmt: skip
    told = hollows(raster(pits()), area, houses, **DEEP)
    assert told.offenders["homes"].tolist() == [2]
    (beside,) = told.references
    assert (beside.key, beside.numerator, beside.denominator) == ("homes_in_hollows", 2, 3)
    assert keys(told) == ["ground.note_cut_off", "ground.note_no_use"]


def test_missing_heights_open_the_count():
    area = town.frame(town.box(0, 0, 120, 60))
    band = pits()
    band[4, 6:8] = NAN
    told = hollows(raster(band), area, **DEEP, least_known_share=0.9)
    # Two pixels without a height have room for one more.
    assert (told.value, told.value_range) == (1, (1, 2))
    assert keys(told)[0] == "ground.note_no_heights"
    band[:, 6:] = NAN
    assert "50.0%" in lacking("ground.few_heights", hollows, raster(band), area, **DEEP)
    lacking("ground.few_heights", hollows, raster(band, west=9000), area, **DEEP)
    # Land beyond the raster has no heights either: its 6 pixels, and the 3 they may hold back, have room for 4 more.
    wide = town.frame(town.box(0, 0, 130, 60))
    told = hollows(raster(pits()), wide, **DEEP)
    assert told.value_range == (1, 5)


def count_of(band, area):
    return hollows(raster(band), area, **DEEP | {"least_m2": 300.0}, least_known_share=0.0).value


@pytest.mark.parametrize("seed", range(10))
def test_whatever_the_missing_heights_are_the_count_lies_in_the_range(seed):
    rng = np.random.default_rng(seed)
    area = town.frame(town.box(0, 0, 200, 200))
    whole = ndimage.gaussian_filter(rng.random((20, 20)), 1.2) * 12
    holes = ndimage.binary_dilation(rng.random(whole.shape) < 0.02)
    told = hollows(raster(np.where(holes, np.nan, whole)), area, **DEEP | {"least_m2": 300.0}, least_known_share=0.0)
    low, high = told.value_range or (told.value, told.value)
    assert low <= told.value <= high
    for _ in range(12):
        guess = whole.copy()
        guess[holes] = rng.choice([-5.0, 3.0, 6.0, 30.0], int(holes.sum()))
        assert low <= count_of(guess, area) <= high


def test_fine_pixels_are_averaged_and_degrees_are_understood():
    area = town.frame(town.box(0, 0, 120, 60))
    fine = np.kron(pits(), np.ones((10, 10)))
    told = hollows(raster(fine, 1.0), area, **DEEP)
    assert told.offenders["area_m2"].tolist() == pytest.approx([200.0])
    land = np.array([affinity.rotate(town.box(40, -180, 200, -40), 20)])
    grid = in_degrees(np.pad(np.full((14, 20), 5.0), 3, constant_values=8.0))
    found = hollows_of(grid, land, CRS, **DEEP, least_known_share=0.9)
    assert (found.depth_m.tolist(), found.least, found.most) == ([3.0], 1, 1)
    assert found.area_m2 == pytest.approx(shapely.area(found.shape), abs=1e-2)


# -- as a county delivers it


def test_a_county_with_rasters(tmp_path):
    cover, heights = np.full((110, 210), 50, dtype="uint8"), np.full((110, 210), 90, dtype="float32")
    cover[:55], cover[-3:] = 30, 0
    heights[50:60, 100:110] = 88
    for name, band in {"cover": cover, "dem": heights}.items():
        with rasterio.open(
            tmp_path / f"{name}.tif", "w", driver="GTiff", width=210, height=110, count=1, dtype=band.dtype,
            crs=town.CRS, transform=rasterio.Affine(10, 0, town.EAST - 50, 0, -10, town.NORTH + 1050),
            nodata=0 if name == "cover" else -9999,
        ) as file:  # fmt: skip
            file.write(band, 1)
    area = town.frame(town.box(0, 0, 2000, 1000))
    layers = town.layers() | {"built_up_area": area}
    tables = {"land_cover": 'source = "cover.tif"', "elevation": 'source = "dem.tif"'}
    county = open_county(town.write(tmp_path, layers, **tables))
    told = {one.code: one for one in judge.check(county, judge.clauses_for(county, ["ground-plan"])).verdicts}
    # From y = 500 to 1000 there is grass; no class is known below y = -20, outside of the area.
    assert told["GR-1"].measured.value == pytest.approx(0.5)
    assert told["GR-1"].measured.area == "built_up_area"
    assert told["GR-2"].measured.value == 1
    assert told["GR-2"].measured.offenders["area_m2"].tolist() == pytest.approx([10_000])


@pytest.mark.skipif(not (DATA / "rasters").is_dir(), reason="the shared real data are not here (GIS_PLANNING_DATA)")
def test_a_real_land_cover_is_counted_as_plain_pixels():
    with rasterio.open(DATA / "rasters" / "GM_landcover_data_test.tif") as file:
        band, crs = file.read(1).astype(float), pyproj.CRS(file.crs.to_wkt())
        grid = SimpleNamespace(band=band, transform=file.transform, crs=crs)
        top, left, size = 100, 150, 200
        x, y = file.transform * (left, top + size)
        land = town.frame(shapely.box(x, y, x + 10 * size, y + 10 * size)).set_crs(crs, allow_override=True)
    inner = band[top : top + size, left : left + size]
    codes = np.unique(inner).tolist()
    lists = {"permeable_classes": tuple(codes[::2]), "other_classes": tuple(codes[1::2])}
    told = permeable(grid, land, **lists)
    assert told.value == pytest.approx(np.isin(inner, codes[::2]).mean(), abs=1e-9)


@pytest.mark.skipif(
    not (DATA / "porto_alegre").is_dir(), reason="the shared real data are not here (GIS_PLANNING_DATA)"
)
def test_real_heights_are_flooded_as_erosion_floods_them():
    with rasterio.open(DATA / "porto_alegre" / "poa_elevation.tif") as file:
        band, crs = file.read(1).astype(float), pyproj.CRS(file.crs.to_wkt())
        grid = SimpleNamespace(band=band, transform=file.transform, crs=crs)
    assert np.array_equal(filled(band[:150, :150]), by_erosion(band[:150, :150], missing_hold=False))
    utm = pyproj.CRS("EPSG:31982")
    land = geo.reproject(np.array([shapely.box(-51.22, -30.06, -51.17, -30.02)]), crs, utm)
    found = hollows_of(grid, land, utm, deeper_than_m=2.0, least_m2=5000, around_m=1000, least_known_share=0.9)
    assert found.least == found.most == len(found.shape) > 0
    assert found.area_m2 == pytest.approx(shapely.area(found.shape), rel=1e-6)
    assert (found.depth_m > 2).all()
    assert shapely.covers(shapely.buffer(land[0], 1e-6), found.shape).all()
