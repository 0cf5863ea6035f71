"""Makes the widget that fits a training parameter."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from digitrec.recipes.parameter_kinds import (
    Choice,
    InkFiles,
    ModelName,
    Number,
    Parameter,
    Real,
    Share,
    Switch,
    Whole,
)
from digitrec.runs.model_store import ModelStore
from digitrec.ui.glossary import with_term
from digitrec.ui.runs.picker import follow_link, write_link
from digitrec.ui.train.ink_files import ink_files_picker
from digitrec.ui.train.values import parameter_key

# Numbers from a wider range get an input field instead of a slider.
LONGEST_SLIDER = 1000

OnChange = Callable[[], None] | None


def parameter_widget(
    store: ModelStore, name: str, spec: Parameter, default: Any, on_change: OnChange = None
) -> None:
    """Show the widget of a parameter.

    Args:
        store: Has the models that a run can start from.
        name: The name of the parameter's field.
        spec: The parameter.
        default: Its initial value; a share in percent.
        on_change: Called when a person changes it.
    """
    common: dict[str, Any] = {
        "key": parameter_key(name),
        "help": with_term(spec.term, spec.help) if spec.term else spec.help,
        "on_change": on_change,
    }
    match spec:
        case ModelName():
            _model_picker(store, spec, common)
        case InkFiles():
            ink_files_picker(store, spec, common)
        case Switch():
            st.toggle(spec.label, value=default, bind="query-params", **common)
        case Choice():
            _choice(spec, default, common)
        case Number() if spec.stops:
            st.select_slider(
                spec.label,
                spec.stops,
                default,
                bind="query-params",
                format_func=spec.words,
                **common,
            )
        case Number():
            _number(spec, default, common)


def _model_picker(store: ModelStore, spec: Parameter, common: dict[str, Any]) -> None:
    """Offer the models that can be trained further; a link names a model's folder."""
    names = [run.name for run in store.models() if run.can_be_trained_further]
    follow_link(common["key"], names)
    st.selectbox(
        spec.label,
        names,
        index=None,
        placeholder=spec.unset,
        persist_state="session",
        format_func=store.title,
        **common,
    )
    write_link(common["key"])


def _choice(spec: Choice, default: str, common: dict[str, Any]) -> None:
    choices = list(spec.choices)
    if spec.side_by_side:
        st.segmented_control(
            spec.label,
            choices,
            default=default,
            required=True,
            bind="query-params",
            format_func=spec.words,
            **common,
        )
    else:
        st.selectbox(
            spec.label,
            choices,
            index=choices.index(default),
            bind="query-params",
            format_func=spec.words,
            **common,
        )


def _number(spec: Number, default: Any, common: dict[str, Any]) -> None:
    low, high = spec.slider or (spec.low, spec.high)
    if isinstance(spec, Whole) and high - low > LONGEST_SLIDER:
        st.number_input(spec.label, int(low), int(high), default, bind="query-params", **common)
    elif isinstance(spec, Whole):
        st.slider(spec.label, int(low), int(high), default, bind="query-params", **common)
    elif isinstance(spec, Share):
        low, high = round(low * 100), round(high * 100)
        st.slider(spec.label, low, high, default, format="%d%%", bind="query-params", **common)
    elif isinstance(spec, Real):
        st.slider(spec.label, low, high, default, spec.step, bind="query-params", **common)
