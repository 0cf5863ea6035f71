from dataclasses import replace

import numpy as np
import pytest

from digitrec.recognition.answers import Answers, interpret
from digitrec.recognition.calibration import KEPT_SHARE, cross_entropy
from digitrec.recognition.vote import Vote, combined, fit_vote


def outputs(count: int, right: float, seed: int) -> np.ndarray:
    """Return outputs for the digits 0, 1, 2, …, of which some are wrong."""
    rng = np.random.default_rng(seed)
    answers = np.arange(count) % 10
    wrong = rng.random(count) > right
    answers = np.where(wrong, (answers + 1) % 10, answers)
    made = np.full((count, 11), 0.01, np.float32)
    sure = rng.uniform(0.6, 0.95, count)
    made[np.arange(count), answers] = np.where(wrong, sure / 2, sure)
    return made / made.sum(axis=1, keepdims=True)


LABELS = np.arange(3000) % 10
SHAPE = interpret(outputs(3000, 0.95, 1), 1.0)
STROKES = outputs(3000, 0.95, 2)


def accuracy(answers: Answers) -> float:
    return float((answers.probabilities.argmax(axis=1) == LABELS).mean())


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_none_or_all_is_one_network_alone(share: float) -> None:
    answers = combined(SHAPE, STROKES, Vote(share))
    alone = SHAPE if share == 0 else interpret(STROKES, 1.0)
    assert answers.probabilities == pytest.approx(alone.probabilities, abs=1e-6)
    assert answers.digit_scores == pytest.approx(alone.digit_scores, abs=1e-6)


def test_probabilities_add_up_to_one() -> None:
    answers = combined(SHAPE, STROKES, Vote(0.3, 0.7, 4.0))
    assert answers.probabilities.sum(axis=1) == pytest.approx(np.ones(3000), abs=1e-5)
    assert ((answers.digit_scores >= 0) & (answers.digit_scores <= 1)).all()


def test_two_networks_with_other_mistakes_are_better_together() -> None:
    vote = fit_vote(SHAPE, STROKES, LABELS, threshold=0.5)
    assert 0.3 <= vote.share <= 0.7
    together = combined(SHAPE, STROKES, vote)
    assert accuracy(together) > max(accuracy(SHAPE), accuracy(interpret(STROKES, 1.0))) + 0.01


def test_a_network_that_guesses_gets_little_weight() -> None:
    guesses = np.random.default_rng(0).dirichlet(np.ones(11), 3000).astype(np.float32)
    assert fit_vote(SHAPE, guesses, LABELS, threshold=0.5).share <= 0.15


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.9])
def test_the_threshold_keeps_the_same_share_of_the_digits(threshold: float) -> None:
    vote = fit_vote(SHAPE, STROKES, LABELS, threshold)
    scores = combined(SHAPE, STROKES, vote).digit_scores
    assert (scores >= threshold - 1e-6).mean() == pytest.approx(KEPT_SHARE, abs=0.002)


def test_the_temperature_is_the_one_that_fits_best() -> None:
    vote = fit_vote(SHAPE, STROKES, LABELS, threshold=0.5)
    losses = []
    for factor in (1.0, 0.8, 1.25):
        answers = combined(SHAPE, STROKES, replace(vote, temperature=factor * vote.temperature))
        losses.append(cross_entropy(answers.probabilities, LABELS))
    assert losses[0] == min(losses)
