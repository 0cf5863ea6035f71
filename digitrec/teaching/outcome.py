"""How teaching changed a model's answers."""

from typing import Any

import numpy as np

from digitrec.recognition.recognizer import Recognizer
from digitrec.teaching.taught_drawings import TaughtDrawings, answer_and_confidence

Answer = tuple[int, float]


def teaching_report(
    drawings: TaughtDrawings, served: Recognizer, accuracy: float
) -> dict[str, Any]:
    """Compare a model's answers before and after teaching.

    Args:
        drawings: The drawings, with the answers before.
        served: The taught model as it is served.
        accuracy: The taught model's accuracy on MNIST's test set, 0 to 1.

    Returns:
        ``taught``, ``held_back`` and ``left_out``: numbers of drawings. ``taught_right`` and
        ``held_back_right``: how many of them were recognized correctly, before and after.
        ``test_accuracy``: before and after. ``changed``: the drawings whose answer changed, each
        with ``id``, ``label``, ``held_back``, and ``before`` and ``after`` with ``answer`` and
        ``confidence``.
    """
    recognitions = served.recognize_all(drawings.inputs, drawings.drawn)
    before = list(zip(drawings.answers.tolist(), drawings.confidences.tolist(), strict=True))
    after = [answer_and_confidence(recognition) for recognition in recognitions]
    right = [
        np.array([answer for answer, _ in answers]) == drawings.labels
        for answers in (before, after)
    ]
    held_back = drawings.held_back
    return {
        "taught": int((~held_back).sum()),
        "held_back": int(held_back.sum()),
        "left_out": drawings.left_out,
        "taught_right": [int(r[~held_back].sum()) for r in right],
        "held_back_right": [int(r[held_back].sum()) for r in right],
        "test_accuracy": [drawings.test_accuracy, accuracy],
        "changed": _changed(drawings, before, after),
    }


def _changed(
    drawings: TaughtDrawings, before: list[Answer], after: list[Answer]
) -> list[dict[str, Any]]:
    return [
        {
            "id": int(drawings.ids[i]),
            "label": int(drawings.labels[i]),
            "held_back": bool(drawings.held_back[i]),
            "before": {"answer": before[i][0], "confidence": round(before[i][1], 4)},
            "after": {"answer": after[i][0], "confidence": round(after[i][1], 4)},
        }
        for i in range(len(after))
        if before[i][0] != after[i][0]
    ]
