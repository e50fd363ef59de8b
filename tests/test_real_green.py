"""Real green areas and real boundaries, read in place; skipped where the data are not beside the project."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from gis_planning import cli, geo
from gis_planning.analysis.parks import qualifying_parks
from gis_planning.county.opened import open_county

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared real data are not beside this clone")


def hohhot(tmp_path, **tables):
    green = (DATA / "hohhot_green" / "hohhot_green_unique.geojson").as_posix()
    banners = (DATA / "inner_mongolia_admin" / "inner_mongolia_counties.geojson").as_posix()
    layers = {
        "study_area": f"source = '{banners}'\nwhere = \"adcode = '150102'\"",
        "districts": f"source = '{banners}'\nwhere = \"parent = '150100'\"",
        "parks": f"source = '{green}'\nwhere = \"leisure = 'park'\"",
    } | tables
    lines = ["[county]", 'name = "呼和浩特"', *(f"[layers.{name}]\n{table}" for name, table in layers.items())]
    (tmp_path / "county.toml").write_text("\n".join(lines), encoding="utf-8")
    return open_county(tmp_path)


def test_hohhot_lies_in_zone_37_and_its_parks_keep_their_stated_area(tmp_path):
    county = hohhot(tmp_path, parks=f"source = '{(DATA / 'hohhot_green' / 'hohhot_green_unique.geojson').as_posix()}'")
    assert county.crs.to_epsg() == 4525
    parks = county.layer("parks")
    assert len(parks) == 163
    # The file states areas measured elsewhere; ours, on the ellipsoid, agree with each to a few parts in a thousand.
    stated = county.raw("parks").frame["area_m2"].to_numpy(dtype=float)
    ours = geo.ellipsoid_area(parks.geometry.to_numpy(), county.crs)
    assert np.median(np.abs(ours / stated - 1)) < 5e-3
    assert not county.repairs


def test_hohhot_parks_by_size_and_banners_as_districts(tmp_path):
    county = hohhot(tmp_path)
    chosen = qualifying_parks(county.layer("parks"))
    named = chosen.frame.dropna(subset="name")
    assert any("青城公园" in name for name in named["name"])
    qingcheng = named[named["name"].str.contains("青城公园")]["area_m2"].max()
    assert qingcheng == pytest.approx(459_075, rel=5e-3)
    districts = county.layer("districts")
    assert len(districts) == 9  # four districts, a banner and four counties under the city
    assert {"新城区", "回民区", "玉泉区", "赛罕区"} <= set(districts["name"])
    assert [one.features for one in county.inputs if one.layer == "districts"] == [9]


def test_the_invalid_banners_are_mended_and_listed(tmp_path):
    banners = (DATA / "inner_mongolia_admin" / "inner_mongolia_counties.geojson").as_posix()
    county = hohhot(tmp_path, districts=f"source = '{banners}'")
    assert len(county.layer("districts")) == 103
    (repair,) = [one for one in county.repairs if one.fault == "invalid"]
    assert len(repair.features) == 2
    assert repair.area_after_m2 == pytest.approx(repair.area_before_m2, rel=0.01)
    delivered = county.raw("districts").frame.geometry.to_numpy()
    assert (~shapely.is_valid(delivered)).sum() == 2


def test_the_green_of_lancaster_shows_its_253_invalid_polygons(tmp_path):
    folder = (DATA / "lancaster_ugb").as_posix()
    lines = [
        "[county]",
        'name = "Lancaster"',
        "[layers.study_area]",
        f"source = '{folder}/LancasterCountyBoundary.geojson'",
    ]
    lines += ["[layers.parks]", f"source = '{folder}/LancasterGreenSpace.geojson'"]
    (tmp_path / "county.toml").write_text("\n".join(lines), encoding="utf-8")
    county = open_county(tmp_path)
    assert county.crs.to_epsg() == 32618
    assert len(county.layer("parks")) == 2397
    (repair,) = [one for one in county.repairs if one.fault == "invalid"]
    assert len(repair.features) == 253


def on_drawn_land(verdict):
    """Return what was measured on the residential land of the extract, whether it may stand for the town or not."""
    if verdict["value"] is not None:
        return verdict
    assert verdict["outcome"] == "not-assessed"
    return next(one for one in verdict["references"] if one["key"] == "drawn_land")


@pytest.mark.slow
def test_a_town_that_is_mapped_without_its_homes_is_not_judged(tmp_path):
    # 24,000 people, and 0.24 ha of land mapped as residential, without a house on it.
    extract = DATA / "osm_towns" / "krems.osm.pbf"
    with pytest.raises(SystemExit):
        cli.main(["import-osm", str(extract), "--out", str(tmp_path / "krems"), "--lang", "en"])
    with pytest.raises(SystemExit) as left:
        cli.main(["check", str(tmp_path / "krems"), "--only", "green", "--out", str(tmp_path / "out"), "--lang", "en"])
    assert left.value.code == 0
    told = json.loads((tmp_path / "out" / "scorecard.json").read_text(encoding="utf-8"))["verdicts"]
    assert {one["outcome"] for one in told} == {"not-assessed"}
    beside = {one["key"]: one for one in told[0]["references"]}
    assert beside["drawn_land"]["value"] == pytest.approx(1.0)
    assert beside["drawn_land"]["denominator"] < 3_000
    assert (beside["homes_on_land"]["buildings"], beside["homes_on_land"]["value"]) == (0, 0.0)
    assert 0.4 < beside["land_from_buildings"]["value"] < 0.7


@pytest.mark.slow
@pytest.mark.parametrize("name", ["liechtenstein_20130803", "krems", "north-bayreuth", "andorra"])
def test_a_town_of_openstreetmap_from_the_extract_to_the_verdict(tmp_path, name):
    extract, folder, out = DATA / "osm_towns" / f"{name}.osm.pbf", tmp_path / name, tmp_path / "out"
    with pytest.raises(SystemExit) as left:
        cli.main(["import-osm", str(extract), "--out", str(folder), "--lang", "en"])
    assert left.value.code == 0
    with pytest.raises(SystemExit) as left:
        cli.main(["check", str(folder), "--only", "green", "--out", str(out), "--lang", "en"])
    verdicts = {
        one["code"]: one for one in json.loads((out / "scorecard.json").read_text(encoding="utf-8"))["verdicts"]
    }
    assert left.value.code == int(any(v["outcome"] == "fail" and v["severity"] != "warning" for v in verdicts.values()))
    wide, narrow = (on_drawn_land(verdicts[code]) for code in ("GC22-1", "GB55014-1"))
    assert 0 < narrow["numerator"] <= wide["numerator"] <= wide["denominator"]
    # The same land, computed the plain way from the imported layers.
    county = open_county(folder)
    area = shapely.union_all(county.layer("study_area").geometry.to_numpy())
    land = shapely.union_all(county.layer("residential").geometry.to_numpy()).intersection(area)
    assert wide["denominator"] == pytest.approx(land.area, rel=1e-6)
    assert (out / "index.html").is_file()
