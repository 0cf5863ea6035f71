from streamlit.testing.v1 import AppTest

from digitrec.drawings.store import DrawingStore
from digitrec.settings import load_settings
from tests.pages.conftest import Opener, draw, draw_a
from tests.support.digits import DIGITS, W, strokes_of
from tests.support.drawings import new_drawing


def answer(app: AppTest) -> str:
    return str(app.container(key="draw_digit").title[0].value)


def test_home_reads_what_is_drawn_and_draw_goes_on_with_it(open_page: Opener) -> None:
    app = draw_a(open_page("digits/home"), 4)
    assert answer(app) == "4"
    app.switch_page("pages/digits/draw.py").run()
    assert answer(app) == "4"
    app.button(key="draw_label_4").click().run()
    assert app.button(key="draw_save").label == "Saved as 4"


def test_a_sample_is_put_on_the_canvas_and_recognized(open_page: Opener) -> None:
    app = open_page("digits/home")
    app.button(key="home_sample_8").click().run()
    assert answer(app) == "8"
    assert "home_sample_8" not in {button.key for button in app.button}
    app.button(key="draw_clear").click().run()
    app.button(key="home_sample_0").click().run()
    assert answer(app) == "0"


def test_home_leads_to_the_reason_for_the_answer(open_page: Opener) -> None:
    app = draw_a(open_page("digits/home"), 4)
    assert links(app) == ["Why 4? Look closer, label it or save it"]
    assert links(draw(app, [W])) == [
        "Several digits? On *Draw*, choose *A number*",
        "Why not a digit? Look closer, label it or save it",
    ]


def links(app: AppTest) -> list[str]:
    """Return the words of the links below the bars."""
    words = [link.proto.label for link in app.get("page_link")]
    return [label for label in words if not label.startswith("**")]


def test_an_old_link_to_a_drawing_opens_it_on_draw(open_page: Opener) -> None:
    strokes = strokes_of(DIGITS[4])
    DrawingStore(load_settings().database_url).save(new_drawing(4, strokes=strokes))
    app = open_page("digits/home")
    app.query_params["drawing"] = "1"
    assert answer(app.run()) == "4"
    assert app.button(key="draw_save").label == "Saved without a label"
