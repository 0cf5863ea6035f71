import shutil
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from digitrec.datasets.mnist import load_mnist
from digitrec.drawings.store import DrawingStore
from digitrec.recognition import inspector
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.settings import PROJECT_DIR, SHIPPED_MODELS_DIR, load_settings
from digitrec.ui.inside.layers import (
    COARSE_LAYERS,
    COMBINED_AGAIN,
    FINE_LAYERS,
    FIRST_LAYER,
    LAST_LAYER,
    MEDIUM_LAYERS,
)
from tests.pages.conftest import Opener, draw, draw_a, pixel_pictures
from tests.support.drawings import new_drawing
from tests.support.patience import HANG_S

PAGE = "networks/inside"


@pytest.fixture
def mine(store: ModelStore) -> Run:
    """A copy of a shipped model, active in the app, which a test may damage."""
    shutil.copytree(SHIPPED_MODELS_DIR / "seed-cnn", store.models_dir / "mine")
    store.activate("mine")
    return store.run("mine")


def look_inside(app: AppTest) -> AppTest:
    return app.switch_page(f"pages/{PAGE}.py").run()


def headings(app: AppTest) -> list[str]:
    return [heading.value for heading in app.subheader]


def expected_headings(convolutions: int) -> list[str]:
    layers = [f"Convolution {i + 1}" for i in range(convolutions)]
    return ["Picture", "Filters of the first convolution", *layers, "Answer", "Why 7?"]


def verdict(app: AppTest) -> str:
    captions = [str(caption.value) for caption in app.caption]
    return [text for text in captions if "strokes and votes, too" not in text][-1]


def links(app: AppTest) -> list[str]:
    return [link.proto.label for link in app.get("page_link")]


def test_a_test_digit_goes_through_the_active_model(open_page: Opener) -> None:
    app = open_page(PAGE)
    assert app.selectbox(key="inside_model").value == "bn-cnn"
    assert headings(app) == expected_headings(8)
    assert verdict(app).startswith("Handwriting expert recognizes a 7.")
    assert len(pixel_pictures(app)) == 14
    assert all(picture.alt for picture in pixel_pictures(app))
    shown = [caption.value for caption in app.caption if " maps of " in caption.value]
    assert [words.split(" pixels. ")[0] for words in shown] == [
        "16 maps of 26 × 26", "16 maps of 24 × 24", *["64 maps of 12 × 12"] * 3,
        *["128 maps of 6 × 6"] * 3,
    ]  # fmt: skip
    looks = [words.split(" pixels. ")[1].split(".")[0] for words in shown]
    assert looks == [
        text.split(".")[0]
        for text in (
            FIRST_LAYER,
            FINE_LAYERS,
            MEDIUM_LAYERS,
            COMBINED_AGAIN,
            COMBINED_AGAIN,
            COARSE_LAYERS,
            COMBINED_AGAIN,
            COMBINED_AGAIN,
        )
    ]
    assert LAST_LAYER in shown[-1]


def test_another_test_digit_can_be_chosen(open_page: Opener) -> None:
    app = open_page(PAGE)
    app.pills(key="inside_label").set_value(3).run()
    assert verdict(app).startswith("Handwriting expert recognizes a 3.")
    before = [picture.url for picture in pixel_pictures(app)]
    app.button(key="inside_another").click().run()
    after = [picture.url for picture in pixel_pictures(app)]
    assert verdict(app).startswith("Handwriting expert recognizes a 3.")
    # Everything but the filters changes.
    assert [old == new for old, new in zip(before, after, strict=True)] == [
        False, True, *[False] * (len(before) - 2)
    ]  # fmt: skip


def test_the_digit_on_the_canvas_comes_first(open_page: Opener) -> None:
    app = look_inside(draw_a(open_page("digits/draw"), 4))
    assert verdict(app).startswith("Handwriting expert recognizes a 4.")
    assert not any("canvas" in info.value for info in app.info)


def test_a_non_digit_is_named(open_page: Opener) -> None:
    way = [(30, 60), (80, 220), (140, 110), (200, 220), (250, 60)]
    app = look_inside(draw(open_page("digits/draw"), [way]))
    assert verdict(app).startswith("Handwriting expert doesn't recognize a digit. Closest digit: ")


