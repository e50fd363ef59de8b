"""Make the committed demo county, layers/demo: 示例县 (code 150999), which does not exist.

Every name, number and boundary here is invented. A second run writes the same files, byte for byte.

    python scripts/make_demo.py [--out DIR]

The seat is planned on a flat sheet of metres (p east, q north), where streets, river and railway are straight. `seat` bends
the sheet into the working CRS, so streets curve and the old town is crooked. Shapes are painted over one another by rank
(river over road over park over parcel over landscape), noded once on a 1 mm grid and cut into faces. Every polygon layer
is a union of faces, so edges match exactly.
"""

# ruff: noqa: ANN001, ANN002, ANN003, ANN201, ANN202, ANN204, B905, C901, E501, FBT002, FBT003, RUF007, SIM905
# The plan is one long table and short functions over it; a lint made for the package would only spread it out.

import argparse
import math
import os
from dataclasses import dataclass, field
from pathlib import Path

os.environ["OGR_CURRENT_DATE"] = "2026-01-01T00:00:00.000Z"  # GeoPackage time stamps; before GDAL is loaded

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import rasterio
import rasterio.features
import shapely
from scipy.ndimage import distance_transform_edt, gaussian_filter
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely import LineString, MultiPolygon, Point, Polygon, STRtree, union_all

CRS, CODE = "EPSG:4526", "150999"  # CGCS2000 / 3-degree Gauss-Kruger zone 38
ORIGIN = np.array([38_470_700.0, 4_574_300.0])  # middle of the seat, about 113.65 E 41.3 N
GRID, STREET_GRID = 0.001, 0.1  # written coordinates lie on these grids; the coarser one closes gaps between streets
SEAT_PEOPLE, PER_HOUSEHOLD = 58_000, 2.4
GEOD = pyproj.Geod(a=6378137, rf=298.257222101)
RNG = np.random.default_rng(150999)
WIDTH = {"trunk": 24, "primary": 34, "secondary": 24, "tertiary": 16, "residential": 9, "service": 6, "footway": 3, "path": 2}
PAVED = ("trunk", "primary", "secondary", "tertiary", "residential")  # painted as road land

# North-south streets (p, name, class) and east-west streets (q, name, class) of the seat.
NS = [(-2250, "西环路", "secondary"), (-1830, "牧民路", "tertiary"), (-1400, "建设路", "primary"),
      (-980, "鼓楼西街", "tertiary"), (-560, "鼓楼东街", "secondary"), (-160, "中心大街", "primary"),
      (230, "文化路", "tertiary"), (620, "青年路", "secondary"), (1010, "迎宾大道", "primary"),
      (1420, "东风路", "tertiary"), (1850, "工业路", "secondary"), (2280, "G999示例线", "trunk")]
EW = [(-1650, "南环路", "secondary"), (-1225, "铁南路", "tertiary"), (-1075, "站前街", "secondary"),
      (-700, "团结街", "tertiary"), (-310, "新华街", "secondary"), (90, "人民大街", "primary"),
      (510, "滨河南路", "secondary"), (690, "滨河北路", "secondary"), (1080, "北大街", "primary"),
      (1480, "学府街", "tertiary"), (1930, "北环路", "secondary")]
RIVER_Q, RAIL_Q = 600, -1150
# South end of the side that crosses -> number in NS -> how. The trunk road crosses both as well.
UP, DOWN = {"level": 1, "bridge": True}, {"level": -1, "tunnel": True}
CROSSINGS = {510: {2: UP, 5: UP, 8: UP}, -1225: {3: DOWN, 5: {}, 8: UP}}
# One letter per block, west to east. O old town, L single-storey rows, V village in town, r walk-ups, R gated compounds,
# C commerce, G government, S school, H hospital, T station, Q drum tower, P park, I industry, N not yet built, . open land.
BLOCKS = {(1480, 1930): "...NRPRRN..", (1080, 1480): ".RRSRGRSRVN", (690, 1080): ".RPrCCRPRNN",
          (90, 510): "LrOOOCRSRRN", (-310, 90): "LrOOQCrRPRI", (-700, -310): ".rrSOHrrRII",
          (-1075, -700): ".LrrTCrLIII", (-1650, -1225): "..NILIIIN.."}
# Name and rectangle on the sheet. A side on a street runs to its middle; the road is painted over it.
PARKS = [
    ("人民公园", (-160, 1480, 230, 1930)), ("体育公园", (-1400, 880, -980, 1080)), ("东湖公园", (1010, -310, 1420, -180)),
    ("北苑公园", (230, 1480, 400, 1610)), ("文庙公园", (-980, -60, -860, 90)), ("滨河公园", (-560, 510, -160, 562)),
    ("牧歌游园", (-560, 1845, -475, 1930)), ("育才游园", (620, 1380, 710, 1480)), ("工人游园", (-560, -700, -465, -610)),
    ("团结游园", (-1830, -385, -1765, -310)), ("站前游园", (-980, -1075, -920, -1000)), ("青年游园", (550, 435, 620, 510)),
    ("双园（南园）", (-1400, -760, -1325, -700)), ("双园（北园）", (-1400, -700, -1320, -640)),
    ("桃园", (1640, 90, 1740, 145)), ("李园", (1740, 90, 1850, 145)), ("东郊森林公园", (1990, 200, 2200, 430)),
    ("槐荫口袋公园", (-560, -365, -515, -310)), ("和平口袋公园", (580, -350, 620, -310)),
    ("东风口袋公园", (1420, 1445, 1462, 1480)), ("铁南口袋公园", (-560, -1275, -515, -1225)),
    ("巷口小绿地", (-700, 210, -681, 229)), ("街角小绿地", (230, 1080, 255, 1112)), ("鼓楼广场", (-420, -160, -300, -60)),
    ("政府广场", (-60, 1080, 130, 1210)), ("站前广场", (-440, -1075, -290, -960)),
    ("铁路北防护林带", (-1830, -1128, 1850, -1087)), ("铁路南防护林带", (-980, -1213, 1010, -1172)),
    ("滨河绿化带", (620, 510, 1420, 562)), ("滨河北绿化带", (-160, 638, 620, 690)),
    ("", (-1400, 638, -160, 690)), ("", (-160, 510, 620, 562))]
PARK_NOTES = {  # park_id, what is planted
    "双园（南园）": ("PK-SPLIT", "one park in two parts, split by a street"),
    "双园（北园）": ("PK-SPLIT", "one park in two parts, split by a street"),
    "桃园": ("", "shares an edge with 李园: one park by adjacency"),
    "李园": ("", "shares an edge with 桃园: one park by adjacency"),
    "东郊森林公园": ("PK-EAST", "outside the study area, serves land inside it")}
SITES = [  # name, kind, rectangle on the sheet
    ("第一小学", "primary_school", (-980, 1080, -780, 1300)), ("第一中学", "middle_school", (620, 1160, 850, 1380)),
    ("第二小学", "primary_school", (620, 290, 800, 510)), ("第二中学", "middle_school", (-980, -700, -740, -480)),
    ("蒙古族小学", "primary_school", (-1640, -120, -1400, 90)), ("人民医院", "hospital", (-160, -560, 60, -310)),
    ("体育中心", "sports_ground;shelter", (-1400, 690, -1190, 880)), ("养老院", "nursing_home", (1320, 1240, 1420, 1480)),
    ("文化馆", "cultural_centre", (130, 1080, 230, 1240)), ("消防救援站", "fire_station", (1010, -560, 1110, -470)),
    ("中心市场", "market", (-560, -60, -430, 90)), ("河北幼儿园", "kindergarten", (-1400, 1390, -1310, 1480)),
    ("老城幼儿园", "kindergarten", (-760, 420, -560, 510)), ("新城幼儿园", "kindergarten", (920, 90, 1010, 180)),
    ("站前幼儿园", "kindergarten", (-650, -780, -560, -700)), ("客运站", "other", (-290, -1075, -160, -930)),
    ("变电站", "other", (1850, -520, 1990, -400)), ("自来水厂", "other", (-1250, 1990, -1060, 2140)),
    ("污水处理厂", "other", (2550, 180, 2780, 340))]
SITE_CODES = {"中心市场": "05H1", "消防救援站": "08H1", "客运站": "1005", "变电站": "0809", "自来水厂": "0809",
              "污水处理厂": "0809"}  # the others are 08H2
