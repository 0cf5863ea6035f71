import csv

from playwright.sync_api import Page, expect

from digitrec.runs.run import Run
from tests.browser.conftest import App, button, wait_until_still


def choose_row(page: Page, row: int) -> None:
    """Tick a row's box, which is painted on a canvas; what is read aloud of it is in the page."""
    table = page.locator(".st-key-models_table")
    told = table.locator("tbody tr").nth(row)
    told.wait_for(state="attached")
    wait_until_still(page)
    table.locator(".dvn-scroller").click(position={"x": 17, "y": 35 * (row + 1) + 17})
    expect(told).to_have_attribute("aria-selected", "true")


def test_a_person_looks_at_one_model_and_compares_it_with_another(app: App, page: Page) -> None:
    page.goto(f"{app.url}/models")
    choose_row(page, 0)
    expect(page.get_by_role("heading", name="Handwriting expert")).to_be_visible()
    choose_row(page, 1)
    expect(page.get_by_text("Only differences")).to_be_visible()
    for curves in ("Validation accuracy", "Validation loss"):
        expect(page.get_by_role("img", name=curves)).to_be_visible()

    # On a phone there are cards instead, and the clicks on them stay.
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".st-key-models_table")).to_be_hidden()
    expert, tutorial = page.locator(".st-key-models_cards [data-testid=stCheckbox]").all()
    for card, other in ((expert, tutorial), (expert, tutorial), (tutorial, expert)):
        box = card.locator("input")
        was_checked = box.is_checked()
        card.locator("label").click()
        expect(box).to_be_checked(checked=not was_checked)
        wait_until_still(page)
        expect(box).to_be_checked(checked=not was_checked)
        expect(other.locator("input")).to_be_checked()
    expect(page.get_by_role("heading", name="Handwriting expert")).to_be_visible()


def test_a_person_renames_a_model_takes_its_metrics_deletes_it_and_wants_it_back(
    mine: Run, app: App, page: Page
) -> None:
    page.goto(f"{app.url}/models")
    page.get_by_placeholder("Name, network, state or note").fill("mine")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 3 runs")).to_be_visible()
    choose_row(page, 0)
    button(page, "Rename").click()
    page.get_by_label("New name").fill("better")
    page.keyboard.press("Enter")
    page.locator(".st-key-models_rename button").click()
    expect(page.get_by_text("0 of 3 runs")).to_be_visible()
    page.get_by_placeholder("Name, network, state or note").fill("")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="better")).to_be_visible()

    button(page, "Download").click()
    page.locator(".st-key-models_format").get_by_role("combobox").click()
    page.get_by_role("option", name="Training metrics").click()
    with page.expect_download() as waiting:
        button(page, "better.csv").click()
    with waiting.value.path().open(newline="") as file:
        assert len(list(csv.DictReader(file))) > 30
    page.keyboard.press("Escape")

    button(page, "Delete").click()
    button(page, "Delete better").click()
    expect(page.get_by_text("2 runs", exact=True)).to_be_visible()
    button(page, "Restore better").click()
    expect(page.get_by_role("heading", name="better")).to_be_visible()
