"""Measures a model on MNIST's test set with fifteen common corruptions.

python -m benchmarks.robustness [--model bn-cnn] [--count 1000] [--sheet FILE]

The corruptions follow Mu and Gilmer, MNIST-C: a robustness benchmark for computer vision, 2019,
in an implementation of our own. Training uses different ones. Each picture is preprocessed like any
picture file.
"""

import argparse
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFilter

from digitrec.arrays import Doubles, Pixels
from digitrec.datasets.mnist import load_mnist
from digitrec.errors import BlankPictureError
from digitrec.ink.preprocessing import preprocess
from digitrec.recognition.ink_evaluation import contact_sheet
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL, load_settings

Picture = Doubles
Rng = np.random.Generator
SIDE = 28


def _image(picture: Picture) -> Image.Image:
    return Image.fromarray(np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8))


def _array(image: Image.Image) -> Picture:
    return np.asarray(image, np.float64) / 255


def _affine(
    picture: Picture, matrix: npt.ArrayLike, shift: tuple[float, float] = (0, 0)
) -> Picture:
    m = np.asarray(matrix, float)
    x, y = np.array([13.5, 13.5]) - m @ [13.5, 13.5] + shift
    data = (*m[0], x, *m[1], y)
    affine, bilinear = Image.Transform.AFFINE, Image.Resampling.BILINEAR
    return _array(_image(picture).transform((SIDE, SIDE), affine, data, bilinear))


def _blurred(picture: Picture, radius: float) -> Picture:
    return _array(_image(picture).filter(ImageFilter.GaussianBlur(radius)))


def _sign(rng: Rng) -> int:
    return int(rng.choice([-1, 1]))


def _shot_noise(picture: Picture, rng: Rng) -> Picture:
    return rng.poisson(picture * 5) / 5


def _impulse_noise(picture: Picture, rng: Rng) -> Picture:
    chance = rng.random(picture.shape)
    return np.where(chance < 0.085, 0, np.where(chance > 0.915, 1, picture))


def _glass_blur(picture: Picture, rng: Rng) -> Picture:
    picture = _blurred(picture, 0.7)
    for _ in range(2):
        for row in range(SIDE - 2, 1, -1):
            for column in range(SIDE - 2, 1, -1):
                other = row + rng.integers(-1, 2), column + rng.integers(-1, 2)
                picture[row, column], picture[other] = picture[other], picture[row, column]
    return _blurred(picture, 0.7)


def _motion_blur(picture: Picture, rng: Rng) -> Picture:
    angle = np.radians(rng.uniform(-45, 45))
    way = np.linspace(-5, 5, 21)
    weights = np.exp(-((way / 3) ** 2) / 2)
    moved = [_affine(picture, np.eye(2), (t * np.cos(angle), t * np.sin(angle))) for t in way]
    return np.average(moved, axis=0, weights=weights)


def _shear(picture: Picture, rng: Rng) -> Picture:
    return _affine(picture, [[1.0, 0.4 * _sign(rng)], [0.0, 1.0]])


def _scale(picture: Picture, _: Rng) -> Picture:
    return _affine(picture, np.eye(2) / 0.6)


