"""The saved drawings, in an SQL database.

The schema is what ``digitrec/migrations`` makes of an empty database; ``Drawing`` below
describes it as it is now.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import orm

from digitrec.errors import StoreError
from digitrec.recognizer import Recognition
from digitrec.strokes import Stroke

MIGRATIONS_DIR = Path(__file__).with_name("migrations")


class _Base(orm.DeclarativeBase):
    pass


class Drawing(_Base):
    """One saved drawing.

    Attributes:
        id: Its number.
        created_at: When it was saved, UTC.
        picture: The drawing as PNG.
        strokes: The pen's way, as ``digitrec.strokes`` describes it.
        input: 784 bytes, the 28 x 28 that the model was given, row by row.
        digit: What the model said, 0 to 9.
        confidence: The probability of that digit, 0 to 1.
        probabilities: The ten probabilities, by digit.
        is_digit: Whether the model took it for a digit; None where it was not asked.
        digit_score: How much spoke for that, 0 to 1; None where it was not asked.
        model: The model's name.
        label: What the person says it is, 0 to 9; None where they said nothing.
        deleted_at: When it was put into the bin, UTC; None where it was not.
    """

    __tablename__ = "drawings"
    # No number is given twice, not even that of a drawing which is gone for good.
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    created_at: orm.Mapped[datetime] = orm.mapped_column(index=True)
    picture: orm.Mapped[bytes]
    strokes: orm.Mapped[list[Stroke]] = orm.mapped_column(sa.JSON)
    input: orm.Mapped[bytes]
    digit: orm.Mapped[int]
    confidence: orm.Mapped[float]
    probabilities: orm.Mapped[list[float]] = orm.mapped_column(sa.JSON)
    is_digit: orm.Mapped[bool | None]
    digit_score: orm.Mapped[float | None]
    model: orm.Mapped[str]
    label: orm.Mapped[int | None]
    deleted_at: orm.Mapped[datetime | None] = orm.mapped_column(index=True)


class DrawingStore:
    """Saves, finds, labels and deletes drawings.

    Args:
        url: SQLAlchemy URL of the database, which is made or migrated if need be.

    Raises:
        StoreError: From every method, if the database can't do it.
    """

    def __init__(self, url: str) -> None:
        with _explained("opened"):
            self._engine = _engine(url)
            self._sessions = orm.sessionmaker(self._engine, expire_on_commit=False)
            with self._engine.begin() as connection:
                _migrate(connection)

    def save(  # noqa: PLR0913
        self,
        *,
        picture: bytes,
        strokes: Sequence[Stroke],
        digit_input: npt.NDArray[np.uint8],
        recognition: Recognition,
        model: str,
        label: int | None = None,
    ) -> int:
        """Save one drawing; it is on the disk when this returns.

        Args:
            picture: PNG.
            strokes: The pen's way; empty where it isn't known.
            digit_input: uint8 (28, 28), what the model was given.
            recognition: What the model said.
            model: The model's name.
            label: What the person says it is.

        Returns:
            The drawing's number.
        """
        drawing = Drawing(
            created_at=_now(),
            picture=picture,
            strokes=list(strokes),
            input=digit_input.astype(np.uint8).tobytes(),
            digit=recognition.digit,
            confidence=recognition.confidence,
            probabilities=list(recognition.probabilities),
            is_digit=recognition.is_digit,
            digit_score=recognition.digit_score,
            model=model,
            label=label,
        )
        with _explained("written"), self._sessions.begin() as session:
            session.add(drawing)
            session.flush()
            return drawing.id

    def drawings(self, limit: int | None = None, offset: int = 0) -> list[Drawing]:
        """Return drawings that are not in the bin, the newest first."""
        query = _kept().order_by(Drawing.id.desc()).limit(limit).offset(offset)
        with _explained("read"), self._sessions() as session:
            return list(session.scalars(query))

    def labelled(self) -> list[Drawing]:
        """Return the labelled drawings that are not in the bin, the oldest first."""
        with _explained("read"), self._sessions() as session:
            return list(session.scalars(_labelled()))

    def labels(self) -> list[tuple[int, int | None]]:
        """Return number and label of what ``labelled`` returns, at a fraction of the time."""
        query = _labelled().with_only_columns(Drawing.id, Drawing.label)
        with _explained("read"), self._sessions() as session:
            return [(number, label) for number, label in session.execute(query)]

    def count(self) -> int:
        """Return how many drawings are not in the bin."""
        return self._count(Drawing.deleted_at.is_(None))

    def count_deleted(self) -> int:
        """Return how many drawings are in the bin."""
        return self._count(Drawing.deleted_at.is_not(None))

    def label(self, drawing_id: int, label: int | None) -> None:
        """Set or, with None, take back what the person says a drawing is."""
        self._update_one(drawing_id, label=label)

    def delete(self, drawing_id: int) -> None:
        """Put a drawing into the bin."""
        self._update_one(drawing_id, deleted_at=_now())

    def restore(self, drawing_id: int) -> None:
        """Take a drawing out of the bin."""
        self._update_one(drawing_id, deleted_at=None)

    def restore_all(self) -> None:
        """Take all drawings out of the bin."""
        self._update(Drawing.deleted_at.is_not(None), deleted_at=None)

    def empty_bin(self) -> None:
        """Remove the drawings in the bin for good."""
        with _explained("written"), self._sessions.begin() as session:
            session.execute(sa.delete(Drawing).where(Drawing.deleted_at.is_not(None)))

    def export_zip(self) -> bytes:
        """Return all drawings that are not in the bin as a ZIP of PNGs with a CSV."""
        file = io.BytesIO()
        table = io.StringIO(newline="")
        writer = csv.writer(table)
        writer.writerow([*_COLUMNS, *(f"p{digit}" for digit in range(10))])
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for drawing in self.drawings():
                name = f"drawings/{drawing.id:06d}.png"
                archive.writestr(name, drawing.picture)
                writer.writerow([name, *_row(drawing)])
            archive.writestr("drawings.csv", table.getvalue())
        return file.getvalue()

    def close(self) -> None:
        """Close the connections to the database."""
        self._engine.dispose()

    def _count(self, condition: sa.ColumnElement[bool]) -> int:
        with _explained("read"), self._sessions() as session:
            query = sa.select(sa.func.count()).select_from(Drawing).where(condition)
            return session.scalar(query) or 0

    def _update_one(self, drawing_id: int, **values: Any) -> None:
        if not self._update(Drawing.id == drawing_id, **values):
            raise StoreError(f"there is no drawing {drawing_id} any more")

    def _update(self, condition: sa.ColumnElement[bool], **values: Any) -> int:
        """Change all drawings of a condition; return how many there were."""
        with _explained("written"), self._sessions.begin() as session:
            statement = sa.update(Drawing).where(condition).values(**values).returning(Drawing.id)
            return len(session.execute(statement).all())


_COLUMNS = ("file", "id", "created_at", "digit", "confidence", "digit_score", "label", "model")


def _kept() -> sa.Select[Drawing]:
    return sa.select(Drawing).where(Drawing.deleted_at.is_(None))


def _labelled() -> sa.Select[Drawing]:
    return _kept().where(Drawing.label.is_not(None)).order_by(Drawing.id)


def _row(drawing: Drawing) -> list[Any]:
    label = "" if drawing.label is None else drawing.label
    created = drawing.created_at.isoformat(timespec="seconds") + "Z"
    return [
        drawing.id,
        created,
        drawing.digit,
        f"{drawing.confidence:.6f}",
        "" if drawing.digit_score is None else f"{drawing.digit_score:.6f}",
        label,
        drawing.model,
        *(f"{probability:.6f}" for probability in drawing.probabilities),
    ]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _engine(url: str) -> sa.Engine:
    parsed = sa.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return sa.create_engine(parsed)
    if parsed.database and not parsed.database.startswith((":memory:", "file:")):
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(parsed)
    sa.event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: Any, _: Any) -> None:
    """Let readers and one writer work side by side, and let a commit reach the disk."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _migrate(connection: sa.Connection) -> None:
    """Bring the schema up to date; a database of a newer version is refused."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_DIR))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def _explained(done: str) -> Iterator[None]:
    """Turn the libraries' errors into a sentence."""
    try:
        yield
    except CommandError as error:
        raise StoreError(
            f"the drawings' database was made by another version of digitrec: {error}"
        ) from error
    except (sa.exc.SQLAlchemyError, ImportError, OSError, TypeError, ValueError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreError(f"the drawings' database can't be {done}: {reason}") from error
