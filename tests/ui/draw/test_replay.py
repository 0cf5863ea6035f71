import numpy as np
import pytest

from digitrec.ink.sketch import Sketch
from digitrec.runs.model_store import ModelStore
from digitrec.ui.draw.replay import MOMENTS, change_words, moments_of
from tests.support.digits import DIGITS, strokes_of


def test_a_replay_ends_with_the_answer_and_tells_when_it_changed(store: ModelStore) -> None:
    recognizer = store.load_recognizer("bn-cnn")
    sketch = Sketch(strokes_of(DIGITS[4]), 280, 280)
    moments = moments_of(recognizer, sketch)
    assert 1 < len(moments) <= MOMENTS
    assert moments[-1].strokes == sketch.strokes
    counts = [sum(len(stroke.points) for stroke in moment.strokes) for moment in moments]
    assert counts == sorted(set(counts))
    assert moments[-1].recognition.label == 4
    assert change_words(moments).startswith("The answer became 4 at moment ")


@pytest.mark.parametrize("digit", [0, 7])
def test_probabilities_are_those_of_what_was_drawn_so_far(store: ModelStore, digit: int) -> None:
    recognizer = store.load_recognizer("bn-cnn")
    moments = moments_of(recognizer, Sketch(strokes_of(DIGITS[digit]), 280, 280))
    for moment in (moments[len(moments) // 2], moments[-1]):
        steps = Sketch(moment.strokes, 280, 280).steps
        assert steps is not None
        alone = recognizer.recognize(steps.digit_input, moment.strokes).shares
        assert len(alone) == 11
        assert np.allclose(moment.recognition.shares, alone, atol=1e-5)


def test_a_dot_has_one_moment(store: ModelStore) -> None:
    sketch = Sketch(strokes_of([[(140, 140)]]), 280, 280)
    (moment,) = moments_of(store.load_recognizer("bn-cnn"), sketch)
    assert change_words([moment]).endswith("from the start.")
