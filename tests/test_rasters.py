"""Rasters say what their numbers mean or are refused, lie any way up, and lead to no other file."""

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from rasterio.control import GroundControlPoint
from rasterio.enums import ColorInterp
from rasterio.shutil import copy as copy_raster
from rasterio.transform import Affine, from_origin
from refusals import refused

from gis_planning.county.file import read_county_file
from gis_planning.errors import CountyError, LayerError, SourceError
from gis_planning.formats.read import sources
from gis_planning.formats.read.raster import cells, read_raster

CRS = pyproj.CRS.from_epsg(4526)
E, N = 38_432_000.0, 4_588_000.0
NORTH_UP = from_origin(E, N + 600, 100, 100)


def write(file, band, *, transform=NORTH_UP, driver="GTiff", nodata=None, crs=CRS, bands=1, **tags):
    band = np.asarray(band)
    with rasterio.open(
        file, "w", driver=driver, width=band.shape[1], height=band.shape[0], count=bands, dtype=band.dtype, crs=crs,
        transform=transform, nodata=nodata,
    ) as raster:  # fmt: skip
        for at in range(bands):
            raster.write(band, at + 1)
        for name, value in tags.items():
            setattr(raster, name, value)
    return file


def read(file, layer="elevation", area=None, **options):
    return read_raster(file, stated_crs=None, area=area, area_crs=CRS, layer=layer, **options)


def keys(raster):
    return [warning.key for warning in raster.warnings]


@pytest.mark.parametrize(
    ("value", "dtype"),
    [(-32768, "int16"), (-9999, "int32"), (65535, "uint16"), (3.4e38, "float32"), (-3.4e38, "float64"),
     (np.inf, "float32"), (-np.inf, "float64"), (-501, "int16"), (9001, "int16")],
)  # fmt: skip
def test_heights_that_cannot_be_are_refused_unless_they_are_said_to_be_none(tmp_path, value, dtype):
    heights = np.full((6, 6), 1000, dtype=dtype)
    heights[1, 2:4] = value
    file = write(tmp_path / "d.tif", heights)
    said = refused(LayerError, "raster.undeclared", read, file)
    assert f"2 of 36 cells read hold {heights[1, 2].item():.17g} (0 more" in said
    # Where no street is, nobody climbs.
    assert np.isfinite(read(file, area=shapely.box(E + 120, N + 120, E + 180, N + 180)).band).all()
    if np.isfinite(value):
        for raster in (
            read(file, nodata=float(heights[1, 2])),
            read(write(tmp_path / "n.tif", heights, nodata=heights[1, 2].item())),
        ):
            assert np.isnan(raster.band[1]).tolist() == [False, False, True, True, False, False]
            assert np.nanmax(raster.band) == np.nanmin(raster.band) == 1000


@pytest.mark.parametrize("height", [-430, -500, 8849, 9000, 0])
def test_heights_that_can_be_are_read(tmp_path, height):
    raster = read(write(tmp_path / "d.tif", np.full((6, 6), height, dtype="int16")))
    assert (raster.band == height).all()
    assert not raster.warnings


@pytest.mark.parametrize(
    ("value", "dtype"),
    [(-99999, "float32"), (-1, "int16"), (65535, "uint16"), (32767, "int16"), (2**31 - 1, "int32"), (2e7, "float64"),
     (np.inf, "float32"), (np.finfo("float32").max, "float32")],
)  # fmt: skip
def test_people_who_cannot_be(tmp_path, value, dtype):
    people = np.full((6, 6), 10, dtype=dtype)
    people[0, 0] = value
    file = write(tmp_path / "p.tif", people)
    refused(LayerError, "raster.undeclared", read, file, "population")
    if np.isfinite(value):
        assert np.nansum(read(file, "population", nodata=float(people[0, 0])).band) == 350


def test_full_bytes_and_heights_of_nothing_are_told(tmp_path):
    people = np.full((6, 6), 10, dtype="uint8")
    people[0, :3] = 255
    raster = read(write(tmp_path / "p.tif", people), "population")
    assert keys(raster) == ["raster.full"]
    assert raster.band.sum() == 33 * 10 + 3 * 255
    heights = np.full((6, 6), 900.0)
    heights[0, 0] = 0
    assert keys(read(write(tmp_path / "d.tif", heights))) == ["raster.zeros"]
    # A shore rises from the sea step by step.
    heights[0, :3] = 0, 12, 40
    assert not read(write(tmp_path / "s.tif", heights)).warnings


