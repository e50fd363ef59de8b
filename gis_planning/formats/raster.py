"""Read rasters: as grids of numbers, or as cells with people in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import rasterio
import shapely
from rasterio.errors import RasterioIOError, WindowError
from rasterio.windows import Window, from_bounds

from gis_planning.errors import CrsError, LayerError, SourceError
from gis_planning.formats.vector import look_before_reading
from gis_planning.geo import reproject

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

SUFFIXES = {".tif", ".tiff", ".img", ".vrt", ".asc"}


@dataclass(frozen=True)
class Raster:
    """One band of numbers: `band[row, column]`, NaN where there is no data; `transform` maps pixels to `crs`."""

    band: NDArray[np.float64]
    transform: rasterio.Affine
    crs: pyproj.CRS


def read_raster(
    source: Path, *, stated_crs: pyproj.CRS | None, area: shapely.Geometry | None, area_crs: pyproj.CRS
) -> Raster:
    """Read the first band of a raster, only the window over `area` where one is given.

    Raises
    ------
    SourceError
        The file is missing or no raster.
    CrsError
        The raster states no CRS and none was stated for it.
    LayerError
        The raster does not cover the area at all.
    """
    look_before_reading(source)
    try:
        with rasterio.open(source) as raster:
            crs = pyproj.CRS.from_wkt(raster.crs.to_wkt()) if raster.crs else stated_crs
            if crs is None:
                raise CrsError("crs.missing", source=source, table="-")
            window = Window(0, 0, raster.width, raster.height)
            if area is not None:
                bounds = reproject(np.array([shapely.box(*area.bounds)]), area_crs, crs)[0].bounds
                try:
                    window = _whole_cells(from_bounds(*bounds, transform=raster.transform)).intersection(window)
                except WindowError:
                    raise LayerError("raster.elsewhere", source=source) from None
            band = raster.read(1, window=window, masked=True).astype("float64")
            return Raster(band.filled(np.nan), raster.window_transform(window), crs)
    except RasterioIOError as fault:
        raise SourceError("source.unreadable", source=source, reason=fault) from None


def cells(raster: Raster, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return the cells of a raster that hold anybody as squares in `crs`, with their number as `population`."""
    import geopandas as gpd  # noqa: PLC0415 - slow to import

    row, column = np.nonzero(np.nan_to_num(raster.band) > 0)
    a, b, c, d, e, f, *_ = raster.transform
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    x = np.column_stack([a * (column + i) + b * (row + j) + c for i, j in corners])
    y = np.column_stack([d * (column + i) + e * (row + j) + f for i, j in corners])
    squares = reproject(shapely.polygons(np.dstack([x, y])), raster.crs, crs)
    return gpd.GeoDataFrame({"population": raster.band[row, column]}, geometry=squares, crs=crs)


def _whole_cells(window: Window) -> Window:
    """Return the cells a window touches, and one more on each side."""
    left, top = math.floor(window.col_off) - 1, math.floor(window.row_off) - 1
    right, bottom = math.ceil(window.col_off + window.width) + 1, math.ceil(window.row_off + window.height) + 1
    return Window(left, top, right - left, bottom - top)
