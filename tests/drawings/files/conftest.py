import pytest

from digitrec.drawings.store import DrawingStore


@pytest.fixture
def drawings(history: DrawingStore) -> DrawingStore:
    """No drawings yet; of the two kinds of database one is enough here."""
    return history
