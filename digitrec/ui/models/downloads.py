"""Downloads of a model in several formats."""

from collections.abc import Callable

import streamlit as st

from digitrec.exchange.conversions import export_bytes
from digitrec.exchange.formats import EXPORT_FORMATS
from digitrec.runs.metrics_csv import metrics_csv
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.ui.page_frame import shown_errors

METRICS = "metrics"
NAMES = {
    "keras": "Keras (.keras), to train further",
    "h5": "Keras (.h5), for older programs",
    "litert": "LiteRT (.tflite), as the app serves it",
    "onnx": "ONNX (.onnx)",
    "saved-model": "TensorFlow SavedModel (.zip)",
    METRICS: "Training metrics (.csv)",
}
# The session key of the last converted file.
CONVERTED = "models_converted"


def downloads(store: ModelStore, run: Run) -> None:
    """Offer a run's model in every format, and its metrics."""
    formats = [name for name in NAMES if name in _formats(run)] if run.has_model else []
    if run.was_trained:
        formats.append(METRICS)
    if not formats:
        return
    with (
        st.popover("Download", icon=":material/download:", key="models_downloads"),
        st.container(width=340),
    ):
        _choice(store, run, formats)


def _formats(run: Run) -> list[str]:
    """Return the formats that a run's model is available in."""
    return list(EXPORT_FORMATS) if run.can_be_trained_further else ["litert"]


@st.fragment
def _choice(store: ModelStore, run: Run, formats: list[str]) -> None:
    """Choose a format, in a fragment so that a conversion doesn't rerun the page."""
    chosen = st.selectbox("Format", formats, format_func=NAMES.__getitem__, key="models_format")
    if run.has_model and not run.can_be_trained_further:
        st.caption("This model was imported without its layers, so it can't be converted.")
    with shown_errors():
        if chosen == METRICS:
            _button(lambda: metrics_csv(run.events()).encode(), f"{run.name}.csv")
        elif chosen == "keras":
            _button(run.keras_path.read_bytes, f"{run.name}.keras")
        elif chosen == "litert":
            _button(run.model_bytes(), f"{run.name}.tflite")
        else:
            _conversion(store, run, chosen)


def _conversion(store: ModelStore, run: Run, file_format: str) -> None:
    what = (run.name, file_format)
    if st.session_state.get(CONVERTED, (None, None))[0] != what:
        st.caption("TensorFlow converts the model, which takes a few seconds.")
        if not st.button("Convert", key="models_convert", icon=":material/sync:", type="primary"):
            return
        with st.spinner("Converting …", show_time=True):
            st.session_state[CONVERTED] = (what, export_bytes(store, *what))
        st.rerun()
    ending = EXPORT_FORMATS[file_format] or ".zip"
    _button(st.session_state[CONVERTED][1], run.name + ending)


def _button(content: bytes | Callable[[], bytes], file_name: str) -> None:
    st.download_button(
        file_name,
        content,
        file_name,
        key="models_download",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )
