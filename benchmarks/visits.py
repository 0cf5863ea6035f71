"""Measures the app's memory over many visits, each in a browser of its own.

    python -m benchmarks.visits [--visits 300]

A visitor draws a digit, sees the answer, looks into the history and at the models, and closes the
tab. Prints the memory after each twenty, and how much more it is at the end than after the first.
"""

import argparse
import tempfile

import psutil
from playwright.sync_api import Browser, expect

from benchmarks.serving import open_browser, start
from tests.browser.conftest import answer, draw_a, free_port, go_to, wait_for_health

FIRST = 20


def visit(browser: Browser, url: str, digit: int) -> None:
    """Come, draw, look around, and go."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    draw_a(page, digit)
    expect(answer(page)).not_to_have_count(0)
    for title in ("History", "Models"):
        go_to(page, title)
        page.locator("[data-test-script-state=notRunning]").wait_for()
    context.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--visits", type=int, default=300)
    arguments = parser.parse_args()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    memory = []
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        server = start(port, folder)
        wait_for_health(url)
        try:
            for number in range(arguments.visits):
                visit(browser, url, number % 10)
                if (number + 1) % FIRST == 0:
                    memory.append(psutil.Process(server.pid).memory_info().rss / 2**20)
                    print(f"after {number + 1} visits: {memory[-1]:.0f} MB", flush=True)
        finally:
            server.terminate()
            server.wait()
    print(f"{memory[-1] / memory[0] - 1:+.1%} from after the first {FIRST}")


if __name__ == "__main__":
    main()