SQUARE_METRES_PER_PLACE = {"primary_school": 20, "middle_school": 22, "kindergarten": 28, "hospital": 110, "nursing_home": 130}
VILLAGES = [  # name, p, q, turn in degrees, columns and rows of plots, district; the last three are town seats
    ("示例乌兰嘎查", -4300, 3150, 12, 5, 3, 3), ("示例哈达嘎查", 1200, 3350, -8, 5, 3, 3),
    ("示例河口村", -4250, -80, 5, 6, 3, 5), ("示例柳林村", -3900, 1500, 20, 5, 3, 3), ("示例东滩村", 3500, -120, -4, 6, 3, 4),
    ("示例沙窝村", 5000, -3250, 15, 4, 3, 4), ("示例红土村", -1200, -3350, 3, 5, 3, 5), ("示例前进村", 1050, -2550, -6, 6, 3, 4),
    ("示例西坡村", -5400, -3300, 10, 4, 3, 5), ("示例上营村", 3600, 2050, 8, 5, 2, 3), ("示例北山苏木", -900, 3750, 4, 7, 5, 3),
    ("示例东滩镇", 5000, -450, -6, 7, 5, 4), ("示例南塬镇", -3000, -3900, 7, 7, 5, 5)]
COMMUNITIES = [  # name, rectangle on the sheet, district
    ("河北社区", -2250, 600, -780, 1930, 0), ("学府社区", -780, 600, 620, 1930, 0), ("北苑社区", 620, 600, 2280, 1930, 0),
    ("牧民路社区", -2250, -310, -1400, 600, 1), ("鼓楼社区", -1400, -310, -160, 600, 1), ("文化路社区", -160, -310, 1010, 600, 2),
    ("迎宾社区", 1010, -310, 2280, 600, 2), ("建设路社区", -2250, -1150, -980, -310, 1), ("站前社区", -980, -1150, 230, -310, 1),
    ("工人社区", 230, -1150, 1010, -310, 2), ("工业路社区", 1010, -1150, 2280, -310, 2), ("铁南社区", -2250, -1650, 2280, -1150, 5)]
UNITS = [c[0] for c in COMMUNITIES] + [v[0] for v in VILLAGES]
DISTRICTS = ["示例河北街道", "示例老城街道", "示例新城街道", "示例北山苏木", "示例东滩镇", "示例南塬镇"]
DLMC = dict(w.split(":") for w in """0102:水浇地 0103:旱地 0301:乔木林地 0305:灌木林地 0401:天然牧草地 0402:沼泽草地 0404:其他草地
    05H1:商业服务业设施用地 0601:工业用地 0701:城镇住宅用地 0702:农村宅基地 08H1:机关团体新闻出版用地 08H2:科教文卫用地
    0809:公用设施用地 0810:公园与绿地 0810A:广场用地 1001:铁路用地 1003:公路用地 1004:城镇村道路用地 1005:交通服务场站用地
    1006:农村道路 1101:河流水面 1104:坑塘水面 1106:内陆滩涂 1201:空闲地 1204:盐碱地 1205:沙地 1206:裸土地 1207:裸岩石砾地""".split())
# kinds at one place, number in the seat, what follows the name of the community; canteen and housekeeping are absent
SHOPS = [w.split(":") for w in """convenience_store:22:便利店 convenience_store;parcel_point:16:便利店（快递代收） supermarket:7:超市
    breakfast_shop:14:早餐店 restaurant:26:饭馆 laundry:6:洗衣店 hairdresser:14:理发店 repair_shop:7:维修点 print_shop:4:图文店
    pharmacy:12:药店 clinic:9:卫生服务站 post_office;parcel_point:3:邮政所 bank:8:银行网点 recycling_point:5:回收点
    toilet;waste_point:14:公厕 waste_point:10:垃圾收集点 bus_stop:34:公交站 charging_station;parking:6:充电站 parking:8:停车场
    fitness_ground:12:健身场地 football_pitch:2:足球场 childcare:4:托育点 elderly_care:6:日间照料中心 market:3:菜市场
    kindergarten:4:幼儿园 police:2:派出所 employment_service:2:就业服务站 shelter:4:应急避难点
    community_service;cultural_centre:10:党群服务中心""".split()]
RURAL = [w.split(":") for w in """clinic:卫生室 community_service:便民服务点 convenience_store:小卖部 primary_school:中心小学
    kindergarten:幼儿园 hospital:卫生院 market:集市 police:派出所 bank:信用社 bus_stop:客运点""".split()]  # villages: first three
ESTATES = [a + b for b in "家园 小区 花园 佳苑 新村 华府 名邸 嘉园".split() for a in "阳光 锦绣 祥和 安泰 金桥 绿园 文苑 民乐 福源 康居 "
           "明珠 鸿运 蓝天 龙城 瑞丰 世纪 时代 名仕 天骄 草原".split()]
REASONS = ["规划调整", "征拆未完成", "企业资金不足", "市政配套滞后"]


# ---------------------------------------------------------------- sheet and bend

def seat(p, q):
    """Bend the flat sheet of the seat into the working CRS."""
    p, q = np.asarray(p, float), np.asarray(q, float)
    meander = (110 + 0.05 * np.maximum(0, np.abs(p) - 2300)) * np.sin(p / 850 + 0.5)
    old = np.exp(-(((p + 690) / 560) ** 2 + ((q - 60) / 420) ** 2) ** 2)  # the old town keeps its crooked lanes
    x = p + 150 * np.sin(q / 1300) + old * (11 * np.sin(q / 43) + 7 * np.sin(q / 23 + p / 90))
    y = q + 120 * np.sin(p / 1500 + 1) + meander * np.exp(-(((q - RIVER_Q) / 700) ** 2))
    return turn(x, y + old * (10 * np.sin(p / 47 + 1) + 6 * np.sin(p / 27 + q / 80)), -6) + ORIGIN


def hamlet(p, q, degrees):
    """A small sheet of its own for a village whose middle is at (p, q) on the sheet of the seat."""
    return lambda a, b: turn(np.asarray(a), np.asarray(b) + 5 * np.sin(np.asarray(a) / 60), degrees) + seat(p, q)


def turn(x, y, degrees):
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.stack([c * x - s * y, s * x + c * y], axis=-1)


def bend(sheet, points):
    """Bend a polyline. Sides along an axis get their vertices at multiples of 25 m, so that common edges coincide."""
    flat = []
    for (a, b), (c, d) in zip(points[:-1], points[1:]):
        lo, hi = (a, c) if b == d else (b, d) if a == c else (0, math.hypot(c - a, d - b))
        stops = np.arange(math.ceil(min(lo, hi) / 25) * 25.0, max(lo, hi), 25.0)
        t = np.unique(np.r_[0, (stops - lo) / (hi - lo), 1])[:, None]
        flat.append(np.array([a, b]) + t * np.array([c - a, d - b]))
    flat = np.vstack(flat)
    return shapely.remove_repeated_points(LineString(sheet(flat[:, 0], flat[:, 1])), GRID)


def line(*points, sheet=seat):
    return bend(sheet, points)


def rect(p0, q0, p1, q1, sheet=seat):
    return Polygon(bend(sheet, [(p0, q0), (p1, q0), (p1, q1), (p0, q1), (p0, q0)]))


def blob(p, q, rp, rq, wobble=0.12):
    """A rounded, uneven patch."""
    t, (a, b, c) = np.linspace(0, 2 * np.pi, 72, endpoint=False), RNG.uniform(0, 6.28, 3)
    r = 1 + wobble * (np.sin(2 * t + a) + 0.6 * np.sin(3 * t + b) + 0.4 * np.sin(5 * t + c))
    return Polygon(seat(p + rp * r * np.cos(t), q + rq * r * np.sin(t)))


def strip(q, half_width, p0=-9000, p1=9000):
    """A band along an east-west line of the sheet; its half width may depend on p."""
    p = np.linspace(p0, p1, 721)
    return Polygon(np.vstack([seat(p, q - half_width(p)), seat(p, q + half_width(p))[::-1]]))


def river_half(p):
    return 30 + 7 * np.sin(p / 260) + 5 * np.sin(p / 97)


def flood_half(p):
    return 66 + 170 * np.clip((np.abs(p) - 2400) / 900, 0, 1)


def county_outline():
    t = np.linspace(0, 2 * np.pi, 240, endpoint=False)
    r = 1 + 0.035 * np.sin(3 * t + 1) + 0.025 * np.sin(5 * t + 2) + 0.015 * np.sin(9 * t) + 0.008 * np.sin(23 * t)
    r = r * (np.abs(np.cos(t)) ** 3.2 + np.abs(np.sin(t)) ** 3.2) ** (-1 / 3.2)
    return shapely.set_precision(Polygon(np.c_[7000 * r * np.cos(t), 6000 * r * np.sin(t)] + ORIGIN), GRID)


