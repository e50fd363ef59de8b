"""Odd words, settings, shapes and requests, for everything of ours that takes them apart."""

import http.client
import math
import socket
import threading
import time

import numpy as np
import pyproj
import pytest
import shapely
from fuzzing import CELLS, ODD, answers, damaged, examples
from hypothesis import given
from hypothesis import strategies as st
from own_rules import CLAUSE, DOCUMENT
from town import write

from gis_planning import geo, show
from gis_planning.circles_at import _degrees
from gis_planning.conventions import kinds
from gis_planning.county import fields, place, repair, shift
from gis_planning.county.file import read_county_file, stated_lang
from gis_planning.formats import address, condition, gauss_kruger
from gis_planning.formats.read import (
    boundary_table,
    cells,
    encodings,
    nesting,
    numbering,
    osm_tags,
    postgis_access,
    windings,
)
from gis_planning.judging import projects, rule_tables, rulebook
from gis_planning.mending import mending
from gis_planning.results.compared import earlier_layers
from gis_planning.texts import text
from gis_planning.texts.hidden import hidden

WORDS = st.one_of(
    st.text(max_size=40),
    st.lists(st.sampled_from([one.decode("utf-8", "replace") for one in ODD]), max_size=4).map("".join),
)
PLANE = pyproj.CRS(4526)
COUNTY = """
[county]
name = "示例镇"
code = "150999"
crs = "EPSG:4526"
[layers.parks]
source = "county.gpkg"
layer = "parks"
where = "DLBM = '0810'"
fields = { name = "MC" }
[quality]
edition = "2024"
"""


@examples(80)
@given(said=WORDS)
def test_words(said):
    answers(projects.day, said)
    answers(projects.activity_named, said)
    answers(_degrees, said)
    answers(mending.asked_for, control=(said,), only=(said,), coverage=(said,), gaps_below_m=0, tolerance=0.01)
    answers(rule_tables.is_day, said)
    boundary_table.area_m2(said)
    boundary_table.squash(said)
    cells.number(said)
    cells.rounded(said)
    cells.half_width(said)
    gauss_kruger.datum_of(said)
    hidden(said)
    assert text("source.missing", source=said).to("zh")


@examples(6)
@given(said=WORDS)
def test_names_of_reference_systems(said):
    # The library looks through all it knows for a word, which takes its time.
    answers(geo.parse_crs, said, source="a")
    answers(geo.working_crs, said, source="a")


SOUND = st.sampled_from([
    "postgresql://gis@10.1.2.3:5433/county?sslmode=require", "postgresql:///county?service=a", "county.gpkg",
    "postgresql://[::1],b:5432/x", "DLBM = '01' AND \"MJ\" > 3", "name LIKE '%a%' OR x IN (1, 2)", "MJ BETWEEN 1 AND 2",
])  # fmt: skip


@examples(120)
@given(raw=SOUND.flatmap(lambda said: damaged(said.encode())))
def test_addresses_and_conditions(tmp_path_factory, raw):
    said = raw.decode("utf-8", "surrogateescape" if len(raw) % 2 else "replace")
    source = tmp_path_factory.getbasetemp() / "a.gpkg"
    answers(address.place_of, said)
    answers(address.refuse_password, said)
    if (found := answers(address.parse_address, said)) is not None:
        answers(postgis_access.plan, dict(found.options))
    answers(condition.stated, said, source)
    if (known := answers(condition.checked, said, source)) is not None:
        answers(condition.fitted, known, ["DLBM", "MJ", "name", "x"], source, "t")


@examples(80)
@given(raw=damaged(COUNTY.encode()))
def test_county_files(tmp_path_factory, raw):
    file = tmp_path_factory.getbasetemp() / "county.toml"
    file.write_bytes(raw)
    answers(read_county_file, file)
    answers(stated_lang, file.parent)


