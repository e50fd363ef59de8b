"""Hold land that is sorted into a few classes square by square: as a small picture, not as outlines."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
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
#: The side of a block in squares, and the most squares that are looked at in one picture.
BLOCK, LARGEST = 512, 20_000_000


@dataclass(frozen=True, eq=False)
class Surface:
    """Squares of land, each with the number of its class, 1 and above.

    Towns may lie far apart, so only blocks that hold land are kept.

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
    block
        By row and column of blocks, from the north west: the number of the block, -1 where there is no land.
    packed
        The blocks one after another, a byte a square, row by row from the north, deflated.
    """

    size_m: float
    left: int
    top: int
    rows: int
    columns: int
    crs: Any
    block: NDArray[np.int32]
    packed: NDArray[np.uint8]

    @classmethod
    def of(cls, size_m: float, column: NDArray[Any], row: NDArray[Any], value: NDArray[Any], crs: Any) -> Surface:
        """Return squares with their values, 1 and above; of a square named twice the last one counts."""
        if not len(value):
            return cls.packing(size_m, (0, 0), (0, 0), np.zeros((0, 0), np.int32), np.zeros((0, BLOCK, BLOCK)), crs)
        if not 1 <= value.min() <= value.max() <= MOST:
            fault = f"values from {value.min()} to {value.max()}"
            raise ValueError(fault)
        left, top = int(column.min()), int(row.max()) + 1
        down, across = top - 1 - row, column - left
        shape = int(down.max()) + 1, int(across.max()) + 1
        blocks = tuple(-(-size // BLOCK) for size in shape)
        place = down // BLOCK * blocks[1] + across // BLOCK
        block = np.full(blocks[0] * blocks[1], -1, dtype=np.int32)
        block[place] = 0
        there = np.flatnonzero(block == 0)
        block[there] = np.arange(len(there))
        squares = np.zeros((len(there), BLOCK, BLOCK), dtype=np.uint8)
        squares[block[place], down % BLOCK, across % BLOCK] = value
        return cls.packing(size_m, (left, top), shape, block.reshape(blocks), squares, crs)

    @classmethod
    def packing(
        cls,
        size_m: float,
        corner: tuple[int, int],
        shape: tuple[int, int],
        block: NDArray[np.int32],
        squares: NDArray[Any],
        crs: Any,
    ) -> Surface:
        """Return the surface of some blocks: its left and top, its rows and columns, and what they hold."""
        packed = np.frombuffer(zlib.compress(squares.astype(np.uint8).tobytes(), 1), dtype=np.uint8)
        return cls(size_m, *corner, *shape, crs, block, packed)

    @property
    def squares(self) -> NDArray[np.uint8]:
        """Return the numbers of the blocks that hold land: block, row, column."""
        return np.frombuffer(zlib.decompress(self.packed.tobytes()), dtype=np.uint8).reshape(-1, BLOCK, BLOCK)

    def at(self, row: NDArray[np.intp], column: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Return the numbers of squares, counted from the north west; none beyond the edge."""
        return np.append(self.squares.ravel(), NOTHING)[
            placed(self.block, (self.rows, self.columns), row, column)
        ].astype(np.uint8)

    def pictures(self) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
        """Yield the blocks that hold land: the row and the column of blocks, and the numbers."""
        squares = self.squares
        for row, column in np.argwhere(self.block >= 0).tolist():
            yield row, column, squares[self.block[row, column]]

    def transform(self, row: int = 0, column: int = 0) -> Any:
        """Return where the picture, or one that begins at a square, lies, as rasterio says it."""
        from rasterio.transform import from_origin  # noqa: PLC0415 - light modules import this one

        west, north = (self.left + column) * self.size_m, (self.top - row) * self.size_m
        return from_origin(west, north, self.size_m, self.size_m)

    @cached_property
    def shapes(self) -> dict[int, Any]:
        """Return the squares of each number as one MultiPolygon; land that goes on in another block is in two parts."""
        import shapely  # noqa: PLC0415
        from rasterio.features import shapes  # noqa: PLC0415

        found: dict[int, list[Any]] = {}
        for row, column, picture in self._whole():
            place = self.transform(row, column)
            for told, value in shapes(picture, mask=picture != NOTHING, transform=place):
                outer, *holes = told["coordinates"]
                found.setdefault(int(value), []).append(shapely.Polygon(outer, holes))
        return {value: shapely.MultiPolygon(parts) for value, parts in found.items()}

    def _whole(self) -> Iterator[tuple[int, int, NDArray[np.uint8]]]:
        """Yield the picture at once where it is not too large, else its blocks, each with the square it begins at."""
        if self.rows * self.columns > LARGEST:
            yield from ((row * BLOCK, column * BLOCK, picture) for row, column, picture in self.pictures())
        elif self.rows:
            row, column = np.indices((self.rows, self.columns))
            yield 0, 0, self.at(row, column)

    def outlined(self, table: pd.DataFrame) -> gpd.GeoDataFrame:
        """Return a table that says what the numbers mean with the outlines of their squares."""
        import geopandas as gpd  # noqa: PLC0415
        import shapely  # noqa: PLC0415

        geometry = [self.shapes.get(int(one), shapely.MultiPolygon()) for one in table[VALUE]]
        return gpd.GeoDataFrame(table.copy(), geometry=geometry, crs=self.crs)


def placed(
    block: NDArray[np.int32], shape: tuple[int, int], row: NDArray[np.intp], column: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Return the places of squares among those of all blocks, -1 for those that are in none."""
    inside = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
    if not inside.any():
        return np.full(row.shape, -1, dtype=np.intp)
    row, column = np.where(inside, row, 0), np.where(inside, column, 0)
    number = np.where(inside, block[row // BLOCK, column // BLOCK], -1)
    return np.where(number >= 0, (number * BLOCK + row % BLOCK) * BLOCK + column % BLOCK, -1)


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
    from rasterio.windows import Window  # noqa: PLC0415

    with rasterio.open(f"GPKG:{file}:{name}") as source:
        size = float(source.transform.a)
        corner = round(source.transform.c / size), round(source.transform.f / size)
        shape = source.height, source.width
        block = np.full(tuple(-(-one // BLOCK) for one in shape), -1, dtype=np.int32)
        squares: list[NDArray[Any]] = []
        for row, column in np.ndindex(block.shape):
            window = Window(column * BLOCK, row * BLOCK, BLOCK, BLOCK)
            picture = source.read(1, window=window, boundless=True, fill_value=NOTHING)
            if picture.any():
                block[row, column] = len(squares)
                squares.append(picture)
        whole = np.array(squares).reshape(-1, BLOCK, BLOCK)
        return Surface.packing(size, corner, shape, block, whole, source.crs)