def _rotate(picture: Picture, rng: Rng) -> Picture:
    angle = 0.4 * _sign(rng)
    return _affine(picture, [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def _brightness(picture: Picture, _: Rng) -> Picture:
    return picture + 0.5


def _translate(picture: Picture, rng: Rng) -> Picture:
    return _affine(picture, np.eye(2), (4 * _sign(rng), 4 * _sign(rng)))


def _stripe(picture: Picture, _: Rng) -> Picture:
    striped = picture.copy()
    for columns in (slice(0, 7), slice(21, SIDE)):
        striped[:, columns] = 1 - striped[:, columns]
    return striped


def _fog(picture: Picture, rng: Rng) -> Picture:
    cloud, strength, cells = np.zeros((32, 32)), 1.0, 2
    while cells <= 32:
        grain = Image.fromarray(rng.random((cells, cells), np.float32))
        cloud += strength * np.asarray(grain.resize((32, 32), Image.Resampling.BICUBIC))
        strength, cells = strength / 1.7, cells * 2
    cloud = cloud[:SIDE, :SIDE] - cloud[:SIDE, :SIDE].min()
    most = picture.max()
    return (picture + 2 * cloud / cloud.max()) * most / (most + 2)


def _spatter(picture: Picture, rng: Rng) -> Picture:
    drops = _blurred(np.clip(rng.normal(0.65, 0.3, picture.shape), 0, 1), 1)
    return picture + 0.7 * (drops > 0.72)


def _line(rng: Rng) -> tuple[Picture, Picture]:
    begin, end = rng.uniform(-2, 4), rng.uniform(26, 32)
    return np.array([begin, rng.uniform(2, 26)]), np.array([end, rng.uniform(2, 26)])


def _dotted_line(picture: Picture, rng: Rng) -> Picture:
    begin, end = _line(rng)
    layer = Image.new("L", (SIDE, SIDE))
    for t in np.linspace(0, 1, 12):
        ImageDraw.Draw(layer).point(tuple(begin + t * (end - begin)), 255)
    return np.maximum(picture, _array(layer))


def _zigzag(picture: Picture, rng: Rng) -> Picture:
    begin, end = _line(rng)
    layer = Image.new("L", (SIDE, SIDE))
    corners = [
        begin + t * (end - begin) + [0, 2 * (-1) ** k] for k, t in enumerate(np.arange(9) / 8)
    ]
    ImageDraw.Draw(layer).line([tuple(corner) for corner in corners], 255, 1)
    return np.maximum(picture, _array(layer))


def _canny_edges(picture: Picture, _: Rng) -> Picture:
    down, across = np.gradient(_blurred(picture, 0.7))
    strength = np.hypot(across, down)
    sector = np.round(np.arctan2(down, across) / (np.pi / 4)) % 4
    padded = np.pad(strength, 1)
    edges = np.zeros_like(strength)
    for number, (y, x) in enumerate(((0, 1), (1, 1), (1, 0), (1, -1))):
        ahead = padded[1 + y : 29 + y, 1 + x : 29 + x]
        behind = padded[1 - y : 29 - y, 1 - x : 29 - x]
        is_crest = (strength >= ahead) & (strength >= behind) & (strength > 0.12)
        edges[is_crest & (sector == number)] = 1
    return edges


CORRUPTIONS: tuple[Callable[[Picture, Rng], Picture], ...] = (
    _shot_noise, _impulse_noise, _glass_blur, _motion_blur, _shear, _scale, _rotate, _brightness,
    _translate, _stripe, _fog, _spatter, _dotted_line, _zigzag, _canny_edges,
)  # fmt: skip


def corrupted_inputs(
    digits: Pixels, corrupt: Callable[[Picture, Rng], Picture], rng: Rng
) -> Pixels:
    """Corrupt digits, uint8 (n, 28, 28), and preprocess them as picture files."""
    inputs = np.zeros_like(digits)
    for row, digit in zip(inputs, digits, strict=True):
        with suppress(BlankPictureError):
            row[:] = preprocess(_image(corrupt(digit / 255, rng)))
    return inputs


def main() -> None:
    """Print the accuracy for each corruption, and the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--sheet", type=Path)
    arguments = parser.parse_args()
    recognizer = ModelStore(load_settings().models_dir).load_recognizer(arguments.model)
    mnist, rng = load_mnist(), np.random.default_rng(0)
    digits, labels = mnist.x_test[: arguments.count], mnist.y_test[: arguments.count]
    shares, sheets = [], []
    for corrupt in CORRUPTIONS:
        inputs = corrupted_inputs(digits, corrupt, rng)
        answers = recognizer.answers(inputs).probabilities.argmax(axis=1)
        shares.append((answers == labels).mean())
        sheets.append(inputs[:24])
        print(f"{corrupt.__name__[1:]:14} {shares[-1]:.2%}")
    print(f"{'mean':14} {np.mean(shares):.2%}")
    if arguments.sheet:
        contact_sheet(np.concatenate(sheets)).save(arguments.sheet)


if __name__ == "__main__":
    main()
