"""The tables of the drawings' database as they are now.

``migrations`` makes them of an empty database, and of those of older versions.
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
    """The base of all tables."""


class StrokesColumn(sa.types.TypeDecorator[Strokes]):
    """Strokes, as JSON in the database."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Strokes | None, dialect: sa.Dialect) -> Any:  # noqa: ARG002
        """Return strokes as the database has them."""
        return to_json(value or ())

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Strokes:  # noqa: ARG002
        """Return what the database has as strokes."""
        return kept_strokes(value)


class Drawing(Table):
    """What is known of one drawing. What it looks like is kept apart, so that looking is quick.

    Attributes:
        id: Its number.
        owner: Whose it is: what ``digitrec.ui.account`` knows a person by who logged in; empty
            where nobody has to.
        created_at: When it was saved, UTC.
        changed_at: When its label or note was last changed, UTC; None if never.
        source: Where it came from, one of ``SOURCES``.
        digit: What the model said, 0 to 9.
        confidence: The probability of that digit, 0 to 1.
        is_digit: Whether the model took it for a digit; None where it was not asked.
        digit_score: How much spoke for that, 0 to 1; None where it was not asked.
        model: The model's name.
        model_version: SHA-256 of the model, in hexadecimal; None of drawings that are older.
        label: What the person says it is, one of ``digitrec.labels.LABELS``; None where they
            said nothing.
        note: What the person wrote about it.
        picture_hash: 16 bytes that tell the PNG from others.
        input_hash: 16 bytes that tell the input from others.
        deleted_at: When it was put into the trash, UTC; None where it was not.
        content: What it looks like.
        opinions: What models said that were asked later.
    """

    __tablename__ = "drawings"
    # No number is given twice, not even that of a drawing which is gone for good.
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
    opinions: orm.Mapped[list["Opinion"]] = orm.relationship(
        lazy="raise", order_by="Opinion.model", cascade="all"
    )


class Content(Table):
    """What one drawing looks like, and all that the model said of it.

    Attributes:
        drawing_id: The drawing's number.
        picture: The drawing as PNG.
        strokes: What was drawn; empty where it isn't known.
        input: 784 bytes, the 28 x 28 that the model was given, row by row.
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


class Opinion(Table):
    """What a model said that was asked about a drawing later.

    Attributes:
        drawing_id: The drawing's number.
        model: The model's name.
        model_version: SHA-256 of the model, in hexadecimal.
        digit: What it said, 0 to 9.
        confidence: The probability of that digit, 0 to 1.
        is_digit: Whether it took it for a digit.
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
