"""Hold land that is sorted into a few classes square by square: as a small picture, not as outlines."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

#: The column that says which value of the squares a row of the table is.
VALUE = "square"
#: Squares without land.
NOTHING = 0
#: Values above this are not written.
MOST = 255


@dataclass(frozen=True, eq=False)
class Surface:
    """Squares of land, each with the number of its class, 1 and above.

    Attributes
    ----------
    size_m
        The side of a square; grid lines stand at whole multiples of it in the working CRS.
    left, top
        The column of the westernmost squares, and the row above the northernmost ones.
    rows, columns
        How many there are.
    crs
        The working CRS.
    packed
        The numbers, a byte each, row by row from the north, deflated.
    """

    size_m: float
    left: int
    top: int
    rows: int
    columns: int
    crs: Any
    packed: NDArray[np.uint8]

    @classmethod
    def of(cls, size_m: float, column: NDArray[Any], row: NDArray[Any], value: NDArray[Any], crs: Any) -> Surface:
        """Return squares with their values, 1 and above; of a square named twice the last one counts."""
        if len(value) and not 1 <= value.min() <= value.max() <= MOST:
            fault = f"values from {value.min()} to {value.max()}"
            raise ValueError(fault)
        left, top = (int(column.min()), int(row.max()) + 1) if len(value) else (0, 0)
        shape = (top - int(row.min()), int(column.max()) - left + 1) if len(value) else (0, 0)
        dense = np.zeros(shape, dtype=np.uint8)
        dense[top - 1 - row, column - left] = value
        return cls.packing(size_m, left, top, dense, crs)

    @classmethod
    def packing(cls, size_m: float, left: int, top: int, values: NDArray[np.uint8], crs: Any) -> Surface:
        """Return the surface of a picture; see `picture`."""
        packed = np.frombuffer(zlib.compress(np.ascontiguousarray(values).tobytes(), 1), dtype=np.uint8)
        return cls(size_m, left, top, len(values), values.shape[1], crs, packed)

    @property
    def picture(self) -> NDArray[np.uint8]:
        """Return the numbers as a picture, row by row from the north."""
        whole = np.frombuffer(zlib.decompress(self.packed.tobytes()), dtype=np.uint8)
        return whole.reshape(self.rows, self.columns)

    @property
    def transform(self) -> Any:
        """Return where the picture lies, as rasterio says it."""
        from rasterio.transform import from_origin  # noqa: PLC0415 - light modules import this one

        return from_origin(self.left * self.size_m, self.top * self.size_m, self.size_m, self.size_m)

    @cached_property
    def shapes(self) -> dict[int, Any]:
        """Return the squares of each number as one MultiPolygon."""
        import shapely  # noqa: PLC0415
        from rasterio.features import shapes  # noqa: PLC0415

        values = self.picture
        found: dict[int, list[Any]] = {}
        for told, value in shapes(values, mask=values != NOTHING, transform=self.transform):
            outer, *holes = told["coordinates"]
            found.setdefault(int(value), []).append(shapely.Polygon(outer, holes))
        return {value: shapely.MultiPolygon(parts) for value, parts in found.items()}

    def outlined(self, table: pd.DataFrame) -> gpd.GeoDataFrame:
        """Return a table that says what the numbers mean with the outlines of their squares."""
        import geopandas as gpd  # noqa: PLC0415
        import shapely  # noqa: PLC0415

        geometry = [self.shapes.get(int(one), shapely.MultiPolygon()) for one in table[VALUE]]
        return gpd.GeoDataFrame(table.copy(), geometry=geometry, crs=self.crs)


def raster_name(layer: str, code: str) -> str:
    """Return what the raster of a layer of a clause is called in a run's GeoPackage."""
    return f"{layer}_{code}"


def read_surface(file: Path, name: str) -> Surface:
    """Return a surface that was written into a GeoPackage.

    Raises
    ------
    rasterio.errors.RasterioIOError
        There is none of that name.
    """
    import rasterio  # noqa: PLC0415

    with rasterio.open(f"GPKG:{file}:{name}") as source:
        size = float(source.transform.a)
        left, top = round(source.transform.c / size), round(source.transform.f / size)
        return Surface.packing(size, left, top, source.read(1).astype(np.uint8), source.crs)
