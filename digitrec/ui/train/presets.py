"""The presets of the training form."""

from typing import Any

import streamlit as st

from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.presets import ABOUT, PRESETS
from digitrec.runs.run import Run
from digitrec.ui.train.duration import rough_duration
from digitrec.ui.train.values import FORM_PARAMETERS, parameter_key, state_of

KEY = "train_preset"
# The session keys of the settings that the page showed last, and of the preset chosen last.
SEEN, LAST = "train_preset_seen", "train_preset_last"
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
    st.session_state[KEY], st.session_state[SEEN] = _matching(), _settings()

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
        help="Fills in the settings below.",
    )
    if chosen := st.session_state[KEY]:
        st.session_state[LAST] = chosen
    last = None if chosen else st.session_state.get(LAST)
    # The line is always there, or the fields below would jump.
    st.caption(
        f"Changed from {last.capitalize()}: {_changed(SHOWN[last])}."
        if last
        else "You can change any of these settings."
    )


def _caption(name: str, base: Run | None) -> str:
    about = ABOUT[name]
    means = ", ".join(part for part in ("" if base else about.network, about.means) if part)
    return f"{about.gain}: {means}" if means else about.gain


def _follow() -> None:
    # Moved quickly, a slider can report beside the preset that was chosen before it moved.
    if st.session_state[SEEN] == _settings() and (chosen := st.session_state[KEY]):
        st.session_state.update(state_of(SHOWN[chosen]))


def _matching() -> str | None:
    settings = _settings()
    return next((name for name, each in SHOWN.items() if state_of(each) == settings), None)


def _changed(preset: TrainingConfig) -> str:
    """Name the settings that aren't the preset's."""
    settings, values = _settings(), state_of(preset)
    changed = [
        parameter.label.lower()
        for name, parameter in FORM_PARAMETERS.items()
        if settings.get(key := parameter_key(name)) != values.get(key)
    ]
    return ", ".join(changed)


def _settings() -> dict[str, Any]:
    """Return the values that presets set."""
    return {
        key: st.session_state.get(key, value) for key, value in state_of(TrainingConfig()).items()
    }
