"""Saves, finds, labels and deletes drawings."""

import copy
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import numpy as np
import sqlalchemy as sa
from sqlalchemy import orm

from digitrec.arrays import Digit
from digitrec.drawings.database import explained, open_database
from digitrec.drawings.schema import MAX_NOTE, SOURCES, Content, Drawing, Opinion
from digitrec.drawings.selection import Order, Selection, answer, ordered
from digitrec.drawings.statistics import Outcome
from digitrec.errors import NoSuchDrawingError, StoreError
from digitrec.ink.strokes import Strokes
from digitrec.labels import LABELS
from digitrec.recognition.recognizer import Recognition

Item = TypeVar("Item")

# So many drawings are read or written at a time, that memory stays bounded.
CHUNK = 250
ALL = Selection()


@dataclass(frozen=True)
class NewDrawing:
    """A drawing that is to be saved.

    Attributes:
        picture: PNG.
        digit_input: uint8 (28, 28), what the model was given, white ink (255) on black.
        recognition: What the model said.
        model: The model's name.
        model_version: SHA-256 of the model, in hexadecimal.
        strokes: What was drawn; empty where it isn't known.
        source: Where it comes from, one of ``schema.SOURCES``.
        label: What the person says it is.
        note: What the person wrote about it.
        created_at: When it was made, UTC; None takes now.
    """

    picture: bytes
    digit_input: Digit
    recognition: Recognition
    model: str
    model_version: str
    strokes: Strokes = ()
    source: str = "canvas"
    label: int | None = None
    note: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True)
class Counts:
    """How many drawings there are of a kind."""

    all: int
    labelled: int
    right: int

    @property
    def wrong(self) -> int:
        """Those whose label is not what the model said."""
        return self.labelled - self.right

    @property
    def accuracy(self) -> float:
        """The share of the labeled ones that is right, 0 to 1; there must be some."""
        return self.right / self.labelled


