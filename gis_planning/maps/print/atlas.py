"""Make a map series of a county, a PDF or pictures: an index, then a page for each district, project or map sheet."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_planning import geo, units
from gis_planning.conventions import kind_title
from gis_planning.conventions.landcolours import land_colour, told_as_use
from gis_planning.county.opened import County
from gis_planning.errors import CountyError, FeatureError, LayerError, NotAssessed, OutputError
from gis_planning.maps.layers import barrier_kinds
from gis_planning.maps.print import atlas_page, graticule, sheets_png
from gis_planning.maps.print.atlas_conflicts import conclusions, conflicts
from gis_planning.maps.print.atlas_marks import degrees
from gis_planning.maps.print.atlas_page import LAND_OPACITY, Atlas, Layer, Subject
from gis_planning.maps.print.pdf import Paper
from gis_planning.maps.print.pen import Pen, pen_of
from gis_planning.maps.print.typefaces import typefaces
from gis_planning.outputs import Wish, replacing
from gis_planning.outputs.marks import manifest_of
from gis_planning.results.review import Review
from gis_planning.texts import Lang, Text, say, text
from gis_planning.view.looks import styles

By = Literal["towns", "projects", "sheets"]
Format = Literal["pdf", "png"]
#: Paper in millimetres, landscape.
SIZES = {"A3": (420.0, 297.0), "A4": (297.0, 210.0)}
#: Ground around a district or sheet, and around a project, as a share of its size; and at least so much of a project's.
AROUND, AROUND_PROJECT, LEAST_M = 0.04, 0.6, 150.0
#: The files of pages that are pictures.
PICTURES = "atlas-*.png"
#: More sheets than this are taken for a mistake.
MOST_SHEETS = 1_000
#: A pixel of the pages is so long on paper.
PIXEL_MM = 0.2
#: The land below all lines: the first of these that is there.
LAND = ("land_use", "planned_use")
#: Layers over the control lines, bottom first.
OVER = ("buildings", "historic_districts")
#: The warning of a layer that is not drawn, and its place in the legend.
LEFT_OUT, NOT_DRAWN = "atlas.left_out", Pen(stroke="#8d8878", width=0.2, dash=(0.8, 0.8))
#: Buildings are drawn down to this scale; below it they would be dust.
BUILDINGS_TO = 20_000


def write_atlas(
    county: County,
    out: Path,
    lang: Lang,
    *,
    by: By | None = None,
    size: str = "A3",
    form: Format = "pdf",
    sheet_scale: int = 10_000,
    projects: gpd.GeoDataFrame | None = None,
    review: Review | None = None,
    inputs: Collection[Path] = (),
    progress: Callable[[Text], None] = lambda _: None,
) -> tuple[Path, int]:
    """Write the map series of a county; return the file, or the folder of the pictures, and the number of pages.

    Parameters
    ----------
    out
        A file that ends in .pdf, or a folder for atlas.pdf; for pictures a folder.
    by
        What a page shows; left out: projects where they are given, else districts where there are any, else sheets.
    size
        A3 or A4.
    form
        One PDF, or pictures (png) of 300 dots to an inch, a page each: atlas-001.png and so on, by the number that
        the index gives the page. Those of an earlier series that has more pages are taken away.
    sheet_scale
        The series of national sheets, for example 10 000.
    projects
        Parcels in the working CRS with `id` and `name`; left out: the county's own.
    review
        What these parcels conflict with, drawn on their pages.
    inputs
        The files that the run reads.

    Raises
    ------
    CountyError, LayerError
        The county delivers nothing to draw, or not what the pages are about.
    OutputError
        There is no Chinese font, the file cannot be written, or pictures are to go into one file.
    """
    if form == "png" and out.suffix.lower() in {".pdf", ".png"}:
        raise OutputError("atlas.pictures_need_folder", file=str(out))
    by = by or ("projects" if projects is not None else "towns" if county.has("districts") else "sheets")
    faces = typefaces()
    progress(text("cli.drawing", page=PICTURES if form == "png" else "atlas.pdf"))
    if by == "projects" and projects is None:
        projects = _frame(county, "projects")
    atlas = _atlas(county, by, sheet_scale, lang)
    subjects = list(_subjects(county, atlas, by, sheet_scale, (projects, review), lang))
    paper = Paper(SIZES[size], faces, atlas.title)
    atlas_page.draw(paper, atlas, subjects, progress)
    return _saved(paper, out, form, inputs), len(paper.pages)


def _saved(paper: Paper, out: Path, form: Format, inputs: Collection[Path]) -> Path:
    """Write the pages, and return the file or the folder of the pictures."""
    if form == "png":
        names = [picture_name(number) for number in range(1, len(paper.pages) + 1)]
        gone = {name for name in manifest_of(out) or {} if fnmatch(name, PICTURES)} - set(names)
        with replacing(out, Wish(inputs, gone=gone)) as stage:
            sheets_png.save(paper, stage, picture_name)
        return out
    file = file_of(out)
    with replacing(file.parent, Wish(inputs), single=file if file == out else None) as stage:
        paper.save(stage / file.name)
    return file


def file_of(out: Path) -> Path:
    """Return the file of a map series that is written to a file or into a folder."""
    return out if out.suffix.lower() == ".pdf" else out / "atlas.pdf"


def picture_name(number: int) -> str:
    """Return the file of a page as a picture.

    Examples
    --------
    >>> picture_name(7)
    'atlas-007.png'
    """
    return f"atlas-{number:03d}.png"


def _atlas(county: County, by: By, sheet_scale: int, lang: Lang) -> Atlas:
    layers = list(_layers(county, lang))
    districts = _frame(county, "districts") if county.has("districts") else None
    extent = next((one for one in (districts, _optional(county, "study_area")) if one is not None and len(one)), None)
    shapes = [layer.shapes for layer in layers] if extent is None else [extent.geometry.to_numpy()]
    shapes = [shape for shape in shapes if len(shape)]
    if not shapes:
        raise CountyError("atlas.nothing", file=str(county.folder / "county.toml"))
    whole = shapely.union_all(shapes[0]) if extent is not None else shapely.box(*_bounds(np.concatenate(shapes)))
    title = f"{say('atlas.title', lang, county=county.name)} · {say(f'atlas.by_{by}', lang, scale=f'{sheet_scale:,}')}"
    layers += _left_out(county, lang)
    return Atlas(county.name, lang, county.crs, county.settings.data_date, layers, districts, whole, title)


def _subjects(
    county: County,
    atlas: Atlas,
    by: By,
    sheet_scale: int,
    judged: tuple[gpd.GeoDataFrame | None, Review | None],
    lang: Lang,
) -> Iterator[Subject]:
    if by == "towns":
        if atlas.districts is None or not len(atlas.districts):
            raise LayerError("atlas.no_towns", file=str(county.folder / "county.toml"))
        yield from _towns(atlas.districts, lang)
    elif by == "projects":
        yield from _projects(*judged, lang)
    else:
        yield from _sheets(atlas, sheet_scale, lang)


def _towns(districts: gpd.GeoDataFrame, lang: Lang) -> Iterator[Subject]:
    outline = Pen(stroke="#2f2a24", width=0.7)
    areas = geo.ellipsoid_area(districts.geometry.to_numpy(), districts.crs)
    for number, (name, land, area) in enumerate(zip(districts["name"], districts.geometry, areas, strict=True), 1):
        title = str(name) if isinstance(name, str) and name.strip() else say("atlas.unnamed", lang, number=number)
        extent = max(land.bounds[2] - land.bounds[0], land.bounds[3] - land.bounds[1])
        yield Subject(title, _area(area, lang), land, AROUND * extent, outline, kind_title("districts", lang))


def _projects(projects: gpd.GeoDataFrame | None, review: Review | None, lang: Lang) -> Iterator[Subject]:
    assert projects is not None  # noqa: S101 - for the type checker; they were read before
    # What was reviewed is hatched where it conflicts, and only there.
    outline = Pen(stroke="#000000", width=0.9) if review else Pen(stroke="#000000", width=0.9, hatch=(45.0,), gap=2.4)
    over, said = (conflicts(review, lang), conclusions(review, lang)) if review else ({}, {})
    areas = geo.ellipsoid_area(projects.geometry.to_numpy(), projects.crs)
    rows = zip(
        projects["id"], projects.get("name", pd.Series(index=projects.index)), projects.geometry, areas, strict=True
    )
    for own, name, land, area in rows:
        called = {"id": _plain(own), "name": _plain(name)}
        extent = max(land.bounds[2] - land.bounds[0], land.bounds[3] - land.bounds[1])
        title = " ".join(say("atlas.project", lang, **called).split())
        around = max(AROUND_PROJECT * extent, LEAST_M)
        below = "    ".join(one for one in (_area(area, lang), said.get(own)) if one)
        legend = say("atlas.this_project", lang)
        yield Subject(title, below, land, around, outline, legend, over=over.get(own, ()), paled=False)


def _sheets(atlas: Atlas, scale: int, lang: Lang) -> Iterator[Subject]:
    geographic = atlas.crs.geodetic_crs
    assert geographic is not None  # noqa: S101 - a working CRS has a datum
    west, south, east, north = geo.reproject(np.array([atlas.whole]), atlas.crs, geographic)[0].bounds
    shown = {"scale": f"{scale:,}"}
    try:
        sheets = list(graticule.sheets_over(west, south, east, north, scale))
    except ValueError:
        raise CountyError("atlas.no_sheet", **shown) from None
    if len(sheets) > MOST_SHEETS:
        raise CountyError("atlas.many_sheets", **shown, count=len(sheets), most=MOST_SHEETS)
    boxes = np.array([shapely.box(sheet.west, sheet.south, sheet.east, sheet.north) for sheet in sheets])
    # Edges of sheets follow meridians and parallels; they are densified before they are laid on the plane.
    planes = geo.reproject(boxes, geographic, atlas.crs)
    touched = shapely.area(shapely.intersection(planes, atlas.whole)) > 0
    outline = Pen(stroke="#000000", width=0.5)
    for sheet, land in zip(np.array(sheets, dtype=object)[touched], planes[touched], strict=True):
        extent = land.bounds[2] - land.bounds[0]
        title, edge = say("atlas.sheet", lang, number=sheet.number), say("atlas.sheet_edge", lang)
        below = f"{degrees(sheet.west)}–{degrees(sheet.east)} E  "
        below += f"{degrees(sheet.south)}–{degrees(sheet.north)} N"
        yield Subject(title, below, land, AROUND * extent, outline, edge, sheet)


def _layers(county: County, lang: Lang) -> Iterator[Layer]:
    """Return the layers of the county that are drawn, bottom first, in the colours of its pages."""
    looks = styles()
    if (land := _land(county)) is not None:
        yield from _land_use(land, lang)
    elif (parks := _optional(county, "parks")) is not None:
        yield _layer(parks, kind_title("parks", lang), pen_of(looks["layer"]["parks_small"], PIXEL_MM))
    if (streets := _optional(county, "streets")) is not None:
        yield _layer(streets, kind_title("streets", lang), pen_of(looks["layer"]["streets"], PIXEL_MM))
    if (barriers := _optional(county, "barriers")) is not None:
        rails = [kind == "railway" for kind in barrier_kinds(barriers)]
        yield _layer(barriers[rails], say("map.railway", lang), pen_of(looks["layer"]["railway"], PIXEL_MM))
    for name in county.tables:
        if county.kind(name).control and (frame := _optional(county, name)) is not None:
            look = looks["line"].get(name, looks["line"]["other"])
            title = county.tables[name].title or kind_title(name, lang)
            hatch = (look["hatch_angle"],) if "hatch_angle" in look else ()
            opacity = look["opacity"] * (0.3 if land is not None else 1.0)
            pen = Pen(look["fill"], opacity, look["stroke"], 0.25, hatch=hatch, gap=look.get("hatch_gap", 2.6))
            yield _layer(frame, title, pen)
    for name in OVER:
        if (frame := _optional(county, name)) is not None:
            smallest = BUILDINGS_TO if name == "buildings" else math.inf
            yield _layer(frame, kind_title(name, lang), pen_of(looks["layer"][name], PIXEL_MM), smallest)


def _land(county: County) -> gpd.GeoDataFrame | None:
    """Return land use as it is, else as it is planned, else None."""
    return next((one for name in LAND if (one := _optional(county, name)) is not None and len(one)), None)


def _land_use(land: gpd.GeoDataFrame, lang: Lang) -> Iterator[Layer]:
    codes = land["class"] if "class" in land.columns else pd.Series(None, index=land.index, dtype=object)
    use = told_as_use(codes)
    colours = [land_colour(code if isinstance(code, str) else None, use=use) for code in codes]
    for colour in sorted({colour for colour in colours if colour is not None}, key=lambda one: one.order):
        chosen = land[[one == colour for one in colours]]
        yield _layer(chosen, colour.title(lang), Pen(colour.rgb, LAND_OPACITY, "#8d8878", 0.05))
    if (unknown := land[[colour is None for colour in colours]]) is not None and len(unknown):
        yield _layer(unknown, say("atlas.other_land", lang), Pen("#dddddd", LAND_OPACITY, "#8d8878", 0.05))


def _layer(frame: gpd.GeoDataFrame, title: str, pen: Pen, smallest: float = math.inf) -> Layer:
    shapes = frame.geometry.to_numpy()
    return Layer(title, pen, shapes, shapely.STRtree(shapes), smallest)


def _optional(county: County, name: str) -> gpd.GeoDataFrame | None:
    """Return a layer of polygons or lines, None where the county has none of it or a shape of it is refused.

    That is told: a series is of use without a layer, and every page says that it is not drawn.
    """
    try:
        return _frame(county, name) if county.has(name) else None
    except NotAssessed:
        return None
    except FeatureError as refused:
        told = text(LEFT_OUT, layer=county.called(name), reason=refused.text)
        county.warnings += [told] if told not in county.warnings else []
        return None


def _left_out(county: County, lang: Lang) -> Iterator[Layer]:
    """Return what stands in the legend for layers that could not be drawn."""
    for told in county.warnings:
        if told.key == LEFT_OUT:
            own = told.facts["layer"].facts
            title = say("atlas.not_drawn", lang, layer=own["own"] or kind_title(own["layer"], lang))
            yield Layer(title, NOT_DRAWN, np.array([]), shapely.STRtree([]))


def _frame(county: County, name: str) -> gpd.GeoDataFrame:
    frame = county.layer(name)
    assert isinstance(frame, gpd.GeoDataFrame)  # noqa: S101 - only layers of shapes are asked for
    return frame


def _bounds(shapes: Any) -> Any:
    return shapely.total_bounds(shapes)


def _plain(value: Any) -> str:
    return "" if value is None or (isinstance(value, float) and np.isnan(value)) else str(value)


def _area(square_metres: float, lang: Lang) -> str:
    return say("atlas.area", lang, ha=units.bare(square_metres, "land_ha"), mu=units.bare(square_metres, "land_mu"))
