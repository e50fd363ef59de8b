"""Read the closed polylines of a DXF drawing as parcels, named by the texts inside them."""

from __future__ import annotations

import logging
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from gis_planning.errors import CrsError, FeatureError, InputError, LayerError, NoTableError, SourceError
from gis_planning.formats.gauss_kruger import FARTHEST_M, check_fit, tell_axes, zone_of
from gis_planning.formats.read.deliveries import NAMED, Notes, check_file, note_old_datum
from gis_planning.formats.read.dxf_seen import Layers, Left, absent, clipped, on_paper, plain, words_of
from gis_planning.formats.read.nesting import Point, close, near, nest
from gis_planning.formats.read.vector import Delivered, Lost
from gis_planning.geo import crs_name, parse_crs
from gis_planning.texts import Text

if TYPE_CHECKING:
    import geopandas as gpd

#: A chord lies at most this far from the arc it stands for.
SAGITTA_M = 0.001
#: Blocks in blocks in blocks ... are followed so far.
DEEPEST = 16
#: Types of entities told by name; of the others how many there are.
NAMED_TYPES = 8
#: A label that reads like a number of a parcel: A-12, 152501/3. One without a digit is a word.
_CODE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9./()（）-]*")


@dataclass(frozen=True)
class _Ring:
    """One closed polyline: its layer and handle, its points with arcs made chords, and the area with true arcs.

    `clipped` is the name of the block it is in, where only a part of that is shown.
    """

    layer: str
    handle: str
    points: list[Point]
    true_area: float
    bent: bool
    clipped: str | None = None


@dataclass
class _Drawing:
    """What was found in a drawing, what was left, and the layer and handle of polylines that are not closed."""

    rings: list[_Ring]
    labels: list[tuple[Point, str]]
    left: Left
    opened: list[tuple[str, str]]


@dataclass(frozen=True)
class _Place:
    """Where an entity stands: its handle and layer, how many blocks deep, and in which that is clipped."""

    handle: str
    layer: str
    depth: int = 0
    clipped: str | None = None


def read_dxf(source: Path, *, crs: str | None = None, layer: str | None = None) -> Delivered:
    """Read every closed polyline of a drawing as a parcel; one that lies inside another of its layer is a hole.

    Arcs become chords at most 1 mm from them, and the true area goes along. Blocks are taken apart. The columns are id
    (the label inside, where there is one or one that reads like a number), name (all labels inside), layer and handle.
    Open polylines are not read but told by their handles, and so is everything else that is left out: what is
    invisible, off or frozen, lies on paper, or is not in the drawing. Of a block that is clipped no polyline is read.

    Parameters
    ----------
    source
        A .dxf file, text or binary.
    crs
        The CRS of the drawing, which it cannot tell itself.
    layer
        The layer of the parcels, read even if it is off or frozen; all layers with closed polylines that can be seen,
        if left out.

    Raises
    ------
    SourceError
        The file is missing or no drawing.
    LayerError
        There is no closed polyline, or no such layer.
    CrsError
        No CRS is stated, or the coordinates cannot be in it.
    FeatureError
        A polyline lies where its CRS has no land, or in a block of which only a part is shown.
    """
    check_file(source)
    notes = Notes(source)
    drawing = _drawing(source, layer, notes)
    layers = Counter(ring.layer for ring in drawing.rings)
    if not layers:
        if drawing.left.hidden:
            raise LayerError("dxf.none_seen", source=source, found=_counted(_by_layer(drawing.left.hidden)))
        raise LayerError("dxf.no_closed", source=source, found=_counted(drawing.left.others))
    if layer is not None and layer not in layers:
        raise NoTableError("parcels.missing_table", source=source, table=layer, tables=sorted(layers))
    rings = [ring for ring in drawing.rings if layer in {None, ring.layer}]
    if layer is None and len(layers) > 1:
        notes.add("dxf.layers", layers=_counted(layers))
    _refuse_clipped(rings, source)
    _tell_left(drawing.left, notes)
    if crs is None:
        x, y = rings[0].points[0]
        raise CrsError("dxf.no_crs", source=source, x=x, y=y)
    found_crs = parse_crs(crs, source=str(source))
    swapped = _check_place(rings, found_crs, source)
    if swapped:
        notes.add("dxf.swapped", rings[0].handle)
    old = note_old_datum(found_crs, notes)
    frame, curved = _frame(rings, drawing.labels, found_crs, notes, swapped=swapped)
    lost, untold = _lost(drawing, layer, set(layers) if layer is None else {layer}, source)
    told = (*notes.texts(), *untold)
    return Delivered(frame, found_crs, layer, None, curved, told, lost=lost, old_datum_told=old)


