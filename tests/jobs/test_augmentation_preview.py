import numpy as np

from digitrec.jobs.augmentation_preview import augmented_digits


def test_the_same_digits_are_augmented_differently_in_each_round() -> None:
    first, second, *others = augmented_digits(rounds=5, seed=3).astype(np.float32)
    assert first.shape == (8, 28, 28)
    assert len(others) == 3
    assert all(np.abs(a - b).mean() > 5 for a, b in zip(first, second, strict=True))
    likeness = np.corrcoef(first.reshape(8, -1), second.reshape(8, -1))[:8, 8:]
    assert (likeness.argmax(axis=1) == np.arange(8)).sum() >= 6
