import numpy as np
import pytest

from digitrec.recognition.answers import interpret
from digitrec.recognition.calibration import KEPT_SHARE, calibrate
from digitrec.recognition.metrics import expected_calibration_error


def overconfident(count: int = 4000, factor: float = 3.0) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities whose logits are too large by a factor, and labels of the right ones."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 1.5, (count, 10))
    honest = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([rng.choice(10, p=row) for row in honest])
    said = np.exp(logits * factor) / np.exp(logits * factor).sum(axis=1, keepdims=True)
    return said.astype(np.float32), labels


def test_the_temperature_undoes_overconfidence() -> None:
    said, labels = overconfident(factor=3.0)
    calibration = calibrate(said, labels)
    assert calibration.temperature == pytest.approx(3.0, rel=0.1)
    before, after = (
        expected_calibration_error(p.argmax(axis=1) == labels, p.max(axis=1))
        for p in (said, interpret(said, calibration.temperature).probabilities)
    )
    assert before > 0.2
    assert after < 0.04


def test_the_threshold_keeps_nearly_all_digits() -> None:
    said, labels = overconfident()
    scores = np.random.default_rng(1).random(10_000).astype(np.float32)
    threshold = calibrate(said, labels, scores).digit_threshold
    assert (scores >= threshold).mean() == pytest.approx(KEPT_SHARE, abs=2e-4)


def test_a_network_that_knows_only_digits_refuses_nothing() -> None:
    assert calibrate(*overconfident()).digit_threshold == 0
