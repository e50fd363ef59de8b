"""Find a Chinese font on the machine and cut it down to the signs that a document shows.

Fonts come with cubic outlines or quadratic ones, alone or several to a file; what a PDF gets is always one small
TrueType font, since that is what the writer embeds.
"""

from __future__ import annotations

import importlib.util
import io
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import accumulate, takewhile
from pathlib import Path
from typing import Any

from gis_planning.errors import OutputError

#: The user's own choice of a font file.
CHOICE = "GIS_PLANNING_FONT"
#: A package that holds nothing but a font; taken where the machine has none.
PACKAGE = "noto_cjk_sans_otc"
#: Files by system, best first: one for text and, where there is one, a bolder one for headings.
FILES: dict[str, tuple[tuple[str, str | None], ...]] = {
    "linux": (
        ("opentype/noto/NotoSansCJK-Regular.ttc", "opentype/noto/NotoSansCJK-Bold.ttc"),
        ("noto-cjk/NotoSansCJK-Regular.ttc", "noto-cjk/NotoSansCJK-Bold.ttc"),
        ("google-noto-sans-cjk-fonts/NotoSansCJK-Regular.ttc", "google-noto-sans-cjk-fonts/NotoSansCJK-Bold.ttc"),
        ("adobe-source-han-sans/SourceHanSansCN-Regular.otf", "adobe-source-han-sans/SourceHanSansCN-Bold.otf"),
        ("truetype/wqy/wqy-microhei.ttc", None),
        ("truetype/wqy/wqy-zenhei.ttc", None),
        ("truetype/droid/DroidSansFallbackFull.ttf", None),
        ("truetype/arphic/uming.ttc", None),
    ),
    "win32": (
        ("msyh.ttc", "msyhbd.ttc"),
        ("msyh.ttf", "msyhbd.ttf"),
        ("Deng.ttf", "Dengb.ttf"),
        ("simhei.ttf", None),
        ("simsun.ttc", None),
    ),
    "darwin": (
        ("PingFang.ttc", None),
        ("Hiragino Sans GB.ttc", None),
        ("STHeiti Light.ttc", "STHeiti Medium.ttc"),
        ("Supplemental/Songti.ttc", None),
        ("Supplemental/Arial Unicode.ttf", None),
    ),
}
#: Faces of a collection, best first: Han signs look different in Japan, Korea and Taiwan.
FACES = ("SC", "CN", "GB", "Simplified")
#: Signs that every document needs: figures, Latin, and what stands in for a sign that the font lacks.
ALWAYS = "".join(map(chr, range(0x20, 0x7F))) + "□"
#: Distance of a quadratic outline from the cubic one it stands for, in parts of the font's height.
CURVE_ERROR = 1 / 1000


@dataclass(frozen=True)
class Typeface:
    """One face of a font file."""

    file: Path
    face: int

    @cached_property
    def _font(self) -> Any:
        from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow to import

        return TTFont(io.BytesIO(self.file.read_bytes()), fontNumber=self.face, lazy=True)

    @cached_property
    def _signs(self) -> dict[int, str]:
        return dict(self._font.getBestCmap())

    @cached_property
    def _advance(self) -> Any:
        return self._font["hmtx"].metrics

    def shown(self, words: str) -> str:
        """Return words as they can be drawn: no control signs, a square for each sign that the font lacks."""
        plain = unicodedata.normalize("NFC", words)
        kept = (" " if one.isspace() else one for one in plain if unicodedata.category(one)[0] != "C" or one.isspace())
        return "".join(one if ord(one) in self._signs else "□" if ord("□") in self._signs else "?" for one in kept)

    def width(self, words: str, size: float) -> float:
        """Return how long words are at a size, in its unit; they have been through `shown`."""
        units = sum(self._advance[self._signs[ord(word)]][0] for word in words if ord(word) in self._signs)
        return float(units) * size / float(self._font["head"].unitsPerEm)

    def cut(self, words: str, size: float, most: float) -> str:
        """Return words, or as many of their signs and a mark as have room; they have been through `shown`.

        The mark alone is left where there is room for no sign.
        """
        if len(words) < 2 or self.width(words, size) <= most:
            return words
        mark = self.shown("…")
        # No sign is measured twice: a name may have ten thousand.
        ends = accumulate(map(partial(self.width, size=size), words), initial=self.width(mark, size))
        fitting = sum(1 for _ in takewhile(lambda end: end <= most, ends)) - 1
        return words[: max(fitting, 0)].rstrip() + mark

    def subset(self, name: str, words: Iterable[str]) -> io.BytesIO:
        """Return a TrueType font of just the signs in some words."""
        from fontTools.fontBuilder import FontBuilder  # noqa: PLC0415
        from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415
        from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415

        font = self._font
        needed = sorted({ord(sign) for sign in "".join(words) + ALWAYS} & self._signs.keys())
        cmap = {code: self._signs[code] for code in needed}
        order = [".notdef", *dict.fromkeys(glyph for glyph in cmap.values() if glyph != ".notdef")]
        outlines, units = font.getGlyphSet(), font["head"].unitsPerEm
        glyphs, metrics = {}, {}
        for glyph in order:
            pen = TTGlyphPen(None)
            if glyph in outlines:
                outlines[glyph].draw(_Flat(Cu2QuPen(pen, units * CURVE_ERROR, reverse_direction=False), outlines))
            glyphs[glyph] = pen.glyph()
            metrics[glyph] = (self._advance[glyph][0] if glyph in self._advance else units, 0)
        built = FontBuilder(units, isTTF=True)
        built.setupGlyphOrder(order)
        built.setupCharacterMap(cmap)
        built.setupGlyf(glyphs)
        metrics = {glyph: (wide, getattr(glyphs[glyph], "xMin", 0) or 0) for glyph, (wide, _) in metrics.items()}
        built.setupHorizontalMetrics(metrics)
        built.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
        built.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
        built.setupOS2(sTypoAscender=font["hhea"].ascent, sTypoDescender=font["hhea"].descent)
        built.setupPost()
        written = io.BytesIO()
        built.save(written)
        written.seek(0)
        return written


