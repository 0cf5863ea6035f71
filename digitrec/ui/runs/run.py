"""A run as the pages show it, followed as long as it is live."""

import streamlit as st

from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.ui.page_frame import shown_errors
from digitrec.ui.runs.ended_run import ended_view
from digitrec.ui.runs.live_run import live_view


def run_view(store: ModelStore, run: Run) -> None:
    """Show a run, updated every second while it is live."""
    event_file = run.event_file
    was_live = run.state(event_file.read()).is_live

    @st.fragment(run_every=1.0 if was_live else None)
    def view() -> None:
        with shown_errors(), st.container(gap="xsmall"):
            events = event_file.read()
            state = run.state(events)
            if state.is_live != was_live:
                st.rerun()  # The whole page, since ``run_every`` has to change.
            if state.is_live:
                live_view(run, state, events)
            else:
                ended_view(store, run, state, events)

    view()
