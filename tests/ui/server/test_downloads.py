import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from digitrec.drawings.selection import Selection
from digitrec.ui.resources import drawing_store
from digitrec.ui.server import downloads
from digitrec.ui.server.downloads import download_link, routes
from tests.browser.conftest import free_port, wait_for_health
from tests.support.drawings import new_drawing


@pytest.fixture(autouse=True)
def _no_links() -> None:
    downloads._links.clear()


@pytest.fixture
def server() -> Iterator[str]:
    """The routes without the pages; yields where they are."""
    port = free_port()
    health = Route("/_stcore/health", lambda _: Response())
    app = Starlette(routes=[*routes(), health])
    running = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=running.run)
    thread.start()
    wait_for_health(f"http://127.0.0.1:{port}", is_alive=thread.is_alive)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join()


def answer(url: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, method=method, headers=named)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_a_link_downloads_what_was_selected(server: str) -> None:
    drawing_store().save_all([new_drawing(label=3), new_drawing()])
    link = f"{server}/{download_link(Selection(labels=(3,)), 'jsonl')}"
    with urllib.request.urlopen(link) as response:
        assert response.headers["Content-Disposition"] == 'attachment; filename="drawings.jsonl"'
        assert response.headers["Content-Type"] == "application/x-ndjson"
        assert [json.loads(line)["id"] for line in response] == [1]


def test_a_link_is_good_for_more_than_one_download(server: str) -> None:
    link = f"{server}/{download_link(Selection(), 'csv')}"
    assert answer(link, "HEAD")[0] == 200
    assert answer(link, Sec_Fetch_Site="same-origin")[0] == 200
    assert answer(link)[0] == 200


def test_nobody_guesses_a_link(server: str) -> None:
    assert answer(f"{server}/download/guessed")[0] == 410


def test_another_site_gets_nothing(server: str) -> None:
    link = f"{server}/{download_link(Selection(), 'csv')}"
    for site in ("cross-site", "same-site"):
        assert answer(link, Sec_Fetch_Site=site)[0] == 403
    assert answer(link)[0] == 200


def test_an_old_link_is_void(server: str) -> None:
    link = f"{server}/{download_link(Selection(), 'csv')}"
    ((token, made),) = downloads._links.items()
    downloads._links[token] = made._replace(expires_at=time.monotonic() - 1)
    assert answer(link)[0] == 410


def test_links_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MAX_LINKS", 3)
    for label in range(10):
        download_link(Selection(labels=(label,)), "csv")
    assert len(downloads._links) == 3


def test_a_database_that_cannot_be_read_is_a_sentence(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DIGITREC_DATABASE_URL", "nonsense://")
    status, words = answer(f"{server}/{download_link(Selection(), 'zip')}")
    assert status == 500
    assert words.startswith(b"The download failed: the drawings' database can't be opened")
