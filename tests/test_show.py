"""Hold the site of a run to its word: this computer only, the token on its way and in no file."""

import hashlib
import json
import os
import socket
import threading
import time
import urllib.error
import urllib.request

import pytest

from gis_planning import cli, show
from gis_planning.errors import SourceError
from gis_planning.show import TOKEN, site

PAGE = '<meta name="tianditu" content=""><p>一页</p>'


@pytest.fixture
def pages(tmp_path):
    """Make a folder as a run leaves it, with the list of what it wrote."""
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "index.html").write_bytes(PAGE.encode())
    (folder / "report.xlsx").write_bytes(b"rows")
    mark = {"size": len(PAGE.encode()), "sha256": hashlib.sha256(PAGE.encode()).hexdigest(), "content": None}
    told = {"program": "gis-planning", "files": {"index.html": mark}}
    (folder / ".gis-planning.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


@pytest.fixture
def served(pages, monkeypatch):
    monkeypatch.setenv(TOKEN, 'abc"123')
    server, address = site(pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address
    server.shutdown()
    server.server_close()


def got(address, **headers):
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=10) as answer:
        return answer.read().decode("utf-8", "replace")


def test_a_page_gets_the_token_and_the_file_does_not(served, pages):
    assert address_of(served) == "127.0.0.1"
    assert got(served) == '<meta name="tianditu" content="abc&quot;123"><p>一页</p>'
    assert got(served.replace("index.html", "")) == got(served)
    assert got(served.replace("index.html", "report.xlsx")) == "rows"
    assert "abc" not in (pages / "index.html").read_text(encoding="utf-8")


def address_of(url):
    return urllib.request.urlparse(url).hostname


def test_a_page_that_no_run_wrote_gets_no_token(served, pages):
    (pages / "theirs.html").write_text(PAGE, encoding="utf-8")
    (pages / "index.html").write_text(PAGE + "<script>steal()</script>", encoding="utf-8")
    for name in ("theirs.html", "index.html"):
        assert "abc" not in got(served.replace("index.html", name))
        assert "一页" in got(served.replace("index.html", name))
    assert "abc" not in got(served.replace("index.html", ""))


def refused(url, code):
    with pytest.raises(urllib.error.HTTPError) as fault:
        got(url)
    assert fault.value.code == code
    fault.value.close()


def test_links_out_of_the_folder_hidden_files_pipes_and_lists_are_not_given(served, pages):
    outside = pages.parent / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("hidden", encoding="utf-8")
    (outside / "index.html").write_text(PAGE, encoding="utf-8")
    (pages / "link.txt").symlink_to(outside / "secret.txt")
    (pages / "linked").symlink_to(outside, target_is_directory=True)
    (pages / "inner").mkdir()
    (pages / "inner" / "list.txt").write_text("x", encoding="utf-8")
    (pages / "same.xlsx").symlink_to(pages / "report.xlsx")
    os.mkfifo(pages / "pipe.txt")
    paths = (
        "link.txt",
        "linked/",
        "linked/secret.txt",
        "linked/index.html",
        "inner/",
        ".gis-planning.json",
        "pipe.txt",
    )
    for path in paths:
        refused(served.replace("index.html", path), 404)
    assert got(served.replace("index.html", "same.xlsx")) == "rows"


def test_slow_and_many_clients_do_not_keep_others_out_and_nothing_is_printed(pages, monkeypatch, capfd):
    monkeypatch.setattr(show, "CONNECTIONS", 2)
    monkeypatch.setattr(show, "WAIT_S", 0.1)
    monkeypatch.setattr(show._Handler, "whole_s", 1.0)
    server, address = site(pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = server.server_address
    slow = [socket.create_connection(place) for _ in range(3)]
    for one in slow[:2]:
        one.sendall(b"GET / HT")
    slow[2].settimeout(5)
    assert slow[2].recv(10) == b""  # sent away: two are being answered
    began = time.monotonic()
    while time.monotonic() - began < 10:
        slow[0].settimeout(0.2)
        try:
            slow[0].sendall(b"X")  # busy, but never whole
            if slow[0].recv(10) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    assert time.monotonic() - began < 5
    slow[1].close()
    assert "一页" in got(address)
    gone = socket.create_connection(place)
    gone.sendall(b"GET /report.xlsx HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
    gone.close()
    time.sleep(0.3)
    for one in slow:
        one.close()
    server.shutdown()
    server.server_close()
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_reading_is_answered(served, method):
    with pytest.raises(urllib.error.HTTPError) as fault:
        urllib.request.urlopen(urllib.request.Request(served, method=method), timeout=10)
    assert fault.value.code == 501
    assert "abc" not in fault.value.read().decode()
    fault.value.close()


@pytest.mark.parametrize("path", ["nothing.html", "../secret.txt", "%2e%2e/secret.txt"])
def test_only_what_is_in_the_folder_is_given(served, pages, path):
    (pages.parent / "secret.txt").write_text("hidden", encoding="utf-8")
    with pytest.raises(urllib.error.HTTPError) as fault:
        got(served.replace("index.html", path))
    assert fault.value.code == 404
    fault.value.close()


def test_other_names_for_this_computer_are_refused(served):
    with pytest.raises(urllib.error.HTTPError) as fault:
        got(served, Host="evil.example:80")
    assert fault.value.code == 403
    fault.value.close()


def test_a_folder_without_pages_and_a_taken_port_are_refused_in_words(tmp_path, pages, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(["show", str(tmp_path / "none"), "--no-browser", "--lang", "en"])
    assert end.value.code == 2
    assert "index.html" in capsys.readouterr().err
    server, address = site(pages)
    with server, pytest.raises(SourceError, match="cannot be used"):
        site(pages, int(address.split(":")[2].split("/")[0]))
