"""Open only what is a file of this computer and of the format that its ending names.

The library that reads vectors goes by content: a file called parcels.geojson may be a virtual one that names other
files or a server, and it would follow. So beginnings are looked at before it opens anything, and what it then says it
reads is compared with the ending.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import stat
import zipfile
from pathlib import Path

from gis_planning.errors import SourceError
from gis_planning.formats.read import shapefile

#: The drivers that may read a file, by its ending. What has no row here is no vector file of ours.
DRIVERS = {
    ".gpkg": {"GPKG"},
    ".sqlite": {"SQLite", "GPKG"},
    ".shp": {"ESRI Shapefile"},
    ".gdb": {"OpenFileGDB"},
    ".geojson": {"GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON", "JSONFG"},
    ".fgb": {"FlatGeobuf"},
    ".kml": {"LIBKML", "KML"},
    ".mif": {"MapInfo File"},
    ".pbf": {"OSM"},
    ".osm": {"OSM"},
    ".csv": {"CSV"},
    ".tsv": {"CSV"},
    ".xlsx": {"XLSX"},
    ".xlsm": {"XLSX"},
}
DRIVERS |= dict.fromkeys((".json", ".geojsonl", ".geojsons", ".topojson"), DRIVERS[".geojson"])
#: What to say of files of another kind than a layer's: a part of a shapefile, a raster, a network of streets.
_NO_LAYER = dict.fromkeys((".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx"), "source.shapefile_part")
_NO_LAYER |= dict.fromkeys((".tif", ".tiff", ".img", ".asc", ".vrt"), "source.raster_here")
_NO_LAYER |= {".graphml": "source.network_here"}
#: What makes a text the description of another source; the library looks for these in the first few kB.
VIRTUAL = (b"<ogrvrt", b"<vrtdataset", b"<ogrwfs", b"<ogrcsw", b"<gdal_wms", b"<gdal_wmts", b"gdal_streamed_alg")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_AT = 1 << 16
#: What a text begins with, blanks and a byte order mark aside.
FIRST_SIGN: dict[str, tuple[bytes, ...]] = dict.fromkeys(
    (".geojson", ".json", ".topojson", ".geojsonl", ".geojsons"), (b"{", b"\x1e", b"[")
)
FIRST_SIGN |= {".kml": (b"<",), ".ovkml": (b"<",)}
#: Tables of a database that are made by code rather than stored; those of an index are harmless.
_VIRTUAL_TABLE = re.compile(r"CREATE\s+VIRTUAL\s+TABLE\b.*?\bUSING\s+[\"'`\[]?(\w+)", re.IGNORECASE | re.DOTALL)
_INDEXES = {"rtree", "rtree_i32", "fts3", "fts4", "fts5"}
#: Functions with which a view of a database could reach out of it.
_REACHES_OUT = re.compile(
    r"\b(load_extension|readfile|writefile|edit|fts3_tokenizer|ogr_\w+|gdal_\w+|blob(?:from|to)file|xb_\w+"
    r"|(?:import|export)\w+)\s*\(",
    re.IGNORECASE,
)
#: As for zips: coordinates shrink to a fifth, a bomb to a thousandth.
_BOOK_RATIO, _BOOK_BYTES = 200, 256 * 1024**2


def look(source: Path) -> None:
    """Refuse what is no file here, or not of its ending's format.

    A link to a file is one. A folder is left to those that read folders, a geodatabase aside.

    Raises
    ------
    SourceError
        It is missing, no regular file, may not be read, or leads to something else.
    """
    mode = regular(source, folder=True)
    suffix = source.suffix.lower()
    if "!" in str(source.absolute()) and suffix in DRIVERS:
        # The library takes it for a file inside an archive, and would open what stands behind it.
        raise SourceError("source.bad_name", source=source, sign="!")
    if stat.S_ISDIR(mode):
        if suffix == ".gdb":
            _look_into_geodatabase(source)
        elif suffix in DRIVERS or suffix in FIRST_SIGN:
            raise SourceError("source.is_folder", source=source, format=suffix.lstrip("."))
        return
    if suffix == ".gdb":
        raise SourceError("source.not_what_it_says", source=source, format="gdb")
    if suffix == ".shp":
        for part in _beside(source):
            regular(part)
    _look_at_beginning(source, suffix)
    if suffix in {".gpkg", ".sqlite"}:
        _look_into_database(source)
    if suffix in {".xlsx", ".xlsm"}:
        _look_into_book(source)


def regular(source: Path, *, folder: bool = False) -> int:
    """Return what kind of file there is: a regular one, or a folder where that will do; links are followed.

    Raises
    ------
    SourceError
        It is missing, a pipe, a device, a socket, a link that leads nowhere or to itself, or may not be looked at.
    """
    try:
        mode = source.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise SourceError("source.missing", source=source) from None
    except ValueError:
        # A name that holds a zero byte.
        raise SourceError("source.missing", source=str(source).replace("\0", "\\0")) from None
    except RuntimeError:
        raise SourceError("source.not_regular", source=source) from None
    except OSError as fault:
        raise SourceError("source.no_access", source=source, reason=fault.strerror or fault) from None
    if stat.S_ISDIR(mode) and not folder:
        raise SourceError("source.is_folder", source=source, format=source.suffix.lstrip(".") or "-")
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise SourceError("source.not_regular", source=source)
    return mode


def content_of(source: Path, most: int | None = None) -> bytes:
    """Return the bytes of a regular file, or its first ones.

    Raises
    ------
    SourceError
        It cannot be read.
    """
    regular(source)
    try:
        with source.open("rb") as file:
            return file.read(-1 if most is None else most)
    except OSError as fault:
        raise SourceError("source.no_access", source=source, reason=fault.strerror or fault) from None


def refuse_foreign(source: Path) -> None:
    """Refuse a file whose ending is none of ours, before the library guesses what it may be."""
    suffix = source.suffix.lower()
    if suffix not in DRIVERS and not source.is_dir():
        raise SourceError(_NO_LAYER.get(suffix, "source.unknown_ending"), source=source, ending=suffix or "-")


def refuse_driver(source: Path, driver: object) -> None:
    """Refuse a file that another driver reads than those of its ending."""
    allowed = DRIVERS.get(source.suffix.lower(), {"ESRI Shapefile"} if source.is_dir() else set())
    if driver not in allowed:
        raise SourceError("source.not_what_it_says", source=source, format=source.suffix.lstrip(".").lower() or "-")


def refusal(source: Path, fault: Exception) -> SourceError:
    """Return what to say of a fault of the library's while it read a file."""
    if type(fault).__name__ in {"CRSError", "UnboundLocalError"}:
        # The latter is what the library makes of a definition that is not in UTF-8.
        prj = (
            [one for one in _beside(source) if one.suffix.lower() == ".prj"] if source.suffix.lower() == ".shp" else []
        )
        reason = fault if type(fault).__name__ == "CRSError" else "UTF-8"
        return SourceError("source.bad_crs", source=prj[0] if prj else source, reason=reason)
    return SourceError("source.unreadable", source=source, reason=fault)


