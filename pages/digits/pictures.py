import streamlit as st

from digitrec.formatting import counted
from digitrec.numbers.read_pictures import readings_csv
from digitrec.system.memory import release_memory
from digitrec.ui.page_frame import act, show_pending_error, shown_errors
from digitrec.ui.pictures.reading_card import picture_view
from digitrec.ui.pictures.readings import (
    CHECKED,
    Reading,
    labels_changed,
    readings,
    refresh_kept,
    remove,
    removed,
    save,
    undo_remove,
    unsave,
)
from digitrec.ui.pictures.uploads import (
    empty_uploader,
    generation,
    new_files,
    read_files,
    show_refused,
)
from digitrec.ui.resources import open_drawing_store_ahead

PER_PAGE = 10

state = st.session_state


def headline(shown: list[Reading]) -> None:
    numbers = sum(len(reading.picture.numbers) for reading in shown)
    words = f"**{counted(len(shown), 'picture')}, {counted(numbers, 'number')}**"
    st.markdown(words, width="content")


def buttons_for_all(shown: list[Reading]) -> None:
    unsaved = [reading for reading in shown if reading.can_be_saved()]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        headline(shown)
        st.download_button(
            "Download as CSV",
            lambda: readings_csv(reading.picture for reading in shown),
            "readings.csv",
            "text/csv",
            key="pictures_csv",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button(
            "Save all" if unsaved else "All saved",
            key="pictures_save_all",
            type="primary",
            icon=":material/save:" if unsaved else ":material/check:",
            on_click=act,
            args=(save, unsaved),
            disabled=not unsaved,
            help="Saves each digit as a drawing in the history.",
        )
        if not unsaved and any(reading.kept for reading in shown):
            st.button(
                "Undo save", key="pictures_unsave_all", icon=":material/undo:", type="tertiary",
                on_click=act, args=(unsave, shown),
            )  # fmt: skip
            st.page_link("pages/digits/history.py", label="View in History")
        st.button(
            "Remove all", key="pictures_remove_all", icon=":material/close:", type="tertiary",
            on_click=remove, args=(shown,),
        )  # fmt: skip
    st.toggle(
        "I've checked these numbers. Save them as labels.",
        key=CHECKED,
        persist_state="session",
        on_change=labels_changed,
        help="Numbers you correct are always saved with your labels.",
    )
    st.markdown(
        ":small[Correct any mistakes. Above each number is the model's confidence; check the "
        ":orange[orange] ones first.]"
    )


st.markdown("Read digits and numbers from photos and scans, on any paper and in any ink.")
if files := new_files():
    read_files(files)
    empty_uploader()
    release_memory()
    st.rerun()
show_refused()
show_pending_error()
with shown_errors():
    refresh_kept()
shown = readings()
if removed():
    st.button(
        "Undo remove", key="pictures_undo_remove", icon=":material/undo:",
        type="tertiary", on_click=undo_remove,
    )  # fmt: skip
if shown:
    buttons_for_all(shown)
    pages = -(-len(shown) // PER_PAGE)
    # A new key after each upload returns to the first page, where the new pictures are.
    page_key = f"pictures_page_{generation()}"
    page = min(state.get(page_key, 1), pages)
    for reading in shown[(page - 1) * PER_PAGE : page * PER_PAGE]:
        picture_view(reading)
    if pages > 1:
        st.pagination(pages, key=page_key)
    st.caption("The pictures stay here until you close or reload the tab.")
elif not removed():
    st.info(
        "Write some numbers on paper and take a photo. Each number is boxed and read. Correct any "
        "mistakes, then download a table or save the digits to *History*.",
        icon=":material/photo_camera:",
    )
open_drawing_store_ahead()
