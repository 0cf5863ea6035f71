"""Follows a digit through a network, layer by layer."""

from collections.abc import Sequence

import streamlit as st

from digitrec.arrays import Digit, Floats
from digitrec.labels import NAMES, with_article
from digitrec.recognition.inspector import FeatureMaps, Inspector
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.charts.images import enlarged
from digitrec.ui.charts.probabilities import probability_chart
from digitrec.ui.charts.theme import is_dark
from digitrec.ui.charts.why import Read, why_title, why_view
from digitrec.ui.glossary import term, terms
from digitrec.ui.inside.feature_maps import filter_sheet, map_sheets
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import model_title

# The pictures have few pixels and wouldn't look better if they were larger.
WIDTH = 960

# Maps of at most 14 pixels per side no longer look like the digit; of at most 6, they show only
# parts of it.
COARSE, MEDIUM = 6, 14
FIRST_LAYER = (
    "Each map belongs to the filter in the same place above. It stands out where the picture "
    "looks like the filter, and is blank where it doesn't."
)
FINE_LAYERS = (
    "From here on, each map combines all maps from the layer before. Look for maps that show only "
    "strokes in one direction, or only one side of them."
)
MEDIUM_LAYERS = "The maps are coarser. Look for maps that light up at a corner, an arc or an end."
COARSE_LAYERS = (
    "You can't see the digit anymore. Each map shows whether one part of a digit, such as a loop, "
    "is there, and roughly where."
)
COMBINED_AGAIN = "The maps above, combined again: fewer spots, and each stands for a larger part."
LAST_LAYER = "The answer depends only on these maps: choose another digit, and others light up."


def inside_view(read: Read, inspector: Inspector, recognizer: Recognizer) -> None:
    """Show the filters, the feature maps, the answer and the reason for it.

    Args:
        read: The digit, without a sketch.
        inspector: The model's inspector.
        recognizer: The same model's recognizer.
    """
    digit = read.digit_input
    layers = inspector.feature_maps(digit)
    with st.container(width=WIDTH):
        picture_side, filter_side = st.columns([1, 2], gap="medium")
        with picture_side:
            _picture(digit)
        with filter_side:
            _filters(inspector.filters)
        if inspector.networks > 1:
            _ensemble(inspector.networks, recognizer)
        sizes = [layer.maps.shape[0] for layer in layers]
        for number, layer in enumerate(layers, start=1):
            _layer(layer, what_to_look_for(number, sizes))
        recognition = recognizer.recognize(digit)
        _answer(recognition, inspector.networks, recognizer)
        st.subheader(why_title(recognition), anchor=False)
        why_view(recognizer, read, recognition, "inside")


def _picture(digit: Digit) -> None:
    st.subheader("Picture", anchor=False)
    st.image(enlarged(digit, 8), alt="The network's input")
    st.caption("The network's input: 28 × 28 pixels.")


def _filters(filters: Floats) -> None:
    height, width, count = filters.shape
    st.subheader("Filters of the first convolution", anchor=False)
    st.image(
        filter_sheet(filters, is_dark()),
        width="stretch",
        alt=f"{count} filters, one square for each weight",
    )
    st.caption(
        f"{count} filters of {height} × {width} weights, which the network learned. Each slides "
        "over the whole picture. Ink under red weights raises its response, ink under blue "
        "weights lowers it, and colorless weights ignore ink."
    )
    terms("Filter", "Convolution", "Layer", "Feature map")


def _ensemble(networks: int, recognizer: Recognizer) -> None:
    st.info(
        f"{plain(model_title(recognizer.name))} is made of {networks} networks that vote. Each "
        "makes different mistakes, so together they make fewer. This page shows the filters and "
        "maps of the first.",
        icon=":material/stacks:",
    )
    term("Ensemble")


def _layer(layer: FeatureMaps, explanation: str) -> None:
    height, width, count = layer.maps.shape
    blank = count - int((layer.maps > 0).any(axis=(0, 1)).sum())
    st.subheader(layer.name, anchor=False)
    st.caption(f"{count} maps of {height} × {width} pixels. {explanation}{_blank_words(blank)}")
    sheets = map_sheets(layer.maps, is_dark())
    with st.grid(len(sheets), min_column_width=300, gap="xsmall"):
        for sheet in sheets:
            st.image(sheet, width="stretch", alt=f"Feature maps of {layer.name.lower()}")


def _blank_words(blank: int) -> str:
    """Say how many maps stay blank, not in figures, which would look like the digit."""
    if not blank:
        return ""
    some = NAMES[blank].capitalize() if blank < len(NAMES) else str(blank)
    return f" {some} {'map stays' if blank == 1 else 'maps stay'} blank for this digit."


def what_to_look_for(number: int, sizes: Sequence[int]) -> str:
    """Return what to look for in a layer's maps.

    Args:
        number: The layer's number, from 1.
        sizes: How many pixels high the maps of each layer are.
    """
    size, before = sizes[number - 1], sizes[: number - 1]
    if not before:
        words = FIRST_LAYER
    elif size <= COARSE:
        words = COMBINED_AGAIN if before[-1] <= COARSE else COARSE_LAYERS
    elif size <= MEDIUM:
        words = COMBINED_AGAIN if before[-1] <= MEDIUM else MEDIUM_LAYERS
    else:
        words = COMBINED_AGAIN if len(before) > 1 else FINE_LAYERS
    return f"{words} {LAST_LAYER}" if number == len(sizes) else words


def _answer(recognition: Recognition, networks: int, recognizer: Recognizer) -> None:
    st.subheader("Answer", anchor=False)
    with st.container(width=480):
        probability_chart(recognition, key="inside_probabilities")
    title = plain(model_title(recognizer.name))
    if recognition.is_digit:
        answer = f"{title} recognizes {with_article(recognition.digit)}."
    else:
        answer = f"{title} doesn't recognize a digit. Closest digit: {recognition.digit}."
    who = "Each network" if networks > 1 else "The network"
    st.caption(
        f"{answer} {who} looks at the picture three times: as it is, and rotated a little to "
        "either side, since a digit's slant shouldn't matter. The bars show the mean of "
        f"{'all answers' if networks > 1 else 'the three answers'}; the maps above are from the "
        "first look."
    )
    term("Confidence")
