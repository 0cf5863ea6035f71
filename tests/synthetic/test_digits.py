import numpy as np
import pytest

from digitrec.runs.model_store import ModelStore
from digitrec.synthetic.digits import draw_digit, styled_digits
from digitrec.synthetic.handwriting import arc, curve, line, vary


def test_labels_cycle_and_pictures_have_mnists_format() -> None:
    x, y = styled_digits(40, seed=1)
    assert x.dtype == np.uint8
    assert x.shape == (40, 28, 28)
    assert y.tolist() == [*range(10)] * 4
    for picture in x:
        inked = picture > 64  # The pen's width is rounded to a quarter of a pixel.
        rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
        assert max(np.ptp(rows), np.ptp(columns)) + 1 in (20, 21)


def test_the_seed_determines_the_drawings() -> None:
    first, again, other = (styled_digits(10, seed=seed)[0] for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any(axis=(1, 2)).all()


@pytest.mark.parametrize("digit", range(10))
def test_no_two_drawings_are_alike(digit: int) -> None:
    rng = np.random.default_rng(0)
    drawings = [np.concatenate(draw_digit(digit, rng)).round(3).tobytes() for _ in range(50)]
    assert len(set(drawings)) == 50


def test_the_styles_are_digits(store: ModelStore) -> None:
    x, y = styled_digits(1000, seed=3)
    answers = store.load_recognizer("seed-cnn").answers(x).probabilities.argmax(axis=1)
    of_digit = [(answers[y == digit] == digit).mean() for digit in range(10)]
    assert min(of_digit) > 0.6
    assert np.mean(of_digit) > 0.85


def test_lines_and_curves_pass_through_their_points() -> None:
    points = [(0.0, 0.0), (0.5, 0.2), (1.0, 1.0)]
    for drawn in (line(*points), curve(*points)):
        for point in points:
            assert np.hypot(*(drawn - point).T).min() < 1e-9


def test_an_arc_goes_clockwise_on_the_screen() -> None:
    drawn = arc(0, 0, 2, 1, -90, 0)
    assert drawn[0] == pytest.approx([0, -1])
    assert drawn[-1] == pytest.approx([2, 0])


def test_variation_keeps_a_line_upright() -> None:
    rng = np.random.default_rng(0)
    stroke = line((0.5, 0.0), (0.5, 1.0))
    for _ in range(100):
        (varied,) = vary([stroke], rng)
        assert len(varied) >= len(stroke)
        assert np.ptp(varied[:, 1]) > np.ptp(varied[:, 0])
