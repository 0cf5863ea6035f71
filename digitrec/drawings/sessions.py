"""Database sessions that only see the drawings of one owner."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy import orm

from digitrec.drawings.database import store_errors
from digitrec.drawings.schema import Drawing

Item = TypeVar("Item")

# Drawings read or written at a time; this limits memory.
CHUNK = 250


class _OwnersSession(orm.Session):
    """Restricts every statement to the drawings of one owner, so that no query can miss it."""


@sa.event.listens_for(_OwnersSession, "do_orm_execute")
def _restrict_to_owner(execution: orm.ORMExecuteState) -> None:
    owner = execution.session.info["owner"]
    mine = orm.with_loader_criteria(Drawing, Drawing.owner == owner, include_aliases=True)
    execution.statement = execution.statement.options(mine)


@contextmanager
def reading(engine: sa.Engine, owner: str) -> Iterator[orm.Session]:
    """Open a session that reads.

    Raises:
        StoreError: If the database can't be read.
    """
    with store_errors("read"), _session(engine, owner) as session:
        yield session


@contextmanager
def writing(engine: sa.Engine, owner: str) -> Iterator[orm.Session]:
    """Open a session that writes: it commits at the end, or rolls back if anything fails.

    Raises:
        StoreError: If the database can't be written.
    """
    engine = engine.execution_options(writes=True)
    with store_errors("written"), _session(engine, owner) as session, session.begin():
        yield session


def _session(engine: sa.Engine, owner: str) -> orm.Session:
    return _OwnersSession(engine, info={"owner": owner}, expire_on_commit=False)


def chunks(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """Split a sequence into chunks of at most ``CHUNK``."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
