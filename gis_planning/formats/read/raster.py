"""Read rasters: as grids of numbers or codes, or as cells with people in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import rasterio
import shapely
from rasterio.errors import WindowError
from rasterio.windows import Window

from gis_planning.conventions import facts
from gis_planning.errors import CrsError, LayerError, SourceError
from gis_planning.formats.read.raster_file import SUFFIXES, opened
from gis_planning.geo import reproject
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

__all__ = ["SUFFIXES", "Raster", "cells", "read_raster"]

#: The largest number of this many bits or more is how a program fills what it does not know; 255 may be a count.
FILLED_FROM_BITS = 16
#: The highest whole numbers of 15 to 32 bits, and runs of nines: marks of missing data in rasters of other numbers.
FILLS = frozenset({32_767.0, 65_535.0, 2_147_483_647.0, 4_294_967_295.0, 9_999.0, 99_999.0, 999_999.0, 9_999_999.0})
#: Heights of exactly nothing and none up to this far above are a fill value, not a shore.
SHORE_M = 50.0


@dataclass(frozen=True)
class Raster:
    """One band of numbers: `band[row, column]`, NaN where there is no data; `transform` maps pixels to `crs`.

    `warnings` are what the reader has to say about the file.
    """

    band: NDArray[np.float64]
    transform: rasterio.Affine
    crs: pyproj.CRS
    warnings: tuple[Text, ...] = ()


def read_raster(
    source: Path,
    *,
    stated_crs: pyproj.CRS | None,
    area: shapely.Geometry | None,
    area_crs: pyproj.CRS,
    layer: str = "elevation",
    nodata: float | None = None,
) -> Raster:
    """Read the first band of a raster, only the window over `area` where one is given.

    The scale and offset that a file declares are applied. Rows and columns may run any way.

    Parameters
    ----------
    layer
        What the numbers are: `elevation`, `population` or `land_cover`.
    nodata
        The stored number that stands for no data, beside the one that the file declares.

    Raises
    ------
    SourceError
        The file is missing, no raster, or does not say where it lies.
    CrsError
        The raster states no CRS and none was stated for it.
    LayerError
        The raster does not cover the area at all, is in another unit, or holds numbers that cannot be.
    """
    with opened(source) as raster:
        if np.dtype(raster.dtypes[0]).kind not in "iuf":
            raise LayerError(
                "raster.unit", source=source, unit=raster.dtypes[0], wanted=facts("rasters")[layer]["unit"]
            )
        transform = _placed(raster, source)
        crs = pyproj.CRS.from_wkt(raster.crs.to_wkt()) if raster.crs else stated_crs
        if crs is None:
            raise CrsError("crs.missing", source=source, table="-")
        window = Window(0, 0, raster.width, raster.height)
        if area is not None:
            land = reproject(np.array([shapely.box(*area.bounds)]), area_crs, crs)[0]
            try:
                window = _whole_cells(land, transform).intersection(window)
            except WindowError:
                raise LayerError("raster.elsewhere", source=source) from None
        _refuse_unit(raster, source, layer)
        stored, known = _stored(raster, window, nodata)
        scale, offset = _scaling(raster, source)
        band = stored.astype("float64") * scale + offset
        _refuse_absurd(band, stored, known, source, layer)
        band[~known] = np.nan
        return Raster(band, raster.window_transform(window), crs, _told(raster, band, source, layer))


def cells(raster: Raster, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return the cells of a raster that hold anybody as squares in `crs`, with their number as `population`."""
    import geopandas as gpd  # noqa: PLC0415 - slow to import

    row, column = np.nonzero(np.nan_to_num(raster.band) > 0)
    a, b, c, d, e, f, *_ = raster.transform
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    if a * e - b * d > 0:
        # Where one of the axes runs the other way, the way round a cell is turned.
        corners.reverse()
    x = np.column_stack([a * (column + i) + b * (row + j) + c for i, j in corners])
    y = np.column_stack([d * (column + i) + e * (row + j) + f for i, j in corners])
    squares = reproject(shapely.polygons(np.dstack([x, y])), raster.crs, crs)
    return gpd.GeoDataFrame({"population": raster.band[row, column]}, geometry=squares, crs=crs)


