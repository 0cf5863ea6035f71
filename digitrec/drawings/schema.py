"""The current tables of the drawings' database.

``migrations`` creates them, or migrates those of older versions.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from digitrec.ink.stroke_json import kept_strokes, to_json
from digitrec.ink.strokes import Strokes

SOURCES = ("canvas", "number", "picture", "upload")
MAX_NOTE = 2000


class Table(orm.DeclarativeBase):
    """The base class of all tables."""


class StrokesColumn(sa.types.TypeDecorator[Strokes]):
    """Strokes, as JSON in the database."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Strokes | None, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Convert strokes to JSON."""
        return to_json(value or ())

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Strokes:  # noqa: ARG002
        """Convert JSON to strokes."""
        return kept_strokes(value)


class Drawing(Table):
    """A drawing. Its picture and strokes are in ``Content``, which keeps queries fast.

    Attributes:
        id: Its number.
        owner: The person's ID from ``digitrec.ui.account``; empty without a login.
        created_at: When it was saved, UTC.
        changed_at: When its label or note was last changed, UTC; None if never.
        source: One of ``SOURCES``.
        digit: The model's answer, 0 to 9.
        confidence: The probability of that digit, 0 to 1.
        is_digit: Whether the model saw a digit; None in old drawings.
        digit_score: The probability that it is a digit, 0 to 1; None in old drawings.
        model: The model's name.
        model_version: SHA-256 of the model, in hexadecimal; None in old drawings.
        label: The person's label, one of ``digitrec.labels.LABELS``; None if unlabeled.
        note: The person's note.
        picture_hash: Hash of the PNG, 16 bytes.
        input_hash: Hash of the input, 16 bytes.
        deleted_at: When it was moved to the trash, UTC; None if it wasn't.
        content: Picture, strokes, input and probabilities.
        model_answers: Other models' answers.
    """

    __tablename__ = "drawings"
    # Numbers are never reused, not even those of permanently deleted drawings.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    owner: orm.Mapped[str] = orm.mapped_column(sa.String(32), index=True)
    created_at: orm.Mapped[datetime] = orm.mapped_column(index=True)
    changed_at: orm.Mapped[datetime | None]
    source: orm.Mapped[str]
    digit: orm.Mapped[int]
    confidence: orm.Mapped[float]
    is_digit: orm.Mapped[bool | None]
    digit_score: orm.Mapped[float | None]
    model: orm.Mapped[str]
    model_version: orm.Mapped[str | None]
    label: orm.Mapped[int | None]
    note: orm.Mapped[str]
    picture_hash: orm.Mapped[bytes] = orm.mapped_column(index=True)
    input_hash: orm.Mapped[bytes] = orm.mapped_column(index=True)
    deleted_at: orm.Mapped[datetime | None] = orm.mapped_column(index=True)

    content: orm.Mapped["Content"] = orm.relationship(lazy="raise", cascade="all")
    model_answers: orm.Mapped[list["ModelAnswer"]] = orm.relationship(
        lazy="raise", order_by="ModelAnswer.model", cascade="all"
    )


class Content(Table):
    """A drawing's picture and strokes, and the model's input and probabilities.

    Attributes:
        drawing_id: The drawing's number.
        picture: The drawing as PNG.
        strokes: The pen's strokes; empty if unknown.
        input: 784 bytes, the model's 28 x 28 input, row by row.
        probabilities: The ten probabilities, by digit.
    """

    __tablename__ = "contents"

    drawing_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("drawings.id", ondelete="CASCADE"), primary_key=True
    )
    picture: orm.Mapped[bytes]
    strokes: orm.Mapped[Strokes] = orm.mapped_column(StrokesColumn)
    input: orm.Mapped[bytes]
    probabilities: orm.Mapped[list[float]] = orm.mapped_column(sa.JSON)


class ModelAnswer(Table):
    """Another model's answer for a drawing.

    Attributes:
        drawing_id: The drawing's number.
        model: The model's name.
        model_version: SHA-256 of the model, in hexadecimal.
        digit: The model's answer, 0 to 9.
        confidence: The probability of that digit, 0 to 1.
        is_digit: Whether it saw a digit.
        asked_at: When it was asked, UTC.
    """

    __tablename__ = "opinions"

    drawing_id: orm.Mapped[int] = orm.mapped_column(
        sa.ForeignKey("drawings.id", ondelete="CASCADE"), primary_key=True
    )
    model: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    model_version: orm.Mapped[str]
    digit: orm.Mapped[int]
    confidence: orm.Mapped[float]
    is_digit: orm.Mapped[bool]
    asked_at: orm.Mapped[datetime]
