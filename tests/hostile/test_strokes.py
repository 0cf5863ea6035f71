import io
import json
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies

from digitrec.drawings.files.incoming import Incoming, Refused
from digitrec.drawings.files.json_lines import read_json_lines
from digitrec.errors import DigitrecError
from digitrec.ink.canvas_json import fabric_drawing
from digitrec.ink.preprocessing import preprocess_traces
from digitrec.ink.sketch import Sketch
from digitrec.ink.stroke_json import MAX_COORDINATE, from_json
from digitrec.ink.strokes import Strokes
from digitrec.numbers.reader import read_strokes
from digitrec.runs.model_store import ModelStore
from tests.hostile.strokes import LINE, SOUND, STROKES
from tests.hostile.verdict import ends_well, generated, is_a_sentence, is_refused
from tests.support.drawing_files import row

GENERATED = 100


def is_sane(strokes: Strokes) -> None:
    for stroke in strokes:
        assert stroke.points.ndim == 2
        assert np.abs(stroke.points).max() <= MAX_COORDINATE
        assert 0 <= stroke.width <= 1000


@pytest.mark.parametrize("name", STROKES)
def test_invalid_strokes_are_refused(name: str) -> None:
    is_refused(lambda: from_json(STROKES[name]))


@pytest.mark.parametrize("name", SOUND)
def test_sound_strokes_are_drawn_in_time(name: str, store: ModelStore) -> None:
    strokes = ends_well(lambda: from_json(SOUND[name]))
    assert strokes
    is_sane(strokes)
    for side in (280, 640):
        sketch = Sketch(strokes, side, 280)
        assert ends_well(partial(getattr, sketch, "picture"))
        steps = ends_well(partial(getattr, sketch, "steps"))
        assert steps is None or steps.digit_input.any()
    ends_well(lambda: fabric_drawing(strokes, "black", "white", 1))
    digit = ends_well(lambda: preprocess_traces([stroke.points for stroke in strokes]))
    assert digit is not None
    assert digit.any()
    recognizer = store.load_recognizer("seed-cnn")
    number = ends_well(lambda: read_strokes(recognizer, strokes))
    assert number is None or np.isfinite([digit.box for digit in number.digits]).all()


anything = strategies.recursive(
    strategies.none()
    | strategies.booleans()
    | strategies.integers()
    | strategies.floats()
    | strategies.text(max_size=9),
    lambda inner: (
        strategies.lists(inner, max_size=4)
        | strategies.dictionaries(
            strategies.sampled_from(("width", "points", "picture", "label", "note", "x")), inner
        )
    ),
    max_leaves=12,
)


def read_line(values: dict[str, Any]) -> None:
    """Read a line of JSON, and check the result."""
    line = json.dumps(values).encode()
    for item in read_json_lines(io.BytesIO(line)):
        if isinstance(item, Refused):
            raise DigitrecError(item.reason)
        assert isinstance(item, Incoming)
        is_sane(item.strokes)


def test_generated_lines_of_json_end_well() -> None:
    fields = dict.fromkeys(
        ("strokes", "label", "note", "created_at", "source", "input", "picture"), anything
    )
    given = strategies.fixed_dictionaries({}, optional=fields)
    sound = {"strokes": [{"width": 1, "points": LINE}]}
    generated(GENERATED, given, lambda values: read_line(row(**sound) | values))


@pytest.mark.parametrize(
    "line",
    [b"{", b'{"picture": NaN}', b'{"input": "===="}', b'{"picture": {}}', b'{"a":' * 5000,
     b'{"picture": "\xff"}', b'{"input": 7}', b'{"picture": "AAAA", "strokes": NaN}',
     b'{"n": ' + b"9" * 5000 + b"}", b"{}", b'{"picture": "\\ud800"}'],
    ids=range(11),
)  # fmt: skip
def test_broken_lines_of_json_are_refused(line: bytes) -> None:
    (item,) = read_json_lines(io.BytesIO(line))
    assert isinstance(item, Refused)
    is_a_sentence(item.reason)
