"""Make the committed demo county, layers/demo: 示例县 (code 150999), which does not exist: make_demo.py [--out DIR].

Every name, number and boundary is invented; most are in demo_plan.toml. A second run writes the same files, byte for
byte. The seat is planned on a flat sheet of metres (p east, q north), where streets, river and railway are straight.
`seat` bends the sheet into the working CRS, so streets curve and the old town is crooked. Shapes are painted over one
another by rank (river over road over park over parcel over landscape), noded once on a 1 mm grid and cut into faces.
Every polygon layer is a union of faces, so edges match exactly.
"""

import argparse
import functools
import math
import os
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from pathlib import Path
from typing import Any

os.environ["OGR_CURRENT_DATE"] = "2026-01-01T00:00:00.000Z"  # GeoPackage time stamps; before GDAL is loaded

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import rasterio
import rasterio.features
import shapely
import shapely.affinity
from scipy.ndimage import distance_transform_edt, gaussian_filter
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely import LineString, Point, Polygon, STRtree, union_all

PLAN = tomllib.loads(Path(__file__).with_name("demo_plan.toml").read_text(encoding="utf-8"))
CRS = PLAN["county"]["crs"]  # CGCS2000 / 3-degree Gauss-Kruger zone 38
ORIGIN = np.array([38_470_700.0, 4_574_300.0])  # middle of the seat, about 113.65 E 41.3 N
GRID, STREET_GRID = 0.001, 0.1  # written coordinates lie on these grids; the coarser one closes gaps between streets
SEAT_PEOPLE, PER_HOUSEHOLD = 58_000, 2.4
GEOD = pyproj.Geod(a=6378137, rf=298.257222101)
RNG = np.random.default_rng(150999)
PAVED = ("trunk", "primary", "secondary", "tertiary", "residential")  # painted as road land
WALKS = ("service", "footway", "path")
RIVER, RAIL = 600, -1150  # q of their axes
ALONG = np.linspace(-9000, 9000, 721)  # places along the river, and half the width of river and flood there
RIVER_HALF = 30 + 7 * np.sin(ALONG / 260) + 5 * np.sin(ALONG / 97)
FLOOD_HALF = 66 + 170 * np.clip((np.abs(ALONG) - 2400) / 900, 0, 1)
VILLAGES = PLAN["villages"] + PLAN["towns"]
UNITS = PLAN["communities"] + VILLAGES
BLOCKS = [  # blocks in use: letter and rectangle on the sheet
    (letter, (west, row["south"], east, row["north"]))
    for row in PLAN["blocks"]
    for letter, (west, east) in zip(row["letters"], pairwise(PLAN["columns"]), strict=True)
    if letter != "."
]

Array, Frame, Geometry, Box = np.ndarray, gpd.GeoDataFrame, shapely.Geometry, Sequence[float]


def turn(x: Any, y: Any, degrees: float) -> Array:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.stack([c * x - s * y, s * x + c * y], axis=-1)


def seat(p: Any, q: Any) -> Array:
    """Bend the flat sheet of the seat into the working CRS."""
    p, q = np.asarray(p, float), np.asarray(q, float)
    meander = (110 + 0.05 * np.maximum(0, np.abs(p) - 2300)) * np.sin(p / 850 + 0.5)
    old = np.exp(-((((p + 690) / 560) ** 2 + ((q - 60) / 420) ** 2) ** 2))  # the old town keeps its crooked lanes
    x = p + 150 * np.sin(q / 1300) + old * (11 * np.sin(q / 43) + 7 * np.sin(q / 23 + p / 90))
    y = q + 120 * np.sin(p / 1500 + 1) + meander * np.exp(-(((q - RIVER) / 700) ** 2))
    return turn(x, y + old * (10 * np.sin(p / 47 + 1) + 6 * np.sin(p / 27 + q / 80)), -6) + ORIGIN


def hamlet(village: dict[str, Any]) -> Callable[..., Array]:
    """A small sheet of its own for a village."""
    return lambda a, b: turn(a, b + 5 * np.sin(np.asarray(a) / 60), village["turn"]) + seat(*village["at"])


def line(*points: Sequence[float], sheet: Callable[..., Array] = seat) -> LineString:
    """Bend a polyline. Sides along an axis get their vertices at multiples of 25 m, so that common edges coincide."""
    flat = []
    for (a, b), (c, d) in pairwise(points):
        lo, hi = (a, c) if b == d else (b, d) if a == c else (0, math.hypot(c - a, d - b))
        stops = np.arange(math.ceil(min(lo, hi) / 25) * 25.0, max(lo, hi), 25.0)
        t = np.unique(np.r_[0, (stops - lo) / (hi - lo), 1])[:, None]
        flat.append([a, b] + t * [c - a, d - b])
    return shapely.remove_repeated_points(LineString(sheet(*np.vstack(flat).T)), GRID)


def rect(p0: float, q0: float, p1: float, q1: float, sheet: Callable[..., Array] = seat) -> Polygon:
    return Polygon(line((p0, q0), (p1, q0), (p1, q1), (p0, q1), (p0, q0), sheet=sheet))


def blob(p: float, q: float, rp: float, rq: float, wobble: float = 0.12) -> Polygon:
    """A rounded, uneven patch."""
    t, (a, b, c) = np.linspace(0, 2 * np.pi, 72, endpoint=False), RNG.uniform(0, 6.28, 3)
    r = 1 + wobble * (np.sin(2 * t + a) + 0.6 * np.sin(3 * t + b) + 0.4 * np.sin(5 * t + c))
    return Polygon(seat(p + rp * r * np.cos(t), q + rq * r * np.sin(t)))


def strip(q: float, half_width: Any, p0: float = -9000, p1: float = 9000) -> Polygon:
    """A band along an east-west line of the sheet; its half width is a number, or one for each of 721 places."""
    p = np.linspace(p0, p1, 721)
    return Polygon(np.vstack([seat(p, q - half_width), seat(p, q + half_width)[::-1]]))


def table(columns: str, rows: list[tuple] | Frame) -> Frame:
    t = gpd.GeoDataFrame(rows, columns=columns.split(), geometry="geometry", crs=CRS)
    return t.set_geometry(shapely.set_precision(t.geometry.to_numpy(), GRID), crs=CRS)


@dataclass
class Shape:
    """A painted shape; `land` is what is left of it under the shapes of lower rank."""

    rank: float
    geom: Geometry
    code: str
    kind: str = ""
    name: str = ""
    info: dict[str, Any] = field(default_factory=dict)
    land: Geometry | None = None


