import pytest

from digitrec.commands.app import main
from digitrec.commands.export import export
from digitrec.errors import ModelError, StoreError
from tests.conftest import Shell


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--epochs", "0"], "epochs must be a whole number from 1 to 200, got 0"),
        (["train", "--epochs", "many"], "'--epochs': 'many' is not a valid integer"),
        (["train", "--epoch", "5"], "No such option '--epoch'. Did you mean '--epochs'?"),
        (["train", "--optimizer", "magic"], "'--optimizer': 'magic' is not one of 'adam', "),
        (["train", "--learning-rate", "-1"], "learning_rate must be a number"),
        (["train", "--learning-rate", "nan"], "learning_rate must be a number"),
        (["train", "--name", "../x"], "use up to 64 letters, digits, spaces"),
        (
            ["train", "--name", "seed-cnn"],
            "there is already a run called 'seed-cnn'; choose another name, such as 'seed-cnn-2'",
        ),
        (["train", "--run", "nope"], "there is no model 'nope'"),
        (
            ["train", "--run", "seed-cnn"],
            "'seed-cnn' is finished; only a paused or interrupted run",
        ),
        (["evaluate", "--model", "nope"], "there is no model 'nope'; available models: "),
        (["evaluate", "--npz", "nope.npz"], "nope.npz: there is no such file"),
        (["evaluate", "--ink", "nope.jsonl"], "nope.jsonl can't be read"),
        (["evaluate", "--ink", "x", "--pen", "9", "3"], "--pen must be two numbers from 1 to 100"),
        (["evaluate", "--ink", "x", "--npz", "y"], "use either --npz or --ink"),
        (["evaluate", "--other", "x"], "--other needs --ink"),
        (["predict", "nope.png"], "nope.png: there is no such file"),
        (["predict", "docs"], "docs: this folder has no pictures"),
        (["predict"], "Missing argument 'FILE_OR_FOLDER...'"),
        (["export", "seed-cnn", "--format", "exe"], "'exe' is not one of 'keras', "),
        (["export", "seed-cnn"], "Missing option '--format'"),
        (["export", "nope", "--format", "h5"], "there is no model 'nope'"),
        (["import", "nope.h5"], "nope.h5: there is no such file"),
        (["import", "README.md"], "expected a .keras, .h5, .hdf5 or .tflite file"),
        (["dance"], "No such command 'dance'"),
        ([], "Missing command"),
    ],
)
def test_bad_input_is_one_line_and_status_2(shell: Shell, arguments: list[str], words: str) -> None:
    done = shell(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", ["train", "teach", "evaluate", "predict", "export", "import"])
def test_each_command_has_help(
    capsys: pytest.CaptureFixture[str], command: str, option: str
) -> None:
    assert main([command, option]) == 0
    shown, said = capsys.readouterr()
    assert shown.startswith(f"Usage: python -m digitrec {command} [OPTIONS]")
    assert said == ""


def test_commands_are_listed_in_order_of_use(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--help"]) == 0
    words = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.strip()]
    listed = words[words.index("Commands:") + 1 :]
    assert listed == [
        "train",
        "teach",
        "add-stroke-reader",
        "evaluate",
        "predict",
        "export",
        "import",
        "convert-unipen",
        "give",
    ]


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (StoreError("the disk is full"), 1, "digitrec: the disk is full"),
        (ModelError("it is damaged"), 2, "digitrec: it is damaged"),
        (ValueError("odd\nlines"), 1, "digitrec: ValueError: odd"),
        (KeyboardInterrupt(), 1, "digitrec: interrupted"),
    ],
)
def test_an_error_is_one_line_and_a_status(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    status: int,
    words: str,
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(export, "callback", fail)
    assert main(["export", "seed-cnn", "--format", "h5"]) == status
    assert capsys.readouterr().err == f"{words}\n"