def test_scale_and_offset_are_applied(tmp_path):
    stored = np.arange(36, dtype="int16").reshape(6, 6)
    stored[0, 0] = -32768
    file = write(tmp_path / "d.tif", stored, nodata=-32768, scales=(0.1,), offsets=(1000.0,))
    band = read(file).band
    assert np.isnan(band[0, 0])
    assert band[5, 5] == pytest.approx(1003.5)
    # The number for no data is the stored one, and the message names it so.
    bare = write(tmp_path / "b.tif", stored, scales=(0.1,), offsets=(1000.0,))
    assert "hold -32768 (" in refused(LayerError, "raster.undeclared", read, bare)
    assert np.isnan(read(bare, nodata=-32768.0).band[0, 0])
    refused(LayerError, "raster.bad_scale", read, write(tmp_path / "z.tif", stored, scales=(0.0,)))


def test_heights_in_feet_are_refused(tmp_path):
    heights = np.full((6, 6), 1000.0)
    assert "'ft'" in refused(LayerError, "raster.unit", read, write(tmp_path / "f.tif", heights, units=("ft",)))
    assert (read(write(tmp_path / "m.tif", heights, units=("metre",))).band == 1000).all()


# 6 by 6 cells of 100 m, each row and column numbered; the land below is the cell at 200-300 m east, 100-200 m north.
LAND = shapely.box(E + 210, N + 110, E + 290, N + 190)
WAYS = {
    "north_up": Affine(100, 0, E, 0, -100, N + 600),
    "south_up": Affine(100, 0, E, 0, 100, N),
    "west": Affine(-100, 0, E + 600, 0, -100, N + 600),
    "south_up_west": Affine(-100, 0, E + 600, 0, 100, N),
    "rows_east": Affine(0, 100, E, 100, 0, N),
    "rows_west": Affine(0, -100, E + 600, 100, 0, N),
}


@pytest.mark.parametrize("way", WAYS)
def test_rows_and_columns_may_run_any_way(tmp_path, way):
    transform = WAYS[way]
    # Each cell holds a number by the place of its middle: hundreds of metres east, and ten times those north.
    row, column = np.mgrid[0:6, 0:6] + 0.5
    x, y = transform.a * column + transform.b * row, transform.d * column + transform.e * row
    number = np.floor((x + transform.c - E) / 100) + 10 * np.floor((y + transform.f - N) / 100) + 1
    file = write(tmp_path / "p.tif", number, transform=transform)
    found = cells(read(file, "population", area=LAND), CRS)
    assert len(found) <= 16
    assert found.area.to_numpy() == pytest.approx(10_000)
    assert shapely.is_ccw(shapely.get_exterior_ring(found.geometry.to_numpy())).all() == (
        shapely.is_ccw(shapely.get_exterior_ring(found.geometry.to_numpy())).any()
    )
    here = found[found.contains(LAND)]
    assert here["population"].tolist() == [13]
    whole = cells(read(file, "population"), CRS)
    assert len(whole) == 36
    assert whole.total_bounds.tolist() == pytest.approx([E, N, E + 600, N + 600])
    refused(LayerError, "raster.elsewhere", read, file, area=shapely.box(E + 9e3, N, E + 9.1e3, N + 100))


def test_a_raster_that_is_turned_is_read_where_it_lies(tmp_path):
    turned = Affine.translation(E, N) @ Affine.rotation(30) @ Affine.scale(100, -100)
    people = np.arange(1.0, 37.0).reshape(6, 6)
    file = write(tmp_path / "p.tif", people, transform=turned)
    middle = shapely.Point(turned @ (4.5, 2.5))
    found = cells(read(file, "population", area=middle.buffer(5)), CRS)
    assert found[found.contains(middle)]["population"].tolist() == [people[2, 4]]
    assert found.area.to_numpy() == pytest.approx(10_000)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_a_raster_that_lies_nowhere_is_refused(tmp_path):
    heights = np.full((6, 6), 1000.0)
    with rasterio.open(tmp_path / "g.tif", "w", driver="GTiff", width=6, height=6, count=1, dtype="float64") as raster:
        raster.write(heights, 1)
        corners = [(0, 0, E, N), (0, 6, E + 600, N), (6, 0, E, N - 600), (6, 6, E + 600, N - 600)]
        raster.gcps = [GroundControlPoint(row, column, x, y) for row, column, x, y in corners], CRS
    assert "control points: 4" in refused(SourceError, "raster.not_placed", read, tmp_path / "g.tif")
    write(tmp_path / "n.tif", heights, transform=Affine.identity())
    refused(SourceError, "raster.not_placed", read, tmp_path / "n.tif")


