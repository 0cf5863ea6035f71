"""Explains why a run learned little or nothing, from its own results."""

from digitrec.formatting import epochs_words, percent
from digitrec.recipes.optimizers import OPTIMIZERS
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.events import EpochEnd
from digitrec.runs.progress import Progress, read_progress
from digitrec.runs.results import Results
from digitrec.runs.run import Run

# Guessing gets 10 to 11% of MNIST right. A normal run exceeds both in its first epoch.
MAX_GUESSING_ACCURACY = 0.2
MIN_GOOD_ACCURACY = 0.8
# The drop from an earlier accuracy, and the gap from training to validation accuracy.
DIVERGED_DROP = 0.1
OVERFIT_GAP = 0.05
# A learning rate is unusual if it differs from the optimizer's default by these factors.
TOO_HIGH = 5
TOO_LOW = 10
MUCH_DROPOUT = 0.8
FEW_STEPS = 100


def run_problem(run: Run) -> str | None:
    """Return what went wrong in a run with a model; None if nothing did.

    Raises:
        ModelError: If one of the run's files is damaged.
    """
    return training_problem(run.config(), run.report(), read_progress(run.events()))


def training_problem(
    config: TrainingConfig | None, report: Results | None, progress: Progress | None
) -> str | None:
    """Return what went wrong in a run, with the likely reason; None if nothing did.

    Args:
        config: Its settings; None for an imported model.
        report: Its results; None if there are none.
        progress: Its progress; None if unknown.
    """
    if config is None or report is None:
        return None
    accuracy = report.test_accuracy
    # No events are written when the loss isn't finite.
    ends = progress.epoch_ends if progress else []
    lost, reasons = _lost_accuracy(ends, accuracy), _unusual_settings(config)
    problem = lost or _learned_little(accuracy)
    if problem is None:
        return _overfitting(ends[-1]) if ends else None
    if report.stopped and not (lost or reasons):
        return _stopped_early(report)
    steps = progress.steps_at(progress.steps[-1]) if progress and progress.steps else None
    if steps is not None and steps < FEW_STEPS:
        reasons.append(
            f"It trained for only {steps} {'step' if steps == 1 else 'steps'}. Try more epochs, "
            "smaller batches or a larger training share."
        )
    return " ".join([problem, *(reasons or ["Try other settings, such as those of a preset."])])


def _lost_accuracy(ends: list[EpochEnd], test_accuracy: float) -> str | None:
    measured = [_measure(end) for end in ends]
    best = max(measured, default=0.0)
    if measured and best - max(measured[-1], test_accuracy) >= DIVERGED_DROP:
        return (
            f"It forgot what it had learned: accuracy was {percent(best)} after epoch "
            f"{measured.index(best) + 1}, but only {percent(test_accuracy)} at the end."
        )
    return None


def _measure(end: EpochEnd) -> float:
    return end.accuracy if end.val_accuracy is None else end.val_accuracy


def _learned_little(accuracy: float) -> str | None:
    if accuracy < MAX_GUESSING_ACCURACY:
        return (
            f"It learned nothing: {percent(accuracy)} accuracy on the test set is no better than "
            "guessing."
        )
    if accuracy < MIN_GOOD_ACCURACY:
        return f"It learned little: only {percent(accuracy)} accuracy on the test set."
    return None


def _stopped_early(report: Results) -> str:
    after = f", after {epochs_words(report.epochs_done)}" if report.epochs_done else ""
    return (
        f"It was stopped early{after}, with {percent(report.test_accuracy)} accuracy on the test "
        "set. To train it further, press Add epochs on the Train page."
    )


def _unusual_settings(config: TrainingConfig) -> list[str]:
    """Name the settings that explain it."""
    rate, usual = config.learning_rate or 0.0, OPTIMIZERS[config.optimizer].learning_rate
    reasons = []
    if rate >= TOO_HIGH * usual:
        reasons.append(
            f"The learning rate, {rate:g}, is likely too high: {usual:g} works well with "
            f"{config.optimizer}."
        )
    if rate <= usual / TOO_LOW:
        reasons.append(
            f"The learning rate, {rate:g}, is likely too low: {usual:g} works well with "
            f"{config.optimizer}."
        )
    if config.dropout >= MUCH_DROPOUT:
        reasons.append(f"A dropout of {config.dropout:g} is likely too high: try 0.3.")
    return reasons


def _overfitting(last: EpochEnd) -> str | None:
    validated = last.val_accuracy
    if validated is None or last.accuracy - validated < OVERFIT_GAP:
        return None
    return (
        f"It overfitted: accuracy is {percent(last.accuracy)} on the training pictures, but "
        f"only {percent(validated)} on the validation pictures. Try a larger training share, "
        "augmentation or more dropout."
    )
