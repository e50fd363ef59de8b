"""Name a database by its address, and never say who may open it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from gis_planning.errors import SourceError

_SCHEME = re.compile(r"postgres(ql)?://", re.IGNORECASE)
#: What an address may say besides host and database, and everybody may read.
_HARMLESS = ("service", "dbname", "host", "port")
#: What belongs into the environment, a password file or a service file.
_SECRET = {"password", "sslpassword", "passfile", "sslkey"}


@dataclass(frozen=True)
class Address:
    """The address of a PostgreSQL database; as text it is without user, password and settings.

    Attributes
    ----------
    uri
        The whole address, for the driver only.
    shown
        What people and results see.
    """

    uri: str = field(repr=False)
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
    return isinstance(place, str) and _SCHEME.match(place) is not None


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
    try:
        parts = urlsplit(place)
        asked = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        port = parts.port
    except ValueError:
        raise SourceError("postgis.no_address", source="postgresql://...") from None
    # Several hosts stand between the commas of one; the library that connects splits them.
    hosts = parts.netloc.rpartition("@")[2]
    user = parts.netloc.rpartition("@")[0]
    told = {key: asked[key] for key in _HARMLESS if key in asked}
    shown = f"postgresql://{hosts}{quote(unquote(parts.path))}" + (f"?{urlencode(told)}" if told else "")
    if ":" in user or _SECRET & asked.keys() or port == 0:
        raise SourceError("postgis.password_in_address", source=shown)
    return Address("postgresql" + place[place.index("://") :], shown)


def place_of(place: str) -> Source:
    """Return the path or the address that a word of the command line names."""
    return parse_address(place) if is_address(place) else Path(place)
