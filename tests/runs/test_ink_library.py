import gzip
import json
from pathlib import Path

import pytest

from digitrec.errors import BadInputError
from digitrec.recipes.parameter_kinds import HISTORY
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.ink_library import InkLibrary
from digitrec.runs.ink_sources import learned_from, learned_ink
from digitrec.runs.model_store import ModelStore
from digitrec.settings import DEFAULT_MODEL

LINES = "\n".join(
    json.dumps({"writer": writer, "label": label, "strokes": [[[0, 0], [5, 9]]]})
    for writer, label in (("ann", "7"), ("ann", "K"), ("ben", "1"), ("ben", "O"))
).encode()


@pytest.fixture
def library(tmp_path: Path) -> InkLibrary:
    return InkLibrary(tmp_path)


def test_files_are_kept_under_their_names(library: InkLibrary) -> None:
    assert library.names() == []
    assert library.add("class 3.jsonl", LINES) == "4 drawings"
    assert library.add("../b.jsonl.gz", gzip.compress(LINES)) == "4 drawings"
    assert library.names() == ["b.jsonl.gz", "class 3.jsonl"]
    assert (library.folder / "class 3.jsonl").read_bytes() == LINES


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("digits.csv", LINES, "expected a file that ends in .jsonl"),
        (".jsonl", LINES, "expected a file that ends in .jsonl"),
        ("bad.jsonl", b"garbage", "bad.jsonl, line 1: expected a drawing"),
        ("bad.jsonl.gz", LINES, "bad.jsonl.gz can't be read"),
        ("empty.jsonl", b"", "empty.jsonl holds no drawings"),
    ],
)
def test_a_bad_file_is_refused_and_not_kept(
    library: InkLibrary, name: str, content: bytes, words: str
) -> None:
    with pytest.raises(BadInputError, match=words):
        library.add(name, content)
    assert library.names() == []
    assert not library.folder.exists() or not list(library.folder.iterdir())


def test_a_run_reads_the_files_it_names(store: ModelStore, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "digits.jsonl"
    other.parent.mkdir()
    other.write_bytes(LINES)
    library = InkLibrary(store.models_dir)
    library.add("ours.jsonl", LINES)
    run = store.create_run(TrainingConfig(), "ink")
    run.history_path.write_bytes(gzip.compress(LINES.splitlines()[0]))
    ink = learned_ink(run, ["ours.jsonl", str(other), HISTORY])
    assert [source.name for source in ink.sources] == [
        "ours.jsonl", "digits.jsonl", "history.jsonl.gz",
    ]  # fmt: skip
    ours = ink.sources[0]
    assert (ours.digits, ours.others, ours.writers) == (2, 1, 2)  # an O looks like a zero
    assert len(ink.drawings) == 7
    assert ink.key == learned_ink(run, ["ours.jsonl", str(other), HISTORY]).key
    assert ink.key != learned_ink(run, ["ours.jsonl"]).key


def test_a_model_knows_which_files_it_learned_from(store: ModelStore, tmp_path: Path) -> None:
    file = tmp_path / "digits.jsonl"
    file.write_bytes(LINES)
    assert not learned_from(store.run(DEFAULT_MODEL).results(), file)
