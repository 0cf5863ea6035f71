"""The name of a new run and the button that starts it."""

import streamlit as st

from digitrec.errors import ConfigurationError, DigitrecError
from digitrec.jobs.start import start_run
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.run_names import LONGEST
from digitrec.runs.model_store import ModelStore
from digitrec.ui.page_frame import show_error
from digitrec.ui.runs.last_start import already_started, last_start
from digitrec.ui.train.form import chosen_config

PROBLEM = "train_problem"


def training_start(store: ModelStore, config: TrainingConfig | None) -> None:
    """Show the name and the button, with any error between them.

    Args:
        store: The store to create the run in.
        config: The run's settings; None if they are invalid.
    """
    st.text_input(
        "Name",
        key="train_name",
        persist_state="session",
        placeholder="Optional",
        max_chars=LONGEST,
        help="Names the run and its model; if empty, it gets its network's name and a number.",
    )
    problem = _name_problem(store)
    if error := problem or st.session_state.get(PROBLEM):
        show_error(error)
    st.session_state.pop(PROBLEM, None)
    running = last_start("train").running(config, _chosen_name())
    st.button(
        "Start training",
        key="train_start",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        on_click=_start,
        args=(store,),
        disabled=config is None or problem is not None or running is not None,
    )
    if running:
        already_started("train", running)


def _start(store: ModelStore) -> None:
    last = last_start("train")
    name = _chosen_name()
    try:
        config = chosen_config()
        run = last.start(config, name, lambda: start_run(store, config, name))
    except (DigitrecError, OSError) as error:
        st.session_state[PROBLEM] = error
        return
    st.session_state["train_run"] = run.name
    st.session_state["train_name"] = ""


def _chosen_name() -> str | None:
    return st.session_state["train_name"].strip() or None


def _name_problem(store: ModelStore) -> ConfigurationError | None:
    name = _chosen_name()
    try:
        if name:
            store.path_of_new(name)
    except ConfigurationError as error:
        return error
    return None
