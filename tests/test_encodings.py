"""Text without a stated encoding: UTF-8, GBK, or not to be told."""

import pytest

from gis_planning.formats.read import encodings

CHINESE = ["小学", "医院", "小学 医院", "呼和浩特市", "1路 2路", "Wifi区", "王喆", "甲", "学校（北）"]
OTHERS = ["São José", "Café", "Монгол Улс", "ᠮᠣᠩᠭᠣᠯ", "25° 12.5m²", "阿·木尔", "ÉCOLE", "Ελλάδα", "日本語の名前"]


@pytest.mark.parametrize("words", CHINESE)
def test_gbk_is_told_though_its_bytes_may_be_valid_in_utf8(words):
    assert encodings.told(words.encode("gb18030")) == "GB18030"


@pytest.mark.parametrize("words", CHINESE + OTHERS)
def test_utf8_is_told(words):
    assert encodings.told(words.encode()) == "UTF-8"


def test_every_pair_that_is_valid_in_both_is_chinese_when_nothing_else_is_there():
    both = [bytes([lead, trail]) for lead in range(0xC2, 0xD8) for trail in range(0xA1, 0xC0)]
    words = b" ".join(one + other for one, other in zip(both, both[3 * 31 :], strict=False))
    assert words.decode()
    assert encodings.told(words) == "GB18030"


def test_what_reads_well_in_both_is_not_decided():
    assert "小谢".encode("gbk") == "Сл".encode()
    assert encodings.told("Сл".encode()) is None
    assert encodings.readings("Сл".encode()) == ("UTF-8", "GB18030")


@pytest.mark.parametrize("words", ["São José", "Größe Straße", "über"])
def test_latin_of_one_byte_is_neither(words):
    assert encodings.told(words.encode("latin-1")) is None


def test_ascii_is_utf8():
    assert encodings.told(b"abc") == encodings.told(b"") == "UTF-8"
