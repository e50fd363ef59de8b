"""Hold every echo to this: no password in it, however an address is written, and nothing else is touched."""

import pytest

from gis_planning import cli
from gis_planning.texts import text
from gis_planning.texts.hidden import hidden

SECRET = "Eisvogel-42"
SPELLINGS = [
    "PG:host=h user=u password={} dbname=x",
    "PG:service=s host=h password='{}'",
    " postgresql://me:{}@h/db",
    "\u3000postgres://me:{}@h/db",
    "POSTGRESQL://me:{}@h/db",
    "postgresql://me:{}",
    "postgresql://me:1#{}@h/db",
    "postgresql://me@h/db#{}",
    "postgresql://me@h/db;password={}",
    "postgresql://me@h/db?password={}",
    "postgresql://me@h/db?sslmode=require&sslpassword={}",
    "postgresql://me@h/db?p%61ssword={}",
    "postgresql://me%3A{}@h/db",
    "postgresql://h1:5432,me:{}@h2:5433/db",
    "postgresql://me:a/b@{}@h/db",
    "postgresql：//me:{}＠h/db",
    "postgresql+psycopg2://me:{}@h/db",
    "jdbc:postgresql://h/db?user=me&password={}",
    "mysql://me:{}@h/db",
    "MySQL:db,host=h,user=me,password={}",
    "MSSQL:server=h;UID=me;PWD={}",
    "OCI:me/{}@h",
    "ODBC:me/{}@dsn",
    "SDE:h,5151,db,me,{},layer",
    "host=h user=me password={}",
    "https://me:{}@h/layer.geojson",
    "me:{}@10.1.2.3/db",
]
REFUSED = [one for one in SPELLINGS if not one.startswith("me:")]


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("wrapped", ["{}", "folder/{}", "'{}'", "{{'source': '{}'}}"])
def test_a_password_is_hidden_in_every_spelling(spelling, wrapped):
    said = wrapped.format(spelling.format(SECRET))
    assert SECRET not in hidden(said)
    assert SECRET not in text("source.missing", source=said).to("zh")
    assert SECRET not in text("cli.no_command", name="x", near=[said]).to("en")


@pytest.mark.parametrize("spelling", REFUSED)
def test_a_county_file_with_a_password_is_refused_without_it(spelling, tmp_path, capsys):
    place = spelling.format(SECRET)
    (tmp_path / "county.toml").write_text(f'[county]\nname = "x"\n[layers.parks]\nsource = "{place}"', encoding="utf-8")
    said = answered(["layers", str(tmp_path)], capsys)
    assert "PGPASSWORD" in said
    (tmp_path / "county.toml").write_text(f'[county]\nname = "x"\n[layers.parks]\nsource = ["{place}"]', "utf-8")
    answered(["layers", str(tmp_path)], capsys)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_command_that_is_given_a_password_does_not_repeat_it(spelling, tmp_path, capsys):
    place, out = spelling.format(SECRET), str(tmp_path / "o.gpkg")
    for words in (
        ["convert", place, out],
        ["convert", str(tmp_path / "no.gpkg"), place],
        ["convert", str(tmp_path / "no.gpkg"), out, "--within", place],
        ["import", place, "--out", out],
        ["import-osm", place, "--out", out],
        ["check", place],
        ["check", "a", place],
        ["show", place],
        [place],
    ):
        answered(words, capsys)


def answered(words, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main([*words, "--lang", "en"])
    assert end.value.code == 2
    told = "".join(capsys.readouterr())
    assert SECRET not in told
    return told


@pytest.mark.parametrize(
    "said",
    [
        "county.gpkg",
        "C:\\data\\a@b\\x.shp",
        "/data/图@1/x:y.shp",
        "D:\\密码\\x.shp",
        "postgresql://10.1.2.3:5433,h2:1/county?service=x",
        "postgresql://[::1]:5432/x",
        "a%20b.gpkg",
        "100% sure",
        "https://tiles.example.cn:8080/{z}/{x}/{y}.png",
        "compass = 3",
        "源数据：甲：乙",
    ],
)
def test_what_is_no_password_is_told_as_it_is(said):
    assert hidden(said) == said
