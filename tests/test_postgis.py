"""PostGIS as a source: what is read, what is refused with which words, and that nobody's password is told."""

import json
import subprocess
import uuid
from urllib.parse import urlsplit

import geopandas as gpd
import numpy as np
import oracle
import pytest
import shapely
import town
from gate import Gate

from gis_planning.county.opened import open_county
from gis_planning.errors import CountyError, InputError, LayerError, SourceError
from gis_planning.formats.address import parse_address
from gis_planning.formats.read import postgis
from gis_planning.formats.read.area import Area
from gis_planning.formats.read.parcels import read_parcels
from gis_planning.formats.read.vector import Part

HOSTILE = "a\"b; DROP TABLE x; --'.地块"


def psql(sql):
    done = subprocess.run(
        ["psql", oracle.postgis(), "-qAt", "-v", "ON_ERROR_STOP=1"], input=sql, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def schema():
    """Yield a schema of its own, gone afterwards."""
    name = f"s{uuid.uuid4().hex[:10]}"
    psql(f"CREATE SCHEMA {name}")
    yield name
    psql(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture
def database():
    return parse_address(oracle.postgis())


def parks(schema, table="parks", srid=4526, extra=""):
    """Make a table of two parks of 100 m by 100 m and 50 m by 100 m."""
    quoted, shape = postgis.quoted(table), f"geom geometry(Polygon, {srid})"
    psql(f"""
        CREATE TABLE {schema}.{quoted} ("编号" int, 名称 text, area numeric(12,2), made date, {shape} {extra});
        INSERT INTO {schema}.{quoted} VALUES
        (7, '甲园', 10000.25, '2024-02-29', ST_MakeEnvelope(38432300, 4588600, 38432400, 4588700, {srid})),
        (NULL, '', NULL, NULL, ST_MakeEnvelope(38432500, 4588600, 38432550, 4588700, {srid}));""")
    return f"{schema}.{table}"


def refused(key, *args, error=InputError, **options):
    with pytest.raises(error) as caught:
        postgis.read_postgis(*args, **options)
    assert caught.value.text.key == key
    assert caught.value.to("zh")
    return str(caught.value)


def test_a_table_comes_with_its_fields_numbers_and_crs(schema, database):
    delivered = postgis.read_postgis(database, table=parks(schema), part=Part(exact=True))
    frame = delivered.frame
    assert delivered.crs.to_epsg() == 4526
    assert list(frame.columns) == ["编号", "名称", "area", "made", "geometry"]
    assert frame["名称"].tolist() == ["甲园", ""]
    assert frame["编号"].iloc[0] == 7
    assert frame["编号"].isna().tolist() == [False, True]
    assert frame["made"].astype(str).iloc[0] == "2024-02-29"
    assert frame["area"].iloc[0] == 10000.25
    assert frame.geometry.area.tolist() == [10_000, 5_000]
    assert frame.index.tolist() == [1, 2]
    assert delivered.warnings == ()


def test_hostile_names_are_names(schema, database):
    told = parks(schema, HOSTILE)
    delivered = postgis.read_postgis(database, table=told)
    assert delivered.table == told
    assert len(delivered.frame) == 2
    psql(f"""ALTER TABLE {schema}.{postgis.quoted(HOSTILE)} RENAME COLUMN 名称 TO {postgis.quoted(HOSTILE)}""")
    assert HOSTILE in postgis.read_postgis(database, table=told).frame.columns


def test_the_fingerprint_is_of_the_content_in_whatever_order(schema, database):
    one, two = parks(schema), parks(schema, "again")
    first = postgis.fingerprint(database, table=one)
    assert first == postgis.fingerprint(database, table=two) == postgis.read_postgis(database, table=one).sha256
    psql(f"UPDATE {two} SET 名称 = 名称 WHERE 编号 = 7")  # moves the row to the end
    assert first == postgis.fingerprint(database, table=two)
    psql(f"UPDATE {two} SET 名称 = '乙园' WHERE 编号 = 7")
    assert first != postgis.fingerprint(database, table=two)


def test_conditions_are_read_only_and_refused_with_their_reason(schema, database):
    table = parks(schema)
    assert len(postgis.read_postgis(database, table=table, where="名称 = '甲园' -- 注").frame) == 1
    for condition in ("nothing = 1", "1 = 1); DROP TABLE x; --", "名称 ="):
        assert condition in refused("source.bad_where", database, table=table, where=condition)
    psql(f"CREATE FUNCTION {schema}.evil() RETURNS bool LANGUAGE sql AS 'DELETE FROM {table}; SELECT true'")
    refused("source.bad_where", database, table=table, where=f"{schema}.evil()")
    assert psql(f"SELECT count(*) FROM {table}") == "2"


def test_only_an_area_and_some_columns(schema, database):
    table = parks(schema, extra=", note text")
    area = Area(shapely.box(38432390, 4588600, 38432450, 4588700), postgis.read_postgis(database, table=table).crs)
    delivered = postgis.read_postgis(database, table=table, part=Part(["名称"], area))
    assert list(delivered.frame.columns) == ["名称", "geometry"]
    assert delivered.frame["名称"].tolist() == ["甲园"]
    assert "编号" in delivered.names


def test_curves_heights_and_types_without_a_counterpart(schema, database):
    psql(f"""CREATE TABLE {schema}.t (fid serial PRIMARY KEY, u uuid, j json, n numeric, t time, geom geometry);
        INSERT INTO {schema}.t (u, j, n, t, geom) VALUES ('6957b03a-42de-4186-b964-a80a6008687b', '{{"a": 1}}',
        0.12345678901234567890, '12:30', ST_GeomFromText('CURVEPOLYGON(CIRCULARSTRING(0 0, 2 0, 0 0))', 4526)),
        (NULL, NULL, NULL, NULL, ST_GeomFromText('POINT Z (1 2 3)', 4526)), (NULL, NULL, NULL, NULL, NULL)""")
    delivered = postgis.read_postgis(database, table=f"{schema}.t")
    frame = delivered.frame
    assert frame["u"].iloc[0] == "6957b03a-42de-4186-b964-a80a6008687b"
    assert json.loads(frame["j"].iloc[0]) == {"a": 1}
    assert "fid" not in frame.columns
    assert delivered.curved[1] == pytest.approx(np.pi, rel=1e-4)
    assert frame.geometry.iloc[1].z == 3
    assert frame.geometry.iloc[2] is None
    assert [one.key for one in delivered.warnings] == ["postgis.digits"]


def test_what_cannot_be_chosen_is_refused(schema, database):
    table = parks(schema)
    assert table in refused("postgis.missing_table", database, table=f"{schema}.nothing", error=LayerError)
    psql(f"CREATE TABLE {schema}.plain (a int)")
    refused("source.no_geometry", database, table=f"{schema}.plain")
    parks(schema, "two", extra=", other geometry(Point, 4490)")
    assert "other" in refused("postgis.which_column", database, table=f"{schema}.two")
    other = postgis.read_postgis(database, table=f"{schema}.two.other")
    assert other.crs.to_epsg() == 4490
    assert [one.key for one in other.warnings] == ["postgis.other_shapes"]
    refused("postgis.which_table", database)
    psql(f"""CREATE TABLE {schema}.mixed (geom geometry);
        INSERT INTO {schema}.mixed SELECT ST_SetSRID(ST_MakePoint(1, 2), n) FROM unnest(ARRAY[4526, 4490]) AS n""")
    refused("postgis.several_crs", database, table=f"{schema}.mixed")
    one = postgis.read_postgis(database, table=f"{schema}.mixed", where="ST_SRID(geom) = 4490")
    assert one.crs.to_epsg() == 4490
    psql(f"CREATE TABLE {schema}.nowhere (geom geometry); INSERT INTO {schema}.nowhere VALUES (ST_MakePoint(1, 2))")
    assert postgis.read_postgis(database, table=f"{schema}.nowhere").crs is None


def test_a_server_that_is_away_or_says_no():
    assert "127.0.0.1:1/" in refused("postgis.away", parse_address("postgresql://me@127.0.0.1:1/x"), error=SourceError)
    server = parse_address(oracle.postgis() + "_none")
    assert "_none" in refused("postgis.refused", server, error=SourceError)


def test_a_password_that_is_missing_or_wrong(monkeypatch, tmp_path):
    for name in ("PGPASSWORD", "PGPASSFILE", "PGSERVICE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    gate = Gate()
    gate.start()
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    address = parse_address(f"postgresql://me@127.0.0.1:{gate.port}/x")
    assert "PGPASSWORD" in refused("postgis.password", address, error=SourceError)
    monkeypatch.setenv("PGPASSWORD", "geheim-123")
    said = refused("postgis.refused", address, error=SourceError)
    assert "口令错误" in said
    assert "geheim-123" not in said
    (tmp_path / "pass").write_text(f"127.0.0.1:{gate.port}:x:me:aus-der-datei\n")
    (tmp_path / "pass").chmod(0o600)
    monkeypatch.delenv("PGPASSWORD")
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pass"))
    monkeypatch.delenv("PGHOST")
    said = refused("postgis.refused", address, error=SourceError)  # so the file was read
    assert "aus-der-datei" not in said
    gate.listening.close()


def test_a_service_names_the_server(schema, tmp_path, monkeypatch):
    table = parks(schema)
    parts = urlsplit(oracle.postgis())
    lines = [
        "[county]",
        f"host={parts.hostname}",
        f"port={parts.port}",
        f"user={parts.username}",
        f"dbname={parts.path[1:]}",
    ]
    (tmp_path / "services").write_text("\n".join(lines))
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    address = parse_address("postgresql:///?service=county")
    assert len(postgis.read_postgis(address, table=table).frame) == 2
    assert str(address) == "postgresql:///?service=county"


def test_parcels_of_a_review_come_from_a_database(schema, database):
    table = parks(schema)
    psql(f"ALTER TABLE {table} RENAME COLUMN 编号 TO dkbh")
    read = read_parcels(database, table=table)
    assert read.frame["id"].tolist() == ["7", "postgres-2"]
    assert read.sha256
    with pytest.raises(LayerError, match="--layer"):
        read_parcels(database, table="nothing")


def test_a_database_without_postgis():
    name = f"d{uuid.uuid4().hex[:10]}"
    psql(f"CREATE DATABASE {name}")
    try:
        address = parse_address(oracle.postgis().rpartition("/")[0] + f"/{name}")
        refused("postgis.no_postgis", address, error=SourceError)
    finally:
        psql(f"DROP DATABASE {name}")


@pytest.mark.parametrize(
    "place",
    [
        "postgresql://me:secret@host/db",
        "postgresql://me@host/db?password=secret",
        "postgresql://me:secret@host:bad/db",
        "postgres://:secret@/db",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(tmp_path, place):
    with pytest.raises(SourceError) as caught:
        parse_address(place)
    assert "secret" not in str(caught.value) + caught.value.to("zh")
    assert "me@" not in str(caught.value)
    (tmp_path / "county.toml").write_text(f'[county]\nname = "x"\n[layers.parks]\nsource = "{place}"', encoding="utf-8")
    with pytest.raises((SourceError, CountyError)) as caught:
        open_county(tmp_path)
    assert "secret" not in str(caught.value)


def test_addresses_are_told_without_user_and_settings():
    shown = parse_address("postgresql://gis@db.example:5433/县?sslmode=require&service=s&user=me")
    assert str(shown) == "postgresql://db.example:5433/%E5%8E%BF?service=s"
    assert "gis" not in repr(shown)
    assert "me" not in repr(shown).replace("Address", "").replace("example", "")


def test_a_county_reads_layers_from_a_database(schema, tmp_path, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", "not-to-be-told")
    layers = town.layers()
    frame = layers.pop("parks")
    columns = ", ".join(f"{postgis.quoted(one)} text" for one in frame.columns if one != "geometry")
    psql(f"CREATE TABLE {schema}.parks ({columns}, geom geometry(Geometry, 4526))")
    for row in frame.to_dict("records"):
        shape = row.pop("geometry")
        values = ", ".join("NULL" if value is None else f"'{value}'" for value in row.values())
        psql(f"INSERT INTO {schema}.parks VALUES ({values}, ST_GeomFromText('{shape.wkt}', 4526))")
    table = f"source = '{oracle.postgis()}'\nlayer = '{schema}.parks'"
    county = open_county(town.write(tmp_path, layers, parks=table))
    read = county.layer("parks")
    assert isinstance(read, gpd.GeoDataFrame)
    assert sorted(read["name"]) == sorted(frame["name"])
    assert sorted(read.geometry.area) == pytest.approx(sorted(frame.geometry.area))
    told = json.dumps([one.to_json() for one in county.inputs])
    assert "postgres@" not in told
    assert "not-to-be-told" not in told
    assert len(county.inputs[0].sha256) == 64
