import shutil
from typing import Any

import pytest

from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.problems import run_problem
from digitrec.runs.run import Run
from tests.support.runs import rewrite_report


def run_with(
    store: ModelStore, test: float, ends: list[tuple[float, float | None]], **settings: Any
) -> Run:
    """Create a run with given accuracies on the test set, and in training and validation."""
    config = TrainingConfig(**{"epochs": len(ends)} | settings)
    run = store.create_run(config, "mine")
    run.append_event("started", epochs=config.epochs, epochs_done=0, steps_per_epoch=422)
    for epoch, (accuracy, val_accuracy) in enumerate(ends, 1):
        metrics = {"epoch": epoch, "loss": 1.0, "accuracy": accuracy}
        run.append_event("step", **metrics, step=422, images_per_second=99)
        run.append_event("epoch", **metrics, val_loss=None, val_accuracy=val_accuracy, duration_s=9)
    shutil.copyfile(store.run("seed-cnn").path / "report.json", run.path / "report.json")
    rewrite_report(run, test_accuracy=test)
    return run


def test_a_real_good_training_has_no_problem(trained: Run, store: ModelStore) -> None:
    assert run_problem(trained) is None
    assert [run_problem(run) for run in store.runs() if run.is_bundled] == [None, None]


@pytest.mark.parametrize(
    ("test", "ends", "settings", "words"),
    [
        (0.114, [(0.11, 0.11)] * 3, {"dropout": 0.9}, "A dropout of 0.9 is likely too high"),
        (
            0.6,
            [(0.5, 0.6)] * 3,
            {},
            "learned little: only 60.00% accuracy on the test set. Try other",
        ),
        (
            0.11,
            [(0.9, 0.95), (0.2, 0.1)],
            {"learning_rate": 0.01},
            "It forgot what it had learned: accuracy was 95.00% after epoch 1, but only 11.00% at "
            "the end. The learning rate, 0.01, is likely too high: 0.001 works well",
        ),
        (0.1, [(0.9, None), (0.1, None)], {"validation_split": 0.0}, "It forgot"),
        (
            0.91,
            [(0.8, 0.85), (1.0, 0.91)],
            {},
            "It overfitted: accuracy is 100.00% on the training pictures, but only 91.00% on the "
            "validation pictures",
        ),
    ],
)
def test_problems_are_found_in_the_metrics(
    store: ModelStore,
    test: float,
    ends: list[tuple[float, float | None]],
    settings: dict[str, Any],
    words: str,
) -> None:
    assert words in str(run_problem(run_with(store, test, ends, **settings)))


@pytest.mark.parametrize(
    ("test", "ends", "settings"),
    [
        (0.98, [(0.95, 0.97), (0.97, 0.98)], {}),
        (0.98, [(0.95, 0.97), (0.97, 0.98)], {"learning_rate": 0.01}),
        # The network of the best epoch is kept.
        (0.98, [(0.95, 0.98), (0.6, 0.7)], {"early_stopping": 1}),
        (0.97, [(0.99, None)], {"validation_split": 0.0}),
    ],
)
def test_a_good_training_has_no_problem(
    store: ModelStore, test: float, ends: list[tuple[float, float | None]], settings: dict[str, Any]
) -> None:
    assert run_problem(run_with(store, test, ends, **settings)) is None


def test_an_infinite_loss_is_reported_without_metrics(
    store: ModelStore,
) -> None:
    run = run_with(store, 0.1, [], epochs=1, learning_rate=10.0)
    said = str(run_problem(run))
    assert said.startswith(
        "It learned nothing: 10.00% accuracy on the test set is no better than guessing."
    )
    assert said.endswith("The learning rate, 10, is likely too high: 0.001 works well with adam.")


def test_a_stopped_run_is_not_blamed_for_little_accuracy(store: ModelStore) -> None:
    run = run_with(store, 0.7446, [], epochs=5)
    rewrite_report(run, stopped=True, epochs_done=0.75)
    assert run_problem(run) == (
        "It was stopped early, after 75% of an epoch, with 74.46% accuracy on the test set. To "
        "train it further, press Add epochs on the Train page."
    )


def test_a_stopped_run_is_blamed_for_its_settings(store: ModelStore) -> None:
    run = run_with(store, 0.1, [], epochs=5, learning_rate=10.0)
    rewrite_report(run, stopped=True)
    assert "The learning rate, 10, is likely too high" in str(run_problem(run))


def test_an_imported_model_has_no_problem(store: ModelStore) -> None:
    assert run_problem(store.create_run(None, "imported")) is None
    assert run_problem(store.create_run(TrainingConfig(), "waiting")) is None
