from pathlib import Path

import pytest

from digitrec.system.atomic_files import remove_unfinished, write_atomically


def test_a_write_replaces_the_previous_file(tmp_path: Path) -> None:
    target = tmp_path / "note.txt"
    for text in ("first", "second"):
        write_atomically(target, lambda path, text=text: path.write_text(text))  # type: ignore[misc]
        assert target.read_text() == text
    assert list(tmp_path.iterdir()) == [target]


def test_a_failed_write_names_the_file_and_keeps_the_previous_one(tmp_path: Path) -> None:
    target = tmp_path / "note.txt"
    target.write_text("as it was")

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device", str(path))

    with pytest.raises(OSError, match=r"No space left on device: .*/note.txt") as raised:
        write_atomically(target, fail)
    assert raised.value.filename == str(target)
    assert target.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [target]


def test_only_temporary_files_are_removed(tmp_path: Path) -> None:
    left = tmp_path / f".{'0123456789abcdef' * 2}-checkpoint.keras"
    others = [tmp_path / name for name in (".next-model.keras", "checkpoint.keras", ".active.json")]
    for path in (left, *others):
        path.touch()
    remove_unfinished(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted(others)
