"""Drawings out into files, and in from files."""

from collections.abc import Sequence
from typing import IO, Any

import streamlit as st

from digitrec.drawings.download import FORMATS
from digitrec.drawings.selection import Selection
from digitrec.drawings.upload import Received, upload
from digitrec.errors import BadInputError
from digitrec.ui.downloads import download_link
from digitrec.ui.plain import plain
from digitrec.ui.resources import active_recognizer, drawing_store

# A list that nobody reads to its end.
REFUSED_SHOWN = 100


def download_popover(selection: Selection, count: int) -> None:
    """Offer the selected drawings as a file of each form."""
    words = f"{count:,} drawing{'' if count == 1 else 's'}"
    with st.popover("Download", icon=":material/download:", key="history_downloads"):
        st.markdown(f"The **{words}** that the filter leaves in, as")
        for name, form in FORMATS.items():
            st.link_button(
                form.words,
                download_link(selection, name),
                key=f"history_download_{name}",
                width="stretch",
            )


def upload_popover() -> None:
    """Offer to take files in, and tell what became of them."""
    with st.popover("Upload", icon=":material/upload:", key="history_uploads"):
        st.markdown(
            "Pictures; a ZIP of pictures, in folders named 0 to 9 if they are labelled; MNIST's "
            "`.npz` or IDX files; Kaggle's CSV; or what you downloaded here. What is there already "
            "is not taken twice."
        )
        with st.form("history_upload_form", border=False, clear_on_submit=True):
            files = st.file_uploader(
                "Files", accept_multiple_files=True, key="history_files",
                label_visibility="collapsed",
            )  # fmt: skip
            if st.form_submit_button("Save them", key="history_upload", type="primary"):
                st.session_state["history_received"] = _take_in(files)
                st.rerun()  # The numbers above this are out of date.
        if received := st.session_state.pop("history_received", None):
            _tell(received)


def _take_in(files: Sequence[Any]) -> Received:
    """Take files in one after the other; what can't be read is told with the rest."""
    everything, bar = Received(), st.progress(0.0)
    model, _ = active_recognizer()
    for place, file in enumerate(files):

        def show(done: float, place: int = place, file: IO[bytes] = file) -> None:
            bar.progress((place + done) / len(files), plain(f"{model.name} reads {file.name} …"))

        show(0.0)
        try:
            received = upload(drawing_store(), file.name, file, model, show)
        except BadInputError as error:
            received = Received(refused=[(file.name, str(error))])
        everything.saved += received.saved
        everything.duplicates += received.duplicates
        everything.in_bin += received.in_bin
        everything.labelled += received.labelled
        everything.refused += received.refused
    bar.empty()
    return everything


def _tell(received: Received) -> None:
    saved = len(received.saved)
    words = f"{saved:,} {'drawing was' if saved == 1 else 'drawings were'} saved."
    if received.duplicates:
        words += f" Already there: {received.duplicates:,}"
        words += f", {received.in_bin:,} of them in the bin" if received.in_bin else ""
        words += f"; {received.labelled:,} took the label that came" if received.labelled else ""
        words += "."
    if received.refused:
        words += f" Could not be read: {len(received.refused):,}."
    st.info(words, icon=":material/upload:")
    if received.refused:
        rows = [{"What": what, "Why": why} for what, why in received.refused[:REFUSED_SHOWN]]
        st.dataframe(rows, hide_index=True, alt="What could not be read")
