"""Saves, labels and deletes drawings."""

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy import orm

from digitrec.drawings.new_drawing import NewDrawing, content_hash
from digitrec.drawings.reader import DrawingReader
from digitrec.drawings.schema import MAX_NOTE, SOURCES, Content, Drawing, ModelAnswer
from digitrec.drawings.sessions import chunks, writing
from digitrec.errors import NoSuchDrawingError, StoreError
from digitrec.labels import LABELS


class DrawingStore(DrawingReader):
    """One person's drawings; no method reads or changes those of others."""

    def _writing(self) -> AbstractContextManager[orm.Session]:
        return writing(self._engine, self.owner)

    def save(self, drawing: NewDrawing) -> int:
        """Save a drawing to disk and return its number."""
        (number,) = self.save_all([drawing])
        return number

    def save_all(self, drawings: Iterable[NewDrawing]) -> list[int]:
        """Save drawings to disk, all or none, and return their numbers."""
        rows = [_row(drawing, self.owner) for drawing in drawings]
        with self._writing() as session:
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows]

    def label(self, numbers: Sequence[int], label: int | None) -> dict[int, int | None]:
        """Label drawings; None removes their labels.

        Returns:
            The previous labels, by number, without drawings that no longer exist.
        """
        if label is not None and label not in LABELS:
            raise StoreError(f"expected a label from 0 to {LABELS[-1]}, got {label!r}")
        return self.relabel(dict.fromkeys(numbers, label))

    def relabel(self, labels: dict[int, int | None]) -> dict[int, int | None]:
        """Set labels by number; return the previous ones, as ``label`` does."""
        return self._relabel(labels, sa.true())

    def unlabel(self, label: int | None, before: dict[int, int | None]) -> None:
        """Undo ``label``, except for drawings whose label has changed since.

        Args:
            label: The label that was set.
            before: The previous labels that ``label`` returned.
        """
        self._relabel(before, Drawing.label.is_not_distinct_from(label))

    def _relabel(
        self, labels: dict[int, int | None], condition: sa.ColumnElement[bool]
    ) -> dict[int, int | None]:
        """Label the drawings that meet a condition; return their previous labels."""
        before: dict[int, int | None] = {}
        with self._writing() as session:
            for chunk in chunks(list(labels)):
                query = sa.select(Drawing.id, Drawing.label).where(Drawing.id.in_(chunk), condition)
                before |= {row.id: row.label for row in session.execute(query)}
            changed = [
                {"id": number, "label": label, "changed_at": _now()}
                for number, label in labels.items()
                if number in before and before[number] != label
            ]
            if changed:
                session.execute(sa.update(Drawing), changed)
        return before

    def write_note(self, number: int, note: str) -> None:
        """Save the note of a drawing: at most ``MAX_NOTE`` characters."""
        if len(note) > MAX_NOTE:
            raise StoreError(f"a note can have at most {MAX_NOTE:,} characters, got {len(note):,}")
        if not self._update([number], note=note, changed_at=_now()):
            raise NoSuchDrawingError(f"drawing {number} no longer exists")

    def delete(self, numbers: Sequence[int]) -> int:
        """Move drawings to the trash; return how many were moved."""
        return self._update(numbers, deleted_at=_now())

    def restore(self, numbers: Sequence[int]) -> int:
        """Restore drawings from the trash; return how many were restored."""
        return self._update(numbers, deleted_at=None)

    def empty_trash(self) -> int:
        """Delete the drawings in the trash for good; return how many were deleted."""
        statement = sa.delete(Drawing).where(Drawing.deleted_at.is_not(None))
        with self._writing() as session:
            return _affected(session.execute(statement))

    def add_model_answers(self, model_answers: Sequence[ModelAnswer]) -> None:
        """Save other models' answers, replacing their earlier ones."""
        numbers = [model_answer.drawing_id for model_answer in model_answers]
        with self._writing() as session:
            own = set(session.scalars(sa.select(Drawing.id).where(Drawing.id.in_(numbers))))
            for model_answer in model_answers:
                if model_answer.drawing_id in own:
                    session.merge(model_answer)

    def give(self, owner: str) -> int:
        """Give all drawings, also those in the trash, to another person; return their count.

        Args:
            owner: The person's ID: 32 hexadecimal digits, or empty for use without a login.
        """
        if owner and not re.fullmatch("[0-9a-f]{32}", owner):
            raise StoreError(f"expected a person's ID of 32 hexadecimal digits, got {owner[:40]!r}")
        with self._writing() as session:
            return _affected(session.execute(sa.update(Drawing).values(owner=owner)))

    def _update(self, numbers: Sequence[int], **values: Any) -> int:
        done = 0
        with self._writing() as session:
            for chunk in chunks(numbers):
                statement = sa.update(Drawing).where(Drawing.id.in_(chunk)).values(**values)
                done += _affected(session.execute(statement))
        return done


def _row(drawing: NewDrawing, owner: str) -> Drawing:
    if drawing.source not in SOURCES:
        raise StoreError(
            f"expected one of {', '.join(SOURCES)} as the source, got {drawing.source}"
        )
    recognition = drawing.recognition
    digit_input = drawing.digit_input.astype(np.uint8).tobytes()
    return Drawing(
        owner=owner,
        created_at=drawing.created_at or _now(),
        source=drawing.source,
        digit=recognition.digit,
        confidence=recognition.confidence,
        is_digit=recognition.is_digit,
        digit_score=recognition.digit_score,
        model=drawing.model.name,
        model_version=drawing.model.version,
        label=drawing.label,
        note=drawing.note[:MAX_NOTE],
        picture_hash=content_hash(drawing.picture),
        input_hash=content_hash(digit_input),
        content=Content(
            picture=drawing.picture,
            strokes=drawing.strokes,
            input=digit_input,
            probabilities=list(recognition.probabilities),
        ),
    )


def _affected(result: sa.Result[Any]) -> int:
    return int(getattr(result, "rowcount", 0))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
