"""Tells whether a run's report.json is one, so that nobody who reads it need doubt its figures."""

import math
from typing import Any

# No training takes longer: 30 years.
MOST_S = 1e9


def is_report(report: Any) -> bool:
    """Tell whether a report has all that every report has, and what it has besides is usable."""
    return (
        isinstance(report, dict)
        and _is_number(report.get("test_accuracy"), 1)
        and _is_count(report.get("parameters"))
        and _is_confusion_matrix(report.get("confusion_matrix"))
        and _has_no_training_or_all_of_it(report)
        and isinstance(report.get("versions", {}), dict)
        and ("teaching" not in report or _is_teaching(report["teaching"]))
    )


def _has_no_training_or_all_of_it(report: dict[str, Any]) -> bool:
    figures = [report[name] for name in ("epochs_done", "duration_s") if name in report]
    return not figures or (len(figures) == 2 and all(_is_number(f, MOST_S) for f in figures))


def _is_confusion_matrix(rows: Any) -> bool:
    return (
        isinstance(rows, list)
        and len(rows) == 10
        and all(isinstance(row, list) and len(row) == 10 for row in rows)
        and all(_is_count(count) for row in rows for count in row)
    )


def _is_teaching(teaching: Any) -> bool:
    return (
        isinstance(teaching, dict)
        and all(_is_count(teaching.get(name)) for name in ("taught", "held_back", "left_out"))
        and _is_pair(teaching.get("taught_right"))
        and _is_pair(teaching.get("held_back_right"))
        and _is_pair(teaching.get("test_accuracy"))
        and isinstance(teaching.get("changed"), list)
        and all(_is_change(change) for change in teaching["changed"])
    )


def _is_change(change: Any) -> bool:
    return (
        isinstance(change, dict)
        and _is_count(change.get("id"))
        and _is_label(change.get("label"))
        and isinstance(change.get("held_back"), bool)
        and all(_is_answer(change.get(when)) for when in ("before", "after"))
    )


def _is_answer(said: Any) -> bool:
    return (
        isinstance(said, dict)
        and _is_label(said.get("answer"))
        and _is_number(said.get("confidence"), 1)
    )


def _is_pair(values: Any) -> bool:
    return (
        isinstance(values, list)
        and len(values) == 2
        and all(_is_number(value, math.inf) for value in values)
    )


def _is_label(value: Any) -> bool:
    return _is_count(value) and value <= 10


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and value >= 0


def _is_number(value: Any, most: float) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and 0 <= value <= most
