"""The command line as other tools call it: files, keys, exit codes, messages."""

import json
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import town

from gis_planning import cli
from gis_planning.analysis.work import Work

GOOD = 'rules = ["green-checkup2021"]'  # sets no limit: nothing can fail


def run(*words, capsys=None):
    with pytest.raises(SystemExit) as left:
        cli.main([str(word) for word in words])
    return left.value.code


def scorecard(folder):
    return json.loads((folder / "scorecard.json").read_text(encoding="utf-8"))


def test_check_writes_what_other_tools_read(tmp_path, capsys):
    folder = town.write(tmp_path / "mytown", county='code = "150999"')
    out = tmp_path / "out"
    assert run("check", folder, "--out", out, "--only", "green-checkup2022plus", "--lang", "en") == 1
    printed = capsys.readouterr().out
    assert "GC22-1" in printed
    assert str(out / "index.html") in printed
    content = scorecard(out)
    assert content["county"]["name"] == "示例镇"
    assert content["county"]["code"] == "150999"
    assert content["crs"] == "EPSG:4526"
    assert content["program"]["version"]
    (verdict,) = content["verdicts"]
    assert verdict["code"] == "GC22-1"
    assert verdict["document"] == "green-checkup2022plus"
    assert verdict["measure"] == "green.radius_coverage"
    assert verdict["settings"]["small_radius_m"] == 300
    assert verdict["severity"] == "error"
    assert verdict["outcome"] == "fail"
    assert verdict["value"] == pytest.approx(42 / 82, abs=1e-12)
    assert verdict["numerator"] == pytest.approx(42_000)
    assert verdict["denominator"] == pytest.approx(82_000)
    assert verdict["limit"] == {"at_least": 0.8}
    assert verdict["margin"] == pytest.approx(42 / 82 - 0.8)
    assert verdict["unit"] == "share"
    assert verdict["offenders"] == 2
    assert verdict["message"]
    assert {one["layer"] for one in content["inputs"]} == {"residential", "parks", "study_area", "districts"}
    assert all(len(one["sha256"]) == 64 and one["crs"] == "EPSG:4526" for one in content["inputs"])
    tables = {name for name, _ in pyogrio.list_layers(out / "results.gpkg")}
    assert {"verdicts", "offenders", "parks", "served", "unserved", "service_areas"} <= tables
    offenders = gpd.read_file(out / "results.gpkg", layer="offenders")
    assert offenders.crs.to_epsg() == 4526
    assert offenders["area_m2"].tolist() == pytest.approx([20_000, 20_000])
    assert (out / "index.html").stat().st_size > 1000


def test_default_folder_and_exit_codes(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    town.write(tmp_path / "mytown", county=GOOD)
    assert run("check", "mytown") == 0
    assert (tmp_path / "maps" / "mytown" / "index.html").is_file()
    assert run("check", "mytown/county.toml", "--lang", "en") == 0
    assert run("check", "nowhere", "--lang", "en") == 2
    error = capsys.readouterr().err
    assert error.strip().endswith("Name a county folder that holds a county.toml.")
    assert "Traceback" not in error


def test_a_failed_warning_does_not_make_the_exit_code(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    town.write(tmp_path / "mytown")
    assert run("check", "mytown", "--only", "green-draft_green_plan") == 0
    (verdict,) = scorecard(tmp_path / "maps" / "mytown")["verdicts"]
    assert (verdict["outcome"], verdict["severity"]) == ("fail", "warning")


def test_an_error_of_ours_leaves_with_2_and_is_no_fail(tmp_path, monkeypatch):
    monkeypatch.setattr(Work, "call", lambda *_: 1 / 0)
    folder = town.write(tmp_path / "mytown", county=GOOD)
    assert run("check", folder, "--out", tmp_path / "out") == 2
    assert scorecard(tmp_path / "out")["verdicts"][0]["outcome"] == "error"


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({"parks": "where = 'nom = 1'"}, "county.gpkg, table parks"),
        ({"residential": "where = \"name = 'x'\""}, "no usable feature"),
        ({"parks": "sorce = 'x'"}, "layers.parks.sorce"),
    ],
)
def test_bad_input_leaves_no_output_and_one_line(tmp_path, capsys, tables, words):
    folder = town.write(tmp_path / "mytown", county=GOOD, **tables)
    assert run("check", folder, "--out", tmp_path / "out", "--lang", "en") == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert words in error
    assert not (tmp_path / "out").exists()


def test_bad_input_leaves_earlier_results_and_files_that_are_not_ours_alone(tmp_path):
    folder, out = town.write(tmp_path / "mytown", county=GOOD), tmp_path / "out"
    assert run("check", folder, "--out", out) == 0
    (out / "notes.txt").write_text("mine")
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    (folder / "county.gpkg").write_text("broken")
    assert run("check", folder, "--out", out) == 2
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_a_writer_that_fails_leaves_no_half_result(tmp_path, monkeypatch):
    from gis_planning.reports import check_files

    folder, out = town.write(tmp_path / "mytown", county=GOOD), tmp_path / "out"
    assert run("check", folder, "--out", out) == 0
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    monkeypatch.setattr(check_files, "write_tables", lambda *_, **__: 1 / 0)
    assert run("check", folder, "--out", out) == 2
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_a_target_open_elsewhere_says_close_it(tmp_path, monkeypatch, capsys):
    import os

    folder, out = town.write(tmp_path / "mytown", county=GOOD), tmp_path / "out"
    assert run("check", folder, "--out", out) == 0
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    replace = os.replace

    def held(source, target):
        if out / "results.gpkg" in (Path(source), Path(target)):
            raise PermissionError(13, "in use", str(source))
        replace(source, target)

    monkeypatch.setattr(os, "replace", held)
    assert run("check", folder, "--out", out, "--lang", "en") == 2
    error = capsys.readouterr().err
    assert "Close it" in error
    assert "results.gpkg" in error
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before


