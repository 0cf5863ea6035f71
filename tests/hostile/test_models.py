import math
import time
from pathlib import Path

import pytest

from digitrec.datasets.mnist import load_mnist
from digitrec.errors import DigitrecError
from digitrec.exchange import import_model
from digitrec.model_store import ModelStore

from . import archives
from .models import MODELS
from .verdict import is_a_sentence

# A good network takes 1.6 s to be taken in, since it is then measured on 10,000 pictures.
MOST_SECONDS = 2.0


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file is made."""
    monkeypatch.setattr(archives, "MARK", tmp_path / "mark")
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


@pytest.mark.parametrize("name", MODELS)
def test_a_models_file(name: str, folder: Path, store: ModelStore, tmp_path: Path) -> None:
    file = MODELS[name](folder)
    load_mnist()
    before = set(tmp_path.rglob("*"))
    begin = time.thread_time()
    try:
        run = import_model(store, file, "it")
    except DigitrecError as error:
        is_a_sentence(str(error))
        assert not (store.models_dir / "it").exists()
    else:
        assert math.isfinite(run.results()["test_accuracy"])
        answers = store.load_recognizer("it").answers(load_mnist().x_test[:4])
        assert math.isfinite(float(answers.probabilities.sum()))
    assert time.thread_time() - begin < MOST_SECONDS
    assert not (tmp_path / "mark").exists()
    new = set(tmp_path.rglob("*")) - before
    assert all(path.is_relative_to(store.models_dir) for path in new), new
    assert not Path("x").exists()
