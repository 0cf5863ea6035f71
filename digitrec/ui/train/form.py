"""The form for the settings of a training run."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from digitrec.arrays import Digits
from digitrec.jobs.augmentation_preview import augmented_digits
from digitrec.recipes.optimizers import OPTIMIZERS
from digitrec.recipes.parameter_kinds import Section, summary
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.system.processes import in_processes
from digitrec.ui.charts.images import animation
from digitrec.ui.charts.theme import theme
from digitrec.ui.plain_text import plain
from digitrec.ui.train.ink_files import ink_upload
from digitrec.ui.train.name import name_field
from digitrec.ui.train.network import network_of_start, new_layers
from digitrec.ui.train.presets import preset_choice
from digitrec.ui.train.values import (
    FORM_PARAMETERS,
    chosen_values,
    parameter_key,
    shown_value,
    start_model,
)
from digitrec.ui.train.widgets import parameter_widget

PREVIEW_ROUNDS = 12
# The session key of the preview of augmentation.
PREVIEW = "train_preview"
# The key and icon of each section behind *More settings*.
GROUPS = {
    Section.LEARNING: ("train_how", ":material/tune:"),
    Section.PICTURES: ("train_from", ":material/photo_library:"),
    Section.START: ("train_beginning", ":material/flag:"),
}


def training_form(store: ModelStore, pace: float) -> DeltaGenerator | None:
    """Show the settings; ``chosen_config`` returns their values.

    Args:
        store: Has the models that a run can start from.
        pace: This machine's time relative to the reference machine's.

    Returns:
        The container of the preview that ``show_preview`` fills, which may take a few seconds, so
        the page does it last. None without augmentation, or if the preview is there already.
    """
    preset_choice(start_model(store), pace)
    preview = _section(store, Section.NETWORK)
    said = _summaries(store)
    with st.expander("More settings", icon=":material/tune:", key="train_more"):
        for section, (key, icon) in GROUPS.items():
            label = f"**{section}** · {plain(said[section])}"
            with st.expander(label, icon=icon, key=key, type="compact"):
                preview = _section(store, section) or preview
        name_field(store)
    if _summaries(store) != said:
        st.rerun()  # The page has just been opened, and its link sets other values.
    return preview


def _summaries(store: ModelStore) -> dict[Section, str]:
    """Return what is set in each section behind *More settings*, in one line."""
    values, defaults = chosen_values(), TrainingConfig()
    if base := start_model(store):
        values = {n: v for n, v in values.items() if not FORM_PARAMETERS[n].of_new_network}
        values["start_from"] = base.title
    return {section: summary(values, defaults, section) for section in GROUPS}


def show_preview(container: DeltaGenerator) -> None:
    """Show an animation of eight training digits, augmented differently in each frame.

    Raises:
        TrainingError: If they can't be made.
    """
    container.caption("Augmenting eight digits …")
    st.session_state[_preview_key()] = animation(_augmented_digits(), factor=2, frame_ms=900)
    with container:
        _preview()


def _preview() -> DeltaGenerator | None:
    """Show the preview, or return a container for it if it hasn't been made in this session.

    An image that is shown later than the rest of its page would restart at every click.
    """
    if _preview_key() not in st.session_state:
        return st.empty()
    alt = "Eight training digits, augmented differently again and again"
    st.image(st.session_state[_preview_key()], width="stretch", alt=alt)
    return None


def _section(store: ModelStore, section: Section) -> DeltaGenerator | None:
    """Show a section's parameters; return the container of the preview, if it has one."""
    preview, base = None, start_model(store)
    if base and section == Section.NETWORK:
        network_of_start(base)
    for name, spec in FORM_PARAMETERS.items():
        if spec.section != section or (base and spec.of_new_network):
            continue
        _field(store, name)
        if name == "augmentation" and st.session_state[parameter_key(name)]:
            preview = _preview()
    return preview


def _field(store: ModelStore, name: str) -> None:
    """Show a parameter's field, and what belongs below it."""
    spec = FORM_PARAMETERS[name]
    on_change = _follow_optimizer if name == "optimizer" else None
    parameter_widget(
        store, name, spec, shown_value(spec, getattr(TrainingConfig(), name)), on_change
    )
    if name == "network":
        new_layers()
    if name == "strokes_from":
        ink_upload(store)


def _follow_optimizer() -> None:
    optimizer = OPTIMIZERS[st.session_state[parameter_key("optimizer")]]
    st.session_state[parameter_key("learning_rate")] = optimizer.learning_rate


def _preview_key() -> str:
    return f"{PREVIEW}_{theme()}"


@st.cache_data(show_spinner=False)
def _augmented_digits() -> Digits:
    (rounds,) = in_processes([partial(augmented_digits, PREVIEW_ROUNDS, 0)])
    return rounds
