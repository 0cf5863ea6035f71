from dataclasses import replace

import numpy as np
import pytest

from digitrec.recognition.answers import Answers, interpret
from digitrec.recognition.calibration import KEPT_SHARE, cross_entropy
from digitrec.recognition.vote import Vote, combined, fit_digit_odds, fit_weights


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


@pytest.mark.parametrize("vote", [Vote(1.0, 0.0), Vote(0.0, 1.0)])
def test_a_network_that_votes_alone_is_right_alone(vote: Vote) -> None:
    answers = combined(SHAPE, STROKES, vote)
    alone = SHAPE if vote.shape else interpret(STROKES, 1.0)
    assert answers.probabilities == pytest.approx(alone.probabilities, abs=1e-5)


def test_probabilities_add_up_to_one() -> None:
    answers = combined(SHAPE, STROKES, Vote(0.3, 0.7, 4.0))
    assert answers.probabilities.sum(axis=1) == pytest.approx(np.ones(3000), abs=1e-5)
    assert ((answers.digit_scores >= 0) & (answers.digit_scores <= 1)).all()


def test_who_contradict_each_other_are_not_sure() -> None:
    one, seven = np.full((2, 1, 11), 0.001, np.float32)
    one[0, 1] = seven[0, 7] = 0.99
    apart = combined(interpret(one, 1.0), seven, Vote(0.5, 0.5))
    together = combined(interpret(one, 1.0), one, Vote(0.5, 0.5))
    assert apart.probabilities.max() < 0.51
    assert together.probabilities.max() > 0.98


def test_two_networks_with_other_mistakes_are_better_together() -> None:
    vote = fit_weights(SHAPE, STROKES, LABELS)
    assert 0.5 < vote.shape / vote.strokes < 2
    together = combined(SHAPE, STROKES, vote)
    assert accuracy(together) > max(accuracy(SHAPE), accuracy(interpret(STROKES, 1.0))) + 0.01


def test_a_network_that_guesses_gets_little_weight() -> None:
    guesses = np.random.default_rng(0).dirichlet(np.ones(11), 3000).astype(np.float32)
    vote = fit_weights(SHAPE, guesses, LABELS)
    assert vote.strokes < 0.1 * vote.shape


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.9])
def test_the_threshold_keeps_the_same_share_of_the_digits(threshold: float) -> None:
    vote = fit_digit_odds(Vote(0.5, 0.75), SHAPE, STROKES, threshold)
    scores = combined(SHAPE, STROKES, vote).digit_scores
    assert (scores >= threshold - 1e-6).mean() == pytest.approx(KEPT_SHARE, abs=0.002)


@pytest.mark.parametrize("factors", [(0.8, 1.0), (1.25, 1.0), (1.0, 0.8), (1.0, 1.25)])
def test_no_weights_nearby_fit_better(factors: tuple[float, float]) -> None:
    vote = fit_weights(SHAPE, STROKES, LABELS)
    other = replace(vote, shape=factors[0] * vote.shape, strokes=factors[1] * vote.strokes)
    fitted, nearby = (
        cross_entropy(combined(SHAPE, STROKES, one).probabilities, LABELS) for one in (vote, other)
    )
    assert fitted < nearby
