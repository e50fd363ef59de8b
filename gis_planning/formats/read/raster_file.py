"""Open a raster by the driver of its ending, and nothing that lies outside its own folder.

The library would try all its drivers on whatever it is given: a mosaic (VRT) that calls itself .tif, and one inside a
mosaic, can name any file of this computer and any address of the network.
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError

from gis_planning.errors import SourceError
from gis_planning.formats.read.mapped import bytes_of
from gis_planning.formats.read.vector import look_before_reading

MOSAIC = ".vrt"
#: The driver of each ending.
DRIVERS = {".tif": "GTiff", ".tiff": "GTiff", ".img": "HFA", ".asc": "AAIGrid", MOSAIC: "VRT"}
SUFFIXES = set(DRIVERS)
#: Endings that name a second file of a raster, which the library opens with whatever driver fits, and their beginnings.
BESIDE = (".msk", ".ovr")
HFA = b"EHFA_HEADER_TAG"
#: What stands beside a raster and says what its numbers are, or where they lie.
TOLD_BY_NAME = (".aux.xml", ".msk")
TOLD_BY_STEM = (".prj", ".hdr", ".wld", ".tfw", ".tifw", ".igw", ".ige")
TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
#: A mosaic of all sheets of a province is a tenth of this.
LARGEST_MOSAIC = 16 * 1024**2
#: How many bytes the checksum has at the end of what Deflate packs.
_CHECKSUM = 4
#: What a mosaic of plain rasters is made of; names are compared without regard to case, as the library does.
_KEPT = {
    "vrtdataset", "srs", "geotransform", "vrtrasterband", "nodatavalue", "hidenodatavalue", "colorinterp", "offset",
    "scale", "unittype", "description", "simplesource", "complexsource", "sourcefilename", "sourceband", "srcrect",
    "dstrect", "nodata", "scaleoffset", "scaleratio", "usemaskband", "maskband",
}  # fmt: skip
#: What says nothing about the numbers, and is not read.
_SKIPPED = {"metadata", "sourceproperties", "overviewlist", "histograms", "categorynames", "colortable", "blockxsize"}


@contextmanager
def opened(source: Path) -> Iterator[Any]:
    """Open a raster for as long as the context lives.

    Raises
    ------
    SourceError
        The file is missing, is not of the format of its ending, or refers to what lies outside its folder.
    """
    look_before_reading(source)
    _refuse_disguise(source)
    if source.suffix.lower() != MOSAIC:
        with _open(source, source) as raster:
            yield raster
        return
    plain = _plain_mosaic(source)
    with tempfile.TemporaryDirectory(prefix="gis_planning_") as name:
        # Read is what was looked at, not what another parser may make of the same file.
        copy = Path(name) / source.name
        copy.write_bytes(ET.tostring(plain, encoding="utf-8"))
        with _open(copy, source) as raster:
            yield raster


def parts(source: Path) -> list[Path]:
    """Return the files that tell a raster's numbers and place: itself, those beside it, and the sources of a mosaic."""
    own = [source]
    if source.suffix.lower() == MOSAIC and source.is_file():
        own += sorted(set(_sources(_parsed(source), source)))
    told = [one.with_name(one.name + ending) for one in own for ending in TOLD_BY_NAME]
    told += [one.with_suffix(ending) for one in own for ending in TOLD_BY_STEM]
    return [*own, *(one for one in told if one.is_file())]


@contextmanager
def _open(file: Path, source: Path) -> Iterator[Any]:
    """Open a file, which messages call by the source of which it may be a copy."""
    suffix = file.suffix.lower()
    try:
        with warnings.catch_warnings():
            # A raster that lies nowhere is refused with better words.
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            raster = rasterio.open(file, driver=_driver(file))
        with raster:
            for used in raster.files if suffix != MOSAIC else ():
                if Path(used).resolve().parent != file.resolve().parent:
                    raise SourceError("raster.outside", source=source, member=used)
            _refuse_zeroed(raster, file, source)
            yield raster
    except RasterioError as fault:
        raise SourceError("raster.unreadable", source=source, format=suffix.lstrip("."), reason=fault) from None


def _driver(file: Path) -> str:
    """Return the driver of a file's ending; two formats share .img, and one of them has a mark."""
    if file.suffix.lower() == ".img":
        with file.open("rb") as beginning:
            return "HFA" if beginning.read(len(HFA)) == HFA else "ENVI"
    return DRIVERS[file.suffix.lower()]


