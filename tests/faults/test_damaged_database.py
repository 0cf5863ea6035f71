"""A database that is damaged, locked by another program, or missing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
import streamlit as st

from digitrec.drawings import database
from digitrec.drawings.store import DrawingStore
from digitrec.errors import StoreError
from digitrec.settings import load_settings
from tests.conftest import OpenDrawings
from tests.faults.damage import damaged
from tests.faults.pages import visit
from tests.support.drawings import new_drawing, png_of

PICTURE = png_of(7)


@pytest.fixture
def file(places: Path) -> Path:
    """A database with drawings that nobody has open."""
    with closing(DrawingStore(load_settings().database_url)) as store:
        store.save_all([new_drawing(picture=PICTURE, label=7) for _ in range(30)])
    return places / "drawings.sqlite3"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Reopens the database for each test; the app keeps it open."""
    yield
    st.cache_resource.clear()


def read_all(file: Path) -> None:
    with closing(DrawingStore(f"sqlite:///{file}")) as store:
        for drawing in store.stream():
            assert drawing.content.picture
        store.count()
        store.outcomes()
        store.find_by_hash([b"x"], [b"y"])


def test_a_damaged_database_gives_drawings_or_a_clear_error(file: Path) -> None:
    whole = file.read_bytes()
    sentences = 0
    for accident, content in damaged(whole, 0, 120):
        file.write_bytes(content)
        try:
            read_all(file)
        except StoreError as error:
            sentences += 1
            assert "\n" not in str(error), accident  # noqa: PT017
        if accident.startswith("cut off") and content:
            assert file.read_bytes() == content, accident
    assert sentences >= 3


@pytest.mark.parametrize("share", [0.3, 0.7])
def test_a_truncated_database_is_reported_and_left_unchanged(
    open_drawings: OpenDrawings, file: Path, share: float
) -> None:
    content = file.read_bytes()[: int(share * file.stat().st_size)]
    file.write_bytes(content)
    for page in ("digits/history", "digits/draw", "networks/models"):
        app = visit(page)
        if page == "digits/history":
            assert "drawings.sqlite3 is damaged; copy it" in app.error[0].value
    with pytest.raises(StoreError, match="is damaged; copy it"):
        open_drawings(file).save(new_drawing())
    assert file.read_bytes() == content


def test_flipped_bits_break_no_page(file: Path) -> None:
    whole = file.read_bytes()
    for _, content in list(damaged(whole, 5, 6))[4:]:
        file.write_bytes(content)
        visit("digits/history")
        st.cache_resource.clear()


@pytest.mark.parametrize("left", [b"", None])
def test_a_write_ahead_log_without_its_database_is_kept(
    open_drawings: OpenDrawings, places: Path, tmp_path: Path, left: bytes | None
) -> None:
    store = open_drawings(tmp_path / "drawings.sqlite3")
    store.save(new_drawing())
    lost = tmp_path / "lost" / "drawings.sqlite3"
    lost.parent.mkdir()
    ahead = (tmp_path / "drawings.sqlite3-wal").read_bytes()
    assert ahead
    Path(f"{lost}-wal").write_bytes(ahead)
    if left is not None:
        lost.write_bytes(left)
    with pytest.raises(StoreError, match="is empty or missing, but drawings.sqlite3-wal beside"):
        open_drawings(lost)
    assert Path(f"{lost}-wal").read_bytes() == ahead


def test_an_empty_file_of_a_killed_start_is_used(
    open_drawings: OpenDrawings, tmp_path: Path
) -> None:
    (tmp_path / "new.sqlite3").touch()
    assert open_drawings(tmp_path / "new.sqlite3").save(new_drawing()) == 1


def test_a_missing_database_saves_nothing_until_it_is_back(
    open_drawings: OpenDrawings, file: Path
) -> None:
    store = open_drawings(file)
    folder, elsewhere = file.parent / "data", file.parent / "elsewhere"
    store.close()
    folder.mkdir()
    moved = file.rename(folder / file.name)
    store = open_drawings(moved)
    assert store.save(new_drawing()) == 31
    folder.rename(elsewhere)
    for _ in range(2):
        with pytest.raises(StoreError, match="drawings.sqlite3 is gone; put it back, or restart"):
            store.save(new_drawing())
    folder.mkdir()
    with pytest.raises(StoreError, match="is gone"):
        store.count()
    assert list(folder.iterdir()) == []
    folder.rmdir()
    elsewhere.rename(folder)
    assert store.save(new_drawing()) == 32
    assert store.count().all == 32


def test_drawings_are_saved_into_a_replaced_database(
    open_drawings: OpenDrawings, file: Path
) -> None:
    copy = file.with_name("copy.sqlite3")
    copy.write_bytes(file.read_bytes())
    store = open_drawings(file)
    assert store.save(new_drawing()) == 31
    for path in file.parent.glob("drawings.sqlite3*"):
        path.unlink()
    copy.rename(file)
    assert store.save(new_drawing()) == 31
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM drawings").fetchone() == (31,)


def test_a_locked_database_is_reported(
    open_drawings: OpenDrawings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 200)
    store = open_drawings(file)
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="sqlite3 is locked by another program; close it"):
            store.save(new_drawing())
        assert store.count().all == 30
        other.rollback()
    assert store.save(new_drawing()) == 31


@pytest.fixture
def full(file: Path) -> Iterator[Path]:
    """A database that has no room to grow, for whoever opens it from now on."""
    with closing(sqlite3.connect(file)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()

    def limit(connection: sqlite3.Connection, _: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    sa.event.listen(sa.Engine, "connect", limit)
    yield file
    sa.event.remove(sa.Engine, "connect", limit)


def test_a_full_disk_is_reported_and_loses_nothing(open_drawings: OpenDrawings, full: Path) -> None:
    store = open_drawings(full)
    with pytest.raises(StoreError, match="can't grow, because the disk is full; free some space"):
        store.save(new_drawing(picture=PICTURE * 100))
    assert store.count().all == 30


def test_an_impossible_folder_is_reported(open_drawings: OpenDrawings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="can't be opened: file: "):
        open_drawings(tmp_path / "file" / "drawings.sqlite3")
