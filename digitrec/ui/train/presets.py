"""The presets of the training form."""

import streamlit as st

from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.presets import ABOUT, PRESETS
from digitrec.runs.run import Run
from digitrec.ui.train.duration import rough_duration
from digitrec.ui.train.values import state_of

KEY = "train_preset"
# The presets with the form's own settings among them, in order of their duration.
SHOWN = {
    "quick": PRESETS["quick"],
    "default": TrainingConfig(),
    "balanced": PRESETS["balanced"],
    "best": PRESETS["best"],
}


def preset_choice(base: Run | None, pace: float) -> None:
    """Offer the presets, each with what it is for and what it costs.

    Args:
        base: The model that the run starts from; None for a new network.
        pace: This machine's time relative to the reference machine's.
    """
    st.session_state[KEY] = _matching()

    def label(name: str) -> str:
        duration = rough_duration(base, SHOWN[name], pace)
        return f"{name.capitalize()} · about {duration}" if duration else name.capitalize()

    st.radio(
        "Preset",
        list(SHOWN),
        index=None,
        key=KEY,
        format_func=label,
        captions=[_caption(name, base) for name in SHOWN],
        on_change=_follow,
        width="stretch",
        help="Changes the settings below, which you can then change one by one.",
    )


def _caption(name: str, base: Run | None) -> str:
    about = ABOUT[name]
    means = ", ".join(part for part in ("" if base else about.network, about.means) if part)
    return f"{about.gain}: {means}" if means else about.gain


def _follow() -> None:
    if chosen := st.session_state[KEY]:
        st.session_state.update(state_of(SHOWN[chosen]))


def _matching() -> str | None:
    state = state_of(TrainingConfig()) | st.session_state.to_dict()
    shown = SHOWN.items()
    return next((name for name, each in shown if state_of(each).items() <= state.items()), None)
