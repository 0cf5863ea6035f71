import streamlit as st

from digitrec.numbers.read_pictures import readings_csv
from digitrec.system.memory import give_back_memory
from digitrec.ui.frame import act, show_pending_error, shown_errors
from digitrec.ui.pictures.intake import (
    brought_files,
    empty_uploader,
    generation,
    read_files,
    tell_refused,
)
from digitrec.ui.pictures.reading_card import picture_view
from digitrec.ui.pictures.readings import (
    CHECKED,
    Reading,
    bring_back,
    labels_changed,
    look_after,
    readings,
    remove,
    removed,
    save,
    unsave,
)
from digitrec.ui.resources import open_drawing_store_ahead

PER_PAGE = 10

state = st.session_state


def headline(shown: list[Reading]) -> None:
    numbers = sum(len(reading.picture.numbers) for reading in shown)
    pictures = "picture" if len(shown) == 1 else "pictures"
    words = f"**{len(shown):,}** {pictures}, **{numbers:,}** number{'' if numbers == 1 else 's'}"
    st.markdown(words, width="content")


def for_all(shown: list[Reading]) -> None:
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
            help="Each digit becomes a drawing of the history.",
        )
        if not unsaved and any(reading.kept for reading in shown):
            st.button(
                "Undo", key="pictures_unsave_all", icon=":material/undo:", type="tertiary",
                on_click=act, args=(unsave, shown),
            )  # fmt: skip
            st.page_link("pages/digits/history.py", label="Look at them in the history")
        st.button(
            "Remove all", key="pictures_remove_all", icon=":material/close:", type="tertiary",
            on_click=remove, args=(shown,),
        )  # fmt: skip
    st.toggle(
        "I have checked the readings: save them as labels, too",
        key=CHECKED,
        persist_state="session",
        on_change=labels_changed,
        help="What you corrected is saved with your label in any case.",
    )


st.markdown("Digits and numbers on paper, any ink on any paper, several to a picture.")
if files := brought_files():
    read_files(files)
    empty_uploader()
    give_back_memory()
    st.rerun()
tell_refused()
show_pending_error()
with shown_errors():
    look_after()
shown = readings()
if removed():
    st.button(
        "Bring back what was removed", key="pictures_bring_back", icon=":material/undo:",
        type="tertiary", on_click=bring_back,
    )  # fmt: skip
if shown:
    for_all(shown)
    pages = -(-len(shown) // PER_PAGE)
    # Another key after each upload: what is new is on the first page.
    page_key = f"pictures_page_{generation()}"
    page = min(state.get(page_key, 1), pages)
    for reading in shown[(page - 1) * PER_PAGE : page * PER_PAGE]:
        picture_view(reading)
    if pages > 1:
        st.pagination(pages, key=page_key)
    st.caption("The pictures stay here until the tab is closed or loaded anew.")
open_drawing_store_ahead()