def test_masks_alpha_and_further_bands(tmp_path):
    people = np.full((6, 6), 10, dtype="int16")
    people[0, 0] = -1
    file = write(tmp_path / "p.tif", people, nodata=-1)
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True), rasterio.open(file, "r+") as raster:
        mask = np.full((6, 6), 255, dtype="uint8")
        mask[5] = 0
        raster.write_mask(mask)
    # 36 cells less one that is declared and six that are masked.
    assert np.nansum(read(file, "population").band) == 290
    two = write(tmp_path / "two.tif", np.full((6, 6), 10, dtype="uint8"), bands=2)
    assert keys(read(two, "population")) == ["raster.bands"]
    with rasterio.open(two, "r+") as raster:
        raster.colorinterp = (ColorInterp.gray, ColorInterp.alpha)
        raster.write(np.tile(np.array([0, 255], dtype="uint8"), (6, 3)), 2)
    seen = read(two, "population")
    assert not seen.warnings
    assert np.nansum(seen.band) == 180


def test_other_formats(tmp_path):
    heights = np.arange(36, dtype="float32").reshape(6, 6) + 1000
    grid = write(tmp_path / "d.tif", heights)
    for name, driver in (("d.img", "HFA"), ("e.img", "ENVI"), ("d.asc", "AAIGrid")):
        copy_raster(grid, tmp_path / name, driver=driver)
        assert read(tmp_path / name).band.tolist() == heights.tolist()
    # What is told beside a raster belongs to it.
    before = sources.fingerprint(tmp_path / "d.asc")
    with rasterio.open(tmp_path / "d.asc", "r+") as raster:
        raster.scales = (0.5,)
    assert read(tmp_path / "d.asc").band.tolist() == (heights / 2).tolist()
    assert sources.fingerprint(tmp_path / "d.asc") != before
    # A grid of text declares -9999 only if it says so.
    text = (tmp_path / "d.asc").read_text()
    (tmp_path / "v.asc").write_text("".join(line for line in text.splitlines(True) if "NODATA" not in line))
    (tmp_path / "v.prj").write_text(CRS.to_wkt("WKT1_ESRI"))
    (tmp_path / "v.asc").write_text((tmp_path / "v.asc").read_text().replace("1035", "-9999"))
    assert "hold -9999 (" in refused(LayerError, "raster.undeclared", read, tmp_path / "v.asc")


# -- mosaics and disguises

BAND = (
    '<VRTRasterBand dataType="Float64" band="1"{subclass}>{more}<SimpleSource>'
    '<SourceFilename relativeToVRT="{relative}">{file}</SourceFilename>'
    "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand>"
)
HEAD = (
    '<VRTDataset rasterXSize="6" rasterYSize="6"><SRS>EPSG:4526</SRS>'
    f"<GeoTransform>{E},100,0,{N + 600},0,-100</GeoTransform>"
)


def mosaic(file, source="d.tif", relative=1, more="", subclass="", head=HEAD):
    band = BAND.format(file=source, relative=relative, more=more, subclass=subclass)
    file.write_text(f"{head}{band}</VRTDataset>", encoding="utf-8")
    return file


def test_a_mosaic_of_plain_rasters_is_read(tmp_path):
    (tmp_path / "m" / "sheets").mkdir(parents=True)
    heights = np.arange(36.0).reshape(6, 6) + 1000
    for place in ("d.tif", "sheets/d.tif"):
        write(tmp_path / "m" / place, heights)
        assert read(mosaic(tmp_path / "m" / "a.vrt", place)).band.tolist() == heights.tolist()
    absolute = mosaic(tmp_path / "m" / "b.vrt", (tmp_path / "m" / "d.tif").as_posix(), 0)
    assert read(absolute).band.tolist() == heights.tolist()
    scaled = mosaic(tmp_path / "m" / "c.vrt", more="<Scale>0.1</Scale><Offset>7</Offset>")
    assert read(scaled).band[0, 0] == pytest.approx(107)
    # What a mosaic holds changes with its files.
    before = sources.fingerprint(absolute)
    write(tmp_path / "m" / "d.tif", heights + 1)
    assert sources.fingerprint(absolute) != before