class Plan:
    """Shapes and streets as they are drawn."""

    def __init__(self) -> None:
        self.estates = iter(PLAN["estates"])
        self.shapes: list[Shape] = []
        self.streets: list[dict[str, Any]] = []

    def paint(self, rank: float, kind: str, code: str, box: Box, name: str = "", **info: Any) -> None:
        geom = rect(*box, sheet=info.get("sheet", seat))
        self.shapes.append(Shape(rank, geom, code, kind, name, {"sheet": seat, "box": box, **info}))

    def street(self, geometry: Geometry, kind: str, name: str = "", **other: Any) -> None:
        usual = {**PLAN["street"], "class": kind, "name": name, "width_m": PLAN["width"][kind]}
        self.streets.append({**usual, **other, "geometry": geometry})

    def ways(self, *kinds: str) -> STRtree:
        return STRtree([s["geometry"] for s in self.streets if s["class"] in kinds and s["level"] == 0])

    def named(self, name: str) -> Shape:
        return next(s for s in self.shapes if s.name == name)

    def lay_streets(self) -> None:
        for street in PLAN["streets"]:
            for ends in pairwise(product(street.pop("p"), street.pop("q"))):
                self.street(line(*ends), **street)
        for road in PLAN["roads"]:
            self.street(line(*road.pop("points")), **road)
        middle = Point(seat(1010, 90))
        ring, green = (middle.buffer(radius, quad_segs=12) for radius in (36, 22))
        for s in self.streets:
            s["geometry"] = s["geometry"].difference(ring)
        self.street(ring.exterior, "primary", "迎宾环岛")
        self.shapes.append(Shape(1, green, "0810", "park", info={"note": "roundabout, not a park"}))

    def compound(self, box: Box, floors: int, rows: str = "", gated: float = 0, **how: Any) -> None:
        """A residential parcel with crossing walks; where the walks leave it are its gates."""
        p0, q0, p1, q1 = box
        pm, qm = (p0 + p1) / 2, (q0 + q1) / 2
        walled = RNG.random() < gated if 0 < gated < 1 else gated == 1
        out = RNG.choice(4, RNG.integers(2, 5), replace=False) if walled else []
        for k, (p, q) in enumerate([(pm, q0), (pm, q1), (p0, qm), (p1, qm)] if walled else []):
            end = (p, q) if k in out else (pm + 0.6 * (p - pm), qm + 0.6 * (q - qm))
            self.street(line((pm, qm), end), "service" if k < 2 else "footway")
        how = {"code": "0701", "lived": RNG.uniform(0.5, 0.95), "name": how.get("name") or next(self.estates), **how}
        rows = "towers" if floors > 6 else "walk_ups" if floors > 1 else rows
        self.paint(6, "residential", box=box, floors=floors, rows=rows, gated=walled, **how)

    def plots(self, box: Box, most: float, width: float) -> list[Box]:
        """Split a block in two again and again along lanes."""
        k = 0 if box[2] - box[0] > box[3] - box[1] else 1
        if box[k + 2] - box[k] < most:
            return [box]
        first, second = list(box), list(box)
        first[k + 2] = second[k] = round(box[k] + RNG.uniform(0.4, 0.6) * (box[k + 2] - box[k]))
        self.street(line(second[:2], first[2:]), "residential", width_m=width)
        return self.plots(first, most, width) + self.plots(second, most, width)

    def build_seat(self) -> None:
        """Blocks by their letter, with shops along the main streets; sites; what is left beside river and railway."""
        for letter, box in BLOCKS:
            fill, large = dict(PLAN["fill"][letter]), RNG.choice([0, 1])
            most, lane, floors = fill.pop("most"), fill.pop("lane"), fill.pop("floors")
            draw = self.paint if "kind" in fill else self.compound
            for plot in self.plots(box, most[large % len(most)], lane):
                draw(box=plot, floors=RNG.choice(floors), **fill)
            if letter in "Rr" and box[1] in (90, -310, 1080):
                self.paint(5, "works", "05H1", (*box[:3], box[1] + 44), floors=RNG.integers(2, 5), rows="shops")
        taken, drawn = union_all([rect(*r["box"]) for r in PLAN["parks"] + PLAN["belts"] + PLAN["sites"]]), []
        for s in self.streets:  # no lane runs through a park or a school
            small = s["class"] in ("residential", *WALKS)
            parts = shapely.get_parts(s["geometry"].difference(taken) if small else s["geometry"])
            drawn += [{**s, "geometry": part} for part in parts if part.length > 12]
        self.streets = drawn
        for q0, q1 in [(510, 690), (-1225, -1075)]:
            self.paint(7, "bank", "0404", (-2250, q0, 2280, q1))
        for site in PLAN["sites"]:
            self.paint(4, "site", **site, floors=4, rows="sites")
        self.plant_parks()

    def plant_parks(self) -> None:
        """Parks with walks, the hill park, and planting of the same class that is not a park."""
        t = np.linspace(0, 2 * np.pi, 41)
        for park in PLAN["parks"]:
            self.paint(3, "park", **{"code": "0810", **park})
            (p0, q0, p1, q1), reach = park["box"], park.get("reach", 0)
            if p1 - p0 > 60:  # a ring walk, and ways in from the streets around
                pm, qm, a, b = (p0 + p1) / 2, (q0 + q1) / 2, (p1 - p0) * 0.34, (q1 - q0) * 0.34
                self.street(LineString(seat(pm + a * np.cos(t), qm + b * np.sin(t))), "footway")
                self.street(line((pm - a, qm), (p0 - reach, qm)), "footway")
                self.street(line((pm, qm - b), (pm, q0 - reach)), "footway")
                self.street(line((pm + a, qm), (p1 + reach, qm)), "footway")
                self.street(line((pm, qm + b), (pm, q1 + reach)), "footway")
        for belt in PLAN["belts"]:
            self.paint(3, "park", "0810", **belt, note="belt or planting, not a park")
        self.shapes.append(Shape(3, blob(-2860, 190, 560, 300, 0.05), "0810", "park", "示例山公园"))
        self.shapes.append(Shape(2, blob(40, 1720, 95, 75, 0.1), "1104", "lake", "人民公园湖"))
        for p0, p1, q in PLAN["verges"]:
            verge = line((p0 + 30, q), (p1 - 30, q)).buffer(29, cap_style="flat")
            self.shapes.append(Shape(3, verge, "0810", "park", info={"note": "verge of a main street, not a park"}))

    def build_villages(self) -> None:
        """Villages and town seats: plots along lanes, joined to the nearest road."""
        roads = self.ways("trunk", "secondary", "tertiary")
        for k, village in enumerate(VILLAGES):
            sheet, town, (columns, rows) = hamlet(village), village in PLAN["towns"], village["plots"]
            for n, (i, j) in enumerate(np.ndindex(columns, rows)):
                if i in (0, columns - 1) and j in (0, rows - 1) and RNG.random() > 0.4:
                    continue
                p0, q0 = (i - columns / 2) * 92, (j - rows / 2) * 62
                box = (p0, q0, p0 + 92, q0 + 62)
                self.street(rect(*box, sheet=sheet).exterior, "residential")
                if town and n % 7 == 3:
                    self.paint(6, "works", "08H1" if n % 2 else "05H1", box, sheet=sheet, floors=2, rows="town_works")
                else:
                    how = {"code": "0701" if town else "0702", "name": village["name"], "village": k, "sheet": sheet}
                    self.compound(box, 3 if town and n % 3 == 0 else 1, "village", **how)
            start = sheet((columns // 2 - columns / 2) * 92, (rows // 2 - rows / 2) * 62)
            road = roads.geometries[roads.nearest(Point(start))]
            end = np.array(road.interpolate(road.project(Point(start))).coords[0])
            way = LineString([start, (start + end) / 2 + turn(*(end - start), 90) * 0.06, end])
            self.street(way, "tertiary", village["name"] + "路")

    def road_land(self) -> list[Shape]:
        """Land under the streets: highway, village road or town street; country roads are narrower than their class."""
        groups: dict[str, list[Geometry]] = {"1003": [], "1006": [], "1004": []}
        for s in self.streets:
            if s["class"] in PAVED:
                country = s["name"].startswith(("S", "X", "示例", "南塬"))
                code = "1003" if s["name"].startswith(("G", "S", "X")) else "1006" if country else "1004"
                width = min(11, s["width_m"]) if country else s["width_m"]
                groups[code].append(s["geometry"].buffer(width / 2, quad_segs=4))
        return [Shape(2.5 + k / 10, union_all(g), code, "road") for k, (code, g) in enumerate(groups.items())]


def make_terrain() -> tuple[rasterio.Affine, Array, list[Shape]]:
    """Heights on 30 m cells, with a valley along the river and hills; and land cover, from classes on 60 m cells."""
    x, y = np.meshgrid(-8085 + 30.0 * np.arange(540), 7035 - 30.0 * np.arange(470))
    transform = rasterio.Affine(30, 0, ORIGIN[0] - 8100, 0, -30, ORIGIN[1] + 7050)
    dry = rasterio.features.rasterize([strip(RIVER, RIVER_HALF)], x.shape, fill=1, default_value=0, transform=transform)
    noise = [gaussian_filter(RNG.standard_normal(x.shape), sigma, mode="wrap") for sigma in (30, 9)]
    d, (hx, hy) = distance_transform_edt(dry) * 30, seat(-2860, 190) - ORIGIN
    broad, fine = (n / n.std() for n in noise)
    north = 1 / (1 + np.exp(-(y - 3500 - 500 * np.sin(x / 1900)) / 480))
    south_west = np.exp(-(((x + 5200) / 1700) ** 2) - ((y + 4700) / 1500) ** 2)
    h = 34 * (1 - np.exp(-((d / 2100) ** 2))) + 3 * np.minimum(1, d / 60)
    h += np.minimum(1, d / 1500) * (5 * broad + 2 * fine)
    h += north * (120 + 40 * broad + 16 * fine) + south_west * (95 + 12 * fine)
    h += 62 * np.exp(-(((x - hx) / 290) ** 2) - ((y - hy) / 190) ** 2)
    sand = ((x - 5700) / 2300) ** 2 + ((y + 4300) / 1800) ** 2 + 0.33 * broad + 0.1 * fine
    fields = {"h": h, "d": d, "x": x, "broad": broad, "fine": fine, "sand": sand}
    cells, cover = pd.DataFrame({k: a[::2, ::2].ravel() for k, a in fields.items()}), PLAN["cover"]
    first = np.select([cells.eval(rule["where"]) for rule in cover], range(len(cover))).astype("int16")
    grid = rasterio.features.sieve(first.reshape(x[::2, ::2].shape), 16)
    found = list(rasterio.features.shapes(grid, transform=transform * rasterio.Affine.scale(2)))
    outlines = shapely.coverage_simplify(np.array([shapely.geometry.shape(g) for g, _ in found]), 75)
    edges = []  # smooth: corners are cut along shared edges
    for edge in shapely.get_parts(shapely.line_merge(union_all(shapely.boundary(outlines)))):
        c = shapely.get_coordinates(edge)
        for _ in range(2):
            cut = np.stack([0.75 * c[:-1] + 0.25 * c[1:], 0.25 * c[:-1] + 0.75 * c[1:]], axis=1).reshape(-1, 2)
            c = np.vstack([c[:1], cut[1:-1], c[-1:]])
        edges.append(LineString(c))
    patches = faces_of(edges)
    _, hit = STRtree(outlines).query_nearest(shapely.point_on_surface(patches), all_matches=False)
    landscape = [Shape(9, g, cover[int(found[i][1])]["code"], "landscape") for g, i in zip(patches, hit, strict=True)]
    return transform, np.round(1180 - 0.0022 * x + h, 1), landscape


def faces_of(edges: Any) -> Array:
    return shapely.get_parts(shapely.polygonize(shapely.get_parts(union_all(edges, grid_size=GRID))))


def stand_buildings(s: Shape, walks: Array) -> list[Polygon]:
    """Rows of buildings on a parcel: in its own direction, clear of walks, as many as the best start allows."""
    sheet, (p0, q0, p1, q1), floors = s.info["sheet"], s.info["box"], s.info["floors"]
    w, d, gap, row, jitter, drop, _ = PLAN["rows"][s.info["rows"]]
    row += 1.5 * floors if s.info["rows"] == "towers" else 0
    free = s.land.buffer(-3.5 if floors == 1 else -8) - union_all(walks).buffer(4.5)
    shapely.prepare(free)
    pm, qm = (p0 + p1) / 2, (q0 + q1) / 2
    along = sheet(pm + 30, qm) - sheet(pm - 30, qm)
    angle = math.degrees(math.atan2(*along[::-1])) + RNG.normal(0, 2 * jitter)
    corners = turn(np.array([-w, w, w, -w]) / 2, np.array([-d, -d, d, d]) / 2, angle)
    quarters = [(p0, q0, pm, qm), (pm, q0, p1, qm), (p0, qm, pm, q1), (pm, qm, p1, q1)]
    stand: list[Polygon] = []
    for a0, b0, a1, b1 in quarters if s.info.get("gated") and min(p1 - p0, q1 - q0) > 150 else [s.info["box"]]:
        best: Any = []
        for i, j in np.ndindex(4, 4):
            ps = np.arange(a0 + w / 2 + (w + gap) * i / 4, a1, w + gap)
            qs = np.arange(b0 + d / 2 + (d + row) * j / 4, b1, d + row)
            p, q = (m.ravel() + RNG.uniform(-jitter, jitter, m.size) for m in np.meshgrid(ps, qs))
            boxes = shapely.polygons(np.round(sheet(p, q)[:, None, :] + corners, 3))
            boxes = boxes[shapely.contains(free, boxes)]
            best = boxes if len(boxes) > len(best) else best
        stand += [b for b in best if RNG.random() > drop and not any(b.intersects(c) for c in stand)]
    return stand


def overshoot(way: LineString) -> LineString:
    """A little longer at both ends, so that it meets a bent street for certain."""
    c = shapely.get_coordinates(way)
    grow = [a + (a - b) / np.hypot(*(a - b)) * 0.4 for a, b in (c[:2], c[:-3:-1])]
    return way if way.is_ring else LineString(np.vstack([grow[0], c[1:-1], grow[1]]))


def meet(ways: STRtree, area: Geometry, edge: Geometry) -> list[Point]:
    """Where the ways that cross an area meet its edge."""
    parts = shapely.get_parts(shapely.intersection(ways.geometries[ways.query(area, predicate="crosses")], edge))
    return [part for part in parts if part.geom_type == "Point"]


class County:
    """The layers, from a plan whose shapes are cut into faces."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.shapes = plan, sorted(plan.shapes, key=lambda s: s.rank)
        self.layers: dict[str, Frame] = {}
        t = np.linspace(0, 2 * np.pi, 240, endpoint=False)
        r = 1 + 0.035 * np.sin(3 * t + 1) + 0.025 * np.sin(5 * t + 2) + 0.015 * np.sin(9 * t) + 0.008 * np.sin(23 * t)
        r = r * (np.abs(np.cos(t)) ** 3.2 + np.abs(np.sin(t)) ** 3.2) ** (-1 / 3.2)  # a square with round corners
        self.outline = shapely.set_precision(Polygon(np.c_[7000 * r * np.cos(t), 6000 * r * np.sin(t)] + ORIGIN), GRID)
        self.faces = self.cut_faces()
        self.survey_land()
        self.buildings = self.build()
        self.node_streets()
        self.build_walls()
        self.name_places()
        self.make_parks()
        self.make_units()
        self.make_facilities()
        self.draw_lines()
        self.make_register()
        self.make_risks()
        self.make_heritage()
        self.lay_pipes()

    def add(self, kind: str, columns: str, rows: list[tuple] | Frame) -> None:
        self.layers[kind] = table(columns + " geometry", rows)

    def zones(self) -> dict[str, list[Geometry]]:
        """Outlines that cut the faces: zones, redline, built-up area. The first of a group has a face."""
        corridors = [strip(RIVER, 100, -1700, 1800), strip(RAIL, 90, -1350, 1800)]
        hill = self.plan.named("示例山公园").geom
        built = union_all([rect(*box) for letter, box in BLOCKS if letter != "N"] + [*corridors, hill.buffer(20)])
        special = union_all([hill.buffer(30), strip(RIVER, 66, -2250, 2280)])
        elastic = union_all([rect(*box) for box in PLAN["elastic_zone"]])
        urban = union_all([rect(*box) for _, box in BLOCKS] + corridors).buffer(130).buffer(-95)
        general = union_all([blob(*patch) for patch in PLAN["redline"]]) - blob(*PLAN["redline_hole"])
        built = built.buffer(90).buffer(-150).buffer(95).simplify(4)
        return {"zone": [special, elastic, urban], "red": [blob(*PLAN["redline_core"]), general], "built": [built]}

    def field_edges(self) -> Array:
        """Edges between fields, on the sheet so that fields follow the river; some are left out at random."""
        crop = union_all([s.geom for s in self.shapes if s.code in ("0102", "0103")]) & self.outline
        edges, sides = [], [(340, 0, 0.93), (0, 165, 0.85)]
        for p, q, (dp, dq, keep) in product(range(-8000, 8001, 340), range(-6600, 6601, 165), sides):
            if RNG.random() < keep:
                edges.append(LineString(seat(np.linspace(p, p + dp, 5), np.linspace(q, q + dq, 5))))
        return shapely.get_parts(shapely.intersection(np.array(edges), crop))

    def cut_faces(self) -> Frame:
        """Node every outline once and give each face its shape, community and zones."""
        middles = shapely.MultiPoint([seat(*village["at"]) for village in VILLAGES])
        around = shapely.get_parts(shapely.voronoi_polygons(middles, extend_to=self.outline, ordered=True))
        units = [*(rect(*community["box"]) for community in PLAN["communities"]), *around]
        groups = {"owner": [s.geom for s in self.shapes], "unit": units, **self.zones()}
        outlines = shapely.boundary([*(g for group in groups.values() for g in group), self.outline])
        faces = faces_of(np.r_[outlines, self.field_edges()])
        faces = faces[shapely.intersects(self.outline, shapely.point_on_surface(faces))]
        f = gpd.GeoDataFrame(geometry=faces, crs=CRS)
        for name, group in groups.items():  # number of the first of the group that holds the face, else -1
            face, holder = STRtree(group).query(shapely.point_on_surface(faces), predicate="within")
            f[name] = pd.Series(holder).groupby(face).min().reindex(f.index, fill_value=-1)
        f.loc[f["zone"] >= 0, "red"] = -1
        crop = np.array([s.code in ("0102", "0103") for s in self.shapes])[f["owner"]]
        f["key"] = np.where(crop, len(self.shapes) + f.index, f["owner"])  # every field is a parcel of its own
        for _ in range(3):
            self.absorb_slivers(f)
        for k, land in f.dissolve("owner", method="coverage").geometry.items():
            self.shapes[k].land = land
        return f

    def absorb_slivers(self, f: Frame) -> None:
        """Give slivers to the neighbour with the longest edge in common; only the smallest may change community."""
        taken = ["key", "unit", "owner"]
        pieces = f.dissolve(["key", "unit"], aggfunc="first", method="coverage").explode().reset_index()
        geoms, size, unit = pieces.geometry.to_numpy(), pieces.area.to_numpy(), pieces["unit"].to_numpy()
        kind = np.array([self.shapes[k].kind for k in pieces["owner"]])
        limit = np.select([kind == "landscape", kind == "park", kind == "residential"], [1600, 20, 400], 60)
        tree, inner = STRtree(geoms), STRtree(f.representative_point().to_numpy())
        for i in np.flatnonzero(size < limit):
            near = tree.query(geoms[i], predicate="intersects")
            same = (unit[near] == unit[i]) & ~np.isin(kind[near], ["park", "road"])
            near = near[(size[near] > size[i]) & ((size[i] < 20) | same)]
            shared = shapely.length(shapely.intersection(geoms[i], geoms[near]))
            if len(near) and shared.max() > 0:
                hit = f.index[inner.query(geoms[i], predicate="contains")]
                f.loc[hit, taken] = pieces.loc[near[shared.argmax()], taken].to_list()

    def survey_land(self) -> None:
        """The land survey: parcels cut at community limits, with areas on the ellipsoid."""
        how = {"owner": "first", "built": "max", "zone": "max", "red": "max"}
        t = self.faces.dissolve(["key", "unit"], aggfunc=how, method="coverage").explode().reset_index()
        code, kind = np.array([(self.shapes[k].code, self.shapes[k].kind) for k in t["owner"]]).T
        town = np.isin(kind, ["residential", "works", "site", "road"]) & ~np.isin(code, ["1003", "1006"])
        rural, number = code == "0702", pd.Series([f"{n:05d}" for n in range(1, len(t) + 1)])
        state = np.isin(code, ["1003", "1001", "1101", "1106"]) | (town & ~rural)
        t["BSM"], t["YSDM"], t["TBBH"] = "1509992001000" + number, "2001010100", number
        t["DLBM"], t["DLMC"] = code, [PLAN["land_use"][c] for c in code]
        t["ZLDWMC"] = [UNITS[u]["name"] for u in t["unit"]]
        t["QSXZ"], t["QSDWMC"] = np.where(state, "20", "30"), np.where(state, "示例县人民政府", t["ZLDWMC"] + "集体")
        t["KCXS"] = np.where(code == "0103", 0.0325, 0.0)
        t["CZCSXM"] = np.select([(t["built"] == 0) & (code != "1101"), town & rural, town], ["202", "203", "202"], "")
        lonlat = t.geometry.segmentize(50).to_crs("EPSG:4490")  # sides are straight on the plane, not on the ellipsoid
        t["TBMJ"] = [round(abs(GEOD.geometry_area_perimeter(g)[0]), 2) for g in lonlat]
        self.land, self.layers["land_use"] = t, t.drop(columns=["key", "unit", "owner", "built", "zone", "red"])

    def build(self) -> Frame:
        """Buildings with dwellings; people are shared out so that the seat has SEAT_PEOPLE."""
        walks, rows = self.plan.ways(*WALKS), []
        for n, s in enumerate(self.shapes):
            if s.info.get("floors") and s.land is not None and s.land.area > 300:
                boxes = stand_buildings(s, walks.geometries[walks.query(s.land, predicate="intersects")])
                floors, village = s.info["floors"], s.info.get("village", -1)
                homes = floors * PLAN["rows"][s.info["rows"]][-1]
                people = homes * s.info.get("lived", 0) * PER_HOUSEHOLD
                built = (1978, 2001) if floors < 4 else (1996, 2012) if floors < 7 else (2010, 2025)
                years, use = RNG.integers(*built, len(boxes)), PLAN["building_use"].get(s.code, "其他")
                rows += [(floors, use, homes, y, n, village, people, b) for b, y in zip(boxes, years, strict=True)]
        columns = ["floors", "use", "dwellings", "year", "parcel", "village", "people", "geometry"]
        b = gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=CRS)
        b.loc[b["village"] < 0, "people"] *= SEAT_PEOPLE / b.loc[b["village"] < 0, "people"].sum()
        self.add("buildings", "floors use dwellings year", b)
        return b

    def node_streets(self) -> None:
        """Streets at ground level meet in common nodes; bridges and tunnels only at their ends. Then planted faults."""
        t = gpd.GeoDataFrame(self.plan.streets, geometry="geometry", crs=CRS)
        small = t["class"].isin(["residential", *WALKS])
        t["geometry"] = t.geometry.where(~small, t.geometry.map(overshoot))
        ground, raised = t[t["level"] == 0], t[t["level"] != 0]
        parts = shapely.get_parts(union_all(ground.geometry.to_numpy(), grid_size=STREET_GRID))
        ends = np.array([[g.coords[0], g.coords[-1]] for g in parts])
        _, node = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
        degree, (a, b) = np.bincount(node.ravel()), node.reshape(-1, 2).T
        stub = (shapely.length(parts) < 0.8) & (np.minimum(degree[a], degree[b]) == 1)
        _, group = connected_components(coo_matrix((~stub, (a, b)), [node.max() + 1] * 2))
        parts = parts[~stub & (np.bincount(group)[group[a]] > 30)]  # what a park or school has cut off is no street
        middle = shapely.line_interpolate_point(parts, 0.5, normalized=True)
        _, source = STRtree(ground.geometry.to_numpy()).query_nearest(middle, all_matches=False)
        ground = ground.iloc[source].set_geometry(parts, crs=CRS)
        raised = raised.set_geometry(shapely.set_precision(raised.geometry.to_numpy(), STREET_GRID), crs=CRS)
        twin = ground[ground["name"] == "文化路"].iloc[:1]
        yard = pd.concat([twin] * 3).assign(geometry=[line(*lane) for lane in PLAN["yard_lanes"]], **PLAN["yard"])
        every = pd.concat([ground, raised, twin.assign(note="planted: drawn twice"), yard])
        self.add("streets", " ".join(t.columns[:-1]), every)

    def build_walls(self) -> None:
        """A gate where a walk leaves a gated parcel; the wall is the rest of the outline."""
        walks, gates = self.plan.ways("service", "footway"), []
        walls = [(name, kind, line((-9000, q), (9000, q)) & self.outline) for name, kind, q in PLAN["axes"]]
        for s in self.shapes:
            if s.info.get("gated") and s.land is not None:
                edge = max(shapely.get_parts(s.land), key=lambda g: g.area).exterior
                hit = meet(walks, s.land, edge)
                s.info["gated"] = len(hit) > 1  # a school or park may have taken the gates away
                if s.info["gated"]:
                    gates += [(f"{s.name}{k}号门", s.name, p) for k, p in enumerate(hit, 1)]
                    rest = shapely.get_parts(shapely.line_merge(edge - union_all(hit).buffer(4)))
                    walls += [(s.name + "围墙", "wall", g) for g in rest]
        self.add("compound_gates", "name compound", gates)
        self.add("barriers", "name kind", walls)

    def name_places(self) -> None:
        """What the plan gives as it is: places and projects; the built-up area, homes and villages."""
        for kind, rows in PLAN["places"].items():
            self.add(kind, "name", [(name, rect(*box)) for name, box in rows])
        rows = []
        for n, p in enumerate(PLAN["projects"]):
            shape = shapely.geometry.shape({"type": "MultiPolygon", "coordinates": p["coordinates"]})
            shape = shapely.transform(shape, lambda c: c + ORIGIN)
            brings = p.get("brings")
            rows.append((f"XM-{n + 1:03d}", p["name"], p["activity"], 2024 + n % 3, brings, p["note"], shape))
        self.add("projects", "id name activity year brings note", rows)
        built = self.faces.dissolve("built", method="coverage").geometry[0]
        self.add("study_area", "name", [("示例县城建成区", built)])
        people = np.bincount(self.buildings["parcel"], self.buildings["people"], len(self.shapes))
        rows, hulls = [], [[] for _ in VILLAGES]
        for s, n in zip(self.shapes, people, strict=True):
            if s.kind == "residential" and s.land is not None:
                kind = "0703" if s.code == "0702" else "0701"
                rows.append((s.name, kind, round(n / PER_HOUSEHOLD), round(n), s.info["gated"], s.land))
                if "village" in s.info:
                    hulls[s.info["village"]].append(s.land)
        self.add("residential", "name class households population gated", rows)
        people = self.buildings.groupby("village")["people"].sum()
        hulls = enumerate(union_all(hull).buffer(25).buffer(-15) for hull in hulls)
        said = PLAN["register"]["villages"]
        rows = [(VILLAGES[k]["name"], round(people[k]), *(said[key][k] for key in said), hull) for k, hull in hulls]
        for camp in PLAN["camps"]:
            around = Point(seat(*camp["at"])).buffer(60, 4)
            rows.append((camp["name"], camp["people"], *(camp[key] for key in said), around))
        villages = table(f"name population {' '.join(said)} geometry", rows)
        villages[[*said]] = villages[[*said]].replace("", None)
        self.layers["villages"] = villages

    def make_parks(self) -> None:
        """Parks, and where walks enter them; a park without walks opens to the nearest street."""
        self.plan.named("人民公园").land |= self.plan.named("人民公园湖").land
        parks = [s for s in self.shapes if s.kind == "park"]
        rows = [(s.name, s.code, s.info.get("park_id"), s.info.get("note", ""), s.land) for s in parks]
        self.add("parks", "name class park_id note", rows)
        streets, rows = self.layers["streets"], []
        walks, roads = (STRtree(streets.geometry[streets["class"].isin(c)]) for c in (WALKS[1:], PAVED[1:]))
        for p in self.layers["parks"].itertuples():
            if "not a park" not in p.note:
                near = shapely.shortest_line(p.geometry, roads.geometries[roads.nearest(p.geometry)])
                hit = meet(walks, p.geometry, p.geometry.boundary) or [near.interpolate(0)]
                rows += [(p.name, p.park_id, h) for h in hit]
        self.add("park_entrances", "name park_id", rows)

    def make_units(self) -> None:
        """Communities from the faces, with their people; districts are unions of communities."""
        places = self.faces.dissolve("unit", method="coverage").geometry.to_numpy()
        house, place = STRtree(places).query(self.buildings.centroid.to_numpy(), predicate="within")
        people = np.bincount(place, self.buildings["people"].to_numpy()[house], len(places))
        rows = []
        for unit, n, place in zip(UNITS, people, places, strict=True):
            rows.append((unit["name"], unit["code"], unit["district"], round(n), round(n / PER_HOUSEHOLD), place))
        self.add("communities", "name code district population households", rows)
        whole = self.layers["communities"].dissolve("district", method="coverage").geometry
        self.add("districts", "name code", [(d["name"], d["code"], whole[d["name"]]) for d in PLAN["districts"]])

    def make_facilities(self) -> None:
        """Sites of schools and the like; shops where people live, thinner away from the middle; the villages' own."""
        rows = [(s.name, s.info["facility"], s.info["capacity"], s.land) for s in self.shapes if s.kind == "site"]
        self.add("facility_sites", "name kind capacity", rows)
        sites = self.layers["facility_sites"]
        rows = list(sites.assign(geometry=sites.representative_point()).itertuples(index=False))
        homes = self.buildings[(self.buildings["people"] > 0) & (self.buildings["village"] < 0)]
        at, streets = shapely.get_coordinates(homes.centroid), self.layers["streets"]
        pull = homes["people"].to_numpy() * np.exp(-np.hypot(*(at - seat(-200, 150)).T) / 1300)
        roads = STRtree(streets.geometry[streets["class"].isin(PAVED[1:]) & (streets["level"] == 0)])
        areas = STRtree(self.layers["communities"].geometry)
        for shop in PLAN["shops"]:
            for home in at[RNG.choice(len(at), shop["number"], replace=False, p=pull / pull.sum())]:
                way = shapely.shortest_line(roads.geometries[roads.nearest(Point(home))], Point(home))
                p = way.interpolate(min(11, way.length))
                place = UNITS[areas.query(p, predicate="within")[0]]["name"].removesuffix("社区")
                rows.append((place + shop["suffix"], shop["kind"], 0, p))
        for village in VILLAGES:
            for n, own in enumerate(PLAN["rural"] if village in PLAN["towns"] else PLAN["rural"][:3]):
                rows.append((village["name"] + own["suffix"], own["kind"], 0, Point(hamlet(village)(22 * n - 60, 12))))
        for station in PLAN["transfer_stations"]:
            rows.append((station["name"], "transfer_station", 0, Point(seat(*station["at"]))))
        rows += [(one["name"], one["kind"], 0, Point(seat(*one["at"]))) for one in PLAN["outside"]]
        self.add("facilities", "name kind capacity", rows)
        tonnes = {station["name"]: float(station["tonnes"]) for station in PLAN["transfer_stations"]}
        self.layers["facilities"]["tonnes_per_day"] = self.layers["facilities"]["name"].map(tonnes)
        # Stations of communities by turns as large as they should be, too small, and not stated.
        f, floors = self.layers["facilities"], PLAN["register"]["floor_m2"]
        station = f["kind"].str.contains("community_service").to_numpy()
        f["floor_m2"] = np.where(station, np.resize(floors, len(f))[np.cumsum(station) - 1], np.nan)
        f["floor_m2"] = f["floor_m2"].where(f["floor_m2"] > 0)
        f["grade"] = f["name"].map(PLAN["register"]["grade"])
        for kind, size in PLAN["register"]["capacity"].items():
            own = f["kind"].str.contains(kind).to_numpy()
            f.loc[own, "capacity"] = np.resize(size, own.sum())

    def draw_lines(self) -> None:
        """The three lines are unions of faces, so they share edges and never overlap; others follow what is drawn."""
        zone, red = (self.faces.dissolve(by, method="coverage").geometry for by in ("zone", "red"))
        self.add("development_boundary", "name zone", [(*row, zone[k]) for k, row in enumerate(PLAN["zones"])])
        red = enumerate(red.drop(-1).explode().items(), 1)
        self.add("ecological_redline", "name core", [(f"示例红线{n:02d}", k == 0, g) for n, (k, g) in red])
        t, parks = self.land, self.layers["parks"]
        river, ruin = self.plan.named("示例河").geom, self.layers["heritage_line"].geometry[0]
        farm = t[(t["DLBM"] == "0102") & (t["zone"] < 0) & (t["red"] < 0) & (t.area > 12_000)]
        farm = farm[(farm.distance(river) < 1750) & (RNG.random(len(farm)) < 0.9) & ~farm.intersects(ruin.buffer(60))]
        farm = farm[["TBBH", "DLBM", "DLMC", "KCXS", "QSDWMC", "TBMJ", "geometry"]]
        self.layers["permanent_farmland"] = farm.assign(name=[f"YN-{n:04d}" for n in range(1, len(farm) + 1)])
        self.add("green_line", "name", parks[(parks.area > 9000) & ~parks["note"].str.contains("not a park")])
        self.add("blue_line", "name", [("示例河蓝线", strip(RIVER, RIVER_HALF + 6) & self.outline)])
        self.add("yellow_line", "name", [(s.name + "黄线", s.land) for s in self.shapes if s.code == "0809"])
        self.add("flood_line", "name", [("示例河洪涝风险控制线", strip(RIVER, FLOOD_HALF) & self.outline)])

    def make_register(self) -> None:
        """What offices keep beside the maps: estates and their renewal, planned widths, the land of 2020."""
        register = PLAN["register"]
        self.add("built_up_area", "name", self.layers["study_area"])
        year = self.buildings.groupby("parcel")["year"].min()
        homes = [(n, s) for n, s in enumerate(self.shapes) if s.kind == "residential" and n in year.index]
        town = [(n, s) for n, s in homes if s.code == "0701" and s.land is not None]
        people = np.bincount(self.buildings["parcel"], self.buildings["people"], len(self.shapes))
        rows = [
            (s.name, year[n], round(people[n] / PER_HOUSEHOLD), register["done"][k % len(register["done"])], s.land)
            for k, (n, s) in enumerate(town)
        ]
        estates = table("name year households done geometry", rows)
        estates["done"] = estates["done"].replace("", None)
        estates["year"] = estates["year"].astype(float).where(estates.index % 41 != 40)
        self.layers["estates"] = estates
        streets = self.layers["streets"]
        named = streets[streets["class"].isin(list(register["red_line_m"])) & streets["name"].ne("")]
        lines = named.dissolve("name", aggfunc="first").reset_index()
        lines["red_line_m"] = [float(register["red_line_m"][c]) for c in lines["class"]]
        self.layers["road_red_lines"] = lines[["name", "class", "red_line_m", "geometry"]]
        land, before = self.land, self.land["DLBM"].copy()
        east = shapely.get_coordinates(land.geometry.centroid)[:, 0] > ORIGIN[0] + register["built_since_east_of"]
        grown = east & land["DLBM"].str[:2].isin(["05", "06", "07", "08"]) & (land.index % 3 == 0)
        before[grown.to_numpy()] = "0102"
        self.add("land_use_2020", "DLBM", land.assign(DLBM=before))

    def make_risks(self) -> None:
        """Registers of hazards and of shelters, as the plan gives them."""
        said = {"hazards": "id name kind treated buffer_m year", "shelters": "id name kind capacity usable_m2 slope"}
        for kind, fields in said.items():
            rows = []
            for one in PLAN["risks"][kind]:
                spot = (
                    Point(seat(*one["at"]))
                    if "at" in one
                    else rect(*one["box"])
                    if "box" in one
                    else line(*one["line"])
                )
                rows.append((*(one.get(field) for field in fields.split()), spot))
            self.add(kind, fields, rows)

    def make_heritage(self) -> None:
        """The old town in 2020, with what is gone since and what is drawn otherwise today; and what is listed there."""
        plan, today = PLAN["heritage"], self.layers["buildings"]
        town, line = self.layers["historic_districts"].union_all(), self.layers["purple_line"].union_all()
        old = today[today.representative_point().within(town)].reset_index(drop=True)
        shapes = list(old.geometry)
        one, other = np.sort(STRtree(shapes).query(shapes, predicate="dwithin", distance=plan["within_m"]).T).T
        inside = np.array([shape.within(line) for shape in shapes])
        one, other = min((i, k) for i, k in zip(one, other, strict=True) if i < k and inside[i] and inside[k])
        west, south, east, north = shapes[plan["halved"]].bounds
        halves = [
            shapely.box(west, south, (west + east) / 2, north),
            shapely.box((west + east) / 2, south, east, north),
        ]
        gone = [shapely.box(*at, *(at + plan["size"])) for at in np.array(plan["gone"]) + ORIGIN]
        left_out = {one, other, plan["redrawn"], plan["halved"], *plan["new"]}
        then = [shape for at, shape in enumerate(shapes) if at not in left_out]
        then += [
            shapely.affinity.translate(shapes[plan["redrawn"]], 2.0, 0.0),
            (shapes[one] | shapes[other]).convex_hull,
        ]
        then += [shapes[plan["halved"]] & half for half in halves] + gone
        self.add("buildings_2020", "floors", [(1, shape) for shape in then])
        spots = [(f"示例老宅{n:02d}", shapes[at]) for n, at in enumerate(range(0, len(shapes), plan["every"])[:11], 1)]
        spots.append(("示例老宅12", gone[0]))
        rows = [
            (name, f"LS-{n:02d}", "历史建筑", "县级", said or None, shape.representative_point())
            for n, ((name, shape), said) in enumerate(zip(spots, plan["surveyed"], strict=True), 1)
        ]
        ruin, temple = self.layers["heritage_line"].geometry
        hall = next(shape for shape in shapes if shape.within(temple))
        rows.append(("示例文庙大成殿", "WB-01", "文物保护单位", "自治区级", "是", hall.representative_point()))
        rows.append(("示例古城址", "WB-02", "文物保护单位", "自治区级", "是", ruin.representative_point()))
        rows.append(("示例碑亭", "BK-01", "不可移动文物", None, None, shapes[5].representative_point()))
        self.add("listed_buildings", "name id kind grade surveyed", rows)

    def lay_pipes(self) -> None:
        """Lay pipes and hydrants beside streets; no number is drawn by chance."""
        streets, rows, plan = self.layers["streets"], [], PLAN["pipes"]
        ground = streets[streets["level"].eq(0)]
        for row in plan["rows"]:
            lines = ground.geometry[ground["name"].eq(row["street"])].drop_duplicates()
            turn = lambda words, at: words[at % len(words)] if words else None  # noqa: E731
            for at, line in enumerate(lines):
                pipe = line.offset_curve(row["off_m"])
                fall = turn(row["falls"], at)
                ends = None if fall is None else round(plan["begins_m"] - fall * pipe.length, 2)
                said = (turn(row["years"], at), turn(row.get("renewed", [""]), at), row["material"], row["kind"])
                name = f"{row['street']}{row['kind']}{at + 1:02d}"
                levels = (None if fall is None else plan["begins_m"], ends)
                rows.append((name, *(word or None for word in said), row["diameter"], *levels, pipe))
        self.add("pipes", "name year renewed material kind diameter_mm level_in level_out", rows)
        plan, rows = PLAN["hydrants"], []
        for name in plan["streets"]:
            for line in ground.geometry[ground["name"].eq(name)].drop_duplicates():
                side = line.offset_curve(plan["off_m"])
                for metres in np.arange(plan["apart_m"] / 2, side.length, plan["apart_m"]):
                    rows.append((f"消火栓{len(rows) + 1:03d}", side.interpolate(metres)))
        rows = [
            (name, "否" if at % plan["broken"] == 0 else "是", spot)
            for at, (name, spot) in enumerate(rows, 1)
            if at % plan["missing"]
        ]
        self.add("hydrants", "name works", rows)

    def write_vacant(self, out: Path) -> None:
        """County offices hand over GBK shapefiles; one of ours lacks the .cpg that says so."""
        land = [s.land for s in self.shapes if s.kind == "vacant"]
        for k, (name, file) in enumerate(PLAN["shapefiles"].items()):
            rows = [(*row[:2], round(g.area, 2), *row[2:], g) for row, g in zip(file["rows"], land[k::2], strict=True)]
            path = out / f"{name}.shp"
            table(file["columns"], rows).to_file(path, encoding="GBK", DBF_DATE_LAST_UPDATE="2026-01-01")
            if not file["cpg"]:
                path.with_suffix(".cpg").unlink()

    def write_cover(self, out: Path) -> None:
        """Land cover as a satellite sees it: roofs over yards, and nothing under a cloud."""
        plan, land, built = PLAN["land_cover"], self.land, self.layers["built_up_area"].union_all()
        step, low = plan["pixel_m"], plan["margin_m"]
        west, south, east, north = (np.array(built.bounds) + [-low, -low, low, low]) // step * step
        cell = rasterio.Affine(step, 0, west, 0, -step, north)
        size = (int((north - south) / step), int((east - west) / step))
        known = plan["classes"].items()
        codes = [next((code for sign, code in known if one.startswith(sign)), plan["built"]) for one in land["DLBM"]]
        yard = land["DLBM"].str[:2].isin(plan["yards"])
        draw = functools.partial(rasterio.features.rasterize, out_shape=size, transform=cell, dtype="uint8")
        cover = draw(zip(land.geometry, codes, strict=True), fill=plan["built"])
        green = np.random.default_rng(14).integers(0, 100, size) < plan["yard_percent"]
        cover[(draw(land.geometry[yard]) > 0) & green] = plan["classes"]["04"]
        cover[draw(self.buildings.geometry) > 0] = plan["built"]
        cover[draw([blob(*plan["cloud"])]) > 0] = 0
        how = PLAN["raster"] | {"dtype": "uint8", "nodata": 0, "predictor": 1, "height": size[0], "width": size[1]}
        with rasterio.open(out / "land_cover.tif", "w", **how, crs=CRS, transform=cell) as raster:
            raster.write(cover, 1)

    def write_texts(self, out: Path) -> None:
        """Write county.toml and the note for readers."""
        toml = "[county]\n" + "".join(f'{key} = "{value}"\n' for key, value in PLAN["county"].items())
        lon, lat = pyproj.Transformer.from_crs(CRS, "EPSG:4490", always_xy=True).transform(*seat(*PLAN["government"]))
        toml += f"seat = [{lon:.6f}, {lat:.6f}]\n"
        for kind, source in PLAN["sources"].items():
            toml += f'\n[layers.{kind}]\nsource = "{source}"\n' + f'layer = "{kind}"\n' * source.endswith(".gpkg")
            # The study area is the seat; the lines are complete for the whole county.
            toml += 'coverage = "districts"\n' * (kind in PLAN["lines"])
            toml += 'none = ["canteen", "housekeeping", "incinerator"]\n' * (kind == "facilities")
            if kind in PLAN["earlier"]:
                toml += "year = 2025\n" + PLAN["earlier"][kind]
        toml += '\n[statistics]\nsource = "statistics.csv"\n'
        (out / "county.toml").write_text(toml + PLAN["own"]["layer"], encoding="utf-8")
        stated = ["指标,年份,数值,单位,范围,来源", *PLAN["register"]["statistics"]]
        (out / "statistics.csv").write_text("\n".join(stated) + "\n", encoding="utf-8-sig")
        (out / "rules").mkdir(exist_ok=True)
        for name, rule in PLAN["own"]["rules"].items():
            (out / "rules" / f"{name}.toml").write_text(rule.lstrip(), encoding="utf-8")
        projects = self.layers["projects"].itertuples()
        listed = "\n".join(f"| {p.id} | {p.name} | {p.activity or '-'} | {p.note} |" for p in projects)
        (out / "README.md").write_text(PLAN["readme"].format(projects=listed), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "layers" / "demo")
    out = parser.parse_args().out
    plan = Plan()
    plan.lay_streets()
    plan.build_seat()
    plan.build_villages()
    plan.shapes.append(Shape(0, strip(RIVER, RIVER_HALF), "1101", "water", "示例河"))
    plan.shapes.append(Shape(0.5, strip(RAIL, 17), "1001", "rail", "示例铁路"))
    transform, heights, landscape = make_terrain()
    plan.shapes += landscape + plan.road_land()
    county = County(plan)
    out.mkdir(parents=True, exist_ok=True)
    for file in ("county.gpkg", "projects.gpkg", "register.gpkg", "pipes.gpkg"):
        (out / file).unlink(missing_ok=True)
    earlier = dict.fromkeys(("land_use_2020", "buildings_2020"), "register.gpkg")
    for kind, source in {**PLAN["sources"], "facility_sites": "county.gpkg", **earlier}.items():
        if source.endswith(".gpkg"):
            index = "NO" if kind in earlier else "YES"  # an earlier state is read whole
            county.layers[kind].to_file(out / source, layer=kind, driver="GPKG", SPATIAL_INDEX=index)
    people, corner = np.zeros((134, 152)), ORIGIN + [-7600, 6700]
    column, row = ((shapely.get_coordinates(county.buildings.centroid) - corner) * [1, -1] // 100).astype(int).T
    np.add.at(people, (row, column), county.buildings["people"])
    coarse = rasterio.Affine(100, 0, corner[0], 0, -100, corner[1])
    for name, values, cell in [("elevation", heights, transform), ("population", people.round(2), coarse)]:
        size = {"height": len(values), "width": len(values[0])}
        with rasterio.open(out / f"{name}.tif", "w", **PLAN["raster"], **size, crs=CRS, transform=cell) as raster:
            raster.write(values.astype("float32"), 1)
    county.write_vacant(out)
    county.write_cover(out)
    county.write_texts(out)


if __name__ == "__main__":
    main()