@pytest.mark.parametrize(
    ("source", "words"), [("Canvas", "The canvas is empty."), ("History", "Nothing is saved")]
)
def test_without_a_digit_the_page_suggests_drawing_one(
    open_page: Opener, source: str, words: str
) -> None:
    app = open_page(PAGE)
    app.segmented_control(key="inside_source").set_value(source).run()
    assert app.info[0].value.startswith(words)
    assert headings(app) == []


def test_a_canvas_without_ink_counts_as_empty(open_page: Opener) -> None:
    app = look_inside(draw(open_page("digits/draw"), [[(-90, 60), (-90, 200)]]))
    assert not app.exception
    assert app.info[0].value.startswith("The canvas is empty.")


def test_a_saved_drawing_can_be_chosen(open_page: Opener) -> None:
    mnist = load_mnist()
    for i in (0, 1):  # A seven and a two.
        DrawingStore(load_settings().database_url).save(
            new_drawing(int(mnist.y_test[i]), digit_input=mnist.x_test[i], label=3 if i else None)
        )
    app = open_page(PAGE)
    app.segmented_control(key="inside_source").set_value("History").run()
    assert app.selectbox(key="inside_drawing").options == [
        "Drawing 2, recognized as a 2, labeled 3", "Drawing 1, recognized as a 7"
    ]  # fmt: skip
    assert verdict(app).startswith("Handwriting expert recognizes a 2.")
    app.selectbox(key="inside_drawing").set_value(1).run()
    assert verdict(app).startswith("Handwriting expert recognizes a 7.")


def test_the_page_says_why_it_is_one_digit_and_not_another(open_page: Opener) -> None:
    mnist = load_mnist()
    DrawingStore(load_settings().database_url).save(
        new_drawing(4, digit_input=mnist.x_test[4], label=9)
    )
    app = open_page(PAGE)
    app.segmented_control(key="inside_source").set_value("History").run()
    assert headings(app)[-1] == "Why 4?"
    assert app.selectbox(key="inside_why_not_4_9").value == 9
    (words,) = [text.value for text in app.markdown if "Orange" in text.value]
    assert "supports 4 over 9" in words
    assert not links(app)


def test_a_drawing_on_the_canvas_leads_to_the_evidence_of_its_strokes(
    open_page: Opener, store: ModelStore
) -> None:
    app = look_inside(draw_a(open_page("digits/draw"), 4))
    assert links(app) == ["See why, with the strokes"]
    app.selectbox(key="inside_model").set_value("seed-cnn").run()
    assert not links(app)  # This model has no network that reads strokes.


def test_a_link_names_the_model(open_page: Opener) -> None:
    app = AppTest.from_file(str(PROJECT_DIR / "router.py"), default_timeout=HANG_S).run()
    app.query_params["inside_model"] = "seed-cnn"
    look_inside(app)
    assert app.selectbox(key="inside_model").value == "seed-cnn"
    assert headings(app) == expected_headings(2)
    assert verdict(app).startswith("Tutorial network recognizes a 7.")
    shown = [caption.value for caption in app.caption if " maps of " in caption.value]
    assert "One map stays blank for this digit." in shown[0]
    assert "Five maps stay blank for this digit." in shown[1]


def test_an_ensemble_is_explained(
    open_page: Opener, mine: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspector, "_networks", three_of(inspector._networks))
    app = open_page(PAGE)
    assert app.info[0].value.startswith("mine is made of 3 networks that vote")
    assert headings(app) == expected_headings(2)


def three_of(networks: Any) -> Any:
    return lambda operators: 3 * networks(operators)


def test_a_damaged_model_is_explained_and_another_one_can_be_chosen(
    open_page: Opener, mine: Run
) -> None:
    mine.tflite_path.write_bytes(mine.tflite_path.read_bytes()[:1000])
    app = open_page(PAGE)
    assert "Model 'mine' is damaged" in app.error[0].value
    app.selectbox(key="inside_model").set_value("seed-cnn").run()
    assert not app.error
    assert headings(app) == expected_headings(2)


def test_a_model_without_convolutions_is_explained(
    open_page: Opener, mine: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inspector, "_CONVOLUTIONS", set())
    app = open_page(PAGE)
    assert app.error[0].value == "Model 'mine' has no convolutions to show."
