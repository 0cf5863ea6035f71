"""The cards of the gallery and the trash, one for each drawing."""

import streamlit as st

from digitrec.drawings.schema import Drawing
from digitrec.drawings.selection import answer_of
from digitrec.formatting import percent
from digitrec.ink.preprocessing import open_picture
from digitrec.labels import LABELS, NO_DIGIT, label_words
from digitrec.ui.drawings.actions import delete_drawings, is_too_soon, label_drawings
from digitrec.ui.drawings.drawing_link import open_drawing
from digitrec.ui.page_frame import act
from digitrec.ui.resources import drawing_store

PICKED = "history_picked"


def drawing_card(drawing: Drawing) -> None:
    """Show a drawing with the model's answer, its label and what can be done with it."""
    open_picture(drawing.content.picture)
    st.image(drawing.content.picture, width="stretch", alt=_text(drawing))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        answer_badge(drawing)
        _label_popover(drawing)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _pick_box(drawing.id)
        st.space("stretch")
        _card_buttons(drawing.id)


def badge_legend() -> None:
    """Say what the colors of the answers mean."""
    st.markdown(
        "The network's answer: :green-badge[agrees with the label] "
        ":red-badge[differs from the label] :gray-badge[no label yet]"
    )


def _label_popover(drawing: Drawing) -> None:
    """Show the label; a click on it shows the others."""
    state, key = st.session_state, f"history_label_{drawing.id}"
    words = "Label it" if drawing.label is None else f"Label: {short_label(drawing.label)}"
    with st.popover(words, key=f"history_relabel_{drawing.id}", type="tertiary"):
        state[key] = drawing.label
        st.pills(
            f"What does drawing {drawing.id} show?",
            LABELS,
            key=key,
            format_func=short_label,
            on_change=act,
            args=(_label, drawing.id),
            wrap=True,
        )


def _card_buttons(number: int) -> None:
    # The style hides the names from the eye, but not from a screen reader.
    st.button(
        f"Open drawing {number}",
        key=f"history_open_{number}",
        icon=":material/open_in_full:",
        type="tertiary",
        on_click=open_drawing,
        args=(number,),
    )
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
    answer_badge(drawing)
    st.image(drawing.content.picture, width="stretch", alt=_text(drawing))
    st.button(
        f"Restore drawing {drawing.id}",
        key=f"history_restore_{drawing.id}",
        icon=":material/restore_from_trash:",
        type="tertiary",
        on_click=act,
        args=(_restore, drawing.id),
    )


def short_label(label: int) -> str:
    """Return a label in one character, or as an icon."""
    return ":material/block:" if label == NO_DIGIT else str(label)


def answer_badge(drawing: Drawing) -> None:
    """Show the model's answer: green if the label agrees, red if not, gray without a label."""
    answer = answer_of(drawing)
    words = "not a digit" if answer == NO_DIGIT else f"{answer} · {percent(drawing.confidence)}"
    if drawing.label is None:
        st.badge(words, color="gray")
    else:
        st.badge(words, color="green" if drawing.label == answer else "red")


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


def _text(drawing: Drawing) -> str:
    answer = "not a digit" if answer_of(drawing) == NO_DIGIT else f"a {drawing.digit}"
    label = "" if drawing.label is None else f", labeled {label_words(drawing.label)}"
    return f"Drawing {drawing.id}, recognized as {answer}{label}"
