"""GeoParquet and CSV on request: the numbers of the GeoPackage, nothing a spreadsheet would run."""

import csv
import json

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import report_town
import town
from browsing import HOSTILE

from gis_planning import cli
from gis_planning.reports import write_check
from gis_planning.reports.exports import write_also


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("exports")
    scorecard, clauses = report_town.judged(folder / "county")
    write_check(scorecard, clauses, folder / "out", "zh", reports=("docx", "xlsx", "parquet", "csv"))
    return folder / "out"


def test_every_table_of_the_geopackage_is_there_with_the_same_numbers(results):
    tables = [name for name, _ in pyogrio.list_layers(results / "results.gpkg") if name != "layer_styles"]
    assert {"verdicts", "by_district", "offenders", "bands", "parks", "kinds"} <= set(tables)
    for name in tables:
        told = pyogrio.read_dataframe(results / "results.gpkg", layer=name)
        spread = pd.read_csv(results / f"results-{name}.csv", encoding="utf-8-sig")
        drawn = "geometry" in told.columns
        whole = (gpd.read_parquet if drawn else pd.read_parquet)(results / f"results-{name}.parquet")
        assert len(told) == len(spread) == len(whole)
        for key in told.drop(columns="geometry", errors="ignore").select_dtypes("number"):
            expected = told[key].to_numpy(dtype=float)
            assert whole[key].to_numpy(dtype=float) == pytest.approx(expected, rel=1e-15, nan_ok=True), key
            assert spread[key].to_numpy(dtype=float) == pytest.approx(expected, rel=1e-15, nan_ok=True), key
        if drawn:
            assert whole.crs == told.crs
            assert whole.geometry.area.tolist() == pytest.approx(told.geometry.area.tolist(), rel=1e-12)
            inside = gpd.GeoSeries.from_xy(spread["x"], spread["y"], crs=told.crs)
            assert (inside.distance(told.geometry, align=False) < 1e-6).all()


def test_districts_stand_in_a_table_of_their_own(results):
    told = json.loads((results / "scorecard.json").read_text(encoding="utf-8"))
    rows = pd.read_csv(results / "results-by_district.csv", encoding="utf-8-sig")
    assert len(rows) == sum(len(one["districts"]) for one in told["verdicts"])
    garden = rows[rows["code"] == "GG22-1"].set_index("name")["value"].to_dict()
    (expected,) = [one["districts"] for one in told["verdicts"] if one["code"] == "GG22-1"]
    assert garden == {one["name"]: one["value"] for one in expected}


def test_csv_opens_in_excel_and_runs_nothing(tmp_path):
    words = [
        *HOSTILE,
        "=cmd|'/C calc'!A0",
        "+1",
        "-1+1",
        "@SUM(1)",
        "\t=1",
        "  =1",
        "＝1",
        "a\nb",
        'q"q',
        "a\x00\x0b",
        "",
    ]
    frame = town.frame(*[town.box(0, 0, 10, 10)] * len(words), name=words, value=[-1.5] * len(words))
    write_also(tmp_path, "x", {"t": frame}, ("csv", "parquet"))
    raw = (tmp_path / "x-t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    with (tmp_path / "x-t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(words)
    for row, given in zip(rows, words, strict=True):
        assert not row["name"].lstrip().startswith(("=", "+", "-", "@", "＝"))
        assert row["name"].removeprefix("'") == given.replace("\x00", "?").replace("\x0b", "?").removeprefix("'")
        assert row["value"] == "-1.5"
    assert gpd.read_parquet(tmp_path / "x-t.parquet")["name"].tolist()[:-2] == words[:-2]


def test_only_what_was_asked_for_is_written(tmp_path, capsys):
    folder = town.write(tmp_path / "mytown")
    with pytest.raises(SystemExit) as left:
        cli.main(["check", str(folder), "--out", str(tmp_path / "out"), "--also", "csv"])
    assert left.value.code == 1
    assert {one.suffix for one in (tmp_path / "out").glob("results-*")} == {".csv"}
    with pytest.raises(SystemExit) as left:
        cli.main(["check", str(folder), "--out", str(tmp_path / "no"), "--also", "dbf"])
    assert left.value.code == 2
    assert "parquet" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


def test_a_review_can_be_had_so_too(tmp_path):
    projects = report_town.layers()["projects"]
    projects.to_file(tmp_path / "p.gpkg")
    place = town.write(tmp_path / "county", {k: v for k, v in report_town.layers().items() if k != "projects"})
    with pytest.raises(SystemExit):
        cli.main(
            [
                "review",
                str(place),
                str(tmp_path / "p.gpkg"),
                "--out",
                str(tmp_path / "out"),
                "--also",
                "parquet",
                "--also",
                "csv",
            ]
        )
    told = pyogrio.read_dataframe(tmp_path / "out" / "review.gpkg", layer="parcels")
    assert gpd.read_parquet(tmp_path / "out" / "review-parcels.parquet")["area_m2"].tolist() == told["area_m2"].tolist()
    assert (tmp_path / "out" / "review-lines.csv").is_file()
