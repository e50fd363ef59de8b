"""Cases beside clauses: every number of a document that has cases matters to one of them; and how cases work."""

import copy
import functools
import time
import tomllib
import typing
from importlib.resources import files

import own_rules
import pytest
from own_rules import CLAUSE, read

from gis_planning import cli
from gis_planning.analysis.work import Memory
from gis_planning.errors import RuleError
from gis_planning.judging import cases, rulebook
from gis_planning.measures import towns

DOCUMENT = own_rules.DOCUMENT.replace("2026-01-01", "2020-01-01")
SHIPPED = {
    file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted((files("gis_planning") / "rules").iterdir(), key=lambda one: one.name)
    if file.name.endswith(".toml")
}
WITH_CASES = {name: table for name, table in SHIPPED.items() if any("case" in one for one in table["clause"])}
AS_SHIPPED = {
    name: {one.code: one for one in rulebook.bind_document(table, name)} for name, table in WITH_CASES.items()
}

#: Numbers that no verdict can show, each as it is moved, with the reason.
CANNOT_MATTER = {
    ("green-tdt1063_walk5", "clause.0.small_limit_m", 270.0): "both tiers begin at the same size: no park is small",
    ("green-tdt1063_walk5", "clause.0.small_limit_m", 330.0): "both tiers begin at the same size: no park is small",
    ("green-tdt1063_walk5", "clause.0.large_area_m2", 440.0): "both tiers have the same distance",
    ("fire-gb51080", "clause.2.cell_m", 45.0): "land is shared out whole, however fine it is cut",
    ("fire-gb51080", "clause.2.cell_m", 55.0): "land is shared out whole, however fine it is cut",
}

# -- every number, moved by itself


def numbers_of(value, path=()):
    """Yield where a document has numbers, cases aside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        if isinstance(one, dict | list) and (*path, key)[2:] != ("case",):
            yield from numbers_of(one, (*path, key))
        elif isinstance(one, int | float) and not isinstance(one, bool):
            yield (*path, key), one


def is_whole_count(name, path):
    """Say whether a number counts things: a setting in whole numbers, or a limit of a count."""
    entry = SHIPPED[name]["clause"][path[1]] if path[0] == "clause" else {}
    if len(path) > 2 and path[2] in rulebook.LIMITS:
        return entry["unit"] == "count"
    hints = typing.get_type_hints(rulebook.measure_named(entry["measure"])) if entry else {}
    return len(path) > 2 and hints.get(path[2]) in (int, int | None)


def moves():
    # The targets of a policy are no clauses: test_policy holds them against the plan.
    for name, table in WITH_CASES.items():
        for path, number in numbers_of({key: one for key, one in table.items() if key not in ("document", "article")}):
            by_one = number == 0 or is_whole_count(name, path)
            for moved in (number - 1, number + 1) if by_one else (round(number * 0.9, 9), round(number * 1.1, 9)):
                yield name, path, moved


def moved_document(name, path, number):
    """Return the clauses of a document with a moved number, or the one clause that has it."""
    key, *inner = path
    table = dict(WITH_CASES[name])
    if key == "clause":
        at, *inner = inner
        table["clause"] = [copy.deepcopy(table["clause"][at])]
        place = table["clause"][0]
    else:
        place = table[key] = copy.deepcopy(table[key])
    functools.reduce(lambda inner, step: inner[step], inner[:-1], place)[inner[-1]] = number
    return rulebook.bind_document(table, name)


def differ(one, other):
    return any(getattr(one, key) != getattr(other, key) for key in ("settings", "limit", "dated", "projects", "cases"))


#: What was measured on a town stays so from one number to the next.
MEMORY = Memory(cases.MOST)
#: Which case broke when a number of this name was moved this way in another clause: most likely it is the one here too.
BROKE: dict[tuple, int] = {}


def is_noticed(name, path, number):
    """Say whether a moved number breaks a case of every clause that has it, or is refused."""
    try:
        changed = [one for one in moved_document(name, path, number) if differ(one, AS_SHIPPED[name][one.code])]
    except RuleError:
        return True
    assert changed, "nothing uses this number"
    alike = (*path[2:], number > original(name, path))
    return all(breaks(clause, alike) for clause in changed)


def breaks(clause, alike):
    """Say whether a changed clause breaks one of its cases, or is refused there."""
    for case in sorted(clause.cases, key=lambda one: one.number != BROKE.get(alike)):
        try:
            if cases.tried(clause, case, MEMORY).holds:
                continue
        except RuleError:
            return True
        BROKE[alike] = case.number
        return True
    return False


def original(name, path):
    """Return a number as it ships."""
    return functools.reduce(lambda place, step: place[step], path, WITH_CASES[name])


def words(one):
    return ".".join(map(str, one)) if isinstance(one, tuple) else str(one)


@pytest.mark.parametrize(("name", "path", "number"), list(moves()), ids=words)
def test_a_moved_number_breaks_a_case(name, path, number):
    cannot = CANNOT_MATTER.get((name, words(path), number))
    assert is_noticed(name, path, number) is (cannot is None), cannot


def test_the_list_of_numbers_that_cannot_matter_is_no_longer_than_needed():
    assert {(name, words(path), number) for name, path, number in moves()} >= CANNOT_MATTER.keys()


@pytest.mark.parametrize("name", list(WITH_CASES))
def test_every_case_that_ships_holds(name):
    clauses = AS_SHIPPED[name].values()
    started = time.process_time()  # on one core, whoever else is at work
    wrong = [(one.code, one.number, one.expected, one.got) for one in cases.run(clauses) if not one.holds]
    assert not wrong
    assert time.process_time() - started < 15
    assert all(one.cases for one in clauses), "a clause without a case"
    assert all(case.expected.note and case.expected.note_en for one in clauses for case in one.cases)


def test_documents_with_cases():
    assert set(SHIPPED) == WITH_CASES.keys()


# -- how cases work

CASE = """
[[clause.case]]
note = "恰好一半"
note_en = "just half"
given = { parks = [{ area_m2 = 5000, homes = [{ from_m = 400, to_m = 600 }] }] }
outcome = "pass"
value = 0.5
limit = 0.5
margin = 0
numerator = 1000
denominator = 2000
offenders = 1
"""


def other(code, measure, unit, rest):
    """Return a clause of the county's own."""
    names = f'code = "{code}"\ntext = "县定"\ntext_en = "own"\n'
    return f'\n[[clause]]\n{names}measure = "{measure}"\nunit = "{unit}"\n{rest}'


