import http.client
import tomllib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Page

from digitrec.settings import PROJECT_DIR
from tests.browser.conftest import App, Start
from tests.support.patience import PAGE_S


@contextmanager
def response(
    app: App, method: str, path: str, **headers: str
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(app.url.removeprefix("http://"), timeout=PAGE_S)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(connection):
        connection.request(method, path, headers=named)
        yield connection.getresponse()


def status(app: App, path: str, host: str, **headers: str) -> int:
    with response(app, "GET", path, Host=host, **headers) as found:
        return found.status


PATHS = ["/", "/history", "/_stcore/health", "/_stcore/host-config", "/download/x"]


@pytest.mark.parametrize(
    "host", ["attacker.example", "127.0.0.1.attacker.example", "localhost.attacker.example", ""]
)
def test_a_host_that_it_does_not_know_is_not_answered(app: App, host: str) -> None:
    port = app.url.rpartition(":")[2]
    assert {status(app, path, f"{host}:{port}") for path in PATHS} == {400}


def test_the_refusal_names_the_host_and_the_setting(app: App) -> None:
    with response(app, "GET", "/", Host="192.168.1.20:8501") as found:
        said = found.read().decode()
        assert found.headers["Content-Type"].startswith("text/plain")
        assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert said.startswith("Invalid host header: digitrec doesn't answer at '192.168.1.20:8501'.")
    assert "server.allowedHosts" in said


def test_a_host_that_was_allowed_is_answered_on_pages_and_websockets(start_app: Start) -> None:
    allowed = "127.0.0.1 192.168.1.20 *.school.example fd00::2"
    app = start_app(STREAMLIT_SERVER_ALLOWED_HOSTS=allowed)
    for host in ("192.168.1.20", "digits.school.example", "[fd00::2]"):
        at = f"{host}:{app.port}"
        assert status(app, "/", at) == 200
        assert status(app, "/_stcore/stream", at, Origin=f"http://{at}", **UPGRADE) == 101
    assert status(app, "/", f"192.168.1.21:{app.port}") == 400


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "LOCALHOST"])
def test_its_own_names_are_answered(app: App, host: str) -> None:
    port = app.url.rpartition(":")[2]
    assert status(app, "/", f"{host}:{port}") == 200


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec_WebSocket_Protocol": "streamlit",
}


@pytest.mark.parametrize(
    ("host", "origin", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1", 101),
        ("attacker.example", "http://attacker.example", 400),
        ("127.0.0.1", "http://attacker.example", 403),
        ("127.0.0.1", "null", 403),
    ],
)
def test_another_site_can_not_speak_to_the_app(
    app: App, host: str, origin: str, expected: int
) -> None:
    port = app.url.rpartition(":")[2]
    at = origin if origin == "null" else f"{origin}:{port}"
    assert status(app, "/_stcore/stream", f"{host}:{port}", Origin=at, **UPGRADE) == expected


@pytest.mark.parametrize("path", [*PATHS, "/media/x"])
def test_another_site_can_not_show_the_app_in_a_frame(app: App, path: str) -> None:
    with response(app, "GET", path) as found:
        assert found.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
        assert found.headers["X-Content-Type-Options"] == "nosniff"


def test_another_site_can_not_upload_through_a_visitor(app: App) -> None:
    path = "/_stcore/upload_file/session/file"
    for headers in ({}, {"Cookie": "_streamlit_xsrf=guessed", "X_Xsrftoken": "guessed"}):
        with response(app, "PUT", path, Origin="http://attacker.example", **headers) as found:
            assert found.status == 403
            assert b"XSRF" in found.read()
    with response(app, "GET", "/_stcore/health", Origin="http://attacker.example") as found:
        assert "Access-Control-Allow-Origin" not in found.headers


def test_it_listens_to_this_machine_alone(app: App) -> None:
    port = int(app.url.rpartition(":")[2])
    listening = psutil.Process(app.process.pid).net_connections("inet")
    addresses = {place.laddr.ip for place in listening if place.laddr.port == port}
    assert addresses == {"127.0.0.1"}


def test_nothing_is_told_to_others_and_no_details_to_strangers() -> None:
    config = tomllib.loads((PROJECT_DIR / ".streamlit" / "config.toml").read_text())
    assert config["browser"]["gatherUsageStats"] is False
    assert config["client"]["showErrorDetails"] == "none"
    assert config["server"]["maxUploadSize"] <= 200
    assert "enableXsrfProtection" not in config["server"]  # It is on unless it is switched off.
    assert "enableCORS" not in config["server"]


def test_the_browser_speaks_to_the_app_alone(app: App, page: Page) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    for path in ("", "/pictures", "/history", "/train", "/report", "/models"):
        page.goto(app.url + path)
        page.locator("[data-test-script-state=notRunning]").wait_for()
    assert {place for place in asked if place} == {urlsplit(app.url).netloc}
