"""Measure what is wrong with the columns of delivered layers; part of the family `quality`."""

from __future__ import annotations

from gis_planning.conventions import KindTitle
from gis_planning.errors import NotAssessed
from gis_planning.measures import Count, columns
from gis_planning.measures.held import StructureName, field_of, held, measured
from gis_planning.raw import Raw
from gis_planning.texts import Text, text

FAMILY = "quality"


def structure(layer: Raw, *, name: StructureName = "", lengths: bool = True) -> Count:
    """Count the columns of a table that are missing, of another type, or of another length than the standard has.

    Only mandatory columns can be missing. A text is compared by the width its table declares, where it declares one;
    shapefiles count bytes, so that up to three for each sign are right there. Columns beyond the standard are no fault.

    Parameters
    ----------
    layer
        The layer as it was delivered.
    name
        The structure it is held against (DLTB, XZQ ...); left out: the one its table is called by.
    lengths
        Whether lengths count.

    Returns
    -------
    Measured
        A count. Offenders are the columns, without geometry.

    Notes
    -----
    Source: the database standards of the land survey and of plans; columns as seen in real deliveries.
    """
    own, fields = held(layer, name)
    declared = layer.declared
    bytes_ = layer.source.suffix.lower() == ".shp"
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

    Parameters
    ----------
    layer
        The layer as it was delivered.
    name
        The structure it is held against (DLTB, XZQ ...); left out: the one its table is called by.

    Returns
    -------
    Measured
        A count of features. Offenders have a row for each column.

    Notes
    -----
    Source: the mandatory flags of the database standards (memory; `sure` in conventions/databases).
    """
    own, fields = held(layer, name)
    return measured(layer, columns.mandatory(layer.frame, fields, own), "mandatory")


def domain(layer: Raw, *, name: StructureName = "") -> Count:
    """Count the features with a code that is in no list: classes, ownership, zones, feature codes and the like.

    Empty values are left to `mandatory`; lists that may go on (`open` in conventions/code_lists) fault nothing.

    Parameters
    ----------
    layer
        The layer as it was delivered.
    name
        The structure it is held against (DLTB, XZQ ...); left out: the one its table is called by.

    Returns
    -------
    Measured
        A count of features. Offenders have a row for each column.

    Notes
    -----
    Source: the code lists of the standards as far as they are known; each says how sure it is.
    """
    own, fields = held(layer, name)
    return measured(layer, columns.domain(layer.frame, fields, own), "domain")


def code_name(layer: Raw, *, name: StructureName = "") -> Count:
    """Count the features whose name of a class, zone or subclass is not that of the code beside it.

    Names that deliveries give the same code (`also` in conventions/code_lists) are right. A code that is in no list
    is left to `domain`.

    Parameters
    ----------
    layer
        The layer as it was delivered.
    name
        The structure it is held against (DLTB, XZQ ...); left out: the one its table is called by.

    Returns
    -------
    Measured
        A count of features. Offenders have a row for each column.
    """
    own, fields = held(layer, name)
    return measured(layer, columns.code_names(layer.frame, fields, own), "code_name")


def value_range(layer: Raw, *, name: StructureName = "") -> Count:
    """Count the features with a number out of its range: areas above 0, shares from 0 to 1, years.

    What should be a number and is none counts too. Empty values are left to `mandatory`.

    Parameters
    ----------
    layer
        The layer as it was delivered.
    name
        The structure it is held against (DLTB, XZQ ...); left out: the one its table is called by.

    Returns
    -------
    Measured
        A count of features. Offenders have a row for each column.
    """
    own, fields = held(layer, name)
    return measured(layer, columns.ranges(layer.frame, fields, own), "value_range")


def unique(layer: Raw, *, field: str = "BSM") -> Count:
    """Count the features whose value in a column another feature has too; all of them count, not all but one.

    Empty values are left to `mandatory`.

    Parameters
    ----------
    layer
        The layer as it was delivered.
    field
        The column, by its standard name or its own.

    Returns
    -------
    Measured
        A count of features.
    """
    return measured(layer, columns.unique(layer.frame, field_of(layer, field)), "unique")


def identifier(layer: Raw, *, field: str = "BSM", signs: int = 18) -> Count:
    """Count the features whose identifier has not the length it must have.

    Empty identifiers are left to `mandatory`.

    Parameters
    ----------
    layer
        The layer as it was delivered.
    field
        The column, by its standard name.
    signs
        The length.

    Returns
    -------
    Measured
        A count of features.
    """
    return measured(layer, columns.length(layer.frame, field_of(layer, field), signs), "identifier")


def county_code(layer: Raw, *, field: str = "XZQDM") -> Count:
    """Count the features whose code of an area does not begin with the county's code.

    The county's code is the one county.toml states; without it nothing is assessed.

    Parameters
    ----------
    layer
        The layer as it was delivered.
    field
        The column, by its standard name.

    Returns
    -------
    Measured
        A count of features.
    """
    if layer.county_code is None:
        raise NotAssessed("quality.no_county_code")
    return measured(layer, columns.prefix(layer.frame, field_of(layer, field), layer.county_code), "county_code")


def allowed(layer: Raw, *, field: str, values: tuple[str, ...]) -> Count:
    """Count the features whose value in a column is none of some.

    Parameters
    ----------
    layer
        The layer as it was delivered.
    field
        The column, by its standard name.
    values
        The values it may have.

    Returns
    -------
    Measured
        A count of features.
    """
    return measured(layer, columns.not_in(layer.frame, field_of(layer, field), values), "allowed")
