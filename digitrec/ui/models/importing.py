"""Imports networks from other programs on the models page."""

import streamlit as st

from digitrec.exchange.conversions import import_bytes
from digitrec.exchange.foreign_files import suggested_name
from digitrec.formatting import percent
from digitrec.runs.model_store import ModelStore
from digitrec.ui.models.selection import select
from digitrec.ui.page_frame import shown_errors
from digitrec.ui.plain_text import plain

# The session key of the last import's message, until it is shown.
IMPORTED = "models_imported"


def import_popover(store: ModelStore) -> None:
    """Offer to import a network from a file."""
    # The keys change with each import, which closes the popover and clears the file.
    number = st.session_state.setdefault("models_imports", 0)
    popover = st.popover("Import", icon=":material/upload:", key=f"models_importing_{number}")
    with popover, st.container(width=360):
        _form(store, number)


@st.fragment
def _form(store: ModelStore, number: int) -> None:
    file = st.file_uploader(
        "A network that recognizes 28 × 28 digits",
        type=["keras", "h5", "hdf5", "hdf", "tflite", "zip"],
        key=f"models_file_{number}",
        help="A Keras model (.keras, .h5), a LiteRT model (.tflite) or a ZIP of a SavedModel "
        "folder, with ten classes, or eleven with *not a digit* last. The pixel range and input "
        "shape are detected. Files that contain code are rejected.",
    )
    if file is None:
        return
    key = f"models_import_name_{file.file_id}"
    free = store.free_name(suggested_name(file.name))
    name = (st.text_input("Name", free, key=key) or "").strip()
    st.caption("TensorFlow loads the model and measures it on MNIST, which takes a while.")
    if st.button("Import", key="models_import", type="primary", icon=":material/upload:"):
        with shown_errors():
            with st.spinner("Importing …", show_time=True):
                report = import_bytes(store, file.getvalue(), file.name, name)
            st.session_state["models_imports"] = number + 1
            st.session_state[IMPORTED] = (
                f"{name}: {percent(report.test_accuracy)} accuracy on MNIST's test set. "
                f"{report.import_note}"
            )
            select([store.named(name).name])
            st.rerun()


def show_imported() -> None:
    """Show the result of an import, once."""
    if words := st.session_state.pop(IMPORTED, None):
        st.success(plain(words), icon=":material/check_circle:")
