"""A place without a name is called by what is near, and by where in the county it lies."""

import geopandas as gpd
import pytest
import town

from gis_planning.results.schema import GAPS, described
from gis_planning.view.brief import brief
from gis_planning.view.roles import Shown
from gis_planning.view.whereabouts import whereabouts

AREA = town.frame(town.box(0, 0, 1000, 1000))


def called(shape, lang="zh", **context):
    return whereabouts(gpd.GeoSeries([shape], crs=AREA.crs), {"study_area": AREA, **context}, lang)[0]


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [
        (950, 500, "东部"),
        (900, 900, "东北部"),
        (500, 990, "北部"),
        (10, 10, "西南部"),
        (900, 60, "东南部"),
        (510, 490, "中部"),
    ],
)
def test_by_direction_from_the_middle(x, y, said):
    assert called(town.box(x - 5, y - 5, x + 5, y + 5)) == said


def test_by_the_village_before_the_street_and_only_where_they_are_near():
    patch = town.box(890, 890, 910, 910)
    streets = town.frame(town.box(0, 949, 1000, 951), name=["建设路"])
    villages = town.frame(town.box(799, 899, 801, 901), name=["嘎查"])
    assert called(patch, streets=streets) == "建设路沿线（东北部）"
    assert called(patch, streets=streets, villages=villages) == "嘎查旁（东北部）"
    assert called(patch, "en", streets=streets) == "on 建设路, in the north-east"
    far = town.frame(town.box(0, 99, 1000, 101), name=["南环路"])
    assert called(patch, streets=far) == "东北部"
    assert called(patch, streets=town.frame(town.box(0, 949, 1000, 951), name=[" "])) == "东北部"


def test_ranked_gaps_without_a_name_are_called_by_where_they_lie():
    # An empty cell of theirs has words of its own, which say less.
    north = town.box(495, 985, 505, 995)
    land = town.frame(north, north, rank=[1, 2], parcels=["东园", None], area_m2=[9.0, 4.0])
    shown = Shown("offenders", described("offenders", land, GAPS), land)
    names = next(one for one in brief(shown, "zh", None, {"study_area": AREA}) if one.column.key == "parcels")
    assert names.cells == ["东园", "北部"]
    alone = next(one for one in brief(shown, "zh", None) if one.column.key == "parcels")
    assert alone.cells == ["东园", "未命名地块"]
