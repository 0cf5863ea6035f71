import math
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitrec.datasets.mnist import Mnist
from digitrec.errors import DigitrecError
from digitrec.runs.model_store import ModelStore
from digitrec.training.conversion.convert import import_model
from tests.hostile import archives
from tests.hostile.effort import is_soon
from tests.hostile.models import MODELS, plain
from tests.hostile.verdict import is_a_sentence
from tests.support.training import use_small_mnist


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder the file is made in."""
    monkeypatch.setattr(archives, "MARK", tmp_path / "mark")
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


@pytest.fixture(scope="module", autouse=True)
def mnist() -> Iterator[Mnist]:
    """A tenth of MNIST: what is tested here is the files."""
    with pytest.MonkeyPatch.context() as patch:
        yield use_small_mnist(patch)


@pytest.fixture(scope="module")
def good_s(tmp_path_factory: pytest.TempPathFactory) -> float:
    """The seconds a valid network takes, which is evaluated on 1,000 pictures when imported."""
    folder = tmp_path_factory.mktemp("good")
    file = plain(folder)
    begin = time.thread_time()
    import_model(ModelStore(folder / "models"), file, "it")
    return time.thread_time() - begin


@pytest.mark.parametrize("name", MODELS)
def test_a_model_file_ends_well(
    name: str, good_s: float, folder: Path, store: ModelStore, mnist: Mnist
) -> None:
    file, tmp_path = MODELS[name](folder), folder.parent
    before = set(tmp_path.rglob("*"))
    begin = time.thread_time()
    try:
        run = import_model(store, file, "it")
    except DigitrecError as error:
        is_a_sentence(str(error))
        assert not (store.models_dir / "it").exists()
        assert is_soon(time.thread_time() - begin)
    else:
        assert is_soon(time.thread_time() - begin - good_s)
        assert math.isfinite(run.results().test_accuracy)
        answers = store.load_recognizer("it").answers(mnist.x_test[:4])
        assert math.isfinite(float(answers.probabilities.sum()))
    assert not (tmp_path / "mark").exists()
    new = set(tmp_path.rglob("*")) - before
    assert all(path.is_relative_to(store.models_dir) for path in new), new
    assert not Path("x").exists()
