"""Measures the app's memory over many visits, each in its own tab.

    python -m benchmarks.visits [--visits 300]

A visitor draws a digit, sees the answer, opens the history and the models, and closes the tab.
Prints the memory after every 20 visits, and its growth from the first 20 to the end.
"""

import argparse
import tempfile

from playwright.sync_api import BrowserContext, expect

from benchmarks.serving import open_browser, serving
from tests.browser.conftest import answer, draw_a, go_to

FIRST = 20


def visit(context: BrowserContext, url: str, digit: int) -> None:
    """Open the app, draw, look around, and close the tab."""
    page = context.new_page()
    page.goto(f"{url}/draw")
    draw_a(page, digit)
    expect(answer(page)).not_to_have_count(0)
    for title in ("History", "Models"):
        go_to(page, title)
        page.locator("[data-test-script-state=notRunning]").wait_for()
    page.close()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--visits", type=int, default=300)
    arguments = parser.parse_args()
    memory = []
    with (
        tempfile.TemporaryDirectory() as folder,
        open_browser() as browser,
        serving(folder) as (url, app),
    ):
        context = browser.new_context()
        for number in range(arguments.visits):
            visit(context, url, number % 10)
            if (number + 1) % FIRST == 0:
                memory.append(app.memory_info().rss / 2**20)
                print(f"after {number + 1} visits: {memory[-1]:.0f} MB", flush=True)
    print(f"{memory[-1] / memory[0] - 1:+.1%} from after the first {FIRST}")


if __name__ == "__main__":
    main()
