"""Starts the app and a browser for the benchmarks."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
from playwright.sync_api import Browser, sync_playwright

from digitrec.settings import PROJECT_DIR
from tests.browser.conftest import QUIET, find_browser, free_port, wait_for_health

APP = "streamlit_app.py"


def start(port: int, folder: str, script: str = APP) -> subprocess.Popen[bytes]:
    """Start the app as the README does, or another script, on a port, with its data in a folder."""
    command = [sys.executable, "-m", "streamlit", "run", script]
    command += ["--server.headless=true", f"--server.port={port}"]
    return subprocess.Popen(
        command, cwd=PROJECT_DIR, env=environment(folder),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


@contextmanager
def serving(folder: str) -> Iterator[tuple[str, psutil.Process]]:
    """Serve the app with its data in a folder; yield its address and its process."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    server = start(port, folder)
    try:
        wait_for_health(url)
        yield url, psutil.Process(server.pid)
    finally:
        server.terminate()
        server.wait()


def environment(folder: str) -> dict[str, str]:
    """Return an environment with the models and drawings in a folder."""
    own = {"DIGITREC_MODELS_DIR": folder, "DIGITREC_DATABASE_URL": f"sqlite:///{folder}/d"}
    return os.environ | own


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Open a headless browser, and close it afterward."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=[*QUIET, "--no-sandbox"]
        )
        yield browser
        browser.close()
