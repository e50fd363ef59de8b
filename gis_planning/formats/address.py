"""Name a database by its address, and never say who may open it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from gis_planning.errors import SourceError
from gis_planning.texts.hidden import LONGEST, hidden

_SCHEME = re.compile(r"postgres(ql)?://", re.IGNORECASE)
#: What an address may say besides host and database, and everybody may read.
_HARMLESS = ("service", "dbname", "host", "port")
#: What belongs into the environment, a password file or a service file.
_SECRET = {
    "password",
    "sslpassword",
    "passfile",
    "sslkey",
    "oauth_client_secret",
    "scram_client_key",
    "scram_server_key",
}
#: How other programs begin the address of a database: GDAL, JDBC, SQLAlchemy, psql. No file is called so.
_FOREIGN = re.compile(
    r"\s*(?:(?:PG|PGEO|MySQL|MSSQL|OCI|GEOR|GEORASTER|ODBC|SDE|HANA|MongoDB\w*|CouchDB|Cloudant|Carto|jdbc)\s*:"
    r"|(?:postgres\w*|postgis|pgsql|mysql|mariadb|mssql|sqlserver|oracle|mongodb|redis|hana|kingbase\w*|dm|gaussdb|opengauss)"
    r"(?:\+\w+)?:[/\\]"
    r"|(?:host|hostaddr|dbname|user|password|service|port)\s*=\s*\S+\s+\w+\s*=)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Address:
    """The address of a PostgreSQL database; as text it is without user, password and settings.

    Attributes
    ----------
    options
        What it says, by the names that the library which connects has for it; for the driver only.
    shown
        What people and results see.
    """

    options: Mapping[str, str] = field(repr=False, hash=False)
    shown: str

    suffix = ""

    @property
    def name(self) -> str:
        """Return the database's name, as a file's name is its last part."""
        return unquote(urlsplit(self.shown).path.strip("/")) or "postgresql"

    @property
    def stem(self) -> str:
        """Return the database's name."""
        return self.name

    def __str__(self) -> str:
        return self.shown


#: Where a layer is read from or written to.
Source = Path | Address


def is_address(place: object) -> bool:
    """Say whether a text is the address of a database rather than a path.

    Examples
    --------
    >>> is_address("postgresql://gis@10.1.2.3/county"), is_address("county.gpkg")
    (True, False)
    """
    return isinstance(place, str) and _SCHEME.match(place.strip()) is not None


def parse_address(place: str) -> Address:
    """Return an address from its text: `postgresql://[user@][host][:port][/database][?service=...]`.

    Examples
    --------
    >>> str(parse_address("postgresql://gis@10.1.2.3:5433/county?sslmode=require"))
    'postgresql://10.1.2.3:5433/county'

    Raises
    ------
    SourceError
        It holds a password, which would be read by everybody who reads county.toml or the list of processes; or it is
        no address.
    """
    place = place.strip()
    if len(place) > LONGEST:
        raise SourceError("postgis.no_address", source="postgresql://...")
    try:
        # A sign that is none, as a terminal gives for bytes that are no UTF-8, is refused here.
        parts = urlsplit(place.encode().decode())
        asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError:
        raise SourceError("postgis.no_address", source="postgresql://...") from None
    user, _, hosts = parts.netloc.rpartition("@")
    bare = place.replace(f"{user}@", "", 1) if user else place
    if ":" in unquote(user) or parts.fragment or _SECRET & {key.casefold() for key in asked} or hidden(bare) != bare:
        raise SourceError("postgis.password_in_address", source=hidden(place))
    options = {"user": unquote(user)} if user else {}
    options |= _host_and_port(hosts) | ({"dbname": name} if (name := unquote(parts.path[1:])) else {}) | asked
    told = {key: asked[key] for key in _HARMLESS if key in asked}
    return Address(
        options, f"postgresql://{hosts}{quote(unquote(parts.path))}" + (f"?{urlencode(told)}" if told else "")
    )


def _host_and_port(hosts: str) -> dict[str, str]:
    """Return the hosts and ports of an address as the library that connects names them: lists with commas."""
    if not hosts:
        return {}
    found = [re.fullmatch(r"(\[[^\]]*\]|[^:\[\]]*)(?::(\d*))?", host) for host in hosts.split(",")]
    pairs = [(unquote(one[1].strip("[]")), one[2] or "") for one in found if one is not None]
    if len(pairs) < len(found) or any(port and not 0 < int(port) < 65536 for _, port in pairs):
        raise SourceError("postgis.no_address", source="postgresql://...")
    named = {"host": ",".join(host for host, _ in pairs)}
    return named | ({"port": ",".join(port for _, port in pairs)} if any(port for _, port in pairs) else {})


def place_of(place: str) -> Source:
    """Return the path or the address that a word of the command line names.

    Raises
    ------
    SourceError
        It is an address that holds a password, or is written for another program.
    """
    refuse_foreign(place)
    if "://" in place and not is_address(place):
        refuse_password(place)
    return parse_address(place) if is_address(place) else Path(place)


def refuse_password(place: str | Path) -> None:
    """Refuse a text with a password in it where only files, or names of places, are meant.

    Raises
    ------
    SourceError
        There is one; the message does not repeat it.
    """
    said = str(place)[:LONGEST]
    if hidden(said) != said and not Path(place).exists():
        raise SourceError("postgis.password_in_address", source=hidden(str(place)))


def refuse_foreign(place: str | Path) -> None:
    """Refuse an address of a database that is not written as ours are, before anybody takes it for a file.

    Raises
    ------
    SourceError
        It is one; the message does not repeat a password.
    """
    said = str(place)
    if is_address(said) or not _FOREIGN.match(unicodedata.normalize("NFKC", unquote(said))):
        return
    key = "postgis.password_in_address" if hidden(said) != said else "postgis.no_address"
    raise SourceError(key, source=hidden(said))
