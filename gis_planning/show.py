"""Show the pages of a run as a site of this computer, for backgrounds that refuse pages opened by double click.

The site is seen from this computer only. A token of Tianditu is put into a page on its way to the browser, so that no
file ever holds it; and only into a page that is as a run of ours wrote it, for another's script would read it.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import os
import re
import socket
import threading
import webbrowser
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import click

from gis_planning.errors import SourceError
from gis_planning.outputs.marks import manifest_of
from gis_planning.texts import Lang, say

#: Where the token is told, and where in a page it goes.
TOKEN = "GIS_PLANNING_TIANDITU"  # noqa: S105 - the name of a variable
_PLACE = b'<meta name="tianditu" content="">'
#: A name that no file has.
_NOTHING = ".nothing"
HERE = "127.0.0.1"
#: Clients that are answered at once, and how long another waits before it is sent away.
CONNECTIONS = 32
WAIT_S = 2.0


class _Handler(SimpleHTTPRequestHandler):
    """Give out the files of one folder, to browsers of this computer only."""

    token = ""
    #: A client that is silent for so long is left.
    timeout = 20
    #: A request that is not whole after so long is left, however busy its client.
    whole_s = 20.0
    server_version, sys_version = "gis-planning", ""

    def handle(self) -> None:
        """Answer, and leave a client that takes too long to say what it wants."""
        self._clock = threading.Timer(self.whole_s, self._leave)
        self._clock.daemon = True
        self._clock.start()
        try:
            super().handle()
        finally:
            self._clock.cancel()

    def parse_request(self) -> bool:
        """Take a request apart, once it is whole."""
        whole = super().parse_request()
        self._clock.cancel()
        return whole

    def do_GET(self) -> None:
        """Give a page with the token in it, and any other file as it is."""
        if not self._ours():
            self.send_error(HTTPStatus.FORBIDDEN)
        elif (page := self._page()) is None:
            super().do_GET()
        else:
            body = page
            if self.token:
                told = _PLACE.replace(b'content=""', f'content="{html.escape(self.token)}"'.encode())
                body = page.replace(_PLACE, told, 1)
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

    def translate_path(self, path: str) -> str:
        """Return the file asked for; what lies outside by a link, is hidden or is no plain file is not there."""
        found = Path(super().translate_path(path))
        root = Path(self.directory).resolve()
        try:
            real = found.resolve()
            inside = real.relative_to(root)
            plain = real.is_file() or real.is_dir()
        except (OSError, ValueError, RuntimeError):
            plain = False
        if not plain or any(part.startswith(".") for part in inside.parts):
            return str(root / _NOTHING)
        return str(found)

    def list_directory(self, path: str | os.PathLike[str]) -> None:  # noqa: ARG002 - its name in the base class
        """Tell nobody what lies in a folder."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Say nothing: the terminal belongs to the user."""

    def _leave(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def _ours(self) -> bool:
        """Refuse names other than this computer's: a foreign page could otherwise read ours under a name of its own."""
        names = self.headers.get_all("Host") or [""]
        return len(names) == 1 and re.sub(r":\d+$", "", names[0]) in (HERE, "localhost")

    def _page(self) -> bytes | None:
        """Return a page that one of our runs wrote, as it wrote it; others are files like any."""
        path = unquote(urlsplit(self.path).path)
        found = Path(self.translate_path(f"{path}index.html" if path.endswith("/") else path))
        return _written(found) if found.suffix == ".html" else None


class _Server(ThreadingHTTPServer):
    """Serve a bounded number of clients at once; what fails with one is nobody's business."""

    daemon_threads = True

    def __init__(self, *args: Any) -> None:
        self._free = threading.BoundedSemaphore(CONNECTIONS)
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread of its own if there is one left, else hang up."""
        if self._free.acquire(timeout=WAIT_S):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and leave the place to the next."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that went away or of files that vanished: the terminal belongs to the user."""


def _written(page: Path) -> bytes | None:
    """Return a page if it is as a run of ours wrote it, by the list that the run left beside it."""
    mark = (manifest_of(page.parent) or {}).get(page.name)
    try:
        body = page.read_bytes()
    except OSError:
        return None
    own = mark is not None and (mark.size, mark.sha256) == (len(body), hashlib.sha256(body).hexdigest())
    return body if own else None


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
        page = folder / address.rpartition("/")[2]
        click.echo(say("show.with_token" if _written(page) else "show.without_token", lang, page=page))
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
        server = _Server((HERE, port), partial(handler, directory=str(folder)))
    except OSError as fault:
        raise SourceError("show.no_port", port=port, reason=fault.strerror) from None
    return server, f"http://{HERE}:{server.server_address[1]}/{first}"