@examples(80)
@given(raw=damaged((DOCUMENT + CLAUSE).encode()))
def test_rule_documents(raw):
    answers(rulebook.read_document, raw, "own.toml")


@pytest.mark.parametrize("opened", ["[", "{a=", "[[", "(", "{", "a.", "'", '"""', "\x00"])
def test_what_is_deep_is_refused_at_once(tmp_path, opened):
    deep = opened * 30_000
    for said in (f"a = {deep}", deep):
        answers(rulebook.read_document, said.encode(), "own.toml")
        answers(condition.checked, said, tmp_path / "a.gpkg")
        answers(address.place_of, f"postgresql://{said}")
        hidden(said)


@examples(80)
@given(raw=st.one_of(st.binary(max_size=60), damaged("小学 São".encode()), damaged("小学25°".encode("gbk"))))
def test_encodings(raw):
    assert encodings.told(raw) in (None, "UTF-8", "GB18030")


NUMBERS = st.one_of(
    st.floats(),
    st.floats(38_500_000, 38_500_100),
    st.integers(0, 6).map(float),
    st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0, 1e308, 5e-324, 1e12]),
)
CORNERS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=9)


def shape_of(corners, inner=()):
    corners, inner = ([point for point in ring if not np.isnan(point).any()] for ring in (corners, inner))
    corners, inner = corners if len(corners) > 2 else [(0, 0), (1, 0), (0, 1)], inner if len(inner) > 2 else ()
    return shapely.Polygon(corners, [inner] if inner else None)


