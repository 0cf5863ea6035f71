import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from digitrec.drawings.database import MIGRATIONS_DIR, open_database
from digitrec.drawings.new_drawing import content_hash
from digitrec.drawings.schema import Drawing
from digitrec.drawings.store import DrawingStore
from digitrec.errors import StoreError
from tests.support.drawings import new_drawing


def test_sqlite_uses_a_write_ahead_log_and_syncs(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'drawings.sqlite3'}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
    engine.dispose()


def test_the_tables_match_the_schema(url: str) -> None:
    engine = open_database(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        differences = compare_metadata(context, Drawing.metadata)
    engine.dispose()
    assert differences == []


def make_old(url: str) -> None:
    """Create a database of the first version, with one drawing and one in the trash."""
    file = url.removeprefix("sqlite:///")
    if file != url:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS_DIR))
    engine = sa.create_engine(url)
    row = sa.text(
        "INSERT INTO drawings (created_at, picture, strokes, input, digit, confidence,"
        " probabilities, model, label, deleted_at) VALUES ('2026-01-02 03:04:05', :picture, '[]',"
        " :input, 7, 0.9, '[0.1]', 'old', 1, :deleted)"
    )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for deleted in (None, "2026-02-03 04:05:06"):
            values = {"picture": b"\x01", "input": b"\x02", "deleted": deleted}
            connection.execute(row, values)
    engine.dispose()


def copies(url: str) -> list[sa.Engine]:
    """Return the backups, as databases to inspect."""
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        return [
            sa.create_engine(f"sqlite:///{copy}", poolclass=sa.NullPool)
            for copy in file.parent.glob("*-0001-*")
        ]
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    schemas = [name for name in sa.inspect(engine).get_schema_names() if "0001" in name]
    return [engine.execution_options(schema_translate_map={None: name}) for name in schemas]


def test_an_older_database_is_backed_up_and_migrated(url: str) -> None:
    make_old(url)
    store = DrawingStore(url)
    (drawing,) = store.find()
    assert (drawing.digit, drawing.model, drawing.content.picture) == (7, "old", b"\x01")
    assert (drawing.is_digit, drawing.digit_score, drawing.model_version) == (None, None, None)
    assert (drawing.source, drawing.note, drawing.label) == ("canvas", "", 1)
    assert drawing.picture_hash == content_hash(b"\x01")
    assert drawing.input_hash == content_hash(b"\x02")
    assert store.restore([2]) == 1
    assert store.save(new_drawing()) == 3
    store.close()
    (copy,) = copies(url)
    old = sa.Table("drawings", sa.MetaData(), sa.Column("picture", sa.LargeBinary))
    with copy.connect() as connection:
        assert connection.execute(sa.select(old.c.picture)).all() == [(b"\x01",), (b"\x01",)]
    DrawingStore(url).close()
    assert len(copies(url)) == 1


def test_servers_starting_together_migrate_once(url: str) -> None:
    make_old(url)
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: DrawingStore(url), range(4)))
    assert [store.count().all for store in stores] == [1] * 4
    assert len(copies(url)) == 1
    for store in stores:
        store.close()


def test_several_databases_can_be_created_at_once(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path}/{number}.sqlite3" for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(DrawingStore, urls))
    assert [store.count().all for store in stores] == [0] * 6
    for store in stores:
        store.close()


def test_a_failed_migration_leaves_the_database_unchanged(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_old(url)
    upgrade = command.upgrade

    def fail_at_the_end(config: Config, revision: str) -> None:
        upgrade(config, revision)
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(command, "upgrade", fail_at_the_end)
        with pytest.raises(StoreError, match="can't be opened: the disk is full"):
            DrawingStore(url)
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT picture FROM drawings")).first() is not None
    engine.dispose()
    store = DrawingStore(url)
    assert store.count().all == 1
    store.close()


def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    engine = open_database(url)
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match="made by a newer version .* update digitrec"):
        DrawingStore(url)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("nonsense", "can't be opened: Could not parse"),
        ("postgresql+psycopg://127.0.0.1:1/db", "can't be opened: connection"),
        ("postgresql://host:port/db", "can't be opened"),
        ("sqlite:////tmp/x%00y.db", "can't be opened"),
        ("oracle9://x", "can't be opened: Can't load plugin"),
        ("sqlite:////proc/nowhere/drawings.sqlite3", "can't be opened"),
    ],
)
def test_a_bad_url_is_explained(bad: str, words: str) -> None:
    with pytest.raises(StoreError, match=words):
        DrawingStore(bad)


def test_a_file_that_is_not_a_database_is_explained_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes, " * 200)
    with pytest.raises(StoreError, match="not a database"):
        DrawingStore(f"sqlite:///{path}")
    assert path.read_text() == "my notes, " * 200


def test_a_migrated_file_passes_the_integrity_check(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'drawings.sqlite3'}"
    make_old(url)
    DrawingStore(url).close()
    with closing(sqlite3.connect(tmp_path / "drawings.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
