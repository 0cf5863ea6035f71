"""The networks, by name."""

import keras
from keras import layers

from digitrec.configuration import TrainingConfig


def build_network(config: TrainingConfig) -> keras.Model:
    """Build a new network: float32 (n, 28, 28, 1) from 0 to 1 in, (n, 10) probabilities out."""
    return _BUILDERS[config.network](config)


def _seed_cnn(config: TrainingConfig) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(config.dropout),
            layers.Dense(64, activation="relu"),
            layers.Dropout(config.dropout),
            layers.Dense(10, activation="softmax"),
        ],
        name="seed-cnn",
    )


_BUILDERS = {"seed-cnn": _seed_cnn}


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
