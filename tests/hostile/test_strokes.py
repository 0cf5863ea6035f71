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
from digitrec.ink.pen import picture_of
from digitrec.ink.preprocessing import preprocess_strokes
from digitrec.ink.strokes import (
    MAX_COORDINATE,
    Stroke,
    checked_strokes,
    stroke_points,
    strokes_for_canvas,
)
from digitrec.numbers.reader import read_strokes
from digitrec.runs.model_store import ModelStore
from tests.hostile.strokes import LINE, SOUND, STROKES
from tests.hostile.verdict import ends_well, generated, is_a_sentence, is_refused
from tests.support.drawing_files import row

GENERATED = 100


def is_sane(strokes: list[Stroke]) -> None:
    for points in stroke_points(strokes):
        assert points.ndim == 2
        assert np.abs(points).max() <= MAX_COORDINATE
    assert all(0 <= stroke["width"] <= 1000 for stroke in strokes)


@pytest.mark.parametrize("name", STROKES)
def test_invalid_strokes_are_refused(name: str) -> None:
    is_refused(lambda: checked_strokes(STROKES[name]))


@pytest.mark.parametrize("name", SOUND)
def test_sound_strokes_are_drawn_in_time(name: str, store: ModelStore) -> None:
    strokes = ends_well(lambda: checked_strokes(SOUND[name]))
    assert strokes
    is_sane(strokes)
    for side in (280, 640):
        assert ends_well(partial(picture_of, strokes, side, 280))
    ends_well(lambda: strokes_for_canvas(strokes, "black"))
    digit = ends_well(lambda: preprocess_strokes(stroke_points(strokes)))
    assert digit is not None
    assert digit.any()
    recognizer = store.load_recognizer("seed-cnn")
    pens = [stroke["width"] for stroke in strokes]
    number = ends_well(lambda: read_strokes(recognizer, stroke_points(strokes), pens))
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
        is_sane(list(item.strokes))


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
