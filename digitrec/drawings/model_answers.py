"""Other models' answers for a saved drawing."""

from datetime import UTC, datetime

from digitrec.arrays import Digit
from digitrec.drawings.schema import Opinion
from digitrec.recognition.recognizer import Recognizer


def opinion_of(recognizer: Recognizer, number: int, digit: Digit) -> Opinion:
    """Ask a model about one drawing.

    Args:
        recognizer: The model.
        number: The drawing's number.
        digit: uint8 (28, 28), white ink (255) on black (0).
    """
    said = recognizer.recognize(digit)
    return Opinion(
        drawing_id=number,
        model=recognizer.name,
        model_version=recognizer.version,
        digit=said.digit,
        confidence=said.confidence,
        is_digit=said.is_digit,
        asked_at=datetime.now(UTC).replace(tzinfo=None),
    )
