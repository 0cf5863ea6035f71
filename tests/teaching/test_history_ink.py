import numpy as np
import pytest

from digitrec.datasets.ink_files import load_ink
from digitrec.drawings.accuracy import LabeledDrawings
from digitrec.errors import ConfigurationError
from digitrec.ink.strokes import Strokes
from digitrec.labels import NO_DIGIT
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.teaching.history_ink import needs_history, write_history
from tests.support.digits import DIGITS, strokes_of


def drawings(drawn: list[Strokes], labels: list[int]) -> LabeledDrawings:
    count = len(labels)
    inputs = np.zeros((count, 28, 28), np.uint8)
    return LabeledDrawings(np.arange(count), inputs, drawn, np.array(labels), "")


def test_labeled_drawings_with_strokes_become_an_ink_file(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "ink")
    write_history(run, drawings([strokes_of(DIGITS[4]), (), strokes_of(DIGITS[8])], [4, 3, 10]))
    four, other = load_ink(run.history_path)
    assert (four.digit_label, other.digit_label) == (4, NO_DIGIT)
    assert len(four.traces) == 2
    assert four.writer == "me"


def test_without_strokes_there_is_nothing_to_learn(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "ink")
    with pytest.raises(ConfigurationError, match="no labeled drawings to learn strokes from"):
        write_history(run, drawings([()], [3]))


def test_only_some_runs_need_the_history() -> None:
    assert not needs_history(TrainingConfig(ink=("a.jsonl",)))
    assert needs_history(TrainingConfig(ink=("a.jsonl", "history")))
    assert needs_history(TrainingConfig(strokes_from=("history",)))
