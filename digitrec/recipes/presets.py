"""Presets for training, and what each is for."""

from typing import NamedTuple

from digitrec.recipes.parameters import TrainingConfig

PRESETS = {
    # Seconds: two epochs with a one-cycle schedule.
    "quick": TrainingConfig(
        epochs=2, learning_rate=0.002, schedule="one-cycle", dropout=0.1, validation_split=0.05
    ),
    # Minutes: a deeper network, augmentation and other styles.
    "balanced": TrainingConfig(
        network="bn-cnn",
        epochs=4,
        optimizer="adamw",
        learning_rate=0.002,
        schedule="one-cycle",
        batch_size=256,
        dropout=0.2,
        validation_split=0.05,
        augmentation=True,
        styles=True,
    ),
    # An hour: the model that ships was trained like this, and on ink.
    "best": TrainingConfig(
        network="res-cnn",
        epochs=14,
        optimizer="adamw",
        learning_rate=0.003,
        schedule="cosine",
        batch_size=1024,
        dropout=0.2,
        validation_split=0.05,
        augmentation=True,
        styles=True,
        corruptions=True,
        non_digits=True,
        hard_examples=True,
    ),
}


class About(NamedTuple):
    """What a preset is for.

    Attributes:
        gain: What it is good for.
        network: Its network, which a run that starts from a model doesn't have.
        means: What else gives the gain; empty for nothing.
    """

    gain: str
    network: str
    means: str = ""


# Quick and the settings without a preset make as many mistakes on MNIST (99.0 to 99.1% correct,
# measured with two seeds).
ABOUT = {
    "quick": About("A first result", "small network", "2 epochs"),
    "default": About("Plain settings to experiment with", "small network"),
    "balanced": About("Reads drawings better", "deeper network", "other styles"),
    "best": About("Photos and non-digits, too", "deeper residual network"),
}
