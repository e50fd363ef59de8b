"""What a change can touch: in a small project drawn here, and held against what Python itself imports."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_scripts import load

ROOT = Path(__file__).resolve().parent.parent
touched = load("touched", ROOT / "scripts" / "touched.py")
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git on this computer")

PROJECT = {
    "gis_planning/__init__.py": 'HOMES = {"judge": "judging"}\n',
    "gis_planning/__main__.py": "from gis_planning import cli\n",
    "gis_planning/cli.py": "def main():\n    from gis_planning.maps import page\n",
    "gis_planning/judging.py": "import pkgutil\nfrom gis_planning import measures\nmeasures.__path__\n",
    "gis_planning/measures/__init__.py": "",
    "gis_planning/measures/green.py": '"""Measure.\n\n>>> from gis_planning.geo import area\n"""\n',
    "gis_planning/geo.py": "from gis_planning.texts import text\n",
    "gis_planning/maps/__init__.py": "",
    "gis_planning/maps/page.py": 'LOOK = "style.toml"\n',
    "gis_planning/maps/style.toml": "",
    "gis_planning/maps/unnamed.css": "",
    "gis_planning/texts/__init__.py": "",
    "gis_planning/texts/said.toml": "",
    "gis_planning/rules/one.toml": "",
    "scripts/check": "",
    "scripts/bench/__main__.py": "import clock\n",
    "scripts/bench/clock.py": "",
    "docs/notebook.ipynb": json.dumps({"cells": [{"cell_type": "code", "source": ["from gis_planning import judge"]}]}),
    "README.md": "",
    "pyproject.toml": "",
    "tests/conftest.py": "import gate\n",
    "tests/gate.py": "",
    "tests/town.py": "from gis_planning import geo\n",
    "tests/test_geo.py": "import town\n",
    "tests/test_page.py": "from gis_planning.maps.page import LOOK\n",
    "tests/test_judging.py": 'from gis_planning import judge\nRULES = "rules"\n',
    "tests/test_cli.py": 'import sys\nCALL = [sys.executable, "-m", "gis_planning"]\n',
    "tests/test_bench.py": 'CALL = ["scripts", "bench"]\n',
    "tests/test_check.py": 'CALL = ["scripts", "check"]\n',
    "tests/test_other.py": 'SAID = "check"\n',
    "tests/test_notebook.py": 'FILE = "notebook.ipynb"\n',
    "tests/test_code.py": 'CODE = "import sys; from gis_planning import geo"\n',
}
EVERY = {name.removesuffix(".py")[11:] for name in PROJECT if name.startswith("tests/test_")}
GEO = {"geo", "code", "judging", "notebook"}


def git(folder, *words):
    who = {f"GIT_{one}_{what}": "a@b.cn" for one in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    surroundings = {name: one for name, one in os.environ.items() if not name.startswith("GIT_")} | who | quiet
    subprocess.run(["git", *words], cwd=folder, env=surroundings, check=True, capture_output=True)


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    write(folder, PROJECT)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "drawn")
    return folder


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("tests/test_geo.py", {"geo"}),
        ("tests/town.py", {"geo"}),
        ("tests/gate.py", EVERY),
        ("tests/conftest.py", EVERY),
        ("pyproject.toml", EVERY),
        ("gis_planning/geo.py", GEO),
        # A measure is found by a walk, and counts for those who judge.
        ("gis_planning/measures/green.py", {"judging", "notebook"}),
        # The program imports the page when it is asked to; a page names its look.
        ("gis_planning/maps/page.py", {"page", "cli"}),
        ("gis_planning/maps/style.toml", {"page", "cli"}),
        ("gis_planning/maps/unnamed.css", {"page", "cli"}),
        ("gis_planning/maps/__init__.py", {"page", "cli"}),
        ("gis_planning/texts/said.toml", GEO),
        ("gis_planning/rules/one.toml", {"judging"}),
        ("scripts/bench/clock.py", {"bench"}),
        ("scripts/check", {"check"}),
        ("docs/notebook.ipynb", {"notebook"}),
        ("README.md", set()),
    ],
)
def test_a_change_touches_what_comes_to_it(drawn, file, tests):
    found = touched.touched(drawn, [file])
    assert {name.removesuffix(".py")[11:] for name in found if name.startswith("tests/")} == tests


def test_the_nearest_come_first(drawn):
    found = touched.touched(drawn, ["gis_planning/texts/__init__.py"])
    # code: geo, texts; test_geo has the town between; judging walks to the measure's example.
    order = [found.index(f"tests/test_{one}.py") for one in ("code", "geo", "judging")]
    assert order == sorted(order)


def test_examples_of_modules_are_tried_too(drawn):
    assert "gis_planning/measures/green.py" in touched.touched(drawn, ["gis_planning/texts/said.toml"])
    assert "gis_planning/geo.py" not in touched.touched(drawn, ["gis_planning/geo.py"])


def test_a_file_that_is_gone_still_touches_what_names_it(drawn, tmp_path):
    shutil.copytree(drawn, tmp_path / "copy")
    git(tmp_path / "copy", "rm", "-q", "gis_planning/maps/page.py")
    assert touched.changed(tmp_path / "copy") == {"gis_planning/maps/page.py"}
    found = touched.touched(tmp_path / "copy", ["gis_planning/maps/page.py"])
    assert found == ["tests/test_page.py", "tests/test_cli.py"]


def test_what_changed_is_told_by_git(drawn, tmp_path):
    here = tmp_path / "copy"
    shutil.copytree(drawn, here)
    write(here, {"tests/新.py": "", "README.md": "words"})
    assert touched.changed(here) == {"tests/新.py", "README.md"}
    git(here, "add", ".")
    git(here, "commit", "-qm", "last")
    # Nothing is under way on the main branch: the last commit.
    assert touched.changed(here) == {"tests/新.py", "README.md"}
    git(here, "checkout", "-qb", "mine")
    for name in ("one", "two"):
        write(here, {f"{name}.txt": ""})
        git(here, "add", ".")
        git(here, "commit", "-qm", name)
    write(here, {"three.txt": ""})
    assert touched.changed(here) == {"one.txt", "two.txt", "three.txt"}


def test_without_git_nothing_is_known(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert touched.changed(tmp_path) is None


@pytest.fixture(scope="module")
def followed_here():
    """What this project's own modules import and name."""
    return touched.leads(ROOT, ())


