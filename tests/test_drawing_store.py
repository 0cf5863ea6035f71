import csv
import io
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from digitrec.drawing_store import DrawingStore
from digitrec.errors import StoreError
from digitrec.recognizer import Recognition
from digitrec.strokes import Stroke

RECOGNITION = Recognition(7, 0.91, (0.01,) * 7 + (0.91, 0.01, 0.01), True, 0.97)
INPUT = np.arange(784, dtype=np.uint16).astype(np.uint8).reshape(28, 28)
STROKES: list[Stroke] = [{"width": 16.0, "points": [[1.0, 2.0], [3.5, 4.0]]}]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'deeper' / 'drawings.sqlite3'}"


@pytest.fixture
def drawings(url: str) -> Iterator[DrawingStore]:
    store = DrawingStore(url)
    yield store
    store.close()


def save(store: DrawingStore, label: int | None = None, picture: bytes = b"png") -> int:
    return store.save(
        picture=picture, strokes=STROKES, digit_input=INPUT, recognition=RECOGNITION,
        model="seed-cnn", label=label,
    )  # fmt: skip


def test_all_of_a_drawing_is_there_again_tomorrow(drawings: DrawingStore, url: str) -> None:
    number = save(drawings, label=1)
    drawings.close()
    (drawing,) = DrawingStore(url).drawings()
    assert drawing.id == number
    assert drawing.picture == b"png"
    assert drawing.strokes == STROKES
    assert drawing.input == INPUT.tobytes()
    assert (drawing.digit, drawing.confidence, drawing.label) == (7, 0.91, 1)
    assert tuple(drawing.probabilities) == RECOGNITION.probabilities
    assert drawing.model == "seed-cnn"
    assert drawing.created_at.year >= 2026


def test_the_newest_comes_first_page_by_page(drawings: DrawingStore) -> None:
    numbers = [save(drawings) for _ in range(5)]
    assert [d.id for d in drawings.drawings(2, 1)] == numbers[::-1][1:3]
    assert drawings.count() == 5


def test_a_label_can_be_given_and_taken_back(drawings: DrawingStore) -> None:
    number = save(drawings)
    drawings.label(number, 3)
    assert drawings.drawings()[0].label == 3
    drawings.label(number, None)
    assert drawings.drawings()[0].label is None


def test_what_is_deleted_can_be_brought_back(drawings: DrawingStore) -> None:
    first, second = save(drawings), save(drawings)
    drawings.delete(first)
    drawings.delete(second)
    assert (drawings.count(), drawings.count_deleted()) == (0, 2)
    drawings.restore(first)
    assert [d.id for d in drawings.drawings()] == [first]
    drawings.restore_all()
    assert drawings.count() == 2


def test_the_bin_is_emptied_for_good_and_nothing_else(drawings: DrawingStore) -> None:
    first, second = save(drawings), save(drawings)
    drawings.delete(first)
    drawings.empty_bin()
    assert [d.id for d in drawings.drawings()] == [second]
    with pytest.raises(StoreError, match=f"no drawing {first} any more"):
        drawings.label(first, 3)


def test_the_number_of_a_drawing_that_is_gone_is_not_given_again(drawings: DrawingStore) -> None:
    first = save(drawings)
    drawings.delete(first)
    drawings.empty_bin()
    assert save(drawings) > first


def test_the_download_holds_the_pictures_and_a_table(drawings: DrawingStore) -> None:
    number = save(drawings, label=4, picture=b"the picture")
    drawings.delete(save(drawings))
    with zipfile.ZipFile(io.BytesIO(drawings.export_zip())) as archive:
        (row,) = csv.DictReader(io.StringIO(archive.read("drawings.csv").decode()))
        assert archive.read(row["file"]) == b"the picture"
        assert len(archive.namelist()) == 2
    assert (row["id"], row["digit"], row["label"]) == (str(number), "7", "4")
    assert (row["model"], row["p7"]) == ("seed-cnn", "0.910000")


def test_the_database_writes_ahead_and_reaches_the_disk(drawings: DrawingStore) -> None:
    with drawings._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL


def test_the_schema_is_the_one_that_the_code_expects(drawings: DrawingStore) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from digitrec.drawing_store import Drawing

    with drawings._engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Drawing.metadata) == []


def test_drawings_of_an_older_version_are_kept(url: str) -> None:
    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config

    from digitrec.drawing_store import MIGRATIONS_DIR

    Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_DIR))
    with sa.create_engine(url).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO drawings (created_at, picture, strokes, input, digit, confidence,"
            " probabilities, model) VALUES ('2026-01-02 03:04:05', x'01', '[]', x'02', 7, 0.9,"
            " '[0.1]', 'old')"
        )
    store = DrawingStore(url)
    (drawing,) = store.drawings()
    assert (drawing.digit, drawing.model, drawing.picture) == (7, "old", b"\x01")
    assert drawing.is_digit is None
    assert drawing.digit_score is None
    store.close()


def test_a_database_of_a_newer_version_is_refused(drawings: DrawingStore, url: str) -> None:
    drawings.close()
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StoreError, match="made by another version of digitrec"):
        DrawingStore(url)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("nonsense", "can't be opened: Could not parse"),
        ("postgresql://host:port/db", "can't be opened"),
        ("sqlite:////tmp/x%00y.db", "can't be opened"),
        ("oracle9://x", "can't be opened: Can't load plugin"),
        ("sqlite:////proc/nowhere/drawings.sqlite3", "can't be opened"),
    ],
)
def test_a_bad_url_is_explained(bad: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        DrawingStore(bad)


def test_a_file_that_is_no_database_is_explained_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes, " * 200)
    with pytest.raises(StoreError, match="not a database"):
        DrawingStore(f"sqlite:///{path}")
    assert path.read_text() == "my notes, " * 200