def results(text):
    return list(cases.run(read(text)))


def test_a_case_is_tried_with_all_it_says():
    (one,) = results(DOCUMENT + CLAUSE + CASE)
    assert one.holds
    numbers = {"value": 0.5, "limit": 0.5, "margin": 0, "numerator": 1000, "denominator": 2000, "offenders": 1}
    assert one.expected == {"outcome": "pass", **numbers}


#: By what a case says: what is right, and what is not.
SAID = {
    "outcome": ('"pass"', '"fail"'),
    "value": (0.5, 0.50001),
    "limit": (0.5, 0.45),
    "margin": (0, 0.001),
    "numerator": (1000, 1001),
    "denominator": (2000, 2001),
    "offenders": (1, 2),
}


@pytest.mark.parametrize("key", SAID)
def test_whatever_a_case_says_can_be_wrong(key):
    right, wrong = SAID[key]
    assert f"\n{key} = {right}\n" in CASE
    (one,) = results(DOCUMENT + CLAUSE + CASE.replace(f"\n{key} = {right}\n", f"\n{key} = {wrong}\n"))
    assert one.wrong == (key,)


def test_a_limit_that_changes_no_outcome_breaks_the_case_that_states_it():
    far = CASE.replace("to_m = 600", "to_m = 500").replace("value = 0.5\n", "value = 1\n", 1)
    far = "\n".join(line for line in far.splitlines() if not line.startswith(("margin", "num", "denom", "offenders")))
    assert results(DOCUMENT + CLAUSE + far)[0].holds
    assert results(DOCUMENT + CLAUSE.replace("at_least = 0.5", "at_least = 0.55") + far)[0].wrong == ("limit",)
    # A clause without limit has none to show.
    none = CLAUSE.replace("at_least = 0.5", 'limit = "none"')
    assert results(DOCUMENT + none + far)[0].wrong == ("outcome", "limit")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("outcome =", "outcom =", ["OWN-1 [case 1]", "no key 'outcom'", "outcome"]),
        ('"pass"', '"perhaps"', ["OWN-1 [case 1]", "outcome"]),
        ("\nvalue = 0.5", "\nvalue = nan", ["OWN-1 [case 1]", "value"]),
        ("\nvalue = 0.5", "\nvalue = '1'", ["OWN-1 [case 1]", "value"]),
        ("\nvalue = 0.5", '\nas_of = "soon"', ["OWN-1 [case 1]", "as_of"]),
        ("{ parks = ", "{ gardens = 1, parks = ", ["case 1", "given cannot say 'gardens'", "parks, far_homes_m2"]),
        ("area_m2 = 5000", "area_m2 = 5000, size = 1", ["given.parks.0 cannot say 'size'", "area_m2, class, name"]),
        ("from_m = 400", "at_m = 400", ["given.parks.0.homes.0 cannot say 'at_m'", "from_m, to_m"]),
        ("area_m2 = 5000", "area_m2 = '5000'", ["given.parks.0.area_m2"]),
        ("area_m2 = 5000", "area_m2 = inf", ["given.parks.0.area_m2"]),
        ("area_m2 = 5000, ", "", ["given.parks.0.area_m2 is missing"]),
        ("{ parks = ", '{ not_delivered = ["park"], parks = ', ["given.not_delivered", "park != parks"]),
        ("from_m = 400", "from_m = 600", ["given.parks.0.homes.0", "from_m >= to_m"]),
        ("[[clause.case]]", "[clause.case]", ["[[clause.case]]"]),
    ],
)
def test_what_cannot_stand_in_a_case_is_refused_when_the_document_is_read(old, new, told):
    assert old in CASE
    with pytest.raises(RuleError) as caught:
        read(DOCUMENT + CLAUSE + CASE.replace(old, new, 1))
    assert all(words in str(caught.value) for words in ("own.toml", *told)), str(caught.value)
    assert caught.value.to("zh")


