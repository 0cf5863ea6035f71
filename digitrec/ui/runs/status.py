"""A run's state, its problems, and whether the app uses its model."""

from typing import Any

import streamlit as st

from digitrec.runs.model_store import ModelStore
from digitrec.runs.problems import run_problem
from digitrec.runs.run import Run, RunState
from digitrec.ui.page_frame import act
from digitrec.ui.plain_text import plain

STATE_BADGES: dict[RunState, tuple[str, Any]] = {
    RunState.WAITING: (":material/hourglass_empty:", "gray"),
    RunState.RUNNING: (":material/bolt:", "blue"),
    RunState.PAUSED: (":material/pause:", "orange"),
    RunState.FINISHED: (":material/check:", "green"),
    RunState.STOPPED: (":material/stop:", "orange"),
    RunState.FAILED: (":material/error:", "red"),
    RunState.INTERRUPTED: (":material/power_off:", "red"),
}


def state_badge(state: RunState) -> None:
    """Show a run's state."""
    icon, color = STATE_BADGES[state]
    st.badge(state.capitalize(), icon=icon, color=color)


def use_button(
    store: ModelStore, run: Run, key: str, *, is_next: bool = False, is_named: bool = False
) -> None:
    """Show a button that makes a run's model the active one, or say that it is.

    Args:
        store: The models.
        run: The run.
        key: The button's key.
        is_next: Whether it is what a person most likely does next.
        is_named: Whether it names the model, because there are several.
    """
    model = plain(run.title) if is_named else "this model"
    if store.active_name() == run.name:
        st.badge(f"The app uses {model}", icon=":material/star:", color="blue")
    else:
        st.button(
            f"Use {model}",
            key=key,
            type="primary" if is_next else "secondary",
            icon=":material/star:",
            on_click=act,
            args=(store.activate, run.name),
            help="Makes this the model that recognizes your drawings.",
        )


def report_link(run: Run) -> None:
    """Show a link to a run's report."""
    st.page_link(
        "pages/networks/report.py",
        label="Report",
        icon=":material/assessment:",
        query_params={"report_model": run.name},
    )


def problem_view(run: Run) -> None:
    """Show what went wrong if a run learned little or nothing."""
    if problem := run_problem(run):
        st.warning(plain(problem), icon=":material/warning:")
