"""A run that waits or trains: its progress, and the buttons to stop and pause it."""

import streamlit as st

from digitrec.formatting import decimal, duration_words, percent
from digitrec.runs.events import Event, LearningStrokes, Preparing
from digitrec.runs.progress import Progress, read_progress
from digitrec.runs.run import Run, RunState
from digitrec.runs.validation import validations
from digitrec.ui.account import may_manage_models
from digitrec.ui.page_frame import act
from digitrec.ui.runs.learning import learning_view, run_log
from digitrec.ui.runs.status import state_badge


def live_view(run: Run, state: RunState, events: list[Event]) -> None:
    """Show the progress of a live run, with its buttons."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        _state_and_buttons(run, state)
    progress = read_progress(events)
    if state == RunState.WAITING:
        st.progress(0.0, text="Waiting to start …")
    elif progress is None or events[-1].kind in ("starting", "preparing"):
        _preparation(events[-1])
        if progress:  # It is resumed, and what it has learned is still there.
            learning_view(run, progress)
    elif isinstance(events[-1], LearningStrokes):
        words = f"Training the stroke reader: {events[-1].done:.0%}"
        st.progress(min(events[-1].done, 1.0), text=words)
        learning_view(run, progress)
    else:
        st.progress(min(progress.fraction, 1.0), text=_progress_text(progress))
        _metrics(progress)
        learning_view(run, progress)
    run_log(run, events)


def _preparation(last: Event) -> None:
    """Show what a run does before its first step."""
    done = min((isinstance(last, Preparing) and last.done) or 0.0, 1.0)
    if not isinstance(last, Preparing):
        words = "Starting TensorFlow …"
    elif done:
        words = f"Generating training pictures: {done:.0%}"
    else:
        words = "Preparing the training pictures …"
    st.progress(done, text=words)


def _state_and_buttons(run: Run, state: RunState) -> None:
    """Show a live run's state, and the buttons that stop and pause it until one is pressed.

    A run that waits is canceled in the queue.
    """
    if run.stop_requested():
        st.badge("Stopping …", icon=":material/stop:", color="orange")
        return
    if run.pause_requested():
        st.badge("Pausing …", icon=":material/pause:", color="orange")
        return
    state_badge(state)
    if state == RunState.RUNNING and may_manage_models():
        _stop_and_pause_buttons(run)


def _stop_and_pause_buttons(run: Run) -> None:
    st.button(
        "Stop and keep",
        key="train_stop",
        icon=":material/stop:",
        on_click=act,
        args=(ask_to_stop, run),
        help="Ends the run and saves what it has learned as a model.",
    )
    st.button(
        "Pause",
        key="train_pause",
        icon=":material/pause:",
        on_click=act,
        args=(run.request_pause,),
        help="Frees the machine for the next run in the queue. You can resume this one later.",
    )


def ask_to_stop(run: Run) -> None:
    """Ask a run to stop."""
    if run.path.is_dir():  # On a second press a canceled run is already gone.
        run.request_stop()


def _progress_text(progress: Progress) -> str:
    if progress.is_evaluating:
        return "Evaluating on the test set and exporting the model …"
    words = f"Epoch {progress.epoch} of {progress.epochs}"
    if progress.fraction >= 1:
        return f"{words} · checking it on the validation split …"
    if progress.remaining_s is not None:
        words += f" · about {duration_words(progress.remaining_s)} left"
    return words


def _metrics(progress: Progress) -> None:
    last = progress.steps[-1] if progress.steps else None
    validated = next(reversed(validations(progress)), None)
    of_sample = validated is not None and validated.is_estimate
    with st.container(horizontal=True, gap="small"):
        st.metric("Loss", f"{last.loss:.4f}" if last else None, width="content")
        st.metric("Accuracy", percent(last.accuracy) if last else None, width="content")
        st.metric(
            "Validation (sample)" if of_sample else "Validation accuracy",
            percent(validated.accuracy) if validated else None,
            width="content",
            help="Measured on 500 of the validation pictures; at the end of the epoch, it is "
            "measured on all of them."
            if of_sample
            else None,
        )
        rate = last.learning_rate if last else None
        st.metric("Learning rate", None if rate is None else decimal(rate), width="content")
        st.metric("Pictures/s", f"{last.images_per_second:,}" if last else None, width="content")
