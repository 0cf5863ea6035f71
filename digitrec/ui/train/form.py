"""The form for the settings of a training run."""

from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from digitrec.jobs.augmentation_preview import augmented_digits
from digitrec.jobs.duration_estimate import estimated_seconds, rough_duration_words
from digitrec.recipes.networks import layer_rows, parameter_count
from digitrec.recipes.optimizers import OPTIMIZERS
from digitrec.recipes.parameter_kinds import (
    InkFiles,
    Parameter,
    Section,
    Share,
    parameters,
    summary,
)
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.presets import PRESETS
from digitrec.runs.model_store import ModelStore
from digitrec.system.processes import in_processes
from digitrec.ui.glossary import terms
from digitrec.ui.images import animation
from digitrec.ui.plain_text import plain
from digitrec.ui.train.ink_files import ink_upload
from digitrec.ui.train.name import name_field
from digitrec.ui.train.widgets import parameter_key, parameter_widget

PREVIEW_ROUNDS = 12
# The session key of the preview of augmentation.
PREVIEW = "train_preview"
# The presets with the form's own settings among them, in order of their duration.
SHOWN_PRESETS = {
    "quick": PRESETS["quick"],
    "default": TrainingConfig(),
    "balanced": PRESETS["balanced"],
    "best": PRESETS["best"],
}
FORM_PARAMETERS = {name: spec for name, spec in parameters(TrainingConfig).items() if spec.in_form}
# The key and icon of each section behind *More settings*.
GROUPS = {
    Section.LEARNING: ("train_how", ":material/tune:"),
    Section.PICTURES: ("train_from", ":material/photo_library:"),
    Section.START: ("train_beginning", ":material/flag:"),
}
# The terms that are explained at the end of a section. Those of the curves are explained there.
EXPLAINED = {
    Section.LEARNING: (
        "Optimizer", "Learning rate", "Schedule", "Batch", "Dropout", "Early stopping", "Ensemble",
    ),
    Section.PICTURES: ("Augmentation",),
}  # fmt: skip


def training_form(store: ModelStore, pace: float) -> DeltaGenerator | None:
    """Show the settings; ``chosen_config`` returns their values.

    Args:
        store: Has the models that a run can start from.
        pace: This machine's time relative to the reference machine's.

    Returns:
        The container of the preview that ``show_preview`` fills, which may take a few seconds, so
        the page does it last. None without augmentation, or if the preview is there already.
    """
    _preset(pace)
    preview = _section(store, Section.NETWORK)
    said = _summaries()
    with st.expander("More settings", icon=":material/tune:", key="train_more"):
        for section, (key, icon) in GROUPS.items():
            label = f"**{section}** · {plain(said[section])}"
            with st.expander(label, icon=icon, key=key, type="compact"):
                preview = _section(store, section) or preview
        name_field(store)
    if _summaries() != said:
        st.rerun()  # The page has just been opened, and its link sets other values.
    return preview


def _summaries() -> dict[Section, str]:
    """Return what is set in each section behind *More settings*, in one line."""
    values, defaults = _chosen_values(), TrainingConfig()
    return {section: summary(values, defaults, section) for section in GROUPS}


def show_preview(container: DeltaGenerator) -> None:
    """Show an animation of eight training digits, augmented differently in each frame.

    Raises:
        TrainingError: If they can't be made.
    """
    container.caption("Augmenting eight digits …")
    st.session_state[PREVIEW] = _augmented_digits()
    with container:
        _preview()


def _preview() -> DeltaGenerator | None:
    """Show the preview, or return a container for it if it hasn't been made in this session.

    An image that is shown later than the rest of its page would restart at every click.
    """
    if PREVIEW not in st.session_state:
        return st.empty()
    alt = "Eight training digits, augmented differently again and again"
    st.image(st.session_state[PREVIEW], width="stretch", alt=alt)
    return None


def chosen_config() -> TrainingConfig:
    """Return the configuration chosen in the form.

    Raises:
        ConfigurationError: If a value is outside its limits.
    """
    return TrainingConfig(**_chosen_values())


def _chosen_values() -> dict[str, Any]:
    """Return the values in the form, without those of fields that weren't shown yet."""
    state = st.session_state
    return {
        name: _value(spec, state[key])
        for name, spec in FORM_PARAMETERS.items()
        if (key := parameter_key(name)) in state
    }


def _value(spec: Parameter, shown: Any) -> Any:
    if isinstance(spec, InkFiles):
        return tuple(shown)
    return shown / 100 if isinstance(spec, Share) else shown


def _shown(spec: Parameter, value: Any) -> Any:
    return round(value * 100) if isinstance(spec, Share) else value


def _preset(pace: float) -> None:
    st.session_state["train_preset"] = _matching_preset()
    takes = (
        f"*{name.capitalize()}* {rough_duration_words(estimated_seconds(config, pace))}"
        for name, config in SHOWN_PRESETS.items()
    )
    st.segmented_control(
        "Preset",
        list(SHOWN_PRESETS),
        key="train_preset",
        format_func=str.capitalize,
        on_change=_follow_preset,
        width="stretch",
        wrap=True,
        help=f"On this machine they take about: {', '.join(takes)}. You can change each setting "
        "below.",
    )


def _follow_preset() -> None:
    if chosen := st.session_state["train_preset"]:
        st.session_state.update(_state_of(SHOWN_PRESETS[chosen]))


def _matching_preset() -> str | None:
    state = _state_of(TrainingConfig()) | st.session_state.to_dict()
    shown = SHOWN_PRESETS.items()
    return next((name for name, each in shown if _state_of(each).items() <= state.items()), None)


def _state_of(preset: TrainingConfig) -> dict[str, Any]:
    return {
        parameter_key(name): _shown(spec, getattr(preset, name))
        for name, spec in FORM_PARAMETERS.items()
        if not spec.personal
    }


def _section(store: ModelStore, section: Section) -> DeltaGenerator | None:
    """Show a section's parameters; return the container of the preview, if it has one."""
    preview = None
    defaults = TrainingConfig()
    for name, spec in FORM_PARAMETERS.items():
        if spec.section == section:
            on_change = _follow_optimizer if name == "optimizer" else None
            shown = _shown(spec, getattr(defaults, name))
            parameter_widget(store, name, spec, shown, on_change)
            if name == "network":
                _layers()
            if name == "strokes_from":
                ink_upload(store)
            if name == "augmentation" and st.session_state[parameter_key(name)]:
                preview = _preview()
    terms(*EXPLAINED.get(section, ()))
    return preview


def _follow_optimizer() -> None:
    optimizer = OPTIMIZERS[st.session_state[parameter_key("optimizer")]]
    st.session_state[parameter_key("learning_rate")] = optimizer.learning_rate


def _layers() -> None:
    """Show the layers of the chosen network."""
    name = st.session_state[parameter_key("network")]
    count = st.session_state.get(parameter_key("ensemble"), 1)
    classes = 11 if st.session_state.get(parameter_key("non_digits")) else 10
    size = f"{parameter_count(name, classes):,} parameters"
    words = f"{count} networks of {size}" if count > 1 else size
    with st.popover(words, type="tertiary"):
        st.markdown(f"Layers of **{name}**")
        st.table(
            [
                {
                    "Layer": row.layer,
                    "Output": row.output,
                    "Parameters": f"{row.parameters:,}",
                }
                for row in layer_rows(name, classes)
            ]
        )


@st.cache_data(show_spinner=False)
def _augmented_digits() -> bytes:
    (rounds,) = in_processes([partial(augmented_digits, PREVIEW_ROUNDS, 0)])
    return animation(rounds, factor=2, frame_ms=900)