def _counted(counts: Counter[str]) -> list[str]:
    more = sum(counts.values()) - sum(count for _, count in counts.most_common(NAMED_TYPES))
    return [f"{name} {count}" for name, count in counts.most_common(NAMED_TYPES)] + (
        [f"... {more}"] if more else []
    ) or ["-"]


def _by_layer(counts: Counter[tuple[str, str]]) -> Counter[str]:
    return Counter({f"{layer}: {kind}": count for (layer, kind), count in counts.items()})


def _tell_left(left: Left, notes: Notes) -> None:
    hidden = _by_layer(left.hidden)
    for key, counts in (("dxf.others", left.others), ("dxf.hidden", hidden), ("dxf.paper", left.paper)):
        if counts:
            notes.add(key, found=_counted(counts), total=sum(counts.values()))
    for name in left.absent:
        notes.add("dxf.absent", name)


def _refuse_clipped(rings: Sequence[_Ring], source: Path) -> None:
    cut = [ring for ring in rings if ring.clipped is not None]
    if cut:
        first = cut[0]
        place = {"handle": first.handle, "block": first.clipped, "layer": first.layer}
        raise FeatureError("dxf.clipped", source=source, count=len(cut), **place)


def _lost(
    drawing: _Drawing, named: str | None, layers: set[str], source: Path
) -> tuple[tuple[Lost, ...], tuple[Text, ...]]:
    """Return what may be parcels too of the layers that are read and is not in what was read, and what no note tells.

    A layer that is off or frozen as a whole is meant to be left; and what is referred to has layers of its own.
    """
    left = drawing.left
    unseen = {
        f"{at}: {kind}": count
        for (at, kind), count in left.hidden.items()
        if at in layers and kind in {"LWPOLYLINE", "POLYLINE"}
    }
    opened = _of("dxf.open", [handle for at, handle in drawing.opened if at in layers], source)
    areas = _of("dxf.areas", [f"{kind} {handle}" for at, kind, handle in left.areas if at in layers], source)
    missing = _of("dxf.absent", left.absent if named is None else [], source)
    hidden: tuple[Lost, ...] = ()
    if unseen:
        total, said = sum(unseen.values()), Notes(source)
        said.add("dxf.hidden", found=_counted(Counter(unseen)), total=total)
        hidden = (Lost(total, tuple(unseen)[:NAMED], *said.texts()),)
    return (*opened, *areas, *missing, *hidden), tuple(area.reason for area in areas)


def _of(key: str, places: list[str], source: Path) -> tuple[Lost, ...]:
    """Return a loss of some places, none where there are none; its words are those of a note on the same places."""
    said = Notes(source)
    for place in places:
        said.add(key, place)
    return tuple(Lost(len(places), tuple(places[:NAMED]), reason) for reason in said.texts())


# -- from the file to rings and labels


def _drawing(source: Path, named: str | None, notes: Notes) -> _Drawing:
    # Not read through GDAL: one spline that has only fit points stops it for the whole drawing, it leaves texts of old
    # drawings encoded, and it gives neither bulges nor the names of what it does not know (GDAL 3.12).
    drawing = _Drawing([], [], Left(), [])
    try:
        document = _document(source, notes)
        shown = Layers(document, named)
        for entity, place in _entities(document.modelspace(), _Place("", "0"), shown, drawing.left):
            _take(entity, place, drawing, notes)
        drawing.left.paper.update(one.dxftype() for one in on_paper(document))
    except InputError:
        raise
    except Exception as fault:
        # On a broken drawing the reader raises whatever it stumbles on.
        raise SourceError("dxf.unreadable", source=source, reason=fault) from None
    return drawing


