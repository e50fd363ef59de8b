"""Say which tests a change can touch: those whose files, followed through all they import and name, come to it.

Imports are read, not run: also those inside functions, in examples of docstrings and in programs that a test hands to
another Python. What a module finds by walking a package counts as imported. Files that nobody imports belong to the
modules that name them, else to those that name their folder or stand in it.

This file has to be readable for Python 3.7, like environment.py.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

PACKAGE = "gis_planning"
#: What every test goes by.
EVERYWHERE = ("tests/conftest.py", "pyproject.toml")
IMPORT = re.compile(r"(?:from|import) (" + PACKAGE + r"[\w.]*)(?: import (\w+(?:, \w+)*))?")


def changed(root: Path) -> set[str] | None:
    """Return the files changed since the branch left the main one, or else by the last commit; None without Git."""
    bases = [_git(root, "merge-base", "HEAD", main) for main in ("origin/HEAD", "origin/main", "main")]
    new = _git(root, "ls-files", "-z", "--others", "--exclude-standard")
    for since in (*next((base for base in bases if base), ()), "HEAD^"):
        found = _git(root, "diff", "-z", "--name-only", "--no-renames", since)
        if found or new:
            return {*(found or ()), *(new or ())}
    return None


def _git(root: Path, *words: str) -> list[str] | None:
    """Return what Git lists, or None where it cannot say."""
    try:
        done = subprocess.run(
            ["git", *words], cwd=str(root), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
        )
    except OSError:
        return None
    return [one for one in re.split("[\0\n]", done.stdout.decode()) if one] if done.returncode == 0 else None


def touched(root: Path, files: Iterable[str]) -> list[str]:
    """Return the modules with tests, or with examples that pytest tries, which these files can touch; nearest first."""
    found = leads(root, files)
    users: dict[str, set[str]] = {}
    for module, named in found.items():
        for one in named:
            users.setdefault(one, set()).add(module)
    steps = followed(users, files)
    tried = [one for one in steps if one in found and (root / one).exists() and _is_tried(root, one)]
    return sorted(tried, key=lambda one: (steps[one], one))


def followed(ways: dict[str, set[str]], starts: Iterable[str]) -> dict[str, int]:
    """Return where ways lead to in the end, the starts among them, and by how many steps."""
    steps = dict.fromkeys(starts, 0)
    waiting = list(steps)
    for one in waiting:  # grows meanwhile
        for further in ways.get(one, ()):
            if further not in steps:
                steps[further] = steps[one] + 1
                waiting.append(further)
    return steps


def _is_tried(root: Path, name: str) -> bool:
    examples = name.startswith(PACKAGE) and ">>> " in (root / name).read_text(encoding="utf-8")
    return examples or name.startswith("tests/test_")


def leads(root: Path, gone: Iterable[str]) -> dict[str, set[str]]:
    """Return, by module, the files it imports or names; files that are gone can still be named."""
    there = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard") or []
    files = sorted({*there, *gone})
    modules = {name: _Module(name, _source(root / name)) for name in files if _is_code(name)}
    known = {*files}
    found = {name: {*_places(module, known)} - {name} for name, module in modules.items()}
    for name, module in modules.items():
        found[name].update(file for file in files if file.startswith(tuple(module.walked)))
        if name.startswith("tests/test_"):
            found[name].update(EVERYWHERE)
    for file in files:
        if not (file.endswith(".py") and file.startswith((PACKAGE, "tests"))):
            for user in _namers(PurePosixPath(file), modules):
                found[user].add(file)
    return found


def _is_code(name: str) -> bool:
    return name.endswith((".py", ".ipynb")) or (
        name.count("/") == 1 and name.startswith("scripts/") and "." not in name
    )


def _source(file: Path) -> str:
    """Return a module's text, of a notebook its cells; nothing of one that is gone."""
    if not file.exists():
        return ""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".ipynb":
        return text
    return "\n".join("".join(one["source"]) for one in json.loads(text)["cells"] if one["cell_type"] == "code")


def _places(module: _Module, files: set[str]) -> Iterator[str]:
    """Yield the files that a module's imports stand in; of a package also those of the packages around it."""
    folders = ("", PurePosixPath(module.name).parent.as_posix() + "/", "tests/", "scripts/")
    for dotted in module.imports:
        parts = dotted.split(".")
        # The package itself imports nothing until a name of its own is asked for.
        least = 2 if len(parts) > 1 and parts[0] == PACKAGE else 1
        for path in ("/".join(parts[:many]) for many in range(least, len(parts) + 1)):
            endings = [f"{folder}{path}{end}" for folder in folders for end in (".py", "/__init__.py")]
            found = next((one for one in endings if one in files), None)
            if found is None and path.count("/") == 1 and path.startswith(PACKAGE):
                found = f"{PACKAGE}/__init__.py"
            if found:
                yield found


def _namers(file: PurePosixPath, modules: dict[str, _Module]) -> set[str]:
    """Return the modules that name a file: by its name (with its folder where it has no ending), or its folder."""
    if not file.suffix:
        return {name for name, one in modules.items() if {file.name, file.parent.name} <= one.words}
    named = {name for name, one in modules.items() if file.name in one.words}
    beside = {name for name in modules if PurePosixPath(name).parent == file.parent}
    ours = file.parts[0] != PACKAGE or any(one.startswith(PACKAGE) for one in named)
    if named and ours:
        return named
    return named | beside | {name for name, one in modules.items() if file.parent.name in one.words}


class _Module:
    """What a module says: names it imports, packages it walks (as beginnings of paths), texts that stand in it."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.imports: set[str] = set()
        self.walked: set[str] = set()
        self.words: set[str] = set()
        self.known: dict[str, str] = {}
        nodes = list(ast.walk(ast.parse(source)))
        for node in nodes:
            if isinstance(node, ast.Import):
                for one in node.names:
                    self._take(one.name, one.asname or one.name)
            elif isinstance(node, ast.ImportFrom):
                for one in node.names:
                    self._take(f"{self._origin(node)}.{one.name}", one.asname or one.name)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                self._read(node.value)
        for node in nodes:
            if isinstance(node, ast.Attribute) and node.attr in {"__path__", "__file__"}:
                self._walk(node.value)
            elif isinstance(node, ast.Name) and node.id == "__path__":
                self.walked.add(PurePosixPath(name).parent.as_posix() + "/")

    def _origin(self, node: ast.ImportFrom) -> str:
        """Return where an import is from, also one that begins with dots."""
        own = PurePosixPath(self.name).parts[: -node.level] if node.level else ()
        return ".".join([*own, *([node.module] if node.module else [])])

    def _take(self, dotted: str, name: str) -> None:
        self.imports.add(dotted)
        self.known[name] = dotted

    def _read(self, text: str) -> None:
        """Keep a text; it may be a program or hold examples, and a module looked for by name is imported too."""
        self.words.add(text)
        for origin, names in IMPORT.findall(text):
            self.imports.update(f"{origin}.{one}" if one else origin for one in names.split(", "))
        if self.name == f"{PACKAGE}/__init__.py":
            self.imports.add(f"{PACKAGE}.{text}")
        elif text == PACKAGE and "-m" in self.words:
            self.imports.add(f"{PACKAGE}.__main__")

    def _walk(self, package: ast.expr) -> None:
        dotted = self.known.get(package.id, "") if isinstance(package, ast.Name) else ""
        if dotted.startswith(PACKAGE):
            self.walked.add(dotted.replace(".", "/") + "/")
