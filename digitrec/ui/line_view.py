"""The runs that wait for their turn, in their order."""

from typing import cast

import streamlit as st

from digitrec import jobs
from digitrec.configuration import TrainingConfig
from digitrec.model_store import ModelStore
from digitrec.runs import Run
from digitrec.ui.account import may_manage_models
from digitrec.ui.frame import act, shown_errors
from digitrec.ui.plain import plain


def line_view(store: ModelStore) -> None:
    """Show who waits, as long as somebody does; each can be put earlier or cancelled."""
    if store.line():
        _line(store)


@st.fragment(run_every=1.0)
def _line(store: ModelStore) -> None:
    line = store.line()
    if not line:
        st.rerun()
    with shown_errors(), st.container(border=True, gap="xsmall"):
        st.markdown("**In line**")
        for number, run in enumerate(line, 1):
            _waiting(store, run, number)


def _waiting(store: ModelStore, run: Run, number: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{number}\\. {plain(run.title)} · {_extent_words(run)}", width="stretch")
        if not may_manage_models():
            return
        st.button(
            "Earlier",
            key=f"train_earlier_{run.name}",
            icon=":material/arrow_upward:",
            type="tertiary",
            on_click=act,
            args=(jobs.move_up, store, run),
            disabled=number == 1,
        )
        st.button(
            "Cancel",
            key=f"train_cancel_{run.name}",
            icon=":material/close:",
            type="tertiary",
            on_click=act,
            args=(run.request_stop,),
            help="Takes the run out of the line; what it has learned already is kept.",
        )


def _extent_words(run: Run) -> str:
    epochs = cast(TrainingConfig, run.config()).epochs
    done = (run.report() or {}).get("epochs_done")
    return f"{epochs} epochs" if done is None else f"from epoch {done:.3g} to {epochs}"
