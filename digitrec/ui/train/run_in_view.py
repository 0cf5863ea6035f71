"""Brings a run that was started into view.

On a narrow screen the run stands above the form while it trains, and the page scrolls up to it.
"""

import streamlit as st

from digitrec.runs.run import Run
from digitrec.ui.into_view import scroll_into_view
from digitrec.ui.runs.last_start import last_start

FIRST, SECOND = "train_run_first", "train_run_second"
_STARTED = "train_brought_into_view"


def bring_into_view(run: Run) -> None:
    """Scroll to a run that was just started, when the page is shown next."""
    st.session_state[_STARTED] = f"{run.name} {run.created_at()}"


def run_key(live: Run | None) -> str:
    """Return the key of the runs' container, by which the style sheet places it.

    Args:
        live: The run that trains or is next, if any.
    """
    return FIRST if live or last_start("train").run else SECOND


def scroll_to_run() -> None:
    """Scroll to the run that was started last, once. Call this after the run is shown."""
    scroll_into_view(FIRST, st.session_state.get(_STARTED))