def table(rows):
    t = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    return t.set_geometry(shapely.set_precision(t.geometry.to_numpy(), GRID), crs=CRS)


# ---------------------------------------------------------------- what is planned

@dataclass
class Shape:
    """A painted shape; `land` is what is left of it under the shapes of lower rank."""

    rank: float
    geom: Polygon
    dlbm: str
    kind: str = ""
    name: str = ""
    info: dict = field(default_factory=dict)
    land: Polygon | MultiPolygon | None = None


class Plan:
    """Shapes and streets as they are drawn."""

    def __init__(self):
        self.shapes, self.streets, self.estates = [], [], iter(ESTATES)

    def paint(self, rank, box, dlbm, kind, name="", sheet=seat, **info):
        self.shapes.append(Shape(rank, rect(*box, sheet=sheet), dlbm, kind, name, {"sheet": sheet, "box": box, **info}))

    def works(self, box, dlbm, floors, rows, rank=6, sheet=seat):
        self.paint(rank, box, dlbm, "works", sheet=sheet, floors=int(floors), rows=rows)

    def street(self, geometry, cls, name="", level=0, bridge=False, tunnel=False, foot="yes", width=None):
        self.streets.append({"name": name, "class": cls, "level": level, "bridge": bridge, "tunnel": tunnel, "foot": foot,
                             "width_m": float(width or WIDTH[cls]), "note": "", "geometry": geometry})


def lay_streets(plan):
    """The street grid: a side is drawn where a block beside it is in use; river and railway are crossed at few places."""
    used = {(q0, i) for (q0, _), row in BLOCKS.items() for i, letter in enumerate(row) if letter != "."}
    qs = [q for q, _, _ in EW]
    for i, (p, name, cls) in enumerate(NS[:-1]):
        for q0, q1 in zip(qs[:-1], qs[1:]):
            if i in CROSSINGS.get(q0, ()) or {(q0, i), (q0, i - 1)} & used:
                plan.street(line((p, q0), (p, q1)), cls, name, **CROSSINGS.get(q0, {}).get(i, {}))
    for (q, name, cls), below in zip(EW, [None, *qs]):
        for i in range(len(NS) - 1):
            if {(q, i), (below, i)} & used:
                plan.street(line((NS[i][0], q), (NS[i + 1][0], q)), cls, name)
    for q0, q1, how in [(-7000, -1330, {}), (-1330, -960, {**UP, "foot": "no"}), (-960, 510, {}), (510, 690, UP), (690, 7000, {})]:
        plan.street(line((2280, q0), (2280, q1)), "trunk", "G999示例线", **how)
    # Station street runs on eastwards below the trunk road: two lines that cross and do not meet.
    for cls, name, *points in [("tertiary", "站前街东延", (2280, -1075), (3000, -1075), (3600, -800), (4700, -450)),
                               ("secondary", "S999示例省道", (-8500, -310), (-2250, -310)),
                               ("secondary", "S999示例省道", (1850, 90), (8500, 90)),
                               ("tertiary", "X901示例县道", (-560, 1930), (-560, 7000)),
                               ("tertiary", "X902示例县道", (-7000, 3000), (-560, 3000), (6500, 2700)),
                               ("tertiary", "X903示例县道", (-7000, -3000), (-1000, -2900), (6500, -2900)),
                               ("tertiary", "南塬路", (-980, -1650), (-1000, -2900))]:
        plan.street(line(*points), cls, name)
    middle = Point(seat(1010, 90))  # roundabout
    for s in plan.streets:
        s["geometry"] = s["geometry"].difference(middle.buffer(36, quad_segs=12))
    plan.street(middle.buffer(36, quad_segs=12).exterior, "primary", "迎宾环岛")
    plan.shapes.append(Shape(1, middle.buffer(22, quad_segs=12), "0810", "park", "", {"note": "roundabout, not a park"}))


def compound(plan, box, floors, gated, dlbm="0701", sheet=seat, name=None, **info):
    """A residential parcel with crossing walks; where the walks leave it are its gates."""
    p0, q0, p1, q1 = box
    pm, qm = (p0 + p1) / 2, (q0 + q1) / 2
    if gated:
        out = RNG.choice(4, RNG.integers(2, 5), replace=False)
        for k, (p, q) in enumerate([(pm, q0), (pm, q1), (p0, qm), (p1, qm)]):
            end = (p, q) if k in out else (pm + 0.6 * (p - pm), qm + 0.6 * (q - qm))
            plan.street(line((pm, qm), end, sheet=sheet), "service" if k < 2 else "footway")
    plan.paint(6, box, dlbm, "residential", name or next(plan.estates), sheet, floors=int(floors), gated=bool(gated),
               lived=RNG.uniform(0.5, 0.95), **info)


def plots(plan, box, most, width=9):
    """Split a block in two again and again along lanes."""
    p0, q0, p1, q1 = box
    if max(p1 - p0, q1 - q0) < most:
        return [box]
    cut = RNG.uniform(0.4, 0.6)
    if p1 - p0 > q1 - q0:
        m = round(p0 + cut * (p1 - p0))
        lane, halves = line((m, q0), (m, q1)), [(p0, q0, m, q1), (m, q0, p1, q1)]
    else:
        m = round(q0 + cut * (q1 - q0))
        lane, halves = line((p0, m), (p1, m)), [(p0, q0, p1, m), (p0, m, p1, q1)]
    plan.street(lane, "residential", width=width)
    return [plot for half in halves for plot in plots(plan, half, most, width)]


def build_block(plan, letter, box):
    """Fill a block by its letter; `rows` are width and depth of a building and the gaps beside and behind it."""
    most, width = {"R": (RNG.choice([300, 430]), 9), "O": (105, 5), "Q": (105, 5), "L": (150, 6), "V": (150, 6), "I": (300, 9),
                   "N": (999, 9)}.get(letter, (240, 9))
    for plot in plots(plan, box, most, width):
        if letter == "R":
            compound(plan, plot, RNG.choice([6, 11, 11, 18]), True)
        elif letter in "rSP":
            compound(plan, plot, RNG.integers(4, 7), RNG.random() < 0.6)
        elif letter in "OQLV":
            name, dlbm = {"L": ("平房区", "0701"), "V": ("城中村", "0702")}.get(letter, ("老城平房", "0701"))
            compound(plan, plot, 1, False, dlbm, name=name)
        elif letter in "CHGT":
            plan.works(plot, "08H1" if letter == "G" else "05H1", RNG.integers(3, 9), (38, 18, 20, 22))
        elif letter == "I":
            plan.works(plot, "0601", 1, (70, 32, 26, 24))
        else:
            plan.paint(6, plot, "1201", "vacant")
    if letter in "Rr" and box[1] in (90, -310, 1080):  # shops in a row along the main street
        plan.works((*box[:3], box[1] + 44), "05H1", RNG.integers(2, 5), (44, 14, 12, 99), rank=5)


def build_seat(plan):
    for (q0, q1), row in BLOCKS.items():
        for i, letter in enumerate(row):
            if letter != ".":
                build_block(plan, letter, (NS[i][0], q0, NS[i + 1][0], q1))
    taken = union_all([rect(*r[-1]) for r in PARKS + SITES])
    for s in plan.streets:  # no lane runs through a park or a school
        if s["class"] in ("residential", "service", "footway"):
            s["geometry"] = s["geometry"].difference(taken)
    plan.streets = [{**s, "geometry": g} for s in plan.streets for g in shapely.get_parts(s["geometry"]) if g.length > 12]
    for q0, q1 in [(510, 690), (-1225, -1075)]:  # what is left beside river and railway
        plan.paint(7, (-2250, q0, 2280, q1), "0404", "bank")
    for name, kind, box in SITES:
        plan.paint(4, box, SITE_CODES.get(name, "08H2"), "site", name if "幼儿园" in name else "示例县" + name, facility=kind,
                   capacity=round((box[2] - box[0]) * (box[3] - box[1]) / SQUARE_METRES_PER_PLACE.get(kind, 1e9)),
                   floors=4, rows=(48, 14, 18, 34))
    for name, box in PARKS:
        belt = not name or name.endswith("带")
        park_id, note = PARK_NOTES.get(name, ("", "belt or planting, not a park" if belt else ""))
        plan.paint(3, box, "0810A" if name.endswith("广场") else "0810", "park", name, park_id=park_id, note=note)
        if not belt and box[2] - box[0] > 60:
            park_walks(plan, *box)
    plan.shapes += [Shape(3, blob(-2860, 190, 560, 300, 0.05), "0810", "park", "示例山公园"),
                    Shape(2, blob(40, 1720, 95, 75, 0.1), "1104", "lake", "人民公园湖")]
    for p, q in [(-2250, 250), (-2250, 90), (-2900, -310)]:
        plan.street(line((p, q), ((p - 2860) / 2, q / 2 + 155), (-2860, 190)), "path", "登山道")
    for p0, p1, q in [(-1400, -980, 90), (1420, 1850, -310), (-160, 230, 1080), (1010, 1420, 1080)]:
        verge = line((p0 + 30, q), (p1 - 30, q)).buffer(29, cap_style="flat")
        plan.shapes.append(Shape(3, verge, "0810", "park", "", {"note": "verge of a main street, not a park"}))


