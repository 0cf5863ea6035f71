"""The layers of the networks, as data that needs no TensorFlow.

``training/keras_networks.py`` builds Keras models from them.
"""

from dataclasses import dataclass
from typing import NamedTuple

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Convolution:
    """A square convolution with ReLU, and batch normalization before it or a bias."""

    filters: int
    kernel: int = 3
    padding: str = "valid"
    normalized: bool = True


@dataclass(frozen=True)
class Residual:
    """Two 3 x 3 convolutions whose output is added to their input, before the second ReLU.

    Source: He et al., Deep residual learning for image recognition, 2016. The input already has
    ``filters`` channels.
    """

    filters: int


@dataclass(frozen=True)
class Pooling:
    """Max pooling over 2 x 2."""


@dataclass(frozen=True)
class Flatten:
    """Flattens its input to one dimension."""


@dataclass(frozen=True)
class Dense:
    """A fully connected layer with ReLU."""

    units: int


@dataclass(frozen=True)
class Dropout:
    """Switches off units at random during training."""


Layer = Convolution | Residual | Pooling | Flatten | Dense | Dropout


def _bn_cnn(width: int) -> tuple[Layer, ...]:
    """Return six 3 x 3 convolutions with batch normalization, in pairs.

    The order of convolution, normalization and activation is from Ioffe and Szegedy: Batch
    normalization, 2015; the pairs are from Simonyan and Zisserman: Very deep convolutional
    networks, 2015. The first pair takes the most time, so it is the narrowest.
    """
    return (
        Convolution(width),
        Convolution(width),
        Pooling(),
        Convolution(4 * width),
        Convolution(4 * width, padding="same"),
        Pooling(),
        Convolution(8 * width, padding="same"),
        Convolution(8 * width),
        Flatten(),
        Dropout(),
    )


NETWORKS: dict[str, tuple[Layer, ...]] = {
    "seed-cnn": (
        Convolution(32, kernel=5, normalized=False),
        Pooling(),
        Convolution(64, normalized=False),
        Pooling(),
        Flatten(),
        Dense(128),
        Dropout(),
        Dense(64),
        Dropout(),
    ),
    "bn-cnn": _bn_cnn(16),
    "bn-cnn-wide": _bn_cnn(32),
    "res-cnn": (
        Convolution(16),
        Convolution(16),
        Pooling(),
        Convolution(64, padding="same"),
        Residual(64),
        Pooling(),
        Convolution(128, padding="same"),
        Residual(128),
        Flatten(),
        Dropout(),
    ),
}


class LayerRow(NamedTuple):
    """A layer as it is shown to users: its kind, output shape and number of parameters."""

    layer: str
    shape: Shape
    parameters: int

    @property
    def output(self) -> str:
        """The output's shape in words: ``12×12×32``, ``1,600``."""
        return "×".join(f"{size:,}" for size in self.shape)


def layer_rows(network: str, classes: int = 10) -> list[LayerRow]:
    """Describe all layers of a network of ``NETWORKS``, including the softmax.

    Args:
        network: Its name.
        classes: The number of classes: 10, or 11 with *not a digit*.
    """
    rows: list[LayerRow] = []
    shape: Shape = (28, 28, 1)
    for layer in NETWORKS[network]:
        rows.append(_row(layer, shape))
        shape = rows[-1].shape
    answers = LayerRow("Softmax", (classes,), (shape[0] + 1) * classes)
    return [*rows, answers]


def parameter_count(network: str, classes: int = 10) -> int:
    """Return how many parameters a network of ``NETWORKS`` has."""
    return sum(row.parameters for row in layer_rows(network, classes))


def _row(layer: Layer, shape: Shape) -> LayerRow:
    match layer:
        case Convolution(filters, kernel, padding, normalized):
            side = shape[0] if padding == "same" else shape[0] - kernel + 1
            # Batch normalization has four parameters for each filter, two of them trainable.
            extra = (4 if normalized else 1) * filters
            name = f"Convolution {kernel} × {kernel}" + (", normalized" if normalized else "")
            parameters = kernel * kernel * shape[2] * filters + extra
            return LayerRow(name, (side, side, filters), parameters)
        case Residual(filters):
            parameters = 2 * (9 * filters + 4) * filters
            return LayerRow("Residual block, 3 × 3, normalized", shape, parameters)
        case Pooling():
            return LayerRow("Max pooling", (shape[0] // 2, shape[1] // 2, shape[2]), 0)
        case Flatten():
            return LayerRow("Flatten", (shape[0] * shape[1] * shape[2],), 0)
        case Dense(units):
            return LayerRow("Dense", (units,), (shape[0] + 1) * units)
        case Dropout():
            return LayerRow("Dropout", shape, 0)
