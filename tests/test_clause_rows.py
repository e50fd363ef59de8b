"""Families of clauses: one table and a list of rows make the clauses that would have been written one by one."""

import pytest
from own_rules import DOCUMENT, read
from refusals import refused

from gis_planning.errors import RuleError

EACH = """
[each]
layers = [
  { table = "DLTB", layer = "land_use", title = "地类图斑" },
  { table = "XZQ", layer = "districts", title = "行政区" },
]
"""
VALID = """
[[clause]]
for_each = "layers"
code = "OWN-{table}-VALID"
number = "{table}"
text = "{title}：几何有效"
text_en = "{table}: valid"
measure = "quality.valid"
unit = "count"
layers = { layer = "{layer}" }
at_most = 0
"""
NARROW = """
[[clause]]
for_each = "layers"
code = "OWN-{table}-NARROW"
text = "{title}：不窄"
text_en = "{table}: not narrow"
measure = "quality.narrow"
unit = "count"
layers = { layer = "{layer}" }
below_m = 0.2
at_most = 0
"""
PLAIN = (
    NARROW.replace('for_each = "layers"\n', "")
    .replace("{table}", "DIST")
    .replace("{title}", "分区")
    .replace("{layer}", "districts")
)
LINES = """
[[clause]]
for_each = [
  { short = "G", line = "green_line", name_en = "green line", most = 0 },
  { short = "B", line = "blue_line", name_en = "blue line", most = 2.5 },
]
code = "OWN-{short}L"
text = "不占用"
text_en = "Stays off the {name_en}"
measure = "redlines.overlap"
unit = "m2"
layers = { line = "{line}" }
at_most = "{most}"

[clause.projects]
clear = "未占用。"
clear_en = "Nothing inside the {name_en}."
touched = "占用 {area_m2} 平方米。"
touched_en = "Inside the {name_en}: {area_m2} m2 ({share})."
"""


CONSENTED = """
[each]
lines = [
  { short = "G", line = "green_line", activity = ["linear", "management"], most = 200 },
  { short = "B", line = "blue_line", activity = ["energy"], most = 100 },
  { short = "P", line = "purple_line", activity = [], most = 0 },
]

[[clause]]
for_each = "lines"
code = "OWN-{short}L"
text = "不占用"
text_en = "Stays off"
layers = { line = "{line}" }
measure = "redlines.overlap"
at_most = 0
unit = "m2"

[clause.projects]
conditional_for = "{activity}"
clear = "未占用。"
clear_en = "None."
touched = "占用。"
touched_en = "Some."

[[clause.case]]
for_each = { short = ["G", "B"] }
given = { projects = [{ for_each = "activity", activity = "{activity}", to_m = 110 }, { to_m = 50 }], lines = [{ layer = "{line}", from_m = 100, to_m = 300 }] }
outcome = "conditional"
value = "{most}"

[[clause.case]]
given = { projects = [{ to_m = 110 }], lines = [{ layer = "{line}", from_m = 100, to_m = 300 }] }
outcome = "fail"
"""  # noqa: E501 - as one line in a document


def codes(text):
    return [clause.code for clause in read(text)]


def plainly(clause):
    return clause.code, clause.texts, clause.layers, clause.settings, clause.limit, clause.severity, clause.numbers


def test_a_family_makes_the_clauses_that_would_have_been_written_one_by_one():
    one_by_one = "".join(
        VALID.replace('for_each = "layers"\n', "").replace("{table}", table).replace("{layer}", layer).replace(
            "{title}", title
        )
        for table, layer, title in (("DLTB", "land_use", "地类图斑"), ("XZQ", "districts", "行政区"))
    )  # fmt: skip
    made, written = read(DOCUMENT + EACH + VALID), read(DOCUMENT + one_by_one)
    assert [plainly(one) for one in made] == [plainly(one) for one in written]


def test_clauses_of_one_list_that_follow_one_another_come_row_by_row():
    assert codes(DOCUMENT + EACH + VALID + NARROW) == [
        "OWN-DLTB-VALID",
        "OWN-DLTB-NARROW",
        "OWN-XZQ-VALID",
        "OWN-XZQ-NARROW",
    ]
    # Anything between them parts them.
    assert codes(DOCUMENT + EACH + VALID + PLAIN + NARROW) == [
        "OWN-DLTB-VALID",
        "OWN-XZQ-VALID",
        "OWN-DIST-NARROW",
        "OWN-DLTB-NARROW",
        "OWN-XZQ-NARROW",
    ]
    two_lists = EACH + 'others = [{ table = "CJDCQ", layer = "communities", title = "村" }]\n'
    assert codes(DOCUMENT + two_lists + VALID + NARROW.replace('"layers"', '"others"', 1)) == [
        "OWN-DLTB-VALID",
        "OWN-XZQ-VALID",
        "OWN-CJDCQ-NARROW",
    ]


