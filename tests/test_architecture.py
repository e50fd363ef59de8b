"""What holds the shape: imports run one way, texts are whole, public names are named."""

import ast
import re
import string
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

import gis_planning
from gis_planning import texts

PACKAGE = Path(gis_planning.__file__).parent
# A module imports only from those before it.
ORDER = [
    "texts", "errors", "cores", "outputs", "cache", "conventions", "units", "geo", "results", "overlay", "homes",
    "streets",
    "formats", "county", "analysis", "measures",
    "mending", "circles_at", "judging", "view", "maps", "reports", "runs", "show", "commands",
    "cli", "__main__", "__init__",
]  # fmt: skip
MODULES = sorted(PACKAGE.rglob("*.py"))


def room(module):
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_rooms(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gis_planning"):
            inner = node.module.split(".")[1:]
            yield from [inner[0]] if inner else [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            yield from [alias.name.split(".")[1] for alias in node.names if alias.name.startswith("gis_planning.")]


@pytest.mark.parametrize("module", MODULES, ids=lambda one: str(one.relative_to(PACKAGE)))
def test_imports_run_one_way(module):
    own = ORDER.index(room(module))
    for other in imported_rooms(ast.parse(module.read_text(encoding="utf-8"))):
        assert ORDER.index(other) <= own, f"{module.name} imports {other}"


@pytest.mark.parametrize("module", MODULES, ids=lambda one: str(one.relative_to(PACKAGE)))
def test_modules_are_small_and_open_with_a_sentence(module):
    text = module.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 500
    assert (ast.get_docstring(ast.parse(text)) or "").split("\n")[0].strip().endswith((".", ":"))


def used_keys():
    """Keys of texts named in the code, as far as they stand there whole."""
    pattern = re.compile(r"""(?:text|say|Text|[A-Z]\w*Error|NotAssessed)\(\s*"([a-z_]+\.[\w.-]+)\"""")
    for module in MODULES:
        for key in pattern.findall(module.read_text(encoding="utf-8")):
            if not key.endswith("_"):  # the beginning of a key, put together where it is used
                yield key, module.name


@pytest.mark.parametrize(("key", "module"), sorted(set(used_keys())))
def test_every_text_used_is_written(key, module):
    assert key in texts.catalogue()


@pytest.mark.parametrize("key", sorted(texts.catalogue()))
def test_both_languages_say_the_same_facts(key):
    entry = texts.catalogue()[key]
    assert set(entry) == {"zh", "en"}
    fields = [
        sorted({name for _, name, _, _ in string.Formatter().parse(entry[lang]) if name is not None})
        for lang in ("zh", "en")
    ]
    assert fields[0] == fields[1]
    words = re.sub(r"\{[^}]*\}", "", entry["en"])
    if not key.startswith("method.") and re.search("[a-z]{4}", words):
        assert re.search("[\u4e00-\u9fff]", entry["zh"]), key


def test_every_derived_layer_is_told_in_both_languages_and_no_measure_asks_for_much():
    from gis_planning.analysis import derived
    from gis_planning.judging.rulebook import load

    for function in {one.function for one in load()}:
        assert len(derived.asked(function).inputs) + len(derived.asked(function).own) <= 8, function.__name__
        for maker in derived.rests_on(function):
            assert f"derived.{maker.__name__}" in texts.catalogue()


def test_every_file_of_the_package_is_data_or_code_we_know():
    known = {".py", ".toml", ".typed", ".j2", ".css", ".js", ".txt"}
    for file in PACKAGE.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            assert file.suffix in known or file.name == "py.typed", file


def test_public_names_are_there_and_importing_is_light():
    for name in gis_planning.__all__:
        assert getattr(gis_planning, name) is not None
    assert gis_planning.__all__ == sorted(gis_planning.__all__)
    heavy = "('numpy', 'geopandas', 'shapely', 'pydantic', 'osmnx')"
    code = f"import sys, gis_planning, gis_planning.cli; print([m for m in {heavy} if m in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == "[]"


def test_rules_and_conventions_ship_with_the_package():
    assert (files("gis_planning") / "rules" / "green-checkup2022plus.toml").is_file()


def test_english_tells_one_from_many():
    assert texts.say("streets.note_barriers", "en", count=1) == "1 street is cut by barriers"
    assert texts.say("streets.note_barriers", "en", count=np.int64(12)) == "12 streets are cut by barriers"
    assert texts.say("streets.note_barriers", "en", count="1,200") == "1,200 streets are cut by barriers"
    assert texts.say("streets.note_barriers", "zh", count=1).startswith("有 1 段")
