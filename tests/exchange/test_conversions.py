import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from digitrec.errors import ConfigurationError, ModelError
from digitrec.exchange import conversions
from digitrec.exchange.conversions import export_bytes, import_bytes
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run


class Shell:
    """Stand-in for ``python -m digitrec``: records the command and prints a given message."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.command: list[str] = []
        self.stderr = ""
        monkeypatch.setattr(conversions, "_run", self)

    def __call__(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        self.command = command
        if "saved-model" in command:
            folder = Path(command[command.index("--output") + 1])
            (folder / "variables").mkdir(parents=True)
            (folder / "saved_model.pb").write_bytes(b"graph")
        stderr = self.stderr.replace("FILE", command[4])
        return subprocess.CompletedProcess(command, int(bool(stderr)), "", stderr)


@pytest.fixture
def shell_that_says(monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(monkeypatch)


def test_a_saved_model_is_exported_as_a_zip(
    shell_that_says: Shell, mine: Run, store: ModelStore
) -> None:
    content = export_bytes(store, "mine", "saved-model")
    assert "mine/saved_model.pb" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert shell_that_says.command[-2:] == ["--models-dir", str(store.models_dir)]


def test_the_error_is_the_message_of_the_process_without_the_folder(
    shell_that_says: Shell, store: ModelStore
) -> None:
    shell_that_says.stderr = "a warning\ndigitrec: FILE: expected 28 x 28 x 1 in\n"
    with pytest.raises(ModelError, match="^'net.h5': expected 28 x 28 x 1 in$"):
        import_bytes(store, b"", "net.h5", "net")


def test_a_process_that_dies_silently_is_an_error(
    monkeypatch: pytest.MonkeyPatch, store: ModelStore
) -> None:
    for status, sentence in ((-11, "the import was killed by the system"), (1, "import failed$")):
        died = subprocess.CompletedProcess([], status, "", "")
        monkeypatch.setattr(conversions, "_run", lambda _, died=died: died)
        with pytest.raises(ModelError, match=sentence):
            import_bytes(store, b"", "net.h5", "net")


def test_a_hanging_process_is_stopped(monkeypatch: pytest.MonkeyPatch, store: ModelStore) -> None:
    monkeypatch.setattr(conversions, "TIMEOUT_S", 0)
    with pytest.raises(ModelError, match="the export took too long"):
        export_bytes(store, "seed-cnn", "onnx")


@pytest.mark.parametrize(
    ("name", "reason"), [("../net", "use up to 64 letters"), ("seed-cnn", "'seed-cnn'")]
)
def test_a_bad_name_is_rejected_before_tensorflow_is_loaded(
    shell_that_says: Shell, store: ModelStore, name: str, reason: str
) -> None:
    with pytest.raises(ConfigurationError, match=reason):
        import_bytes(store, b"", "net.h5", name)
    assert shell_that_says.command == []
