"""The results of a run, validated when ``report.json`` is read."""

from typing import Annotated

from msgspec import Meta, Struct, field

from digitrec.recognition.calibration import Calibration
from digitrec.recognition.tensor_format import OWN, TensorFormat
from digitrec.recognition.vote import Vote, version_of_both

Fraction = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0)]
Label = Annotated[int, Meta(ge=0, le=10)]
# In seconds about 30 years.
NonNegative = Annotated[float, Meta(ge=0, le=1e9)]
Row = Annotated[list[Count], Meta(min_length=10, max_length=10)]


class SavedAnswer(Struct, frozen=True):
    """A model's answer for a drawing.

    Attributes:
        answer: A label.
        confidence: The confidence, 0 to 1.
    """

    answer: Label
    confidence: Fraction


class ChangedAnswer(Struct, frozen=True):
    """A drawing whose answer changed by teaching.

    Attributes:
        id: The drawing's number.
        label: The label.
        held_back: Whether it was held back from teaching.
        before: The answer before teaching.
        after: The answer after teaching.
    """

    id: Count
    label: Label
    held_back: bool
    before: SavedAnswer
    after: SavedAnswer


class TeachingResults(Struct, frozen=True):
    """The results of teaching a model; pairs are before and after.

    Attributes:
        taught: Number of drawings that the model learned from.
        held_back: Number of drawings that were held back for measurement.
        left_out: Number of non-digits, for a model that recognizes only digits.
        taught_right: Right answers on the taught drawings.
        held_back_right: Right answers on the held-back drawings.
        test_accuracy: Accuracy on MNIST's test set, 0 to 1.
        changed: The drawings whose answer changed.
    """

    taught: Count
    held_back: Count
    left_out: Count
    taught_right: tuple[Count, Count]
    held_back_right: tuple[Count, Count]
    test_accuracy: tuple[Fraction, Fraction]
    changed: list[ChangedAnswer]


class InkSource(Struct, frozen=True):
    """Drawings that a model learned from.

    Attributes:
        name: The file's name, or in words where they came from.
        digits: Number of digits.
        others: Number of letters and symbols.
        writers: Number of writers.
        sha256: Hash of the file; empty if the drawings weren't in a file.
    """

    name: str
    digits: Count
    others: Count
    writers: Count
    sha256: str = ""


class HeldOutInk(Struct, frozen=True):
    """Results on drawings whose writers a stroke reader hadn't seen.

    Attributes:
        digits: Number of digits.
        writers: Number of writers.
        by_shape: Accuracy of the network that reads pictures, 0 to 1.
        by_strokes: Accuracy of the network that reads strokes, 0 to 1.
        together: Accuracy of their vote, 0 to 1.
        mean_over_writers: Mean over the writers' accuracies of the vote, 0 to 1.
        wrong_and_confident: Share of wrong answers with a confidence of at least 0.9.
        calibration_error: The vote's expected calibration error, 0 to 1.
    """

    digits: Count
    writers: Count
    by_shape: Fraction
    by_strokes: Fraction
    together: Fraction
    mean_over_writers: Fraction
    wrong_and_confident: Fraction
    calibration_error: Fraction


class StrokeReaderResults(Struct, frozen=True):
    """A model's network that reads strokes.

    Attributes:
        sha256: Hash of the served network.
        parameters: Number of its parameters.
        vote: Its weight beside the network that reads pictures.
        sources: What it learned from.
        held_out: How well it does on writers it hasn't seen; None if there were too few.
        duration_s: The training time.
    """

    sha256: str
    parameters: Count
    vote: Vote
    sources: list[InkSource]
    held_out: HeldOutInk | None
    duration_s: NonNegative


class Results(Struct, frozen=True):
    """The results of a run with a model.

    Attributes:
        test_accuracy: The accuracy on MNIST's test set, 0 to 1.
        parameters: Number of parameters of the network.
        confusion_matrix: Counts, 10 by 10: a row for each label, a column for each answer.
        test_calibration_error: The expected calibration error on the test set, 0 to 1.
        export_difference: The largest difference between a probability of the served model and
            the network's; None for an imported model.
        model_sha256: Hash of the served model.
        calibration: Temperature and threshold of the model's answers.
        tensor_format: The format of the model's input.
        versions: Versions of the libraries, by name.
        epochs_done: Epochs of training, as a fraction; None for an imported model.
        duration_s: The training time; None for an imported model.
        stopped: Whether a person stopped the run.
        imported_from: The imported file; empty if the model was trained.
        import_note: What the import changed.
        teaching: The results of teaching; None if the model wasn't taught.
        ink: The ink files that the network learned from, as pictures.
        stroke_reader: The network that reads strokes; None if the model has none.
    """

    test_accuracy: Fraction
    parameters: Count
    confusion_matrix: Annotated[list[Row], Meta(min_length=10, max_length=10)]
    test_calibration_error: Fraction | None = None
    export_difference: float | None = None
    model_sha256: str | None = None
    calibration: Calibration = Calibration()
    tensor_format: TensorFormat = field(default=OWN, name="feeding")
    versions: dict[str, str] = {}
    epochs_done: NonNegative | None = None
    duration_s: NonNegative | None = None
    stopped: bool = False
    imported_from: str = ""
    import_note: str = ""
    teaching: TeachingResults | None = None
    ink: list[InkSource] = []
    stroke_reader: StrokeReaderResults | None = None

    @property
    def version(self) -> str | None:
        """Hash of the served model and of its stroke reader."""
        if self.model_sha256 is None or self.stroke_reader is None:
            return self.model_sha256
        return version_of_both(self.model_sha256, self.stroke_reader.sha256)

    @property
    def all_parameters(self) -> int:
        """Number of parameters, with the stroke reader's."""
        return self.parameters + (self.stroke_reader.parameters if self.stroke_reader else 0)

    def __post_init__(self) -> None:
        """Require both values or neither."""
        if (self.epochs_done is None) != (self.duration_s is None):
            raise ValueError("expected both epochs_done and duration_s, or neither")
