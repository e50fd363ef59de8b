"""Open a county folder and give its layers, or refuse.

Every layer is read when it is first asked for, and once. It has two views: raw, as delivered, which quality checks
judge, and repaired, in the working CRS with our field names, which measures use; every repair is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gis_planning import geo
from gis_planning.conventions import EARLIER, Kind, KindTitle, facts, kinds
from gis_planning.conventions.facilities import NONE, facility_kinds, stated_absent
from gis_planning.conventions.structures import recognised
from gis_planning.county import areas, networks, place, residential, statistics
from gis_planning.county.fields import facilities_by_kind, find_fields, names_of, typed, wanted_fields
from gis_planning.county.file import CountyFile, LayerTable, read_county_file
from gis_planning.county.losses import Loss, loss_of
from gis_planning.county.raw import Raw
from gis_planning.county.repair import mend
from gis_planning.county.source import read_layer, source_crs
from gis_planning.county.whereabouts import Whereabouts
from gis_planning.errors import CountyError, CrsError, LayerError, NotAssessed, SourceError
from gis_planning.formats.address import Source, is_address, parse_address
from gis_planning.formats.datum import plausible
from gis_planning.formats.read import points, raster, sources, vector
from gis_planning.formats.read.area import Area
from gis_planning.formats.read.kml import SHIFTED, SHIFTED_BY
from gis_planning.formats.read.vector import Part
from gis_planning.results.ledger import Input, Repair
from gis_planning.streets import Streets
from gis_planning.texts import Text, text

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray

#: `ecological_redline.coverage` is the land for which the delivered redline is complete.
COVERAGE = ".coverage"
#: `land_use.within` is the land whose features are read.
WITHIN = ".within"


class County:
    """The layers of one county, read when asked for, with one working CRS.

    Attributes
    ----------
    folder
        The county folder; sources are relative to it.
    inputs
        The layers read so far, as delivered.
    repairs
        What was changed on them for analysis.
    warnings
        What a person should look at.
    progress
        Is told what is being read.
    """

    def __init__(self, folder: Path, file: CountyFile) -> None:
        self.folder = folder
        self.settings = file.county
        self.tables = {name: table for name, table in file.layers.items() if table.listed}
        self.tables |= {f"{name}{EARLIER}": one.earlier for name, one in file.layers.items() if one.earlier}
        #: Our field = that of the parcels that a review is given.
        self.project_fields = file.layers["projects"].fields if "projects" in file.layers else {}
        self.quality = file.quality
        self.homes = file.homes
        self.opinion = file.opinion
        self.stated = file.statistics
        self.areas = file.areas
        self.speeds_kmh = file.drive.speeds_kmh
        self.grounds = tuple(one.model_dump() for one in file.ground)
        self.inputs: list[Input] = []
        self.repairs: list[Repair] = []
        self.warnings: list[Text] = []
        self.progress: Callable[[Text], None] = lambda _: None
        self._raw: dict[str, vector.Delivered] = {}
        self._as_delivered: dict[str, Raw] = {}
        self._layers: dict[str, Any] = {}
        self._whereabouts = Whereabouts(self._layers, self.source_of, self.layer)
        #: Control lines of which nothing can be told, with the reason.
        self.untrusted: dict[str, NotAssessed] = {}
        #: What layers lost between their source and the analysis.
        self.losses: dict[str, Loss] = {}

    @property
    def name(self) -> str:
        """Return the county's name."""
        return self.settings.name

    @property
    def titles(self) -> dict[str, str]:
        """Return what the county calls its own control lines."""
        return {name: table.title for name, table in self.tables.items() if table.title}

    def called(self, layer: str) -> KindTitle:
        """Return what messages call a layer: its kind, or what the county calls a control line of its own."""
        return KindTitle(layer, self.titles.get(layer))

    def has(self, layer: str) -> bool:
        """Say whether county.toml lists a layer, or what it is built from."""
        line = layer.removesuffix(COVERAGE)
        if line != layer:
            return "study_area" in self.tables or bool(line in self.tables and self.tables[line].coverage)
        if layer in areas.AREAS:
            return areas.stands_for(self, layer) is not None
        if layer == areas.SEAT:
            return layer in self.tables or areas.has_seat(self)
        if layer == statistics.LAYER and self.stated is not None:
            return True
        built_from = kinds()[layer].built_from if layer in kinds() else ()
        return layer in self.tables or any(one in self.tables for one in built_from[:1])

    @property
    def from_database(self) -> bool:
        """Say whether a layer is a table of a delivered database, by its name."""
        return any(recognised(table.layer or Path(table.source).stem) for table in self.tables.values() if table.source)

    def kind(self, layer: str) -> Kind:
        """Return the kind of a layer; a control line of the county's own is of kind `control_line`."""
        own = layer in self.tables and self.tables[layer].kind
        return kinds()["control_line" if own else layer.removesuffix(EARLIER)]

    @cached_property
    def crs(self) -> pyproj.CRS:
        """Return the working CRS: the stated one, or the default for where the county lies."""
        file = str(self.folder / "county.toml")
        if self.settings.crs is not None:
            return geo.working_crs(self.settings.crs, source=file)
        # A layer that is read within another cannot tell where that is.
        whole = [kind for kind in ("study_area", "residential", *self.tables) if self._is_vector(kind)]
        first = next((kind for kind in whole if self.tables[kind].within is None), None)
        if first is None:
            raise CountyError("county.no_crs", file=file)
        delivered = self.raw(first)
        crs = self._source_crs(self.tables[first], self.source_of(self.tables[first]), delivered)
        bounds = place.main_box(place.boxes_of(delivered.frame.geometry.to_numpy()), crs)
        if bounds is None:
            raise CountyError("county.no_crs", file=file)
        centre = geo.reproject(np.array([shapely.box(*bounds).centroid]), crs, geo.parse_crs("EPSG:4490", source=file))[
            0
        ]
        return geo.default_crs(centre.x, centre.y)

    def layer(self, layer: str) -> gpd.GeoDataFrame | raster.Raster | Streets:
        """Return a layer fit for analysis: repaired, in the working CRS, with our field names; or a street network.

        Raises
        ------
        NotAssessed
            The county does not deliver the layer.
        InputError
            What it delivers cannot be used.
        """
        if layer in self.untrusted:
            raise self.untrusted[layer]
        if layer not in self._layers:
            line = layer.removesuffix(COVERAGE)
            if line != layer:
                self._layers[layer] = self._coverage(line)
                return self._layers[layer]
            built_from = kinds()[layer].built_from if layer in kinds() else ()
            if not self.has(layer):
                raise NotAssessed("county.not_delivered", layer=KindTitle(built_from[0] if built_from else layer))
            if layer not in self.tables and layer in areas.AREAS:
                self._layers[layer] = areas.area_of(self, layer)
                return self._layers[layer]
            if layer == areas.SEAT:
                self._layers[layer] = areas.seat_layer(self)
                return self._layers[layer]
            if layer == statistics.LAYER:
                self._layers[layer] = statistics.read(self)
                return self._layers[layer]
            if built_from:
                self._layers[layer] = networks.network(self, layer, built_from, read=True)
                return self._layers[layer]
            self._layers[layer] = self._read(layer, self.tables[layer], self.kind(layer))
            if layer in areas.AREAS:
                self._layers[layer].attrs[areas.AREA] = layer
        return self._layers[layer]

    def _read(self, layer: str, table: LayerTable, kind: Kind) -> gpd.GeoDataFrame | raster.Raster:
        import geopandas as gpd  # noqa: PLC0415 - slow to import

        self.progress(text("cli.reading", layer=self.called(layer)))
        if table.made_from is not None:
            return residential.made(self, layer)
        if table.source is None:
            nothing = gpd.GeoDataFrame({"name": []}, geometry=[], crs=self.crs)
            nothing.attrs |= {NONE: facility_kinds()} if layer == "facilities" else {}
            # A county without a hazard, or a shelter, has none of any kind.
            nothing.attrs |= {NONE: tuple(facts("hazards")["kinds"])} if layer == "hazards" else {}
            nothing.attrs |= {NONE: tuple(facts("hazards")["shelters"])} if layer == "shelters" else {}
            return nothing
        grid = Path(table.source).suffix.lower() in raster.SUFFIXES and kind.geometry == "raster_or_polygon"
        if grid or kind.geometry == "raster":
            return self._read_raster(layer, table)
        self._whereabouts.busy.append(layer)
        try:
            frame = self._read_vector(layer, table, kind)
        finally:
            self._whereabouts.busy.pop()
        if kind.control and not len(frame) and not table.none_exist:
            raise NotAssessed("county.empty_line", source=self.source_of(table), layer=self.called(layer))
        return frame

    def _coverage(self, line: str) -> gpd.GeoDataFrame:
        """Return where a control line is complete: the layer or file its table states, else the study area."""
        stated = self.tables[line].coverage if line in self.tables else None
        return self._land(f"{line}{COVERAGE}", stated or "study_area")

    def _land(self, layer: str, stated: str) -> gpd.GeoDataFrame:
        """Return the land that a table of county.toml states: a layer of the county, or a file."""
        if stated in self.tables or stated == "study_area":
            return self.layer(stated)
        source = self.folder / stated
        table, delivered = LayerTable(source=stated), vector.read(source, table=None, where=None)
        crs = self._source_crs(table, source, delivered)
        frame = self.fitted(layer, table, kinds()["study_area"], source, delivered, crs)
        self.inputs.append(Input(layer, stated, vector.fingerprint(source), len(frame), geo.crs_name(self.crs)))
        return frame

    def _part(self, layer: str, columns: Collection[str] | None = None) -> Part:
        """Return which part of a source makes up a layer: the land it is read within, and only some columns."""
        table = self.tables[layer]
        stated = geo.parse_crs(table.crs, source=str(self.folder / "county.toml")) if table.crs else None
        if table.within is None:
            return Part(columns, crs=stated)
        around = self.tables.get(table.within)
        if layer == "study_area" or (around is not None and around.within is not None):
            raise CountyError("county.within_itself", file=self.folder / "county.toml", layer=self.called(layer))
        land = self._land(f"{layer}{WITHIN}", table.within)
        return Part(columns, Area(shapely.union_all(land.geometry.to_numpy()), self.crs), stated)

    def opened(self) -> dict[str, gpd.GeoDataFrame]:
        """Return the vector layers read so far."""
        other = raster.Raster | Streets
        return {
            name: one for name, one in self._layers.items() if name != statistics.LAYER and not isinstance(one, other)
        }

    def network(self, layer: str) -> Streets:
        """Return a street network without reading what it is built from, where it was built before."""
        if not self.has(layer):
            raise NotAssessed("county.not_delivered", layer=KindTitle(kinds()[layer].built_from[0]))
        if layer not in self._layers:
            self._layers[layer] = networks.network(self, layer, kinds()[layer].built_from, read=False)
        return self._layers[layer]  # type: ignore[no-any-return]

    def raw(self, layer: str) -> vector.Delivered:
        """Return a vector layer as it was delivered."""
        if layer not in self._raw:
            table = self.tables[layer]
            self._raw[layer] = read_layer(layer, self.source_of(table), table, self._part(layer))
        return self._raw[layer]

    def as_delivered(self, layer: str) -> Raw:
        """Return a vector layer as it was delivered, for checks of its quality; it is never refused for its geometry.

        Raises
        ------
        NotAssessed
            The county does not deliver the layer, or says that there is nothing of it.
        InputError
            It cannot be read, or its CRS is not known.
        """
        if layer in self._as_delivered:
            return self._as_delivered[layer]
        if layer not in self.tables or self.tables[layer].source is None:
            raise NotAssessed("county.not_delivered", layer=KindTitle(layer))
        self.progress(text("cli.reading", layer=self.called(layer)))
        table, source = self.tables[layer], self.source_of(self.tables[layer])
        delivered = self.raw(layer)
        crs = self._source_crs(table, source, delivered)
        self._note_input(layer, table, delivered, crs)
        digest = next(entry.sha256 for entry in self.inputs if entry.layer == layer)
        named = (delivered.table, self.settings.code, delivered.curved)
        self._as_delivered[layer] = Raw(layer, delivered.frame, crs, self.crs, source, *named, sha256=digest)
        if delivered.lost and layer not in self.losses:
            self.losses[layer] = Loss(delivered.lost, (), len(delivered.frame), 0.0)
            self.warnings += [one.reason for one in delivered.lost]
        return self._as_delivered[layer]

    def _needed(self, layer: str, kind: Kind) -> vector.Delivered:
        """Return a layer with the fields that are ours; a whole one if it is there already."""
        table = self.tables[layer]
        if layer in self._raw:
            return self._raw[layer]
        return read_layer(layer, self.source_of(table), table, self._part(layer, wanted_fields(kind, table.fields)))

    def source(self, layer: str) -> Source:
        """Return where a layer's source is."""
        return self.source_of(self.tables[layer])

    def source_of(self, table: LayerTable) -> Source:
        """Return where the source of a layer lies."""
        source = table.source or ""
        return parse_address(source) if is_address(source) else self.folder / source

    def _is_vector(self, layer: str) -> bool:
        if not self.has(layer) or self.tables[layer].source is None:
            return False
        return self.source_of(self.tables[layer]).suffix.lower() not in raster.SUFFIXES

    def _read_vector(self, layer: str, table: LayerTable, kind: Kind) -> gpd.GeoDataFrame:
        source, delivered = self.source_of(table), self._needed(layer, kind)
        crs = self._source_crs(table, source, delivered)
        frame = self.fitted(layer, table, kind, source, delivered, crs)
        self.warnings += delivered.warnings
        frame = self._in_place(layer, table, kind, delivered, frame)
        if table.within is not None and not len(delivered.frame):
            self.warnings.append(
                text("county.nothing_within", source=source, within=table.within, crs=geo.crs_name(crs))
            )
        datum = table.datum or (SHIFTED_BY if source.suffix.lower() in SHIFTED else None)
        if datum is not None:
            self._test_datum(datum, delivered, source)
        self._note_input(layer, table, delivered, crs)
        return frame

    def fitted(
        self,
        layer: str,
        table: LayerTable,
        kind: Kind,
        source: Source,
        delivered: vector.Delivered,
        crs: pyproj.CRS,
    ) -> gpd.GeoDataFrame:
        """Return a delivered table in some CRS fit for analysis: repaired, in the working CRS, with our field names."""
        import geopandas as gpd  # noqa: PLC0415 - slow to import

        if kind.refuse_empty and not len(delivered.frame):
            raise LayerError("county.empty_layer", source=source, layer=self.called(layer), where=table.where or "-")
        placed = points.COORDINATES if table.datum else ()
        fields = find_fields(delivered.frame, kind, table.fields, source=source, skipped=placed, names=delivered.names)
        columns = {ours: typed(delivered.frame[theirs], kind, ours, source) for ours, theirs in fields.items()}
        if layer == "facilities":
            columns["kind"], unknown = facilities_by_kind(columns, delivered.frame, source)
            self.warnings += unknown
        position = {fid: at for at, fid in enumerate(delivered.frame.index)}
        mended = mend(
            delivered.frame.geometry.to_numpy(),
            names_of(delivered.frame, columns.get("id" if layer == "projects" else "name")),
            layer=layer,
            source=str(source),
            wanted=kind.geometry,
            curved={position[fid]: area for fid, area in delivered.curved.items()},
            to_working=lambda geometries: self._to_working(geometries, crs, source, delivered.called(source)),
            tolerance_share=table.repair_tolerance,
        )
        if kind.refuse_empty and not len(mended.geometry):
            raise LayerError("county.empty_layer", source=source, layer=self.called(layer), where=table.where or "-")
        rows = {ours: column.to_numpy()[mended.kept] for ours, column in columns.items()}
        frame = gpd.GeoDataFrame(rows, geometry=mended.geometry, crs=self.crs, index=delivered.frame.index[mended.kept])
        self.repairs += mended.repairs
        if layer == "facilities":
            frame.attrs[NONE] = stated_absent(columns["kind"], table.none, complete=table.complete, source=source)
        return frame

    def lend(self, layer: str, frame: gpd.GeoDataFrame | Streets, *inputs: Input) -> None:
        """Let a layer that county.toml does not list take part in this run."""
        self._layers[layer] = frame
        self.tables = {**self.tables, layer: LayerTable(none_exist=True)}
        self.inputs += inputs

    def lend_delivered(self, layer: str, raw: Raw) -> None:
        """Let a layer that county.toml does not list take part in this run as it was delivered."""
        self._as_delivered[layer] = raw
        self.tables = {**self.tables, layer: LayerTable(none_exist=True)}

    def _test_datum(self, datum: str, delivered: vector.Delivered, source: Source) -> None:
        """Warn where points stated in one datum would lie far better on the streets or parcels in another."""
        beside = next((one for one in ("streets", "residential", "buildings") if self.has(one)), None)
        if beside is None:
            return
        fit = plausible(
            shapely.centroid(delivered.frame.geometry.to_numpy()),
            datum,
            self.layer(beside).geometry.to_numpy(),  # type: ignore[union-attr]
            self.crs,
            source=source,
        )
        if fit.warning is not None:
            self.warnings.append(fit.warning)

    def _read_raster(self, layer: str, table: LayerTable) -> gpd.GeoDataFrame | raster.Raster:
        source = self.source_of(table)
        if not isinstance(source, Path):
            raise SourceError("raster.in_database", source=source)
        stated = geo.parse_crs(table.crs, source=str(self.folder / "county.toml")) if table.crs else None
        area = None
        # Elevation is needed wherever a street is, land cover in the town alone, people only where they are counted.
        wanted = {"elevation": ("streets",), "land_cover": areas.AREAS}.get(layer, ())
        around = [one for one in wanted if self.has(one)] or [one for one in ("study_area",) if self.has(one)]
        if around:
            shapes = np.concatenate([self.layer(one).geometry.to_numpy() for one in around])  # type: ignore[union-attr]
            area = shapely.box(*shapely.total_bounds(shapes))
        grid = raster.read_raster(
            source, stated_crs=stated, area=area, area_crs=self.crs, layer=layer, nodata=table.nodata
        )
        self.warnings += grid.warnings
        digest, cells = sources.fingerprint(source), int(grid.band.size)
        self.inputs.append(Input(layer, table.source or "", digest, cells, geo.crs_name(grid.crs), where=table.where))
        return raster.cells(grid, self.crs) if layer == "population" else grid

    def _note_input(self, layer: str, table: LayerTable, delivered: vector.Delivered, crs: pyproj.CRS) -> None:
        if any(entry.layer == layer for entry in self.inputs):
            return  # read before, for another view of it
        source = self.source_of(table)
        digest = delivered.sha256 or sources.fingerprint(source)
        shown = table.source or "" if isinstance(source, Path) else str(source)
        name, inner = geo.crs_name(crs), (delivered.table, table.where, delivered.encoding, table.within, table.year)
        self.inputs.append(Input(layer, shown, digest, len(delivered.frame), name, *inner))

    def _source_crs(self, table: LayerTable, source: Source, delivered: vector.Delivered) -> pyproj.CRS:
        return source_crs(delivered, table, source, county_file=self.folder / "county.toml")

    def _to_working(self, geometries: Any, crs: pyproj.CRS, source: Source, table: str) -> Any:
        seen = {"source": source, "table": table, "crs": geo.crs_name(crs), "working": geo.crs_name(self.crs)}
        if geo.is_web_mercator(crs):
            self.warnings.append(text("crs.web_mercator_source", **seen))
        elif crs.is_projected and not geo.same_crs(crs, self.crs):
            self.warnings.append(text("crs.other_zone", **seen))
        try:
            return geo.reproject(geometries, crs, self.crs)
        except ValueError:
            raise CrsError("crs.outside", **seen) from None

    def _in_place(
        self, layer: str, table: LayerTable, kind: Kind, delivered: vector.Delivered, frame: gpd.GeoDataFrame
    ) -> gpd.GeoDataFrame:
        """Return a layer's features that lie where the county does; what was lost is told and counted.

        Raises
        ------
        CrsError
            The layer lies elsewhere.
        NotAssessed
            It is a control line and lies elsewhere: nothing would seem to touch it.
        """
        source = self.source_of(table)
        name = delivered.called(source)
        far = np.zeros(len(frame), dtype=bool)
        if table.lies_outside:
            self.warnings.append(text("place.lies_outside", source=source, table=name, layer=self.called(layer)))
        else:
            try:
                far = self.far_away(layer, frame, source, name)
            except CrsError as fault:
                if not kind.control:
                    raise
                self.warnings.append(fault.text)
                self.untrusted[layer] = NotAssessed("place.line_elsewhere", why=fault.text)
                raise self.untrusted[layer] from None
        called = names_of(frame, frame["name"] if "name" in frame.columns else None)
        loss = loss_of(delivered, frame, far, called, source=source, table=name)
        if loss is not None:
            self.losses[layer] = loss
            # What a reader could not give it has told already.
            self.warnings += [reason for reason in loss.reasons if reason not in self.warnings]
        return frame[~far] if far.any() else frame

    def far_away(self, layer: str, frame: gpd.GeoDataFrame, source: Source, table: str) -> NDArray[np.bool_]:
        """Say which features of a layer lie far from the county; a CrsError is raised where the whole layer does."""
        near = self._whereabouts.near(layer, frame, self.settings.near_km, self.tables, self.crs)
        return place.far_away(place.boxes_of(frame.geometry.to_numpy()), near, source=source, table=table)

    def around(self, layer: str = "") -> dict[str, place.Box]:
        """Return what tells where another layer lies, with its box: study area and districts, else all others."""
        return self._whereabouts.around(layer, self.tables, self.crs)


def open_county(place: Path | str) -> County:
    """Open a county folder.

    Parameters
    ----------
    place
        The folder, or the county.toml in it, as a path or as text.

    Raises
    ------
    CountyError
        There is no county.toml, or it holds a key, layer kind or value that does not belong there.
    """
    place = Path(place)
    file = place if place.suffix == ".toml" else place / "county.toml"
    return County(file.parent, read_county_file(file))
