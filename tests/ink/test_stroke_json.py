import json
from typing import Any

import pytest

from digitrec.errors import DatasetError
from digitrec.ink.stroke_json import from_json, kept_strokes, to_json
from tests.support.digits import strokes_of

STROKES = strokes_of([[(1, 2), (3.25, 4)], [(5, 6)]], 12)
TEXT = (
    '[{"width": 12.0, "points": [[1.0, 2.0], [3.25, 4.0]]}, '
    '{"width": 12.0, "points": [[5.0, 6.0]]}]'
)


def test_the_json_format_of_strokes_is_unchanged() -> None:
    assert json.dumps(to_json(STROKES)) == TEXT


@pytest.mark.parametrize("read", [from_json, kept_strokes])
def test_strokes_come_back_from_json(read: Any) -> None:
    assert read(json.loads(TEXT)) == STROKES
    assert read([]) == ()


def test_an_error_names_the_place() -> None:
    with pytest.raises(DatasetError, match=r"float, got str - at \[1\]\.points\[0\]\[1\]"):
        from_json([{"width": 1, "points": [[1, 2]]}, {"width": 1, "points": [[1, "2"]]}])
