"""The watched digits of a run, at any moment of its training."""

import math

import streamlit as st

from digitrec.datasets.watched_digits import watched_digits
from digitrec.runs.events import Step
from digitrec.runs.progress import Progress
from digitrec.runs.run import Run
from digitrec.runs.watched_drawing import read_watched_drawing
from digitrec.ui.account import person
from digitrec.ui.charts.watched import Watched, watched_chart

# With at most this many epochs, the slider moves in tenths of an epoch.
FINE_EPOCHS = 20
EXPLANATION_WIDTH, SLIDER_WIDTH = 400, 280


def watching_view(run: Run, progress: Progress) -> None:
    """Show how the network recognizes the watched digits, and a slider through the training."""
    steps = [step for step in progress.steps if step.answers]
    if not steps:
        return
    with st.container(horizontal=True, gap="medium"):
        explanation = st.container(width=EXPLANATION_WIDTH)
        step = _chosen_step(run, progress, steps)
    watched = _watched(run, step)
    explanation.caption(_explanation(watched))
    watched_chart(watched, key=f"train_watched_{run.name}")


def _explanation(watched: list[Watched]) -> str:
    digits = "Ten hard digits of the test set"
    if watched[0].is_own:
        digits = "Your drawing, then ten hard digits of the test set"
    return (
        f"{digits}, with the true digit below each. Above it is the network's answer; the higher "
        "the bar, the surer the network is."
    )


def _chosen_step(run: Run, progress: Progress, steps: list[Step]) -> Step:
    """Show the slider, and return the step nearest to it.

    It follows the training until a person moves it back.
    """
    key, moved_back = f"train_moment_{run.name}", f"train_moved_back_{run.name}"
    stop = 0.1 if progress.epochs <= FINE_EPOCHS else 1.0
    last = progress.epochs_at(steps[-1])
    latest = min(round(math.ceil(last / stop - 1e-6) * stop, 1), float(progress.epochs))
    if not st.session_state.get(moved_back):
        st.session_state[key] = latest

    def note_move() -> None:
        st.session_state[moved_back] = st.session_state[key] < latest

    moment = st.slider(
        "Answers at epoch",
        0.0,
        float(progress.epochs),
        step=stop,
        format="%g" if stop < 1 else "%d",
        key=key,
        on_change=note_move,
        width=SLIDER_WIDTH,
        help="Shows the network's answers at an earlier point; all the way to the right, it "
        "follows the run.",
    )
    return min(steps, key=lambda step: abs(progress.epochs_at(step) - moment))


def _watched(run: Run, step: Step) -> list[Watched]:
    """Return the watched digits at a step, the person's own first."""
    digits = watched_digits()
    watched = [
        Watched(digit, label, *answer)
        for label, (digit, answer) in enumerate(zip(digits, step.answers, strict=False))
    ]
    own = read_watched_drawing(run) if len(step.answers) > len(digits) else None
    if own is not None and own.owner == person():
        watched.insert(0, Watched(own.digit, own.label, *step.answers[len(digits)], is_own=True))
    return watched
