"""The queue of runs that wait to train."""

import streamlit as st

from digitrec.formatting import epochs_words
from digitrec.jobs.queue import move_up
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.ui.account import may_manage_models
from digitrec.ui.page_frame import act, shown_errors
from digitrec.ui.plain_text import plain
from digitrec.ui.runs.live_run import ask_to_stop


def queue_view(store: ModelStore) -> None:
    """Show the queue, if a run waits for another; each can be moved up or canceled."""
    if _waiting_for_another(store):
        _queue(store)


def _waiting_for_another(store: ModelStore) -> list[Run]:
    """Return the queue, unless its only run just waits for its own process to start."""
    queue, live = store.queue(), store.live_run()
    is_alone = len(queue) == 1 and live is not None and live.name == queue[0].name
    return [] if is_alone else queue


@st.fragment(run_every=1.0)
def _queue(store: ModelStore) -> None:
    queue = _waiting_for_another(store)
    if not queue:
        st.rerun()
    with shown_errors(), st.container(border=True, gap="xsmall"):
        st.markdown("**Waiting**")
        for number, run in enumerate(queue, 1):
            _waiting(store, run, number)


def _waiting(store: ModelStore, run: Run, number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{number}\\. {plain(run.title)} · {_extent_text(run)}", width="stretch")
        if not may_manage_models():
            return
        st.button(
            "Move up",
            key=f"train_earlier_{run.name}",
            icon=":material/arrow_upward:",
            type="tertiary",
            on_click=act,
            args=(move_up, store, run),
            disabled=number == 1,
        )
        st.button(
            "Cancel",
            key=f"train_cancel_{run.name}",
            icon=":material/close:",
            type="tertiary",
            on_click=act,
            args=(ask_to_stop, run),
            help="Removes the run from the queue. What it has learned so far is kept.",
        )


def _extent_text(run: Run) -> str:
    config, report = run.config(), run.report()
    if config is None:
        return "canceled"
    if report is None or report.epochs_done is None:
        return epochs_words(config.epochs)
    first = int(report.epochs_done) + 1
    return f"epochs {first} to {config.epochs}" if first < config.epochs else f"epoch {first}"
