"""Hold a password to where it may go: the user's own hosts, elsewhere by SCRAM or TLS; a server notes what it is told.

`127.1` is a name of this computer that does not look like one: a server elsewhere, as far as we know.
"""

import hashlib
import shutil
import ssl
import subprocess

import oracle
import pytest
from gate import SALT, Gate

from gis_planning import cli
from gis_planning.errors import OutputError, SourceError
from gis_planning.formats.address import parse_address
from gis_planning.formats.read import postgis
from gis_planning.formats.read.postgis_access import allowed, plan
from gis_planning.formats.read.postgis_login import login

SECRET = "Eisvogel-42"


@pytest.fixture(autouse=True)
def surroundings(monkeypatch, tmp_path):
    """Have nothing but a password around."""
    for name in ("HOST", "HOSTADDR", "SERVICE", "SERVICEFILE", "SYSCONFDIR", "SSLMODE", "REQUIREAUTH", "REQUIRESSL"):
        monkeypatch.delenv(f"PG{name}", raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "none"))
    monkeypatch.setenv("PGPASSWORD", SECRET)
    monkeypatch.setenv("PGUSER", "me")


def refused(place):
    with pytest.raises(SourceError) as caught:
        login(parse_address(place))
    assert SECRET not in str(caught.value) + caught.value.to("zh")
    return caught.value


@pytest.mark.parametrize("ask", ["clear", "md5", "scram"])
@pytest.mark.parametrize("host", ["127.0.0.1", "127.1"])
def test_a_host_that_the_user_did_not_name_gets_nothing(ask, host):
    with Gate(ask) as gate:
        fault = refused(f"postgresql://me@{host}:{gate.port}/x")
    assert gate.told == []
    assert fault.text.key == "postgis.withheld"
    assert f"--pg-host {host}" in str(fault)


def test_the_command_sends_the_password_where_its_option_says(tmp_path, capsys):
    with Gate() as gate:
        place = f"postgresql://me@127.0.0.1:{gate.port}/x"
        words = ["convert", place, str(tmp_path / "o.gpkg"), "--lang", "en"]
        for more in ([], ["--pg-host", "127.0.0.1"], []):
            with pytest.raises(SystemExit) as end:
                cli.main(words + more)
            assert end.value.code == 2
    assert [SECRET.encode() in one for one in gate.told] == [True]
    assert SECRET not in capsys.readouterr().err


def pghost(monkeypatch, folder):
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    return ""


def service(monkeypatch, folder):
    (folder / "services").write_text("[other]\nhost=h\n[mine]\nhost=127.0.0.1\n")
    monkeypatch.setenv("PGSERVICEFILE", str(folder / "services"))
    return "?service=mine"


def password_file(monkeypatch, folder):
    (folder / "pass").write_text("# mine\n127.0.0.1:1:x:me:another\n")
    (folder / "pass").chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(folder / "pass"))
    return ""


@pytest.mark.parametrize("named", [pghost, service, password_file])
def test_hosts_that_the_user_named_get_it(named, monkeypatch, tmp_path):
    more = named(monkeypatch, tmp_path)
    with Gate() as gate:
        assert refused(f"postgresql://127.0.0.1:{gate.port}/x{more}").text.key == "postgis.refused"
    assert [SECRET.encode() in one for one in gate.told] == [True]


def test_an_address_cannot_pass_for_another(monkeypatch, tmp_path):
    """The host's name is the user's, the address behind it is not; a service's password, a line for all hosts."""
    monkeypatch.setenv("PGHOST", "db.county")
    (tmp_path / "services").write_text(f"[mine]\nhost=db.county\npassword={SECRET}\n")
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "services"))
    (tmp_path / "pass").write_text(f"*:*:*:*:{SECRET}\n")
    (tmp_path / "pass").chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pass"))
    with Gate() as gate:
        for place in (
            f"postgresql://db.county:{gate.port}/x?hostaddr=127.0.0.1",
            f"postgresql://db.county:{gate.port}/x?host=127.0.0.1",
            f"postgresql://127.0.0.1:{gate.port}/x?service=mine",
            f"postgresql://127.0.0.1:{gate.port},db.county:1/x",
        ):
            assert refused(place).text.key == "postgis.withheld"
        monkeypatch.delenv("PGPASSWORD")
        assert refused(f"postgresql://127.0.0.1:{gate.port}/x?service=mine").text.key == "postgis.withheld"
    assert gate.told == []


