"""Measures accuracy on digits cropped to their ink, where the edges aren't blank paper.

python -m benchmarks.crops INK [--model bn-cnn] [--count 500]
"""

import argparse
import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from digitrec.datasets.ink_files import load_ink
from digitrec.datasets.mnist import load_mnist
from digitrec.errors import BlankPictureError
from digitrec.ink.preprocessing import preprocess
from digitrec.recognition.ink_evaluation import draw_on_canvas
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL, load_settings

PEN, SIZE = (8.0, 24.0), (0.5, 0.9)
Picture = Image.Image
Labeled = list[tuple[Picture, int]]


def cropped(picture: Picture) -> Picture:
    """Crop a picture, dark ink on white paper, to its ink."""
    return picture.crop(picture.point(lambda level: 255 * (level < 200)).getbbox())


def shrunk(picture: Picture, side: int) -> Picture:
    """Crop a picture and scale its longer side to ``side`` pixels."""
    tight = cropped(picture)
    scale = side / max(tight.size)
    size = max(1, round(tight.width * scale)), max(1, round(tight.height * scale))
    return tight.resize(size, Image.Resampling.BOX)


def gray_jpeg(picture: Picture) -> Picture:
    """Crop a picture, lower its contrast, and save it as a JPEG."""
    file = io.BytesIO()
    cropped(picture).point(lambda level: 140 + level * 110 // 255).save(file, "JPEG", quality=70)
    return Image.open(file)


WAYS: dict[str, Callable[[Picture], Picture]] = {
    "with a margin": lambda picture: picture,
    "cropped": cropped,
    "cropped, white on black": lambda picture: ImageOps.invert(cropped(picture)),
    "cropped, gray, JPEG": gray_jpeg,
    "cropped, 60 pixels": lambda picture: shrunk(picture, 60),
    "cropped, 22 pixels": lambda picture: shrunk(picture, 22),
    "cropped, 22 pixels, two colors": lambda picture: shrunk(picture, 22).point(
        lambda level: 255 * (level > 150)
    ),
}


def share_right(model: str, digits: Labeled, way: Callable[[Picture], Picture]) -> float:
    """Return a model's accuracy on digits that were changed by ``way``."""
    recognizer = ModelStore(load_settings().models_dir).load_recognizer(model)
    right = 0
    for picture, label in digits:
        try:
            right += recognizer.recognize(preprocess(way(picture))).digit == label
        except BlankPictureError:
            continue
    return right / len(digits)


def main() -> None:
    """Print the accuracy for each way to crop the digits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ink", type=Path)
    parser.add_argument("--model", default=DEFAULT_MODEL)
    parser.add_argument("--count", type=int, default=500)
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    ink = load_ink(arguments.ink)
    chosen = [ink[i] for i in rng.choice(len(ink), arguments.count, replace=False)]
    drawn = [(draw_on_canvas(one, rng, PEN, SIZE).picture, int(one.label)) for one in chosen]
    for name, way in WAYS.items():
        print(f"{name:32} {share_right(arguments.model, drawn, way):.2%}")
    mnist = load_mnist()
    pictures = [Image.fromarray(255 - digit) for digit in mnist.x_test[: arguments.count]]
    labels = mnist.y_test[: arguments.count].tolist()
    of_mnist = list(zip(pictures, labels, strict=True))
    print(f"{'MNIST, cropped':32} {share_right(arguments.model, of_mnist, cropped):.2%}")


if __name__ == "__main__":
    main()
