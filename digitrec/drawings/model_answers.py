"""Other models' answers for a saved drawing."""

from datetime import UTC, datetime

from digitrec.arrays import Digit
from digitrec.drawings.schema import ModelAnswer
from digitrec.recognition.recognizer import Recognizer


def answer_of_model(recognizer: Recognizer, number: int, digit: Digit) -> ModelAnswer:
    """Return a model's answer for one drawing.

    Args:
        recognizer: The model.
        number: The drawing's number.
        digit: uint8 (28, 28), white ink (255) on black (0).
    """
    answer = recognizer.recognize(digit)
    return ModelAnswer(
        drawing_id=number,
        model=recognizer.name,
        model_version=recognizer.version,
        digit=answer.digit,
        confidence=answer.confidence,
        is_digit=answer.is_digit,
        asked_at=datetime.now(UTC).replace(tzinfo=None),
    )
