"""The cards of the gallery and the trash, one for each drawing."""

import streamlit as st
from PIL import Image

from digitrec.drawings.schema import Drawing
from digitrec.drawings.selection import answer_of
from digitrec.formatting import percent
from digitrec.ink.preprocessing import open_picture
from digitrec.labels import LABELS, NO_DIGIT, label_choice, label_words, with_article
from digitrec.ui.charts.images import drawing_in_theme
from digitrec.ui.drawings.actions import delete_drawings, is_too_soon, label_drawings
from digitrec.ui.drawings.drawing_link import open_drawing
from digitrec.ui.page_frame import act
from digitrec.ui.resources import drawing_store

PICKED = "history_picked"


def drawing_card(drawing: Drawing) -> None:
    """Show a drawing with the model's answer, its label and what can be done with it."""
    openable_picture(drawing)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(answer_badge(drawing), width="content")
        _label_popover(drawing)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _pick_box(drawing.id)
        st.space("stretch")
        _delete_button(drawing.id)


def answer_colors() -> None:
    """Say what the colors of the answers mean."""
    st.markdown(
        ":small[What the model answered when the digit was drawn: :green[green] if your label "
        "agrees, :red[red] if it differs, and gray without a label.]",
        width="content",
    )


def _label_popover(drawing: Drawing) -> None:
    """Show the label; a click on it shows the others."""
    state, key = st.session_state, f"history_label_{drawing.id}"
    words = "Label it" if drawing.label is None else f"Label: {label_words(drawing.label)}"
    with st.popover(words, key=f"history_relabel_{drawing.id}", type="tertiary"):
        state[key] = drawing.label
        st.pills(
            f"What does drawing {drawing.id} show?",
            LABELS,
            key=key,
            format_func=label_choice,
            on_change=act,
            args=(_label, drawing.id),
            wrap=True,
        )


def openable_picture(drawing: Drawing) -> None:
    """Show a drawing's picture; a click on it opens the details."""
    open_picture(drawing.content.picture)
    with st.container(key=f"history_picture_{drawing.id}"):
        st.image(drawing_picture(drawing), width="stretch", alt=drawing_words(drawing))
        # The style hides the button's name from the eye, but not from a screen reader.
        st.button(
            f"Open drawing {drawing.id}",
            key=f"history_open_{drawing.id}",
            icon=":material/open_in_full:",
            type="tertiary",
            on_click=open_drawing,
            args=(drawing.id,),
        )


def drawing_picture(drawing: Drawing) -> Image.Image | bytes:
    """Return a drawing's picture; one from a canvas is in the theme's colors."""
    picture = drawing.content.picture
    return drawing_in_theme(picture) if drawing.source in {"canvas", "number"} else picture


def _delete_button(number: int) -> None:
    st.button(
        f"Delete drawing {number}",
        key=f"history_delete_{number}",
        icon=":material/delete:",
        type="tertiary",
        on_click=act,
        args=(_delete, number),
    )


def trashed_card(drawing: Drawing) -> None:
    """Show a drawing in the trash with a button to restore it."""
    open_picture(drawing.content.picture)
    st.markdown(answer_badge(drawing), width="content")
    st.image(drawing_picture(drawing), width="stretch", alt=drawing_words(drawing))
    st.button(
        f"Restore drawing {drawing.id}",
        key=f"history_restore_{drawing.id}",
        icon=":material/restore_from_trash:",
        type="tertiary",
        on_click=act,
        args=(_restore, drawing.id),
    )


def answer_badge(drawing: Drawing) -> str:
    """Return the model's answer: green if the label agrees, red if not, gray without a label."""
    answer = answer_of(drawing)
    words = label_choice(answer)
    if answer != NO_DIGIT:
        words += f" · {percent(drawing.confidence)}"
    if drawing.label is None:
        return f":gray-badge[{words}]"
    return f":{'green' if drawing.label == answer else 'red'}-badge[{words}]"


def _pick_box(number: int) -> None:
    picked, key = st.session_state.setdefault(PICKED, set()), f"history_pick_{number}"
    st.session_state[key] = number in picked
    st.checkbox(
        f"Select drawing {number}",
        key=key,
        label_visibility="collapsed",
        on_change=_pick,
        args=(number,),
    )


def _pick(number: int) -> None:
    chosen = st.session_state[f"history_pick_{number}"]
    picked: set[int] = st.session_state[PICKED]
    (picked.add if chosen else picked.discard)(number)


def _delete(number: int) -> None:
    if not is_too_soon("delete"):
        delete_drawings([number])
        st.session_state[PICKED].discard(number)


def _restore(number: int) -> None:
    if not is_too_soon("restore"):
        drawing_store().restore([number])


def _label(number: int) -> None:
    label_drawings([number], st.session_state[f"history_label_{number}"])


def drawing_words(drawing: Drawing) -> str:
    """Return which drawing it is, what it was recognized as, and its label."""
    answer = "not a digit" if answer_of(drawing) == NO_DIGIT else with_article(drawing.digit)
    label = "" if drawing.label is None else f", labeled {label_words(drawing.label)}"
    return f"Drawing {drawing.id}, recognized as {answer}{label}"
