"""The labeled drawings that the Teach page shows, with the active model's answers."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from digitrec.arrays import Digit
from digitrec.recognition.recognizer import Recognizer
from digitrec.teaching.outcome import Answer
from digitrec.teaching.taught_drawings import answer_and_confidence
from digitrec.ui.charts.images import digit_from_bytes
from digitrec.ui.resources import active_recognizer, drawing_store

if TYPE_CHECKING:
    from digitrec.drawings.reader import LabeledInput

# How many drawings of each label are read: as many as the widest bucket shows.
LATEST = 7
# With less confidence, the model is unsure.
SURE = 0.9


class Sample(NamedTuple):
    """A labeled drawing.

    Attributes:
        label: The person's label.
        digit: uint8 (28, 28), white ink (255) on black (0).
        answer: The active model's answer, as a label.
        confidence: Its confidence, 0 to 1.
    """

    label: int
    digit: Digit
    answer: int
    confidence: float

    @property
    def is_wrong(self) -> bool:
        """Whether the active model reads it as another label."""
        return self.answer != self.label

    @property
    def is_unsure(self) -> bool:
        """Whether it reads it correctly, but not with much confidence."""
        return not self.is_wrong and self.confidence < SURE


def latest_samples() -> list[Sample]:
    """Return the newest labeled drawings, at most ``LATEST`` of each label, the newest first."""
    drawings = drawing_store().latest_of_each_label(LATEST)
    recognizer, _ = active_recognizer()
    answers = _answers(recognizer, drawings)
    return [
        Sample(drawing.label, digit_from_bytes(drawing.digit_input), *answers[drawing.number])
        for drawing in drawings
    ]


def _answers(recognizer: Recognizer, drawings: Sequence["LabeledInput"]) -> dict[int, Answer]:
    """Return a model's answers by number; a session asks for each once."""
    state, model = st.session_state, (recognizer.version, recognizer.calibration)
    if state.get("teach_answers_of") != model:
        state["teach_answers_of"], state["teach_answers"] = model, {}
    answers: dict[int, Answer] = state["teach_answers"]
    new = [drawing for drawing in drawings if drawing.number not in answers]
    if new:
        inputs = np.stack([digit_from_bytes(drawing.digit_input) for drawing in new])
        recognitions = recognizer.recognize_all(inputs, [drawing.strokes for drawing in new])
        for drawing, recognition in zip(new, recognitions, strict=True):
            answers[drawing.number] = answer_and_confidence(recognition)
    return answers