@pytest.mark.parametrize("name", ["test_kml", "test_cases", "test_exports"])
def test_whatever_python_imports_for_a_test_is_followed(followed_here, name):
    code = f"import sys, {name}; print(*(getattr(one, '__file__', None) for one in list(sys.modules.values())))"
    paths = os.pathsep.join([str(ROOT / "tests"), str(ROOT)])
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    ours = {Path(one) for one in told.stdout.split() if Path(one).is_relative_to(ROOT / "gis_planning")}
    imported = {one.relative_to(ROOT).as_posix() for one in ours} - {"gis_planning/__init__.py"}
    assert len(imported) > 20
    assert imported <= touched.followed(followed_here, [f"tests/{name}.py"]).keys()


@pytest.mark.parametrize(
    ("changed", "files", "ended", "code"),
    [
        ({"gis_planning/geo.py"}, ["tests/test_geo.py"], 1, 1),
        ({"gis_planning/geo.py"}, ["tests/test_geo.py"], 0, 0),
        # All that is touched is slow, so that pytest has nothing to run.
        ({"scripts/sweep/plain.py"}, ["tests/test_sweep.py"], 5, 0),
        (None, [], 1, 1),
    ],
)
def test_the_quick_run_leaves_out_what_is_slow(monkeypatch, capsys, changed, files, ended, code):
    calls = []
    monkeypatch.setenv("GIS_PLANNING_TEST_UNTIL", "0")  # so that it is taken back
    environment = load("environment", ROOT / "scripts" / "environment.py")
    monkeypatch.setattr(environment, "interpreter", lambda *_: "python")
    monkeypatch.setattr(environment, "run", lambda call: calls.append(call) or ended)
    monkeypatch.setitem(sys.modules, "environment", environment)
    monkeypatch.setitem(sys.modules, "touched", touched)
    monkeypatch.setattr(touched, "changed", lambda _: changed)
    monkeypatch.setattr(touched, "touched", lambda *_: files)
    script = load("run_tests", ROOT / "scripts" / "test")
    monkeypatch.setattr(sys, "argv", ["test", "--quick", "-x"])
    assert script.work() == code
    (call,) = calls
    at = call.index("not slow")
    assert call[at - 1 :] == ["-m", "not slow", "-rs", "-x", *files]
    assert 0 < float(os.environ["GIS_PLANNING_TEST_UNTIL"]) - time.time() <= 70
    assert "slow" in capsys.readouterr().err


def test_a_change_that_no_test_goes_by_runs_none(monkeypatch, capsys):
    environment = load("environment", ROOT / "scripts" / "environment.py")
    monkeypatch.setattr(environment, "interpreter", lambda *_: "python")
    monkeypatch.setattr(environment, "run", lambda call: pytest.fail(str(call)))
    monkeypatch.setitem(sys.modules, "environment", environment)
    monkeypatch.setitem(sys.modules, "touched", touched)
    monkeypatch.setattr(touched, "changed", lambda _: {"LICENSE"})
    monkeypatch.setattr(touched, "touched", lambda *_: [])
    monkeypatch.setattr(sys, "argv", ["test", "--quick"])
    assert load("run_tests", ROOT / "scripts" / "test").work() == 0
    assert len(capsys.readouterr().err.splitlines()) == 1