def test_elsewhere_it_goes_by_scram_alone_unless_told():
    with Gate("scram") as gate, allowed(hosts=("127.1",)):
        refused(f"postgresql://127.1:{gate.port}/x")
    assert b"SCRAM-SHA-256" in gate.told[0]
    assert SECRET.encode() not in gate.told[0]
    for ask in ("clear", "md5"):
        with Gate(ask) as gate, allowed(hosts=("127.1",)):
            refused(f"postgresql://127.1:{gate.port}/x?require_auth=md5,password")
            for more in ("", "?sslmode=disable", "?require_auth=!gss&sslmode=allow"):
                fault = refused(f"postgresql://127.1:{gate.port}/x{more}")
                assert fault.text.key == "postgis.insecure"
                assert "--pg-insecure" in str(fault)
        assert gate.told == []
    with Gate("md5") as gate, allowed(("127.1",), ("127.1",)):
        assert refused(f"postgresql://127.1:{gate.port}/x").text.key == "postgis.refused"
    inner = hashlib.md5(f"{SECRET}me".encode()).hexdigest()
    assert [one[5:-1].decode() for one in gate.told] == ["md5" + hashlib.md5(inner.encode() + SALT).hexdigest()]
    with Gate("clear") as gate, allowed(("127.1",), ("127.1",)):
        assert refused(f"postgresql://127.1:{gate.port}/x").text.key == "postgis.clear"
    assert gate.told == []
    with Gate("md5") as gate, allowed((), ("127.1",)):
        assert refused(f"postgresql://127.1:{gate.port}/x").text.key == "postgis.withheld"
    assert gate.told == []


@pytest.mark.parametrize("ask", ["clear", "md5"])
def test_by_tls_it_goes_as_the_server_asks(ask, tmp_path):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    key, signed = tmp_path / "key.pem", tmp_path / "cert.pem"
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=gate"]
    subprocess.run([*words, "-keyout", str(key), "-out", str(signed)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(signed, key)
    with Gate(ask, context) as gate, allowed(hosts=("127.1",)):
        assert refused(f"postgresql://127.1:{gate.port}/x").text.key == "postgis.refused"
    assert len(gate.told) == 1
    with Gate(ask) as gate, allowed(("127.1",), ("127.1",)):  # a server without TLS, though it is demanded
        refused(f"postgresql://127.1:{gate.port}/x?sslmode=require")
    assert gate.told == []


def test_a_way_that_was_not_safe_is_told(monkeypatch):
    driver = pytest.importorskip("adbc_driver_postgresql.dbapi")
    adbc = pytest.importorskip("adbc_driver_manager")
    tried = []

    def connect(uri):
        tried.append(uri)
        if "require_auth=%21password&" in uri + "&" and "md5" not in uri:
            return "connection"
        said = (
            "server does not support SSL"
            if "sslmode=require" in uri
            else 'authentication method requirement "x" failed'
        )
        raise adbc.OperationalError(said, status_code=adbc.AdbcStatusCode.IO)

    monkeypatch.setattr(driver, "connect", connect)
    with allowed(("10.9.8.7",), ("10.9.8.7",)):
        connection, notes = login(parse_address("postgresql://10.9.8.7/x"))
    assert connection == "connection"
    assert [one.key for one in notes] == ["postgis.insecure_used"]
    assert "10.9.8.7" in notes[0].to("en") + notes[0].to("zh")
    assert len(tried) == 3


def test_a_demand_is_never_weakened(monkeypatch):
    monkeypatch.setenv("PGHOST", "10.9.8.7")
    for stated, told in (("verify-full", ["verify-full"]), ("disable", ["disable"]), ("", ["require", "disable"])):
        monkeypatch.setenv("PGSSLMODE", stated)
        assert [way.options["sslmode"] for way in plan({}).ways] == told
    monkeypatch.setenv("PGREQUIREAUTH", "md5")
    assert len(plan({}).ways) == 1  # by TLS; without, nothing is left
    monkeypatch.setenv("PGSSLMODE", "disable")
    assert plan({}).ways == ()
    assert refused("postgresql:///x").text.key == "postgis.insecure"


def test_a_server_that_asks_for_nothing_is_used_as_it_is(tmp_path):
    place = oracle.postgis().replace("127.0.0.1", "127.1")
    assert "127.1" in place, place
    with postgis.connected(parse_address(place)) as database:
        assert database.one("SELECT 1::int4") == 1
        assert database.notes == ()


def test_a_query_has_its_time():
    address = parse_address(oracle.postgis())
    with postgis.connected(address) as database:
        assert database.one("SELECT current_setting('statement_timeout')") == "10min"
    with allowed(statement_s=0.2):
        with postgis.connected(address) as database, pytest.raises(SourceError, match="--pg-timeout") as caught:
            database.one("SELECT 1 FROM pg_sleep(5)")
        assert "0.2 s" in str(caught.value)
        with postgis.connected(address) as database, pytest.raises(SourceError, match="--pg-timeout"):
            database.table("SELECT pg_sleep(0.01)::text FROM generate_series(1, 200)")
        with postgis.connected(address, writing=True) as database, pytest.raises(SourceError, match="--pg-timeout"):
            database.run("CREATE TEMP TABLE t AS SELECT pg_sleep(5)::text")
    with postgis.connected(address) as database, pytest.raises(OutputError):
        database.one("SELECT 1 / 0")
