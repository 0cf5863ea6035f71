"""The canvas for one digit with the answer beside it, as *Home* and *Draw* show it."""

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from digitrec.ink.preprocessing import Steps
from digitrec.ink.sketch import Sketch
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.bench.answer import recognized, show_verdict
from digitrec.ui.bench.layout import bench
from digitrec.ui.bench.tab_memory import keep_in_tab
from digitrec.ui.canvas.canvas import DIGIT_CANVAS
from digitrec.ui.canvas.tools import canvas_with_tools, is_asked_for
from digitrec.ui.charts.probabilities import probability_chart
from digitrec.ui.page_frame import shown_errors
from digitrec.ui.resources import open_drawing_store_ahead
from digitrec.ui.served_model import served_model

INVITATION = "Draw a digit from 0 to 9 with the mouse, a pen or a finger."


class Answered(NamedTuple):
    """A drawing with its answer, and the place below the bars."""

    sketch: Sketch
    steps: Steps
    recognizer: Recognizer
    recognition: Recognition
    details: DeltaGenerator


def digit_bench(
    when_empty: Callable[[], None] = lambda: None,
    *,
    large: bool = False,
    instead_of_bars: Callable[[Answered | None], None] | None = None,
) -> Answered | None:
    """Show the canvas and the answer; return both, or None if there is no answer.

    Args:
        when_empty: Shows what to do if nothing is drawn.
        large: Whether it is to be read from the last row.
        instead_of_bars: Shows what stands beside the canvas in place of the bars, also while there
            is no answer.
    """
    places = bench(DIGIT_CANVAS.name)
    with places.canvas:
        sketch = canvas_with_tools(DIGIT_CANVAS)
    with places.details:
        details = st.container()
        # Called before the answer, though it is below it: a drawing with an answer is always kept.
        keep_in_tab()
    answered: Answered | None = None
    with places.verdict, shown_errors():
        answered = _answer(sketch, details)
    with details:
        if instead_of_bars:
            instead_of_bars(answered)
        elif answered:
            probability_chart(answered.recognition, key="draw_probabilities", large=large)
        elif sketch is None:
            when_empty()
    if sketch:  # Not sooner: the browser would still be fetching the page.
        open_drawing_store_ahead()
    return answered


def _answer(sketch: Sketch | None, details: DeltaGenerator) -> Answered | None:
    with details:  # The verdict has no room for the warning and an answer.
        recognizer = served_model()
    if sketch is None or sketch.steps is None:
        st.info(INVITATION, icon=":material/gesture:")
        return None
    if not is_asked_for(DIGIT_CANVAS, sketch):
        st.info("Press *Recognize* for the answer.", icon=":material/touch_app:")
        return None
    recognition = recognized(recognizer, sketch, sketch.steps.digit_input)
    show_verdict(recognizer, sketch.steps.digit_input, recognition)
    return Answered(sketch, sketch.steps, recognizer, recognition, details)
