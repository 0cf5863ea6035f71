"""The networks, by name or from a file, and the optimizers."""

from pathlib import Path
from typing import Any, cast

import keras
from keras import layers

from digitrec.configuration import TrainingConfig
from digitrec.errors import ModelError

# The part of a one-cycle run in which the learning rate rises.
RISE = 0.3


def build_network(config: TrainingConfig) -> keras.Model:
    """Build a new network.

    Returns:
        float32 (n, 28, 28, 1) from 0 to 1 in; (n, 10) probabilities out, or (n, 11) with that of
        *no digit* last.
    """
    classes = 11 if config.non_digits else 10
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            *_BUILDERS[config.network](config),
            layers.Dense(classes, activation="softmax"),
        ],
        name=config.network,
    )


def load_network(path: Path) -> keras.Model:
    """Load a network that was saved.

    Raises:
        ModelError: If it is missing or damaged.
    """
    name = f"{path.parent.name}/{path.name}"
    if not path.is_file():
        raise ModelError(f"there is no network {name}")
    try:
        return keras.models.load_model(path)
    except Exception as error:
        raise ModelError(f"the network {name} can't be loaded: {error}") from error


def _seed_cnn(config: TrainingConfig) -> list[layers.Layer]:
    return [
        layers.Conv2D(32, 5, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(config.dropout),
        layers.Dense(64, activation="relu"),
        layers.Dropout(config.dropout),
    ]


def _bn_cnn(config: TrainingConfig, width: int = 16) -> list[layers.Layer]:
    """Six 3 x 3 convolutions with batch normalisation, in pairs.

    The order of convolution, normalisation and activation is that of Ioffe and Szegedy: Batch
    normalization, 2015; the pairs are those of Simonyan and Zisserman: Very deep convolutional
    networks, 2015. Most of the time goes into the first pair, so it is the narrowest.
    """
    return [
        *_convolution(width, "valid"),
        *_convolution(width, "valid"),
        layers.MaxPooling2D(2),
        *_convolution(4 * width, "valid"),
        *_convolution(4 * width, "same"),
        layers.MaxPooling2D(2),
        *_convolution(8 * width, "same"),
        *_convolution(8 * width, "valid"),
        layers.Flatten(),
        layers.Dropout(config.dropout),
    ]


def _bn_cnn_wide(config: TrainingConfig) -> list[layers.Layer]:
    return _bn_cnn(config, width=32)


def _convolution(filters: int, padding: str) -> list[layers.Layer]:
    return [
        layers.Conv2D(filters, 3, padding=padding, use_bias=False),
        layers.BatchNormalization(),
        layers.ReLU(),
    ]


_BUILDERS = {"seed-cnn": _seed_cnn, "bn-cnn": _bn_cnn, "bn-cnn-wide": _bn_cnn_wide}


def build_optimizer(config: TrainingConfig, steps: int) -> keras.optimizers.Optimizer:
    """Build the optimizer with its schedule; SGD has a momentum of 0.9.

    Args:
        config: The run's parameters.
        steps: Steps of the whole run, over which a schedule falls to nought. One-cycle begins at a
            25th of the learning rate and reaches it after 30 % of the steps: Smith and Topin,
            Super-convergence, 2018, with a cosine in place of the straight fall.
    """
    optimizers = {
        "adam": keras.optimizers.Adam,
        "adamw": keras.optimizers.AdamW,
        "nadam": keras.optimizers.Nadam,
        "rmsprop": keras.optimizers.RMSprop,
        "sgd": keras.optimizers.SGD,
        "adagrad": keras.optimizers.Adagrad,
        "adadelta": keras.optimizers.Adadelta,
        "lion": keras.optimizers.Lion,
    }
    extra = {"momentum": 0.9} if config.optimizer == "sgd" else {}
    return optimizers[config.optimizer](_schedule(config, steps), **extra)


def _schedule(config: TrainingConfig, steps: int) -> Any:
    peak = cast(float, config.learning_rate)
    if config.schedule == "cosine":
        return keras.optimizers.schedules.CosineDecay(peak, steps)
    if config.schedule == "one-cycle":
        rise = round(RISE * steps)
        return keras.optimizers.schedules.CosineDecay(
            peak / 25, steps - rise, warmup_target=peak, warmup_steps=rise
        )
    return peak
