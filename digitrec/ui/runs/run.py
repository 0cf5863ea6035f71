"""A training run as the pages show it."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from digitrec.errors import ModelError
from digitrec.jobs.start import extend_run, resume_run
from digitrec.recipes.configuration import LIMITS, TrainingConfig
from digitrec.runs.events import Ended, Event, Preparing
from digitrec.runs.log_words import log_lines
from digitrec.runs.model_store import ModelStore
from digitrec.runs.problems import run_problem
from digitrec.runs.progress import Progress, read_progress
from digitrec.runs.results import Results
from digitrec.runs.run import Run, RunState
from digitrec.ui.account import may_manage_models
from digitrec.ui.charts.charts import training_curves, watched_chart
from digitrec.ui.frame import act, show_error, shown_errors
from digitrec.ui.plain import plain
from digitrec.words import duration_words, epochs_words, percent

STATE_BADGES: dict[RunState, tuple[str, Any]] = {
    RunState.WAITING: (":material/hourglass_empty:", "gray"),
    RunState.RUNNING: (":material/bolt:", "blue"),
    RunState.PAUSED: (":material/pause:", "orange"),
    RunState.FINISHED: (":material/check:", "green"),
    RunState.STOPPED: (":material/stop:", "orange"),
    RunState.FAILED: (":material/error:", "red"),
    RunState.INTERRUPTED: (":material/power_off:", "red"),
}


def run_view(store: ModelStore, run: Run) -> None:
    """Show a run; follow it as long as it is live."""
    event_file = run.event_file
    was_live = run.state(event_file.read()).is_live

    @st.fragment(run_every=1.0 if was_live else None)
    def view() -> None:
        with shown_errors():
            events = event_file.read()
            state = run.state(events)
            if state.is_live != was_live:
                st.rerun()  # The whole page, since it is to be followed from now on, or no more.
            if state.is_live:
                _live_view(run, state, events)
            else:
                _ended_view(store, run, state, events)

    view()


def state_badge(state: RunState) -> None:
    """Show where a run stands."""
    icon, colour = STATE_BADGES[state]
    st.badge(state.capitalize(), icon=icon, color=colour)


def use_button(store: ModelStore, run: Run, key: str) -> None:
    """Offer to make a run's model the app's, or tell that it is."""
    if store.active_name() == run.name:
        st.badge("The app uses this model", icon=":material/star:", color="blue")
    else:
        st.button(
            "Use this model",
            key=key,
            icon=":material/star:",
            on_click=act,
            args=(store.activate, run.name),
            help="From now on this model answers on the drawing page.",
        )


def report_link(run: Run) -> None:
    """Lead to the report of a run."""
    st.page_link(
        "pages/networks/report.py",
        label="Report",
        icon=":material/assessment:",
        query_params={"report_model": run.name},
    )


def problem_view(run: Run) -> None:
    """Say what went wrong in a training that learned little or nothing."""
    if problem := run_problem(run):
        st.warning(plain(problem), icon=":material/warning:")


def _live_view(run: Run, state: RunState, events: list[Event]) -> None:
    with _row():
        state_badge(state)
        if may_manage_models():
            _requests(run, state)
    progress = read_progress(events)
    if state == RunState.WAITING:
        st.progress(0.0, text="Waiting for its turn …")
    elif progress is None or events[-1].kind in ("starting", "preparing"):
        _beginning(events[-1])
    else:
        st.progress(min(progress.fraction, 1.0), text=_progress_words(progress))
        _figures(progress)
        _watched(run, progress)
        training_curves(progress, key=f"train_curves_{run.name}")
    _log(run, events)


def _beginning(last: Event) -> None:
    """Say what a run does before it learns."""
    done = min((isinstance(last, Preparing) and last.done) or 0.0, 1.0)
    if not isinstance(last, Preparing):
        words = "Starting TensorFlow …"
    elif done:
        words = f"Making the pictures to learn from: {done:.0%}"
    else:
        words = "Preparing the pictures to learn from …"
    st.progress(done, text=words)


def _requests(run: Run, state: RunState) -> None:
    """Offer to stop or to pause a live run."""
    stopping, pausing = run.stop_requested(), run.pause_requested()
    waits = state == RunState.WAITING
    stop = "Cancel" if waits else "Stop training"
    st.button(
        "Stopping …" if stopping else stop,
        key="train_stop",
        icon=":material/stop:",
        on_click=act,
        args=(ask_to_stop, run),
        disabled=stopping or pausing,
        help="Takes the run out of the queue." if waits else "Keeps what was learned as a model.",
    )
    if state == RunState.RUNNING:
        st.button(
            "Pausing …" if pausing else "Pause",
            key="train_pause",
            icon=":material/pause:",
            on_click=act,
            args=(run.request_pause,),
            disabled=stopping or pausing,
            help="Frees the machine for the next run in the queue. Resume it later where it was.",
        )


def ask_to_stop(run: Run) -> None:
    """Ask a run to stop; a second press finds a canceled one gone."""
    if run.path.is_dir():
        run.request_stop()


def _watched(run: Run, progress: Progress) -> None:
    if progress.steps and progress.steps[-1].answers:
        st.caption(
            "Ten hard digits of the test set, 0 to 9 in turn, and what the network takes each for; "
            "the higher the bar, the surer it is"
        )
        watched_chart(progress.steps[-1].answers, key=f"train_watched_{run.name}")


def _ended_view(store: ModelStore, run: Run, state: RunState, events: list[Event]) -> None:
    with _row():
        state_badge(state)
        if run.has_model:
            use_button(store, run, key="train_use")
            report_link(run)
        if may_manage_models() and run.can_be_resumed(state):
            _resume_button(store, run)
        if may_manage_models() and run.can_be_extended(state):
            _train_on(store, run)
    _what_happened(run, state, events)
    if report := run.report():
        if state not in (RunState.FINISHED, RunState.STOPPED):
            st.caption("The model from before it was trained on:")
        problem_view(run)
        _results(report)
    progress = read_progress(events)
    if progress is not None and progress.steps:
        _watched(run, progress)
        training_curves(progress, key=f"train_curves_{run.name}")
    _log(run, events)


def _resume_button(store: ModelStore, run: Run) -> None:
    st.button(
        "Resume",
        key="train_resume",
        icon=":material/play_arrow:",
        type="primary",
        on_click=act,
        args=(_set_going, run, partial(resume_run, store, run)),
        help="Goes on where the run was when its state was last saved.",
    )


def _train_on(store: ModelStore, run: Run) -> None:
    done, planned = run.results().epochs_done or 0, cast(TrainingConfig, run.config()).epochs
    most = int(LIMITS["epochs"][1])
    if done >= most:
        return
    popover = st.popover("Train on", icon=":material/fast_forward:", type="tertiary")
    with popover, st.container(width=320):
        st.markdown(
            f"The run has done {epochs_words(done)}. It keeps its name, and its model is "
            "replaced once the new one is finished."
        )
        st.number_input(
            "Until epoch",
            math.floor(done) + 1,
            most,
            planned if planned > done else min(planned + 5, most),
            key=f"train_until_{run.name}",
        )
        st.button(
            "Train on",
            key="train_on",
            type="primary",
            on_click=act,
            args=(_set_going, run, partial(_extend, store, run)),
        )


def _extend(store: ModelStore, run: Run) -> None:
    extend_run(store, run, st.session_state[f"train_until_{run.name}"])


def _set_going(run: Run, action: Callable[[], None]) -> None:
    """Set a run going; a second press finds that it is already."""
    try:
        action()
    except ModelError:
        if not run.is_alive():
            raise


def _what_happened(run: Run, state: RunState, events: list[Event]) -> None:
    if state == RunState.FAILED:
        said = events[-1].message if isinstance(events[-1], Ended) else ""
        show_error(said or "it failed without saying why")
    elif state == RunState.INTERRUPTED:
        kept = (
            "What it had learned when its state was last saved is kept."
            if run.checkpoint_path.exists()
            else "Its state was not saved yet, so it begins anew when it is resumed."
        )
        st.warning(f"The training process is gone. {kept}", icon=":material/power_off:")


def _log(run: Run, events: list[Event]) -> None:
    """Offer what happened in our own words, and apart from that what TensorFlow printed."""
    with st.expander("Log", icon=":material/list:", key=f"train_log_{run.name}"):
        st.code("\n".join(log_lines(events)), language=None, wrap_lines=True)
    if run.log_path.exists() and (printed := run.log_path.read_text(errors="replace").strip()):
        key = f"train_messages_{run.name}"
        with st.expander("TensorFlow's messages", icon=":material/terminal:", key=key):
            st.code(printed[-8000:], language=None)


def _row() -> DeltaGenerator:
    return st.container(horizontal=True, vertical_alignment="center", gap="small")


def rough_duration_words(seconds: float) -> str:
    """Return a duration as roughly as it is known: ``20 s``, ``3 min`` or ``1 h 10 min``."""
    step = 10 if seconds < 90 else 60 if seconds < 3600 else 600
    return duration_words(max(10, round(seconds / step) * step)).removesuffix(" 0 s")


def _progress_words(progress: Progress) -> str:
    if progress.is_evaluating:
        return "Reading the test set and exporting the model …"
    words = f"Epoch {progress.epoch} of {progress.epochs}"
    if progress.remaining_s is not None:
        words += f" · about {duration_words(progress.remaining_s)} left"
    return words


def _figures(progress: Progress) -> None:
    last = progress.steps[-1] if progress.steps else None
    validated = [e.val_accuracy for e in progress.epoch_ends if e.val_accuracy is not None]
    with st.container(horizontal=True, gap="medium"):
        _metric("Loss", f"{last.loss:.4f}" if last else None)
        _metric("Accuracy", percent(last.accuracy) if last else None)
        _metric("Validation", percent(validated[-1]) if validated else None)
        rate = last.learning_rate if last else None
        _metric("Learning rate", f"{rate:.2g}" if rate is not None else None)
        _metric("Images/s", f"{last.images_per_second:,}" if last else None)


def _results(report: Results) -> None:
    with st.container(horizontal=True, gap="medium"):
        _metric("Test accuracy", percent(report.test_accuracy))
        if report.epochs_done is not None and report.duration_s is not None:
            _metric("Trained for", epochs_words(report.epochs_done))
            _metric("Training time", duration_words(report.duration_s))
        _metric("Parameters", f"{report.parameters:,}")


def _metric(label: str, value: str | None) -> None:
    st.metric(label, value, width="content")
