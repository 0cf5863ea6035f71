import numpy as np

from digitrec.arrays import Digits, Floats
from digitrec.jobs.augmentation_preview import augmented_digits


def test_the_same_digits_are_augmented_differently_in_each_round() -> None:
    first, second, *others = augmented_digits(rounds=5, seed=3).astype(np.float32)
    assert first.shape == (8, 28, 28)
    assert len(others) == 3
    assert all(np.abs(a - b).mean() > 5 for a, b in zip(first, second, strict=True))
    likeness = np.corrcoef(coarse(first), coarse(np.mean([second, *others], axis=0)))[:8, 8:]
    assert (likeness.argmax(axis=1) == np.arange(8)).sum() >= 6


def coarse(pictures: Digits) -> Floats:
    """Return pictures in 7 x 7 large pixels, in which bending and shifting hardly matter."""
    return pictures.reshape(8, 7, 4, 7, 4).mean(axis=(2, 4)).reshape(8, -1)
