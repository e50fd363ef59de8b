"""A small town whose answers are counted by hand.

Lengths in metres; one character is 100 m wide and 100 m high. The origin is on the central meridian of zone 38
(EPSG:4526), at easting 38 500 000 and northing 4 580 000::

    y=1000 +--------------------+
           |A.........#.........|      A  Long Park, 100 x 1000      = 100 000 m2, large
           |A.........#.........|      #  x = 1000: West | East, two districts
           |A.........#.........|      R  Row,       600 x 100       =  60 000 m2, from (200, 100)
           |A.........#.........|      S  Square Court, 100 x 20     =   2 000 m2, from (1600, 410)
           |A.........#.....S..b|      b  Pocket Park,  20 x 40      =     800 m2, from (1900, 400)
           |A.........#.....S...|      T  Straddle,   200 x 100      =  20 000 m2, from (900, 800)
           |A.........#..       |
           |A.RRRRRR...         |
           |A                   |
    y=0    +--------------------+
           x=0                  x=2000

Long Park serves 500 m: everything with x <= 600. Pocket Park serves 300 m in profiles whose floor is 400 m2: Square
Court lies at x 1600 to 1700 and y 410 to 430, beside the park's straight west edge (x = 1900, y 400 to 440) and no
farther than 1900 - 1600 = 300 m, so all of it is served.

    Row        60 000 m2, served 200..600 of 200..800 -> 40 000 m2
    Square      2 000 m2, served                         2 000 m2 (0 with a floor of 2 000 m2)
    Straddle   20 000 m2, served                             0 m2
    together   82 000 m2, served 42 000 m2 -> 42/82; by district West 40 000 of 70 000, East 2 000 of 12 000
"""

from __future__ import annotations

import pickle
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import shapely
from shapely import affinity

CRS = "EPSG:4526"
EAST, NORTH = 38_500_000.0, 4_580_000.0


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    return shapely.box(EAST + x0, NORTH + y0, EAST + x1, NORTH + y1)


def frame(*geometries: shapely.Geometry, **columns: list) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(geometries), crs=CRS)


def layers() -> dict[str, gpd.GeoDataFrame]:
    """Return the town's layers, fresh each time."""
    return {
        "study_area": frame(box(0, 0, 2000, 1000), name=["建成区"]),
        "districts": frame(box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000), name=["西街道", "东街道"]),
        "residential": frame(
            box(200, 100, 800, 200), box(1600, 410, 1700, 430), box(900, 800, 1100, 900), name=["长排", "方院", "骑界"]
        ),
        "parks": frame(
            box(0, 0, 100, 1000), box(1900, 400, 1920, 440), name=["长公园", "口袋公园"], **{"class": ["G11", "G14"]}
        ),
    }


ARGS = {"min_area_m2": 400, "small_radius_m": 300, "large_area_m2": 5000, "large_radius_m": 500}


def measure(town: dict[str, gpd.GeoDataFrame], **settings: object):
    """Measure the radius coverage of a town."""
    from gis_planning.analysis.work import applied
    from gis_planning.measures.green import radius_coverage

    names = ("residential", "parks", "study_area", "districts", "historic_districts", "population", "buildings")
    return applied(radius_coverage, **{name: town.get(name) for name in names}, **(ARGS | settings))


def moved(town: dict[str, gpd.GeoDataFrame], dx: float, dy: float) -> dict[str, gpd.GeoDataFrame]:
    """Return the town moved as a whole."""
    return {name: one.set_geometry([affinity.translate(g, dx, dy) for g in one.geometry]) for name, one in town.items()}


def write(folder: Path, town: dict[str, gpd.GeoDataFrame] | None = None, *, county: str = "", **tables: str) -> Path:
    """Write a town as a county folder; `county` and `tables` add lines to county.toml and to a layer's table."""
    folder.mkdir(parents=True, exist_ok=True)
    town = layers() if town is None else town
    lines = ["[county]", 'name = "示例镇"', f'crs = "{CRS}"', county]
    if town:
        (folder / "county.gpkg").write_bytes(_geopackage(pickle.dumps(town)))
    for name in town:
        lines += [f"[layers.{name}]", 'source = "county.gpkg"', f'layer = "{name}"', tables.pop(name, "")]
    for name, table in tables.items():
        lines += [f"[layers.{name}]", table]
    (folder / "county.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


# Most tests write a town that another one has written before, which costs more than to judge it.
@lru_cache(maxsize=32)
def _geopackage(town: bytes) -> bytes:
    """Return the file of a pickled town."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "county.gpkg"
        for name, one in pickle.loads(town).items():
            one.to_file(file, layer=name, driver="GPKG")
        return file.read_bytes()
