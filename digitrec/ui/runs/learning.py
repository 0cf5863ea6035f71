"""How a run learns or learned: the watched digits, the curves and the log."""

import streamlit as st

from digitrec.runs.events import Event
from digitrec.runs.log_words import log_lines
from digitrec.runs.progress import Progress
from digitrec.runs.run import Run
from digitrec.ui.charts.curves import training_curves
from digitrec.ui.runs.watching import watching_view

# Low enough for a window of 800 pixels to show a live run's answers and curves together.
CURVES_HEIGHT = 185


def learning_view(run: Run, progress: Progress) -> None:
    """Show the network's answers to the watched digits, and the training curves."""
    watching_view(run, progress)
    training_curves(progress, key=f"train_curves_{run.name}", height=CURVES_HEIGHT)


def run_log(run: Run, events: list[Event]) -> None:
    """Show the run's events in words, and separately what TensorFlow printed."""
    with st.expander("Log", icon=":material/list:", key=f"train_log_{run.name}"):
        st.code("\n".join(log_lines(events)), language=None, wrap_lines=True)
    if run.log_path.exists() and (printed := run.log_path.read_text(errors="replace").strip()):
        key = f"train_messages_{run.name}"
        with st.expander("TensorFlow's messages", icon=":material/terminal:", key=key):
            st.code(printed[-8000:], language=None)
