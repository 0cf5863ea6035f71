"""The optimizers, and the learning rate at which each starts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Optimizer:
    """A rule that turns mistakes into changes of the weights.

    Attributes:
        label: What people call it.
        learning_rate: Where it starts unless told otherwise: of a 1-2-5 series, a rate with which
            seed-cnn was right on 98.2% or more of the validation split after two epochs
            (docs/ARCHITECTURE.md).
    """

    label: str
    learning_rate: float


OPTIMIZERS = {
    "adam": Optimizer("Adam", 0.001),
    "adamw": Optimizer("AdamW", 0.001),
    "nadam": Optimizer("Nadam", 0.001),
    "rmsprop": Optimizer("RMSprop", 0.001),
    "sgd": Optimizer("SGD with momentum", 0.05),
    "adagrad": Optimizer("Adagrad", 0.1),
    "adadelta": Optimizer("Adadelta", 1.0),
    "lion": Optimizer("Lion", 0.0002),
}
