"""The same coverage computed by PostGIS, on a larger town than can be counted by hand."""

import numpy as np
import oracle
import pytest
import shapely
import town


def big_town(seed=7, homes=1500, parks=120):
    random = np.random.default_rng(seed)

    def rectangles(count, smallest, largest, extent):
        x, y = random.uniform(0, extent, (2, count))
        w, h = random.uniform(smallest, largest, (2, count))
        angle = random.uniform(0, np.pi / 2, count)
        boxes = [town.box(a - c / 2, b - d / 2, a + c / 2, b + d / 2) for a, b, c, d in zip(x, y, w, h, strict=True)]
        return [shapely.affinity.rotate(one, turn, use_radians=True) for one, turn in zip(boxes, angle, strict=True)]

    return {
        "study_area": town.frame(shapely.Point(town.EAST + 4000, town.NORTH + 4000).buffer(3900, quad_segs=16)),
        "residential": town.frame(*rectangles(homes, 30, 150, 8000)),
        "parks": town.frame(*rectangles(parks, 15, 110, 8000), park_id=[f"P{n}" for n in range(parks)]),
        "districts": town.frame(
            *(town.box(x, y, x + 4000, y + 4000) for x in (0, 4000) for y in (0, 4000)), name=["一", "二", "三", "四"]
        ),
    }


SQL = """
WITH zone AS (SELECT ST_UnaryUnion(ST_Collect(ST_Buffer(geom,
         CASE WHEN ST_Area(geom) >= 5000 THEN 500 ELSE 300 END, 'quad_segs=256'))) AS g
       FROM parks WHERE ST_Area(geom) >= 400),
     land AS (SELECT ST_Intersection(ST_UnaryUnion(ST_Collect(r.geom)), (SELECT geom FROM area)) AS g FROM homes r)
SELECT ST_Area(ST_Intersection(land.g, zone.g)), ST_Area(land.g) FROM land, zone
UNION ALL
SELECT * FROM (SELECT ST_Area(ST_Intersection(ST_Intersection(land.g, d.geom), zone.g)),
                      ST_Area(ST_Intersection(land.g, d.geom))
    FROM land, zone, districts d ORDER BY d.id) AS by_district;
"""


def test_postgis_finds_the_same_coverage_as_a_whole_and_by_district():
    oracle.postgis()
    one = big_town()
    measured = town.measure(one)
    tables = {"homes": "residential", "parks": "parks", "area": "study_area", "districts": "districts"}
    rows = oracle.query({name: one[layer].geometry for name, layer in tables.items()}, SQL)
    ours = [[measured.numerator, measured.denominator], *([p.numerator, p.denominator] for p in measured.parts)]
    assert 0.2 < measured.value < 0.95
    assert len(rows) == len(ours) == 5
    for found, expected in zip(ours, rows, strict=True):
        assert found == pytest.approx(expected, rel=1e-7)


def test_postgis_finds_the_same_patches():
    oracle.postgis()
    one = big_town(seed=8, homes=400, parks=60)
    patches = town.measure(one).offenders
    rows = oracle.query(
        {"patches": patches.geometry, "parks": one["parks"].geometry},
        """SELECT (SELECT min(ST_Distance(p.geom, k.geom)) FROM parks k WHERE ST_Area(k.geom) >= 400), ST_Area(p.geom)
           FROM patches p ORDER BY p.id""",
    )
    assert patches["nearest_m"].tolist() == pytest.approx([row[0] for row in rows], abs=1e-6)
    assert patches["area_m2"].tolist() == pytest.approx([row[1] for row in rows], rel=1e-9)
    assert patches["area_m2"].is_monotonic_decreasing