def test_a_mosaic_that_is_more_than_one_is_refused(tmp_path):
    home = tmp_path / "m"
    home.mkdir()
    heights = np.full((6, 6), 1000.0)
    for place in (tmp_path, home):
        write(place / "d.tif", heights)
    outside = [
        ("../d.tif", 1), ((tmp_path / "d.tif").as_posix(), 0), ("d.tif", 0), ("/vsicurl/http://a.example/d.tif", 0),
        ("http://a.example/d.tif", 1), ("inner.vrt", 1), ("d.nc", 1),
    ]  # fmt: skip
    mosaic(home / "inner.vrt")
    for source, relative in outside:
        said = refused(SourceError, "raster.outside", read, mosaic(home / "a.vrt", source, relative))
        assert "a.vrt" in said
        assert source in said
    (home / "link.tif").symlink_to(tmp_path / "d.tif")
    refused(SourceError, "raster.outside", read, mosaic(home / "a.vrt", "link.tif"))
    assert "gone.tif" in refused(SourceError, "raster.mosaic_lacks", read, mosaic(home / "a.vrt", "gone.tif"))
    computed = "<PixelFunctionType>add</PixelFunctionType>"
    for options in (
        {"more": computed},
        {"subclass": ' subClass="VRTDerivedRasterBand"'},
        {"subclass": ' SUBCLASS="vrtrawrasterband"'},
        {"head": HEAD.replace("<VRTDataset", '<VRTDataset subClass="VRTWarpedDataset"')},
        {"head": HEAD + "<GDALWarpOptions/>"},
        {"head": '<!DOCTYPE a [<!ENTITY b "c">]>' + HEAD},
    ):
        refused(SourceError, "raster.mosaic_part", read, mosaic(home / "a.vrt", **options))
    # A mosaic by another name, as the raster, as a sheet, or as the mask of a raster.
    mosaic(home / "lie.tif")
    refused(SourceError, "source.leads_elsewhere", read, home / "lie.tif")
    refused(SourceError, "source.not_what_it_says", read, mosaic(home / "a.vrt", "lie.tif"))
    mosaic(home / "d.tif.msk")
    refused(SourceError, "source.not_what_it_says", read, home / "d.tif")
    (home / "a.vrt").write_text("<VRTDataset>")
    refused(SourceError, "raster.unreadable", read, home / "a.vrt")
    (home / "broken.tif").write_bytes(b"II*\x00" + bytes(20))
    refused(SourceError, "raster.unreadable", read, home / "broken.tif")


def test_county_toml_says_what_is_no_data(tmp_path):
    file = tmp_path / "county.toml"
    table = '[county]\nname = "示例县"\n[layers.{}]\nsource = "{}"\nnodata = -32768\n'
    file.write_text(table.format("elevation", "d.tif"), encoding="utf-8")
    assert read_county_file(file).layers["elevation"].nodata == -32768
    file.write_text(table.format("parks", "p.gpkg"), encoding="utf-8")
    assert "only a raster" in refused(CountyError, "county.bad_value", read_county_file, file)


@pytest.mark.parametrize("compress", ["deflate", "lzw"])
@pytest.mark.parametrize("tiled", [False, True])
def test_a_raster_whose_end_became_zeros_is_refused(tmp_path, compress, tiled):
    size = 64
    heights = np.random.default_rng(4).integers(1000, 1400, (size, size)).astype("float32")
    options = {"tiled": True, "blockxsize": 16, "blockysize": 16} if tiled else {}
    file = tmp_path / "d.tif"
    with rasterio.open(
        file, "w", driver="GTiff", width=size, height=size, count=1, dtype="float32", crs=CRS,
        transform=from_origin(E, N + 100 * size, 100, 100), compress=compress, **options,
    ) as raster:  # fmt: skip
        raster.write(heights, 1)
    assert (read(file).band == heights).all()
    raw = file.read_bytes()
    for lost in (4, 9, 40):
        file.write_bytes(raw[:-lost] + bytes(lost))
        assert str(file) in refused(SourceError, "raster.zeroed", read, file)


@pytest.mark.parametrize("fill", [32767, 65535, 99999, 999999])
def test_marks_of_no_data_in_people_of_other_numbers_are_refused(tmp_path, fill):
    people = np.full((6, 6), 2.5, dtype="float32")
    people[0, :2] = fill
    file = write(tmp_path / "p.tif", people)
    said = refused(LayerError, "raster.undeclared", read, file, "population")
    assert f"2 of 36 cells read hold {fill}" in said
    assert np.isnan(read(file, "population", nodata=float(fill)).band).sum() == 2
    people[0, 1] = 2.5
    assert read(write(tmp_path / "one.tif", people), "population").band.max() == fill
