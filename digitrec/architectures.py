"""The networks, by name."""

import keras
from keras import layers

from digitrec.configuration import TrainingConfig


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
        steps: Steps of the whole run, over which a cosine schedule falls to nought.
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
    rate = config.learning_rate
    if config.schedule == "cosine":
        rate = keras.optimizers.schedules.CosineDecay(rate, steps)
    return optimizers[config.optimizer](rate, **extra)