def _document(source: Path, notes: Notes) -> Any:
    """Open a drawing; one that is not quite right is mended with a word, unless a number in it cannot be read."""
    import ezdxf  # noqa: PLC0415 - slow to import
    import ezdxf.recover  # noqa: PLC0415
    from ezdxf.audit import AuditError  # noqa: PLC0415

    if not (log := logging.getLogger("ezdxf")).handlers:
        # What it has to say is said below; with no handler at all it would go to the user's terminal.
        log.addHandler(logging.NullHandler())
    try:
        return ezdxf.readfile(source)
    except ezdxf.DXFStructureError:
        document, auditor = ezdxf.recover.readfile(source)
    guessed = {AuditError.INVALID_FLOATING_POINT_VALUE, AuditError.INVALID_INTEGER_VALUE}
    # It takes the digits it finds for the number: 384&2300 becomes 384. A coordinate may not be made up like that.
    if wrong := [error.message for error in auditor.errors if error.code in guessed]:
        raise FeatureError("dxf.bad_number", source=source, count=len(wrong), reason=wrong[0])
    notes.add("dxf.recovered", faults=len(auditor.errors) + len(auditor.fixes))
    return document


def _entities(entities: Any, above: _Place, shown: Layers, left: Left) -> Iterator[tuple[Any, _Place]]:
    """Yield the entities of a drawing that can be seen; those of a block have the handle of its insertion.

    What lies on layer 0 in a block lies on the layer the block was put on.
    """
    for entity in entities:
        layer = above.layer if entity.dxf.layer == "0" else str(entity.dxf.layer)
        place = replace(above, handle=above.handle or str(entity.dxf.handle), layer=layer)
        if shown.hides(entity, layer):
            left.hidden[plain(layer), entity.dxftype()] += 1
        elif entity.dxftype() != "INSERT":
            yield entity, replace(place, layer=plain(layer))
        else:
            yield from _inserted(entity, place, shown, left)


def _inserted(insertion: Any, place: _Place, shown: Layers, left: Left) -> Iterator[tuple[Any, _Place]]:
    """Yield the entities of a block that is put into a drawing, and the words that go with it."""
    for attribute in insertion.attribs:
        yield attribute, place
    name = plain(str(insertion.dxf.name))
    if absent(insertion):
        left.absent.append(f"{name} ({place.handle})")
        return
    if place.depth >= DEEPEST:
        left.others["INSERT"] += 1
        return

    def skipped(one: Any, _: str) -> None:
        left.others[one.dxftype()] += 1

    cut = place.clipped or (name if clipped(insertion) else None)
    inside = replace(place, depth=place.depth + 1, clipped=cut)
    for single in insertion.multi_insert() if insertion.mcount > 1 else (insertion,):
        yield from _entities(single.virtual_entities(skipped_entity_callback=skipped), inside, shown, left)


def _take(entity: Any, place: _Place, drawing: _Drawing, notes: Notes) -> None:
    kind = entity.dxftype()
    if kind in {"TEXT", "MTEXT", "ATTRIB"}:
        words = words_of(entity)
        spot = entity.dxf.insert if kind == "MTEXT" else entity.ocs().to_wcs(entity.get_placement()[1])
        if words:
            drawing.labels.append(((float(spot[0]), float(spot[1])), words))
        return
    vertices = _vertices(entity)
    if vertices is None:
        drawing.left.note(entity, place.layer, place.handle, in_block=place.depth > 0)
        return
    if len(vertices) > 1 and near(vertices[0][:2], vertices[-1][:2]):
        # The bulge of the repeated point belongs to no edge.
        vertices = vertices[:-1]
    elif not entity.is_closed:
        notes.add("dxf.open", place.handle)
        drawing.opened.append((place.layer, place.handle))
        return
    points, true_area, bent = _flattened(vertices)
    to_world = entity.ocs().to_wcs
    drawn = [(float(one[0]), float(one[1])) for one in (to_world((x, y, 0.0)) for x, y in points)]
    if len(set(drawn)) < 3:
        notes.add("dxf.too_few", place.handle)
        return
    drawing.rings.append(_Ring(place.layer, place.handle, close(drawn), true_area, bent, place.clipped))


