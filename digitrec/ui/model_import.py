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
    with (
        st.popover("Import", icon=":material/upload:", key="models_import_popover"),
        st.container(width=360),
    ):
        _form(store)


@st.fragment
def _form(store: ModelStore) -> None:
    file = st.file_uploader(
        "A network for 28 × 28 digits, by Keras",
        type=["keras", "h5"],
        key="models_file",
        help="White ink on black, from 0 to 1, goes in; ten probabilities come out, or eleven "
        "with *no digit* last. Only layers that hold no code are accepted.",
    )
    if file is None:
        return
    name = st.text_input("Name", suggested_name(file.name), key=f"models_import_{file.file_id}")
    if not st.button("Import", key="models_import", type="primary", icon=":material/upload:"):
        st.caption("It is read by TensorFlow and measured on the test set, which takes a while.")
        return
    with shown_errors():
        with st.spinner("Reading and measuring …", show_time=True):
            import_bytes(store, file.getvalue(), file.name, (name or "").strip())
        choose([(name or "").strip()])
        st.rerun()


def suggested_name(file_name: str) -> str:
    """Return a name that a model may have, from that of a file."""
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", Path(file_name).stem)
    return words.lstrip("._-")[:64] or "imported"
