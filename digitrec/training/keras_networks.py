"""Builds and loads networks as Keras models, and builds their optimizers."""

from pathlib import Path
from typing import Any, cast

import keras
from keras import layers

from digitrec.errors import ModelError
from digitrec.formatting import sentence
from digitrec.recipes.networks import (
    NETWORKS,
    Convolution,
    Dense,
    Dropout,
    Flatten,
    Layer,
    Pooling,
    Residual,
)
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.answers import DIGITS

# The share of steps in which one-cycle raises the learning rate.
WARMUP_SHARE = 0.3


def build_network(config: TrainingConfig) -> keras.Model:
    """Build a new network, or an ensemble that averages its members' answers.

    Returns:
        A model that takes float32 (n, 28, 28, 1), 0 to 1, and returns the probabilities of the ten
        digits, float32 (n, 10); with non-digits (n, 11), where *not a digit* is last.
    """
    if config.ensemble == 1:
        return _build_member(config, config.network)
    inputs = keras.Input((28, 28, 1))
    members = [_build_member(config, f"member-{i + 1}") for i in range(config.ensemble)]
    answer = layers.Average()([member(inputs) for member in members])
    return keras.Model(inputs, answer, name=config.network)


def members(network: keras.Model) -> list[keras.Model]:
    """Return the networks of an ensemble; a single network is its only member.

    An imported network may contain other networks without being an ensemble.
    """
    members = [layer for layer in network.layers if isinstance(layer, keras.Model)]
    others = [type(layer) for layer in network.layers if layer not in members]
    is_ensemble = len(members) > 1 and others == [layers.InputLayer, layers.Average]
    return members if is_ensemble else [network]


def load_network(path: Path) -> keras.Model:
    """Load a saved network.

    Raises:
        ModelError: If it is missing or damaged.
    """
    name = f"{path.parent.name}/{path.name}"
    if not path.is_file():
        raise ModelError(f"there is no network {name}")
    try:
        return keras.models.load_model(path)
    except Exception as error:
        raise ModelError(f"the network {name} can't be loaded: {sentence(error)}") from error


def build_optimizer(config: TrainingConfig, steps: int) -> keras.optimizers.Optimizer:
    """Build the optimizer with its learning rate schedule; SGD has a momentum of 0.9.

    Args:
        config: The run's parameters.
        steps: Steps of the whole run, over which a schedule falls to zero. One-cycle starts at a
            25th of the learning rate and reaches it after 30% of the steps, as in Smith and Topin,
            Super-convergence, 2018, but falls along a cosine instead of a straight line.
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


def _build_member(config: TrainingConfig, name: str) -> keras.Model:
    classes = DIGITS + config.non_digits
    inputs = x = keras.Input((28, 28, 1))
    for layer in NETWORKS[config.network]:
        x = _applied(layer, x, config.dropout)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x), name=name)


def _applied(layer: Layer, x: keras.KerasTensor, dropout: float) -> keras.KerasTensor:
    match layer:
        case Convolution(filters, kernel, padding, True):
            return layers.ReLU()(_normalized(x, filters, kernel, padding))
        case Residual(filters):
            inner = layers.ReLU()(_normalized(x, filters, 3, "same"))
            return layers.ReLU()(layers.Add()([x, _normalized(inner, filters, 3, "same")]))
        case _:
            return _keras_layer(layer, dropout)(x)


def _keras_layer(
    layer: Convolution | Pooling | Flatten | Dense | Dropout, dropout: float
) -> layers.Layer:
    match layer:
        case Convolution(filters, kernel, padding):
            return layers.Conv2D(filters, kernel, padding=padding, activation="relu")
        case Pooling():
            return layers.MaxPooling2D(2)
        case Flatten():
            return layers.Flatten()
        case Dense(units):
            return layers.Dense(units, activation="relu")
        case Dropout():
            return layers.Dropout(dropout)


def _normalized(x: keras.KerasTensor, filters: int, kernel: int, padding: str) -> keras.KerasTensor:
    convolution = layers.Conv2D(filters, kernel, padding=padding, use_bias=False)
    return layers.BatchNormalization()(convolution(x))


def _schedule(config: TrainingConfig, steps: int) -> Any:
    peak = cast(float, config.learning_rate)
    if config.schedule == "cosine":
        return keras.optimizers.schedules.CosineDecay(peak, steps)
    if config.schedule == "one-cycle":
        warmup = round(WARMUP_SHARE * steps)
        return keras.optimizers.schedules.CosineDecay(
            peak / 25, steps - warmup, warmup_target=peak, warmup_steps=warmup
        )
    return peak
