"""Filters and sort orders of drawings."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from digitrec.drawings.schema import Drawing, ModelAnswer
from digitrec.labels import NO_DIGIT


class Verdict(StrEnum):
    """How the person's label compares to the model's answer."""

    RIGHT = "right"
    WRONG = "wrong"
    LABELED = "labeled"
    UNLABELED = "unlabeled"


class Order(StrEnum):
    """A sort order, by what comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LEAST_SURE = "least sure"
    MOST_SURE = "most sure"
    MOST_USEFUL = "most useful"


@dataclass(frozen=True)
class Selection:
    """A filter: drawings must match every field that isn't empty or None.

    Attributes:
        answers: Answers of the model: 0 to 9, or ``NO_DIGIT``.
        labels: Labels, the same way.
        verdict: How the label compares to the answer.
        confidence: The smallest and the largest confidence, 0 to 1.
        models: Names of models.
        sources: Some of ``schema.SOURCES``.
        since: Saved at this time or later, UTC.
        until: Saved before this time, UTC.
        text: Text in the note, in any case.
        in_trash: Whether to select drawings in the trash instead of the others.
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
        """Return the filter as an SQL condition on ``Drawing``."""
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
    """Return the model's answer in SQL: a digit, or ``NO_DIGIT``."""
    return sa.case((Drawing.is_digit.is_(sa.false()), NO_DIGIT), else_=Drawing.digit)


def answer_of(given: Drawing | ModelAnswer) -> int:
    """Return a model's answer: a digit, or ``NO_DIGIT``."""
    return NO_DIGIT if given.is_digit is False else given.digit


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
    """Sort drawings.

    The most useful to label are those that models disagree on, then those that the model was
    least sure of: uncertainty sampling and query by committee, Settles, Active Learning
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
    """Return the numbers of the drawings that models disagree on."""
    model_answer = sa.case(
        (ModelAnswer.is_digit.is_(sa.false()), NO_DIGIT), else_=ModelAnswer.digit
    )
    query = sa.select(ModelAnswer.drawing_id).join(Drawing, Drawing.id == ModelAnswer.drawing_id)
    return query.where(model_answer != answer()).distinct().subquery("disputed")
