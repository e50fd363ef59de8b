"""Tell parcels and patches of two runs apart by how they are drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import shapely

#: Outlines differ by more land than this, or somewhere by more than this.
OTHER_M2 = 0.1
OTHER_M = 0.01
#: Patches are told apart by their outline to this precision.
PATCH_GRID_M = 0.001


def patch_id(parcel: str, code: str, patch: shapely.Geometry) -> str:
    """Return the id of an overlap patch: of its project, its clause and its outline to the millimetre."""
    import shapely  # noqa: PLC0415 - light modules import this one

    outline = shapely.to_wkb(shapely.normalize(shapely.set_precision(patch, PATCH_GRID_M, mode="pointwise")))
    return hashlib.sha256(b"\0".join([parcel.encode(), code.encode(), outline])).hexdigest()[:12]


def redrawn(ids: Sequence[str], outlines: gpd.GeoSeries, earlier: gpd.GeoDataFrame | None) -> tuple[str, ...] | None:
    """Return the parcels of both runs whose outline is another; None where the earlier run has no outlines.

    Parameters
    ----------
    ids, outlines
        The parcels of this run, in a CRS of metres.
    earlier
        Those of the earlier run, with a column `id`.
    """
    if earlier is None or "id" not in earlier.columns:
        return None
    was = dict(zip(map(str, earlier["id"]), earlier.geometry.to_crs(outlines.crs), strict=True))
    return tuple(id_ for id_, now in zip(ids, outlines, strict=True) if id_ in was and differ(was[id_], now))


def differ(one: shapely.Geometry, two: shapely.Geometry) -> bool:
    """Say whether two areas differ by more than what coordinates are rounded to.

    Examples
    --------
    >>> from shapely import box
    >>> differ(box(0, 0, 100, 100), box(0, 0, 100, 100).reverse()), differ(box(0, 0, 9, 9), box(0, 0, 9, 9.02))
    (False, True)
    """
    import shapely  # noqa: PLC0415 - light modules import this one

    if shapely.equals_exact(one, two, 0.0, normalize=True):
        return False
    # A file of the earlier run that went through other hands may hold areas that are none.
    one, two = (shape if shape.is_valid else shapely.make_valid(shape) for shape in (one, two))
    return bool(shapely.symmetric_difference(one, two).area > OTHER_M2 or one.hausdorff_distance(two) > OTHER_M)
