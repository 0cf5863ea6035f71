"""The whole loop on one page: draw, see it wrong, teach, see that it got better."""

from dataclasses import replace

from playwright.sync_api import Locator, Page, expect

from digitrec.jobs.queue import training_turn
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from tests.browser.conftest import App, answer, button, draw, draw_a, label
from tests.support.digits import Point
from tests.support.patience import wait_for_end, wait_until

# A seven as a triangle on its tip: the shipped models read something else.
STRANGE_SEVEN: list[list[Point]] = [[(60, 60), (220, 60), (140, 230), (60, 60)]]


def bucket(page: Page, words: str) -> Locator:
    return page.get_by_alt_text(f"Your newest drawing labeled {words}", exact=True)


def started_run(store: ModelStore) -> Run:
    """Return the run that waits for its turn, with much less to do than a person's."""
    wait_until(store.live_run)
    run = store.live_run()
    assert run is not None
    config = run.config()
    assert config is not None
    run.write_json("config.json", replace(config, epochs=1, training_share=0.05).to_dict())
    return run


def test_a_person_teaches_the_network_their_seven(own_app: App, page: Page) -> None:
    store = ModelStore(own_app.models_dir)
    store.activate("seed-cnn")
    page.goto(f"{own_app.url}/teach")
    for digit in (0, 3, 5, 8):
        draw_a(page, digit)
        expect(answer(page)).to_have_text(str(digit))
        page.keyboard.press(str(digit))
        expect(bucket(page, str(digit))).to_be_visible()
    draw(page, STRANGE_SEVEN)
    expect(answer(page)).not_to_have_text("8")
    label(page, 7).click()
    expect(bucket(page, "7, misread")).to_be_visible()
    expect(page.get_by_text("The model misreads your only 7.")).to_be_visible()

    with training_turn(store, store.run("bn-cnn")):
        button(page, f"Teach {store.title('seed-cnn')}").click()
        expect(page.get_by_text("Starting … about")).to_be_visible()
        run = started_run(store)
    wait_for_end(run)
    expect(page.get_by_text("reads 5 correctly")).to_be_visible()
    expect(page.locator(".st-key-teach_changed")).to_contain_text("→ 7")
    button(page, "Use this model").click()
    expect(answer(page)).to_have_text("7")
    button(page, f"Back to {store.title('seed-cnn')}").click()
    expect(answer(page)).not_to_have_text("7")
    assert store.active_name() == "seed-cnn"
