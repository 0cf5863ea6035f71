import json
from pathlib import Path

from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from tests.conftest import Shell


def test_an_exported_network_can_be_imported_again(
    shell: Shell, trained: Run, store: ModelStore, tmp_path: Path
) -> None:
    shell("export", "trained", "--format", "h5", "--output", tmp_path / "mnist.h5")
    done = shell("import", tmp_path / "mnist.h5", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["name"] == "mnist"
    assert store.run("mnist").has_model