@st.composite
def shapes(draw):
    """Give polygons as files hold them: rings that cross, touch, repeat or run to infinity; none, and empty ones."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        whole = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=9)
        corners = whole if draw(st.integers(0, 3)) else CORNERS
        inner = draw(st.one_of(st.just(()), corners))
        one = shape_of(draw(corners), inner)
        several = draw(st.booleans())
        kinds_ = [
            one,
            shapely.multipolygons([one, one]) if several else one,
            None,
            shapely.Polygon(),
            shapely.force_3d(one),
        ]
        found.append(draw(st.sampled_from(kinds_)))
    return np.array(found, dtype=object)


@examples(30)
@pytest.mark.filterwarnings(
    "ignore:invalid value:RuntimeWarning", "ignore:overflow:RuntimeWarning", "ignore:divide:RuntimeWarning"
)
@given(areas=shapes())
def test_rings(areas):
    names = np.array([str(at) for at in range(len(areas))])
    answers(windings.doubts, areas)
    answers(windings.as_wound, areas.copy())
    same = {"layer": "parks", "source": "a.gpkg", "curved": {}, "to_working": lambda shapes: shapes}
    for wanted in ("polygon", "line", "point", "any"):
        answers(repair.mend, areas, names, wanted=wanted, **same)


@examples(25)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning", "ignore:overflow:RuntimeWarning")
@given(areas=shapes(), far=st.sampled_from([0.0, 1e7, 1e8, -1e8, 1e12]))
def test_where_shapes_lie(areas, far):
    sound = [one for one in areas if one is not None and np.isfinite(shapely.get_coordinates(one)).all()]
    finite = np.array(sound, dtype=object)
    finite = shapely.transform(finite, lambda xy: xy + far)
    boxes = place.boxes_of(finite)
    whole = answers(place.joint, boxes)
    answers(place.far_from, boxes, 100.0, whole)
    answers(place.main_box, boxes, PLANE)
    answers(place.refuse_impossible, finite, PLANE, source="a.gpkg", table="t")
    there = {"study_area": (38_500_000.0, 4_580_000.0, 38_501_000.0, 4_581_000.0)}
    for others in ({}, {"study_area": place.Lying(there["study_area"], "b.gpkg", "s")}):
        near = place.Near("parks", there, 20.0, np.zeros(len(boxes), bool), lambda others=others: others)
        answers(place.far_away, boxes, near, source="a.gpkg", table="t")
    if whole:
        answers(place.misplaced_code, "150999", whole, PLANE)
    answers(shift.shifts, {"parks": finite, "districts": areas[:1]})


@examples(100)
@given(rings=st.lists(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=4, max_size=8), max_size=4))
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning", "ignore:overflow:RuntimeWarning")
def test_nesting_and_numbers(rings):
    # Every reader refuses what lies nowhere on earth before it looks how rings lie in each other.
    finite = [[point for point in ring if all(abs(one) < 1e9 for one in point)] for ring in rings]
    closed = [nesting.close(ring) for ring in finite if len(ring) > 3]
    answers(nesting.nest, closed)
    for ring in closed:
        nesting.end_of_ring(ring)
        numbering.starts([f"J{at % 3}" for at in range(len(ring))], ring)


@examples(100)
@given(values=st.lists(CELLS, min_size=1, max_size=5), kind=st.sampled_from(["facilities", "parks", "land_use"]))
def test_values_of_fields(values, kind):
    import pandas as pd

    column = pd.Series(values, dtype=object)
    for field in kinds()[kind].fields:
        answers(fields.typed, column, kinds()[kind], field.name, "a.gpkg")


TAGS = st.dictionaries(
    st.sampled_from(["area", "building", "highway", "leisure", "layer", "name"]), st.text(max_size=6)
)


@examples(100)
@given(tags=TAGS)
def test_tags(tags):
    assert osm_tags.is_area(tags) in (True, False)


@examples(25)
@given(raw=st.binary(max_size=200))
def test_earlier_runs(tmp_path_factory, raw):
    file = tmp_path_factory.getbasetemp() / "results.gpkg"
    file.write_bytes(b"SQLite format 3\0" + raw)
    answers(earlier_layers, file, ["offenders"])


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    (folder / "index.html").write_text("<p>一页</p>", encoding="utf-8")
    (folder.parent / "secret.txt").write_text("KEPT", encoding="utf-8")
    server, _ = show.site(folder)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address
    server.shutdown()
    server.server_close()


GET = b"GET /index.html HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
PATHS = [
    b"/../secret.txt",
    b"/%2e%2e/secret.txt",
    b"/%00",
    b"//x/..",
    b"/\xff",
    b"/" + b"a/" * 3000,
    b"*",
    b"http://a/",
]


@examples(30)
@given(raw=st.one_of(damaged(GET), st.sampled_from(PATHS).map(lambda path: GET.replace(b"/index.html", path))))
def test_requests(served, raw):
    start = time.monotonic()
    with socket.create_connection(served, timeout=20) as client:
        client.sendall(raw)
        client.shutdown(socket.SHUT_WR)
        said = b""
        try:
            while block := client.recv(65_536):
                said += block
        except ConnectionError:
            pass
    assert b"KEPT" not in said
    assert b"Traceback" not in said
    assert time.monotonic() - start < 19


def test_a_site_answers_after_odd_requests(served):
    connection = http.client.HTTPConnection(*served, timeout=20)
    connection.request("GET", "/index.html")
    assert connection.getresponse().status == 200
    connection.close()


#: Each key of a county file, with values that none of them takes all of.
KEYS = [
    *(
        ("county", key)
        for key in ("name", "code", "crs", "lang", "data_date", "note", "rules", "near_km", "population")
    ),
    *(
        ("layers.parks", key)
        for key in ("source", "layer", "crs", "where", "fields", "none_exist", "datum", "coverage")
    ),
    *(("quality", key) for key in ("edition", "weights", "adjustment")),
    *(("ground", key) for key in ("slope", "path")),
]


@examples(100)
@given(at=st.sampled_from(KEYS), value=CELLS)
def test_values_of_county_files(tmp_path_factory, at, value):
    table, key = at
    said = repr(str(value)) if value is None or isinstance(value, str) else str(value).lower()
    folder = tmp_path_factory.getbasetemp()
    keep = "" if key == "name" else 'name = "a"\n'
    (folder / "county.toml").write_bytes(f"[county]\n{keep}\n[{table}]\n{key} = {said}\n".encode("utf-8", "replace"))
    answers(read_county_file, folder / "county.toml")


def test_a_town_is_sound(tmp_path):
    assert answers(read_county_file, write(tmp_path / "a") / "county.toml") is not None


# -- what was found so, each by itself


@pytest.mark.parametrize("endless", [math.inf, -math.inf, 1e300])
def test_a_hole_that_runs_to_infinity_tells_no_winding(endless):
    wide = shapely.Polygon([(0, 0), (0, 9), (9, 9), (9, 0)], [[(1, 1), (1, 2), (1, endless)]])
    areas = np.array([wide, None], dtype=object)
    assert not len(windings.as_wound(areas))
    assert windings.doubts(areas) == {}


def test_layers_without_shapes_are_shifted_by_nothing():
    none = np.array([None, shapely.Polygon()], dtype=object)
    assert shift.shifts({"parks": none, "districts": none[:0]}) == {}
    assert nesting.nest([]).polygons == []


def test_long_facts_and_addresses_come_to_an_end():
    for said in ("a.b+c-" * 9000, "jdbc:oracle:" * 3000, "postgresql://" + "a." * 30_000):
        start = time.process_time()
        assert len(text("source.missing", source=said).to("en")) < 3000
        answers(address.place_of, said)
        assert time.process_time() - start < 5
    assert answers(address.place_of, "postgresql://gis@h/\udc80") is None


def test_no_class_of_a_fault_is_named():
    said = text("source.unreadable", source="a.xlsx", reason=KeyError("ValueError: xl/a.xml\nos.XMLParseError: no")).to(
        "en"
    )
    assert "xl/a.xml" in said
    assert "Error" not in said


def test_an_area_beyond_its_projection_is_not_compared_and_told(tmp_path):
    import geopandas as gpd

    from gis_planning.county.raw import Raw
    from gis_planning.measures.quality.areas import stated_area

    near, far = (shapely.box(x, 4_580_000, x + 100, 4_580_100) for x in (38_500_000, 138_500_000))
    table = gpd.GeoDataFrame({"TBMJ": [10_000.0, 10_000.0]}, geometry=[near, far], crs=PLANE)
    found = stated_area(Raw.of(table, "DLTB"))
    assert not len(found.offenders)
    assert [note.key for note in found.notes] == ["quality.not_compared", "quality.beyond_projection"]
    assert all(note.to("zh") for note in found.notes)


@pytest.mark.parametrize("name", ["hex", "rot13", "undefined", "U\0TF-8", "base64"])
def test_names_of_no_encoding_are_none(tmp_path, name):
    import geopandas as gpd

    from gis_planning.formats.read import vector

    gpd.GeoDataFrame({"a": ["x"]}, geometry=[shapely.box(38_500_000, 0, 38_500_001, 1)], crs=PLANE).to_file(
        tmp_path / "a.shp"
    )
    (tmp_path / "a.cpg").write_text(name)
    assert len(vector.read(tmp_path / "a.shp").frame) == 1


def test_a_word_that_is_no_activity_is_shown_as_it_is():
    from gis_planning.maps.web.county_layers import _said

    assert _said("activity", "a0", "zh", use=False) == "a0"
    assert _said("activity", "linear", "zh", use=False) == "线性基础设施"


def test_corners_at_infinity_repeat_nothing():
    from gis_planning.measures.shapes import repeated_points

    endless = shapely.LineString([(0, 0), (math.inf, 0), (math.inf, 0), (5, 5)])
    twice = shapely.LineString([(0, 0), (1, 1), (1, 1)])
    assert repeated_points(np.array([endless, twice], dtype=object), 0.0).at.tolist() == [1]
