"""What a run came to, as its ``report.json`` says; checked, so that readers need not doubt it."""

from typing import Annotated

from msgspec import Meta, Struct

from digitrec.recognition.recognizer import Calibration
from digitrec.recognition.tensor_format import OWN, Feeding

Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0)]
Label = Annotated[int, Meta(ge=0, le=10)]
# No training takes longer: 30 years.
Figure = Annotated[float, Meta(ge=0, le=1e9)]
Row = Annotated[list[Count], Meta(min_length=10, max_length=10)]


class Said(Struct, frozen=True):
    """What a model said of a drawing.

    Attributes:
        answer: A label.
        confidence: How sure it was, 0 to 1.
    """

    answer: Label
    confidence: Share


class ChangedAnswer(Struct, frozen=True):
    """A drawing that a taught model reads differently.

    Attributes:
        id: Its number.
        label: What it is.
        held_back: Whether the model did not learn from it.
        before: What was said of it before the teaching.
        after: What is said of it now.
    """

    id: Count
    label: Label
    held_back: bool
    before: Said
    after: Said


class TeachingResults(Struct, frozen=True):
    """What came of teaching a model; pairs are before and after.

    Attributes:
        taught: How many drawings it learned from.
        held_back: How many were kept to measure with.
        left_out: How many are no digit, of which the model knows nothing.
        taught_right: How many of the taught ones are read right.
        held_back_right: How many of those that were held back are read right.
        test_accuracy: The share of MNIST's test set that is read right, 0 to 1.
        changed: The drawings that are read differently now.
    """

    taught: Count
    held_back: Count
    left_out: Count
    taught_right: tuple[Count, Count]
    held_back_right: tuple[Count, Count]
    test_accuracy: tuple[Share, Share]
    changed: list[ChangedAnswer]


class Results(Struct, frozen=True):
    """The results of a run that left a model.

    Attributes:
        test_accuracy: The share of MNIST's test set that the model reads right, 0 to 1.
        parameters: Numbers that the network consists of.
        confusion_matrix: 10 rows, the labels, of 10 counts, the answers.
        test_calibration_error: The expected calibration error on the test set, 0 to 1.
        export_difference: The largest difference between a probability of the served model and
            the network's; None for an imported model.
        model_sha256: Hash of the served model.
        calibration: How the model's answers are to be taken.
        feeding: How the model is given pictures.
        versions: Of what it was made with, by name.
        epochs_done: Epochs that it was trained for, in fractions; None for an imported model.
        duration_s: How long that took; None for an imported model.
        stopped: Whether a person stopped it before its end.
        imported_from: The file that it was imported from; empty if it was trained.
        import_note: What was done to it then.
        teaching: What came of it, if it was taught.
    """

    test_accuracy: Share
    parameters: Count
    confusion_matrix: Annotated[list[Row], Meta(min_length=10, max_length=10)]
    test_calibration_error: Share | None = None
    export_difference: float | None = None
    model_sha256: str | None = None
    calibration: Calibration = Calibration()
    feeding: Feeding = OWN
    versions: dict[str, str] = {}
    epochs_done: Figure | None = None
    duration_s: Figure | None = None
    stopped: bool = False
    imported_from: str = ""
    import_note: str = ""
    teaching: TeachingResults | None = None

    def __post_init__(self) -> None:
        """Refuse a training of which only a part is told."""
        if (self.epochs_done is None) != (self.duration_s is None):
            raise ValueError("a training has epochs_done and duration_s")