def _vertices(entity: Any) -> list[tuple[float, float, float]] | None:
    """Return x, y and bulge of a polyline's vertices, None for anything else."""
    if entity.dxftype() == "LWPOLYLINE":
        return [(float(x), float(y), float(bulge)) for x, y, bulge in entity.get_points("xyb")]
    if entity.dxftype() != "POLYLINE" or not (entity.is_2d_polyline or entity.is_3d_polyline):
        return None
    # Of a smoothed polyline the vertices of its frame (16) do not lie on it.
    kept = [vertex for vertex in entity.vertices if not vertex.dxf.flags & 16]
    bent = entity.is_2d_polyline
    return [
        (float(one.dxf.location[0]), float(one.dxf.location[1]), float(one.dxf.bulge) if bent else 0.0) for one in kept
    ]


def _flattened(vertices: Sequence[tuple[float, float, float]]) -> tuple[list[Point], float, bool]:
    """Return the points of a closed polyline with its arcs made chords, its true area, and whether it has arcs.

    The bulge of an edge is the tangent of a quarter of the angle its arc spans, positive to the left.
    """
    points: list[Point] = []
    sagging = 0.0
    for at, (x, y, bulge) in enumerate(vertices):
        points.append((x, y))
        end_x, end_y, _ = vertices[(at + 1) % len(vertices)]
        chord = math.hypot(end_x - x, end_y - y)
        if not bulge or not chord:
            continue
        angle = 4 * math.atan(bulge)
        radius = chord / (2 * math.sin(abs(angle) / 2))
        sagging += math.copysign(radius**2 / 2 * (abs(angle) - math.sin(abs(angle))), angle)
        # The centre lies on the perpendicular through the middle of the chord.
        off = (1 - bulge**2) / (4 * bulge)
        centre_x, centre_y = (x + end_x) / 2 - off * (end_y - y), (y + end_y) / 2 + off * (end_x - x)
        step = 2 * math.acos(max(1 - SAGITTA_M / radius, 0.0))
        pieces = math.ceil(abs(angle) / step) if step else 1
        start = math.atan2(y - centre_y, x - centre_x)
        turns = (start + angle * piece / pieces for piece in range(1, pieces))
        points += [(centre_x + radius * math.cos(turn), centre_y + radius * math.sin(turn)) for turn in turns]
    corners = np.array([(x, y) for x, y, _ in vertices])
    x, y = (corners - corners[0]).T
    chords = float(np.dot(x, np.roll(y, -1)) - np.dot(np.roll(x, -1), y)) / 2
    return points, abs(chords + sagging), sagging != 0 or any(bulge for _, _, bulge in vertices)


# -- where on Earth


def _check_place(rings: Sequence[_Ring], crs: pyproj.CRS, source: Path) -> bool:
    """Refuse a drawing that cannot lie in its CRS; say whether its x is the northing."""
    points = np.array([point for ring in rings for point in ring.points])
    owner = [ring for ring in rings for _ in ring.points]
    if zone_of(crs) is None:
        far = np.abs(points).max(axis=1) > (360 if crs.is_geographic else FARTHEST_M)
        if far.any():
            raise _nowhere("dxf.nowhere", owner[int(np.argmax(far))], points[np.argmax(far)], crs, source)
        return False
    axes = tell_axes(points[:, 1], points[:, 0])
    if isinstance(axes, int):
        in_metres = tell_axes(points[:, 1] / 1000, points[:, 0] / 1000)
        key = "dxf.nowhere" if isinstance(in_metres, int) else "dxf.millimetres"
        raise _nowhere(key, owner[axes], points[axes], crs, source)
    check_fit(crs, axes.east, source=source)
    return axes.swapped


