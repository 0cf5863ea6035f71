"""Training examples of the single-digit classifier: segments of numbers, whole digits or not."""

from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageFilter

from digitrec.arrays import Digit, Digits, Indices, Ink, Labels
from digitrec.datasets.mnist import load_mnist
from digitrec.ink.preprocessing import BOX, crop
from digitrec.numbers.composition import Rng, Spacing, compose, place_side_by_side
from digitrec.numbers.cuts import LINE_HEIGHT, MARGIN, Segment, cut_line
from digitrec.numbers.reader import MAX_WIDTH
from digitrec.numbers.single_digit_classifier import windows
from digitrec.synthetic.digits import draw_digit
from digitrec.synthetic.handwriting import vary

MAX_DIGITS = 6
SPACING_SHARES = {Spacing.APART: 0.15, Spacing.CLOSE: 0.2, Spacing.TOUCHING: 0.65}
# A segment is a digit if at least this share of the digit's ink lies in it, and of its own ink in
# the digit; below the second value, it isn't a digit; segments in between are left out.
WHOLE, NOT_WHOLE = 0.92, 0.85
# The number of negative examples per positive one, in each number.
NEGATIVES_PER_POSITIVE = 6


def mnist_examples(count: int, seed: int) -> tuple[Digits, Labels]:
    """Return the segments of ``count`` numbers composed of MNIST's training digits.

    Returns:
        uint8 (n, 28, 56, 2), as made by ``windows``, and uint8 (n,): 1 for a whole digit, else 0.
    """
    pictures = load_mnist().x_train
    return _examples(lambda rng: _mnist_number(pictures, rng), count, seed)


def drawn_examples(count: int, seed: int) -> tuple[Digits, Labels]:
    """Return the same for numbers composed of generated digits."""
    return _examples(_drawn_number, count, seed)


def _examples(number: Callable[[Rng], Ink], count: int, seed: int) -> tuple[Digits, Labels]:
    rng = np.random.default_rng(seed)
    segments = [_segments(number(rng), rng) for _ in range(count)]
    seen, labels = zip(*segments, strict=True)
    return np.concatenate(seen), np.concatenate(labels)


def _segments(layers: Ink, rng: Rng) -> tuple[Digits, Labels]:
    """Cut a number, given as one layer per digit, and label its segments."""
    layers = _scaled(layers)
    line = cut_line(layers.max(axis=0))
    segments = list(_spans(line.cuts, line.between))
    labels = np.array([_is_digit(segment, layers) for segment in segments])
    positive, negative = np.flatnonzero(labels == 1), np.flatnonzero(labels == 0)
    some = rng.permutation(negative)[: NEGATIVES_PER_POSITIVE * max(1, len(positive))]
    chosen = np.concatenate([positive, some])
    return windows(line.ink, [segments[i] for i in chosen]), labels[chosen].astype(np.uint8)


def _spans(cuts: list[Indices], between: Callable[[int, int], Segment | None]) -> Iterator[Segment]:
    for begin in range(len(cuts) - 1):
        for end in range(begin + 1, len(cuts)):
            segment = between(begin, end)
            if segment is None:
                continue
            if np.ptp(np.flatnonzero(segment.ink.any(axis=0))) > MAX_WIDTH * LINE_HEIGHT:
                break
            yield segment


def _is_digit(segment: Segment, layers: Ink) -> int:
    """Return 1 for a whole digit, 0 for anything else, and 2 for borderline cases."""
    ink, left = segment
    shared = np.minimum(ink, layers[:, :, left : left + ink.shape[1]]).sum(axis=(1, 2))
    digit = shared.argmax()
    least = min(shared[digit] / layers[digit].sum(), shared[digit] / ink.sum())
    return 1 if least > WHOLE else 0 if least < NOT_WHOLE else 2


