"""The housekeeping commands: what they say when the machine is not ready, and what a bundle is made of.

No network, no installs.
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"
COMMANDS = ("demo", "test", "check", "bundle")


def load(name: str, path: Path) -> ModuleType:
    loader = SourceFileLoader(name, str(path))
    spec = importlib.util.spec_from_loader(name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def environment(monkeypatch) -> ModuleType:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    module = load("environment", SCRIPTS / "environment.py")
    monkeypatch.setitem(sys.modules, "environment", module)
    return module


@pytest.fixture
def bundle(environment) -> ModuleType:
    return load("bundle", SCRIPTS / "bundle")


def ended(capsys, environment, work) -> tuple[int, list[str]]:
    """Exit code and lines on stderr."""
    with pytest.raises(SystemExit) as left:
        environment.main(work)
    return left.value.code, capsys.readouterr().err.splitlines()


# -- the environment: one line, exit code 2, nothing left behind


def test_debian_without_python3_venv_gets_the_cure_in_one_line(environment, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("GIS_PLANNING_VENV", str(tmp_path / "venv"))
    monkeypatch.setattr(environment, "_can_make", lambda: False)
    code, lines = ended(capsys, environment, environment.interpreter)
    assert code == 2
    assert len(lines) == 1
    assert "sudo apt install python3-venv" in lines[0]
    assert "请先运行" in lines[0]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "case",
    [
        ("not created because ensurepip is not\navailable.", "sudo apt install python3-venv"),
        ("Error: [Errno 28] No space left on device", "No space left on device"),
    ],
)
def test_a_venv_that_fails_half_way_is_taken_away(environment, monkeypatch, capsys, tmp_path, case):
    said, expected = case
    folder = tmp_path / "venv"
    monkeypatch.setenv("GIS_PLANNING_VENV", str(folder))

    def half(*_args, **_kwargs):
        (folder / "bin").mkdir(parents=True)
        return SimpleNamespace(returncode=1, stdout=said.encode())

    monkeypatch.setattr(environment, "_can_make", lambda: True)
    monkeypatch.setattr(environment.subprocess, "run", half)
    code, lines = ended(capsys, environment, environment.interpreter)
    assert code == 2
    assert len(lines) == 1
    assert expected in lines[0]
    assert not folder.exists()


def test_an_old_python_gets_one_line(environment, capsys):
    code, lines = ended(capsys, environment, lambda: environment.refuse_old_python((3, 9, 2)))
    assert code == 2
    assert len(lines) == 1
    assert "3.11" in lines[0]
    assert "3.9.2" in lines[0]


def test_pythons_from_3_7_get_as_far_as_that_line():
    for name in (*COMMANDS, "environment.py", "touched.py"):
        ast.parse((SCRIPTS / name).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_folder_of_something_else_is_left_alone(environment, monkeypatch, capsys, tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    monkeypatch.setenv("GIS_PLANNING_VENV", str(tmp_path))
    code, lines = ended(capsys, environment, environment.interpreter)
    assert code == 2
    assert "GIS_PLANNING_VENV" in lines[0]
    assert (tmp_path / "thesis.docx").exists()


@pytest.fixture
def venv(environment, monkeypatch, tmp_path) -> SimpleNamespace:
    """A place that looks like a working environment, and what pip was asked there."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "pyvenv.cfg").write_text("version = 3.11.2")
    asked: list[list[str]] = []
    answer = SimpleNamespace(returncode=0, stdout=b"")

    def run(command, **_kwargs):
        asked.append(command)
        return answer

    monkeypatch.setattr(environment.subprocess, "run", run)
    return SimpleNamespace(
        python=tmp_path / "bin" / "python", stamp=tmp_path / environment.STAMP, asked=asked, answer=answer
    )


