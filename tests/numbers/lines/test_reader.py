from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from digitrec.arrays import Floats, Pixels
from digitrec.numbers.lines.examples import on_paper
from digitrec.numbers.lines.picture import line_picture
from digitrec.numbers.lines.reader import (
    LineReader,
    LineReading,
    aligned,
    probable_texts,
    shipped_line_reader,
)
from digitrec.numbers.lines.symbols import BLANK, HEIGHT, PAPER_LEVEL, SYMBOLS
from digitrec.numbers.lines.writing import PenHand, written
from tests.numbers.samples import write


def answers(*steps: str | dict[str, float]) -> Floats:
    """Return a network's answers: for each step a symbol ("_" for nothing new) or their shares."""
    made = np.zeros((len(steps), BLANK + 1), np.float32)
    for row, step in zip(made, steps, strict=True):
        shares = {step: 1.0} if isinstance(step, str) else step
        for symbol, share in shares.items():
            row[BLANK if symbol == "_" else SYMBOLS.index(symbol)] = share
    return made


def line(text: str) -> Pixels:
    drawn = np.pad(write(text, height=90).drawn(), 12)
    return line_picture(drawn.astype(np.float32))


@pytest.fixture(scope="module")
def reader() -> LineReader:
    return shipped_line_reader()


def test_the_same_symbol_again_is_read_once_without_a_pause_between() -> None:
    assert probable_texts(answers("1", "1", "_", "1", "2"))[0] == ("112", 1.0)


def test_all_ways_to_a_text_add_up() -> None:
    both = {"3": 0.6, "_": 0.4}
    texts = dict(probable_texts(answers(both, both)))
    assert texts["3"] == pytest.approx(0.84)
    assert texts[""] == pytest.approx(0.16)


def test_separators_are_no_digits_but_kept() -> None:
    said = LineReading([("22000", 1.0)], "22.000-", answers("2"))
    assert said.has_marks
    assert not LineReading([("22000", 1.0)], "22000", answers("2")).has_marks


def test_digits_are_found_where_they_are_most_probable() -> None:
    unsure = {"1": 0.2, "_": 0.8}
    assert aligned(answers("_", unsure, "1", "_", "5", "_"), "15").tolist() == [2, 4]
    assert aligned(answers("4", "4", "_", "4"), "44").tolist() == [0, 1]


def test_digits_share_the_columns_between_them() -> None:
    said = LineReading([], "15", answers("_", "1", "_", "5", "_"), left=100.0, scale=2.0)
    (begin, middle), (same, end) = said.columns("15")
    assert middle == same == pytest.approx(100 + 2 * 4 * 2.5)
    assert end - middle == middle - begin
    assert said.columns("7") == [(100.0, 140.0)]


@pytest.mark.parametrize("text", ["7", "2026", "50948", "1234567890"])
def test_clear_lines_are_read(reader: LineReader, text: str) -> None:
    digits, probability = reader.read(line(text)).digits[0]
    assert digits == text
    assert probability > 0.5


def test_one_reader_serves_many_threads(reader: LineReader) -> None:
    texts = ["7", "2026", "50948", "314159"] * 6
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda text: reader.read(line(text)).digits[0][0], texts))
    assert read == texts


def test_amounts_on_patterned_paper_are_read(reader: LineReader) -> None:
    rng, right = np.random.default_rng(2), 0
    for _ in range(30):
        digits = str(rng.integers(100, 1_000_000))
        text = f"{int(digits):,}".replace(",", ".") + str(rng.choice(["", "-", ".-", "="]))
        picture = on_paper(written(text, PenHand({}, rng), rng), rng)
        right += reader.read(picture).digits[0][0] == digits
    assert right >= 20


def test_a_picture_has_paper_and_ink_at_fixed_levels_whatever_the_contrast() -> None:
    darkness = np.zeros((80, 300), np.float32)
    darkness[10:70, 100:140] = 1
    strong, faint = line_picture(50 + 200 * darkness), line_picture(7 + 0.3 * darkness)
    assert strong.shape == (HEIGHT, 150)
    assert (strong == faint).all()
    assert strong[0, 0] == PAPER_LEVEL
    assert strong[20, 60] == 255
