"""What a model is good and bad at, in three sentences made from its results."""

from digitrec.formatting import percent
from digitrec.recognition.metrics import DigitMetrics
from digitrec.reports.report import Measured, Report

# A smaller share of correct answers is called low.
LOW_ACCURACY = 0.9
# With a larger calibration error, the confidence is misleading.
LARGE_CALIBRATION_ERROR = 0.02


def verdict(report: Report) -> list[str]:
    """Return three sentences: what it reads well, what it confuses, and what to trust."""
    return [_strength(report), _weakness(report.measured), _trust(report)]


def _strength(report: Report) -> str:
    measured = report.measured
    only = "only " if measured.accuracy < LOW_ACCURACY else ""
    best = max(_tested(measured), key=lambda row: row.recall)
    drawings = report.drawings_accuracy
    others = f" and {percent(drawings)} of the labeled drawings" if drawings is not None else ""
    return (
        f"{report.name} reads {only}{percent(measured.accuracy)} of MNIST's test digits{others} "
        f"correctly, and is best at {best.digit}s ({percent(best.recall)})."
    )


def _weakness(measured: Measured) -> str:
    if not measured.mistakes:
        return "It made no mistakes on the test digits."
    worst = min(_tested(measured), key=lambda row: row.recall)
    label, answer = measured.most_confused
    count = int(measured.confusion_matrix[label, answer])
    times = "once" if count == 1 else f"{count:,} times"
    return (
        f"It is weakest at {worst.digit}s ({percent(worst.recall)}), and its most frequent "
        f"mistake is to read {_one(label)} as {_one(answer)} ({times})."
    )


def _trust(report: Report) -> str:
    measured = report.measured
    error = percent(measured.calibration_error)
    if measured.calibration_error <= LARGE_CALIBRATION_ERROR:
        sure = f"its confidence can be trusted: it is off by only {error} on average"
    elif measured.confidences.mean() > measured.accuracy:
        sure = f"it is too sure of itself: its confidence is off by {error} on average"
    else:
        sure = f"it is too cautious: its confidence is off by {error} on average"
    if report.results.calibration.digit_threshold > 0:
        return f"It can tell when a drawing isn't a digit, and {sure}."
    return f"It reads every drawing as a digit, even a scribble; on digits, {sure}."


def _tested(measured: Measured) -> list[DigitMetrics]:
    return [row for row in measured.by_digit if row.count]


def _one(digit: int) -> str:
    return f"an {digit}" if digit == 8 else f"a {digit}"
