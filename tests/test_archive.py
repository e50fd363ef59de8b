"""Zips: what is unpacked and where, and every trick a zip can play."""

import stat
import zipfile
from pathlib import Path

import pytest

from gis_planning.errors import FeatureError, SourceError
from gis_planning.formats.read import archive
from gis_planning.formats.read.archive import outside, unpacked
from gis_planning.texts import text


def packed(folder, members, *, name="z.zip", method=zipfile.ZIP_DEFLATED):
    """Write a zip of (name or ZipInfo, content); names go in as they are given."""
    with zipfile.ZipFile(folder / name, "w", method) as opened:
        for member, content in members:
            info = member if isinstance(member, zipfile.ZipInfo) else zipfile.ZipInfo("x")
            if info is not member:
                info.filename = member
                info.compress_type = method
            opened.writestr(info, content)
    return folder / name


def refused(key, file):
    with pytest.raises(SourceError) as caught, unpacked(file):
        pass
    assert caught.value.text.key == key
    assert caught.value.to("zh")
    return str(caught.value)


def files(folder):
    return sorted(one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file())


def test_files_are_unpacked_into_a_folder_that_goes_away(tmp_path):
    litter = [("__MACOSX/._a.shp", b"x"), (".DS_Store", b"x"), ("sub/Thumbs.db", b"x"), ("empty/", b"")]
    with unpacked(packed(tmp_path, [("a.shp", b"1"), ("sub/b.txt", b"22"), ("./c.txt", b""), *litter])) as folder:
        assert files(folder) == ["a.shp", "c.txt", "sub/b.txt"]
        assert (folder / "sub" / "b.txt").read_bytes() == b"22"
    assert not folder.exists()


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("name", ["地块.shp", "乗.shp", "红线/地块.dbf"])
def test_chinese_names_without_a_mark(tmp_path, name, encoding):
    """乗 in GBK has the byte of a backslash as its second."""
    file = packed(tmp_path, [("Q" * len(name.encode(encoding)), b"x")])
    file.write_bytes(file.read_bytes().replace(b"Q" * len(name.encode(encoding)), name.encode(encoding)))
    with unpacked(file) as folder:
        assert files(folder) == [name]


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "a/../../evil.txt",
        "/etc/evil",
        "C:/evil.txt",
        "C:evil",
        "..\\evil.txt",
        "\\\\host\\evil",
        "a:b",
        "..",
    ],
)
def test_names_that_lead_out_are_refused(tmp_path, name):
    said = refused("archive.path", packed(tmp_path, [("good.txt", b"x"), (name, b"x")]))
    assert "evil" in said or name in said
    assert not list(tmp_path.rglob("evil*"))


def test_a_folder_with_a_backslash_stays_inside(tmp_path):
    with unpacked(packed(tmp_path, [("sub\\a.shp", b"x")])) as folder:
        assert files(folder) == ["sub/a.shp"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_links_and_devices_are_refused(tmp_path, kind):
    info = zipfile.ZipInfo("link")
    info.external_attr = (kind | 0o777) << 16
    refused("archive.link", packed(tmp_path, [(info, b"/etc/passwd")]))


@pytest.mark.parametrize("name", ["inner.zip", "a/INNER.ZIP", "b.rar", "c.7z", "d.kmz"])
def test_archives_in_archives_are_refused(tmp_path, name):
    assert name in refused("archive.nested", packed(tmp_path, [(name, b"PK")]))


def test_absurd_sizes_are_refused_before_anything_is_written(tmp_path, monkeypatch):
    bomb = packed(tmp_path, [("a.txt", b"0" * 3_000_000)])
    with unpacked(bomb) as folder:
        # Small enough to be harmless, however well it shrinks.
        assert files(folder) == ["a.txt"]
    monkeypatch.setattr(archive, "RATIO_FROM_BYTES", 1_000_000)
    assert "3 MB" in refused("archive.too_large", bomb)
    monkeypatch.setattr(archive, "HIGHEST_RATIO", 10_000)
    with unpacked(bomb):
        pass
    monkeypatch.setattr(archive, "LARGEST_BYTES", 2_999_999)
    refused("archive.too_large", bomb)


def test_a_real_bomb_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w", zipfile.ZIP_DEFLATED) as opened, opened.open("a.txt", "w") as member:
        for _ in range(archive.RATIO_FROM_BYTES // 2**20 + 1):
            member.write(bytes(2**20))
    refused("archive.too_large", tmp_path / "z.zip")


def test_a_member_that_states_less_than_it_holds_gives_no_more_than_it_states(tmp_path):
    file = packed(tmp_path, [("a.txt", b"0" * 1_000_000)])
    content = file.read_bytes()
    size = (1_000_000).to_bytes(4, "little")
    file.write_bytes(content.replace(size, (10).to_bytes(4, "little")))
    refused("archive.broken", file)


def test_too_many_twice_empty_encrypted_and_broken(tmp_path, monkeypatch):
    refused("archive.empty", packed(tmp_path, []))
    refused("archive.empty", packed(tmp_path, [("folder/", b"")]))
    with pytest.warns(UserWarning, match="Duplicate name"):
        file = packed(tmp_path, [("a.txt", b"1"), ("a.txt", b"2")])
    refused("archive.twice", file)
    refused("archive.twice", packed(tmp_path, [("a.txt", b"1"), ("A.TXT", b"2")]))
    whole = packed(tmp_path, [("a.txt", b"1" * 100)]).read_bytes()
    locked = bytearray(whole)
    locked[6] |= 1
    locked[whole.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(bytes(locked))
    refused("archive.encrypted", tmp_path / "locked.zip")
    for name, content in (
        ("cut", whole[:-10]),
        ("noise", b"PK" + bytes(50)),
        ("crc", whole.replace(b"\x4b", b"\x4c", 3)),
    ):
        (tmp_path / f"{name}.zip").write_bytes(content)
        with pytest.raises(SourceError), unpacked(tmp_path / f"{name}.zip"):
            pass
    (tmp_path / "text.zip").write_text("no zip")
    refused("source.not_what_it_says", tmp_path / "text.zip")
    refused("parcels.missing", tmp_path / "none.zip")
    monkeypatch.setattr(archive, "MOST_FILES", 1)
    refused("archive.too_many", packed(tmp_path, [("a.txt", b"1"), ("b.txt", b"2")]))


def test_refusals_from_inside_name_the_zip(tmp_path):
    file = packed(tmp_path, [("sub/a.txt", b"1")])
    with pytest.raises(FeatureError) as caught, unpacked(file) as folder:
        raise FeatureError("parcel_txt.no_points", source=folder / "sub" / "a.txt", line=3, parcel=f"x {folder}")
    assert caught.value.text.facts == {"source": Path(f"{file}/sub/a.txt"), "line": 3, "parcel": f"x {file}"}
    inner = text("parcels.no_crs", source=folder / "a")
    assert outside(inner, folder, file).facts["source"] == file / "a"
