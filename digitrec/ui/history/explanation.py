"""Why a saved drawing was recognized as it was."""

import streamlit as st

from digitrec.drawings.schema import Drawing
from digitrec.errors import ModelError
from digitrec.ink.sketch import Sketch
from digitrec.labels import label_words
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.canvas.canvas import DIGIT_CANVAS
from digitrec.ui.charts.images import digit_from_bytes
from digitrec.ui.charts.why import Read, why_title, why_view
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import active_recognizer, model_title, recognizer


def explanation(drawing: Drawing, recognition: Recognition) -> None:
    """Offer to show which ink supported the answer, and which contradicted it.

    Args:
        drawing: The drawing.
        recognition: The answer when it was drawn.
    """
    expander = st.expander(
        why_title(recognition, drawing.label),
        key=f"drawing_why_{drawing.id}",
        on_change="rerun",
    )
    if expander.open:
        with expander:
            _evidence(drawing)


def _evidence(drawing: Drawing) -> None:
    model, strokes = _explaining_model(drawing), drawing.content.strokes
    digit_input = digit_from_bytes(drawing.content.input)
    recognition = model.recognize(digit_input, strokes)
    if model.version != drawing.model_version:
        st.caption(
            f"{plain(model_title(drawing.model))} has since been changed or deleted. "
            f"{plain(model_title(model.name))} answers {label_words(recognition.label)}, and this "
            "is why:"
        )
    sketch = Sketch(strokes, DIGIT_CANVAS.width, DIGIT_CANVAS.height) if strokes else None
    read = Read(digit_input, sketch, drawing.label)
    why_view(model, read, recognition, f"drawing_{drawing.id}")


def _explaining_model(drawing: Drawing) -> Recognizer:
    """Return the model that recognized a drawing; the app's model if that one is gone."""
    try:
        found = recognizer(drawing.model)
    except ModelError:
        found = None
    if found and found.version == drawing.model_version:
        return found
    return active_recognizer()[0]
