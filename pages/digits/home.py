import streamlit as st

from digitrec.labels import label_words
from digitrec.recognition.recognition import Recognition
from digitrec.ui.bench.digit_bench import digit_bench
from digitrec.ui.bench.saved_sketch import SavedSketch, saved_sketch
from digitrec.ui.bench.tab_memory import take_up_from_tab
from digitrec.ui.canvas.canvas import DIGIT_CANVAS
from digitrec.ui.drawings.drawing_link import IN_LINK
from digitrec.ui.home.doors import doors
from digitrec.ui.home.samples import sample_buttons
from digitrec.ui.page_frame import shown_errors


@st.fragment
def workbench() -> None:
    answered = digit_bench(when_empty=sample_buttons)
    if answered:
        with answered.details, shown_errors():
            go_on(answered.recognition, saved_sketch(DIGIT_CANVAS.name, answered.sketch.strokes))


def go_on(recognition: Recognition, saved: SavedSketch | None) -> None:
    if not recognition.is_digit:
        st.caption("This doesn't look like a single digit.")
        to_draw("Several digits? On *Draw*, choose *A number*")
    why = f"Why {label_words(recognition.label)}? Look closer"
    to_draw(f"{saved.words}. {why}" if saved else f"{why}, label it or save it", look="Why")


def to_draw(words: str, **query: str) -> None:
    st.page_link(
        "pages/digits/draw.py",
        label=words,
        icon=":material/arrow_forward:",
        query_params=query,
    )


if IN_LINK in st.query_params:  # Such links led here when the canvas was the first page.
    st.switch_page("pages/digits/draw.py", query_params=st.query_params.to_dict())
take_up_from_tab()
st.markdown(
    "A trained network reads what you draw right away. Teach it your handwriting, or train "
    "a network of your own."
)
workbench()
doors()
