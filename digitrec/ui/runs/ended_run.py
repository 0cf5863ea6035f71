"""A run that is over or paused: its results, and the buttons to resume it or add epochs."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import cast

import streamlit as st

from digitrec.errors import ModelError
from digitrec.formatting import duration_words, epochs_words, percent
from digitrec.jobs.duration_estimate import estimated_seconds, rough_duration_words
from digitrec.jobs.start import extend_run, resume_run
from digitrec.recipes.parameters import MOST_EPOCHS, TrainingConfig
from digitrec.reports.difference import change_by_training
from digitrec.runs.events import Ended, Event
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.results import Results
from digitrec.runs.run import Run, RunState
from digitrec.settings import TUTORIAL_MODEL
from digitrec.ui.account import may_manage_models
from digitrec.ui.page_frame import act, show_error, shown_errors
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import machine_pace, mnist_test_set
from digitrec.ui.runs.learning import learning_view, run_log
from digitrec.ui.runs.status import problem_view, report_link, state_badge, use_button
from digitrec.ui.runs.verdict import short_verdict


def ended_view(store: ModelStore, run: Run, state: RunState, events: list[Event]) -> None:
    """Show the results of a run that isn't live, with its buttons."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        state_badge(state)
        if run.has_model:
            use_button(store, run, key="train_use")
            report_link(run)
        if may_manage_models() and run.can_be_resumed(state):
            _resume_button(store, run)
        if may_manage_models() and run.can_be_extended(state):
            _add_epochs_popover(store, run)
    _failure(run, state, events)
    if report := run.report():
        if state not in (RunState.FINISHED, RunState.STOPPED):
            st.caption("The current model, trained before epochs were added:")
        problem_view(run)
        _results(report)
        if change := change_by_training(run, mnist_test_set()[1]):
            st.markdown(plain(change))
        _beside_others(store, run)
    progress = read_progress(events)
    if progress is not None and progress.steps:
        learning_view(run, progress)
    run_log(run, events)


def _beside_others(store: ModelStore, run: Run) -> None:
    """Compare a run's model with the tutorial's, and with the one in use."""
    if not run.has_model:
        return
    config = run.config()
    known = {run.name, config and config.start_from}
    others = dict.fromkeys((TUTORIAL_MODEL, store.active_name()))
    with shown_errors():
        words = [short_verdict(run, store.run(name)) for name in others if name not in known]
        st.markdown("  \n".join(words))


def _resume_button(store: ModelStore, run: Run) -> None:
    st.button(
        "Resume",
        key="train_resume",
        icon=":material/play_arrow:",
        type="primary",
        on_click=act,
        args=(_start_once, run, partial(resume_run, store, run)),
        help="Continues from the last checkpoint.",
    )


def _add_epochs_popover(store: ModelStore, run: Run) -> None:
    done, config = run.results().epochs_done or 0, cast(TrainingConfig, run.config())
    planned = config.epochs
    if done >= MOST_EPOCHS:
        return
    popover = st.popover("Add epochs", icon=":material/fast_forward:", type="tertiary")
    with popover, st.container(width=320):
        st.markdown(
            f"The run has trained for {epochs_words(done)}. It keeps its name, and its model is "
            "replaced when the new one is finished."
        )
        until = st.number_input(
            "Train until epoch",
            math.floor(done) + 1,
            MOST_EPOCHS,
            planned if planned > done else min(planned + 5, MOST_EPOCHS),
            key=f"train_until_{run.name}",
        )
        st.caption(_what_it_takes(config, int(until) - done))
        st.button(
            "Add epochs",
            key="train_on",
            type="primary",
            on_click=act,
            args=(_start_once, run, partial(_extend, store, run)),
        )


def _what_it_takes(config: TrainingConfig, epochs: float) -> str:
    """Say how long more epochs take, and what becomes of the schedule."""
    seconds = estimated_seconds(replace(config, epochs=math.ceil(epochs)), machine_pace())
    schedule = (
        "The learning rate stays as it is."
        if config.schedule == "constant"
        else "The schedule is stretched over all epochs, so the learning rate rises again."
    )
    return f"This takes about {rough_duration_words(seconds)} on this machine. {schedule}"


def _extend(store: ModelStore, run: Run) -> None:
    extend_run(store, run, st.session_state[f"train_until_{run.name}"])


def _start_once(run: Run, action: Callable[[], None]) -> None:
    """Resume or extend a run, unless an earlier press did it already."""
    try:
        action()
    except ModelError:
        if not run.is_alive():
            raise


def _failure(run: Run, state: RunState, events: list[Event]) -> None:
    """Say why a run failed or was interrupted, if it was."""
    if state == RunState.FAILED:
        message = events[-1].message if isinstance(events[-1], Ended) else ""
        show_error(message or "the run failed without an error message; see the log below")
    elif state == RunState.INTERRUPTED:
        kept = (
            "You can resume it from its last checkpoint."
            if run.checkpoint_path.exists()
            else "It had no checkpoint yet, so it starts over when you resume it."
        )
        st.warning(f"The training process ended unexpectedly. {kept}", icon=":material/power_off:")


def _results(report: Results) -> None:
    with st.container(horizontal=True, gap="medium"):
        st.metric("Test accuracy", percent(report.test_accuracy), width="content")
        if report.epochs_done is not None and report.duration_s is not None:
            st.metric("Trained for", epochs_words(report.epochs_done), width="content")
            st.metric("Training time", duration_words(report.duration_s), width="content")
        st.metric("Parameters", f"{report.all_parameters:,}", width="content")
