"""The network that a run trains: a new one, or that of the model it starts from."""

import streamlit as st

from digitrec.errors import ModelError
from digitrec.recipes.networks import layer_rows, parameter_count
from digitrec.recognition.answers import DIGITS
from digitrec.runs.known_networks import KnownNetwork, network_of
from digitrec.runs.run import Run
from digitrec.ui.plain_text import plain
from digitrec.ui.train.values import parameter_key


def new_layers() -> None:
    """Show the layers of the chosen network."""
    state = st.session_state
    _layers(
        KnownNetwork(
            state[parameter_key("network")],
            state.get(parameter_key("ensemble"), 1),
            DIGITS + bool(state.get(parameter_key("non_digits"))),
        )
    )


def network_of_start(base: Run) -> None:
    """Say whose network is trained further, in place of the choice of a new one."""
    st.markdown(f"Trains a copy of **{plain(base.title)}**")
    try:
        results = base.results()
    except ModelError:
        return  # The form explains it above its button.
    if known := network_of(results):
        _layers(known, f"{known.network}, ")
    else:
        st.caption(f"Imported network, {results.parameters:,} parameters")
    if results.stroke_reader and not st.session_state.get(parameter_key("strokes_from")):
        st.caption(
            "The copy has no stroke reader. To add one, use *Stroke reader* under *Training data*."
        )
    st.button(
        "Train a new network instead",
        key="train_new_network",
        type="tertiary",
        icon=":material/close:",
        on_click=_train_new_network,
    )


def _train_new_network() -> None:
    st.session_state[parameter_key("start_from")] = None


def _layers(known: KnownNetwork, before: str = "") -> None:
    size = f"{parameter_count(known.network, known.classes):,} parameters"
    words = f"{known.ensemble} networks of {size}" if known.ensemble > 1 else size
    with st.popover(before + words, type="tertiary"):
        st.markdown(f"Layers of **{known.network}**")
        st.table(
            [
                {
                    "Layer": row.layer,
                    "Output": row.output,
                    "Parameters": f"{row.parameters:,}",
                }
                for row in layer_rows(known.network, known.classes)
            ]
        )