def test_a_clause_takes_some_rows_of_a_list():
    some = NARROW.replace('for_each = "layers"', 'for_each = { list = "layers", table = ["XZQ"] }')
    assert codes(DOCUMENT + EACH + VALID + some) == ["OWN-DLTB-VALID", "OWN-XZQ-VALID", "OWN-XZQ-NARROW"]
    # What only some clauses ask for need not stand in every row.
    widths = EACH.replace('title = "行政区" }', 'title = "行政区", below_m = 0.5 }')
    last = read(DOCUMENT + widths + VALID + some.replace("below_m = 0.2", 'below_m = "{below_m}"'))[-1]
    assert last.settings["below_m"] == 0.5


def test_a_row_gives_whole_values_and_words_inside_others():
    green, blue = read(DOCUMENT + LINES)
    assert (green.limit, blue.limit) == ({"at_most": 0}, {"at_most": 2.5})
    assert blue.text("en") == "Stays off the blue line"
    # The sentences of a project rule keep the slots that a parcel fills.
    assert blue.projects.touched_en == "Inside the blue line: {area_m2} m2 ({share})."
    assert green.projects.clear_en == "Nothing inside the green line."


def test_a_row_gives_lists_and_a_table_stands_once_for_every_entry_or_only_for_some_rows():
    green, blue, purple = read(DOCUMENT + CONSENTED)
    assert [one.projects.conditional_for for one in (green, blue, purple)] == [["linear", "management"], ["energy"], []]
    drawn = lambda clause: [[one.activity for one in case.town.projects] for case in clause.cases]
    assert drawn(green) == [["linear", "management", None], [None]]
    assert drawn(blue) == [["energy", None], [None]]
    # The purple line asks nobody for consent, so that it has no case of it.
    assert drawn(purple) == [[None]]
    assert [case.number for case in green.cases] == [1, 2]


def refuses(whole, old, new, key, words):
    """Say that a document is refused for a change, by file and clause."""
    assert old in whole
    said = refused(RuleError, key, read, whole.replace(old, new, 1))
    assert said.startswith("own.toml")
    with pytest.raises(RuleError, match=words):
        read(whole.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('for_each = "activity"', 'for_each = "activities"', "rules.no_row_list", "row 1 has no list 'activities'"),
        ('for_each = "activity"', 'for_each = "most"', "rules.no_row_list", "row 1 has no list 'most' .* in case"),
        ('for_each = "activity"', "for_each = 3", "rules.no_row_list", "row 1 has no list 3"),
        ('["linear", "management"]', '"linear"', "rules.no_row_list", "row 1 has no list 'activity'"),
        ('short = ["G", "B"]', 'short = ["G", "C"]', "rules.no_such_row", "'lines' has short = 'C'"),
        ('short = ["G", "B"]', 'short = "G"', "rules.for_each", "rows to take"),
        ('"{activity}"\nclear', '["{activity}"]\nclear', "rules.bad_value", "OWN-GL.*conditional_for"),
        ('touched_en = "Some."', 'touched_en = "{activity}"', "rules.bad_value", "OWN-GL.*touched_en"),
        ('touched_en = "Some."', 'touched_en = "In {activity}"', "rules.list_in_text", "{activity} in projects"),
        ('"lines"\ncode', '"lines"\nlayer = { for_each = "line" }\ncode', "rules.unknown_setting", "OWN-GL"),
        ("{ to_m = 50 }", '{ for_each = "activity", x = [{ for_each = "activity" }] }', "rules.no_row_list", "row 1"),
        ('for_each = "lines"\n', "", "rules.unused_list", "lines"),
    ],
)  # fmt: skip
def test_a_table_for_every_entry_that_does_not_fit_is_refused_with_file_and_clause(old, new, key, words):
    refuses(DOCUMENT + CONSENTED, old, new, key, words)


def test_a_table_for_every_entry_is_for_families_only():
    alone = CONSENTED.partition("[[clause]]")[2].replace('for_each = "lines"\n', "")
    filled = alone.replace('"{activity}"\n', "[]\n").replace("{line}", "blue_line").replace('"{most}"', "0")
    said = refused(RuleError, "rules.unknown_key", read, f"{DOCUMENT}[[clause]]{filled}")
    assert "for_each" in said


def test_braces_of_a_clause_that_is_of_no_family_are_words():
    (one,) = read(DOCUMENT + PLAIN.replace("not narrow", "not {narrow}"))
    assert one.text("en") == "DIST: not {narrow}"


