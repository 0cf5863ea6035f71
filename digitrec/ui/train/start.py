"""The button that starts a run."""

from functools import partial

import streamlit as st

from digitrec.drawings.accuracy import LabeledDrawings, labeled_drawings
from digitrec.errors import DigitrecError
from digitrec.jobs.start import start_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.runs.watched_drawing import WatchedDrawing
from digitrec.teaching.history_ink import needs_history, write_history
from digitrec.ui.page_frame import show_error
from digitrec.ui.resources import drawing_store
from digitrec.ui.runs.last_start import already_started, last_start
from digitrec.ui.train.name import chosen_name, clear_name, name_problem
from digitrec.ui.train.run_in_view import bring_into_view
from digitrec.ui.train.values import chosen_config

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


def _history(config: TrainingConfig) -> LabeledDrawings | None:
    return labeled_drawings(drawing_store()) if needs_history(config) else None


def _fill(watched: WatchedDrawing | None, history: LabeledDrawings | None, run: Run) -> None:
    if watched:
        watched.write(run)
    if history:
        write_history(run, history)


def _start(store: ModelStore, watched: WatchedDrawing | None) -> None:
    last = last_start("train")
    name = chosen_name()
    try:
        config = chosen_config(store)
        fill = partial(_fill, watched, _history(config))
        run = last.start(config, name, lambda: start_run(store, config, name, fill))
    except (DigitrecError, OSError) as error:
        st.session_state[PROBLEM] = error
        return
    st.session_state["train_run"] = run.name
    bring_into_view(run)
    clear_name()
