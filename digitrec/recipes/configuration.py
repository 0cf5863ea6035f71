"""What a training run and an export can be told, with the limits of every parameter."""

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

from digitrec.errors import ConfigurationError
from digitrec.recipes.networks import NETWORKS
from digitrec.recipes.run_names import FOLDER_NAME

SCHEDULES = ("constant", "cosine", "one-cycle")

# The learning rate each optimizer starts at: of a 1-2-5 series, one with which seed-cnn was
# at 98.2% or more of the validation part after two epochs (docs/ARCHITECTURE.md).
LEARNING_RATES = {
    "adam": 0.001,
    "adamw": 0.001,
    "nadam": 0.001,
    "rmsprop": 0.001,
    "sgd": 0.05,
    "adagrad": 0.1,
    "adadelta": 1.0,
    "lion": 0.0002,
}

# The formats that a model can be exported to, and the ending of their files.
EXPORT_FORMATS = {
    "keras": ".keras",
    "h5": ".h5",
    "litert": ".tflite",
    "onnx": ".onnx",
    "saved-model": "",
}

# Inclusive bounds, by the name of the field.
LIMITS: dict[str, tuple[float, float]] = {
    "ensemble": (1, 5),
    "epochs": (1, 200),
    "learning_rate": (1e-6, 10.0),
    "batch_size": (1, 4096),
    "dropout": (0.0, 0.9),
    "validation_split": (0.0, 0.5),
    "training_share": (0.01, 1.0),
    "early_stopping": (0, 50),
    "seed": (0, 2**31 - 1),
}

_SWITCHES = (
    "augmentation",
    "styles",
    "corruptions",
    "non_digits",
    "hard_examples",
    "drawings",
    "tensorboard",
)


@dataclass(frozen=True)
class TrainingConfig:
    """The parameters of one training run.

    Attributes:
        network: One of ``NETWORKS``; not looked at by a run that starts from a model.
        ensemble: How many such networks are trained side by side; the mean of their answers counts.
        epochs: Passes over the training pictures.
        optimizer: One of the keys of ``LEARNING_RATES``.
        learning_rate: Step size, at first; ``None`` takes the optimizer's own.
        schedule: One of ``SCHEDULES``; cosine lets the step size fall to nought, one-cycle lets it
            rise before that.
        batch_size: Pictures in one step.
        dropout: Share of the dense layers' units that is dropped while training.
        validation_split: Share of the 60,000 training pictures that is held out.
        training_share: Share of the training pictures that are left which is learned from.
        early_stopping: After how many epochs without a smaller validation loss the run ends, with
            the network of its best epoch; 0 lets it go on.
        augmentation: Whether each picture is varied each time it is seen.
        styles: Whether digits in styles that MNIST lacks are added.
        corruptions: Whether spoilt pictures are added: noisy, blurred, unevenly lit and so on.
        non_digits: Whether drawings that are no digit are added, as a class of their own.
        hard_examples: Whether only the quarter of each batch is learned from that the network is
            most wrong about.
        drawings: Whether the person's labelled drawings, which are in the run's folder, are learned
            from as well; fewer pictures are then added of each other kind.
        start_from: Name of the model whose network and weights the run begins with; None begins
            anew.
        tensorboard: Whether the run also writes logs for TensorBoard, into its folder.
        seed: Seed of the weights, the held-out part, the order and all other chance.

    Raises:
        ConfigurationError: If a value has the wrong type or is out of its limits, early stopping
            has no validation part to go by, or drawings have none or no model to start from.
    """

    network: str = "seed-cnn"
    ensemble: int = 1
    epochs: int = 5
    optimizer: str = "adam"
    learning_rate: float | None = None
    schedule: str = "constant"
    batch_size: int = 128
    dropout: float = 0.3
    validation_split: float = 0.1
    training_share: float = 1.0
    early_stopping: int = 0
    augmentation: bool = False
    styles: bool = False
    corruptions: bool = False
    non_digits: bool = False
    hard_examples: bool = False
    drawings: bool = False
    start_from: str | None = None
    tensorboard: bool = False
    seed: int = 0

    def __post_init__(self) -> None:
        _check_choice("network", self.network, NETWORKS)
        _check_choice("optimizer", self.optimizer, LEARNING_RATES)
        _check_choice("schedule", self.schedule, SCHEDULES)
        for name in _SWITCHES:
            _check_choice(name, getattr(self, name), (False, True))
        if self.learning_rate is None:
            object.__setattr__(self, "learning_rate", LEARNING_RATES[self.optimizer])
        for name in ("ensemble", "epochs", "batch_size", "early_stopping", "seed"):
            _check_number(name, getattr(self, name), whole=True)
        for name in ("learning_rate", "dropout", "validation_split", "training_share"):
            _check_number(name, getattr(self, name), whole=False)
        if self.early_stopping and not self.validation_split:
            raise ConfigurationError(
                "early stopping goes by the validation loss; hold a part out for validation"
            )
        if self.start_from is not None:
            check_name(self.start_from)
        if self.drawings and not self.validation_split:
            raise ConfigurationError(
                "what is forgotten for the drawings shows in the validation part; hold one out"
            )
        if self.drawings and self.start_from is None:
            raise ConfigurationError("drawings are taught to a model; say which one to start from")

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dictionary that JSON can hold."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Any) -> "TrainingConfig":
        """Build a configuration from ``to_dict``'s form.

        Raises:
            ConfigurationError: If it is no dictionary, or a field is unknown or wrong.
        """
        if not isinstance(values, dict):
            raise ConfigurationError(
                f"expected a configuration as an object, got {type(values).__name__}"
            )
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise ConfigurationError(f"unknown training parameters: {', '.join(sorted(unknown))}")
        return cls(**values)


def check_name(name: str) -> str:
    """Return the name of a run's folder if it can be one.

    Raises:
        ConfigurationError: If it is not 1 to 64 letters, digits, dots, dashes and
            underscores that begin with a letter or digit.
    """
    if not isinstance(name, str) or not FOLDER_NAME.fullmatch(name):
        raise ConfigurationError(
            "a run's folder is named with up to 64 letters, digits, - . or _, the first of them a "
            f"letter or digit, not {str(name)[:80]!r}"
        )
    return name


def _check_choice(name: str, value: object, choices: Any) -> None:
    if value not in tuple(choices):
        raise ConfigurationError(
            f"{name} must be one of {', '.join(map(str, choices))}, got {value!r}"
        )


def _check_number(name: str, value: object, *, whole: bool) -> None:
    low, high = LIMITS[name]
    kind = "a whole number" if whole else "a number"
    types = int if whole else (int, float)
    right_type = isinstance(value, types) and not isinstance(value, bool)
    if not right_type or not math.isfinite(value) or not low <= value <= high:  # type: ignore[arg-type, operator]
        raise ConfigurationError(f"{name} must be {kind} from {low:g} to {high:g}, got {value!r}")
