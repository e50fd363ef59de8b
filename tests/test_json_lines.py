"""Features one a line: a line that is none is refused by its number; blank lines and marked records are sound."""

import json

import pytest
import town

from gis_planning.errors import SourceError
from gis_planning.formats.read import vector

FEATURES = [
    {"type": "Feature", "properties": {"name": f"甲{at}"}, "geometry": {"type": "Point", "coordinates": [113 + at, 41]}}
    for at in range(6)
]


def write(folder, text, name="d.geojsonl"):
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


@pytest.mark.parametrize("name", ["d.geojsonl", "d.geojsons", "d.geojson"])
@pytest.mark.parametrize(
    ("begin", "end", "indent"), [("", "\n", None), ("", "\r\n\r\n", None), ("\x1e", "\n", None), ("\x1e", "\n", 1)]
)
def test_sound_sequences_are_read(tmp_path, name, begin, end, indent):
    file = write(tmp_path, "".join(begin + json.dumps(one, indent=indent) + end for one in FEATURES), name)
    assert len(vector.read(file).frame) == 6
    file.write_bytes(file.read_bytes().removesuffix(end.encode()))
    assert len(vector.read(file).frame) == 6


def test_a_collection_on_many_lines_is_no_sequence(tmp_path):
    file = write(tmp_path, json.dumps({"type": "FeatureCollection", "features": FEATURES}, indent=1))
    assert len(vector.read(file).frame) == 6


@pytest.mark.parametrize("begin", ["", "\x1e"])
def test_a_cut_line_and_zeros_are_refused_with_the_line_also_where_only_a_part_is_read(tmp_path, begin):
    whole = "".join(begin + json.dumps(one) + "\n" for one in FEATURES).encode()
    for spoilt in (whole[:-30], whole[:-30].ljust(len(whole), b"\0")):
        file = write(tmp_path, spoilt)
        with pytest.raises(SourceError) as caught:
            vector.read(file)
        assert caught.value.text.key == "source.line_cut"
        assert "d.geojsonl: line 6 " in str(caught.value)
    spoilt = whole.split(b"\n")
    spoilt[2] = spoilt[2][:40]
    county = town.write(tmp_path / "town")
    write(county, b"\n".join(spoilt), "gates.geojsonl")
    with pytest.raises(SourceError, match=r"gates\.geojsonl: line 3 "):
        vector.read(county / "gates.geojsonl", part=vector.Part(columns=frozenset({"name"})))
