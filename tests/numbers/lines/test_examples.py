import numpy as np
import pytest

from digitrec.datasets.ink_files import InkDrawing
from digitrec.numbers.lines.examples import WIDTH, line_examples, on_paper
from digitrec.numbers.lines.symbols import HEIGHT, PAPER_LEVEL, SYMBOLS
from digitrec.numbers.lines.writing import MnistHand, PenHand, samples_by_writer, written

STEM = np.array([[500.0, 0.0], [500.0, 1000.0]])
RING = 500 + 500 * np.array([[np.cos(a), np.sin(a)] for a in np.linspace(0, 2 * np.pi, 24)])


def drawings(writer: str, labels: str) -> list[InkDrawing]:
    return [InkDrawing(writer, label, [RING if label == "0" else STEM]) for label in labels]


def test_examples_are_lines_with_their_symbols() -> None:
    lines = line_examples(40, [], 3)
    assert lines.pictures.shape == (40, HEIGHT, WIDTH)
    for picture, width, symbols, count in zip(*lines, strict=True):
        assert count > 0
        assert (symbols[:count] < len(SYMBOLS)).all()
        assert (symbols[:count] >= 0).all()
        assert (symbols[count:] == -1).all()
        assert picture[:, :width].max() == 255
        assert (picture[:, width:] == PAPER_LEVEL).all()


def test_the_same_seed_gives_the_same_lines() -> None:
    one, same, other = (line_examples(5, [], seed).pictures for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()


def test_people_with_few_drawings_are_not_imitated() -> None:
    known = samples_by_writer(
        [*drawings("one", "0123456789"), *drawings("two", "01"), *drawings("one", "A")]
    )
    assert [sorted(samples) for samples in known] == [list(range(10))]


def test_a_line_is_written_by_the_hand_it_is_given() -> None:
    (person,) = samples_by_writer(drawings("one", "0123456789"))
    rng = np.random.default_rng(0)
    ones = written("1111", PenHand(person, rng), rng)
    zeros = written("0000", PenHand(person, rng), rng)
    assert zeros.shape[1] > 1.5 * ones.shape[1]
    assert (ones.max(axis=0) < 40).any()


@pytest.mark.parametrize(
    "text", ["1", "22.000.-", "7 500,-", "$318=", "00000000", "*12#", "4/", "9~", "6x"]
)
def test_every_mark_can_be_written_by_every_hand(text: str) -> None:
    for seed, hand in enumerate((PenHand, MnistHand)):
        rng = np.random.default_rng(seed)
        own = hand({}, rng) if hand is PenHand else MnistHand(rng)
        ink = written(text, own, rng)
        assert ink.max() == 255
        assert ink[0].max() > 40
        assert ink[:, -1].max() > 40
        picture = on_paper(ink, rng)
        assert picture.shape[0] == HEIGHT
        assert picture.shape[1] <= WIDTH
