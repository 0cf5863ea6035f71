"""The fields of ink files in the training form, and their upload."""

from typing import Any

import streamlit as st

from digitrec.recipes.parameter_kinds import HISTORY, InkFiles, ink_file_words
from digitrec.runs.ink_library import InkLibrary
from digitrec.runs.model_store import ModelStore
from digitrec.ui.page_frame import shown_errors
from digitrec.ui.plain_text import plain

UPLOAD = "train_ink_upload"
ABOUT = """One drawing per line, as in *History*'s JSON Lines download, or as
`{"writer": "…", "label": "7", "strokes": [[[x, y], …], …]}`. With several writers, the app can
measure how well the network reads the handwriting of people it hasn't seen."""


def ink_files_picker(store: ModelStore, spec: InkFiles, common: dict[str, Any]) -> None:
    """Show a field that chooses among the uploaded files and the person's own drawings."""
    st.multiselect(
        spec.label,
        [HISTORY, *InkLibrary(store.models_dir).names()],
        format_func=lambda name: plain(ink_file_words(name)),
        placeholder="None",
        persist_state="session",
        **common,
    )


def ink_upload(store: ModelStore) -> None:
    """Show the upload of ink files, which then are choices of the fields."""
    with st.popover("Upload an ink file", icon=":material/upload:", type="tertiary"):
        st.caption(ABOUT)
        file = st.file_uploader("Ink file", type=["jsonl", "gz"], key=UPLOAD)
        if file is None or st.session_state.get("train_ink_kept") == file.file_id:
            return
        with shown_errors():
            count = InkLibrary(store.models_dir).add(file.name, file.getvalue())
            st.session_state["train_ink_kept"] = file.file_id
            st.toast(f"{plain(file.name)}: {count}")
            st.rerun()
