"""Hold a layer as it was delivered, with what is needed to say what is wrong with it and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning import geo
from gis_planning.conventions.structures import Structure, recognised
from gis_planning.formats.address import Address, Source
from gis_planning.formats.read.declared import Declared, declared_fields

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Raw:
    """A layer as it was delivered: every field and geometry untouched, in the source's CRS.

    Attributes
    ----------
    layer
        Its key in county.toml.
    frame
        The features; the index holds the source's own feature ids.
    crs, working
        The CRS of the features, and the one results are drawn in.
    county_code
        The county's code as county.toml states it.
    curved
        The feature ids whose curves were straightened on reading.
    stated
        How the table declares its fields, where no file says it.
    sha256
        The fingerprint of the source, of which more is read when it is asked for: how it declares its fields.
    """

    layer: str
    frame: gpd.GeoDataFrame
    crs: pyproj.CRS
    working: pyproj.CRS
    source: Source
    table: str | None
    county_code: str | None
    curved: Mapping[int, float] = field(default_factory=dict)
    stated: Mapping[str, Declared] | None = None
    sha256: str | None = None

    @property
    def called(self) -> str:
        """Return what the table is called: its name, or that of a file that holds nothing but one table."""
        return self.table or self.source.stem

    @cached_property
    def structure(self) -> Structure | None:
        """Return the layer of a delivered database it is by its name; None where the name is none of the standards."""
        return recognised(self.called)

    @cached_property
    def declared(self) -> dict[str, Declared]:
        """Return how the table declares its fields; nothing for a table in a database server."""
        if self.stated is not None:
            return dict(self.stated)
        if isinstance(self.source, Address):
            return {}
        return declared_fields(self.source, self.table if self.source.is_dir() or self._several else None)

    @cached_property
    def geometry(self) -> NDArray[np.object_]:
        """Return the geometries as delivered."""
        found: NDArray[np.object_] = self.frame.geometry.to_numpy()
        return found

    def drawn(self, at: NDArray[np.intp]) -> NDArray[np.object_]:
        """Return the geometries at some positions in the working CRS; what cannot be brought there is left out."""
        own = self.geometry[at]
        try:
            found: NDArray[np.object_] = geo.reproject(own, self.crs, self.working)
        except ValueError:
            found = np.full(len(own), None, dtype=object)
        return found

    @classmethod
    def of(cls, frame: gpd.GeoDataFrame, table: str, *, county_code: str | None = None) -> Raw:
        """Return a table in memory as if it had been delivered under a name."""
        crs = frame.crs
        return cls(table.lower(), frame, crs, crs, Path(table), table, county_code)

    @classmethod
    def sample(
        cls, table: str, *, geometry: Sequence[Any] | None = None, county_code: str | None = None, **columns: list[Any]
    ) -> Raw:
        """Return a small table to try a measure on: some columns, and shapes (unit squares where left out)."""
        import geopandas as gpd  # noqa: PLC0415 - slow to import

        rows = len(next(iter(columns.values()), []))
        shapes = [shapely.box(0, 0, 1, 1)] * rows if geometry is None else geometry
        return cls.of(gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4526"), table, county_code=county_code)

    @property
    def plane_crs(self) -> pyproj.CRS:
        """Return the source's own CRS where that is metric, else the working CRS."""
        metric = self.crs.is_projected and self.crs.axis_info[0].unit_conversion_factor == 1
        return self.crs if metric else self.working

    @cached_property
    def plane(self) -> NDArray[np.object_]:
        """Return the geometries in `plane_crs`, vertex by vertex and mended in nothing; None where one has no place."""
        found = _finite(np.array(shapely.force_2d(self.geometry), dtype=object))
        if self.plane_crs is self.crs:
            return found
        move = pyproj.Transformer.from_crs(self.crs, self.plane_crs, always_xy=True).transform
        return _finite(shapely.transform(found, lambda xy: np.column_stack(move(xy[:, 0], xy[:, 1]))))

    def placed(self, places: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return places found in `plane` in the working CRS."""
        found: NDArray[np.object_] = geo.reproject(places, self.plane_crs, self.working)
        return found

    def same_plane(self, other: Raw) -> NDArray[np.object_]:
        """Return the geometries of another layer in the plane of this one."""
        found: NDArray[np.object_] = geo.reproject(other.plane, other.plane_crs, self.plane_crs)
        return found

    @property
    def _several(self) -> bool:
        return self.source.suffix.lower() in {".gpkg", ".gdb"}


def _finite(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return geometries with None for those that have a coordinate that is no number."""
    points, owner = shapely.get_coordinates(geometries, return_index=True)
    found: NDArray[np.object_] = geometries.copy()
    found[np.unique(owner[~np.isfinite(points).all(axis=1)])] = None
    return found
