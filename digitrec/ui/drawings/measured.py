"""How well the models read the labeled drawings, as far as it has been measured."""

from digitrec.drawings.accuracy import Measurements, drawings_state
from digitrec.errors import StoreError
from digitrec.runs.model_store import ModelStore
from digitrec.ui.page_frame import show_error
from digitrec.ui.resources import drawing_store


def known_accuracies(store: ModelStore) -> dict[str, float]:
    """Return the models' accuracy on the current drawings, where known, by SHA-256."""
    measured = Measurements.read(store.models_dir, store.person)
    if not measured.accuracies:
        return {}  # Opening the database takes half a second the first time.
    try:
        return measured.accuracies if measured.state == drawings_state(drawing_store()) else {}
    except StoreError as error:
        show_error(error)
        return {}
