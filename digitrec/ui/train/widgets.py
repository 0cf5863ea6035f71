"""Makes the widget that fits a training parameter."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from digitrec.recipes.parameter_kinds import (
    Choice,
    ModelName,
    Number,
    Parameter,
    Real,
    Share,
    Switch,
    Whole,
)
from digitrec.runs.model_store import ModelStore
from digitrec.ui.runs.picker import follow_link, write_link

# Numbers from a wider range get an input field instead of a slider.
LONGEST_SLIDER = 1000

OnChange = Callable[[], None] | None


def parameter_key(name: str) -> str:
    """Return the key of a parameter's widget, which is also its name in links."""
    return f"train_{name}"


def parameter_widget(
    store: ModelStore, name: str, about: Parameter, default: Any, on_change: OnChange = None
) -> None:
    """Show the widget of a parameter.

    Args:
        store: Has the models that a run can start from.
        name: The name of the parameter's field.
        about: The parameter.
        default: Its initial value; a share in percent.
        on_change: Called when a person changes it.
    """
    common: dict[str, Any] = {
        "key": parameter_key(name),
        "help": about.help,
        "on_change": on_change,
    }
    match about:
        case ModelName():
            _model_picker(store, about, common)
        case Switch():
            st.toggle(about.label, value=default, bind="query-params", **common)
        case Choice():
            _choice(about, default, common)
        case Number() if about.stops:
            st.select_slider(
                about.label,
                about.stops,
                default,
                bind="query-params",
                format_func=about.words,
                **common,
            )
        case Number():
            _number(about, default, common)


def _model_picker(store: ModelStore, about: Parameter, common: dict[str, Any]) -> None:
    """Offer the models that can be trained further; a link names a model's folder."""
    names = [run.name for run in store.models() if run.can_be_trained_further]
    follow_link(common["key"], names)
    st.selectbox(
        about.label,
        names,
        index=None,
        placeholder=about.unset,
        persist_state="session",
        format_func=store.title,
        **common,
    )
    write_link(common["key"])


def _choice(about: Choice, default: str, common: dict[str, Any]) -> None:
    choices = list(about.choices)
    if about.side_by_side:
        st.segmented_control(
            about.label,
            choices,
            default=default,
            required=True,
            bind="query-params",
            format_func=about.words,
            **common,
        )
    else:
        st.selectbox(
            about.label,
            choices,
            index=choices.index(default),
            bind="query-params",
            format_func=about.words,
            **common,
        )


def _number(about: Number, default: Any, common: dict[str, Any]) -> None:
    low, high = about.slider or (about.low, about.high)
    if isinstance(about, Whole) and high - low > LONGEST_SLIDER:
        st.number_input(about.label, int(low), int(high), default, bind="query-params", **common)
    elif isinstance(about, Whole):
        st.slider(about.label, int(low), int(high), default, bind="query-params", **common)
    elif isinstance(about, Share):
        low, high = round(low * 100), round(high * 100)
        st.slider(about.label, low, high, default, format="%d%%", bind="query-params", **common)
    elif isinstance(about, Real):
        st.slider(about.label, low, high, default, about.step, bind="query-params", **common)
