"""Make the project's virtual environment and keep it up to date, so that no command asks for anything but Python.

The environment is `.venv` in the project root, or wherever GIS_PLANNING_VENV says. A stamp inside it remembers what was
installed; pip runs again only when pyproject.toml, the interpreter, the place or the wanted extras have changed.

This file has to be readable for Python 3.7, so that an old interpreter gets a sentence rather than a SyntaxError. The
scripts beside it have no shebang on purpose: with one, `py scripts\\demo` opens the Microsoft Store on many Windows
machines.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)
UNUSABLE = 2
STOPPED = 130
STAMP = "gis-planning.json"
# What other programs (ArcGIS, QGIS, OSGeo4W) set for their own Python and GDAL would break ours.
FOREIGN = ("PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "PROJ_DATA", "GDAL_DATA", "GDAL_DRIVER_PATH")


class Trouble(Exception):  # noqa: N818 - it is a sentence for the user, in two languages
    """Something the user has to mend; said in exactly one line."""

    def __init__(self, *, en: str, zh: str) -> None:
        super().__init__(" ".join(f"{en} / {zh}".split()))


def main(work: Callable[[], int]) -> None:
    """Do the work and leave with its exit code; a Trouble is one line on stderr and exit code 2."""
    try:
        sys.exit(work())
    except Trouble as trouble:
        tell(str(trouble))
        sys.exit(UNUSABLE)
    except KeyboardInterrupt:
        sys.exit(STOPPED)


def tell(line: str) -> None:
    """Print one line for the user; a console that cannot show a character shows a question mark."""
    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    print(line.encode(encoding, "replace").decode(encoding), file=sys.stderr, flush=True)


def interpreter(*extras: str) -> Path:
    """Return the interpreter of an environment that has the project and these extras installed."""
    refuse_old_python()
    folder = Path(os.environ.get("GIS_PLANNING_VENV") or ROOT / ".venv").absolute()
    python = make(folder)
    install(python, folder / STAMP, set(extras))
    return python


def run(command: list[str | Path]) -> int:
    """Run a command in the project root and return its exit code."""
    code = subprocess.run([str(part) for part in command], cwd=str(ROOT), env=clean(), check=False).returncode
    return code if code >= 0 else 128 - code


def clean() -> dict[str, str]:
    """Return the surroundings for a child: ours, without what would make it another Python. PIP_* settings stay."""
    return {**{name: value for name, value in os.environ.items() if name not in FOREIGN}, "PIP_USER": "0"}


def refuse_old_python(found: tuple[int, ...] | None = None) -> None:
    """Refuse an interpreter that is older than the project needs."""
    found = tuple(sys.version_info[:3]) if found is None else found
    if found[:2] < OLDEST:
        needed, this = ".".join(map(str, OLDEST)), ".".join(map(str, found))
        raise Trouble(
            en=f"Python {needed} or newer is needed, this is {this}: start the command with python{needed}.",
            zh=f"需要 Python {needed} 或更高版本，当前为 {this}：请改用新版本运行（python{needed}）。",
        )


def make(folder: Path) -> Path:
    """Make a virtual environment if there is none that works, and return its interpreter; nothing half-made stays."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if python.exists() and (_answers(python) or _given_pip(python)):
        return python
    ours = not folder.exists() or (folder / "pyvenv.cfg").exists() or not any(folder.iterdir())
    if not ours:
        raise Trouble(
            en=f"{folder} is a folder of something else: name another place in GIS_PLANNING_VENV.",
            zh=f"{folder} 不是虚拟环境：请在 GIS_PLANNING_VENV 中另指定位置。",
        )
    if not _can_make():
        raise _no_venv()
    done = False
    try:
        made = subprocess.run(
            [sys.executable, "-m", "venv", "--clear", str(folder)],
            env=clean(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        said = made.stdout.decode("utf-8", "replace")
        done = made.returncode == 0 and _answers(python)
    finally:
        if not done:
            shutil.rmtree(str(folder), ignore_errors=True)
    if not done:
        if "ensurepip" in said:
            raise _no_venv()
        raise Trouble(
            en=f"The virtual environment {folder} could not be made: {_reason(said)}",
            zh=f"无法建立虚拟环境 {folder}：{_reason(said)}",
        )
    return python


def install(python: Path, stamp: Path, extras: set[str]) -> None:
    """Install the project, as a link to this folder, with these extras, unless the stamp says it is there."""
    state = _state(python)
    known = _read(stamp)
    if known.get("state") == state:
        have = set(known.get("extras", []))
        if extras <= have:
            return
        extras = extras | have
    wanted = f"{ROOT}[{','.join(sorted(extras))}]" if extras else str(ROOT)
    tell(
        "正在安装所需的软件包，首次需要几分钟…… / Installing the packages; the first time this takes a few minutes ..."
    )
    if stamp.exists():
        stamp.unlink()
    fault = pip(python, "install", "--editable", wanted)
    if fault:
        raise Trouble(
            en=f"pip could not install the packages ({fault}). No internet here? Run scripts/bundle on a computer "
            "that has it, bring the folder it makes, and start its install script.",
            zh=f"pip 安装失败（{fault}）。本机没有网络时：请在能上网的电脑上运行 scripts/bundle，"
            "把生成的文件夹拷来，运行其中的 install。",
        )
    stamp.write_text(json.dumps({"state": state, "extras": sorted(extras)}), encoding="utf-8")


def pip(python: Path, *arguments: str | Path, boot: tuple[str, ...] = ("-m", "pip")) -> str:
    """Run pip quietly; return nothing when it went well, else the one line of its output that says why."""
    quiet = ["--disable-pip-version-check", "--no-input", "--quiet", "--quiet"]
    done = subprocess.run(
        [str(python), *boot, *(str(part) for part in arguments), *quiet],
        cwd=str(ROOT),
        env=clean(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    said = done.stdout.decode("utf-8", "replace")
    if done.returncode == 0:
        return ""
    if os.environ.get("CI"):
        tell(said)
    return _reason(said)


def _reason(said: str) -> str:
    """Return the last line of an output that names an error, else its last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(?i)(\w*error|fatal)\b", line)]
    # "subprocess-exited-with-error" is pip's frame around the line that says why.
    reasons = [line for line in errors if "subprocess-exited" not in line]
    return (reasons or errors or lines or ["?"])[-1]


def _can_make() -> bool:
    """Say whether this Python has what the venv module needs; Debian ships it without."""
    return all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))


def _no_venv() -> Trouble:
    return Trouble(
        en="This Python cannot make a virtual environment; Debian and Ubuntu need: sudo apt install python3-venv",
        zh="当前 Python 无法建立虚拟环境；Debian、Ubuntu 请先运行：sudo apt install python3-venv",
    )


def _answers(python: Path) -> bool:
    """Say whether an environment's interpreter starts and has pip (the Python it was made from may be gone)."""
    try:
        done = subprocess.run(
            [str(python), "-c", "import pip"],
            env=clean(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def _given_pip(python: Path) -> bool:
    """Give pip to an environment that was made without (uv does so), rather than making it anew."""
    subprocess.run([str(python), "-m", "ensurepip"], env=clean(), capture_output=True, check=False)
    return _answers(python)


def _state(python: Path) -> str:
    """Return a fingerprint of everything that makes an installation out of date."""
    config = (python.parent.parent / "pyvenv.cfg").read_bytes()
    return hashlib.sha256(b"\0".join([(ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode(), config])).hexdigest()


def _read(stamp: Path) -> dict[str, object]:
    try:
        known = json.loads(stamp.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
