"""Networks of other programs, taken in on the models page."""

import re
from pathlib import Path

import streamlit as st

from digitrec.conversions import import_bytes
from digitrec.model_store import ModelStore
from digitrec.ui.frame import shown_errors
from digitrec.ui.model_table import choose


def import_popover(store: ModelStore) -> None:
    """Offer to take in a network from a file."""
    # With each network that came in the keys change: closed, and without a file again.
    number = st.session_state.setdefault("models_imports", 0)
    popover = st.popover("Import", icon=":material/upload:", key=f"models_importing_{number}")
    with popover, st.container(width=360):
        _form(store, number)


@st.fragment
def _form(store: ModelStore, number: int) -> None:
    file = st.file_uploader(
        "A network for 28 × 28 digits, by Keras",
        type=["keras", "h5"],
        key=f"models_file_{number}",
        help="White ink on black, from 0 to 1, goes in; ten probabilities come out, or eleven "
        "with *no digit* last. Only layers that hold no code are accepted.",
    )
    if file is None:
        return
    key = f"models_import_name_{file.file_id}"
    name = (st.text_input("Name", suggested_name(file.name), key=key) or "").strip()
    st.caption("TensorFlow reads it and measures it on the test set, which takes some seconds.")
    if st.button("Import", key="models_import", type="primary", icon=":material/upload:"):
        with shown_errors():
            with st.spinner("Reading and measuring …", show_time=True):
                import_bytes(store, file.getvalue(), file.name, name)
            st.session_state["models_imports"] = number + 1
            choose([store.named(name).name])
            st.rerun()


def suggested_name(file_name: str) -> str:
    """Return a name that a model may have, from that of a file."""
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(file_name).stem)
    return words.strip("._-")[:64] or "imported"
