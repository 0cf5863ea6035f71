from pathlib import Path

from playwright.sync_api import Page, expect

from digitrec.datasets.mnist import load_mnist
from digitrec.reports.report import Measured
from digitrec.runs.run import Run
from digitrec.runs.test_answers import kept_test_answers
from tests.browser.conftest import App, button


def click_cell(page: Page, label: int, answer: int) -> None:
    chart = page.locator(".st-key-report_confusion_trained canvas").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    # The digits and names beside the cells take 44 pixels, the other sides 6.
    width, height = (box["width"] - 50) / 10, (box["height"] - 50) / 10
    page.mouse.click(box["x"] + 44 + (answer + 0.5) * width, box["y"] + 6 + (label + 0.5) * height)


def test_a_person_looks_at_the_mistakes_and_takes_the_report_along(
    trained: Run, app: App, page: Page
) -> None:
    probabilities = kept_test_answers(trained)
    assert probabilities is not None
    measured = Measured(load_mnist().y_test, probabilities)
    page.goto(f"{app.url}/report?report_model=trained")
    for digit in (3, 8):
        click_cell(page, digit, digit)
        count = len(measured.in_cell(digit, digit))
        expect(page.get_by_text(f"{digit} recognized as {digit}: {count:,} times")).to_be_visible()
    digit_box = page.get_by_role("combobox", name="Digit")
    digit_box.click()
    page.get_by_role("option", name="2", exact=True).click()
    expect(page.get_by_text("2 read as 8")).to_be_visible()
    # The cell that was clicked last is not the chosen one any more, so a click chooses it again.
    click_cell(page, 8, 8)
    expect(page.get_by_text("8 recognized")).to_be_visible()
    first = measured.in_cell(8, 8)[0]
    expect(page.get_by_alt_text(f"Test picture {first.index}: 8 read as 8")).to_be_visible()

    with page.expect_download() as download:
        button(page, "Download the report").click()
    assert download.value.suggested_filename == "trained-report.html"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert text.endswith("</html>")
    assert f"{measured.accuracy:.2%}" in text
