"""A real browser, a real server. Journeys are named after what a person does."""

import os
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR
from tests.support.digits import DIGITS, Point
from tests.support.patience import HANG_S, PAGE_S, wait_for_event, wait_until

# The headless shell is Chromium without windows, and takes less time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
)
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# Playwright's own limits are too short for a slow machine; a wait ends once the thing is there.
expect.set_options(timeout=1000 * PAGE_S)

# The camera shows a moving disc, and is allowed without a question.
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
]


def find_browser() -> str | None:
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in (*found, *PLACES) if path and Path(path).exists()), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    path = find_browser()
    if path is None:
        pytest.skip(
            "no Chromium, Chrome or Edge was found: install one, on Debian and Ubuntu with "
            "'apt-get install chromium', and run the tests again"
        )
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": path, "args": QUIET + CAMERA + as_root}


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Browser:
    """A browser that waits as long as a slow machine takes, in whatever tab."""
    browser.on("context", lambda context: context.set_default_timeout(1000 * PAGE_S))
    return browser


@pytest.fixture(scope="session")
def shared_context(browser: Browser) -> Iterator[BrowserContext]:
    """Tabs of one browser: after the first, they have the pages' scripts at hand."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def context(shared_context: BrowserContext) -> Iterator[BrowserContext]:
    """The shared browser, which remembers nothing of the test before."""
    yield shared_context
    for page in shared_context.pages:
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear()")
        page.close()
    shared_context.clear_cookies()


@dataclass
class App:
    """A running server with its own folders."""

    url: str
    port: int
    models_dir: Path
    process: subprocess.Popen[bytes]


Start = Callable[..., App]


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared")


@pytest.fixture(autouse=True)
def places(shared_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let all servers of a test use the folder of the shared one, without models or drawings."""
    shutil.rmtree(shared_folder / "models", ignore_errors=True)
    _delete_drawings(shared_folder / "drawings.sqlite3")
    for name, value in variables(shared_folder).items():
        monkeypatch.setenv(name, value)
    return shared_folder


def variables(folder: Path) -> dict[str, str]:
    return {
        "DIGITREC_MODELS_DIR": str(folder / "models"),
        "DIGITREC_DATABASE_URL": f"sqlite:///{folder / 'drawings.sqlite3'}",
    }


def _delete_drawings(file: Path) -> None:
    """Empty the database; its file stays, since the shared server has it open."""
    if not file.exists():
        return
    with closing(sqlite3.connect(file, timeout=HANG_S)) as connection, connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            if name != "alembic_version":
                connection.execute(f"DELETE FROM {name}")


@pytest.fixture(scope="session")
def shared_app(shared_folder: Path) -> Iterator[App]:
    app = start_server(shared_folder, free_port(), variables(shared_folder))
    yield app
    end_server(app)


@pytest.fixture
def app(shared_app: App, places: Path) -> App:
    """A server that other tests use, too: one that starts no runs and stays alive."""
    return shared_app


@pytest.fixture
def start_app(places: Path) -> Iterator[Start]:
    """Starts a server; all of a test's servers share its folders."""
    running: list[App] = []

    def start(port: int = 0, **environment: str) -> App:
        running.append(start_server(places, port or free_port(), environment))
        return running[-1]

    yield start
    for app in running:
        end_server(app)


@pytest.fixture
def own_app(start_app: Start) -> App:
    """A server of the test's own, which may start runs and be killed."""
    return start_app()


def end_server(app: App) -> None:
    app.process.terminate()
    try:
        app.process.wait(PAGE_S)
    except subprocess.TimeoutExpired:
        app.process.kill()
        app.process.wait()


def start_server(places: Path, port: int, environment: dict[str, str]) -> App:
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    command += ["--server.headless=true", f"--server.port={port}"]
    with (places / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT_DIR, env=os.environ | environment, stdout=log, stderr=log
        )
    url = f"http://127.0.0.1:{port}"
    wait_for_health(url, is_alive=lambda: process.poll() is None)
    return App(url, port, places / "models", process)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for_health(
    url: str, pause_s: float = 0.1, is_alive: Callable[[], object] = lambda: True
) -> None:
    """Wait until a server answers, as long as it is alive."""
    wait_until(lambda: _is_healthy(url), is_alive, pause_s=pause_s)


def _is_healthy(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/_stcore/health", timeout=PAGE_S).close()
    except OSError:
        return False
    return True


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A tab in which nothing goes wrong behind the scenes."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


def canvas(page: Page, name: str = "draw") -> Locator:
    found = page.locator(f".st-key-{name}_canvas canvas.upper-canvas")
    found.wait_for()
    return found


def draw(
    page: Page, strokes: Sequence[Sequence[Point]], name: str = "draw", width: int = 280
) -> None:
    """Draw with the mouse on a canvas of such a width, in whatever size it is shown.

    As a hand would, it waits until the page is still: a stroke might land beside the canvas, else.
    """
    page.locator("[data-test-script-state=notRunning]").wait_for()
    canvas(page, name).hover()
    box = canvas(page, name).bounding_box()
    assert box is not None
    scale = box["width"] / width
    for stroke in strokes:
        (x, y), *rest = [(box["x"] + x * scale, box["y"] + y * scale) for x, y in stroke]
        page.mouse.move(x, y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(x, y, steps=3)
        page.mouse.up()


def draw_a(page: Page, digit: int) -> None:
    draw(page, DIGITS[digit])


def answer(page: Page) -> Locator:
    return page.locator(".st-key-draw_digit")


def clear(page: Page) -> None:
    """Empty the canvas, and wait until it is: what is drawn sooner would go with the rest."""
    button(page, "Clear").click()
    expect(answer(page)).to_have_count(0)


def reload(page: Page) -> None:
    """Reload the page, though not before the browser has drawn what it was sent."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    page.reload()


def go_to(page: Page, title: str) -> None:
    """Press a link at the top, as a hand would: not while the page is still being put up."""
    wait_until_still(page)
    leave_for(page, title)


def leave_for(page: Page, title: str) -> None:
    """Press a link at the top, whatever the page is doing."""
    nav_link(page, title).click()
    page.get_by_role("heading", name=title, exact=True).wait_for()


def nav_link(page: Page, title: str) -> Locator:
    return page.get_by_test_id("stTopNavLink").filter(has_text=title)


def label(page: Page, digit: int) -> Locator:
    """The button of a label on the drawing page; Streamlit has another for narrow screens."""
    return page.locator(f".st-key-draw_label_{digit} button").filter(visible=True)


def wait_until_still(page: Page) -> None:
    """Wait until the page's script has run to its end, and the browser has drawn what it sent."""
    page.locator("[data-test-script-state=notRunning]").wait_for()
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def wait_for_training(app: App) -> Run:
    """Wait until the page's only run trains, which takes as long as TensorFlow takes to start."""
    store = ModelStore(app.models_dir)
    wait_until(store.live_run)
    (run,) = (run for run in store.runs() if not run.is_bundled)
    wait_for_event(run, "step")
    return run


def button(page: Page, name: str) -> Locator:
    """The button of that name, which Streamlit follows with its shortcut."""
    with_shortcut = re.compile(rf"^{re.escape(name)}( Shortcut .+)?$")
    return page.get_by_role("button", name=with_shortcut).first