def test_a_family_without_a_town_cannot_have_cases(monkeypatch):
    monkeypatch.setattr(towns, "families", lambda: ("green",))
    given = 'layers = { layer = "land_use" }\nat_most = 0\n[[clause.case]]\ngiven = {}\noutcome = "pass"'
    clause = other("OWN-2", "quality.valid", "count", given)
    with pytest.raises(RuleError, match="own.toml, OWN-2: no town is drawn .*'quality'.*green"):
        read(DOCUMENT + clause)


KIND = other(
    "OWN-3",
    "circles.kind_coverage",
    "share",
    """kind = "bank"
limit_m = 1000
limit = "none"
[[clause.case]]
given = { facilities = [{ kind = "bank", homes = [{ to_m = 100 }] }] }
outcome = "info"
""",
)
TABLE = other(
    "OWN-4",
    "quality.structure",
    "count",
    """layers = { layer = "land_use" }
at_most = 0
[[clause.case]]
given = { tables = [{ layer = "land_use", name = "DLTB", standard = true, widths = { BSM = 17 } }] }
outcome = "fail"
value = 1
""",
)


@pytest.mark.parametrize(
    ("clause", "old", "new", "told"),
    [
        (KIND, '[{ kind = "bank"', '[{ kind = "bamk"', ["given.facilities.0.kind", "bamk != bank"]),
        (KIND, "{ facilities", '{ none_of = ["shops"], facilities', ["given.none_of", "shops != "]),
        (KIND, "{ facilities", '{ everywhere = ["bank;clinic"], facilities', ["given.everywhere"]),
        (KIND, "to_m = 100", "to_m = 5000", ["given.facilities.0.homes.0.to_m", "4000"]),
        (KIND, "to_m = 100", "from_m = 100, to_m = 100", ["from_m >= to_m"]),
        (TABLE, '[{ layer = "land_use"', '[{ layer = "landuse"', ["given.tables.0.layer", "land_use"]),
        (TABLE, '"DLTB"', '"DLTBB"', ["given.tables.0.name", "DLTB"]),
        (TABLE, '"DLTB"', '"DLTB", crs = "EPSG:99"', ["given.tables.0.crs"]),
        (TABLE, "BSM = 17", "BMS = 17", ["given.tables.0", "BMS != BSM"]),
        (TABLE, "standard = true", "standard = false", ["given.tables.0", "BSM != "]),
        (TABLE, "[{ layer", '[{ layer = "land_use" }, { layer', ["given.tables", "land_use, land_use"]),
    ],
)
def test_what_no_town_has_is_refused(clause, old, new, told):
    assert results(DOCUMENT + clause)[0].holds
    assert old in clause
    with pytest.raises(RuleError) as caught:
        read(DOCUMENT + clause.replace(old, new, 1))
    assert all(words in str(caught.value) for words in told), str(caught.value)


def test_clauses_of_one_table_have_cases_filled_by_row():
    family = CLAUSE.replace("[[clause]]", "[[clause]]\nfor_each = [{ n = 1, far_m = 500 }, { n = 2, far_m = 600 }]")
    family = family.replace("OWN-1", "OWN-{n}").replace("large_radius_m = 500", 'large_radius_m = "{far_m}"')
    case = """
[[clause.case]]
note = "{far_m} 米"
given = { parks = [{ area_m2 = 5000, homes = [{ to_m = "{far_m}" }] }], far_homes_m2 = 1000 }
outcome = "pass"
numerator = 5000
"""
    one, other = results(DOCUMENT + family + case)
    assert (one.code, one.holds, one.case.note) == ("OWN-1", True, "500 米")
    assert (other.code, other.wrong, other.got["numerator"]) == ("OWN-2", ("numerator",), 6000)


