"""Hold the site of a run to its word: this computer only, the token on its way and in no file."""

import threading
import urllib.error
import urllib.request

import pytest

from gis_planning import cli
from gis_planning.errors import SourceError
from gis_planning.show import TOKEN, site


@pytest.fixture
def pages(tmp_path):
    (tmp_path / "index.html").write_text('<meta name="tianditu" content=""><p>一页</p>', encoding="utf-8")
    (tmp_path / "report.xlsx").write_bytes(b"rows")
    return tmp_path


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
