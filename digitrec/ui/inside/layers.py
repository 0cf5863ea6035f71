"""A digit's way through a network, from the picture to the answer."""

import streamlit as st

from digitrec.arrays import Digit, Floats
from digitrec.recognition.inspector import FeatureMaps, Inspector
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.charts.probabilities import probability_chart
from digitrec.ui.images import enlarged
from digitrec.ui.inside.feature_maps import filter_sheet, map_sheets
from digitrec.ui.plain import plain
from digitrec.ui.resources import model_title

# Pictures of so few pixels gain nothing from more room than this.
WIDTH = 960

FIRST_LAYER = (
    "Each map belongs to one of the filters above, in the same order. It is bright where the "
    "picture around a pixel looks like the filter, and black where it does not."
)
NEXT_LAYERS = (
    "From here on a filter looks at all maps of the layer before. The maps get coarser, and what "
    "they answer to gets more complex: edges at first, then corners and arcs, then parts of digits."
)
LAST_LAYER = "The answer is made from these maps alone."


def inside_view(digit: Digit, inspector: Inspector, recognizer: Recognizer) -> None:
    """Show what a model makes of a digit, layer by layer.

    Args:
        digit: uint8 (28, 28), preprocessed.
        inspector: Looks into the model.
        recognizer: The same model.
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
                f"{inspector.networks} networks. The filters and maps are those of the first.",
                icon=":material/stacks:",
            )
        for number, layer in enumerate(layers, start=1):
            _layer(layer, _explanation(number, len(layers)))
        _answer(digit, recognizer)


def _picture(digit: Digit) -> None:
    st.subheader("Picture", anchor=False)
    st.image(enlarged(digit, 8), alt="The digit as the network is given it, white on black")
    st.caption("What the network is given: 28 × 28 pixels.")


def _filters(filters: Floats) -> None:
    height, width, count = filters.shape
    st.subheader("Filters of the first convolution", anchor=False)
    st.image(
        filter_sheet(filters), width="stretch", alt=f"{count} filters, one square for each weight"
    )
    st.caption(
        f"{count} filters of {height} × {width} weights, which the network has learned. Each is "
        "moved over the whole picture. Where it is red, ink speaks for its pattern; where it is "
        "blue, ink speaks against it; where it is white, ink makes no difference."
    )


def _layer(layer: FeatureMaps, explanation: str) -> None:
    height, width, count = layer.maps.shape
    dark = count - int((layer.maps > 0).any(axis=(0, 1)).sum())
    st.subheader(layer.name, anchor=False)
    sheets = map_sheets(layer.maps)
    with st.grid(len(sheets), min_column_width=300, gap="xsmall"):
        for sheet in sheets:
            st.image(sheet, width="stretch", alt=f"Feature maps of {layer.name.lower()}")
    found_nothing = f"; {dark} found nothing in this digit" if dark else ""
    st.caption(f"{count} maps of {height} × {width}{found_nothing}. {explanation}")


def _explanation(number: int, layers: int) -> str:
    words = {1: FIRST_LAYER, 2: NEXT_LAYERS}.get(number, "")
    return f"{words} {LAST_LAYER}" if number == layers else words


def _answer(digit: Digit, recognizer: Recognizer) -> None:
    recognition = recognizer.recognize(digit)
    st.subheader("Answer", anchor=False)
    with st.container(width=480):
        probability_chart(recognition, key="inside_probabilities")
    title = plain(model_title(recognizer.name))
    if recognition.is_digit:
        verdict = f"It is a {recognition.digit}, says {title}."
    else:
        verdict = f"No digit, says {title}; if it were, most likely {recognition.digit}."
    st.caption(
        f"{verdict} It looks three times, at the picture as it is and turned a little both ways; "
        "the mean counts. The maps are those of the first look."
    )