class DrawingStore:
    """One person's drawings in the database; no method sees or changes those of others.

    Args:
        url: SQLAlchemy URL of the database, which is made or brought up to date if need be.
        owner: Whose drawings; empty where nobody has to log in.

    Raises:
        StoreError: From every method, if the database can't do it.
    """

    def __init__(self, url: str, owner: str = "") -> None:
        self.owner = owner
        self._engine = open_database(url)

    def of(self, owner: str) -> "DrawingStore":
        """Return another person's drawings in the same database."""
        theirs = copy.copy(self)
        theirs.owner = owner
        return theirs

    def _reading(self) -> orm.Session:
        return _OwnersSession(self._engine, info={"owner": self.owner}, expire_on_commit=False)

    @contextmanager
    def _writing(self) -> Iterator[orm.Session]:
        """Commit what is done inside; undo all of it if anything fails."""
        engine = self._engine.execution_options(writes=True)
        session = _OwnersSession(engine, info={"owner": self.owner}, expire_on_commit=False)
        with session, session.begin():
            yield session

    def save(self, drawing: NewDrawing) -> int:
        """Save one drawing; it is on the disk when this returns. Returns its number."""
        (number,) = self.save_all([drawing])
        return number

    def save_all(self, drawings: Iterable[NewDrawing]) -> list[int]:
        """Save drawings, all or none; they are on the disk when this returns."""
        rows = [_row(drawing, self.owner) for drawing in drawings]
        with explained("written"), self._writing() as session:
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows]

    def find(
        self,
        selection: Selection = ALL,
        order: Order = Order.NEWEST,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Drawing]:
        """Return some of the selected drawings with what they look like."""
        query = ordered(sa.select(Drawing).where(selection.condition()), order)
        query = query.options(orm.selectinload(Drawing.content)).limit(limit).offset(offset)
        with explained("read"), self._reading() as session:
            return list(session.scalars(query))

    def get(self, number: int) -> Drawing:
        """Return one drawing, be it in the bin or not, with all that is known of it.

        Raises:
            NoSuchDrawingError: If there is none of that number.
        """
        query = sa.select(Drawing).where(Drawing.id == number)
        everything = (orm.selectinload(Drawing.content), orm.selectinload(Drawing.opinions))
        with explained("read"), self._reading() as session:
            found = session.scalar(query.options(*everything))
        if found is None:
            raise NoSuchDrawingError(f"there is no drawing {number}")
        return found

    def some(self, numbers: Sequence[int], *, content: bool = False) -> list[Drawing]:
        """Return those of the drawings that there are, be they in the bin or not.

        Args:
            numbers: Their numbers.
            content: Whether with what they look like.
        """
        found: list[Drawing] = []
        looks = [orm.selectinload(Drawing.content)] if content else []
        with explained("read"), self._reading() as session:
            for part in _parts(numbers):
                query = sa.select(Drawing).where(Drawing.id.in_(part)).order_by(Drawing.id)
                found += session.scalars(query.options(*looks))
        return found

    def stream(self, selection: Selection = ALL) -> Iterator[Drawing]:
        """Yield the selected drawings with what they look like, the oldest first.

        A part is held in memory at a time, and nothing is locked between two.
        """
        last = 0
        query = sa.select(Drawing).where(selection.condition()).order_by(Drawing.id).limit(CHUNK)
        query = query.options(orm.selectinload(Drawing.content))
        while True:
            with explained("read"), self._reading() as session:
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
        with explained("read"), self._reading() as session:
            return list(session.scalars(query))

    def count(self, selection: Selection = ALL) -> Counts:
        """Count the selected drawings."""
        query = sa.select(
            sa.func.count(),
            sa.func.count(Drawing.label),
            sa.func.count(sa.case((Drawing.label == answer(), 1))),
        ).where(selection.condition())
        with explained("read"), self._reading() as session:
            return Counts(*session.execute(query).one())

    def models(self) -> list[str]:
        """Return the names of all models that ever recognised a drawing."""
        query = sa.select(Drawing.model).distinct().order_by(Drawing.model)
        with explained("read"), self._reading() as session:
            return list(session.scalars(query))

    def outcomes(self, selection: Selection = ALL) -> list[Outcome]:
        """Return the labelled ones of the selected drawings, the oldest first."""
        columns = (Drawing.id, Drawing.created_at, Drawing.model, Drawing.label, answer())
        query = sa.select(*columns, Drawing.confidence).order_by(Drawing.id)
        query = query.where(selection.condition(), Drawing.label.is_not(None))
        with explained("read"), self._reading() as session:
            rows: Any = session.execute(query)
            return [Outcome(*row) for row in rows]

    def labels(self) -> list[tuple[int, int | None]]:
        """Return number and label of the labelled drawings, the oldest first."""
        query = sa.select(Drawing.id, Drawing.label).where(
            Drawing.deleted_at.is_(None), Drawing.label.is_not(None)
        )
        with explained("read"), self._reading() as session:
            return [
                (number, label) for number, label in session.execute(query.order_by(Drawing.id))
            ]

    def label(self, numbers: Sequence[int], label: int | None) -> dict[int, int | None]:
        """Say what drawings are, or with None take that back.

        Returns:
            The labels that they had, by number; of those that are gone, nothing.
        """
        if label is not None and label not in LABELS:
            raise StoreError(f"a label is one of 0 to {LABELS[-1]}, got {label!r}")
        return self.relabel(dict.fromkeys(numbers, label))

    def relabel(self, labels: dict[int, int | None]) -> dict[int, int | None]:
        """Give each drawing, by its number, a label of its own; return what ``label`` does."""
        return self._relabel(labels, sa.true())

    def unlabel(self, label: int | None, before: dict[int, int | None]) -> None:
        """Take back what ``label`` did; what was labelled otherwise since then stays so.

        Args:
            label: What it was given.
            before: What it returned.
        """
        self._relabel(before, Drawing.label.is_not_distinct_from(label))

    def _relabel(
        self, labels: dict[int, int | None], condition: sa.ColumnElement[bool]
    ) -> dict[int, int | None]:
        """Give labels to those of the drawings that meet a condition; return what they had."""
        before: dict[int, int | None] = {}
        with explained("written"), self._writing() as session:
            for part in _parts(list(labels)):
                query = sa.select(Drawing.id, Drawing.label).where(Drawing.id.in_(part), condition)
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
        """Keep what the person writes about a drawing: at most ``MAX_NOTE`` characters."""
        if len(note) > MAX_NOTE:
            raise StoreError(f"a note takes {MAX_NOTE:,} characters, got {len(note):,}")
        if not self._update([number], note=note, changed_at=_now()):
            raise NoSuchDrawingError(f"there is no drawing {number} any more")

    def delete(self, numbers: Sequence[int]) -> int:
        """Put drawings into the bin; return how many there were."""
        return self._update(numbers, deleted_at=_now())

    def restore(self, numbers: Sequence[int]) -> int:
        """Take drawings out of the bin; return how many there were."""
        return self._update(numbers, deleted_at=None)

    def empty_bin(self) -> int:
        """Remove the drawings in the bin for good; return how many there were."""
        statement = sa.delete(Drawing).where(Drawing.deleted_at.is_not(None))
        with explained("written"), self._writing() as session:
            return _affected(session.execute(statement))

    def add_opinions(self, opinions: Sequence[Opinion]) -> None:
        """Keep what models said that were asked later; what one said before makes way."""
        numbers = [opinion.drawing_id for opinion in opinions]
        with explained("written"), self._writing() as session:
            own = set(session.scalars(sa.select(Drawing.id).where(Drawing.id.in_(numbers))))
            for opinion in opinions:
                if opinion.drawing_id in own:
                    session.merge(opinion)

    def known(
        self, picture_hashes: Sequence[bytes], input_hashes: Sequence[bytes]
    ) -> dict[bytes, Drawing]:
        """Return those of the hashes that drawings have, each with one of these.

        It is one that is not in the bin, if there is such a one; without what it looks like.
        """
        found: dict[bytes, Drawing] = {}
        columns = ((Drawing.picture_hash, picture_hashes), (Drawing.input_hash, input_hashes))
        with explained("read"), self._reading() as session:
            for column, hashes in columns:
                for part in _parts(hashes):
                    query = sa.select(column, Drawing).where(column.in_(part))
                    for known, drawing in session.execute(query):
                        if known not in found or drawing.deleted_at is None:
                            found[known] = drawing
        return found

    def give(self, owner: str) -> int:
        """Let all drawings, those in the bin as well, be another person's; return their number.

        Args:
            owner: What the app knows that person by: 32 hexadecimal digits, or empty for whoever
                need not log in.
        """
        if owner and not re.fullmatch("[0-9a-f]{32}", owner):
            raise StoreError(f"a person is known by 32 hexadecimal digits, got {owner[:40]!r}")
        with explained("written"), self._writing() as session:
            return _affected(session.execute(sa.update(Drawing).values(owner=owner)))

    def close(self) -> None:
        """Close the connections to the database."""
        self._engine.dispose()

    def _update(self, numbers: Sequence[int], **values: Any) -> int:
        done = 0
        with explained("written"), self._writing() as session:
            for part in _parts(numbers):
                statement = sa.update(Drawing).where(Drawing.id.in_(part)).values(**values)
                done += _affected(session.execute(statement))
        return done


class _OwnersSession(orm.Session):
    """Leaves to each statement the drawings of one owner, so that none can forget to."""


@sa.event.listens_for(_OwnersSession, "do_orm_execute")
def _leave_the_owners(execution: orm.ORMExecuteState) -> None:
    owner = execution.session.info["owner"]
    mine = orm.with_loader_criteria(Drawing, Drawing.owner == owner, include_aliases=True)
    execution.statement = execution.statement.options(mine)


def content_hash(content: bytes) -> bytes:
    """Return 16 bytes that tell a picture or an input from others."""
    return hashlib.blake2b(content, digest_size=16).digest()


def _row(drawing: NewDrawing, owner: str) -> Drawing:
    if drawing.source not in SOURCES:
        raise StoreError(f"a drawing comes from one of {', '.join(SOURCES)}, got {drawing.source}")
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
        model=drawing.model,
        model_version=drawing.model_version,
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


def _parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _affected(result: sa.Result[Any]) -> int:
    return int(getattr(result, "rowcount", 0))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
