"""A database that is damaged, held by another program, lost or gone."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from digitrec.drawings import database
from digitrec.drawings.store import DrawingStore
from digitrec.errors import StoreError
from digitrec.settings import load_settings
from digitrec.ui import resources
from tests.drawings.samples import new_drawing, png_of
from tests.faults.damage import damaged
from tests.faults.pages import visit

PICTURE = png_of(7)


@pytest.fixture
def file(places: Path) -> Path:
    """A database with drawings, which nobody has open."""
    store = DrawingStore(load_settings().database_url)
    store.save_all([new_drawing(picture=PICTURE, label=7) for _ in range(30)])
    store.close()
    return places / "drawings.sqlite3"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """The app has the database open as long as it runs; here it starts anew for each test."""
    yield
    resources._database.clear()


def url(file: Path) -> str:
    return f"sqlite:///{file}"


def read_all(file: Path) -> None:
    store = DrawingStore(url(file))
    try:
        for drawing in store.stream():
            assert drawing.content.picture
        store.count()
        store.outcomes()
        store.known([b"x"], [b"y"])
    finally:
        store.close()


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
    file: Path, share: float
) -> None:
    content = file.read_bytes()[: int(share * file.stat().st_size)]
    file.write_bytes(content)
    for page in ("digits/history", "digits/draw", "networks/models"):
        app = visit(page)
        if page == "digits/history":
            assert "drawings.sqlite3 is damaged; keep a copy of it" in app.error[0].value
    with pytest.raises(StoreError, match="is damaged; keep a copy"):
        DrawingStore(url(file)).save(new_drawing())
    assert file.read_bytes() == content


def test_turned_bits_break_no_page(file: Path) -> None:
    whole = file.read_bytes()
    for _, content in list(damaged(whole, 5, 6))[4:]:
        file.write_bytes(content)
        visit("digits/history")
        resources._database.clear()


@pytest.mark.parametrize("left", [b"", None])
def test_what_was_written_ahead_of_a_lost_file_is_kept(
    places: Path, tmp_path: Path, left: bytes | None
) -> None:
    store = DrawingStore(url(tmp_path / "drawings.sqlite3"))
    store.save(new_drawing())
    lost = tmp_path / "lost" / "drawings.sqlite3"
    lost.parent.mkdir()
    ahead = (tmp_path / "drawings.sqlite3-wal").read_bytes()
    assert ahead
    Path(f"{lost}-wal").write_bytes(ahead)
    if left is not None:
        lost.write_bytes(left)
    with pytest.raises(StoreError, match="is empty or gone, though drawings.sqlite3-wal beside"):
        DrawingStore(url(lost))
    assert Path(f"{lost}-wal").read_bytes() == ahead
    store.close()


def test_a_start_that_was_killed_left_an_empty_file_which_is_taken(tmp_path: Path) -> None:
    (tmp_path / "new.sqlite3").touch()
    assert DrawingStore(url(tmp_path / "new.sqlite3")).save(new_drawing()) == 1


def test_a_database_that_vanishes_takes_no_drawing_and_comes_back(file: Path) -> None:
    store = DrawingStore(url(file))
    folder, elsewhere = file.parent / "data", file.parent / "elsewhere"
    store.close()
    folder.mkdir()
    moved = file.rename(folder / file.name)
    store = DrawingStore(url(moved))
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
    store.close()


def test_another_file_of_the_name_is_the_one_that_is_saved_into(file: Path) -> None:
    copy = file.with_name("copy.sqlite3")
    copy.write_bytes(file.read_bytes())
    store = DrawingStore(url(file))
    assert store.save(new_drawing()) == 31
    for path in file.parent.glob("drawings.sqlite3*"):
        path.unlink()
    copy.rename(file)
    assert store.save(new_drawing()) == 31
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*) FROM drawings").fetchone() == (31,)
    store.close()


def test_a_database_that_another_program_holds_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 200)
    store = DrawingStore(url(file))
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="sqlite3 is held by another program; close that one"):
            store.save(new_drawing())
        assert store.count().all == 30
        other.rollback()
    assert store.save(new_drawing()) == 31
    store.close()


def test_no_room_is_a_sentence_and_loses_nothing(file: Path) -> None:
    store = DrawingStore(url(file))
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="has no room to grow; free some space"):
        store.save(new_drawing(picture=PICTURE * 100))
    assert store.count().all == 30
    store.close()


def test_a_folder_that_can_not_be_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="can't be opened: file: "):
        DrawingStore(url(tmp_path / "file" / "drawings.sqlite3"))
