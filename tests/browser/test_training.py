import re

import filelock
from playwright.sync_api import Page, expect

from digitrec.runs.model_store import ModelStore
from tests.browser.conftest import (
    App,
    Start,
    answer,
    button,
    draw_a,
    go_to,
    wait_for_training,
    wait_until_still,
)
from tests.support.patience import wait_for_end, wait_for_event, wait_until


def set_epochs(page: Page, epochs: int) -> None:
    """Move the slider from its five epochs with the keyboard."""
    page.locator("[data-test-script-state=notRunning]").wait_for()
    slider = page.locator(".st-key-train_epochs").get_by_role("slider")
    slider.focus()
    for _ in range(abs(epochs - 5)):
        slider.press("ArrowLeft" if epochs < 5 else "ArrowRight")
    expect(slider).to_have_value(str(epochs))


def metric(page: Page, label: str) -> str:
    return page.get_by_test_id("stMetric").filter(has_text=label).inner_text()


def test_a_person_trains_one_epoch_watches_it_and_draws_with_it(own_app: App, page: Page) -> None:
    page.goto(f"{own_app.url}/train")
    set_epochs(page, 1)
    button(page, "Start training").click()
    run = wait_for_training(own_app)
    expect(page.get_by_text(re.compile(r"Epoch 1 of 1 · about \d+ (s|min)"))).to_be_visible()
    seen: set[str] = set()

    def is_finished() -> int:
        seen.update(page.get_by_test_id("stMetric").filter(has_text="Loss").all_inner_texts())
        return page.get_by_text("Finished").count()

    wait_until(is_finished, progress=run.last_event)
    assert len(seen) >= 3, "the metrics did not move"
    accuracy = float(re.search(r"[\d.]+(?=%)", metric(page, "Test accuracy"))[0])  # type: ignore[index]
    assert accuracy > 97
    expect(page.get_by_test_id("stPageLink").filter(has_text="Report")).to_be_visible()

    button(page, "Use this model").click()
    expect(page.get_by_text("The app uses this model")).to_be_visible()
    name = ModelStore(own_app.models_dir).active_name()
    assert name == "seed-cnn-001"
    go_to(page, "Draw")
    draw_a(page, 7)
    expect(answer(page)).to_have_text("7")
    expect(page.get_by_text(f"Model: {name}")).to_be_visible()


def test_three_quick_presses_start_one_run_and_a_canceled_one_is_gone(
    own_app: App, page: Page
) -> None:
    def runs() -> list[str]:
        return [
            run.title for run in ModelStore(own_app.models_dir).trained_runs() if not run.is_bundled
        ]

    own_app.models_dir.mkdir()
    with filelock.FileLock(own_app.models_dir / ".training.lock"):
        page.set_viewport_size({"width": 390, "height": 844})  # Of a phone.
        page.goto(f"{own_app.url}/train")
        start, name = button(page, "Start training"), page.locator(".st-key-train_name input")
        page.locator(".st-key-train_more summary").first.click()
        name.fill("Anna's network")
        name.press("Enter")
        expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached()
        start.evaluate("button => button.scrollIntoView()")
        start.evaluate("button => { button.click(); button.click(); button.click() }")
        expect(page.get_by_text("Anna's network was started with these settings")).to_be_visible()
        expect(page.get_by_text("Waiting to start …")).to_be_in_viewport()
        expect(start).to_be_disabled()
        assert runs() == ["Anna's network"]
        expect(name).to_have_value("")
        button(page, "Start another").click()
        expect(start).to_be_enabled()
        start.click()
        expect(page.get_by_text("seed-cnn-001 was started with these settings")).to_be_visible()
        assert runs() == ["seed-cnn-001", "Anna's network"]
        button(page, "Cancel").click()
        expect(page.get_by_text("Anna's network · 5 epochs")).to_have_count(0)
        assert runs() == ["seed-cnn-001"]


def test_what_is_wrong_with_a_name_stands_at_its_field_and_nothing_folds(
    own_app: App, page: Page
) -> None:
    page.goto(f"{own_app.url}/train")
    page.locator(".st-key-train_more summary").first.click()
    page.locator(".st-key-train_how summary").click()
    expect(page.locator(".st-key-train_early_stopping")).to_be_visible()
    wait_until_still(page)
    name = page.locator(".st-key-train_name input")
    button(page, "Start training").scroll_into_view_if_needed()
    for text, words in (("a/b", "Use up to 64 letters"), ("seed-cnn", "such as 'seed-cnn-2'")):
        name.fill(text)
        name.press("Enter")
        expect(page.get_by_text(words)).to_be_in_viewport()
        expect(name).to_be_in_viewport()
        expect(page.locator(".st-key-train_more details[open]")).to_have_count(2)


def test_a_run_is_found_again_everywhere_paused_resumed_and_stopped(
    own_app: App, start_app: Start, page: Page
) -> None:
    page.goto(f"{own_app.url}/train")
    set_epochs(page, 30)
    button(page, "Start training").click()
    run = wait_for_training(own_app)
    epoch = page.get_by_text(re.compile(r"Epoch \d+ of 30 · about"))
    expect(epoch).to_be_visible()

    go_to(page, "Draw")
    go_to(page, "Train")
    expect(epoch).to_be_visible()
    page.reload()
    expect(epoch).to_be_visible()
    second = page.context.new_page()
    second.goto(f"{own_app.url}/train")
    expect(second.get_by_text(re.compile(r"Epoch \d+ of 30 · about"))).to_be_visible()
    second.close()
    own_app.process.kill()
    own_app.process.wait()
    page.goto(f"{start_app().url}/train")
    expect(epoch).to_be_visible()

    button(page, "Pause").click()
    wait_for_end(run)
    expect(page.locator(".stMarkdownBadge", has_text="Paused")).to_be_visible()
    button(page, "Resume").click()
    wait_until(lambda: run.state().is_live)
    wait_for_event(run, "started", 2)
    expect(epoch).to_be_visible()
    button(page, "Stop and keep").click()
    wait_for_end(run)
    expect(page.locator(".stMarkdownBadge", has_text="Stopped")).to_be_visible()
    report = run.report()
    assert report is not None
    assert report.stopped
    assert report.test_accuracy > 0.5


def test_a_cold_link_opens_its_page(start_app: Start, page: Page) -> None:
    for path, title in (("train", "Train"), ("history", "History")):
        page.goto(f"{start_app().url}/{path}")
        expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
        wait_until_still(page)
        page.wait_for_timeout(500)
        assert page.get_by_role("dialog").count() == 0
