"""The models' accuracy on the labeled drawings, as the models page measures it."""

from collections.abc import Sequence

import streamlit as st

from digitrec.drawings.accuracy import Measurements, drawings_state, labeled_drawings, measure
from digitrec.errors import ModelError, StoreError
from digitrec.runs.model_store import ModelStore
from digitrec.runs.summaries import RunSummary
from digitrec.ui.empty_states import no_labels
from digitrec.ui.frame import keep_error, show_error
from digitrec.ui.plain import plain
from digitrec.ui.resources import drawing_store


def known_accuracies(store: ModelStore) -> dict[str, float]:
    """Return what is known of the models, by SHA-256, with the drawings as they are now."""
    measured = Measurements.read(store.models_dir, store.person)
    if not measured.accuracies:
        return {}  # Nor need the database be opened, which takes half a second at first.
    try:
        return measured.accuracies if measured.state == drawings_state(drawing_store()) else {}
    except StoreError as error:
        show_error(error)
        return {}


def measure_button(unknown: Sequence[RunSummary], *, any_known: bool) -> bool:
    """Offer to measure models; return whether that was asked for.

    Args:
        unknown: Those whose accuracy on the drawings isn't known.
        any_known: Whether that of any model is.
    """
    done = any_known and not unknown
    return st.button(
        "Measured on my drawings" if done else "Measure on my drawings",
        key="models_measure",
        icon=":material/check:" if done else ":material/draw:",
        disabled=not unknown,
        help="Lets every model in the table read the drawings in the history that you have "
        "labeled, and fills the column *Drawings*.",
    )


def measure_models(
    store: ModelStore, unknown: Sequence[RunSummary], accuracies: dict[str, float]
) -> None:
    """Measure models on the labeled drawings, keep what was found, and run the page anew.

    Args:
        store: Where the models are.
        unknown: What to measure.
        accuracies: What is known already, by SHA-256.
    """
    drawings = labeled_drawings(drawing_store())
    count = len(drawings.labels)
    if not count:
        no_labels(drawing_store(), "Label some: the models are measured against your labels.")
        return
    measured = Measurements(drawings.state, dict(accuracies))
    bar = st.progress(0.0)
    for done, summary in enumerate(unknown):
        bar.progress(done / len(unknown), text=plain(f"{summary.title} reads {count:,} drawings …"))
        try:
            accuracy = measure(store.load_recognizer(summary.name), drawings)
        except ModelError as error:
            keep_error(error)
            continue
        measured.accuracies[str(summary.model_sha256)] = accuracy
        measured.write(store.models_dir, store.person)
    st.rerun()
