"""A condition picks rows, and is no order to a database."""

import pytest
import town

from gis_planning.errors import InputError, LayerError
from gis_planning.formats import condition
from gis_planning.formats.convert import convert
from gis_planning.formats.read import sources

FILES = ["p.gpkg", "p.shp", "p.geojson", "p.fgb", "p.parquet"]


def saved(folder, name):
    columns = {
        "DLBM": ["0701", "0702", "0301"],
        "图斑面积": [3.0, 7.0, 9.0],
        "名称": ["甲; 乙", "丙--丁", "it's"],
        "limit": [1, 2, 3],
    }
    frame = town.frame(*[town.box(200 * i, 0, 200 * i + 100, 100) for i in range(3)], **columns)
    options = {"encoding": "gb18030"} if name.endswith(".shp") else {}
    if name.endswith(".parquet"):
        frame.to_parquet(folder / name)
    else:
        frame.to_file(folder / name, engine="pyogrio", **options)
    return folder / name


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ("DLBM = '0701'", [0]),
        ("DLBM IN ('0701', '0301') AND 图斑面积 > 5", [2]),
        ('"图斑面积" > 5', [1, 2]),
        ("图斑面积 > 5 AND NOT (DLBM LIKE '03%')", [1]),
        ("名称 = '甲; 乙' OR 名称 = '丙--丁'", [0, 1]),
        ("名称 = 'it''s'", [2]),
        ('"limit" = 2 OR DLBM IS NULL', [1]),
        ("图斑面积 BETWEEN 2.5 AND 7e0", [0, 1]),
        ("dlbm <> '0701'", [1, 2]),
    ],
)
def test_conditions_of_every_kind_pick_their_rows(tmp_path, name, where, rows):
    read = sources.read_source(saved(tmp_path, name), where=where)
    assert sorted(town_x(read.frame)) == rows


def town_x(frame):
    return [round((one.bounds[0] - one.bounds[0] // 1e6 * 1e6 - 500_000) / 200) for one in frame.geometry]


ORDERS = [
    "1=1; VACUUM INTO 'x.db'",
    "1=1;",
    "1=1) UNION SELECT 1 FROM p WHERE (1=1",
    "1=1 UNION ALL SELECT fid FROM p",
    "fid IN (SELECT fid FROM other)",
    "EXISTS (SELECT 1)",
    "load_extension('x') IS NULL",
    "ogr_geocode('x') IS NULL",
    "\"load_extension\"('x') = 1",
    "pg_read_file('/etc/passwd') = ''",
    "public.dblink('x') = 1",
    "1=1 -- and more",
    "1=1 /* x */",
    "(1=1",
    "1=1)",
    "DLBM = '0701",
    'DLBM = "0701',
    "DLBM = E'\\'' ; DROP TABLE p --'",
    "DLBM = 'a\\'' OR 1=1",
    "ARRAY[(SELECT 1)] IS NOT NULL",
    "DLBM = $$x$$",
    "1=1 LIMIT 1",
    "1=1 ORDER BY DLBM",
    "ATTACH 'x' AS y",
    "DLBM ＝ '0701'",
    "",
    "  ",
    "(" * 60 + "1=1" + ")" * 60,
    "1=1" + " OR 1=1" * 2000,
    "DLBM = '\0'; x",
]


@pytest.mark.parametrize("where", ORDERS)
def test_orders_are_refused_before_any_database_sees_them(tmp_path, where, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = saved(tmp_path, "p.gpkg")
    before = sorted(tmp_path.iterdir())
    for call in (
        lambda: sources.read_source(source, where=where),
        lambda: convert(source, tmp_path / "o.gpkg", where=where),
        lambda: condition.checked(where, source),
    ):
        with pytest.raises(LayerError) as caught:
            call()
        assert caught.value.text.key == "source.no_condition"
        assert "--where" in str(caught.value)
        assert "p.gpkg" in caught.value.to("zh")
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("where", ["图斑面 > 5", '"图斑面积2" > 5', "NOPE = 1", "DLBM = = 1"])
def test_a_condition_that_does_not_fit_is_blamed_itself(tmp_path, name, where):
    """A name in double quotes that is no field is a mere text to SQLite, and finds nothing without a word."""
    source = saved(tmp_path, name)
    for call in (
        lambda: sources.read_source(source, where=where),
        lambda: convert(source, tmp_path / "o.gpkg", where=where),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert caught.value.text.key in {"source.where_field", "source.bad_where"}
        assert where in str(caught.value).replace("\\'", "'")
        assert "\\x" not in str(caught.value)
    assert not (tmp_path / "o.gpkg").exists()


def test_a_broken_file_is_not_blamed_on_the_condition(tmp_path):
    source = saved(tmp_path, "p.fgb")
    source.write_bytes(source.read_bytes()[:-60])
    with pytest.raises(InputError) as caught:
        sources.read_source(source, where="DLBM = '0701'")
    assert caught.value.text.key == "source.unreadable"