def _scaled(layers: Ink) -> Ink:
    """Scale all layers together to the height of a line."""
    every = layers.max(axis=0)
    rows, columns = np.flatnonzero(every.any(axis=1)), np.flatnonzero(every.any(axis=0))
    framed = layers[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    width = max(1, round(framed.shape[2] * LINE_HEIGHT / framed.shape[1]))
    resized = [
        np.clip(np.asarray(Image.fromarray(layer).resize((width, LINE_HEIGHT))), 0, 1)
        for layer in framed
    ]
    return np.pad(np.stack(resized), ((0, 0), (0, 0), (MARGIN, MARGIN)))


def _drawn_number(rng: Rng) -> Ink:
    digits = rng.integers(0, 10, rng.integers(1, MAX_DIGITS + 1))
    return compose(
        [vary(draw_digit(int(d), rng), rng) for d in digits], _nearness(rng), rng
    ).layers()


def _mnist_number(pictures: Digits, rng: Rng) -> Ink:
    """Place pictures side by side, with a common slant and a random stroke width."""
    slant, thicker = rng.normal(0.05, 0.2), int(rng.integers(-2, 3))
    scale = LINE_HEIGHT * rng.uniform(0.85, 1.15) / BOX
    chosen = rng.integers(0, len(pictures), rng.integers(1, MAX_DIGITS + 1))
    digits = [
        _varied(pictures[i], scale * rng.uniform(0.9, 1.1), slant, thicker, rng) for i in chosen
    ]
    height = round(1.5 * LINE_HEIGHT)
    framed = [_at_height(digit, height, rng) for digit in digits]
    begins = place_side_by_side(framed, LINE_HEIGHT, _nearness(rng), rng)
    width = max(begin + digit.shape[1] for begin, digit in zip(begins, framed, strict=True))
    layers = np.zeros((len(framed), height, width), np.float32)
    for layer, begin, digit in zip(layers, begins, framed, strict=True):
        layer[:, begin : begin + digit.shape[1]] = digit
    return layers


def _nearness(rng: Rng) -> Spacing:
    return Spacing(rng.choice(list(SPACING_SHARES), p=list(SPACING_SHARES.values())))


def _varied(picture: Digit, scale: float, slant: float, thicker: int, rng: Rng) -> Ink:
    ink = crop(np.where(picture > 25, picture, 0).astype(np.float32) / np.float32(255))
    size = (
        max(1, round(ink.shape[1] * scale * np.exp(rng.normal(0, 0.1)))),
        max(1, round(ink.shape[0] * scale)),
    )
    large = np.asarray(Image.fromarray(ink).resize(size))
    contrast, shift = np.float32(rng.uniform(1.5, 4)), np.float32(rng.uniform(0.35, 0.65))
    sharp: Ink = np.pad(np.clip((large - np.float32(0.5)) * contrast + shift, 0, 1), 3)
    slanted = _slanted(_with_pen(sharp, thicker), slant)
    return crop(slanted) if slanted.any() else crop(large)


def _with_pen(ink: Ink, thicker: int) -> Ink:
    """Make strokes thicker by pixels on each side; thinner if negative and enough ink is left."""
    size = 2 * abs(thicker) + 1
    by = ImageFilter.MaxFilter(size) if thicker > 0 else ImageFilter.MinFilter(size)
    picture = Image.fromarray(np.rint(ink * 255).astype(np.uint8)).filter(by)
    changed = np.asarray(picture, np.float32) / np.float32(255)
    return changed if changed.sum() > 0.2 * ink.sum() else ink


def _slanted(ink: Ink, slant: float) -> Ink:
    height, width = ink.shape
    room = int(abs(slant) * height) + 1
    picture = Image.fromarray(np.pad(ink, ((0, 0), (room, room))))
    shear = (1, slant, -slant * height / 2, 0, 1, 0)
    size = (width + 2 * room, height)
    sheared = picture.transform(size, Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR)
    return np.where(np.asarray(sheared) > 0.05, np.asarray(sheared), np.float32(0))


def _at_height(digit: Ink, height: int, rng: Rng) -> Ink:
    """Put a digit on the baseline of a frame; very flat ones are centered vertically."""
    rows = min(digit.shape[0], height)
    room = LINE_HEIGHT - rows
    down = room + rng.normal(0, 0.04) * LINE_HEIGHT if 2 * rows > LINE_HEIGHT else room / 2
    top = int(np.clip(round(0.2 * LINE_HEIGHT + down), 0, height - rows))
    framed = np.zeros((height, digit.shape[1]), np.float32)
    framed[top : top + rows] = digit[:rows]
    return framed
