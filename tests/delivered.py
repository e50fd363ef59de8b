"""An invented county database as a bureau delivers it, drawn by hand; everything in it is right.

Lengths in metres from (38 500 000, 4 580 000) in zone 38; two towns, three villages, nine patches::

    y=1000 +--------+----------+------------+----+------+
           | 2  0702|          |            |    | 9    |
    y=800  +--------+ 5  0201  | 6   0401   | 7  | 0103 |
           |        |          |            |1101|      |
    y=500  | 1  0102+----+-----+            |    +------+
           |        | 3  | 4   |            |    | 8    |
           |        |0701| 0810|            |    | 0601 |
    y=0    +--------+----+-----+------------+----+------+
           x=0     500  800  1000         1600 1700  2000
           village A | village B |        village C
           town 100 (x < 1000)   |        town 101

The stated areas are geodesic areas of the densified rings (pyproj.Geod), to two decimals.
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pyproj
import shapely

CRS = "EPSG:4526"
EAST, NORTH = 38_500_000.0, 4_580_000.0
CODE, NAME = "150999", "示例县"
GEOD = pyproj.Geod(a=6378137, rf=298.257222101)
DEGREES = pyproj.Transformer.from_crs(CRS, "EPSG:4490", always_xy=True)


def box(x0, y0, x1, y1):
    return shapely.box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def area(polygon):
    """Return the area of a polygon on the ellipsoid to two decimals, by pyproj on edges of 50 m."""
    lon, lat = DEGREES.transform(*shapely.segmentize(polygon, 50).exterior.xy)
    return round(abs(GEOD.polygon_area_perimeter(lon, lat)[0]), 2)


# Village, class, town or village code, share of ridges.
PATCHES = {
    1: (box(0, 0, 500, 800), "A", "0102", "水浇地", None, 0.0),
    2: (box(0, 800, 500, 1000), "A", "0702", "农村宅基地", "203", 0.0),
    3: (box(500, 0, 800, 500), "B", "0701", "城镇住宅用地", "202", 0.0),
    4: (box(800, 0, 1000, 500), "B", "0810", "公园与绿地", "202", 0.0),
    5: (box(500, 500, 1000, 1000), "B", "0201", "果园", None, 0.0),
    6: (box(1000, 0, 1600, 1000), "C", "0401", "天然牧草地", None, 0.0),
    7: (box(1600, 0, 1700, 1000), "C", "1101", "河流水面", None, 0.0),
    8: (box(1700, 0, 2000, 500), "C", "0601", "工业用地", "202A", 0.0),
    9: (box(1700, 500, 2000, 1000), "C", "0103", "旱地", None, 0.1),
}
VILLAGES = {"A": (f"{CODE}100201", "甲嘎查"), "B": (f"{CODE}100202", "乙嘎查"), "C": (f"{CODE}101201", "丙嘎查")}
TOWNS = {"100": ("AB", "东风镇"), "101": ("C", "西山镇")}


def bsm(layer, number):
    return f"{CODE}{layer:02}{number:010}"


def frame(columns, geometry):
    return gpd.GeoDataFrame(columns, geometry=list(geometry), crs=CRS)


def dltb():
    rows = []
    for number, (polygon, village, dlbm, dlmc, czcsxm, share) in PATCHES.items():
        code, name = VILLAGES[village]
        total = area(polygon)
        ridges = round(total * share, 2)
        arable = dlbm.startswith("01")
        rows.append({
            "BSM": bsm(1, number), "YSDM": "2001010100", "TBYBH": None, "TBBH": str(number), "DLBM": dlbm, "DLMC": dlmc,
            "QSXZ": "30", "QSDWDM": code + "0" * 7, "QSDWMC": name, "ZLDWDM": code + "0" * 7, "ZLDWMC": name,
            "TBMJ": total, "KCDLBM": "1203" if share else None, "KCXS": share, "KCMJ": ridges,
            "TBDLMJ": round(total - ridges, 2), "GDLX": "PD" if share else None, "GDPDJB": "2" if arable else None,
            "XZDWKD": 0.0, "TBXHDM": None, "TBXHMC": None, "ZZSXDM": "LS" if arable else None,
            "ZZSXMC": "种植粮食作物" if arable else None, "GDDB": 9 if arable else None, "FRDBS": "0",
            "CZCSXM": czcsxm, "SJNF": 2023, "MSSM": "00", "HDMC": None, "BZ": None,
        })  # fmt: skip
    table = {name: [row[name] for row in rows] for name in rows[0]}
    table |= {name: pd.array(table[name], dtype="Int32") for name in ("GDDB", "SJNF")}
    return frame(table, [patch[0] for patch in PATCHES.values()])


def villages():
    rows, shapes = [], []
    for number, (village, (code, name)) in enumerate(VILLAGES.items(), 1):
        own = [patch[0] for patch in PATCHES.values() if patch[1] == village]
        total = round(sum(map(area, own)), 2)
        rows.append((bsm(2, number), "1000600400", code + "0" * 7, name, total, total, "00", None, None))
        shapes.append(shapely.union_all(own))
    names = ("BSM", "YSDM", "ZLDWDM", "ZLDWMC", "DCMJ", "JSMJ", "MSSM", "HDMC", "BZ")
    return frame({name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}, shapes)


def towns():
    rows, shapes = [], []
    for number, (town, (own_villages, name)) in enumerate(TOWNS.items(), 1):
        own = [patch[0] for patch in PATCHES.values() if patch[1] in own_villages]
        total = round(sum(map(area, own)), 2)
        rows.append((bsm(3, number), "1000600100", CODE + town, name, total, total, "00", None, None))
        shapes.append(shapely.union_all(own))
    names = ("BSM", "YSDM", "XZQDM", "XZQMC", "DCMJ", "JSMJ", "MSSM", "HDMC", "BZ")
    return frame({name: list(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}, shapes)


def settlements():
    """Land of the town 100, of village A, and the detached industry of town 101."""
    rows = [
        (bsm(4, 1), "2099030100", "202", f"{CODE}100" + "0" * 10, "东风镇", box(500, 0, 1000, 500)),
        (bsm(4, 2), "2099030100", "203", VILLAGES["A"][0] + "0" * 7, "甲嘎查", PATCHES[2][0]),
        (bsm(4, 3), "2099030100", "202A", f"{CODE}101" + "0" * 10, "西山镇", PATCHES[8][0]),
    ]
    names = ("BSM", "YSDM", "CZCLX", "CZCDM", "CZCMC")
    table = {name: [row[at] for row in rows] for at, name in enumerate(names)}
    return frame(table | {"CZCMJ": [area(row[5]) for row in rows], "BZ": [None] * 3}, [row[5] for row in rows])


def boundary():
    """The development boundary: land to be built on, and land for later."""
    shapes = [box(500, 0, 1000, 500), box(1000, 0, 1200, 500)]
    table = {
        "BSM": [bsm(5, 1), bsm(5, 2)], "YSDM": ["2090020240"] * 2, "XZQDM": [CODE] * 2, "XZQMC": [NAME] * 2,
        "GHFQDM": ["410", "420"], "GHFQMC": ["城镇集中建设区", "城镇弹性发展区"], "MJ": [area(one) for one in shapes],
        "BZ": [None] * 2,
    }  # fmt: skip
    return frame(table, shapes)


def farmland():
    polygon = PATCHES[1][0]
    table = {
        "BSM": [bsm(6, 1)], "YSDM": ["2005010100"], "XZQDM": [CODE], "XZQMC": [NAME], "YJJBNTTBBH": ["0001"],
        "DLBM": ["0102"], "DLMC": ["水浇地"], "QSXZ": ["30"], "YJJBNTTBMJ": [area(polygon)], "KCXS": [0.0],
        "KCMJ": [0.0], "YJJBNTMJ": [area(polygon)],
    }  # fmt: skip
    return frame(table, [polygon])


def tables():
    """Return the delivered tables by name, fresh each time."""
    return {
        "XZQ": towns(),
        "CJDCQ": villages(),
        "DLTB": dltb(),
        "CZCDYD": settlements(),
        "CZKFBJ": boundary(),
        "YJJBNTBHTB": farmland(),
    }


def write_gdb(target, found=None, *, aliases=(), dataset="TDLY", **options):
    """Write tables into a geodatabase, all in one feature dataset."""
    for name, one in (found or tables()).items():
        aliased = {"LAYER_ALIAS": dict(aliases)[name]} if name in dict(aliases) else {}
        pyogrio.write_dataframe(
            one,
            target, layer=name, driver="OpenFileGDB", FEATURE_DATASET=dataset, **aliased, **options,
        )  # fmt: skip
    return target


def write_shapefiles(folder, found=None, *, encoding="GBK", cpg=True, prefix=""):
    """Write tables as shapefiles, in GBK and with or without a .cpg."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, one in (found or tables()).items():
        path = folder / f"{prefix}{name}.shp"
        pyogrio.write_dataframe(one, path, encoding=encoding)
        if not cpg:
            path.with_suffix(".cpg").unlink()
            # The driver writes the encoding into the dBASE header too.
            content = bytearray(path.with_suffix(".dbf").read_bytes())
            content[29] = 0
            path.with_suffix(".dbf").write_bytes(content)
    return folder


def write_gpkg(target: Path, found=None):
    for name, one in (found or tables()).items():
        pyogrio.write_dataframe(one, target, layer=name, driver="GPKG")
    return target
