import streamlit as st

from digitrec.drawings.schema import Drawing
from digitrec.labels import LABELS, NO_DIGIT, label_choice
from digitrec.ui.charts.images import digit_from_bytes, enlarged
from digitrec.ui.drawings.actions import delete_drawings, is_too_soon, label_drawings, undo_bar
from digitrec.ui.drawings.card import answer_badge, drawing_picture
from digitrec.ui.empty_states import no_drawings
from digitrec.ui.page_frame import act
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import drawing_store, model_title
from digitrec.ui.review.queue import (
    ask_all_models,
    current_drawing,
    go_back_to,
    length,
    move,
    move_past,
    position,
)

store = drawing_store()


def label(number: int, value: int) -> None:
    if not is_too_soon(f"label_{value}"):
        label_drawings([number], value)
        move_past(number)


def delete(number: int) -> None:
    if not is_too_soon("delete"):
        delete_drawings([number])


def label_buttons(number: int, present: int | None) -> None:
    with st.container(horizontal=True, gap="xsmall", key="review_labels"):
        for value in LABELS:
            st.button(
                label_choice(value),
                key=f"review_label_{value}_{number}",
                shortcut="N" if value == NO_DIGIT else str(value),
                type="primary" if value == present else "secondary",
                on_click=act,
                args=(label, number, value),
            )


def move_buttons(number: int, is_first: bool) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            "Back", key="review_back", icon=":material/arrow_back:", shortcut="Left",
            on_click=move, args=(-1,), disabled=is_first,
        )  # fmt: skip
        st.button(
            "Skip", key="review_skip", icon=":material/arrow_forward:", shortcut="Right",
            on_click=move, args=(1,),
        )  # fmt: skip
        st.button(
            "Delete", key="review_delete", icon=":material/delete:", shortcut="Delete",
            on_click=act, args=(delete, number),
        )  # fmt: skip


def review(drawing: Drawing) -> None:
    # The buttons are filled in before the picture, so that a key pressed as soon as the picture
    # appears can't label the previous drawing.
    progress = st.container()
    picture_side, label_side = st.columns([2, 3], gap="large")
    with label_side:
        answer = st.container(horizontal=True, vertical_alignment="center", gap="small")
        st.markdown("**What does it show?**")
        label_buttons(drawing.id, drawing.label)
        move_buttons(drawing.id, position() == 0)
        undo_bar(go_back_to)
    with answer:
        digit = digit_from_bytes(drawing.content.input)
        st.image(enlarged(digit, 2), width=56, alt="28 by 28 pixels")
        model = plain(model_title(drawing.model))
        st.markdown(f":small[Recognized as {answer_badge(drawing)} by {model}]", width="content")
    with picture_side, st.container(key="review_picture"):
        st.image(drawing_picture(drawing), width=280, alt=f"Drawing {drawing.id}")
    progress.progress((position() + 1) / length(), f"Drawing {position() + 1} of {length()}")


def nothing_to_review() -> None:
    if not store.count().all:
        no_drawings(store)
        return
    st.success("Every drawing in the history has a label.", icon=":material/done_all:")
    with st.container(horizontal=True):
        st.page_link("pages/digits/draw.py", label="Draw more", icon=":material/draw:")
        st.page_link("pages/digits/teach.py", label="Teach a model", icon=":material/school:")


def order_and_disputes() -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        ask = st.button("Ask all models", key="review_ask_all", icon=":material/groups:")
        st.caption(
            "The drawings that the models disagree on come first, then those with the lowest "
            "confidence.",
            width="content",
        )
    if ask:
        ask_all_models(store)
        st.rerun()


drawing = current_drawing(store)
if drawing is None:
    nothing_to_review()
    undo_bar(go_back_to)
else:
    st.caption("Say what each drawing shows. Models are taught and measured with your labels.")
    review(drawing)
    order_and_disputes()