def _placed(raster: Any, source: Path) -> rasterio.Affine:
    """Return where a raster's cells lie; one that says it by control points, or not at all, is refused."""
    transform = raster.transform
    if transform.is_identity or not all(map(math.isfinite, transform)) or transform.determinant == 0:
        raise SourceError("raster.not_placed", source=source, points=len(raster.gcps[0]))
    return transform


def _whole_cells(land: shapely.Geometry, transform: rasterio.Affine) -> Window:
    """Return the cells an area touches, and one more on each side, whichever way rows and columns run."""
    points = shapely.get_coordinates(land)
    a, b, c, d, e, f, *_ = ~transform
    column, row = points @ [a, b] + c, points @ [d, e] + f
    if not (np.isfinite(column).all() and np.isfinite(row).all()):
        raise WindowError
    left, top = math.floor(column.min()) - 1, math.floor(row.min()) - 1
    return Window(left, top, math.ceil(column.max()) + 1 - left, math.ceil(row.max()) + 1 - top)


def _stored(raster: Any, window: Window, nodata: float | None) -> tuple[Any, NDArray[np.bool_]]:
    """Return the numbers as they are stored, and which of them are data.

    Where a file has a mask besides a number for no data, the library heeds the mask alone.
    """
    read = raster.read(1, window=window, masked=True)
    stored = read.data
    known = ~(np.ma.getmaskarray(read) | np.isnan(stored))
    for value in (raster.nodata, nodata):
        if value is not None:
            known &= stored != (np.float32(value) if stored.dtype == np.float32 else value)
    return stored, known


def _scaling(raster: Any, source: Path) -> tuple[float, float]:
    scale, offset = float(raster.scales[0]), float(raster.offsets[0])
    if not (math.isfinite(scale) and math.isfinite(offset)) or scale == 0:
        raise LayerError("raster.bad_scale", source=source, scale=scale, offset=offset)
    return scale, offset


def _refuse_unit(raster: Any, source: Path, layer: str) -> None:
    unit, units = raster.units[0], facts("rasters")[layer]["units"]
    if units and unit and unit.strip().casefold() not in units:
        raise LayerError("raster.unit", source=source, unit=unit, wanted=facts("rasters")[layer]["unit"])


def _refuse_absurd(band: Any, stored: Any, known: Any, source: Path, layer: str) -> None:
    """Refuse numbers that cannot be: marks of missing data that the file does not declare."""
    limits = facts("rasters")[layer]
    with np.errstate(invalid="ignore"):
        wrong = known & ~((band >= limits["least"]) & (band <= limits["most"]))
    if stored.dtype.kind in "iu" and stored.dtype.itemsize * 8 >= FILLED_FROM_BITS:
        wrong |= known & (stored == np.iinfo(stored.dtype).max)
    elif stored.dtype.kind == "f" and (most := stored[known].max(initial=0.0)) in FILLS:
        # What was no data in a raster of whole numbers stays so in one of others; one cell alone may hold it by chance.
        marked = known & (stored == most)
        wrong |= marked & (marked.sum() > 1)
    if not wrong.any():
        return
    values, counts = np.unique(stored[wrong], return_counts=True)
    most = int(np.argmax(counts))
    raise LayerError(
        "raster.undeclared",
        source=source,
        value=f"{values[most].item():.17g}",
        count=int(counts[most]),
        others=int(wrong.sum() - counts[most]),
        cells=int(band.size),
        layer=layer,
        least=limits["least"],
        most=limits["most"],
        unit=limits["unit"],
    )


def _told(raster: Any, band: Any, source: Path, layer: str) -> tuple[Text, ...]:
    """Return what a person should look at: further bands, and numbers that look like marks of missing data."""
    notes = []
    plain = [one for one in raster.colorinterp if one.name != "alpha"]
    if len(plain) > 1:
        notes.append(text("raster.bands", source=source, bands=raster.count))
    if layer == "elevation":
        nothing = int((band == 0).sum())
        others = band[np.isfinite(band) & (band != 0)]
        if nothing and len(others) and others.min() > SHORE_M:
            notes.append(text("raster.zeros", source=source, count=nothing, least=float(others.min())))
    elif (
        layer == "population"
        and raster.dtypes[0] == "uint8"
        and (full := int((band == 255 * raster.scales[0] + raster.offsets[0]).sum()))
    ):
        notes.append(text("raster.full", source=source, count=full))
    return tuple(notes)