def park_walks(plan, p0, q0, p1, q1):
    """A ring walk and ways in from the streets around."""
    pm, qm, a, b = (p0 + p1) / 2, (q0 + q1) / 2, (p1 - p0) * 0.34, (q1 - q0) * 0.34
    out = 0 if {p0, p1} & {s[0] for s in NS} or {q0, q1} & {s[0] for s in EW} else 45  # inside a block: on to the next lane
    t = np.linspace(0, 2 * np.pi, 41)
    plan.street(LineString(seat(pm + a * np.cos(t), qm + b * np.sin(t))), "footway")
    for start, end in [((pm - a, qm), (p0 - out, qm)), ((pm, qm - b), (pm, q0 - out)),
                       ((pm + a, qm), (p1 + out, qm)), ((pm, qm + b), (pm, q1 + out))]:
        plan.street(line(start, end), "footway")


def build_villages(plan):
    """Villages and town seats: plots along lanes, joined to the nearest road."""
    roads = [s["geometry"] for s in plan.streets if s["class"] in ("trunk", "secondary", "tertiary") and s["level"] == 0]
    for k, (name, p, q, degrees, columns, rows, _) in enumerate(VILLAGES):
        sheet, town, w, h = hamlet(p, q, degrees), k >= 10, 92, 62
        for n, (i, j) in enumerate(np.ndindex(columns, rows)):
            if i in (0, columns - 1) and j in (0, rows - 1) and RNG.random() > 0.4:
                continue
            p0, q0 = (i - columns / 2) * w, (j - rows / 2) * h
            box = (p0, q0, p0 + w, q0 + h)
            plan.street(rect(*box, sheet=sheet).exterior, "residential")
            if town and n % 7 == 3:
                plan.works(box, "08H1" if n % 2 else "05H1", 2, (30, 12, 10, 12), sheet=sheet)
            else:
                compound(plan, box, 3 if town and n % 3 == 0 else 1, False, "0701" if town else "0702", sheet, name, village=k)
        start = sheet((columns // 2 - columns / 2) * w, (rows // 2 - rows / 2) * h)
        road = roads[STRtree(roads).nearest(Point(start))]
        end = np.array(road.interpolate(road.project(Point(start))).coords[0])
        plan.street(LineString([start, (start + end) / 2 + turn(*(end - start), 90) * 0.06, end]), "tertiary", name + "路")


# ---------------------------------------------------------------- terrain and landscape

def make_terrain(river):
    """Heights on 30 m cells: a valley along the river, hills in the north and south-west, the hill of the park."""
    def noise(sigma):
        waves = gaussian_filter(RNG.standard_normal(x.shape), sigma, mode="wrap")
        return waves / waves.std()

    x, y = np.meshgrid(-8085 + 30.0 * np.arange(540), 7035 - 30.0 * np.arange(470))
    transform = rasterio.Affine(30, 0, ORIGIN[0] - 8100, 0, -30, ORIGIN[1] + 7050)
    d = distance_transform_edt(rasterio.features.rasterize([river], x.shape, fill=1, default_value=0, transform=transform)) * 30
    broad, fine, (hx, hy) = noise(30), noise(9), seat(-2860, 190) - ORIGIN
    north = 1 / (1 + np.exp(-(y - 3500 - 500 * np.sin(x / 1900)) / 480))
    south_west = np.exp(-((x + 5200) / 1700) ** 2 - ((y + 4700) / 1500) ** 2)
    h = 34 * (1 - np.exp(-((d / 2100) ** 2))) + 3 * np.minimum(1, d / 60) + np.minimum(1, d / 1500) * (5 * broad + 2 * fine)
    h += north * (120 + 40 * broad + 16 * fine) + south_west * (95 + 12 * fine)
    h += 62 * np.exp(-((x - hx) / 290) ** 2 - ((y - hy) / 190) ** 2)
    return transform, h, np.round(1180 - 0.0022 * x + h, 1), (d, x, y, broad, fine)


def make_landscape(transform, h, others):
    """Land cover as a smooth coverage: classes on 60 m cells, outlined, simplified, corners cut along shared edges."""
    h, d, x, y, broad, fine = (a[::2, ::2] for a in (h, *others))
    sand = ((x - 5700) / 2300) ** 2 + ((y + 4300) / 1800) ** 2 + 0.33 * broad + 0.1 * fine
    rules = [("1106", (d < 130 + 40 * fine) & (abs(x) > 2600)), ("0402", (d < 420 + 90 * fine) & (x < -4300)),
             ("1205", sand < 0.6), ("1206", sand < 1.1), ("1204", (fine > 1.5) & (d < 2600) & (d > 900) & (x > 2000)),
             ("0301", (fine > 1.1) & (d < 2600)), ("0102", (d < 2300 + 500 * broad) & (h < 44)),
             ("0401", (d > 2700) & (broad + 0.35 * fine > 0.35)), ("0103", (h < 62 + 14 * fine) & (broad < 0.9)),
             ("1207", h > 255 + 10 * fine), ("0301", (h > 90) & (fine > 0.75)), ("0305", (h > 120) & (fine < -0.55)),
             ("0404", broad > 1.1), ("0401", d >= 0)]
    grid = rasterio.features.sieve(np.select([m for _, m in rules], range(len(rules))).astype("int16"), 16)
    found = rasterio.features.shapes(grid, transform=transform * rasterio.Affine.scale(2))
    outlines, codes = zip(*((shapely.geometry.shape(g), rules[int(v)][0]) for g, v in found))
    outlines = shapely.coverage_simplify(np.array(outlines), 75)
    edges = []
    for edge in shapely.get_parts(shapely.line_merge(union_all(shapely.boundary(outlines)))):
        c = shapely.get_coordinates(edge)
        for _ in range(2):
            cut = np.stack([0.75 * c[:-1] + 0.25 * c[1:], 0.25 * c[:-1] + 0.75 * c[1:]], axis=1).reshape(-1, 2)
            c = np.vstack([c[:1], cut[1:-1], c[-1:]])
        edges.append(LineString(c))
    patches = faces_of(edges)
    _, hit = STRtree(outlines).query_nearest(shapely.point_on_surface(patches), all_matches=False)
    return [Shape(9, g, codes[i], "landscape") for g, i in zip(patches, hit)]


# ---------------------------------------------------------------- cutting everything at once

def faces_of(edges):
    return shapely.get_parts(shapely.polygonize(shapely.get_parts(union_all(edges, grid_size=GRID))))


def zone_outlines(plan):
    """Outlines that cut the faces: zones of the boundary, redline, built-up area. Of a group the first has the face."""
    blocks = [(letter, rect(NS[i][0], q0, NS[i + 1][0], q1)) for (q0, q1), row in BLOCKS.items()
              for i, letter in enumerate(row) if letter != "."]
    corridors = [strip(RIVER_Q, lambda p: 100 + 0 * p, -1700, 1800), strip(RAIL_Q, lambda p: 90 + 0 * p, -1350, 1800)]
    hill = next(s.geom for s in plan.shapes if s.name == "示例山公园")
    built = union_all([g for letter, g in blocks if letter != "N"] + corridors + [hill.buffer(20)])
    special = union_all([hill.buffer(30), strip(RIVER_Q, flood_half, -2250, 2280)])
    elastic = union_all([rect(2320, -700, 2760, -60), rect(-2250, 1080, -1830, 1930), rect(-1400, -2080, -560, -1690)])
    urban = union_all([g for _, g in blocks] + corridors).buffer(130).buffer(-95)
    general = union_all([blob(-3100, 4700, 1450, 640), blob(-5500, 600, 800, 300), blob(-4700, -5050, 900, 420),
                         blob(3400, 3900, 150, 130, 0.08)]) - blob(-2250, 4700, 210, 160)
    return [special, elastic, urban], [blob(-3350, 4780, 620, 250), general], [built.buffer(90).buffer(-150).buffer(95).simplify(4)]


def field_edges(plan, county):
    """Edges between fields, on the sheet of the seat so that fields follow the river; some are left out at random."""
    crop = union_all([s.geom for s in plan.shapes if s.dlbm in ("0102", "0103")]) & county
    edges = [LineString(seat(np.linspace(p, p + dp, 5), np.linspace(q, q + dq, 5))) for p in range(-8000, 8001, 340)
             for q in range(-6600, 6601, 165) for dp, dq, keep in [(340, 0, 0.93), (0, 165, 0.85)] if RNG.random() < keep]
    return shapely.get_parts(shapely.intersection(np.array(edges), crop))


def road_land(plan):
    """Land under the streets: highway, village road or town street; country roads are narrower than their class."""
    groups = {"1003": [], "1006": [], "1004": []}
    for s in plan.streets:
        if s["class"] in PAVED:
            country = s["name"][:1] in ("S", "X") or s["name"].startswith(("示例", "南塬"))
            code = "1003" if s["name"][:1] in ("G", "S", "X") and s["name"] else "1006" if country else "1004"
            groups[code].append(s["geometry"].buffer((min(11, s["width_m"]) if country else s["width_m"]) / 2, quad_segs=4))
    return [Shape(2.5 + k / 10, union_all(g), code, "road") for k, (code, g) in enumerate(groups.items())]


def cut_faces(plan, county):
    """Node every outline once and give each face its shape, community and zones."""
    def holder(groups):  # number of the first polygon that holds the face, else -1
        face, polygon = STRtree(groups).query(points, predicate="within")
        best = np.full(len(points), len(groups))
        np.minimum.at(best, face, polygon)
        return np.where(best == len(groups), -1, best)

    plan.shapes.sort(key=lambda s: s.rank)
    units = [rect(*c[1:5]) for c in COMMUNITIES] + list(shapely.get_parts(shapely.voronoi_polygons(
        shapely.MultiPoint([seat(*v[1:3]) for v in VILLAGES]), extend_to=county, ordered=True)))
    zones, red, built = zone_outlines(plan)
    shapes = [s.geom for s in plan.shapes]
    faces = faces_of(np.r_[shapely.boundary([*shapes, *units, *zones, *red, *built, county]), field_edges(plan, county)])
    faces = faces[shapely.intersects(county, shapely.point_on_surface(faces))]
    points = shapely.point_on_surface(faces)
    f = gpd.GeoDataFrame({"owner": holder(shapes), "unit": holder(units), "zone": holder(zones), "red": holder(red),
                          "built": holder(built) == 0}, geometry=faces, crs=CRS)
    f.loc[f["zone"] >= 0, "red"] = -1
    crop = np.array([s.dlbm in ("0102", "0103") for s in plan.shapes])[f["owner"]]
    f["key"] = np.where(crop, len(shapes) + np.arange(len(f)), f["owner"])  # every field is a parcel of its own
    for _ in range(3):
        absorb_slivers(f, plan.shapes)
    for k, land in f.dissolve("owner", method="coverage").geometry.items():
        plan.shapes[k].land = land
    return f


def absorb_slivers(f, shapes):
    """Give slivers to the neighbour with the longest edge in common; only the smallest may change community."""
    pieces = f.dissolve(["key", "unit"], aggfunc="first", method="coverage").explode().reset_index()
    geoms, size, unit = pieces.geometry.to_numpy(), pieces.area.to_numpy(), pieces["unit"].to_numpy()
    kind = np.array([shapes[k].kind for k in pieces["owner"]])
    limit = np.select([kind == "landscape", kind == "park", kind == "residential"], [1600, 20, 400], 60)
    tree, inner = STRtree(geoms), STRtree(f.representative_point().to_numpy())
    for i in np.flatnonzero(size < limit):
        near = tree.query(geoms[i], predicate="intersects")
        near = near[(size[near] > size[i]) & ((size[i] < 20) | ((unit[near] == unit[i]) & ~np.isin(kind[near], ["park", "road"])))]
        shared = shapely.length(shapely.intersection(geoms[i], geoms[near]))
        if len(near) and shared.max() > 0:
            hit = f.index[inner.query(geoms[i], predicate="contains")]
            f.loc[hit, ["key", "unit", "owner"]] = pieces.loc[near[shared.argmax()], ["key", "unit", "owner"]].to_list()


def land_use_table(f, shapes):
    """The land survey: parcels cut at community limits, with areas on the ellipsoid."""
    t = f.dissolve(["key", "unit"], aggfunc={"owner": "first", "built": "max", "zone": "max", "red": "max"}, method="coverage")
    t = t.explode().reset_index()
    own = [shapes[o] for o in t["owner"]]
    code = np.array([s.dlbm for s in own])
    town = np.array([s.kind in ("residential", "works", "site", "road") and s.dlbm not in ("1003", "1006") for s in own])
    rural = np.array([s.dlbm == "0702" or s.info.get("village", 99) < 10 for s in own])
    state = np.isin(code, ["1003", "1001", "1101", "1106"]) | (town & ~rural)
    numbers = range(1, len(t) + 1)
    t["BSM"], t["YSDM"], t["TBBH"] = [f"{CODE}2001{n:08d}" for n in numbers], "2001010100", [f"{n:05d}" for n in numbers]
    t["DLBM"], t["DLMC"], t["ZLDWMC"] = code, [DLMC[c] for c in code], [UNITS[u] for u in t["unit"]]
    t["QSXZ"], t["QSDWMC"] = np.where(state, "20", "30"), np.where(state, "示例县人民政府", t["ZLDWMC"] + "集体")
    t["KCXS"] = np.where(code == "0103", 0.0325, 0.0)
    t["CZCSXM"] = np.select([t["built"] & (code != "1101"), town & rural, town], ["202", "203", "202"], "")
    t["TBMJ"] = [ellipsoid_area(g) for g in t.geometry]
    return t


def ellipsoid_area(polygon):
    """Area on CGCS2000; sides are straight on the plane, so they are densified first."""
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4490", always_xy=True).transform
    rings = [to_degrees(*np.array(r.segmentize(50).coords).T) for r in (polygon.exterior, *polygon.interiors)]
    shell, *holes = (abs(GEOD.polygon_area_perimeter(*r)[0]) for r in rings)
    return round(shell - sum(holes), 2)


# ---------------------------------------------------------------- what stands on the land

def stand_buildings(s, walks):
    """Rows of buildings on a parcel: in its own direction, clear of walls and walks, as many as the best start allows."""
    sheet, (p0, q0, p1, q1), floors = s.info["sheet"], s.info["box"], s.info["floors"]
    w, d, gap, row, jitter, drop = (
        (*s.info["rows"], 0, 0.04) if s.kind != "residential" else (36, 15, 20, 26 + 1.5 * floors, 0, 0.04) if floors > 6
        else (46, 12, 9, 22, 0, 0.04) if floors > 1 else (14, 8, 7, 13, 2, 0.25) if "village" in s.info
        else (12, 7.5, 3, 6, 1, 0.26) if s.name == "老城平房" else (40, 7.5, 5, 11, 0, 0.06))
    free = s.land.buffer(-3.5 if floors == 1 else -8) - union_all(walks[s.info["near"]]).buffer(4.5)
    shapely.prepare(free)
    pm, qm = (p0 + p1) / 2, (q0 + q1) / 2
    angle = math.degrees(math.atan2(*(sheet(pm + 30, qm) - sheet(pm - 30, qm))[::-1])) + RNG.normal(0, 2 * jitter)
    corners = turn(np.array([-w, w, w, -w]) / 2, np.array([-d, -d, d, d]) / 2, angle)
    quarters = [(p0, q0, pm, qm), (pm, q0, p1, qm), (p0, qm, pm, q1), (pm, qm, p1, q1)]
    stand = []
    for a0, b0, a1, b1 in quarters if s.info.get("gated") and min(p1 - p0, q1 - q0) > 150 else [s.info["box"]]:
        best = []
        for i, j in np.ndindex(4, 4):
            p, q = (m.ravel() + RNG.uniform(-jitter, jitter, m.size) for m in np.meshgrid(
                np.arange(a0 + w / 2 + (w + gap) * i / 4, a1, w + gap), np.arange(b0 + d / 2 + (d + row) * j / 4, b1, d + row)))
            boxes = shapely.polygons(np.round(sheet(p, q)[:, None, :] + corners, 3))
            boxes = boxes[shapely.contains(free, boxes)]
            best = boxes if len(boxes) > len(best) else best
        stand += [b for b in best if RNG.random() > drop and not any(b.intersects(c) for c in stand)]
    return stand, 4 * floors if floors > 1 else 5 if w == 40 else 1


def make_buildings(plan):
    """Buildings with dwellings; people are shared out so that the seat has SEAT_PEOPLE."""
    walks, rows = np.array([s["geometry"] for s in plan.streets if s["class"] in ("service", "footway", "path")]), []
    tree = STRtree(walks)
    for n, s in enumerate(plan.shapes):
        if "floors" in s.info and s.land is not None and s.land.area > 300:
            s.info["near"] = tree.query(s.land, predicate="intersects")
            boxes, dwellings = stand_buildings(s, walks)
            floors, home = s.info["floors"], s.kind == "residential"
            use = "居住" if home else {"0601": "工业", "05H1": "商业", "08H1": "办公", "08H2": "公共服务"}.get(s.dlbm, "其他")
            built = RNG.integers(*((1978, 2001) if floors < 4 else (1996, 2012) if floors < 7 else (2010, 2025)), len(boxes))
            rows += [{"floors": floors, "use": use, "dwellings": dwellings * home, "year": int(year), "parcel": n, "geometry": b,
                      "village": s.info.get("village", -1), "people": dwellings * home * s.info.get("lived", 0) * PER_HOUSEHOLD}
                     for b, year in zip(boxes, built)]
    b = gpd.GeoDataFrame(rows, crs=CRS)
    b.loc[b["village"] < 0, "people"] *= SEAT_PEOPLE / b.loc[b["village"] < 0, "people"].sum()
    return b


def points_of(geometries):
    return [p for g in geometries for p in shapely.get_parts(g) if p.geom_type == "Point"]


def gates_and_walls(plan):
    """A gate where a walk leaves a gated parcel; the wall is the rest of the outline."""
    walks = np.array([s["geometry"] for s in plan.streets if s["class"] in ("service", "footway")])
    tree, gates, walls = STRtree(walks), [], []
    for s in plan.shapes:
        if s.info.get("gated") and s.land is not None:
            edge = max(shapely.get_parts(s.land), key=lambda g: g.area).exterior
            hit = points_of(shapely.intersection(walks[tree.query(s.land, predicate="crosses")], edge))
            s.info["gated"] = len(hit) > 1  # a school or park may have taken the gates away
            if s.info["gated"]:
                gates += [{"name": f"{s.name}{k}号门", "compound": s.name, "geometry": p} for k, p in enumerate(hit, 1)]
                rest = shapely.get_parts(shapely.line_merge(edge - union_all(hit).buffer(4)))
                walls += [{"name": s.name + "围墙", "kind": "wall", "geometry": g} for g in rest]
    return gates, walls


def node_streets(plan):
    """Streets at ground level meet in common nodes; bridges and tunnels only at their ends. Then the planted faults."""
    def overshoot(way):  # a little longer at both ends, so that it meets a bent street for certain
        c = shapely.get_coordinates(way)
        grow = [a + (a - b) / np.hypot(*(a - b)) * 0.4 for a, b in (c[:2], c[:-3:-1])]
        return way if way.is_ring else LineString(np.vstack([grow[0], c[1:-1], grow[1]]))

    t = gpd.GeoDataFrame(plan.streets, crs=CRS)
    t["geometry"] = [overshoot(g) if c in ("residential", "service", "footway", "path") else g for g, c in zip(t.geometry, t["class"])]
    ground, raised = t[t["level"] == 0], t[t["level"] != 0]
    parts = shapely.get_parts(union_all(ground.geometry.to_numpy(), grid_size=STREET_GRID))
    ends = np.array([[g.coords[0], g.coords[-1]] for g in parts])
    _, node = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
    a, b = node.reshape(-1, 2).T
    stub = (shapely.length(parts) < 0.8) & (np.minimum(np.bincount(node.ravel())[a], np.bincount(node.ravel())[b]) == 1)
    _, group = connected_components(coo_matrix((~stub, (a, b)), [node.max() + 1] * 2))
    parts = parts[~stub & (np.bincount(group)[group[a]] > 30)]  # what a park or school has cut off is no street
    middle = shapely.line_interpolate_point(parts, 0.5, normalized=True)
    source = STRtree(ground.geometry.to_numpy()).query_nearest(middle, all_matches=False)[1]
    t = pd.concat([ground.iloc[source].set_geometry(parts, crs=CRS),
                   raised.set_geometry(shapely.set_precision(raised.geometry.to_numpy(), STREET_GRID), crs=CRS)])
    yard = [line((1480, -640), (1700, -640)), line((1700, -640), (1700, -560)), line((1480, -640), (1480, -560))]
    twin = t[t["name"] == "文化路"].iloc[0].to_dict()
    rows = [*t.to_dict("records"), {**twin, "note": "planted: drawn twice"}]
    return table(rows + [{**twin, "name": "厂内路", "class": "service", "width_m": 6.0, "geometry": g,
                          "note": "planted: not joined to the network"} for g in yard])


def park_entrances(parks, streets):
    """Where walks enter a park; a park without walks opens to the nearest street."""
    walks, roads = (streets.geometry[streets["class"].isin(c)].to_numpy() for c in (["footway", "path"], PAVED[1:]))
    tree, road_tree, rows = STRtree(walks), STRtree(roads), []
    for p in parks[~parks["note"].str.contains("not a park")].itertuples():
        hit = points_of(shapely.intersection(walks[tree.query(p.geometry, predicate="crosses")], p.geometry.boundary))
        hit = hit or [shapely.shortest_line(p.geometry, roads[road_tree.nearest(p.geometry)]).interpolate(0)]
        rows += [{"name": p.name, "park_id": p.park_id, "geometry": h} for h in hit]
    return table(rows)


def make_facilities(plan, buildings, streets, communities):
    """Sites of schools and the like; shops where people live, thinner away from the middle; the villages' own."""
    sites = table([{"name": s.name, "kind": s.info["facility"], "capacity": s.info["capacity"], "geometry": s.land}
                   for s in plan.shapes if s.kind == "site"])
    rows = sites.assign(geometry=sites.representative_point()).to_dict("records")
    homes = buildings[(buildings["people"] > 0) & (buildings["village"] < 0)]
    at = shapely.get_coordinates(homes.centroid)
    pull = homes["people"].to_numpy() * np.exp(-np.hypot(*(at - seat(-200, 150)).T) / 1300)
    roads = streets.geometry[streets["class"].isin(PAVED[1:]) & (streets["level"] == 0)].to_numpy()
    tree, areas = STRtree(roads), STRtree(communities.geometry.to_numpy())
    for kind, number, suffix in SHOPS:
        for home in at[RNG.choice(len(at), int(number), replace=False, p=pull / pull.sum())]:
            way = shapely.shortest_line(roads[tree.nearest(Point(home))], Point(home))
            p = way.interpolate(min(11, way.length))
            rows.append({"name": UNITS[areas.query(p, predicate="within")[0]][:-2] + suffix, "kind": kind, "capacity": 0, "geometry": p})
    for k, v in enumerate(VILLAGES):
        rows += [{"name": v[0] + suffix, "kind": kind, "capacity": 0, "geometry": Point(hamlet(*v[1:4])(22 * n - 60, 12))}
                 for n, (kind, suffix) in enumerate(RURAL if k >= 10 else RURAL[:3])]
    return table(rows), sites


def make_units(f, buildings):
    """Communities from the faces, with their people; districts are unions of communities."""
    places = f.dissolve("unit", method="coverage").geometry.to_numpy()
    house, place = STRtree(places).query(buildings.centroid.to_numpy(), predicate="within")
    people = np.bincount(place, buildings["people"].to_numpy()[house], len(places))
    of = [c[5] for c in COMMUNITIES] + [v[6] for v in VILLAGES]
    communities = table([{"name": UNITS[k], "code": f"{CODE}{of[k] + 1:03d}{k + 1:03d}", "district": DISTRICTS[of[k]],
                          "population": round(n), "households": round(n / PER_HOUSEHOLD), "geometry": places[k]}
                         for k, n in enumerate(people)])
    whole = communities.dissolve("district", method="coverage").geometry
    return table([{"name": d, "code": f"{CODE}{k:03d}", "geometry": whole[d]} for k, d in enumerate(DISTRICTS, 1)]), communities


# ---------------------------------------------------------------- control lines and projects

def control_lines(plan, f, land, parks, county):
    """The three lines are unions of faces, so they share edges and never overlap; the others follow what is drawn."""
    def union(mask):
        return shapely.coverage_union_all(f.geometry[mask].to_numpy())

    zones = [("特别用途区", "430"), ("城镇弹性发展区", "420"), ("城镇集中建设区", "410")]
    red = [(k == 0, g) for k in (0, 1) for g in shapely.get_parts(union(f["red"] == k))]
    river, ruin = next(s.geom for s in plan.shapes if s.name == "示例河"), rect(3900, 1150, 4150, 1400)
    farm = land[(land["DLBM"] == "0102") & (land["zone"] < 0) & (land["red"] < 0) & (land.area > 12_000)]
    farm = farm[(farm.distance(river) < 1750) & (RNG.random(len(farm)) < 0.9) & ~farm.intersects(ruin.buffer(60))]
    farm = farm[["TBBH", "DLBM", "DLMC", "KCXS", "QSDWMC", "TBMJ", "geometry"]]
    places = {"blue_line": [("示例河蓝线", strip(RIVER_Q, lambda p: river_half(p) + 6) & county)],
              "purple_line": [("老城历史文化街区紫线", rect(-900, -60, -420, 330))],
              "yellow_line": [(s.name + "黄线", s.land) for s in plan.shapes if s.dlbm == "0809"],
              "heritage_line": [("示例古城址", ruin), ("示例文庙", rect(-860, 100, -790, 180))],
              "flood_line": [("示例河洪涝风险控制线", strip(RIVER_Q, flood_half) & county)]}
    return {
        "development_boundary": table([{"name": n, "zone": z, "geometry": union(f["zone"] == k)} for k, (n, z) in enumerate(zones)]),
        "ecological_redline": table([{"name": f"示例红线{n:02d}", "core": c, "geometry": g} for n, (c, g) in enumerate(red, 1)]),
        "permanent_farmland": farm.assign(name=[f"YN-{n:04d}" for n in range(1, len(farm) + 1)]),
        "green_line": parks.loc[(parks.area > 9000) & ~parks["note"].str.contains("not a park"), ["name", "geometry"]],
        **{kind: table([{"name": n, "geometry": g} for n, g in rows]) for kind, rows in places.items()}}


def spot(inside, avoid, w, h, degrees=-6.0):
    """A rectangle at random within `inside` that stays clear of `avoid`."""
    corners = turn(np.array([-w, w, w, -w]) / 2, np.array([-h, -h, h, h]) / 2, degrees)
    shapely.prepare(inside)
    for x, y in RNG.uniform(inside.bounds[:2], inside.bounds[2:], (20_000, 2)):
        box = Polygon(np.round([x, y] + corners, 3))
        if inside.contains(box) and not avoid.intersects(box):
            return box
    raise RuntimeError("no room for a project: change the plan or the seed")


def astride(target, avoid, w, inward, outward, within=None):
    """A rectangle across the longest suitable edge of `target`, so deep inwards and so deep outwards, clear of `avoid`."""
    for part in sorted(shapely.get_parts(target), key=lambda g: -g.area):
        c = shapely.get_coordinates(shapely.segmentize(part.exterior.normalize(), 400))
        for k in np.argsort(-np.hypot(*np.diff(c, axis=0).T), kind="stable"):
            m, along = (c[k] + c[k + 1]) / 2, (c[k + 1] - c[k]) / np.hypot(*(c[k + 1] - c[k]))
            out = np.array([along[1], -along[0]]) * (-1 if part.contains(Point(m + 0.5 * np.array([along[1], -along[0]]))) else 1)
            half = along * w / 2
            box = Polygon(np.round([m - half - out * inward, m + half - out * inward, m + half + out * outward, m - half + out * outward], 3))
            if not avoid.intersects(box) and (within is None or within.contains(box)) \
                    and abs((box & target).area / (w * inward) - 1) < 0.25:
                return box
    raise RuntimeError("no edge for a project: change the plan or the seed")


def make_projects(lines, land, villages, county):
    """Project parcels: lawful ones, and one or more for each way to be in conflict."""
    u = {kind: union_all(t.geometry.to_numpy()) for kind, t in lines.items()}
    special, elastic, urban = lines["development_boundary"].geometry
    core, patches = (lines["ecological_redline"].geometry[lines["ecological_redline"]["core"] == c] for c in (True, False))
    core, general, farm = union_all(core.to_numpy()), union_all(patches.to_numpy()), u["permanent_farmland"]
    windows = [Polygon(r) for g in patches for r in g.interiors if not core.intersects(Polygon(r).representative_point())]
    heritage = lines["heritage_line"].geometry[0]

    def but(*kinds):  # every line but these, and but the boundary
        return union_all([g for kind, g in u.items() if kind not in (*kinds, "development_boundary")])

    def on(*codes):
        return union_all(land.geometry[land["DLBM"].isin(codes)].to_numpy())

    every, vacant, wild = but() | u["development_boundary"], on("1201", "0601") & urban, on("0401", "0404", "1206", "1205")
    next_to = land[land["DLBM"].isin(["0102", "0103"]) & (land["zone"] < 0) & (land.area > 20_000) & ~land.intersects(but("permanent_farmland"))]
    next_to = next(g for g in next_to.geometry if (g & farm).length > 200 and (g & farm).area == 0)
    rows = []

    def add(name, activity, note, geometry):
        rows.append({"id": f"XM-{len(rows) + 1:03d}", "name": "示例" + name, "activity": activity, "year": 2024 + len(rows) % 3,
                     "note": note, "geometry": shapely.set_precision(geometry, GRID)})

    def building_land(w, h):
        return spot(vacant, union_all([but(), *(r["geometry"] for r in rows)]), w, h)

    for name, w, h in [("安居房一期", 150, 110), ("安居房二期", 120, 90), ("商业综合体", 90, 80), ("标准厂房", 140, 90),
                       ("物流园", 160, 120), ("中学迁建", 150, 130)]:
        add(name, "urban", "lawful: inside zone 410, clear of every line", building_land(w, h))
    for name in ["村民住宅", "村党群中心"]:
        add(name, "village", "lawful: inside a village", spot(union_all(villages.geometry[:10].to_numpy()), every, 40, 30, 0))
    add("国道加宽", "linear", "lawful: a strip beside the trunk road, outside the boundary",
        line((2310, -2500), (2310, -2050)).buffer(8, cap_style="flat") - but())
    for name, activity, w, h in [("供水管线", "linear", 420, 12), ("光伏电站", "energy", 300, 260), ("养殖场", "agriculture", 120, 90)]:
        add(name, activity, "lawful: open land outside the boundary", spot(wild, every, w, h))
    add("旅游营地", "urban", "crosses the general zone of the redline",
        astride(general, core | but("ecological_redline"), 160, 60, 60, county))
    add("采石场", "energy", "inside the core zone of the redline", spot(core, but("ecological_redline"), 120, 90))
    no_farm = but("permanent_farmland")
    add("仓储基地", "urban", "wholly on permanent farmland", spot(farm, no_farm, 90, 70))
    add("设施农业", "agriculture", "partly on permanent farmland", astride(farm, no_farm, 90, 30, 50))
    add("农机站", "village", "on permanent farmland by a sliver 0.1 m deep",
        astride(farm, union_all([no_farm, rows[-1]["geometry"]]), 60, 0.1, 40))
    add("菜园", "village", "shares an exact edge with permanent farmland: no overlap", next_to)
    add("河滩步道", "linear", "half in the flood line", astride(u["flood_line"], but("flood_line"), 120, 40, 40, county))
    add("文创街区", "urban", "over the purple line", astride(u["purple_line"], but("purple_line"), 60, 25, 25))
    add("会所", "urban", "over the green line", astride(u["green_line"], but("green_line"), 60, 30, 20, urban))
    add("码头", "urban", "over the blue line, so in the flood line too",
        astride(u["blue_line"], but("blue_line", "flood_line"), 60, 15, 10, special))
    add("加油站", "urban", "over the yellow line", astride(u["yellow_line"], but("yellow_line"), 40, 15, 15))
    add("学府新区", "urban", "half outside the development boundary", astride(urban, but() | special | elastic, 140, 50, 50))
    add("产业预留", "urban", "in zone 420", spot(elastic, but(), 140, 100))
    add("山顶酒店", "urban", "in zone 430, on the green line of the hill park", spot(special, but("green_line"), 70, 50))
    add("停车场群", "urban", "multipart, lawful", MultiPolygon([building_land(60, 50), building_land(70, 40)]))
    add("遗址展示园", "urban", "has a hole that is exactly the heritage line; outside the boundary",
        heritage.buffer(40, join_style="mitre") - heritage)
    add("小红线项目", "urban", "exactly equal to a patch of the redline", min(patches, key=lambda g: g.area))
    add("天窗项目", "agriculture", "inside a hole of the redline: no overlap", spot(max(windows, key=lambda g: g.area), every, 80, 60))
    add("跨界风场", "energy", "partly outside the county, where the lines are not delivered", astride(county, every & county, 200, 80, 80))
    add("待定项目", "", "activity unknown, inside zone 410", building_land(60, 40))
    add("重叠甲", "urban", "lawful, but overlaps 示例重叠乙", building_land(90, 70))
    add("重叠乙", "urban", "lawful, but overlaps 示例重叠甲", shapely.transform(rows[-1]["geometry"], lambda c: c + [25, 20]))
    return table(rows)


# ---------------------------------------------------------------- writing

def write_raster(path, values, transform):
    with rasterio.open(path, "w", driver="GTiff", height=values.shape[0], width=values.shape[1], count=1, dtype="float32", crs=CRS,
                       transform=transform, nodata=-9999, tiled=True, blockxsize=256, blockysize=256, compress="deflate",
                       predictor=3) as out:
        out.write(values.astype("float32"), 1)


def write_population(path, buildings):
    people, corner = np.zeros((134, 152)), ORIGIN + [-7600, 6700]
    column, row = ((shapely.get_coordinates(buildings.centroid) - corner) * [1, -1] // 100).astype(int).T
    np.add.at(people, (row, column), buildings["people"])
    write_raster(path, np.round(people, 2), rasterio.Affine(100, 0, corner[0], 0, -100, corner[1]))


def write_shapefile(path, rows, cpg):
    """County offices hand over GBK shapefiles; one of ours lacks the .cpg that says so."""
    table(rows).to_file(path, encoding="GBK", DBF_DATE_LAST_UPDATE="2026-01-01")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg:
        path.with_suffix(".cpg").write_text("GBK", encoding="ascii")


def write_texts(out, kinds, parks, projects):
    """Write county.toml and the note for readers."""
    sources = {k: ("county.gpkg", k) for k in kinds if k != "facility_sites"} | {"projects": ("projects.gpkg", "projects")} | {
        k: (f"{k}.{'tif' if k[0] in 'pe' else 'shp'}", "") for k in ("population", "elevation", "approved_unsupplied", "idle_land")}
    toml = f'[county]\nname = "示例县"\ncode = "{CODE}"\ncrs = "{CRS}"\nlang = "zh"\ndata_date = "2025-12-31"\n' \
           'note = "虚构数据，scripts/make_demo.py 生成 / invented data: no such county exists"\n'
    for kind, (source, layer) in sources.items():
        toml += f'\n[layers.{kind}]\nsource = "{source}"\n' + (f'layer = "{layer}"\n' if layer else "")
    (out / "county.toml").write_text(toml, encoding="utf-8")
    planted = "\n".join(f"- {p.name} ({p.park_id if isinstance(p.park_id, str) else 'no park_id'}): {p.note}" for p in parks.itertuples() if p.name in PARK_NOTES)
    listed = "\n".join(f"| {p.id} | {p.name} | {p.activity or '-'} | {p.note} |" for p in projects.itertuples())
    (out / "README.md").write_text(README.format(parks=planted, projects=listed), encoding="utf-8")


README = """# 示例县 (demo county)

本文件夹全部数据均为虚构，由 `scripts/make_demo.py` 生成，不对应任何真实县、道路、单位或项目。

Everything here is invented and made by `scripts/make_demo.py`; no such county exists. CRS EPSG:4526.

## Planted in the layers

{parks}
- `parks`: a roundabout, verges and bank planting (no name) and belts (防护林带, 绿化带) share class 0810 with real parks.
- `streets`: 厂内路 is not joined to the network; one part of 文化路 is drawn twice; the trunk road (level 1) crosses
  站前街东延 without meeting it; the underpass has level -1; some lanes and walks have dead ends.
- `residential`: class 0703 inside the built-up area (城中村), and town seats of class 0701 outside it.
- `facilities`: canteen and housekeeping do not occur; several kinds at one place are separated by `;`.
- `idle_land.shp` and `approved_unsupplied.shp` are GBK; `idle_land` has no `.cpg`.

## Projects (`projects.gpkg`)

| id | name | activity | what is planted |
|---|---|---|---|
{projects}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parents[1] / "layers" / "demo")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    plan, county = Plan(), county_outline()
    lay_streets(plan)
    build_seat(plan)
    build_villages(plan)
    river = strip(RIVER_Q, river_half)
    plan.shapes += [Shape(0, river, "1101", "water", "示例河"), Shape(0.5, strip(RAIL_Q, lambda p: 17 + 0 * p), "1001", "rail", "示例铁路")]
    transform, above_river, heights, fields = make_terrain(river)
    plan.shapes += make_landscape(transform, above_river, fields) + road_land(plan)
    f = cut_faces(plan, county)
    land, buildings, streets = land_use_table(f, plan.shapes), make_buildings(plan), node_streets(plan)
    gates, walls = gates_and_walls(plan)
    people = np.bincount(buildings["parcel"], buildings["people"], len(plan.shapes))
    homes = [(s, n) for s, n in zip(plan.shapes, people) if s.kind == "residential" and s.land is not None]
    lake = next(s.land for s in plan.shapes if s.kind == "lake")
    axes = [("示例河", "river", RIVER_Q), ("示例铁路", "railway", RAIL_Q)]
    hulls = {k: union_all([s.land for s, _ in homes if s.info.get("village") == k]).buffer(25).buffer(-15) for k in range(len(VILLAGES))}
    districts, communities = make_units(f, buildings)
    layers = {
        "study_area": table([{"name": "示例县城建成区", "geometry": shapely.coverage_union_all(f.geometry[f["built"]].to_numpy())}]),
        "districts": districts, "communities": communities,
        "villages": table([{"name": VILLAGES[k][0], "population": round(buildings["people"][buildings["village"] == k].sum()), "geometry": g}
                           for k, g in hulls.items()]),
        "residential": table([{"name": s.name, "class": "0703" if s.dlbm == "0702" else "0701", "households": round(n / PER_HOUSEHOLD),
                               "population": round(n), "gated": s.info["gated"], "geometry": s.land} for s, n in homes]),
        "buildings": table(buildings[["floors", "use", "dwellings", "year", "geometry"]]),
        "parks": table([{"name": s.name, "class": s.dlbm, "park_id": s.info.get("park_id") or None, "note": s.info.get("note", ""),
                         "geometry": s.land | lake if s.name == "人民公园" else s.land}
                        for k, s in enumerate((s for s in plan.shapes if s.kind == "park"), 1)])}
    layers["park_entrances"] = park_entrances(layers["parks"], streets)
    layers["historic_districts"] = table([{"name": "示例老城历史文化街区", "geometry": rect(-980, -100, -360, 400)}])
    layers["streets"], layers["compound_gates"] = streets, table(gates)
    layers["barriers"] = table([{"name": n, "kind": k, "geometry": line((-9000, q), (9000, q)) & county} for n, k, q in axes] + walls)
    layers["facilities"], layers["facility_sites"] = make_facilities(plan, buildings, streets, communities)
    lines = control_lines(plan, f, land, layers["parks"], county)
    projects = make_projects(lines, land, layers["villages"], county)
    layers |= {**lines, "land_use": land.drop(columns=["key", "unit", "owner", "built", "zone", "red"])}
    for file, tables in {"county.gpkg": layers, "projects.gpkg": {"projects": projects}}.items():
        (out / file).unlink(missing_ok=True)
        for name, t in tables.items():
            t.to_file(out / file, layer=name, driver="GPKG")
    write_raster(out / "elevation.tif", heights, transform)
    write_population(out / "population.tif", buildings)
    vacant = [s.land for s in plan.shapes if s.kind == "vacant"]
    write_shapefile(out / "approved_unsupplied.shp", [
        {"批准文号": f"示例政土〔{2017 + k}〕{11 + 7 * k}号", "批准年份": 2017 + k, "面积": round(g.area, 2), "原因": REASONS[k % 4], "geometry": g}
        for k, g in enumerate(vacant[::2])], cpg=True)
    write_shapefile(out / "idle_land.shp", [
        {"地块名称": f"示例闲置地块{k + 1}", "约定开工": f"{2018 + k}-06-30", "面积": round(g.area, 2), "建设比例": 0.08 * k,
         "原因": REASONS[(k + 1) % 4], "geometry": g} for k, g in enumerate(vacant[1::2])], cpg=False)
    write_texts(out, layers, layers["parks"], projects)


if __name__ == "__main__":
    main()