@pytest.mark.parametrize(
    ("old", "new", "key", "words"),
    [
        ('title = "行政区" }', 'title = "行政区", tilte = "x" }', "rules.unknown_row_key", "layers: row 2.*'tilte'"),
        (', title = "行政区" }', " }", "rules.no_slot_value", r"OWN-\{table\}-VALID: row 2 has nothing for \{title\}"),
        ('title = "行政区"', "title = true", "rules.bad_row", "row 2: title = 'True'"),
        ('title = "行政区"', 'title = ["行政区"]', "rules.list_in_text", r"VALID: row 2: \{title\} in text"),
        ('title = "行政区"', 'title = [["行政区"]]', "rules.bad_row", "row 2: title"),
        ('title = "行政区"', "title = [true]", "rules.bad_row", "row 2: title"),
        ('title = "行政区"', f"title = {[1] * 101}", "rules.bad_row", "row 2: title"),
        ('title = "行政区"', "title = nan", "rules.bad_row", "row 2: title = 'nan'"),
        ('title = "行政区"', "title = 2021-01-01", "rules.bad_row", "row 2: title"),
        ('title = "行政区"', 'title = "{table}"', "rules.bad_row", "row 2: title"),
        ('title = "行政区"', f'title = "{"行" * 501}"', "rules.bad_row", "row 2: title"),
        ('title = "行政区" }', 'title = "行政区", area_m2 = 1 }', "rules.reserved_key", "row 2: 'area_m2'"),
        ('title = "行政区" }', 'title = "行政区", list = "x" }', "rules.reserved_key", "row 2: 'list'"),
        ('table = "XZQ"', 'table = "DLTB"', "rules.code_twice", "OWN-DLTB-VALID"),
        ('code = "OWN-{table}-VALID"', 'code = "OWN-VALID"', "rules.code_twice", "OWN-VALID"),
        ('"{title}：几何有效"', '"{titel}：几何有效"', "rules.unknown_row_key", "'title'.*titel"),
        ('"{table}: valid"', '"{table!r}: valid"', "rules.no_slot_value", "row 1 has nothing for {table!r} in text_en"),
        ('"{table}: valid"', '"{table:>9}: valid"', "rules.no_slot_value", "table:>9"),
        ('"{table}: valid"', '"{}: valid"', "rules.no_slot_value", "row 1 has nothing for {}"),
        ('"{table}: valid"', '"{table: valid"', "rules.no_slot_value", "text_en"),
        ('for_each = "layers"', 'for_each = "layer"', "rules.unknown_list", "OWN-.*'layer'.*layers"),
        ('for_each = "layers"', "for_each = 3", "rules.for_each", "list of rows"),
        ('for_each = "layers"', "for_each = []", "rules.for_each", "list of rows"),
        ('for_each = "layers"', "for_each = [1]", "rules.for_each", "list of rows"),
        ('for_each = "layers"', "for_each = [{}]", "rules.for_each", "list of rows"),
        # A list of rows has to be named.
        ('for_each = "layers"', 'for_each = { table = ["XZQ"] }', "rules.for_each", "list of rows"),
        ('for_each = "layers"', 'for_each = { list = "layers", table = "XZQ" }', "rules.for_each", "list of rows"),
        ('for_each = "layers"', 'for_each = { list = "layers", table = ["X"] }', "rules.no_such_row", "table = 'X'"),
        ('for_each = "layers"', 'for_each = { list = "layers", table = [] }', "rules.no_such_row", "table"),
        (
            'for_each = "layers"',
            'for_each = { list = "layers", table = ["XZQ"], layer = ["land_use"] }',
            "rules.no_row",
            "takes no row",
        ),
        ('for_each = "layers"\n', "", "rules.unused_list", "'layers'"),
        ("[each]\nlayers = [", "[each]\nlayers = []\nothers = [", "rules.for_each", "each.layers"),
        ("[each]", "each = 3\n[other]", "rules.unknown_key", "other"),
    ],
)  # fmt: skip
def test_a_row_or_a_slot_that_does_not_fit_is_refused_with_file_and_clause(old, new, key, words):
    refuses(DOCUMENT + EACH + VALID, old, new, key, words)


def test_each_is_a_table():
    assert "layers" in refused(RuleError, "rules.each", read, "each = 3\n" + DOCUMENT + PLAIN)


def test_what_a_row_fills_is_checked_like_what_is_written():
    refused(RuleError, "rules.unknown_layer", read, (DOCUMENT + EACH + VALID).replace('"districts"', '"no such"'))
    refused(RuleError, "rules.limit_range", read, (DOCUMENT + LINES).replace("most = 2.5", "most = -1"))
    refused(RuleError, "rules.limit_range", read, (DOCUMENT + LINES).replace("most = 2.5", 'most = "two"'))
    said = refused(RuleError, "rules.bad_value", read, (DOCUMENT + LINES).replace("{share}", "{name}"))
    assert "OWN-GL" in said
    assert "{name}" in said


def test_rows_nobody_writes_are_refused_soon():
    many = "[each]\nlayers = [" + '{ table = "A" },' * 30_000 + "]\n"
    long = f'text = "{"行" * 3000}"'
    clause = VALID.replace("{title}：几何有效", "有效").replace('text = "有效"', long).replace("{layer}", "districts")
    refused(RuleError, "rules.too_many_rows", read, DOCUMENT + many + clause)
