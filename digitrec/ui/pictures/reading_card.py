"""The card of one picture: its numbers in boxes, and fields to correct them."""

import io

import streamlit as st
from PIL import Image

from digitrec.formatting import counted, percent
from digitrec.ui.charts.number_boxes import SHOWN_WIDTH, SURE, boxed
from digitrec.ui.page_frame import act
from digitrec.ui.pictures.readings import Reading, correct, remove, save, unsave
from digitrec.ui.plain_text import plain


def picture_view(reading: Reading) -> None:
    """Show a picture, the numbers read from it, and the buttons to save and remove it."""
    picture = reading.picture
    with st.container(border=True, key=f"pictures_reading_{reading.number}"):
        image_side, numbers_side = st.columns([3, 4], gap="medium")
        with image_side:
            shown = boxed(Image.open(io.BytesIO(picture.shown)), picture.numbers, picture.texts())
            st.image(
                shown, output_format="JPEG", width=min(shown.width, SHOWN_WIDTH),
                alt=f"{picture.name} with a box around each digit",
            )  # fmt: skip
        with numbers_side:
            st.text(picture.name)
            with st.container(horizontal=True, gap="small"):
                for index in range(len(picture.numbers)):
                    _field(reading, index)
            if reading.problem:
                st.error(plain(reading.problem), icon=":material/error:")
            _remarks(reading)
            _buttons(reading)


def _field(reading: Reading, index: int) -> None:
    number, place = reading.picture.read[index], f"{reading.number}_{index}"
    key, is_doubtful = f"pictures_text_{place}", number.confidence < SURE
    st.session_state[key] = reading.picture.text(index)
    # The style sheet colors the label by the container's key.
    with st.container(
        key=f"pictures_{'doubtful' if is_doubtful else 'sure'}_{place}", width="content"
    ):
        st.text_input(
            f"No. {index + 1} · {percent(number.confidence)}",
            key=key,
            width=max(130, 60 + 10 * len(number.text)),
            on_change=act,
            args=(correct, reading, index, key),
        )


def _remarks(reading: Reading) -> None:
    picture = reading.picture
    if picture.left_out:
        st.markdown(
            f":small[:orange[Skipped {counted(picture.left_out, 'line')} that couldn't be read as "
            "a number.] If the page has many numbers, photograph it in parts.]"
        )
    for index, number in enumerate(picture.numbers):
        text = picture.text(index)
        if number.separators and text == number.text:
            st.caption(f"No. {index + 1} with its separators: {plain(number.separators)}")
        if text and not picture.is_split(index):
            st.markdown(
                f":small[:orange[No. {index + 1}: the ink can't be split into {text}], "
                "so your correction is saved only in the CSV file.]"
            )


def _buttons(reading: Reading) -> None:
    name = f"pictures_{reading.number}"
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            _save_text(reading),
            key=f"{name}_save",
            icon=":material/check:" if reading.is_saved() else ":material/save:",
            on_click=act,
            args=(save, [reading]),
            disabled=not reading.can_be_saved(),
        )
        if reading.kept:
            st.button(
                "Undo save", key=f"{name}_unsave", icon=":material/undo:", type="tertiary",
                on_click=act, args=(unsave, [reading]),
            )  # fmt: skip
        st.button(
            "Remove picture", key=f"{name}_remove", icon=":material/close:", type="tertiary",
            on_click=remove, args=([reading],),
            help="Removes the picture from this page. Saved digits stay in the history.",
        )  # fmt: skip


def _save_text(reading: Reading) -> str:
    if reading.is_saved():
        return "Saved"
    count = reading.count()
    if reading.kept or not count:
        return "Save changes" if reading.kept else "Save"
    return f"Save {counted(count, 'digit')}"
