"""Measure what is wrong with the columns of delivered layers; part of the family `quality`."""

from __future__ import annotations

from gis_planning.conventions import KindTitle
from gis_planning.conventions.codes import code_list
from gis_planning.county.raw import Raw
from gis_planning.errors import NotAssessed
from gis_planning.measures import Count, columns
from gis_planning.measures.held import StructureName, field_of, held, measured
from gis_planning.texts import LANGS, Spoken, Text, text


def structure(layer: Raw, *, name: StructureName = "", lengths: bool = True) -> Count:
    """Count the columns of a table that are missing, of another type, or of another length than the standard has.

    Only mandatory columns can be missing. A text is compared by the width its table declares, where it declares one;
    shapefiles count bytes, so that up to three for each sign are right there, and hold texts of at most 254, which is
    right wherever the standard has more. Columns beyond the standard are no fault.

    Offenders are the columns, without geometry.

    Parameters
    ----------
    lengths
        Whether lengths count.

    Notes
    -----
    Source: the database standards of the land survey and of plans; columns as seen in real deliveries.
    """
    own, fields = held(layer, name)
    declared = layer.declared
    bytes_ = layer.source.suffix.lower() in {".shp", ".dbf"}
    found = columns.structure(declared, fields, own, bytes_=bytes_)
    notes: list[Text] = []
    if not lengths:
        found = found[[not str(one).isdigit() for one in found["expected"]]]
    elif not any(one.width for one in declared.values()):
        notes.append(text("quality.no_widths", layer=KindTitle(layer.layer)))
    return measured(layer, found, "structure", notes=notes)


def mandatory(layer: Raw, *, name: StructureName = "") -> Count:
    """Count the features that say nothing in a mandatory column.

    A column that is missing altogether is a fault of the structure and not counted here.

    Notes
    -----
    Source: the mandatory flags of the database standards (not yet held against them; `sure` in conventions/databases).

    Examples
    --------
    >>> table = Raw.sample("DLTB", BSM=["1", " "], TBMJ=[1.0, None])
    >>> measured = mandatory(table)
    >>> measured.value, measured.offenders["field"].tolist()
    (1.0, ['BSM', 'TBMJ'])
    """
    own, fields = held(layer, name)
    return measured(layer, columns.mandatory(layer.frame, fields, own), "mandatory")


def domain(layer: Raw, *, name: StructureName = "") -> Count:
    """Count the features with a code that is in no list: classes, ownership, zones, feature codes and the like.

    Empty values are left to `mandatory`; lists that may go on (`open` in conventions/code_lists) fault nothing.

    Notes
    -----
    Source: the code lists of the standards as far as they are known; each says how sure it is.

    Examples
    --------
    >>> table = Raw.sample("DLTB", DLBM=["0102", "0105"])
    >>> measured = domain(table)
    >>> measured.value, measured.offenders["value"].tolist()
    (1.0, ['0105'])
    """
    own, fields = held(layer, name)
    found = columns.domain(layer.frame, fields, own)
    faulty = set(found["field"])
    lists = [code_list(column.codes) for column in own.columns if column.codes and fields.get(column.name) in faulty]
    unsure = [Spoken({lang: one.title(lang) for lang in LANGS}) for one in lists if one.sure == "to-confirm"]
    return measured(layer, found, "domain", notes=[text("quality.unsure", lists=unsure)] if unsure else [])


def code_name(layer: Raw, *, name: StructureName = "") -> Count:
    """Count the features whose name of a class, zone or subclass is not that of the code beside it.

    Names that deliveries give the same code (`also` in conventions/code_lists) are right. A code that is in no list
    is left to `domain`.

    Examples
    --------
    >>> table = Raw.sample("DLTB", DLBM=["0102", "0103"], DLMC=["水浇地", "水田"])
    >>> code_name(table).offenders[["value", "expected"]].to_numpy().tolist()
    [['水田', '旱地']]
    """
    own, fields = held(layer, name)
    return measured(layer, columns.code_names(layer.frame, fields, own), "code_name")


def value_range(layer: Raw, *, name: StructureName = "") -> Count:
    """Count the features with a number out of its range: areas above 0, shares from 0 to 1, years.

    What should be a number and is none counts too. Empty values are left to `mandatory`. A 0 in the grade of arable
    land (GDDB, GDDJ) of land that is none says nothing, as shapefiles of some programs have it: it is noted, not
    counted.

    Examples
    --------
    >>> table = Raw.sample("DLTB", TBMJ=[1.0, 0.0], KCXS=[0.1, 2.0])
    >>> value_range(table).offenders["expected"].tolist()
    ['> 0', '<= 1']
    """
    own, fields = held(layer, name)
    zeros = {
        fields[column.name]: count
        for column in own.columns
        if column.applies and (count := int(columns.unstated(layer.frame, fields, column).sum()))
    }
    notes: list[Text] = [text("quality.note_zeros", field=field, count=count) for field, count in zeros.items()]
    return measured(layer, columns.ranges(layer.frame, fields, own), "value_range", notes=notes)


def unique(layer: Raw, *, field: str = "BSM") -> Count:
    """Count the features whose value in a column another feature has too; all of them count, not all but one.

    Empty values are left to `mandatory`.

    Parameters
    ----------
    field
        The column, by its standard name or its own.

    Examples
    --------
    >>> table = Raw.sample("DLTB", BSM=["1", "2", "1"])
    >>> unique(table).value
    2.0
    """
    return measured(layer, columns.unique(layer.frame, field_of(layer, field)), "unique")


def identifier(layer: Raw, *, field: str = "BSM", signs: int = 18) -> Count:
    """Count the features whose identifier has not the length it must have.

    Empty identifiers are left to `mandatory`.

    Parameters
    ----------
    field
        The column, by its standard name.
    signs
        The length.

    Examples
    --------
    >>> table = Raw.sample("DLTB", BSM=["150999010000000001", "1"])
    >>> identifier(table).offenders["value"].tolist()
    ['1']
    """
    return measured(layer, columns.length(layer.frame, field_of(layer, field), signs), "identifier")


def county_code(layer: Raw, *, field: str = "XZQDM") -> Count:
    """Count the features whose code of an area does not begin with the county's code.

    The county's code is the one county.toml states; without it nothing is assessed.

    Parameters
    ----------
    field
        The column, by its standard name.

    Examples
    --------
    >>> table = Raw.sample("XZQ", XZQDM=["150999100", "150821100"], county_code="150999")
    >>> county_code(table).offenders["value"].tolist()
    ['150821100']
    """
    if layer.county_code is None:
        raise NotAssessed("quality.no_county_code")
    return measured(layer, columns.prefix(layer.frame, field_of(layer, field), layer.county_code), "county_code")


def allowed(layer: Raw, *, field: str, values: tuple[str, ...]) -> Count:
    """Count the features whose value in a column is none of some.

    Parameters
    ----------
    field
        The column, by its standard name.
    values
        The values it may have.

    Examples
    --------
    >>> table = Raw.sample("YJJBNTBHTB", DLBM=["0102", "0301"])
    >>> allowed(table, field="DLBM", values=("0101", "0102", "0103")).value
    1.0
    """
    return measured(layer, columns.not_in(layer.frame, field_of(layer, field), values), "allowed")