def undecoded(source: Path, encoding: str | None) -> SourceError:
    """Return what to say of text that is not in the encoding stated, or in one that nothing tells."""
    if encoding is None and source.suffix.lower() == ".shp":
        told = shapefile.unknown(source)
        return SourceError(told.key, **told.facts)
    return SourceError("source.bad_encoding", source=source, encoding=encoding or "UTF-8")


def refuse_links(source: Path) -> None:
    """Refuse a shapefile of a delivery with parts that are links out of its folder."""
    for part in _beside(source) if source.suffix.lower() == ".shp" else ():
        if part.is_symlink() and source.parent.resolve() not in part.resolve().parents:
            raise SourceError("source.link_out", source=source, link=part.name)


def _beside(source: Path) -> list[Path]:
    """Return the parts of a shapefile, whatever they are."""
    endings = {".shx", ".dbf", ".prj", ".cpg", ".cst", ".qix", ".sbn", ".sbx"}
    stem = source.stem.casefold()
    try:
        there = list(source.parent.iterdir())
    except OSError:
        there = [source.with_suffix(ending) for ending in endings]
        there = [one for one in there if one.exists()]
    return [one for one in there if one.suffix.lower() in endings and one.stem.casefold() == stem]


def _look_at_beginning(source: Path, suffix: str) -> None:
    beginning = content_of(source, _LOOKED_AT)
    # A mosaic of rasters says what it is; its own reader looks at every file that it names.
    if suffix != ".vrt" and any(one in beginning.lower() for one in VIRTUAL):
        raise SourceError("source.leads_elsewhere", source=source)
    first = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if suffix in FIRST_SIGN and first and first not in FIRST_SIGN[suffix] and beginning[:2] not in _UTF16:
        raise SourceError("source.not_what_it_says", source=source, format=suffix.lstrip("."))


def _look_into_geodatabase(source: Path) -> None:
    """Refuse a geodatabase with parts that are links out of it, or no files."""
    try:
        inside = sorted(source.iterdir())
    except OSError as fault:
        raise SourceError("source.no_access", source=source, reason=fault.strerror or fault) from None
    own = source.resolve()
    for one in inside:
        if one.is_symlink() and own not in one.resolve().parents:
            raise SourceError("source.link_out", source=source, link=one.name)
        regular(one, folder=True)
    if not any(one.suffix.lower() == ".gdbtable" for one in inside):
        raise SourceError("source.not_what_it_says", source=source, format="gdb")


def _look_into_database(source: Path) -> None:
    """Refuse a database with tables that are made from other files, or views that reach out of it."""
    try:
        # Opened as what never changes: nothing is written beside it, and no lock is waited for.
        name = source.absolute().as_uri() + "?mode=ro&immutable=1"
        with contextlib.closing(sqlite3.connect(name, uri=True)) as opened:
            rows = opened.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    except (sqlite3.Error, OSError, UnicodeDecodeError):
        # The library has words of its own for a broken one.
        return
    for kind, name, sql in rows:
        made = _VIRTUAL_TABLE.search(str(sql)) if kind == "table" else None
        if (made and made[1].lower() not in _INDEXES) or (kind == "view" and _REACHES_OUT.search(str(sql))):
            raise SourceError("source.made_elsewhere", source=source, table=str(name))


def _look_into_book(source: Path) -> None:
    """Refuse an Excel file that is small on the disk and would fill the memory."""
    try:
        with zipfile.ZipFile(source) as book:
            sizes = [(one.file_size, one.compress_size) for one in book.infolist()]
    except (zipfile.BadZipFile, OSError, ValueError):
        return
    size, packed = (sum(column) for column in zip(*sizes, strict=True)) if sizes else (0, 0)
    if size > _BOOK_BYTES and size > _BOOK_RATIO * max(packed, 1):
        raise SourceError("source.book_too_large", source=source, size_mb=size / 1e6, packed_mb=packed / 1e6)
