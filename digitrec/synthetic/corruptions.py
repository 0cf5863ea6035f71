"""Noisy pictures, as from cameras, scanners and photocopiers.

Each corruption takes and returns float32 (28, 28), 0 to 1, white ink on black.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from digitrec.arrays import Digits, Floats
from digitrec.errors import BlankPictureError
from digitrec.ink.preprocessing import SIZE, preprocess
from digitrec.synthetic.handwriting import Rng, chance
from digitrec.system.processes import tracked


def corrupted(x: Digits, seed: int) -> Digits:
    """Apply random corruptions to each picture, then preprocess it like any picture file.

    Args:
        x: uint8 (n, 28, 28), white ink (255) on black.
        seed: Random seed.

    Returns:
        uint8 (n, 28, 28).
    """
    rng = np.random.default_rng(seed)
    return np.stack([_noisy(picture, rng) for picture in tracked(x)])


def _noisy(digit: Digits, rng: Rng) -> Digits:
    picture = digit.astype(np.float32) / np.float32(255)
    for kind in rng.choice(len(CORRUPTIONS), rng.choice([1, 2], p=[0.88, 0.12]), replace=False):
        picture = np.clip(CORRUPTIONS[kind](picture, rng), 0, 1).astype(np.float32)
    if chance(rng, 0.3):
        picture = 1 - picture
    try:
        return preprocess(Image.fromarray(np.rint(picture * 255).astype(np.uint8)))
    except BlankPictureError:
        return digit


def _grain(picture: Floats, rng: Rng) -> Floats:
    noise = rng.standard_normal(picture.shape, np.float32) * np.float32(rng.uniform(0.05, 0.35))
    return picture + (noise * picture if chance(rng, 0.3) else noise)


def _specks(picture: Floats, rng: Rng) -> Floats:
    chances = rng.random(picture.shape)
    share = rng.uniform(0.02, 0.25)
    return np.where(chances < share, rng.random(picture.shape).round(), picture)


def _blur(picture: Floats, rng: Rng) -> Floats:
    return _filtered(picture, ImageFilter.GaussianBlur(rng.uniform(0.5, 1.6)))


def _motion(picture: Floats, rng: Rng) -> Floats:
    """Blur along a line."""
    length, angle = rng.uniform(2, 5), rng.uniform(0, np.pi)
    way = np.linspace(-length, length, 11)
    moved = [_shifted(picture, t * np.cos(angle), t * np.sin(angle)) for t in way]
    return np.mean(moved, axis=0, dtype=np.float32)


def _jitter(picture: Floats, rng: Rng) -> Floats:
    """Replace each pixel by one nearby, like frosted glass."""
    rows, columns = np.indices(picture.shape)
    deviation = rng.uniform(0.6, 1.6)
    off = np.rint(rng.normal(0, deviation, (2, *picture.shape))).astype(int)
    last = len(picture) - 1
    return picture[np.clip(rows + off[0], 0, last), np.clip(columns + off[1], 0, last)]


def _uneven_light(picture: Floats, rng: Rng) -> Floats:
    light = _field(rng, rng.choice([2, 3, 4, 6]))
    light += rng.uniform(0, 0.6) * _field(rng, rng.choice([8, 12, 16]))
    mixed = picture + rng.uniform(0.1, 1.5) * light * (1 - picture * rng.uniform(0, 1))
    return mixed / max(1.0, float(mixed.max()))


def _clouds(picture: Floats, rng: Rng) -> Floats:
    """Add clouds: random fields of increasing frequency and decreasing strength."""
    cells = np.array([2, 4, 7, 14, 28])
    weights = rng.uniform(1.3, 2.5) ** -np.arange(len(cells), dtype=float)
    clouds = sum(w * _field(rng, int(c)) for w, c in zip(weights, cells, strict=True))
    mixed = picture + rng.uniform(0.5, 2.2) * (clouds - clouds.min()) / np.ptp(clouds)
    return mixed / max(1.0, float(mixed.max()))


def gray_paper(picture: Floats, rng: Rng) -> Floats:
    """Change the levels of ink and paper."""
    low, high = sorted(rng.uniform(0, 1, 2))
    high = max(high, low + 0.2)
    return low + picture * (high - low) if chance(rng, 0.5) else picture + rng.uniform(0, 0.7)


def _bands(picture: Floats, rng: Rng) -> Floats:
    """Invert broad bands of columns or rows."""
    result = picture.copy()
    view = result if chance(rng, 0.5) else result.T
    for _ in range(rng.integers(1, 4)):
        begin = rng.integers(-4, len(picture))
        band = slice(max(0, begin), max(0, begin + rng.integers(2, 11)))
        view[:, band] = 1 - view[:, band]
    return result


def _scratches(picture: Floats, rng: Rng) -> Floats:
    """Draw straight or zigzag lines across, solid or dotted."""
    side = picture.shape[0]
    zoom = 3
    layer = Image.new("L", (side * zoom, side * zoom))
    pen = ImageDraw.Draw(layer)
    for _ in range(rng.integers(1, 4)):
        corners = rng.integers(2, 8)
        points = rng.uniform(-0.1, 1.1, (corners, 2)) * side * zoom
        if corners > 2:
            points = points[np.argsort(points[:, 0])]
        pen.line(
            [tuple(point) for point in points],
            fill=int(rng.uniform(120, 255)),
            width=round(rng.uniform(0.5, 1.6) * zoom),
        )
    drawn = np.asarray(layer.resize((side, side), Image.Resampling.BOX), np.float32) / 255
    if chance(rng, 0.4):
        drawn *= (np.add.outer(np.arange(side), np.arange(side)) // 2) % 2
    return np.maximum(picture, drawn)


def _spatter(picture: Floats, rng: Rng) -> Floats:
    """Add blots of ink or paper."""
    field = _field(rng, rng.choice([9, 14, 20, 28]))
    blots = field > np.quantile(field, rng.uniform(0.7, 0.97))
    return np.where(blots, float(chance(rng, 0.6)) * rng.uniform(0.6, 1), picture)


def _outline(picture: Floats, rng: Rng) -> Floats:
    """Keep only the edges of the ink."""
    if chance(rng, 0.5):
        picture = (picture > rng.uniform(0.2, 0.6)).astype(np.float32)
    if chance(rng, 0.5):
        return _filtered(picture, ImageFilter.MaxFilter(3)) - picture
    return picture - _filtered(picture, ImageFilter.MinFilter(3))


def _slant(picture: Floats, rng: Rng) -> Floats:
    """Rotate, slant, shrink and shift by large amounts."""
    turn, slant = rng.normal(0, 0.35), rng.normal(0, 0.45)
    scale = rng.uniform(1, 1.8)
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn) + slant], [np.sin(turn), np.cos(turn)]])
    middle = (len(picture) - 1) / 2
    shift = middle - matrix @ [middle, middle] + rng.uniform(-4, 4, 2)
    data = (*matrix[0], shift[0], *matrix[1], shift[1])
    image = Image.fromarray(picture)
    return np.asarray(
        image.transform(image.size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR)
    )


def _field(rng: Rng, cells: int) -> Floats:
    """Return a smooth random field, 0 to 1, interpolated from ``cells`` values along each side."""
    coarse = Image.fromarray(rng.random((cells, cells), np.float32))
    field = np.asarray(coarse.resize((SIZE, SIZE), Image.Resampling.BICUBIC), np.float32)
    low, high = field.min(), field.max()
    return (field - low) / max(high - low, np.float32(1e-6))


def _filtered(picture: Floats, by: ImageFilter.Filter) -> Floats:
    image = Image.fromarray(np.rint(picture * 255).astype(np.uint8))
    return np.asarray(image.filter(by), np.float32) / np.float32(255)


def _shifted(picture: Floats, x: float, y: float) -> Floats:
    image = Image.fromarray(picture)
    data = (1, 0, x, 0, 1, y)
    return np.asarray(
        image.transform(image.size, Image.Transform.AFFINE, data, Image.Resampling.BILINEAR)
    )


CORRUPTIONS: tuple[Callable[[Floats, Rng], Floats], ...] = (
    _grain, _specks, _blur, _motion, _jitter, _uneven_light, _clouds,
    gray_paper, _bands, _scratches, _spatter, _outline, _slant,
)  # fmt: skip