def _refuse_zeroed(raster: Any, file: Path, source: Path) -> None:
    """Refuse a TIFF whose last block of compressed cells ends in zeros: it was not copied to its end.

    Unpacking often does not notice and gives other numbers. What LZW packs never ends in a zero, what Deflate packs
    ends in a checksum, which is zero once in 4,000 million blocks.
    """
    if raster.driver != "GTiff" or raster.tags(ns="IMAGE_STRUCTURE").get("COMPRESSION") not in {"DEFLATE", "LZW"}:
        return
    raw = bytes_of(file)
    if raw[-_CHECKSUM:].any():
        return
    for band in raster.indexes:
        for (row, column), _ in raster.block_windows(band):
            block = f"{column}_{row}"
            at, size = (raster.get_tag_item(f"BLOCK_{what}_{block}", "TIFF", bidx=band) for what in ("OFFSET", "SIZE"))
            end = int(at or 0) + int(size or 0)
            if size and not raw[end - _CHECKSUM : end].any():
                raise SourceError("raster.zeroed", source=source, block=f"{column + 1}, {row + 1}")


def _refuse_disguise(source: Path) -> None:
    """Refuse a raster that is a mosaic by another name, and a mask or overview beside it that is."""
    if not source.is_file():
        raise SourceError("raster.unreadable", source=source, format=source.suffix.lstrip("."), reason="folder")
    with source.open("rb") as file:
        marked = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    if marked != (source.suffix.lower() == MOSAIC):
        raise SourceError("source.not_what_it_says", source=source, format=source.suffix.lstrip("."))
    for ending in BESIDE:
        beside = source.with_name(source.name + ending)
        if beside.is_file():
            with beside.open("rb") as file:
                beginning = file.read(4)
            if beginning not in TIFF:
                raise SourceError("source.not_what_it_says", source=beside, format="tif")


# -- mosaics


def _parsed(source: Path) -> ET.Element:
    """Return a mosaic's tree; one that is no plain XML, or is too large, is refused."""
    if source.stat().st_size > LARGEST_MOSAIC:
        raise SourceError("raster.mosaic_large", source=source, most_mb=LARGEST_MOSAIC // 1024**2)
    content = source.read_bytes()
    if b"<!DOCTYPE" in content.upper() or b"<!ENTITY" in content.upper() or b"\x00" in content:
        raise SourceError("raster.mosaic_part", source=source, part="DOCTYPE")
    try:
        return ET.fromstring(content)  # noqa: S314 - without a document type there are no entities
    except (ET.ParseError, ValueError, LookupError) as fault:
        raise SourceError("raster.unreadable", source=source, format="vrt", reason=fault) from None


def _plain_mosaic(source: Path) -> ET.Element:
    """Return a mosaic with its sources by their full names; all of them are plain rasters at or below its place."""
    root = _parsed(source)
    if root.tag.lower() != "vrtdataset":
        raise SourceError("raster.mosaic_part", source=source, part=root.tag)
    _strip(root, source)
    for file in sorted(set(_sources(root, source))):
        _refuse_disguise(file)
        with _open(file, file):
            pass
    for one in _named(root, "sourcefilename"):
        one.text = str(_inside(one, source))
        one.attrib.clear()
        one.set("relativeToVRT", "0")
    return root


def _strip(element: ET.Element, source: Path) -> None:
    """Leave out what does not matter for the numbers, and refuse what is more than a mosaic."""
    for one in list(element):
        name = one.tag.lower()
        if name in _SKIPPED:
            element.remove(one)
            continue
        kind = next((value for key, value in one.attrib.items() if key.lower() == "subclass"), "VRTSourcedRasterBand")
        if name not in _KEPT or kind.lower() != "vrtsourcedrasterband":
            raise SourceError("raster.mosaic_part", source=source, part=one.tag if name not in _KEPT else kind)
        _strip(one, source)
    if element.tag.lower() == "vrtdataset" and any(key.lower() == "subclass" for key in element.attrib):
        raise SourceError("raster.mosaic_part", source=source, part="subClass")


def _named(root: ET.Element, name: str) -> Iterator[ET.Element]:
    return (one for one in root.iter() if one.tag.lower() == name)


def _sources(root: ET.Element, source: Path) -> Iterator[Path]:
    return (_inside(one, source) for one in _named(root, "sourcefilename"))


def _inside(element: ET.Element, source: Path) -> Path:
    """Return a source of a mosaic, which must be a plain raster at or below its place."""
    said = (element.text or "").strip()
    relative = any(key.lower() == "relativetovrt" and value.strip() == "1" for key, value in element.attrib.items())
    file = Path(said)
    home = source.resolve().parent
    if relative == file.is_absolute() or "://" in said or file.suffix.lower() not in SUFFIXES - {MOSAIC}:
        raise SourceError("raster.outside", source=source, member=said or "-")
    found = (home / file).resolve()
    if not found.is_relative_to(home):
        raise SourceError("raster.outside", source=source, member=said)
    if not found.is_file():
        raise SourceError("raster.mosaic_lacks", source=source, member=said)
    return found