NO_NETWORK = b"""
  error: subprocess-exited-with-error
      ERROR: Could not find a version that satisfies the requirement hatchling>=1.24 (from versions: none)
      ERROR: No matching distribution found for hatchling>=1.24
error: subprocess-exited-with-error
note: This error originates from a subprocess, and is likely not a problem with pip.
"""


def test_no_network_names_the_offline_way(environment, monkeypatch, capsys, venv):
    monkeypatch.delenv("CI", raising=False)
    venv.answer.returncode, venv.answer.stdout = 1, NO_NETWORK
    code, lines = ended(capsys, environment, lambda: environment.install(venv.python, venv.stamp, set()))
    assert code == 2
    assert len(lines) == 2  # that it takes minutes, and why it did not work
    assert "No matching distribution found for hatchling" in lines[1]
    assert "scripts/bundle" in lines[1]
    assert not venv.stamp.exists()


def test_pip_runs_again_only_when_something_changed(environment, monkeypatch, venv, tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text("one")
    monkeypatch.setattr(environment, "ROOT", project)

    def installs(*extras: str) -> int:
        before = len(venv.asked)
        environment.install(venv.python, venv.stamp, set(extras))
        return len(venv.asked) - before

    assert installs("test") == 1
    assert installs("test") == 0
    assert installs() == 0
    assert installs("lint") == 1
    assert json.loads(venv.stamp.read_text())["extras"] == ["lint", "test"]
    assert installs("test", "lint") == 0
    (project / "pyproject.toml").write_text("two")
    assert installs("test") == 1


def test_a_child_keeps_pip_settings_and_loses_what_makes_it_another_python(environment, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "file:///somewhere")
    for name in environment.FOREIGN:
        monkeypatch.setenv(name, "elsewhere")
    child = environment.clean()
    assert child["PIP_INDEX_URL"] == "file:///somewhere"
    assert not set(environment.FOREIGN) & set(child)


def test_exit_codes_are_passed_on(environment):
    assert environment.run([sys.executable, "-c", "raise SystemExit(1)"]) == 1
    assert environment.run([sys.executable, "-c", "pass"]) == 0


def test_scripts_start_without_a_shebang_and_name_no_host():
    for path in [*(SCRIPTS / name for name in (*COMMANDS, "environment.py")), ROOT / ".ci" / "run"]:
        text = path.read_text(encoding="utf-8")
        # A shebang makes `py scripts\demo` open the Microsoft Store on many Windows machines.
        assert text.startswith("#!") == (path.parent.name == ".ci"), path
        assert not re.search(r"https?://|\w\.(com|org|net|io|cn)\b", text), path
        assert "/root" not in text, path


@pytest.mark.skipif(not shutil.which("bash") or sys.platform == "win32", reason="needs bash")
def test_ci_is_valid_bash():
    done = subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# -- the bundle


def test_wheels_are_asked_for_the_other_platform(bundle, tmp_path):
    (tmp_path / "gis_planning-0-py3-none-any.whl").touch()
    windows = [str(word) for word in bundle.download(tmp_path, tmp_path / "wheels", "win_amd64", "3.12")]
    assert windows[:6] == ["download", "--only-binary=:all:", "--implementation", "cp", "--python-version", "3.12"]
    assert windows[windows.index("--platform") + 1] == "win_amd64"
    assert windows[-1].endswith("gis_planning-0-py3-none-any.whl")
    linux = bundle.download(tmp_path, tmp_path / "wheels", "linux_x86_64", "3.12")
    assert {"manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"} <= set(linux)


@pytest.mark.parametrize(("platform", "system"), [("win_amd64", "Windows"), ("linux_x86_64", "Linux")])
def test_dependencies_of_the_other_platform_are_told_apart(bundle, platform, system):
    """pip would answer `platform_system == "Windows"` for the computer it runs on."""
    if not importlib.util.find_spec("pip"):
        pytest.skip("this environment has no pip")
    flag, code, markers = bundle.boot(platform, "3.12")
    probe = code.split("from pip._internal")[0] + "print(json.dumps(markers.default_environment()))"
    done = subprocess.run([sys.executable, flag, probe, markers], capture_output=True, text=True, check=True)
    answers = json.loads(done.stdout)
    assert (answers["platform_system"], answers["python_version"]) == (system, "3.12")
    assert "platform_release" in answers


def test_a_windows_bundle(bundle, tmp_path):
    bundle.write(tmp_path / "b", "win_amd64", "3.12")
    assert {path.name for path in (tmp_path / "b").iterdir()} - {"layers"} == {
        "LICENSE",
        "README.txt",
        "environment.py",
        "gis-planning.cmd",
        "install.cmd",
        "install.py",
    }
    for name in ("install.cmd", "gis-planning.cmd"):
        content = (tmp_path / "b" / name).read_bytes()
        content.decode("ascii")
        assert content.count(b"\r\n") == content.count(b"\n") > 5
        assert b"@" not in content.removeprefix(b"@echo off")
    install = (tmp_path / "b" / "install.cmd").read_text()
    assert "py -3.12" in install
    assert "exit /b %CODE%" in install
    start = (tmp_path / "b" / "gis-planning.cmd").read_text()
    assert 'set "PYTHONHOME="' in start
    assert "-m gis_planning %*" in start
    note = (tmp_path / "b" / "README.txt").read_bytes()
    assert note.startswith(b"\xef\xbb\xbf")
    assert note.count(b"\r\n") == note.count(b"\n")
    assert "双击" in note.decode("utf-8-sig")


def test_a_linux_bundle(bundle, tmp_path):
    bundle.write(tmp_path / "b", "linux_x86_64", "3.11")
    for name in ("install.sh", "gis-planning"):
        content = (tmp_path / "b" / name).read_bytes()
        assert content.startswith(b"#!/bin/sh\n")
        assert b"\r" not in content
        if sys.platform != "win32":
            assert (tmp_path / "b" / name).stat().st_mode & 0o111
            subprocess.run(["sh", "-n", str(tmp_path / "b" / name)], check=True)
    assert "python3.11" in (tmp_path / "b" / "install.sh").read_text(encoding="utf-8")


@pytest.mark.parametrize("platform", ["win_amd64", "linux_x86_64"])
def test_the_install_script_takes_nothing_from_a_network(bundle, monkeypatch, capsys, tmp_path, platform):
    version = ".".join(map(str, sys.version_info[:2]))
    folder = tmp_path / "b"
    bundle.write(folder, platform, version)
    asked = []
    monkeypatch.setattr(bundle.environment, "make", lambda place: place / "python")
    monkeypatch.setattr(bundle.environment, "pip", lambda *words: asked.append(words) or "")
    with pytest.raises(SystemExit) as left:
        load("install", folder / "install.py")
    said = capsys.readouterr().err
    if (sys.platform == "win32") == (platform == "win_amd64"):
        assert left.value.code == 0
        assert asked == [
            (folder / ".venv" / "python", "install", "--no-index", "--find-links", folder / "wheels", "gis-planning")
        ]
    else:
        assert left.value.code == 2
        assert f"Python {version} (64-bit)" in said
        assert not asked


def test_the_install_script_wants_the_python_its_wheels_are_for(bundle, tmp_path, capsys):
    other = next(version for version in bundle.PYTHONS if version != ".".join(map(str, sys.version_info[:2])))
    bundle.write(tmp_path / "b", "win_amd64" if sys.platform == "win32" else "linux_x86_64", other)
    with pytest.raises(SystemExit) as left:
        load("install", tmp_path / "b" / "install.py")
    assert left.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_folder_that_is_not_a_bundle_is_not_replaced(bundle, environment, tmp_path):
    (tmp_path / "gis-planning-win_amd64-py3.11").mkdir()
    with pytest.raises(environment.Trouble, match="not a bundle"):
        bundle._pack(Path(sys.executable), tmp_path, "win_amd64", "3.11", tmp_path)