def _nowhere(key: str, ring: _Ring, point: Any, crs: pyproj.CRS, source: Path) -> FeatureError:
    place = {"x": float(point[0]), "y": float(point[1])}
    return FeatureError(key, source=source, handle=ring.handle, layer=ring.layer, crs=crs_name(crs), **place)


# -- parcels


def _frame(
    rings: Sequence[_Ring], labels: Sequence[tuple[Point, str]], crs: pyproj.CRS, notes: Notes, *, swapped: bool
) -> tuple[gpd.GeoDataFrame, dict[int, float]]:
    import geopandas as gpd  # noqa: PLC0415 - slow to import
    import pandas as pd  # noqa: PLC0415

    shapes, outer, curved = [], [], {}
    for shell, holes in _nested(rings, notes):
        shapes.append(shapely.Polygon(shell.points, [hole.points for hole in holes]))
        outer.append(shell)
        if any(ring.bent for ring in (shell, *holes)):
            curved[len(shapes)] = shell.true_area - sum(hole.true_area for hole in holes)
    inside = _labels_inside(shapes, labels)
    geometry = np.array(shapes, dtype=object)
    if swapped:
        geometry = shapely.transform(geometry, lambda points: points[:, ::-1])
    index = pd.Index(range(1, len(shapes) + 1), name="parcel")
    columns = {
        "id": [_id(words) for words in inside],
        "name": [" ".join(words) or None for words in inside],
        "layer": [ring.layer for ring in outer],
        "handle": [ring.handle for ring in outer],
    }
    series = {name: pd.Series(values, index=index, dtype=object) for name, values in columns.items()}
    return gpd.GeoDataFrame(series, geometry=geometry, crs=crs, index=index), curved


def _nested(rings: Sequence[_Ring], notes: Notes) -> Iterator[tuple[_Ring, list[_Ring]]]:
    """Yield outer rings with their holes, layer by layer."""
    for layer in dict.fromkeys(ring.layer for ring in rings):
        here = [ring for ring in rings if ring.layer == layer]
        nesting = nest([ring.points for ring in here])
        for _, second in nesting.repeated:
            notes.add("dxf.twice", here[second].handle)
        for shell, holes in nesting.polygons:
            for hole in holes:
                notes.add("dxf.holes", here[hole].handle)
            yield here[shell], [here[hole] for hole in holes]


def _labels_inside(shapes: Sequence[Any], labels: Sequence[tuple[Point, str]]) -> list[list[str]]:
    """Return the labels inside each parcel, from the top; one in several parcels belongs to the smallest."""
    inside: list[list[str]] = [[] for _ in shapes]
    if not labels:
        return inside
    ordered = sorted(labels, key=lambda label: (-label[0][1], label[0][0]))
    shapely.prepare(np.array(shapes, dtype=object))
    hit, parcel = shapely.STRtree(shapes).query(shapely.points([place for place, _ in ordered]))
    around: dict[int, list[int]] = {}
    for label, at in zip(hit.tolist(), parcel.tolist(), strict=True):
        if shapely.contains_xy(shapes[at], *ordered[label][0]):
            around.setdefault(label, []).append(at)
    for label, parcels in sorted(around.items()):
        inside[min(parcels, key=lambda at: shapes[at].area)].append(ordered[label][1])
    return inside


def _id(words: Sequence[str]) -> str | None:
    """Return the label that is a parcel's number: the only one, or the only one that reads like a number."""
    if len(words) == 1:
        return words[0]
    codes = [word for word in words if _CODE.fullmatch(word)]
    return codes[0] if len(codes) == 1 else None
