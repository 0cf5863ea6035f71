import pytest

from digitrec.drawings.store import DrawingStore


@pytest.fixture
def drawings(history: DrawingStore) -> DrawingStore:
    """An empty store; one kind of database is enough here."""
    return history
