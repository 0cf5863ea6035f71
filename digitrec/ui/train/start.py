"""The button that starts a run."""

import streamlit as st

from digitrec.errors import DigitrecError
from digitrec.jobs.start import start_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.watched_drawing import WatchedDrawing
from digitrec.ui.page_frame import show_error
from digitrec.ui.runs.last_start import already_started, last_start
from digitrec.ui.train.form import chosen_config
from digitrec.ui.train.name import chosen_name, clear_name, name_problem
from digitrec.ui.train.run_in_view import bring_into_view

PROBLEM = "train_problem"


def training_start(
    store: ModelStore, config: TrainingConfig | None, watched: WatchedDrawing | None
) -> None:
    """Show the button, with any error above it.

    Args:
        store: The store to create the run in.
        config: The run's settings; None if they are invalid.
        watched: The person's drawing to watch.
    """
    if error := st.session_state.pop(PROBLEM, None):
        show_error(error)
    problem = name_problem(store)
    if problem:
        st.caption("Change the name in *More settings* to start.")
    running = last_start("train").running(config, chosen_name())
    st.button(
        "Start training",
        key="train_start",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        on_click=_start,
        args=(store, watched),
        disabled=config is None or problem is not None or running is not None,
    )
    if running:
        already_started("train", running)


def _start(store: ModelStore, watched: WatchedDrawing | None) -> None:
    last = last_start("train")
    name = chosen_name()
    try:
        config = chosen_config()
        run = last.start(config, name, lambda: start_run(store, config, name, watched))
    except (DigitrecError, OSError) as error:
        st.session_state[PROBLEM] = error
        return
    st.session_state["train_run"] = run.name
    bring_into_view(run)
    clear_name()
