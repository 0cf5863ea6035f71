"""Other models' answers for a saved drawing."""

from datetime import UTC, datetime

from digitrec.drawings.accuracy import model_input
from digitrec.drawings.schema import Content, ModelAnswer
from digitrec.recognition.recognizer import Recognizer


def answer_of_model(recognizer: Recognizer, number: int, content: Content) -> ModelAnswer:
    """Return a model's answer for one drawing.

    Args:
        recognizer: The model.
        number: The drawing's number.
        content: The drawing.

    Raises:
        PictureError: If the drawing can't be read.
    """
    answer = recognizer.recognize(model_input(content), content.strokes)
    return ModelAnswer(
        drawing_id=number,
        model=recognizer.name,
        model_version=recognizer.version,
        digit=answer.digit,
        confidence=answer.confidence,
        is_digit=answer.is_digit,
        asked_at=datetime.now(UTC).replace(tzinfo=None),
    )
