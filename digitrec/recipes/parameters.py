"""The configuration of a training run."""

from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from digitrec.errors import ConfigurationError
from digitrec.recipes.networks import NETWORKS
from digitrec.recipes.optimizers import OPTIMIZERS
from digitrec.recipes.parameter_kinds import (
    Choice,
    InkFiles,
    ModelName,
    Real,
    Section,
    Share,
    Switch,
    Whole,
    parameter,
    parameters,
)
from digitrec.recipes.run_names import check_name

MOST_EPOCHS = 200
RATES = tuple(float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 2, 3, 5))


@dataclass(frozen=True)
class TrainingConfig:
    """The parameters of one training run; docs/PARAMETERS.md lists them.

    Raises:
        ConfigurationError: If a value has the wrong type or is outside its limits, or another
            parameter that it needs isn't set.
    """

    network: str = parameter(
        "seed-cnn",
        Choice(
            label="Network",
            help="seed-cnn trains fastest and is good for a first try; bn-cnn is deeper and reads "
            "handwriting better, but takes about 4 times as long; res-cnn is deeper still (about "
            "9 times as long), and bn-cnn-wide has twice as many filters as bn-cnn (about 12 times "
            "as long).",
            section=Section.NETWORK,
            of_new_network=True,
            choices={name: name for name in NETWORKS},
        ),
    )
    ensemble: int = parameter(
        1,
        Whole(
            label="Ensemble",
            help="More networks make fewer mistakes together, but N networks take N times as long.",
            section=Section.LEARNING,
            of_new_network=True,
            term="Ensemble",
            low=1,
            high=5,
        ),
    )
    epochs: int = parameter(
        5,
        Whole(
            label="Epochs",
            help="More passes over the training pictures improve the network up to a point and "
            "take proportionally longer.",
            section=Section.NETWORK,
            term="Epoch",
            low=1,
            high=MOST_EPOCHS,
            slider=(1, 30),
        ),
    )
    optimizer: str = parameter(
        "adam",
        Choice(
            label="Optimizer",
            help="Sets how mistakes change the weights, and the default learning rate; Adam is a "
            "good first choice.",
            section=Section.LEARNING,
            term="Optimizer",
            choices={name: optimizer.label for name, optimizer in OPTIMIZERS.items()},
            brief=str,
        ),
    )
    learning_rate: float | None = parameter(
        None,
        Real(
            label="Learning rate",
            help="A higher rate changes the weights more at each step; if it is too low, the "
            "network learns slowly; if it is too high, it doesn't converge.",
            section=Section.LEARNING,
            term="Learning rate",
            low=1e-6,
            high=10.0,
            stops=RATES,
            unset="the optimizer's rate",
            brief=str,
        ),
    )
    schedule: str = parameter(
        "constant",
        Choice(
            label="Schedule",
            help="Cosine lowers the learning rate to zero by the end, which helps the network "
            "converge; one cycle raises it first, which works well for few epochs.",
            section=Section.LEARNING,
            term="Schedule",
            choices={"constant": "Constant", "cosine": "Cosine", "one-cycle": "One cycle"},
            side_by_side=True,
            brief=str.lower,
        ),
    )
    batch_size: int = parameter(
        128,
        Whole(
            label="Batch size",
            help="Larger batches train faster; smaller ones often learn more per epoch.",
            section=Section.LEARNING,
            term="Batch",
            low=1,
            high=4096,
            stops=(16, 32, 64, 128, 256, 512, 1024),
        ),
    )
    dropout: float = parameter(
        0.3,
        Real(
            label="Dropout",
            help="A larger share prevents overfitting better, but too much slows down learning; 0 "
            "turns it off.",
            section=Section.LEARNING,
            of_new_network=True,
            term="Dropout",
            low=0.0,
            high=0.9,
            step=0.05,
        ),
    )
    validation_split: float = parameter(
        0.1,
        Share(
            label="Validation split",
            help="Holds out this share of the 60,000 training pictures to measure the network on "
            "digits that it wasn't trained on.",
            section=Section.PICTURES,
            term="Validation",
            low=0.0,
            high=0.5,
            brief="{} for validation".format,
        ),
    )
    training_share: float = parameter(
        1.0,
        Share(
            label="Training share",
            help="Trains on this share of the pictures that aren't held out; with only a few, the "
            "network memorizes them.",
            section=Section.PICTURES,
            low=0.01,
            high=1.0,
        ),
    )
    early_stopping: int = parameter(
        0,
        Whole(
            label="Early stopping",
            help="Ends the run after this many epochs without a lower validation loss and keeps "
            "the best epoch's network; 0 turns it off.",
            section=Section.LEARNING,
            term="Early stopping",
            low=0,
            high=50,
            stops=(0, 1, 2, 3, 5, 10),
            # Links contain these words, so they must not change.
            wording="after {} worse",
            zero="off",
        ),
    )
    augmentation: bool = parameter(
        False,
        Switch(
            label="Augmentation",
            help="Randomly rotates, slants, scales, shifts and thickens each picture and adds "
            "noise, differently in each epoch, which helps with new digits but takes longer.",
            section=Section.PICTURES,
            term="Augmentation",
        ),
    )
    styles: bool = parameter(
        False,
        Switch(
            label="Other styles",
            help="Adds 77,000 digits in styles that MNIST lacks, such as slashed zeros, crossed "
            "sevens and open fours, which helps with drawings.",
            section=Section.PICTURES,
        ),
    )
    corruptions: bool = parameter(
        False,
        Switch(
            label="Noisy pictures",
            help="Adds 40,000 digits that are noisy, blurred, unevenly lit, scratched or cut by "
            "bands, which helps with photos and scans.",
            section=Section.PICTURES,
        ),
    )
    non_digits: bool = parameter(
        False,
        Switch(
            label="Non-digits",
            help="Adds 20,000 letters, symbols, scribbles and lines as an eleventh class, so that "
            "the network can recognize non-digits.",
            section=Section.PICTURES,
        ),
    )
    hard_examples: bool = parameter(
        False,
        Switch(
            label="Focus on mistakes",
            help="Trains only on the hardest quarter of each batch, so that a long run learns more "
            "in the same time.",
            section=Section.PICTURES,
        ),
    )
    drawings: bool = parameter(
        False,
        Switch(
            label="Labeled drawings",
            help="Also trains on your labeled drawings, and adds fewer generated pictures; needs a "
            "model to start from.",
            section=Section.PICTURES,
            personal=True,
            in_form=False,
        ),
    )
    ink: tuple[str, ...] = parameter(
        (),
        InkFiles(
            label="Ink files",
            help="Adds digits from files of handwritten strokes, redrawn with different pens, "
            "slants and bends; letters and symbols in them are learned as non-digits.",
            section=Section.PICTURES,
            personal=True,
        ),
    )
    strokes_from: tuple[str, ...] = parameter(
        (),
        InkFiles(
            label="Stroke reader",
            help="Also trains a second network, which reads strokes, on these drawings and on "
            "digits in other styles; on the canvas, both networks vote.",
            section=Section.PICTURES,
            term="Stroke reader",
            personal=True,
        ),
    )
    start_from: str | None = parameter(
        None,
        ModelName(
            label="Start from",
            help="Trains this model's network further, with its layers, ensemble and dropout.",
            section=Section.START,
            personal=True,
            unset="a new network",
            brief=str,
        ),
    )
    seed: int = parameter(
        0,
        Whole(
            label="Seed",
            help="A different seed gives a different run; the same seed and settings repeat it.",
            section=Section.START,
            low=0,
            high=2**31 - 1,
            personal=True,
            brief="seed {}".format,
        ),
    )
    tensorboard: bool = parameter(
        False,
        Switch(
            label="TensorBoard logs",
            help="Also writes curves and weight histograms, which you can view with `tensorboard "
            "--logdir models`.",
            section=Section.START,
            personal=True,
        ),
    )

    def __post_init__(self) -> None:
        for name, about in parameters(self).items():
            object.__setattr__(self, name, about.checked(name, getattr(self, name)))
        if self.learning_rate is None:
            object.__setattr__(self, "learning_rate", OPTIMIZERS[self.optimizer].learning_rate)
        self._check_together()

    def _check_together(self) -> None:
        """Check parameters that depend on each other."""
        if self.early_stopping and not self.validation_split:
            raise ConfigurationError("early stopping needs a validation split above 0")
        if self.start_from is not None:
            check_name(self.start_from)
        if self.drawings and not self.validation_split:
            raise ConfigurationError("training on drawings needs a validation split above 0")
        if self.drawings and self.start_from is None:
            raise ConfigurationError("training on drawings needs a model to start from")

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a dictionary for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Any) -> "TrainingConfig":
        """Build a configuration from a dictionary that ``to_dict`` made.

        Raises:
            ConfigurationError: If it isn't a dictionary, or a field is unknown or invalid.
        """
        try:
            named = msgspec.convert(values, dict[str, Any])
        except msgspec.ValidationError as error:
            raise ConfigurationError(
                f"expected the configuration as a JSON object, got {type(values).__name__}"
            ) from error
        if unknown := set(named) - set(parameters(cls)):
            raise ConfigurationError(f"unknown training parameters: {', '.join(sorted(unknown))}")
        return cls(**named)
