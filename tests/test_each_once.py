"""What is done once for each shape is what is done for all of them; what layers tell by steps comes back whole."""

import numpy as np
import pyproj
import shapely

from gis_planning.maps.web import degrees, each_once, facts, shapes

CRS = pyproj.CRS("EPSG:4526")


def boxes(*lefts):
    return np.array([shapely.box(38_450_000 + left, 4_500_000, 38_450_040 + left, 4_500_030) for left in lefts])


def test_shapes_of_several_layers_are_asked_for_once_and_are_the_same(monkeypatch):
    asked = []

    def moved(some, crs, number):
        asked.append(len(some))
        return degrees.moved(some, crs)

    known = each_once.each_once(moved)
    for lefts in ((0, 100, 0), (100, 200), (0, 200)):
        assert known(boxes(*lefts), CRS, 1.0).tolist() == degrees.moved(boxes(*lefts), CRS).tolist()
    assert asked == [2, 1]
    monkeypatch.setattr(each_once, "MOST_SHAPES", 1)
    assert known(boxes(0, 0), CRS, 1.0).tolist() == degrees.moved(boxes(0, 0), CRS).tolist()
    assert asked == [2, 1, 1]


def test_what_may_stand_in_other_layers_is_written_as_what_does_not():
    some = boxes(0, 40, 0)
    assert shapes._packed(some, CRS, 0.01, again=True) == shapes._packed(some, CRS, 0.01, again=False)
    assert facts._placed(some, CRS, 18.0, again=True) == facts._placed(some, CRS, 18.0, again=False)


def test_boxes_are_moved_as_their_corners_are():
    box = np.array([[38_450_000.0, 4_500_000.0, 38_460_000.0, 4_520_000.0]])
    corners = degrees.moved(np.array([shapely.box(*box[0])]), CRS)
    assert degrees.boxed(box, CRS).tolist() == shapely.bounds(corners).tolist()
    assert degrees.boxed(box, CRS, CRS) is box


def test_steps_leave_out_what_is_no_number():
    assert facts._steps([3, None, 5.4, float("nan"), float("inf"), 1]) == [3, None, 2, None, None, -4]
    assert facts._steps([2**70, 1]) == [2**70, 1 - 2**70]
    assert facts._steps([]) == []
