"""How well the models read the labeled drawings, as far as it has been measured."""

from dataclasses import dataclass

from digitrec.drawings.accuracy import Measurements, drawings_state
from digitrec.errors import StoreError
from digitrec.formatting import counted, percent
from digitrec.runs.model_store import ModelStore
from digitrec.ui.page_frame import show_error
from digitrec.ui.resources import drawing_store

# With fewer drawings, a percentage with two decimals would seem too exact.
MANY = 100


@dataclass(frozen=True)
class KnownAccuracies:
    """The models' known accuracies on the current labeled drawings.

    Attributes:
        by_model: Accuracy, 0 to 1, by the model's SHA-256.
        count: How many labeled drawings there are; 0 if no accuracy is known.
    """

    by_model: dict[str, float]
    count: int

    def of(self, sha256: str | None) -> float | None:
        """Return a model's accuracy; None if it is unknown."""
        return self.by_model.get(sha256 or "")

    def words(self, accuracy: float) -> str:
        """Write an accuracy: ``2 of 12``, or with ``MANY`` drawings in percent."""
        if self.count >= MANY:
            return percent(accuracy)
        return f"{round(accuracy * self.count)} of {self.count}"

    @property
    def on(self) -> str:
        """What they were measured on: ``on 12 drawings``."""
        return f"on {counted(self.count, 'drawing')}"


def known_accuracies(store: ModelStore) -> KnownAccuracies:
    """Return the models' accuracies on the current drawings, where known."""
    measured, unknown = Measurements.read(store.models_dir, store.person), KnownAccuracies({}, 0)
    if not measured.accuracies:
        return unknown  # Opening the database takes half a second the first time.
    try:
        drawings = drawing_store()
        if measured.state != drawings_state(drawings):
            return unknown
        return KnownAccuracies(measured.accuracies, len(drawings.labels()))
    except StoreError as error:
        show_error(error)
        return unknown