def test_compare_gives_deltas_by_clause_and_district(tmp_path, capsys):
    folder, old, new = tmp_path / "mytown", tmp_path / "old", tmp_path / "new"
    town.write(folder)
    run("check", folder, "--out", old, "--only", "green-checkup2022plus")
    grown = town.layers()
    grown["parks"] = town.frame(
        *grown["parks"].geometry,
        town.box(1200, 780, 1300, 920),
        name=["长公园", "口袋公园", "新园"],
        **{"class": ["G11"] * 3},
    )
    town.write(tmp_path / "later", grown)
    assert run("check", tmp_path / "later", "--out", new, "--compare", old, "--only", "green-checkup2022plus") == 1
    changes = {(one["code"], one["district"]): one for one in scorecard(new)["compare"]["changes"]}
    # The new park serves all of Straddle: 20 000 m2 more, 10 000 in each district.
    assert changes["GC22-1", None]["delta"] == pytest.approx(20 / 82)
    assert changes["GC22-1", "西街道"]["delta"] == pytest.approx(10 / 70)
    assert changes["GC22-1", "东街道"]["delta"] == pytest.approx(10 / 12)
    assert run("check", folder, "--out", new, "--compare", tmp_path / "nowhere", "--lang", "en") == 2
    assert "no such file" in capsys.readouterr().err


@pytest.mark.parametrize(("asked", "lacking"), [(["check"], "scorecard.json"), (["review"], "review.json")])
def test_a_run_to_compare_with_is_missed_before_anything_is_read(asked, lacking, tmp_path, capsys):
    # There is no county either, which would be said as soon as one is looked for.
    assert run(*asked, tmp_path / "no county", "--compare", tmp_path / "nowhere", "--lang", "en") == 2
    said = capsys.readouterr().err
    assert str(tmp_path / "nowhere" / lacking) in said
    assert "no county" not in said


def test_language_is_the_asked_one_then_the_countys(tmp_path, capsys):
    folder = town.write(tmp_path / "mytown", county='lang = "zh"\n' + GOOD)
    run("check", folder, "--out", tmp_path / "a")
    assert "仅测算" in capsys.readouterr().out
    run("check", folder, "--out", tmp_path / "b", "--lang", "en")
    printed = capsys.readouterr().out
    assert "measured" in printed
    assert scorecard(tmp_path / "a")["verdicts"][0]["message"] == "已测算；文件未规定限值"
    run("check", folder, "--only", "nothing")
    assert "没有这份规则文件" in capsys.readouterr().err


def test_a_layer_no_clause_needs_is_not_opened(tmp_path):
    folder = town.write(tmp_path / "mytown", county=GOOD, streets="source = 'broken.gpkg'")
    (folder / "broken.gpkg").write_text("broken")
    assert run("check", folder, "--out", tmp_path / "out") == 0


def test_list_and_explain(capsys):
    assert run("list", "--lang", "en") == 0
    printed = capsys.readouterr().out
    assert "GC22-1" in printed
    assert "green-gardencity2022" in printed
    assert run("explain", "gc22-1", "--lang", "zh") == 0
    printed = capsys.readouterr().out
    assert "公园服务半径" in printed
    assert "待核" in printed
    assert run("explain", "GC99", "--lang", "en") == 2
    said = capsys.readouterr().err
    assert "'GC99'" in said
    assert "GC22-1" in said


def test_demo_says_where_it_has_to_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run("demo", "--lang", "en") == 2
    assert "layers/demo" in capsys.readouterr().err.replace("\\", "/")


def test_unknown_words_leave_with_2(capsys):
    assert run("chekc") == 2
    assert run("check") == 2
    assert run("--help") == 0
    assert run() == 2


def test_a_console_that_cannot_print_chinese_does_not_crash(tmp_path):
    folder = town.write(tmp_path / "mytown", county='lang = "zh"\n' + GOOD)
    words = [sys.executable, "-m", "gis_planning", "check", str(folder), "--out", str(tmp_path / "out")]
    done = subprocess.run(words, capture_output=True, env={"PYTHONIOENCODING": "ascii", "PATH": ""})
    assert done.returncode == 0, done.stderr


def test_help_answers_quickly():
    # Of the processor's time: whoever else is at work on this computer does not count.
    resource = pytest.importorskip("resource")

    def spent():
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return children.ru_utime + children.ru_stime

    def seconds(*words):
        start = spent()
        subprocess.run([sys.executable, *words], capture_output=True, check=True)
        return spent() - start

    seconds("-m", "gis_planning", "--help")  # compiles what is not compiled yet
    # A bound against a bare interpreter rather than a clock: the target is 0.3 s where Python itself takes 0.02 s.
    assert min(seconds("-m", "gis_planning", "--help") for _ in range(5)) < 0.3 + min(
        seconds("-c", "pass") for _ in range(3)
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("review", "x", "--actvity", "urban"),
            {"zh": "没有 --actvity 这个选项", "en": "there is no option --actvity"},
        ),
        (("chekc",), {"zh": "没有 chekc 这个命令。相近的有：check", "en": "there is no command chekc. Near: check"}),
        (("review",), {"zh": "缺少 COUNTY", "en": "COUNTY is missing"}),
        (("review", "x", "--also", "pdf"), {"zh": "--also 的值不合适", "en": "--also: 'pdf'"}),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_that_do_not_fit_are_told_in_the_readers_language(words, said, lang, capsys):
    with pytest.raises(SystemExit) as left:
        cli.main([*words, "--lang", lang])
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith(said[lang])
