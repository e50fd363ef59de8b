"""Cut polygons with polygons, exactly and many at once, and prove every cut.

Three facts make it fast: parcels that no outline comes near are settled together, what crosses an outline is cut with a
window of the zone around it, and where outlines plainly cross they are followed, many at once. Two make it safe: what
is cut has its vertices on a fixed grid, since GEOS can return a wildly wrong overlay for edges that coincide but for
rounding (libgeos/geos#1344), and every cut is checked for conservation of area, a followed one for validity too. What
cannot be followed is cut by GEOS; what fails a check is cut again with the crossings on the grid too, which takes three
times as long, and then on coarser grids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gis_planning import geo
from gis_planning.geo import Index
from gis_planning.overlay.crossings import traced
from gis_planning.overlay.outlines import regions
from gis_planning.overlay.threads import as_done, in_threads
from gis_planning.overlay.windows import windows

Geometries = Any  # a numpy object array of shapely geometries; numpy cannot say so
Mask = NDArray[np.bool_]

#: Every cut is made on this grid; one that does not conserve area on it is made again on grids as many times coarser.
GRID_M = 1e-4
COARSER = (10, 100)
#: Windows of big polygons reach so many steps beyond what is cut with them; the coarsest of grids is far finer.
MARGIN = 1000
#: Polygons with more vertices are cut in two until they have fewer; with 256 a cut is hardly cheaper.
PIECE_VERTICES = 1024

EMPTY = shapely.Polygon()


@dataclass(frozen=True)
class Pieces:
    """What the pairs of two sets of polygons share: the pair's positions and the shared land, never empty.

    `unsure` marks pairs whose land does not add up on any grid; a person has to look at them. `moved_m` is the longest
    way a vertex was moved onto the grid.
    """

    left: Index
    right: Index
    geometry: Geometries
    unsure: Mask
    moved_m: float


@dataclass(frozen=True)
class Split:
    """Each parcel's land inside a zone and outside it, aligned with the parcels; empty polygons where there is none.

    `unsure` marks parcels whose two sides do not add up to them on any grid: a person has to look at them, and no
    number should be drawn from them. `moved_m` is the longest way a vertex was moved onto the grid.
    """

    inside: Geometries
    outside: Geometries
    unsure: Mask
    moved_m: float


def split(parcels: Geometries, zone: Geometries, *, grid_m: float = GRID_M, leave_unsure: bool = False) -> Split:
    """Cut every parcel into its land inside a zone and its land outside it.

    Parameters
    ----------
    parcels
        Valid polygons; they may overlap one another, each is cut on its own.
    zone
        Valid polygons that together are the zone; where they overlap, land counts once.
    grid_m
        The grid of all cuts, in metres.
    leave_unsure
        Mark parcels that cannot be cut rather than raise.

    Raises
    ------
    ArithmeticError
        A parcel whose two sides do not add up to it on any grid, unless `leave_unsure`.
    """
    parcels, zone = np.asarray(parcels, dtype=object), np.asarray(zone, dtype=object)
    parts, parcel = subdivide(parcels)
    cuts = _cuts(parts, zone, grid_m, settle=True)
    crossing, position = np.unique(cuts.part, return_inverse=True)
    within, beyond = np.full(len(parts), EMPTY, dtype=object), parts.copy()
    within[cuts.settled], beyond[cuts.settled] = parts[cuts.settled], EMPTY
    unsure = np.zeros(len(parts), dtype=bool)
    unsure[cuts.part[cuts.unsure]] = True
    within[crossing] = joined(cuts.shared, position, len(crossing), grid_m)
    several = np.bincount(position, minlength=len(crossing)) > 1
    beyond[cuts.part] = cuts.rest
    left = crossing[several]
    beyond[left] = _polygonal(in_threads(shapely.difference, parts[left], within[left], grid_size=grid_m))
    unsure[left] |= ~_conserved(parts[left], within[left], beyond[left], grid_m)
    inside, outside = joined(within, parcel, len(parcels), grid_m), joined(beyond, parcel, len(parcels), grid_m)
    doubt = np.zeros(len(parcels), dtype=bool)
    doubt[parcel[unsure]] = True
    if not leave_unsure:
        _refuse_unsure(parcels, doubt)
    return Split(inside, outside, doubt, cuts.moved_m)


def intersect(left: Geometries, right: Geometries, *, grid_m: float = GRID_M, leave_unsure: bool = False) -> Pieces:
    """Return what every overlapping pair of a left and a right polygon shares, sorted by left, then right.

    Polygons of the same side may overlap; each pair is cut on its own. Pairs that only touch are left out.

    Raises
    ------
    ArithmeticError
        A pair whose land does not add up on any grid, unless `leave_unsure`.
    """
    left, right = np.asarray(left, dtype=object), np.asarray(right, dtype=object)
    parts, owner = subdivide(left)
    cuts = _cuts(parts, right, grid_m, settle=False)
    number, position = np.unique(owner[cuts.part] * len(right) + cuts.zone, return_inverse=True)
    pair = np.column_stack(np.divmod(number, max(len(right), 1)))
    geometry = joined(cuts.shared, position, len(pair), grid_m)
    unsure = np.zeros(len(pair), dtype=bool)
    unsure[position[cuts.unsure]] = True
    if not leave_unsure:
        _refuse_unsure(left[pair[:, 0]], unsure)
    keep = (shapely.area(geometry) > 0) | unsure
    return Pieces(pair[keep, 0], pair[keep, 1], geometry[keep], unsure[keep], cuts.moved_m)


def dissolve(polygons: Geometries) -> Geometries:
    """Return the land covered by any of the polygons as polygons that do not overlap.

    Neighbourhoods are united first, each in its own thread, then the results with one another.
    """
    polygons = np.asarray(polygons, dtype=object)
    polygons = polygons[~(shapely.is_missing(polygons) | shapely.is_empty(polygons))]
    if not len(polygons):
        return polygons
    centre = shapely.get_coordinates(shapely.centroid(polygons))
    low, high = centre.min(axis=0), centre.max(axis=0)
    tiles = max(1, int(np.sqrt(len(polygons) / 200)))
    cell = np.minimum(((centre - low) / np.maximum(high - low, 1e-9) * tiles).astype(int), tiles - 1)
    order = np.argsort(cell[:, 0] * tiles + cell[:, 1], kind="stable")
    key = (cell[:, 0] * tiles + cell[:, 1])[order]
    groups = np.split(polygons[order], np.flatnonzero(np.diff(key)) + 1)
    united = dict(as_done(shapely.union_all, groups))
    return polygons_of(np.array([shapely.union_all([united[at] for at in range(len(groups))])], dtype=object))[0]


def without_overlap(polygons: Geometries) -> Geometries:
    """Return the polygons with every doubly covered spot left to the first of them only; same length and order.

    Land is then counted once however often it was drawn.

    Raises
    ------
    ArithmeticError
        A polygon that cannot be cut with those before it on any grid; see `apart`.
    """
    cut, unsure = apart(polygons)
    _refuse_unsure(np.asarray(polygons, dtype=object), unsure)
    return cut


def apart(polygons: Geometries) -> tuple[Geometries, Mask]:
    """Return the polygons as `without_overlap` does, and which of them a person has to look at."""
    polygons = np.array(polygons, dtype=object)
    unsure = np.zeros(len(polygons), dtype=bool)
    if len(polygons) < 2:
        return polygons, unsure
    suspect = np.flatnonzero(~_empty(shapely.coverage_invalid_edges(polygons)))
    if not len(suspect):
        return polygons, unsure
    tree = shapely.STRtree(polygons)
    later, earlier = tree.query(polygons[suspect], predicate="intersects")
    later = suspect[later]
    later, earlier = np.maximum(later, earlier), np.minimum(later, earlier)
    pair = np.unique(np.column_stack([later, earlier])[later != earlier], axis=0)
    if not len(pair):
        return polygons, unsure
    shared = shapely.relate_pattern(polygons[pair[:, 0]], polygons[pair[:, 1]], "T********")
    pair = pair[shared]
    for later_one in np.unique(pair[:, 0]):
        others = polygons[pair[pair[:, 0] == later_one, 1]]
        result = split(polygons[[later_one]], dissolve(others), leave_unsure=True)
        polygons[later_one], unsure[later_one] = result.outside[0], result.unsure[0]
    return polygons, unsure


def joined(geometries: Geometries, group: Index, size: int, grid_m: float = GRID_M) -> Geometries:
    """Return the union of each of `size` groups of polygons, on the grid; groups without any are empty."""
    joined = np.full(size, EMPTY, dtype=object)
    filled = ~_empty(geometries)
    geometries, group = geometries[filled], group[filled]
    order = np.argsort(group, kind="stable")
    geometries, group = geometries[order], group[order]
    first = np.flatnonzero(np.r_[True, np.diff(group) != 0]) if len(group) else group
    count = np.diff(np.r_[first, len(group)])
    for members in np.unique(count):
        start = first[count == members]
        rows = geometries[start[:, None] + np.arange(members)]
        joined[group[start]] = rows[:, 0] if members == 1 else _polygonal(in_threads(_united, rows, grid_size=grid_m))
    return joined


def polygons_of(geometries: Geometries) -> tuple[Geometries, Index]:
    """Return the polygons that make up geometries of any type, and which geometry each is from."""
    parts, owner = geo.singles(np.atleast_1d(geometries))
    polygons = shapely.get_type_id(parts) == 3
    return parts[polygons], owner[polygons]


def groups_of(size: int, left: Index, right: Index) -> Index:
    """Return a group number for each of `size` things; things that are linked, even through others, share one."""
    links = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    return np.asarray(connected_components(links, directed=False)[1], dtype=np.intp)


def subdivide(polygons: Geometries, vertices: int = PIECE_VERTICES) -> tuple[Geometries, Index]:
    """Cut polygons in halves until each has at most `vertices` vertices; return the pieces and whose they are."""
    pieces, owner = polygons_of(np.asarray(polygons, dtype=object))
    done: list[Geometries] = []
    owners: list[Index] = []
    while len(pieces):
        small = shapely.get_num_coordinates(pieces) <= vertices
        done.append(pieces[small])
        owners.append(owner[small])
        big, big_owner = pieces[~small], owner[~small]
        if not len(big):
            break
        x0, y0, x1, y1 = shapely.bounds(big).T
        wide = (x1 - x0) >= (y1 - y0)
        xm, ym = np.where(wide, (x0 + x1) / 2, x1), np.where(wide, y1, (y0 + y1) / 2)
        first = in_threads(shapely.intersection, big, shapely.box(x0, y0, xm, ym))
        x2, y2 = np.where(wide, xm, x0), np.where(wide, y0, ym)
        second = in_threads(shapely.intersection, big, shapely.box(x2, y2, x1, y1))
        pieces, half = polygons_of(np.concatenate([first, second]))
        owner = np.concatenate([big_owner, big_owner])[half]
    return np.concatenate(done) if done else pieces, np.concatenate(owners) if owners else owner


@dataclass(frozen=True)
class _Cuts:
    """What parts share with polygons of a zone: pair k is `part[k]` with `zone[k]`.

    `rest` is the part without the shared land. `settled` are the parts that lie wholly in one polygon.
    """

    part: Index
    zone: Index
    shared: Geometries
    rest: Geometries
    unsure: Mask
    settled: Mask
    moved_m: float


def _cuts(parts: Geometries, zone: Geometries, grid_m: float, *, settle: bool) -> _Cuts:
    """Cut parts with the polygons of a zone; with `settle`, a part that lies in one of them is not cut with others."""
    polygons, owner = polygons_of(zone)
    inner, crossed = _pairs(parts, polygons)
    settled = np.zeros(len(parts), dtype=bool)
    settled[inner[0]] = True
    if settle:
        crossed = crossed[:, ~settled[crossed[0]]]
        inner = inner[:, :0]
    shared, rest, unsure, moved = _cut(parts, crossed[0], polygons, crossed[1], grid_m, both=settle)
    return _Cuts(
        np.concatenate([crossed[0], inner[0]]),
        owner[np.concatenate([crossed[1], inner[1]])],
        np.concatenate([shared, parts[inner[0]]]),
        np.concatenate([rest, np.full(inner.shape[1], EMPTY, dtype=object)]),
        np.concatenate([unsure, np.zeros(inner.shape[1], dtype=bool)]),
        settled,
        moved,
    )


def _pairs(parts: Geometries, polygons: Geometries) -> tuple[Index, Index]:
    """Return two tables of a part and a polygon: those it lies wholly in, and those it has to be cut with.

    What no outline comes near is settled without a predicate for each.
    """
    region = regions(shapely.bounds(parts), polygons)
    tree = shapely.STRtree(polygons)
    near = np.flatnonzero(region == 0)
    part, polygon = tree.query(parts[near])
    part = near[part]
    meets, whole = _positions(parts, part, polygons, polygon)
    pairs = np.stack([part, polygon])
    inner = np.concatenate([pairs[:, whole], _around(parts, region, polygons, tree)], axis=1)
    return inner, pairs[:, meets & ~whole]


def _positions(parts: Geometries, part: Index, polygons: Geometries, polygon: Index) -> tuple[Mask, Mask]:
    """Say for each pair whether the part and the polygon share a point, and whether the part lies in the polygon.

    Polygons are prepared, so big ones stay cheap; each of them, though it may stand at several positions, is left to
    one thread, since it is indexed when first asked.
    """
    same = np.unique([id(polygon) for polygon in polygons], return_inverse=True)[1][polygon]
    order = np.argsort(same, kind="stable")
    begin = np.flatnonzero(np.r_[True, np.diff(same[order]) != 0])[: len(order)]
    shapely.prepare(polygons[polygon[order[begin]]])

    def ask(rows: Index) -> tuple[Mask, Mask]:
        zones, land = polygons[polygon[rows]], parts[part[rows]]
        meets = shapely.intersects(zones, land)
        whole = np.zeros(len(rows), dtype=bool)
        whole[meets] = shapely.covers(zones[meets], land[meets])
        return meets, whole

    meets, whole = np.zeros(len(order), dtype=bool), np.zeros(len(order), dtype=bool)
    meets[order], whole[order] = in_threads(ask, order, begin=begin)
    return meets, whole


def _around(parts: Geometries, region: Index, polygons: Geometries, tree: shapely.STRtree) -> Index:
    """Return the pairs of a part that no outline comes near and a polygon around it: one point of a region decides."""
    order = np.argsort(region, kind="stable")
    number, start, count = np.unique(region[order], return_index=True, return_counts=True)
    start, count = start[number > 0], count[number > 0]
    ring, owner = shapely.get_coordinates(parts[order[start]], return_index=True)
    points = shapely.points(ring[np.searchsorted(owner, np.arange(len(start)))])
    at, polygon = tree.query(points)
    shapely.prepare(polygons[np.unique(polygon)])
    holds = shapely.intersects(polygons[polygon], points[at])
    start, count, polygon = start[at[holds]], count[at[holds]], polygon[holds]
    place = np.arange(count.sum()) + np.repeat(start - np.cumsum(count) + count, count)
    return np.stack([order[place], np.repeat(polygon, count)])


def _cut(
    parts: Geometries, which: Index, polygons: Geometries, polygon: Index, grid_m: float, *, both: bool
) -> tuple[Geometries, Geometries, Mask, float]:
    """Cut parts with polygons, pair by pair: the shared land, the rest, whether a person has to look, and `moved_m`.

    The rest is left empty for a part whose shares in several polygons add up to it, and, once it has been checked,
    unless `both` are wanted.
    """
    pieces, piece = windows(polygons, polygon, shapely.bounds(parts[which]), MARGIN * grid_m)
    pieces = _polygonal(pieces)
    shared, rest, wrong, moved = _cut_in_steps(parts, which, pieces, piece, grid_m, both=both)
    for grid in (grid_m, *(grid_m * coarser for coarser in COARSER)):
        again = np.flatnonzero(wrong)
        if len(again):
            whole, others = parts[which[again]], pieces[piece[again]]
            # A window may be invalid; the polygon it was cut out of is not, though dearer to cut with.
            others = np.where(shapely.is_valid(others), others, polygons[polygon[again]])
            shared[again], rest[again] = _cut_on(whole, others, grid)
            wrong[again] = ~_conserved(whole, shared[again], rest[again], grid)
            kept = ~wrong[again]
            moved = max(moved, _move(whole[kept], grid), _move(others[kept], grid))
    return shared, rest, wrong, moved


def _cut_in_steps(
    parts: Geometries, which: Index, pieces: Geometries, piece: Index, grid_m: float, *, both: bool
) -> tuple[Geometries, Geometries, Mask, float]:
    """Cut pairs in whole steps of the grid, counted from a corner; say where that cannot be relied upon.

    What coincides but for rounding then coincides, and what does not is further apart than a computed crossing can be
    wrong. A part that comes out whole, though it does not lie within the piece, one that became invalid on the grid and
    shares as thin as a step are left to the slower way, which rounds crossings to the grid too.
    """
    every = np.full(len(which), fill_value=True)
    if not len(which):
        return np.full(0, EMPTY), np.full(0, EMPTY), every, 0.0
    corner = np.floor(shapely.bounds(parts[which]).min(axis=0)[:2])
    left, left_valid, left_moved = _stepped(parts, which, corner, grid_m)
    right, right_valid, right_moved = _stepped(pieces, piece, corner, grid_m)
    moved = max(left_moved, right_moved)
    sound = left_valid[which] & right_valid[piece]
    shared, rest = np.full(len(which), EMPTY, dtype=object), np.full(len(which), EMPTY, dtype=object)
    try:
        shared[sound], rest[sound], plain = _followed(left, right, which[sound], piece[sound], both=both)
        left_over = sound.copy()
        left_over[sound] = ~plain
        shared[left_over] = _polygonal(
            in_threads(shapely.intersection, left[which[left_over]], right[piece[left_over]])
        )
        land, outline, size = shapely.area(shared), shapely.length(left), shapely.area(left)
        covered = np.abs(_sum(land, which, len(parts)) - size) <= outline
        cut = left_over & ~covered[which]
        rest[cut] = _polygonal(in_threads(shapely.difference, left[which[cut]], right[piece[cut]]))
    except shapely.GEOSException:
        return shared, rest, every, moved
    whole = np.abs(land - size[which]) <= outline[which]
    thin = ~_empty(shared) & (land <= shapely.length(shared))
    wrong = ~sound | whole | thin
    wrong[cut] |= ~_conserved(left[which[cut]], shared[cut], rest[cut], 1.0)
    return _unstepped(shared, corner, grid_m), _unstepped(rest, corner, grid_m), wrong, moved


def _followed(
    left: Geometries, right: Geometries, which: Index, piece: Index, *, both: bool
) -> tuple[Geometries, Geometries, Mask]:
    """Cut pairs by following their outlines: the shared land, the rest if `both` are wanted, and where that is sound.

    Sound is what is valid and adds up; the check is made here, also of a rest that nobody wants.
    """

    def part(which: Index, piece: Index) -> tuple[Geometries, Geometries, Mask]:
        cut = traced(left, right, which, piece, both=both)
        plain = cut.plain & shapely.is_valid(cut.shared)
        plain &= _conserved(left[which], cut.shared, cut.rest if both else cut.rest_area, 1.0)
        if both:
            plain &= shapely.is_valid(cut.rest)
        cut.shared[~plain], cut.rest[~(plain & both)] = EMPTY, EMPTY
        return cut.shared, cut.rest, plain

    # Of the right one all edges are looked at once, of the left one each with several of the right.
    weight = 8 * shapely.get_num_coordinates(left)[which] + shapely.get_num_coordinates(right)[piece]
    result: tuple[Geometries, Geometries, Mask] = in_threads(part, which, piece, weight=weight)
    return result


def _stepped(
    polygons: Geometries, used: Index, corner: NDArray[np.float64], grid_m: float
) -> tuple[Geometries, Mask, float]:
    """Return polygons in whole steps from a corner, where used, whether they are valid so, and how far they moved."""
    used = np.flatnonzero(np.bincount(used, minlength=len(polygons)))
    stepped, valid = np.full(len(polygons), EMPTY, dtype=object), np.zeros(len(polygons), dtype=bool)
    at = (shapely.get_coordinates(polygons[used]) - corner) / grid_m
    steps = np.round(at)
    stepped[used] = shapely.set_coordinates(polygons[used], steps)
    valid[used] = in_threads(shapely.is_valid, stepped[used])
    return stepped, valid, float(np.hypot(*(steps - at).T).max(initial=0.0)) * grid_m


def _unstepped(polygons: Geometries, corner: NDArray[np.float64], grid_m: float) -> Geometries:
    filled = ~shapely.is_empty(polygons)
    polygons[filled] = shapely.transform(polygons[filled], lambda at: at * grid_m + corner)
    return polygons


def _cut_on(parcels: Geometries, pieces: Geometries, grid_m: float) -> tuple[Geometries, Geometries]:
    shared = in_threads(shapely.intersection, parcels, pieces, grid_size=grid_m)
    rest = in_threads(shapely.difference, parcels, pieces, grid_size=grid_m)
    return _polygonal(shared), _polygonal(rest)


def _move(geometries: Geometries, grid_m: float) -> float:
    """Return how far a grid moves the vertex it moves most."""
    at = shapely.get_coordinates(geometries)
    return float(np.hypot(*(np.round(at / grid_m) * grid_m - at).T).max(initial=0.0))


def _sum(values: NDArray[np.float64], owner: Index, size: int) -> NDArray[np.float64]:
    return np.bincount(owner, weights=values, minlength=size).astype(float)


def _conserved(parcels: Geometries, inside: Geometries, outside: Any, grid_m: float) -> Mask:
    """Say for each parcel whether its two sides add up to it, within a grid's width along its outline and the cut.

    Of the outside, areas will do.
    """
    beyond = outside if outside.dtype == float else shapely.area(outside)
    gap = np.abs(shapely.area(inside) + beyond - shapely.area(parcels))
    outline = np.maximum(shapely.length(parcels), shapely.length(inside))
    return np.asarray(gap <= outline * grid_m, dtype=bool)


def _united(rows: Geometries, *, grid_size: float) -> Geometries:
    """Return the union of each row, on the grid: pieces cut apart by us must grow together again."""
    return shapely.union_all(rows, grid_size=grid_size, axis=1)


def _refuse_unsure(parcels: Geometries, unsure: Mask) -> None:
    if unsure.any():
        message = f"{int(unsure.sum())} overlays do not conserve area, the first near {parcels[unsure][0].centroid.wkt}"
        raise ArithmeticError(message)


def _polygonal(geometries: Geometries) -> Geometries:
    """Keep the polygons of overlay results; points and lines are where outlines touch and cover no land."""
    mixed = np.flatnonzero(~np.isin(shapely.get_type_id(geometries), [3, 6]))
    for at in mixed:
        parts, _ = polygons_of(geometries[[at]])
        geometries[at] = shapely.multipolygons(parts) if len(parts) else EMPTY
    return geometries


def _empty(geometries: Geometries) -> Mask:
    return np.asarray(shapely.is_missing(geometries) | shapely.is_empty(geometries))