def typefaces() -> tuple[Typeface, Typeface]:
    """Return the faces for text and for headings.

    Raises
    ------
    OutputError
        No Chinese font is found, or the one that was chosen cannot be used.
    """
    chosen = os.environ.get(CHOICE)
    for text, heading in [(Path(chosen), None)] if chosen else _candidates():
        if not text.is_file():
            continue
        plain = _chinese_face(text)
        if plain is not None:
            bold = _chinese_face(heading) if heading is not None and heading.is_file() else None
            return plain, bold or plain
    if chosen:
        raise OutputError("atlas.font_unusable", file=chosen, choice=CHOICE)
    raise OutputError("atlas.no_font", choice=CHOICE, package=PACKAGE.replace("_", "-"))


def _candidates() -> Iterator[tuple[Path, Path | None]]:
    for folder in _folders():
        for text, heading in FILES.get(sys.platform, FILES["linux"]):
            yield folder / text, None if heading is None else folder / heading
    found = importlib.util.find_spec(PACKAGE)
    if found is not None and found.origin is not None:
        for file in sorted(Path(found.origin).parent.rglob("*Regular*.tt[cf]")):
            yield file, None


def _folders() -> list[Path]:
    """Return where the system keeps fonts, and where its users do."""
    home = Path.home()
    if sys.platform == "win32":
        own = Path(os.environ.get("LOCALAPPDATA", home)) / "Microsoft" / "Windows" / "Fonts"
        return [Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts", own]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts"]
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local" / "share" / "fonts"]


def _chinese_face(file: Path) -> Typeface | None:
    return _chinese_face_of(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _chinese_face_of(file: Path, changed_ns: int) -> Typeface | None:  # noqa: ARG001 - a changed file is another one
    """Return the face of a file for simplified Chinese, None where it has none or cannot be read."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError  # noqa: PLC0415

    try:
        # Read whole: a font that reads its file when asked would keep it open.
        content = io.BytesIO(file.read_bytes())
        several = content.getvalue()[:4] == b"ttcf"
        fonts = TTCollection(content, lazy=True).fonts if several else [TTFont(content, lazy=True)]
        names = [str(font["name"].getDebugName(4) or "") for font in fonts]
        order = [at for word in FACES for at, name in enumerate(names) if word in name.split()]
        order += [at for at, name in enumerate(names) if "Mono" not in name]
        # What signs a face has is read of one at a time: a collection of ten takes half a gigabyte.
        return next((Typeface(file, at) for at in dict.fromkeys(order) if _writes_chinese(fonts[at])), None)
    except (OSError, TTLibError, KeyError, AttributeError, TypeError):
        return None


def _writes_chinese(font: Any) -> bool:
    signs = font.getBestCmap()
    return all(ord(sign) in signs for sign in "规划县图幅亩")


class _Flat:
    """A pen that draws components in place, so that a glyph stands by itself."""

    def __init__(self, pen: Any, outlines: Any) -> None:
        self._pen, self._outlines = pen, outlines

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pen, name)

    def addComponent(self, glyph: str, transformation: Any, **_: Any) -> None:  # noqa: N802 - fontTools calls it so
        """Draw another glyph moved, turned or scaled."""
        from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415

        self._outlines[glyph].draw(_Flat(TransformPen(self._pen, transformation), self._outlines))
