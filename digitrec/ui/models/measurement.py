"""Measures models on the labeled drawings, on the models page."""

from collections.abc import Sequence

import streamlit as st

from digitrec.drawings.accuracy import Measurements, labeled_drawings, measure
from digitrec.errors import ModelError
from digitrec.formatting import counted
from digitrec.runs.model_store import ModelStore
from digitrec.runs.summaries import RunSummary
from digitrec.ui.empty_states import no_labels
from digitrec.ui.page_frame import keep_error
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import drawing_store


def measure_button(unknown: Sequence[RunSummary], *, any_known: bool) -> bool:
    """Offer to measure models; return whether the button was pressed.

    Args:
        unknown: The models without a known accuracy on the drawings.
        any_known: Whether any model has one.
    """
    done = any_known and not unknown
    return st.button(
        "Measured on my drawings" if done else "Measure on my drawings",
        key="models_measure",
        icon=":material/check:" if done else ":material/draw:",
        disabled=not unknown,
        help="Measures each model in the table on your labeled drawings.",
    )


def explain_taught(shown: Sequence[RunSummary]) -> None:
    """Say which models have learned from the drawings that they are measured on."""
    taught = [
        f"{plain(summary.title)} was taught with {summary.taught:,} of your drawings"
        for summary in shown
        if summary.taught
    ]
    if taught:
        st.caption(f"{'; '.join(taught)}. It may do worse on new ones.")


def measure_models(
    store: ModelStore, unknown: Sequence[RunSummary], accuracies: dict[str, float]
) -> None:
    """Measure models on the labeled drawings, store the results and rerun the page.

    Args:
        store: Has the models.
        unknown: The models to measure.
        accuracies: The known accuracies by SHA-256.
    """
    drawings = labeled_drawings(drawing_store())
    count = len(drawings.labels)
    if not count:
        no_labels(drawing_store(), "Label some to measure the models on them.")
        return
    measured = Measurements(drawings.state, dict(accuracies))
    bar = st.progress(0.0)
    for done, summary in enumerate(unknown):
        words = f"Measuring {summary.title} on {counted(count, 'drawing')} …"
        bar.progress(done / len(unknown), text=plain(words))
        try:
            accuracy = measure(store.load_recognizer(summary.name), drawings)
        except ModelError as error:
            keep_error(error)
            continue
        measured.accuracies[str(summary.version)] = accuracy
        measured.write(store.models_dir, store.person)
    st.rerun()
