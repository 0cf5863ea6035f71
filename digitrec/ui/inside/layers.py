"""Follows a digit through a network, layer by layer."""

import streamlit as st

from digitrec.arrays import Digit, Floats
from digitrec.recognition.inspector import FeatureMaps, Inspector
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.charts.probabilities import probability_chart
from digitrec.ui.glossary import term, terms
from digitrec.ui.images import enlarged
from digitrec.ui.inside.feature_maps import filter_sheet, map_sheets
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import model_title

# The pictures have few pixels and wouldn't look better if they were larger.
WIDTH = 960

FIRST_LAYER = (
    "Each map belongs to one of the filters above, in the same order. It is bright where the "
    "picture looks like the filter, and black where it doesn't."
)
NEXT_LAYERS = (
    "From here on, each filter looks at all maps of the layer before. The maps get coarser, and "
    "the filters respond to more complex shapes: edges first, then corners and arcs, then parts of "
    "digits."
)
LAST_LAYER = "The answer depends on these maps alone."


def inside_view(digit: Digit, inspector: Inspector, recognizer: Recognizer) -> None:
    """Show the filters, the feature maps and the answer for a digit.

    Args:
        digit: uint8 (28, 28), preprocessed, white ink (255) on black (0).
        inspector: The model's inspector.
        recognizer: The same model's recognizer.
    """
    layers = inspector.feature_maps(digit)
    with st.container(width=WIDTH):
        picture_side, filter_side = st.columns([1, 2], gap="medium")
        with picture_side:
            _picture(digit)
        with filter_side:
            _filters(inspector.filters)
        if inspector.networks > 1:
            st.info(
                f"{plain(model_title(recognizer.name))} is an ensemble: its answer is the mean of "
                f"{inspector.networks} networks. These are the filters and maps of the first.",
                icon=":material/stacks:",
            )
            term("Ensemble")
        for number, layer in enumerate(layers, start=1):
            _layer(layer, _explanation(number, len(layers)))
        _answer(digit, recognizer)


def _picture(digit: Digit) -> None:
    st.subheader("Picture", anchor=False)
    st.image(enlarged(digit, 8), alt="The network's input, white on black")
    st.caption("The network's input: 28 × 28 pixels.")


def _filters(filters: Floats) -> None:
    height, width, count = filters.shape
    st.subheader("Filters of the first convolution", anchor=False)
    st.image(
        filter_sheet(filters), width="stretch", alt=f"{count} filters, one square for each weight"
    )
    st.caption(
        f"{count} filters of {height} × {width} weights, which the network learned. Each slides "
        "over the whole picture. Ink under red weights raises its response, ink under blue "
        "weights lowers it, and white weights ignore ink."
    )
    terms("Filter", "Convolution", "Layer", "Feature map")


def _layer(layer: FeatureMaps, explanation: str) -> None:
    height, width, count = layer.maps.shape
    black = count - int((layer.maps > 0).any(axis=(0, 1)).sum())
    st.subheader(layer.name, anchor=False)
    sheets = map_sheets(layer.maps)
    with st.grid(len(sheets), min_column_width=300, gap="xsmall"):
        for sheet in sheets:
            st.image(sheet, width="stretch", alt=f"Feature maps of {layer.name.lower()}")
    no_response = f"; {black} don't respond to this digit" if black else ""
    st.caption(f"{count} maps of {height} × {width}{no_response}. {explanation}")


def _explanation(number: int, layers: int) -> str:
    words = {1: FIRST_LAYER, 2: NEXT_LAYERS}.get(number, "")
    return f"{words} {LAST_LAYER}" if number == layers else words


def _answer(digit: Digit, recognizer: Recognizer) -> None:
    recognition = recognizer.recognize(digit)
    st.subheader("Answer", anchor=False)
    terms("Logits", "Confidence")
    with st.container(width=480):
        probability_chart(recognition, key="inside_probabilities")
    title = plain(model_title(recognizer.name))
    if recognition.is_digit:
        answer = f"{title} recognizes a {recognition.digit}."
    else:
        answer = f"{title} doesn't recognize a digit. Closest digit: {recognition.digit}."
    st.caption(
        f"{answer} Its answer is the mean of three passes: the picture as it is, and rotated "
        "slightly to either side. The maps are from the first pass."
    )
