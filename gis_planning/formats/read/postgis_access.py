"""Decide which database server may have a password, and by which way: a plan, made before anything is sent.

An address may come from somebody else's county.toml, so it chooses the server but not who gets our password: that is
said by what belongs to the user alone (PGHOST, the service file, the password file, the command line).
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

#: A statement that takes longer is stopped by the server.
STATEMENT_S = 600.0
#: Where no password file lies.
NOWHERE = str(Path(os.devnull) / "none")
#: Modes that let a server do without TLS; all others demand it, or are none and refused by the library.
_LOOSE = {"disable", "allow", "prefer"}
#: What tells a password, or what is as good as one, to whoever listens; SCRAM does not.
_CLEAR, _MD5 = "password", "md5"


@dataclass(frozen=True)
class Access:
    """What the user allows: hosts that may have the password, hosts that may have it as MD5 without TLS, patience."""

    hosts: frozenset[str] = frozenset()
    insecure: frozenset[str] = frozenset()
    statement_s: float = STATEMENT_S


_ACCESS: ContextVar[Access | None] = ContextVar("access", default=None)


def access() -> Access:
    """Return what is allowed at present."""
    return _ACCESS.get() or Access()


@contextmanager
def allowed(
    hosts: tuple[str, ...] = (), insecure: tuple[str, ...] = (), statement_s: float | None = None
) -> Iterator[None]:
    """Allow more than by default while the context lasts."""
    before = access()
    more = replace(
        before,
        hosts=before.hosts | {host.casefold() for host in hosts},
        insecure=before.insecure | {one.casefold() for one in insecure},
        statement_s=before.statement_s if statement_s is None else statement_s,
    )
    token = _ACCESS.set(more)
    try:
        yield
    finally:
        _ACCESS.reset(token)


@dataclass(frozen=True)
class Way:
    """One way to connect: what the library is told by the names of libpq, without its defaults.

    The way by `tls` is followed by others if the server does not know it. A `guarded` one lets the server ask for a
    password by SCRAM only; with `md5` the password may go as MD5 without TLS.
    """

    options: Mapping[str, str] = field(repr=False)
    tls: bool = False
    guarded: bool = False
    md5: bool = False

    @property
    def uri(self) -> str:
        """The way as the driver takes it; every option stands for itself, so that nothing is read in two ways."""
        return "postgresql:///?" + urlencode(self.options).replace("+", "%20")


@dataclass(frozen=True)
class Plan:
    """Where a connection goes, whether a password may go along, and the ways to try in turn.

    Attributes
    ----------
    places
        The servers: hosts or addresses of the network; empty for the socket of this computer.
    strangers
        Those of them that may not have the password.
    withheld
        Whether there is a password that is kept from them.
    ways
        At least one, unless what the user demands cannot be had safely.
    secrets
        All passwords that the surroundings hold, so that no message repeats one.
    """

    places: tuple[str, ...]
    strangers: tuple[str, ...]
    withheld: bool
    ways: tuple[Way, ...]
    secrets: tuple[str, ...] = field(repr=False)


def plan(stated: Mapping[str, str]) -> Plan:
    """Return how to connect by the options that an address states.

    Parameters
    ----------
    stated
        Host, port, user ... by the names of libpq.
    """
    service = _service(stated.get("service") or os.environ.get("PGSERVICE", ""))
    lines = _password_lines(service.get("passfile", ""))

    def effective(key: str, variable: str) -> str:
        return stated.get(key) or service.get(key) or os.environ.get(variable, "")

    host, address = effective("host", "PGHOST"), effective("hostaddr", "PGHOSTADDR")
    # Who is reached is the address where one is stated, whatever the host is called.
    places = tuple(one.strip() for one in (address or host).split(","))
    own = [service.get("host", ""), service.get("hostaddr", "")]
    own += [os.environ.get("PGHOST", ""), os.environ.get("PGHOSTADDR", "")]
    known = {name.strip().casefold() for names in own for name in names.split(",")} | {""}
    known |= {name.casefold() for name, _ in lines} | access().hosts
    strangers = tuple(place for place in places if place.casefold() not in known)
    secrets = [os.environ.get("PGPASSWORD", ""), service.get("password", ""), *(secret for _, secret in lines)]
    secrets = [secret for secret in secrets if secret]
    # Host and address are stated even where they are empty, so that the library looks for them nowhere else.
    base = {"connect_timeout": "10", **stated, "host": host, "hostaddr": address, "client_encoding": "UTF8"}
    if strangers:
        ways: tuple[Way, ...] = (Way(base | {"password": "", "passfile": NOWHERE}),)
    elif all(is_local(place) for place in places):
        ways = (Way(base),)
    else:
        mode = _ssl_mode(stated, service)
        ways = _guarded_ways(base, places, mode, effective("require_auth", "PGREQUIREAUTH"))
    longest_first = tuple(sorted(secrets, key=len, reverse=True))
    return Plan(places, strangers, bool(strangers and secrets), ways, longest_first)


def is_local(place: str) -> bool:
    """Say whether a server is on this computer by its very name: a socket, or an address of the loop.

    A name is not looked up: it may mean another computer a moment later.

    Examples
    --------
    >>> is_local("127.0.0.1"), is_local(""), is_local("10.1.2.3"), is_local("county.example")
    (True, True, False, False)
    """
    if not place or place.startswith(("/", "@")) or place.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(place).is_loopback
    except ValueError:
        return False


def _guarded_ways(base: Mapping[str, str], places: tuple[str, ...], mode: str, demanded: str) -> tuple[Way, ...]:
    """Return the ways to servers elsewhere: by TLS any, without only such as do not tell the password."""
    if mode not in _LOOSE:
        return (Way({**base, "sslmode": mode}, tls=True),)
    ways = [] if mode == "disable" else [Way({**base, "sslmode": "require"}, tls=True)]
    plain = {**base, "sslmode": "disable"}
    if methods := _without(demanded, _CLEAR, _MD5):
        ways.append(Way({**plain, "require_auth": methods}, guarded=True))
    insecure = all(is_local(place) or place.casefold() in access().insecure for place in places)
    if insecure and (methods := _without(demanded, _CLEAR)):
        ways.append(Way({**plain, "require_auth": methods}, md5=True))
    return tuple(ways)


def _without(demanded: str, *barred: str) -> str:
    """Return the methods that may be asked for: what the user demands, less some; empty if nothing is left.

    Examples
    --------
    >>> _without("", "password", "md5"), _without("md5,scram-sha-256", "md5"), _without("md5", "md5")
    ('!password,!md5', 'scram-sha-256', '')
    """
    methods = [one.strip() for one in demanded.split(",") if one.strip()]
    if all(method.startswith("!") for method in methods):
        return ",".join(dict.fromkeys([*methods, *(f"!{one}" for one in barred)]))
    return ",".join(method for method in methods if method not in barred)


def _ssl_mode(stated: Mapping[str, str], service: Mapping[str, str]) -> str:
    old = "require" if os.environ.get("PGREQUIRESSL", "").startswith("1") else "prefer"
    for options in (stated, service):
        if mode := options.get("sslmode"):
            return mode
        if options.get("ssl") == "true":
            return "require"
    return os.environ.get("PGSSLMODE") or old


# -- what belongs to the user alone


def _service(name: str) -> dict[str, str]:
    """Return a section of the service file, empty if there is none."""
    if not name:
        return {}
    own, system = os.environ.get("PGSERVICEFILE"), os.environ.get("PGSYSCONFDIR")
    files = [Path(own) if own else Path.home() / ".pg_service.conf"]
    files += [Path(system) / "pg_service.conf"] if system else []
    for file in files:
        section: dict[str, str] | None = None
        for line in _lines(file):
            if line.startswith("["):
                if section is not None:
                    break
                section = {} if line == f"[{name}]" else None
            elif section is not None and "=" in line:
                key, _, value = line.partition("=")
                section.setdefault(key, value)
        if section is not None:
            return section
    return {}


def _password_lines(named: str) -> list[tuple[str, str]]:
    """Return hosts and passwords of the password file; a line for all hosts names none."""
    folder = Path(os.environ.get("APPDATA", "")) / "postgresql" if os.name == "nt" else Path.home()
    own = named or os.environ.get("PGPASSFILE", "")
    file = Path(own) if own else folder / ("pgpass.conf" if os.name == "nt" else ".pgpass")
    found = []
    for line in _lines(file):
        parts = [re.sub(r"\\(.)", r"\1", one) for one in re.split(r"(?<!\\):", line, maxsplit=4)]
        if len(parts) == 5:
            found.append(("" if parts[0] == "*" else parts[0], parts[4]))
    return found


def _lines(file: Path) -> list[str]:
    """Return the lines of a settings file that say something; a file that cannot be read says nothing."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]
