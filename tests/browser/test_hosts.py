import http.client

import pytest

from .conftest import App


def status(app: App, path: str, host: str, **headers: str) -> int:
    connection = http.client.HTTPConnection(app.url.removeprefix("http://"), timeout=10)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named | {"Host": host})
        return connection.getresponse().status
    finally:
        connection.close()


PATHS = ["/", "/history", "/_stcore/health", "/_stcore/host-config", "/download/x"]


@pytest.mark.parametrize(
    "host", ["attacker.example", "127.0.0.1.attacker.example", "localhost.attacker.example", ""]
)
def test_a_host_that_it_does_not_know_is_not_answered(app: App, host: str) -> None:
    port = app.url.rpartition(":")[2]
    assert {status(app, path, f"{host}:{port}") for path in PATHS} == {400}


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
