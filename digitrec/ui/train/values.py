"""The values in the training form, which the session keeps by their fields' keys."""

from typing import Any

import streamlit as st

from digitrec.errors import ModelError
from digitrec.recipes.parameter_kinds import InkFiles, Parameter, Share, parameters
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.known_networks import starting_from
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run

FORM_PARAMETERS = {name: spec for name, spec in parameters(TrainingConfig).items() if spec.in_form}


def parameter_key(name: str) -> str:
    """Return the key of a parameter's widget, which is also its name in links."""
    return f"train_{name}"


def start_model(store: ModelStore) -> Run | None:
    """Return the model that the form's run starts from; None for a new network."""
    name = st.session_state.get(parameter_key("start_from"))
    try:
        return store.run(name) if name else None
    except ModelError:  # It was deleted.
        return None


def chosen_config(store: ModelStore) -> TrainingConfig:
    """Return the configuration chosen in the form.

    Raises:
        ConfigurationError: If a value is outside its limits, or the model that the run starts from
            lacks a class.
        ModelError: If that model is damaged.
    """
    config, base = TrainingConfig(**chosen_values()), start_model(store)
    return starting_from(base, config) if base else config


def chosen_values() -> dict[str, Any]:
    """Return the values in the form, without those of fields that weren't shown yet."""
    state = st.session_state
    return {
        name: _value(spec, state[key])
        for name, spec in FORM_PARAMETERS.items()
        if (key := parameter_key(name)) in state
    }


def state_of(preset: TrainingConfig) -> dict[str, Any]:
    """Return what a preset puts into the session."""
    return {
        parameter_key(name): shown_value(spec, getattr(preset, name))
        for name, spec in FORM_PARAMETERS.items()
        if not spec.personal
    }


def shown_value(spec: Parameter, value: Any) -> Any:
    """Return a parameter's value as its field shows it: a share in percent."""
    return round(value * 100) if isinstance(spec, Share) else value


def _value(spec: Parameter, shown: Any) -> Any:
    if isinstance(spec, InkFiles):
        return tuple(shown)
    return shown / 100 if isinstance(spec, Share) else shown
