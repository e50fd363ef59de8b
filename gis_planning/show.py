"""Show the pages of a run as a site of this computer, for backgrounds that refuse pages opened by double click.

The site is seen from this computer only. A token of Tianditu is put into a page on its way to the browser, so that no
file ever holds it.
"""

from __future__ import annotations

import contextlib
import html
import os
import re
import webbrowser
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from gis_planning.errors import SourceError
from gis_planning.texts import Lang, say

#: Where the token is told, and where in a page it goes.
TOKEN = "GIS_PLANNING_TIANDITU"  # noqa: S105 - the name of a variable
_PLACE = b'<meta name="tianditu" content="">'
HERE = "127.0.0.1"


class _Handler(SimpleHTTPRequestHandler):
    """Give out the files of one folder, to browsers of this computer only."""

    token = ""

    def do_GET(self) -> None:
        """Give a page with the token in it, and any other file as it is."""
        if not self._ours():
            self.send_error(HTTPStatus.FORBIDDEN)
        elif (page := self._page()) is None:
            super().do_GET()
        else:
            told = _PLACE.replace(b'content=""', f'content="{html.escape(self.token)}"'.encode())
            body = page.read_bytes().replace(_PLACE, told, 1)
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

    def do_HEAD(self) -> None:
        """Answer for files alone."""
        if self._ours():
            super().do_HEAD()
        else:
            self.send_error(HTTPStatus.FORBIDDEN)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Say nothing: the terminal belongs to the user."""

    def _ours(self) -> bool:
        """Refuse names other than this computer's: a foreign page could otherwise read ours under a name of its own."""
        return re.sub(r":\d+$", "", self.headers.get("Host", "")) in (HERE, "localhost")

    def _page(self) -> Path | None:
        path = unquote(urlsplit(self.path).path)
        found = Path(self.translate_path(f"{path}index.html" if path.endswith("/") else path))
        return found if found.suffix == ".html" and found.is_file() else None


def show(folder: Path, port: int, lang: Lang, *, browser: bool) -> None:
    """Serve a folder's pages until somebody ends it; with `browser`, open the first.

    Raises
    ------
    SourceError
        There are no pages in the folder, or the port is taken.
    """
    server, address = site(folder, port)
    click.echo(say("show.running", lang, address=address))
    if os.environ.get(TOKEN, "").strip():
        click.echo(say("show.with_token", lang))
    if browser:
        webbrowser.open(address)
    with server, contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()


def site(folder: Path, port: int = 0) -> tuple[ThreadingHTTPServer, str]:
    """Return a server of a folder's pages, not yet started, and the address of its first page.

    Parameters
    ----------
    port
        The port to listen on; 0 takes one that is free.

    Raises
    ------
    SourceError
        There are no pages in the folder, or the port is taken.
    """
    first = next((name for name in ("index.html", "map.html") if (folder / name).is_file()), None)
    if first is None:
        raise SourceError("show.no_pages", folder=folder)
    handler = type("Handler", (_Handler,), {"token": os.environ.get(TOKEN, "").strip()})
    try:
        server = ThreadingHTTPServer((HERE, port), partial(handler, directory=str(folder)))
    except OSError as fault:
        raise SourceError("show.no_port", port=port, reason=fault.strerror) from None
    return server, f"http://{HERE}:{server.server_address[1]}/{first}"
