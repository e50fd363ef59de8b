"""Know the moment that written files state: now, or what SOURCE_DATE_EPOCH says, so that two runs write the same."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from gis_planning.errors import OutputError

VARIABLE = "SOURCE_DATE_EPOCH"
#: The last second of the year 9999.
LATEST = 253_402_300_799


def stated() -> datetime | None:
    """Return the moment that the environment states, in UTC; None where it states none.

    Raises
    ------
    OutputError
        What it states is no whole number of seconds since 1970, or one after the year 9999.
    """
    words = os.environ.get(VARIABLE, "")
    if not words:
        return None
    if not re.fullmatch("[0-9]{1,12}", words) or int(words) > LATEST:
        raise OutputError("outputs.bad_moment", variable=VARIABLE, value=words)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=int(words))


def settle() -> None:
    """Refuse a moment that is none, and unset a variable that is empty, which libraries refuse; raises as `stated`."""
    if stated() is None:
        os.environ.pop(VARIABLE, None)


def moment() -> datetime:
    """Return the moment that files state, in UTC and whole seconds.

    Raises
    ------
    OutputError
        See `stated`.
    """
    return stated() or datetime.now(UTC).replace(microsecond=0)


def stamp() -> str:
    """Return the moment as GeoPackages write one; raises as `moment` does."""
    return f"{moment():%Y-%m-%dT%H:%M:%S}.000Z"


@contextmanager
def stamped() -> Iterator[None]:
    """Have GeoPackages that GDAL writes state the moment; raises as `moment` does."""
    import pyogrio  # noqa: PLC0415 - slow to import

    option = "OGR_CURRENT_DATE"
    before = pyogrio.get_gdal_config_option(option)
    pyogrio.set_gdal_config_options({option: stamp()})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({option: before})


def today() -> date:
    """Return the day that files state: that at the office, or that of the moment stated; raises as `stated` does.

    It changes no verdict: the day whose rules count is asked for by its own name (`--as-of`).
    """
    at = stated()
    return at.date() if at else date.today()  # noqa: DTZ011 - the office's own day is meant
