import numpy as np
import pytest

from digitrec.numbers.single_digit_examples import drawn_examples, mnist_examples


@pytest.mark.parametrize("examples", [drawn_examples, mnist_examples])
def test_examples_of_both_kinds_come_from_composed_numbers(examples) -> None:  # type: ignore[no-untyped-def]
    seen, labels = examples(12, 3)
    assert seen.shape == (len(labels), 28, 56, 2)
    assert seen.dtype == np.uint8
    # A digit between nearly identical cuts is found more than once.
    assert 12 <= (labels == 1).sum() <= 3 * 72
    assert (labels == 0).sum() <= 6 * (labels == 1).sum() + 72
    whole = seen[labels == 1][:, :, :, 0]
    heights = whole.any(axis=2).sum(axis=1)
    assert np.median(heights) > 18
    again, _ = examples(12, 3)
    assert (again == seen).all()
