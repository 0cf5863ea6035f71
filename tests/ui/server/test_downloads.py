import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from digitrec.drawings.selection import Selection, Verdict
from digitrec.ui.resources import drawing_store
from digitrec.ui.server import downloads
from digitrec.ui.server.downloads import download_link, routes
from tests.browser.conftest import free_port, wait_for_health
from tests.support.drawings import new_drawing


@pytest.fixture
def server() -> Iterator[str]:
    """Serves the routes without the pages; yields the address."""
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


def test_a_link_works_more_than_once(server: str) -> None:
    link = f"{server}/{download_link(Selection(), 'csv')}"
    assert answer(link, "HEAD")[0] == 200
    assert answer(link, Sec_Fetch_Site="same-origin")[0] == 200
    assert answer(link)[0] == 200


def test_a_guessed_link_is_refused(server: str) -> None:
    assert answer(f"{server}/download/guessed")[0] == 410


def test_another_site_gets_nothing(server: str) -> None:
    link = f"{server}/{download_link(Selection(), 'csv')}"
    for site in ("cross-site", "same-site"):
        assert answer(link, Sec_Fetch_Site=site)[0] == 403
    assert answer(link)[0] == 200


def test_an_expired_link_is_refused(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    link = f"{server}/{download_link(Selection(), 'csv')}"
    monkeypatch.setattr(downloads, "LINK_VALID_S", -1)
    assert answer(link)[0] == 410


def test_a_link_carries_the_whole_selection(server: str) -> None:
    drawing_store().save_all([new_drawing(label=3, note="ünïcode"), new_drawing(label=3)])
    now = datetime.now(UTC)
    chosen = Selection(
        labels=(3,), verdict=Verdict.LABELED, confidence=(0.0, 1.0), text="ünïcode",
        since=now - timedelta(days=1), until=now + timedelta(days=1),
    )  # fmt: skip
    _, lines = answer(f"{server}/{download_link(chosen, 'jsonl')}")
    assert [json.loads(line)["note"] for line in lines.splitlines()] == ["ünïcode"]


def test_a_changed_link_is_refused(server: str) -> None:
    link = download_link(Selection(labels=(3,)), "csv")
    payload, signature = link.rsplit(".", 1)
    other = download_link(Selection(labels=(4,)), "csv").rsplit(".", 1)[0]
    assert answer(f"{server}/{payload}.{signature}")[0] == 200
    assert answer(f"{server}/{other}.{signature}")[0] == 410


def test_the_link_stays_the_same_between_visits() -> None:
    assert download_link(Selection(), "csv") == download_link(Selection(), "csv")


def test_an_unreadable_database_is_reported(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIGITREC_DATABASE_URL", "nonsense://")
    status, words = answer(f"{server}/{download_link(Selection(), 'zip')}")
    assert status == 500
    assert words.startswith(b"The download failed: the drawings' database can't be opened")
