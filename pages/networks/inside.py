import streamlit as st

from digitrec.ui.canvas.canvas import DIGIT_CANVAS
from digitrec.ui.charts.images import digit_from_bytes
from digitrec.ui.charts.why import Read
from digitrec.ui.drawings.card import drawing_words
from digitrec.ui.empty_states import no_drawings
from digitrec.ui.inside.layers import inside_view
from digitrec.ui.resources import drawing_store, inspector, mnist_test_set, model_store, recognizer
from digitrec.ui.runs.picker import choose_run

DRAWN, TEST, SAVED = "Canvas", "Test set", "History"
LATEST = 50

store = model_store()
state = st.session_state


def choose_model() -> str:
    names = [run.name for run in store.models()]
    return choose_run(store, "Model", names, "inside_model", store.active_name())


def choose_source() -> str:
    return st.segmented_control(
        "Digit from",
        [DRAWN, TEST, SAVED],
        default=DRAWN if DIGIT_CANVAS.sketch() else TEST,
        required=True,
        key="inside_source",
    )


def drawn_digit() -> Read | None:
    sketch = DIGIT_CANVAS.sketch()
    if sketch is not None and sketch.steps is not None:
        return Read(sketch.steps.digit_input)
    st.info("The canvas is empty. Draw a digit first.", icon=":material/draw:")
    st.page_link("pages/digits/draw.py", label="Draw", icon=":material/draw:")
    return None


def test_digit() -> Read:
    pictures, labels = mnist_test_set()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.pills(
            "Digit", range(10), default=7, required=True, key="inside_label", wrap=True
        )
        st.button(
            "Another one", key="inside_another", icon=":material/refresh:", on_click=next_digit
        )
    same_label = pictures[labels == label]
    return Read(same_label[state.get("inside_number", 0) % len(same_label)], label=label)


def next_digit() -> None:
    state["inside_number"] = state.get("inside_number", 0) + 1


def saved_digit() -> Read | None:
    drawings = {drawing.id: drawing for drawing in drawing_store().find(limit=LATEST)}
    if not drawings:
        no_drawings(drawing_store())
        return None
    number = st.selectbox(
        "Drawing",
        list(drawings),
        format_func=lambda number: drawing_words(drawings[number]),
        key="inside_drawing",
        width=360,
    )
    return Read(digit_from_bytes(drawings[number].content.input), label=drawings[number].label)


def strokes_count_too() -> None:
    st.caption("On *Draw*, a second network reads your strokes and votes, too.")
    if source == DRAWN:
        st.page_link(
            "pages/digits/draw.py",
            label="See why, with the strokes",
            icon=":material/arrow_forward:",
            query_params={"look": "Why"},
        )


st.caption(
    "Follow a digit through a network, layer by layer, and see why the network gives this answer "
    "and not another."
)
with st.container(horizontal=True, gap="medium"):
    name = choose_model()
    source = choose_source()
read = {DRAWN: drawn_digit, TEST: test_digit, SAVED: saved_digit}[source]()
if read is not None:
    model = recognizer(name)
    inside_view(read, inspector(store.run(name)), model)
    if model.stroke_reader is not None:
        strokes_count_too()
