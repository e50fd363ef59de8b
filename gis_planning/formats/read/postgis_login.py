"""Connect to a database by the ways that its plan allows, or say in words why none led in."""

from __future__ import annotations

import re
from typing import Any

from gis_planning.errors import SourceError
from gis_planning.formats.address import Address
from gis_planning.formats.read.postgis_access import Plan, Way, plan
from gis_planning.texts import Text, text

#: What the library says when there is nobody, rather than somebody who says no.
_AWAY = ("refused", "timeout", "timed out", "translate host name", "no route", "unreachable", "is the server running")
#: What it says of a server that asks for what we do not give.
_ASKS_MORE = "authentication method requirement"


def login(address: Address) -> tuple[Any, tuple[Text, ...]]:
    """Return an open connection, and what there is to say of how it came about.

    User, password and all else that the address does not say come from where PostgreSQL's own programs take them: the
    variables PGUSER, PGPASSWORD, PGSERVICE ..., the password file and the service file; but a password goes only where
    its plan lets it.

    Raises
    ------
    SourceError
        The driver is not installed, or the server is away, does not let us in, or wants the password in a way that
        tells it to others.
    """
    try:
        import adbc_driver_manager as adbc  # noqa: PLC0415 - an extra
        import adbc_driver_postgresql.dbapi as driver  # noqa: PLC0415
    except ImportError:
        raise SourceError("postgis.no_driver", source=address) from None
    planned = plan(address.options)
    last = SourceError("postgis.insecure", source=address, hosts=planned.places)
    for at, way in enumerate(planned.ways):
        try:
            connection = driver.connect(way.uri)
        except adbc.Error as fault:
            said = str(fault)
            last = _refusal(address, planned, way, fault)
            if at + 1 == len(planned.ways) or not _goes_on(way, said):
                break
        else:
            told = (text("postgis.insecure_used", source=address, hosts=planned.places),) if way.md5 else ()
            return connection, told
    raise last


def _goes_on(way: Way, said: str) -> bool:
    """Say whether the next way may lead where this one did not: without TLS, or by MD5 where that is allowed."""
    return ("SSL" in said or "pg_hba" in said) if way.tls else _ASKS_MORE in said


def _refusal(address: Address, planned: Plan, way: Way, fault: Exception) -> SourceError:
    reason = reason_of(fault, address)
    if "no password supplied" in reason:
        if planned.withheld:
            return SourceError("postgis.withheld", source=address, hosts=planned.strangers, host=planned.strangers[0])
        return SourceError("postgis.password", source=address)
    if way.guarded and _ASKS_MORE in reason:
        return SourceError("postgis.insecure", source=address, hosts=planned.places)
    if way.md5 and _ASKS_MORE in reason:
        return SourceError("postgis.clear", source=address, hosts=planned.places)
    if "require_auth" in reason:
        return SourceError("postgis.old_driver", source=address)
    away = any(sign in str(fault).lower() for sign in _AWAY)
    return SourceError("postgis.away" if away else "postgis.refused", source=address, reason=reason)


def reason_of(fault: Exception, address: Address) -> str:
    """Return what the server or the library says in one line, without a password that stands in it."""
    said = str(fault).split("Query was:")[0].strip()
    said = re.sub(r"^.*?(ERROR|Failed to connect|failed):\s*", "", said, flags=re.DOTALL)
    said = "".join(sign if sign.isprintable() else " " for sign in re.sub(r"\s*\n\s*", " ", said)).strip()
    for secret in plan(address.options).secrets:
        said = said.replace(secret, "***")
    return said[:300]
