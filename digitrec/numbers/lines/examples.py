"""Training examples of the line reader: amounts on paper, composed by rule."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np

from digitrec.arrays import Floats, Int32s, Pixels
from digitrec.numbers.lines.amounts import SPACE, amount
from digitrec.numbers.lines.picture import normalized
from digitrec.numbers.lines.symbols import DASH, DOT, HEIGHT, PAPER_LEVEL
from digitrec.numbers.lines.writing import Hand, MnistHand, PenHand, Samples, written
from digitrec.synthetic.handwriting import Rng, chance
from digitrec.synthetic.paper import paper, rule

# The widest line of an example, in pixels, and the most symbols.
WIDTH, MAX_SYMBOLS = 320, 16
# The shares of lines written with people's drawings, with generated digits, and with MNIST's.
_HAND_SHARES = (0.5, 0.15, 0.35)
# The height of the writing, as a share of the line's.
BODY = (0.5, 0.98)
# The darkest part of a pattern is at most this share of the ink's darkness.
MAX_PATTERN = 0.7


class LineExamples(NamedTuple):
    """Lines with their symbols.

    Attributes:
        pictures: uint8 (n, 40, 320), paper at 26, ink up to 255; paper after each line's end.
        widths: int32 (n,), where each line ends, in pixels.
        symbols: int32 (n, 16), indices of ``SYMBOLS``; -1 after the last.
        counts: int32 (n,), the number of symbols in each line.
    """

    pictures: Pixels
    widths: Int32s
    symbols: Int32s
    counts: Int32s


def line_examples(count: int, people: Sequence[Samples], seed: int) -> LineExamples:
    """Compose random lines.

    Args:
        count: How many.
        people: The drawings of each person whose writing is imitated; may be empty.
        seed: The seed.
    """
    rng = np.random.default_rng(seed)
    pictures = np.full((count, HEIGHT, WIDTH), PAPER_LEVEL, np.uint8)
    symbols = np.full((count, MAX_SYMBOLS), -1, np.int32)
    widths, counts = np.zeros((2, count), np.int32)
    for row in range(count):
        text = amount(rng)
        picture = on_paper(written(text, _hand(people, rng), rng), rng)
        said = [_symbol(character) for character in text if character != SPACE]
        pictures[row, :, : picture.shape[1]], widths[row] = picture, picture.shape[1]
        symbols[row, : len(said)], counts[row] = said, len(said)
    return LineExamples(pictures, widths, symbols, counts)


def _hand(people: Sequence[Samples], rng: Rng) -> Hand:
    kind = rng.choice(3, p=_HAND_SHARES)
    if kind == 2:
        return MnistHand(rng)
    is_person = kind == 0 and people
    return PenHand(people[int(rng.integers(len(people)))] if is_person else {}, rng)


def _symbol(character: str) -> int:
    if character.isdecimal():
        return int(character)
    return DOT if character in ".," else DASH


def on_paper(writing: Pixels, rng: Rng) -> Pixels:
    """Put writing on random paper, as a reader sees it.

    Args:
        writing: uint8 (height, width), white ink (255) on black, without margins.
        rng: Random number generator.

    Returns:
        uint8 (40, n), n at most 320; paper at 26, ink up to 255.
    """
    ink, baseline = _placed(writing, rng)
    strength = np.float32(rng.uniform(0.45, 1.0))
    height, width = ink.shape
    ground = paper(height, width, rng)
    darkest = float(np.percentile(np.abs(ground), 98))
    ground *= min(1.0, MAX_PATTERN * float(strength) / max(darkest, 1e-3))
    rule(ground, baseline, rng)
    if chance(rng, 0.5):
        dark = np.maximum(ground, strength * ink + np.float32(0.3) * ground * (1 - ink))
    else:
        dark = ground * (1 - np.float32(0.7) * ink) + strength * ink
    if chance(rng, 0.6):
        dark = cv2.GaussianBlur(dark, (0, 0), rng.uniform(0.3, 0.9))
    dark += rng.normal(0, rng.uniform(0, 0.06), dark.shape).astype(np.float32)
    if chance(rng, 0.12):
        _add_neighbor(dark, strength, rng)
    return normalized(dark)


def _placed(writing: Pixels, rng: Rng) -> tuple[Floats, float]:
    """Scale writing into a line with margins; return its ink, 0 to 1, and its lower edge."""
    body = round(HEIGHT * rng.uniform(*BODY))
    width = round(writing.shape[1] * body / writing.shape[0] * float(np.exp(rng.normal(0, 0.08))))
    width = min(max(width, 3), WIDTH - 4)
    left = min(int(rng.uniform(0, 0.25) * HEIGHT), WIDTH - width)
    right = min(int(rng.uniform(0, 0.3) * HEIGHT), WIDTH - width - left)
    top = int(rng.uniform(0, HEIGHT - body + 0.99))
    small = cv2.resize(writing, (width, body), interpolation=cv2.INTER_AREA)
    padded = np.pad(small, ((top, HEIGHT - body - top), (left, right)))
    ink = np.clip(padded.astype(np.float32) * np.float32(rng.uniform(1.0, 1.6) / 255), 0, 1)
    if chance(rng, 0.4):
        ink *= _uneven(ink.shape[1], rng)
    return ink, float(top + body)


def _uneven(width: int, rng: Rng) -> Floats:
    """Return how strong the pen's ink is, varying smoothly, float32 (40, width)."""
    places = rng.uniform(0.35, 1, (2, 2 + width // 12)).astype(np.float32)
    resized = cv2.resize(places, (width, HEIGHT), interpolation=cv2.INTER_LINEAR)
    return np.asarray(resized, np.float32)


def _add_neighbor(dark: Floats, strength: np.float32, rng: Rng) -> None:
    """Add what reaches into the line from the writing above or below it."""
    row, begin = int(rng.choice([0, HEIGHT - 3])), int(rng.integers(dark.shape[1]))
    dark[row : row + 3, begin : begin + int(rng.integers(3, 25))] += np.float32(0.8) * strength
