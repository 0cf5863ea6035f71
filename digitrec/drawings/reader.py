"""Finds and counts drawings."""

import copy
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import sqlalchemy as sa
from sqlalchemy import orm

from digitrec.drawings.database import open_database
from digitrec.drawings.schema import Content, Drawing
from digitrec.drawings.selection import Order, Selection, answer, ordered
from digitrec.drawings.sessions import CHUNK, chunks, reading
from digitrec.drawings.statistics import Outcome
from digitrec.errors import NoSuchDrawingError
from digitrec.ink.strokes import Strokes

ALL = Selection()


@dataclass(frozen=True)
class Counts:
    """Counts of drawings: all, those with a label, and those the model got right."""

    all: int
    labeled: int
    right: int

    @property
    def wrong(self) -> int:
        """How many labels differ from the model's answer."""
        return self.labeled - self.right

    @property
    def accuracy(self) -> float:
        """The accuracy on the labeled drawings, 0 to 1; there must be at least one."""
        return self.right / self.labeled


class LabeledInput(NamedTuple):
    """A labeled drawing as a model sees it.

    Attributes:
        number: The drawing's number.
        label: The person's label, one of ``LABELS``.
        digit_input: 784 bytes, the model's 28 x 28 input, row by row.
        strokes: The pen's strokes; empty if they are unknown.
    """

    number: int
    label: int
    digit_input: bytes
    strokes: Strokes


class DrawingReader:
    """Reads one person's drawings; those of others stay hidden.

    Args:
        url: SQLAlchemy URL of the database, which is created or migrated as needed.
        owner: The drawings' owner; empty without a login.

    Raises:
        StoreError: From every method, if the database fails.
    """

    def __init__(self, url: str, owner: str = "") -> None:
        self.owner = owner
        self._engine = open_database(url)

    def for_owner(self, owner: str) -> Self:
        """Return another person's drawings in the same database."""
        theirs = copy.copy(self)
        theirs.owner = owner
        return theirs

    def close(self) -> None:
        """Close the connections to the database."""
        self._engine.dispose()

    def _reading(self) -> AbstractContextManager[orm.Session]:
        return reading(self._engine, self.owner)

    def find(
        self,
        selection: Selection = ALL,
        order: Order = Order.NEWEST,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Drawing]:
        """Return some of the selected drawings with their content."""
        query = ordered(sa.select(Drawing).where(selection.condition()), order)
        query = query.options(orm.selectinload(Drawing.content)).limit(limit).offset(offset)
        with self._reading() as session:
            return list(session.scalars(query))

    def get(self, number: int) -> Drawing:
        """Return a drawing with its content and other models' answers, even from the trash.

        Raises:
            NoSuchDrawingError: If no drawing has the number.
        """
        query = sa.select(Drawing).where(Drawing.id == number)
        everything = (orm.selectinload(Drawing.content), orm.selectinload(Drawing.model_answers))
        with self._reading() as session:
            found = session.scalar(query.options(*everything))
        if found is None:
            raise NoSuchDrawingError(f"there is no drawing {number}")
        return found

    def find_existing(self, numbers: Sequence[int], *, content: bool = False) -> list[Drawing]:
        """Return those of the drawings that exist, including deleted ones.

        Args:
            numbers: The drawings' numbers.
            content: Whether to load their content.
        """
        found: list[Drawing] = []
        looks = [orm.selectinload(Drawing.content)] if content else []
        with self._reading() as session:
            for chunk in chunks(numbers):
                query = sa.select(Drawing).where(Drawing.id.in_(chunk)).order_by(Drawing.id)
                found += session.scalars(query.options(*looks))
        return found

    def stream(self, selection: Selection = ALL) -> Iterator[Drawing]:
        """Yield the selected drawings with their content, the oldest first.

        They are loaded in chunks; between chunks nothing is locked.
        """
        last = 0
        query = sa.select(Drawing).where(selection.condition()).order_by(Drawing.id).limit(CHUNK)
        query = query.options(orm.selectinload(Drawing.content))
        while True:
            with self._reading() as session:
                found = list(session.scalars(query.where(Drawing.id > last)))
            yield from found
            if len(found) < CHUNK:
                return
            last = found[-1].id

    def numbers(
        self,
        selection: Selection = ALL,
        order: Order = Order.NEWEST,
        limit: int | None = None,
    ) -> list[int]:
        """Return the numbers of the selected drawings."""
        query = ordered(sa.select(Drawing.id).where(selection.condition()), order).limit(limit)
        with self._reading() as session:
            return list(session.scalars(query))

    def count(self, selection: Selection = ALL) -> Counts:
        """Count the selected drawings."""
        query = sa.select(
            sa.func.count(),
            sa.func.count(Drawing.label),
            sa.func.count(sa.case((Drawing.label == answer(), 1))),
        ).where(selection.condition())
        with self._reading() as session:
            return Counts(*session.execute(query).one())

    def models(self) -> list[str]:
        """Return the names of all models that recognized a drawing."""
        query = sa.select(Drawing.model).distinct().order_by(Drawing.model)
        with self._reading() as session:
            return list(session.scalars(query))

    def outcomes(self, selection: Selection = ALL) -> list[Outcome]:
        """Return the outcomes of the selected drawings that have a label, the oldest first."""
        columns = (Drawing.id, Drawing.created_at, Drawing.model, Drawing.label, answer())
        query = sa.select(*columns, Drawing.confidence).order_by(Drawing.id)
        query = query.where(selection.condition(), Drawing.label.is_not(None))
        with self._reading() as session:
            rows: Any = session.execute(query)
            return [Outcome(*row) for row in rows]

    def labels(self) -> list[tuple[int, int | None]]:
        """Return the number and label of each labeled drawing, the oldest first."""
        query = sa.select(Drawing.id, Drawing.label).where(
            Drawing.deleted_at.is_(None), Drawing.label.is_not(None)
        )
        with self._reading() as session:
            return [
                (number, label) for number, label in session.execute(query.order_by(Drawing.id))
            ]

    def latest_of_each_label(self, count: int) -> list[LabeledInput]:
        """Return the newest drawings of each label, the newest first.

        Args:
            count: At most this many of each label.
        """
        newest_first = sa.func.row_number().over(
            partition_by=Drawing.label, order_by=Drawing.id.desc()
        )
        ranked = sa.select(Drawing.id, newest_first.label("place")).where(
            Drawing.deleted_at.is_(None), Drawing.label.is_not(None)
        )
        places = ranked.subquery()
        query = (
            sa.select(Drawing.id, Drawing.label, Content.input, Content.strokes)
            .join(Content, Content.drawing_id == Drawing.id)
            .join(places, places.c.id == Drawing.id)
            .where(places.c.place <= count)
            .order_by(Drawing.id.desc())
        )
        with self._reading() as session:
            rows: Any = session.execute(query)
            return [LabeledInput(*row) for row in rows]

    def find_by_hash(
        self, picture_hashes: Sequence[bytes], input_hashes: Sequence[bytes]
    ) -> dict[bytes, Drawing]:
        """Find drawings by the hash of their picture or input.

        Returns:
            For each hash that was found a drawing without its content, preferably one that isn't
            in the trash.
        """
        found: dict[bytes, Drawing] = {}
        columns = ((Drawing.picture_hash, picture_hashes), (Drawing.input_hash, input_hashes))
        with self._reading() as session:
            for column, hashes in columns:
                for chunk in chunks(hashes):
                    query = sa.select(column, Drawing).where(column.in_(chunk))
                    for known, drawing in session.execute(query):
                        if known not in found or drawing.deleted_at is None:
                            found[known] = drawing
        return found
