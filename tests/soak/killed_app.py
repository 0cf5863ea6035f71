"""Kills the app at random moments while drawings are saved, and starts it again.

    python -m tests.soak.killed_app [--kills 50] [--seed 0]

A browser draws and saves on the real page, while another process saves into the same database as
fast as possible. Both the app and that process are killed at once. Then the database must be intact
and have every confirmed drawing, and the app must start again and show the run that was started
before the first kill. Needs Chromium, as ``tests/browser`` does.
"""

import argparse
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from digitrec.drawings.selection import Order, Selection
from digitrec.drawings.store import DrawingStore
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run, RunState
from digitrec.settings import PROJECT_DIR
from tests.browser.conftest import (
    QUIET,
    answer,
    button,
    clear,
    draw_a,
    find_browser,
    free_port,
    wait_for_health,
)
from tests.faults.saving import Saver, check_confirmed, check_database, start_saver
from tests.support.patience import wait_for_end

LONGEST_S = 4.0
# The page recognizes strokes it has saved, so each digit is drawn once a round.
DIGITS = (3, 5, 6, 8, 9, 0, 2, 4)
MOST_QUIET_ROUNDS = 4
LAST = 1


class Soak:
    """A folder, the servers killed in it, and the confirmed drawings."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.rng = random.Random(seed)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = folder / "drawings.sqlite3"
        self.servers: list[subprocess.Popen[bytes]] = []
        self.savers: list[Saver] = []
        self.by_browser: list[int] = []
        self.between = 0
        self.slowest_start_s = 0.0

    def start_server(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
        command += ["--server.headless=true", f"--server.port={self.port}"]
        began = time.monotonic()
        with (self.folder / "server.log").open("ab") as log:
            server = subprocess.Popen(
                command, cwd=PROJECT_DIR, stdout=log, stderr=log, start_new_session=True
            )
        self.servers.append(server)
        wait_for_health(self.url, is_alive=lambda: server.poll() is None)
        self.slowest_start_s = max(self.slowest_start_s, time.monotonic() - began)
        return server

    def start_run(self, page: Page) -> Run:
        """Start a run on the page that outlasts this test."""
        page.goto(f"{self.url}/train")
        page.locator(".st-key-train_preset").get_by_text("Best").click()
        slider = page.locator(".st-key-train_epochs").get_by_role("slider")
        expect(slider).to_have_value("9")
        button(page, "Start training").click()
        expect(button(page, "Stop and keep")).to_be_visible()
        (run,) = (run for run in ModelStore(self.folder / "models").runs() if not run.is_bundled)
        return run

    def kill_while_saving(self, page: Page, number: int) -> None:
        """Save in the browser and in another process, until both are killed."""
        server = self.start_server()
        before = len(self._saved())
        saver = start_saver(
            f"sqlite:///{self.database}", self.folder / "confirmed.jsonl", "--seed", str(number)
        )
        page.goto(f"{self.url}/draw")
        self.savers.append(saver)
        deadline = time.monotonic() + self.rng.uniform(0, LONGEST_S)
        drawn: list[int] = []
        for digit in self.rng.sample(DIGITS, len(DIGITS)):
            if time.monotonic() > deadline:
                break
            self._save(page, digit)
            drawn.append(digit)
        # The kill comes before, during or after the save of the last drawing.
        draw_a(page, LAST)
        expect(answer(page)).to_have_text(str(LAST))
        button(page, "Save without a label").click(no_wait_after=True)
        time.sleep(self.rng.uniform(0, 0.15))
        os.killpg(server.pid, signal.SIGKILL)
        saver.process.kill()
        server.wait()
        saver.process.wait()
        self._check(before, drawn, saver.lines())

    def _save(self, page: Page, digit: int) -> None:
        draw_a(page, digit)
        expect(answer(page)).to_have_text(str(digit))
        button(page, "Save without a label").click()
        expect(button(page, "Saved without a label")).to_be_disabled()
        self.by_browser.append(digit)
        clear(page)

    def _saved(self) -> list[int]:
        """Return the digits that the browser saved, in order."""
        store = DrawingStore(f"sqlite:///{self.database}")
        drawings = store.find(Selection(), Order.OLDEST)
        store.close()
        for drawing in (d for d in drawings if d.source == "canvas"):
            Image.open(io.BytesIO(drawing.content.picture)).load()
            assert drawing.content.strokes
            assert len(drawing.content.input) == 784
        return [drawing.digit for drawing in drawings if drawing.source == "canvas"]

    def _check(self, before: int, drawn: list[int], confirmed: list[dict[str, str]]) -> None:
        check_database(self.database)
        store = DrawingStore(f"sqlite:///{self.database}")
        check_confirmed(store, confirmed)
        store.close()
        fresh = self._saved()[before:]
        assert fresh in (drawn, [*drawn, LAST]), (fresh, drawn)
        self.between += len(fresh) > len(drawn)


def check_run(page: Page, url: str, run: Run, pid: int) -> None:
    """Check that the run still trains and the page shows it."""
    assert run.state() == RunState.RUNNING
    assert run.process_id() == pid
    page.goto(f"{url}/train")
    expect(button(page, "Stop and keep")).to_be_visible()


def go_through(soak: Soak, browser: Browser, kills: int) -> Run:
    first = soak.start_server()
    run = soak.start_run(browser.new_page())
    pid = run.process_id()
    assert pid is not None
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    quiet_rounds = 0
    for number in range(kills):
        steps = len(run.events())
        page = browser.new_page()  # An old tab would restore its drawing.
        soak.kill_while_saving(page, number)
        server = soak.start_server()
        check_run(page, soak.url, run, pid)
        # A run is silent while it makes pictures or validates, and the app has priority over it.
        is_quiet = len(run.events()) <= steps and run.events()[-1].kind != "preparing"
        quiet_rounds = quiet_rounds + 1 if is_quiet else 0
        assert quiet_rounds < MOST_QUIET_ROUNDS
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        page.close()
        print(f"{number + 1}: {len(soak.by_browser)} saved by the browser so far", flush=True)
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name, sync_playwright() as play:
        folder = Path(name)
        os.environ["DIGITREC_MODELS_DIR"] = str(folder / "models")
        os.environ["DIGITREC_DATABASE_URL"] = f"sqlite:///{folder / 'drawings.sqlite3'}"
        browser = play.chromium.launch(
            executable_path=find_browser(), args=[*QUIET, "--no-sandbox"]
        )
        soak = Soak(folder, arguments.seed)
        try:
            run = go_through(soak, browser, arguments.kills)
        finally:
            for process in (*soak.servers, *(saver.process for saver in soak.savers)):
                process.kill()
        confirmed = len((folder / "confirmed.jsonl").read_text().splitlines())
        run.request_stop()
        wait_for_end(run)
        print(f"{arguments.kills} kills, {len(soak.by_browser)} drawings confirmed on the page")
        print(f"{confirmed} confirmed to the process beside it; all are there, whole")
        print(f"{soak.between} saved that the kill kept from being confirmed")
        print(f"slowest start of the app: {soak.slowest_start_s:.1f} s")
        print(f"the run came to its end: {run.state()}")


if __name__ == "__main__":
    main()
