import pytest

from digitrec.runs.progress import Progress
from digitrec.runs.validation import validations
from tests.support.runs import epoch_end, step


def test_a_sample_is_corrected_by_the_last_epochs_difference() -> None:
    steps = [
        step(1, 5, val_loss=0.5, val_accuracy=0.80),
        step(1, 10, val_loss=0.3, val_accuracy=0.90),
        step(2, 2),
        step(2, 5, val_loss=0.2, val_accuracy=0.95),
    ]
    ends = [epoch_end(1, val_loss=0.4, val_accuracy=0.88)]
    found = validations(Progress(2, 10, steps, ends))
    assert [(each.epochs, each.is_estimate) for each in found] == [
        (0.5, True), (1, False), (1.5, True),
    ]  # fmt: skip
    assert [each.loss for each in found] == pytest.approx([0.5, 0.4, 0.3])
    assert [each.accuracy for each in found] == pytest.approx([0.80, 0.88, 0.93])


def test_a_corrected_value_stays_within_its_limits() -> None:
    steps = [
        step(1, 10, val_loss=0.3, val_accuracy=0.90),
        step(2, 5, val_loss=0.1, val_accuracy=0.99),
    ]
    ends = [epoch_end(1, val_loss=0.1, val_accuracy=0.95)]
    last = validations(Progress(2, 10, steps, ends))[-1]
    assert (last.loss, last.accuracy) == (0, 1)


def test_a_run_of_an_older_version_has_only_its_epochs() -> None:
    ends = [epoch_end(1, val_loss=0.4, val_accuracy=0.9), epoch_end(2)]
    found = validations(Progress(2, 10, [step(1, 5), step(1, 10)], ends))
    assert found == [(1, 0.4, 0.9, False)]
