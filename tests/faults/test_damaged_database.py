"""A database that is damaged, held by another program, lost or gone."""

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
    """A database with drawings, which nobody has open."""
    with closing(DrawingStore(load_settings().database_url)) as store:
        store.save_all([new_drawing(picture=PICTURE, label=7) for _ in range(30)])
    return places / "drawings.sqlite3"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """The app has the database open as long as it runs; here it starts anew for each test."""
    yield
    st.cache_resource.clear()


def read_all(file: Path) -> None:
    with closing(DrawingStore(f"sqlite:///{file}")) as store:
        for drawing in store.stream():
            assert drawing.content.picture
        store.count()
        store.outcomes()
        store.known([b"x"], [b"y"])


def test_every_damage_gives_drawings_or_a_sentence(file: Path) -> None:
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
def test_a_cut_off_database_is_named_with_what_to_do_and_left_alone(
    open_drawings: OpenDrawings, file: Path, share: float
) -> None:
    content = file.read_bytes()[: int(share * file.stat().st_size)]
    file.write_bytes(content)
    for page in ("digits/history", "digits/draw", "networks/models"):
        app = visit(page)
        if page == "digits/history":
            assert "drawings.sqlite3 is damaged; keep a copy of it" in app.error[0].value
    with pytest.raises(StoreError, match="is damaged; keep a copy"):
        open_drawings(file).save(new_drawing())
    assert file.read_bytes() == content


def test_turned_bits_break_no_page(file: Path) -> None:
    whole = file.read_bytes()
    for _, content in list(damaged(whole, 5, 6))[4:]:
        file.write_bytes(content)
        visit("digits/history")
        st.cache_resource.clear()


@pytest.mark.parametrize("left", [b"", None])
def test_what_was_written_ahead_of_a_lost_file_is_kept(
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
    with pytest.raises(StoreError, match="is empty or gone, though drawings.sqlite3-wal beside"):
        open_drawings(lost)
    assert Path(f"{lost}-wal").read_bytes() == ahead


def test_a_start_that_was_killed_left_an_empty_file_which_is_taken(
    open_drawings: OpenDrawings, tmp_path: Path
) -> None:
    (tmp_path / "new.sqlite3").touch()
    assert open_drawings(tmp_path / "new.sqlite3").save(new_drawing()) == 1


def test_a_database_that_vanishes_takes_no_drawing_and_comes_back(
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


def test_another_file_of_the_name_is_the_one_that_is_saved_into(
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


def test_a_database_that_another_program_holds_is_named(
    open_drawings: OpenDrawings, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 200)
    store = open_drawings(file)
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="sqlite3 is held by another program; close that one"):
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


def test_no_room_is_a_sentence_and_loses_nothing(open_drawings: OpenDrawings, full: Path) -> None:
    store = open_drawings(full)
    with pytest.raises(StoreError, match="has no room to grow; free some space"):
        store.save(new_drawing(picture=PICTURE * 100))
    assert store.count().all == 30


def test_a_folder_that_can_not_be_is_a_sentence(
    open_drawings: OpenDrawings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="can't be opened: file: "):
        open_drawings(tmp_path / "file" / "drawings.sqlite3")
