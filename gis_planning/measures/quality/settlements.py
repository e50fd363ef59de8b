"""Measure whether codes of towns and villages go with land classes; part of the family `quality`."""

from __future__ import annotations

from collections.abc import Mapping

from typing_extensions import TypedDict  # the one of typing cannot be validated before Python 3.12

from gis_planning.county.raw import Raw
from gis_planning.measures import Count, columns
from gis_planning.measures.held import field_of, measured


class ClassRule(TypedDict, total=False):
    """The classes that patches of a settlement code may have (`only`), or may not have (`never`)."""

    only: tuple[str, ...]
    never: tuple[str, ...]


def settlement_code(layer: Raw) -> Count:
    """Count the settlements (CZCDYD) whose code is not 19 signs, or names less than a county (201) or a town (202).

    Digits 7 to 19 of a city's code are noughts, digits 10 to 19 of a town's; villages, mining and special land carry
    the code of the unit they lie in.

    Notes
    -----
    Source: rule 5102 of public check software.

    Examples
    --------
    >>> table = Raw.sample("CZCDYD", CZCLX=["202", "202"], CZCDM=["1509991000000000000", "1509991002010000000"])
    >>> settlement_code(table).value
    1.0
    """
    kind, code = field_of(layer, "CZCLX"), field_of(layer, "CZCDM")
    return measured(layer, columns.settlement_codes(layer.frame, kind, code), "settlement_code")


def settlement_class(layer: Raw, *, rules: Mapping[str, ClassRule]) -> Count:
    """Count the patches whose town or village code (CZCSXM) does not go with their land class (DLBM).

    Parameters
    ----------
    rules
        By town or village code: the classes it may have (`only`) or may not have (`never`); letters after a class
        change nothing.

    Notes
    -----
    Source: rule 5103 of public check software.

    Examples
    --------
    >>> table = Raw.sample("DLTB", DLBM=["0601", "0701"], CZCSXM=["202A", "202A"])
    >>> settlement_class(table, rules={"202A": {"only": ("0601",)}}).offenders["value"].tolist()
    ['0701']
    """
    class_, kind = field_of(layer, "DLBM"), field_of(layer, "CZCSXM")
    return measured(layer, columns.settlement_classes(layer.frame, class_, kind, rules), "settlement_class")


def settlement_missing(layer: Raw, *, classes: tuple[str, ...]) -> Count:
    """Count the patches of classes (DLBM) that lie in towns and villages only, and name none (CZCSXM).

    `classes` are the beginnings of those that need a town or village code.

    Notes
    -----
    Source: rule 5104 of public check software.

    Examples
    --------
    >>> table = Raw.sample("DLTB", DLBM=["0701", "0102"], CZCSXM=[None, None])
    >>> settlement_missing(table, classes=("05", "06", "07")).value
    1.0
    """
    class_, kind = field_of(layer, "DLBM"), field_of(layer, "CZCSXM")
    return measured(layer, columns.settlement_missing(layer.frame, class_, kind, classes), "settlement_missing")
