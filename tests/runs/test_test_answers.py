import numpy as np
import pytest

from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.metrics import evaluate_probabilities
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.runs.test_answers import base_test_answers, keep_test_answers, kept_test_answers


def test_saved_answers_match_the_measurement(trained: Run) -> None:
    probabilities = kept_test_answers(trained)
    assert probabilities is not None
    measured = evaluate_probabilities(load_mnist().y_test, probabilities)
    results = trained.results()
    assert measured["confusion_matrix"] == results.confusion_matrix
    assert measured["calibration_error"] == results.test_calibration_error


def test_saved_answers_are_read_back_unchanged(store: ModelStore) -> None:
    run = store.create_run(None, "kept")
    written = np.random.default_rng(0).random((10_000, 10), np.float32)
    keep_test_answers(run.test_answers_path, written)
    read = kept_test_answers(run)
    assert read is not None
    assert read.dtype == np.float32
    assert np.array_equal(read, written)


def test_a_run_without_answers_returns_none(trained: Run) -> None:
    trained.test_answers_path.unlink()
    assert kept_test_answers(trained) is None


@pytest.mark.parametrize("rows", [None, 3])
def test_damaged_answers_are_named(trained: Run, rows: int | None) -> None:
    if rows is None:
        trained.test_answers_path.write_bytes(b"broken")
    else:
        np.savez(trained.test_answers_path, probabilities=np.zeros((rows, 10), np.float32))
    with pytest.raises(ModelError, match=r"run 'trained': test_answers.npz"):
        kept_test_answers(trained)


def test_a_run_keeps_the_answers_of_the_model_that_it_starts_from(
    trained: Run, store: ModelStore
) -> None:
    before = kept_test_answers(trained)
    further = store.create_run(TrainingConfig(start_from="trained"), "further")
    store.delete("trained")
    kept = base_test_answers(further)
    assert before is not None
    assert kept is not None
    assert np.array_equal(kept, before)
    assert base_test_answers(store.create_run(TrainingConfig(), "new")) is None


def test_a_run_can_start_from_a_model_that_is_too_old_to_have_answers(
    trained: Run, store: ModelStore
) -> None:
    trained.test_answers_path.unlink()
    further = store.create_run(TrainingConfig(start_from="trained"), "further")
    assert base_test_answers(further) is None
