"""A database that is damaged, locked by another program, or missing."""

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
    """A database with drawings that nobody has open."""
    store = DrawingStore(load_settings().database_url)
    store.save_all([new_drawing(picture=PICTURE, label=7) for _ in range(30)])
    store.close()
    return places / "drawings.sqlite3"


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    """Reopens the database for each test; the app keeps it open."""
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
def test_a_truncated_database_is_reported_and_left_unchanged(file: Path, share: float) -> None:
    content = file.read_bytes()[: int(share * file.stat().st_size)]
    file.write_bytes(content)
    for page in ("digits/history", "digits/draw", "networks/models"):
        app = visit(page)
        if page == "digits/history":
            assert "drawings.sqlite3 is damaged; keep a copy of it" in app.error[0].value
    with pytest.raises(StoreError, match="is damaged; keep a copy"):
        DrawingStore(url(file)).save(new_drawing())
    assert file.read_bytes() == content


def test_flipped_bits_break_no_page(file: Path) -> None:
    whole = file.read_bytes()
    for _, content in list(damaged(whole, 5, 6))[4:]:
        file.write_bytes(content)
        visit("digits/history")
        resources._database.clear()


@pytest.mark.parametrize("left", [b"", None])
def test_a_write_ahead_log_without_its_database_is_kept(
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


def test_an_empty_file_of_a_killed_start_is_used(tmp_path: Path) -> None:
    (tmp_path / "new.sqlite3").touch()
    assert DrawingStore(url(tmp_path / "new.sqlite3")).save(new_drawing()) == 1


def test_a_missing_database_saves_nothing_until_it_is_back(file: Path) -> None:
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


def test_drawings_are_saved_into_a_replaced_database(file: Path) -> None:
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


def test_a_locked_database_is_reported(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_full_disk_is_reported_and_loses_nothing(file: Path) -> None:
    store = DrawingStore(url(file))
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(StoreError, match="has no room to grow; free some space"):
        store.save(new_drawing(picture=PICTURE * 100))
    assert store.count().all == 30
    store.close()


def test_an_impossible_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="can't be opened: file: "):
        DrawingStore(url(tmp_path / "file" / "drawings.sqlite3"))
