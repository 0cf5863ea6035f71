from dataclasses import replace

import msgspec
import numpy as np
import pytest

from digitrec.datasets.mnist import load_mnist
from digitrec.recipes.parameters import TrainingConfig
from digitrec.reports.html import report_html
from digitrec.reports.report import Measured, Report, build_report
from digitrec.runs.run import Run
from digitrec.runs.test_answers import kept_test_answers


def measured(*answers: tuple[int, int, float]) -> Measured:
    """Return metrics for answers of label, digit and confidence."""
    probabilities = np.zeros((len(answers), 10), np.float32)
    for row, (_, digit, confidence) in zip(probabilities, answers, strict=True):
        row[:] = (1 - confidence) / 9
        row[digit] = confidence
    return Measured(np.array([label for label, _, _ in answers], np.uint8), probabilities)


FIVE = measured((4, 9, 0.6), (4, 4, 0.9), (4, 9, 0.8), (4, 4, 0.5), (9, 4, 0.7))


@pytest.fixture
def report(trained: Run) -> Report:
    probabilities = kept_test_answers(trained)
    assert probabilities is not None
    return build_report(trained, load_mnist().y_test, probabilities)


def test_the_most_confident_mistake_comes_first() -> None:
    assert [(m.index, m.label, m.digit) for m in FIVE.mistakes] == [(2, 4, 9), (4, 9, 4), (0, 4, 9)]
    assert FIVE.mistakes[0].confidence == pytest.approx(0.8)
    assert FIVE.most_confused == (4, 9)


def test_a_cell_lists_its_digits_the_strangest_first() -> None:
    assert [answer.index for answer in FIVE.in_cell(4, 9)] == [2, 0]
    assert [answer.index for answer in FIVE.in_cell(4, 4)] == [3, 1]
    assert FIVE.in_cell(0, 1) == []


def test_a_model_without_mistakes_has_a_report_too() -> None:
    perfect = measured((1, 1, 0.9), (2, 2, 0.9))
    assert perfect.mistakes == []
    assert perfect.accuracy == 1
    assert perfect.interval[0] < 1


def test_the_metrics_are_those_of_the_run(trained: Run, report: Report) -> None:
    results = trained.results()
    assert report.measured.accuracy == results.test_accuracy
    assert report.measured.confusion_matrix.tolist() == results.confusion_matrix
    assert report.measured.calibration_error == results.test_calibration_error
    metrics = dict(report.headline)
    assert metrics["Test accuracy"] == f"{results.test_accuracy:.2%}"
    assert metrics["Parameters"] == "233,162"
    assert report.progress is not None
    assert (report.progress.epoch_ends[0].val_accuracy or 0) > 0.9
    assert report.origin.endswith(" for 1 epoch.")


def test_the_configuration_is_put_in_words(report: Report) -> None:
    assert dict(report.settings)["Batch size"] == "128"
    assert dict(report.settings)["Augmentation"] == "no"
    assert report.command == "python -m digitrec train --epochs 1"
    assert sum(row.parameters for row in report.layers) == report.results.parameters
    assert report.versions["keras"]


def test_the_layers_of_a_base_model_are_not_guessed(report: Report) -> None:
    begun = replace(report, config=TrainingConfig(start_from="bn-cnn"), base="bn-cnn")
    assert begun.layers == []
    assert "Network" not in dict(begun.settings)
    assert dict(begun.settings)["Start from"] == "bn-cnn"
    assert begun.origin.endswith(" Started from bn-cnn.")


def test_a_stopped_run_says_how_far_it_got(report: Report) -> None:
    results = msgspec.structs.replace(report.results, epochs_done=0.072, stopped=True)
    stopped = replace(report, config=TrainingConfig(epochs=5), results=results)
    assert "for 0.07 of 5 planned epochs, then stopped." in stopped.origin


def test_epochs_that_are_being_added_are_left_out(trained: Run, report: Report) -> None:
    config = trained.config()
    assert config is not None
    trained.append_event("resumed", was="finished", had_epochs=1)
    trained.write_json("config.json", replace(config, epochs=7).to_dict())
    trained.append_event("started", epochs=7, epochs_done=1, steps_per_epoch=10)
    trained.append_event("step", epoch=2, step=5, loss=1, accuracy=0.5, images_per_second=9)
    found = build_report(trained, report.measured.labels, report.measured.probabilities)
    assert found.origin.endswith(" for 1 epoch.")
    assert found.command == "python -m digitrec train --epochs 1"
    assert (found.progress, found.settings) == (report.progress, report.settings)


def test_a_training_that_learned_nothing_says_so(report: Report) -> None:
    assert report.problem is None
    failed = replace(report, results=msgspec.structs.replace(report.results, test_accuracy=0.1))
    assert "It learned nothing" in str(failed.problem)
    page = report_html(failed, load_mnist().x_test)
    assert "It learned nothing" in page


def test_an_imported_model_has_a_report(trained: Run, report: Report) -> None:
    (trained.path / "config.json").unlink()
    (trained.path / "events.jsonl").write_text("")
    trained.append_event("created")
    imported = build_report(trained, report.measured.labels, report.measured.probabilities)
    assert imported.origin.startswith("Imported on ")
    assert (imported.command, imported.layers, imported.settings) == (None, [], [])
    assert imported.progress is None
    assert imported.headline[0] == report.headline[0]
