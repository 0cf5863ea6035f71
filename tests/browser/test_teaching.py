"""The whole loop: draw, see it wrong, correct it, teach, see that it got better."""

from playwright.sync_api import Page, expect

from digitrec.runs.model_store import ModelStore
from tests.browser.conftest import (
    App,
    answer,
    button,
    canvas,
    clear,
    draw,
    draw_a,
    go_to,
    label,
    wait_for_training,
)
from tests.support.digits import Point
from tests.support.patience import wait_for_end

# A seven as a triangle on its tip: the shipped models read something else.
STRANGE_SEVEN: list[list[Point]] = [[(60, 60), (220, 60), (140, 230), (60, 60)]]


def save(page: Page) -> None:
    button(page, "Save").click()
    expect(button(page, "Saved")).to_be_disabled()


def test_a_person_teaches_the_network_their_seven(own_app: App, page: Page) -> None:
    store = ModelStore(own_app.models_dir)
    store.activate("seed-cnn")
    page.goto(f"{own_app.url}/draw")
    for digit in (0, 3, 5, 8):
        draw_a(page, digit)
        expect(answer(page)).to_have_text(str(digit))
        label(page, digit).click()
        expect(button(page, "Saved")).to_be_disabled()
        clear(page)
    draw(page, STRANGE_SEVEN)
    expect(answer(page)).not_to_have_text("7")
    save(page)

    go_to(page, "Review")
    expect(page.get_by_alt_text("Drawing 5")).to_be_visible()
    page.keyboard.press("7")
    expect(page.get_by_text("Every drawing in the history has a label")).to_be_visible()

    go_to(page, "Teach")
    expect(page.get_by_text("5 labeled drawings")).to_be_visible()
    button(page, "Teach Tutorial network").click()
    wait_for_end(wait_for_training(own_app))
    expect(page.get_by_text("Changed answers")).to_be_visible()
    expect(page.get_by_test_id("stMetric").filter(has_text="Taught")).to_contain_text("5 of 5")
    expect(page.locator(".st-key-teach_changed")).to_contain_text("→ 7")
    button(page, "Use this model").click()
    expect(button(page, "Back to Tutorial network")).to_be_visible()

    go_to(page, "Draw")
    canvas(page)
    clear(page)
    draw(page, STRANGE_SEVEN)
    expect(answer(page)).to_have_text("7")
    go_to(page, "Teach")
    button(page, "Back to Tutorial network").click()
    expect(button(page, "Use this model")).to_be_visible()
    assert store.active_name() == "seed-cnn"