DATED = CLAUSE.replace("at_least = 0.5", """at_least = [
  { from = "2021-01-01", value = 0.5 }, { from = "9000-01-01", value = 0.6 },
]""")  # fmt: skip
OUTCOME_ONLY = CASE[: CASE.index("value = 0.5")]


def test_a_case_names_the_day_whose_figures_count():
    # The document and its clause are refused nothing for the year 9000; today it is the figure of 2021 that counts.
    then = OUTCOME_ONLY.replace('"pass"', '"fail"') + 'limit = 0.6\nas_of = "9000-01-01"\n'
    before = OUTCOME_ONLY + 'limit = 0.5\nas_of = "8999-12-31"\n'
    assert [one.holds for one in results(DOCUMENT + DATED + OUTCOME_ONLY + before + then)] == [True] * 3
    with pytest.raises(RuleError, match="case 1: on 2020-12-31 the clause did not hold yet"):
        read(DOCUMENT + DATED + OUTCOME_ONLY + 'as_of = "2020-12-31"\n')


def test_a_case_without_homes_does_not_hold_and_says_why():
    (one,) = results(DOCUMENT + CLAUSE + '[[clause.case]]\ngiven = {}\noutcome = "fail"\n')
    assert not one.holds
    assert one.got == {}
    assert "residential" in one.reason.to("en")


def test_nothing_is_read_or_written_for_a_case(tmp_path, monkeypatch):
    monkeypatch.setenv("GIS_PLANNING_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    assert all(one.holds for one in cases.run(AS_SHIPPED["green-tdt1063_walk5"].values()))
    assert list(tmp_path.iterdir()) == []


# -- the command


def run(capsys, *words):
    with pytest.raises(SystemExit) as left:
        cli.main(["cases", *map(str, words)])
    said = capsys.readouterr()
    return left.value.code, said.out, said.err


def written(tmp_path, text):
    file = tmp_path / "own.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_command_tries_a_document_of_ones_own(tmp_path, capsys):
    code, out, _ = run(capsys, written(tmp_path, DOCUMENT + CLAUSE + CASE), "--lang", "en")
    assert (code, out) == (0, "own: all cases hold (1).\n")


def test_the_command_names_what_does_not_hold(tmp_path, capsys):
    file = written(tmp_path, DOCUMENT + CLAUSE.replace("at_least = 0.5", "at_least = 0.55") + CASE)
    code, out, _ = run(capsys, file, "--lang", "en")
    assert code == 1
    assert "OWN-1, case 1 (just half): expected outcome = pass, limit = 0.5, margin = 0" in out
    assert "got outcome = fail, limit = 0.55, margin = -0.05" in out
    code, out, _ = run(capsys, file, "--lang", "zh")
    assert code == 1
    assert "OWN-1，算例 1（恰好一半）" in out


def test_the_command_takes_a_changed_copy_of_a_shipped_document(tmp_path, capsys):
    text = (files("gis_planning") / "rules" / "green-checkup2022plus.toml").read_text(encoding="utf-8")
    assert run(capsys, written(tmp_path, text), "--lang", "en")[0] == 0
    assert run(capsys, written(tmp_path, text.replace("at_least = 0.8", "at_least = 0.85")), "--lang", "en")[0] == 1


def test_the_command_says_that_a_document_has_no_cases(tmp_path, capsys):
    code, out, _ = run(capsys, written(tmp_path, DOCUMENT + CLAUSE), "--lang", "en")
    assert (code, out) == (0, "own: none of its clauses has a case, so nothing was tried.\n")
    some = DOCUMENT + CLAUSE + CASE + CLAUSE.replace("OWN-1", "OWN-2")
    assert "Clauses without a case: OWN-2." in run(capsys, written(tmp_path, some), "--lang", "en")[1]


def test_a_file_that_cannot_be_used(tmp_path, capsys):
    assert run(capsys, tmp_path / "none.toml", "--lang", "en")[0] == 2
    code, out, err = run(capsys, written(tmp_path, DOCUMENT + CLAUSE + CASE.replace("area_m2", "size")), "--lang", "en")
    assert (code, out) == (2, "")
    assert "own.toml, OWN-1, case 1: given.parks.0 cannot say 'size'" in err
    # The settings contradict one another, which only the measure knows.
    crossed = CLAUSE.replace("min_area_m2 = 400", "min_area_m2 = 6000")
    code, _, err = run(capsys, written(tmp_path, DOCUMENT + crossed + CASE), "--lang", "en")
    assert code == 2
    assert "own, OWN-1, case 1: the measure refuses the settings" in err


def test_without_a_file_all_documents_that_ship_are_tried(capsys, monkeypatch):
    monkeypatch.setattr(cases, "run", lambda clauses: iter(()))
    code, out, _ = run(capsys, "--lang", "en")
    assert code == 0
    assert len(out.splitlines()) == len(SHIPPED)
