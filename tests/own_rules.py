"""A county's own rule document, as tests of rules write it."""

from gis_planning.judging import rulebook

DOCUMENT = """
[document]
id = "own"
title = "本县规定"
title_en = "county rules"
issuer = "示例县"
date = "2026-01-01"
state = "current"
certainty = "confirmed"
"""
CLAUSE = """
[[clause]]
code = "OWN-1"
text = "县定目标"
text_en = "the county's own target"
measure = "green.radius_coverage"
min_area_m2 = 400
small_radius_m = 300
large_area_m2 = 5000
large_radius_m = 500
unit = "share"
at_least = 0.5
"""
#: A clause that projects are held to.
LINE_CLAUSE = """
[[clause]]
code = "OWN-9"
text = "不占用"
text_en = "Stays off"
measure = "redlines.overlap"
unit = "m2"
layers = { line = "ecological_redline" }
at_most = 0

[clause.projects]
tolerance_width_m = 0.5
tolerance_area_m2 = 20
tolerance_source = "某县测绘规定"
clear = "未占用。"
clear_en = "None."
touched = "占用 {area_m2} 平方米（{share}）。"
touched_en = "{area_m2} m2 ({share})."
"""


def read(text):
    """Return the clauses of a document."""
    return rulebook.read_document(text.encode(), "own.toml")
