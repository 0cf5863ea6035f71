"""Which of the drawings are meant, and in which order."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from digitrec.drawings.schema import Drawing, Opinion
from digitrec.labels import NO_DIGIT


class Verdict(StrEnum):
    """What the person's label says of the model's answer."""

    RIGHT = "right"
    WRONG = "wrong"
    LABELED = "labeled"
    UNLABELED = "unlabeled"


class Order(StrEnum):
    """Which drawings come first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LEAST_SURE = "least sure"
    MOST_SURE = "most sure"
    MOST_USEFUL = "most useful"


@dataclass(frozen=True)
class Selection:
    """Drawings that have all of these in common; what is empty or None leaves all in.

    Attributes:
        answers: What the model said, as labels: 0 to 9, or ``NO_DIGIT``.
        labels: What the person says, the same way.
        verdict: What the label says of the answer.
        confidence: The least and the greatest confidence, 0 to 1.
        models: Names of models.
        sources: Where they came from, as ``schema.SOURCES``.
        since: The earliest time at which they were saved, UTC.
        until: The time before which they were saved, UTC.
        text: What the note contains, whatever its case.
        in_trash: Whether those in the trash are meant, and no others.
    """

    answers: tuple[int, ...] = ()
    labels: tuple[int, ...] = ()
    verdict: Verdict | None = None
    confidence: tuple[float, float] | None = None
    models: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""
    in_trash: bool = False

    def condition(self) -> sa.ColumnElement[bool]:
        """Return it as a condition of SQL on ``Drawing``."""
        return sa.and_(*self._conditions())

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        in_trash = Drawing.deleted_at.is_not(None)
        found: list[sa.ColumnElement[bool]] = [in_trash if self.in_trash else ~in_trash]
        choices = ((answer(), self.answers), (Drawing.label, self.labels),
                   (Drawing.model, self.models), (Drawing.source, self.sources))  # fmt: skip
        found += [column.in_(chosen) for column, chosen in choices if chosen]
        if self.verdict:
            found.append(_says(self.verdict))
        if self.confidence:
            found.append(Drawing.confidence.between(*self.confidence))
        if self.since:
            found.append(Drawing.created_at >= self.since)
        if self.until:
            found.append(Drawing.created_at < self.until)
        if self.text:
            found.append(Drawing.note.icontains(self.text, autoescape=True))
        return found


def answer() -> sa.ColumnElement[int]:
    """Return what the model said, as a label: ``NO_DIGIT`` where it took it for none."""
    return sa.case((Drawing.is_digit.is_(sa.false()), NO_DIGIT), else_=Drawing.digit)


def answer_of(said: Drawing | Opinion) -> int:
    """Return what a model said, as a label: ``NO_DIGIT`` where it took it for none."""
    return NO_DIGIT if said.is_digit is False else said.digit


def _says(verdict: Verdict) -> sa.ColumnElement[bool]:
    match verdict:
        case Verdict.RIGHT:
            return Drawing.label == answer()
        case Verdict.WRONG:
            return Drawing.label != answer()
        case Verdict.LABELED:
            return Drawing.label.is_not(None)
        case Verdict.UNLABELED:
            return Drawing.label.is_(None)


def ordered(query: sa.Select[Any], order: Order) -> sa.Select[Any]:
    """Put drawings into an order.

    The most useful to label are those that models read differently, then those that the model
    was least sure of: uncertainty sampling and query by committee, Settles, Active Learning
    Literature Survey, 2009.
    """
    match order:
        case Order.NEWEST:
            return query.order_by(Drawing.id.desc())
        case Order.OLDEST:
            return query.order_by(Drawing.id)
        case Order.LEAST_SURE:
            return query.order_by(Drawing.confidence, Drawing.id.desc())
        case Order.MOST_SURE:
            return query.order_by(Drawing.confidence.desc(), Drawing.id.desc())
        case Order.MOST_USEFUL:
            disputed = _disputed()
            return query.outerjoin(disputed, disputed.c.drawing_id == Drawing.id).order_by(
                disputed.c.drawing_id.is_(None), Drawing.confidence, Drawing.id.desc()
            )


def _disputed() -> sa.Subquery:
    """Return the numbers of the drawings that a model reads differently than the first did."""
    opinion = sa.case((Opinion.is_digit.is_(sa.false()), NO_DIGIT), else_=Opinion.digit)
    query = sa.select(Opinion.drawing_id).join(Drawing, Drawing.id == Opinion.drawing_id)
    return query.where(opinion != answer()).distinct().subquery("disputed")
