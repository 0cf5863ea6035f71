"""The progress of a run that teaches a model, and the button to stop it."""

import time

import streamlit as st

from digitrec.jobs.duration_estimate import rough_duration_words
from digitrec.jobs.teaching_stages import stage_progress, teaching_stages
from digitrec.runs.events import Event
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run, RunState
from digitrec.ui.account import may_manage_models
from digitrec.ui.page_frame import act, shown_errors
from digitrec.ui.resources import machine_pace
from digitrec.ui.runs.live_run import ask_to_stop


@st.fragment(run_every=1.0)
def teaching_progress(store: ModelStore, run: Run) -> None:
    """Show the progress of a live run; when it ends, the whole page runs again."""
    with shown_errors():
        events = run.events()
        state = run.state(events)
        if not state.is_live:
            st.rerun()
        live = store.live_run()
        if state == RunState.WAITING and live is not None and live.name != run.name:
            st.progress(0.0, "Waiting for another run to finish …")
        else:
            _bar(run, events)
        if may_manage_models():
            _stop_button(run, waits=state == RunState.WAITING)


def _bar(run: Run, events: list[Event]) -> None:
    config = run.config()
    if config is None:  # Canceled a moment ago.
        return
    progress = stage_progress(teaching_stages(config, machine_pace()), events, time.time())
    left = rough_duration_words(progress.remaining_s)
    words = f"{progress.words} … about {left} left"
    if run.stop_requested():
        words = "Stopping: testing what it has learned so far …"
    st.progress(progress.done, words)


def _stop_button(run: Run, *, waits: bool) -> None:
    stopping = run.stop_requested()
    st.button(
        "Stopping …" if stopping else "Cancel teaching" if waits else "Stop teaching",
        key="teach_stop",
        icon=":material/stop:",
        type="tertiary",
        on_click=act,
        args=(ask_to_stop, run),
        disabled=stopping,
        help="Removes the run from the queue."
        if waits
        else "Saves what it has learned as a model.",
    )
