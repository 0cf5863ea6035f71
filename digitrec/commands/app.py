"""The commands of ``python -m digitrec``.

Results go to stdout, progress and errors to stderr. Exit status: 0 done, 1 failed,
2 bad input.
"""

import argparse
import dataclasses
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TypeVar

import numpy as np
from PIL import Image
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn, track
from rich.progress import Progress as ProgressBar

from digitrec.arrays import Digits
from digitrec.datasets.ink_files import InkDrawing, load_ink
from digitrec.datasets.mnist import load_mnist
from digitrec.datasets.npz import load_labelled
from digitrec.drawings.accuracy import LabelledDrawings, labelled_drawings
from digitrec.errors import (
    BadInputError,
    ConfigurationError,
    DatasetError,
    DigitrecError,
    PictureError,
    TooMuchInkError,
)
from digitrec.exchange.foreign_files import check_network, suggested_name
from digitrec.ink.preprocessing import open_picture, preprocess
from digitrec.jobs.queue import StoppedInQueueError, leave_queue, training_turn
from digitrec.jobs.start import take_on_run
from digitrec.numbers.composition import Nearness
from digitrec.numbers.evaluation import READERS, compose_numbers, evaluate_numbers
from digitrec.numbers.page import read_page
from digitrec.recipes.configuration import (
    EXPORT_FORMATS,
    LEARNING_RATES,
    SCHEDULES,
    TrainingConfig,
)
from digitrec.recipes.networks import NETWORKS
from digitrec.recognition.ink_evaluation import (
    canvas_inputs,
    contact_sheet,
    evaluate_digits,
    evaluate_others,
)
from digitrec.recognition.metrics import evaluate_probabilities
from digitrec.recognition.recognizer import Recognition, Recognizer
from digitrec.runs.events import Event, Preparing
from digitrec.runs.model_store import ModelStore
from digitrec.runs.problems import run_problem
from digitrec.runs.progress import Progress, read_progress
from digitrec.runs.run import Run, RunState
from digitrec.settings import load_settings
from digitrec.system.memory import limit_memory
from digitrec.teaching.teaching import create_teaching, teaching_config
from digitrec.words import counted, percent, sentence

FAILURE = 1
BAD_INPUT = 2

# Pictures that are recognised between two steps of the progress bar.
PART = 500
# An import may take so much more memory than TensorFlow itself, and so many times its file's size.
IMPORT_BYTES = 400_000_000
FILE_TIMES = 4

Arguments = argparse.Namespace
Item = TypeVar("Item")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_INPUT, f"{self.prog}: {message} (--help lists the options)\n")


def main(argv: list[str] | None = None) -> int:
    """Carry out one command; return the exit status."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.command(arguments) or 0
    except DigitrecError as error:
        print(f"digitrec: {error}", file=sys.stderr)
        return BAD_INPUT if isinstance(error, BadInputError) else FAILURE
    except KeyboardInterrupt:
        print("digitrec: interrupted", file=sys.stderr)
        return FAILURE
    except Exception as error:
        print(f"digitrec: {sentence(error)}", file=sys.stderr)
        return FAILURE


def _parser() -> _Parser:
    parser = _Parser(prog="python -m digitrec", description="A workbench for handwritten digits.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for add in (
        _add_train, _add_teach, _add_evaluate, _add_predict, _add_export, _add_import, _add_give,
    ):  # fmt: skip
        add(commands)
    return parser


def _add_train(commands: Any) -> None:
    defaults = TrainingConfig()
    parser = commands.add_parser("train", help="train a network on MNIST")
    parser.set_defaults(command=_train)
    parser.add_argument("--network", choices=NETWORKS, default=defaults.network)
    parser.add_argument(
        "--ensemble",
        type=int,
        default=defaults.ensemble,
        metavar="N",
        help="train N such networks side by side; the mean of their answers counts",
    )
    parser.add_argument("--epochs", type=int, default=defaults.epochs, metavar="N")
    parser.add_argument("--optimizer", choices=tuple(LEARNING_RATES), default=defaults.optimizer)
    parser.add_argument(
        "--learning-rate", type=float, metavar="X", help="default: the optimizer's own"
    )
    parser.add_argument("--schedule", choices=SCHEDULES, default=defaults.schedule)
    parser.add_argument("--batch-size", type=int, default=defaults.batch_size, metavar="N")
    parser.add_argument("--dropout", type=float, default=defaults.dropout, metavar="X")
    parser.add_argument(
        "--validation-split", type=float, default=defaults.validation_split, metavar="X"
    )
    parser.add_argument(
        "--training-share",
        type=float,
        default=defaults.training_share,
        metavar="X",
        help="share of the other training pictures that is learned from",
    )
    parser.add_argument(
        "--early-stopping",
        type=int,
        default=defaults.early_stopping,
        metavar="N",
        help="end after N epochs without a smaller validation loss; 0 never",
    )
    parser.add_argument(
        "--augmentation", action="store_true", help="vary each picture each time it is seen"
    )
    parser.add_argument(
        "--styles", action="store_true", help="add digits in styles that MNIST lacks"
    )
    parser.add_argument(
        "--corruptions", action="store_true", help="add noisy, blurred and other spoilt pictures"
    )
    parser.add_argument(
        "--non-digits", action="store_true", help="learn also what is no digit: letters, scribbles"
    )
    parser.add_argument(
        "--hard-examples",
        action="store_true",
        help="learn only from the quarter of each batch that the network is most wrong about",
    )
    parser.add_argument(
        "--drawings",
        action="store_true",
        help="teach it with the labelled drawings, too; see the command teach",
    )
    parser.add_argument(
        "--start-from", metavar="NAME", help="begin with the network of this model, not anew"
    )
    parser.add_argument(
        "--tensorboard", action="store_true", help="write logs for TensorBoard, too"
    )
    parser.add_argument("--seed", type=int, default=defaults.seed, metavar="N")
    parser.add_argument("--name", help="what to call the run; default: its network and a number")
    parser.add_argument("--run", help="go on with a paused or interrupted run")
    _add_owner(parser)
    _add_models_dir(parser)
    _add_json(parser)


def _add_teach(commands: Any) -> None:
    parser = commands.add_parser(
        "teach", help="teach a model with the labelled drawings of the history"
    )
    parser.set_defaults(command=_teach)
    _add_model(parser)
    parser.add_argument("--name", help="what to call the taught model; default: a number")
    _add_owner(parser)
    _add_database_url(parser)
    _add_json(parser)


def _add_evaluate(commands: Any) -> None:
    parser = commands.add_parser("evaluate", help="measure a model on labelled digits")
    parser.set_defaults(command=_evaluate)
    _add_model(parser)
    data = parser.add_mutually_exclusive_group()
    data.add_argument(
        "--npz",
        type=Path,
        metavar="FILE",
        help="x (n, 28, 28) uint8 and y, or a download of the history; default: MNIST's test set",
    )
    data.add_argument(
        "--ink", type=Path, metavar="FILE", help="digits as strokes, drawn on the canvas by chance"
    )
    ink = parser.add_argument_group("with --ink")
    ink.add_argument(
        "--numbers", action="store_true", help="read whole numbers that its digits are put to"
    )
    ink.add_argument(
        "--other", type=Path, metavar="FILE", help="drawings that are no digits, to be told apart"
    )
    ink.add_argument(
        "--pen",
        type=float,
        nargs=2,
        default=(10.0, 22.0),
        metavar=("MIN", "MAX"),
        help="width of the pen in canvas pixels (default: 10 22)",
    )
    ink.add_argument(
        "--size",
        type=float,
        nargs=2,
        default=(40.0, 85.0),
        metavar=("MIN", "MAX"),
        help="length of the longer side in per cent of the canvas (default: 40 85)",
    )
    ink.add_argument("--seed", type=int, default=0, metavar="N", help="seed of width, size, place")
    ink.add_argument("--sheet", type=Path, metavar="FILE", help="write a picture of the mistakes")
    _add_json(parser)


def _add_predict(commands: Any) -> None:
    parser = commands.add_parser("predict", help="recognise the digits in picture files")
    parser.set_defaults(command=_predict)
    parser.add_argument("paths", type=Path, nargs="+", metavar="FILE_OR_FOLDER")
    parser.add_argument("--numbers", action="store_true", help="read whole numbers, several a file")
    _add_model(parser)
    _add_json(parser)


def _add_export(commands: Any) -> None:
    parser = commands.add_parser("export", help="write a model in another program's format")
    parser.set_defaults(command=_export)
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--format", choices=tuple(EXPORT_FORMATS), required=True)
    parser.add_argument(
        "--output", type=Path, metavar="PATH", help="default: the name, in this folder"
    )
    _add_models_dir(parser)


def _add_import(commands: Any) -> None:
    parser = commands.add_parser("import", help="import a network from another program's file")
    parser.set_defaults(command=_import)
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="a Keras or LiteRT file (.keras, .h5, .tflite), or a SavedModel: its folder or a ZIP",
    )
    parser.add_argument(
        "--name", help="the model's name; default: the file's, with a number if that is taken"
    )
    _add_models_dir(parser)
    _add_json(parser)


def _add_give(commands: Any) -> None:
    parser = commands.add_parser("give", help="let drawings be those of another person")
    parser.set_defaults(command=_give)
    parser.add_argument(
        "--from", dest="giver", default="", metavar="ID", help="default: who need not log in"
    )
    parser.add_argument(
        "--to",
        dest="receiver",
        default="",
        metavar="ID",
        help="as that person's account in the app shows it; default: who need not log in",
    )
    _add_database_url(parser)


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="NAME", help="default: the model that the app uses")
    _add_models_dir(parser)


def _add_models_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--models-dir", type=Path, metavar="FOLDER", help="default: DIGITREC_MODELS_DIR"
    )


def _add_owner(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--owner",
        default="",
        metavar="ID",
        help="whose drawings, as that person's account in the app shows it; default: those of who "
        "need not log in",
    )


def _add_database_url(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--database-url", metavar="URL", help="default: DIGITREC_DATABASE_URL, or that of the app"
    )


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _store(arguments: Arguments) -> ModelStore:
    return ModelStore(arguments.models_dir or load_settings().models_dir)


def _train(arguments: Arguments) -> int:
    store = _store(arguments)
    return _train_and_report(store, _run_to_train(store, arguments), arguments)


def _teach(arguments: Arguments) -> int:
    store = _store(arguments)
    with _native_messages_to(Path(os.devnull)):
        config = teaching_config(store, _model(store, arguments).name)
    drawings = _labelled_drawings(arguments.database_url, arguments.owner)
    run = _taught_run(store, config, drawings, arguments.name)
    return _train_and_report(store, run, arguments)


def _labelled_drawings(url: str | None, owner: str) -> LabelledDrawings:
    from digitrec.drawings.store import DrawingStore  # With SQLAlchemy, which training can spare.

    database = DrawingStore(url or load_settings().database_url, owner)
    try:
        return labelled_drawings(database)
    finally:
        database.close()


def _taught_run(
    store: ModelStore, config: TrainingConfig, drawings: LabelledDrawings, name: str | None
) -> Run:
    with _native_messages_to(Path(os.devnull)):
        return create_teaching(store, config, drawings, name)


def _give(arguments: Arguments) -> int:
    from digitrec.drawings.store import DrawingStore  # With SQLAlchemy, which training can spare.

    database = DrawingStore(arguments.database_url or load_settings().database_url)
    try:
        count = database.of(arguments.giver).give(arguments.receiver)
    finally:
        database.close()
    print(f"{counted(count, 'drawing')} given")
    return 0


def _train_and_report(store: ModelStore, run: Run, arguments: Arguments) -> int:
    title = run.title  # A canceled run is gone afterwards.
    report = _train_in_turn(store, run)
    if report is None:
        was_paused = run.state() == RunState.PAUSED
        how = "is paused; --run resumes it" if was_paused else "was canceled before it started"
        print(f"digitrec: run {title!r} {how}", file=sys.stderr)
        return 0 if was_paused else FAILURE
    _print_report(run, report, arguments)
    return 0


def _run_to_train(store: ModelStore, arguments: Arguments) -> Run:
    if not arguments.run:
        names = [field.name for field in dataclasses.fields(TrainingConfig)]
        values = {name: getattr(arguments, name) for name in names}
        if arguments.start_from is not None:
            values["start_from"] = store.named(arguments.start_from).name
        config = TrainingConfig(**values)
        if config.drawings:
            drawings = _labelled_drawings(None, arguments.owner)
            return _taught_run(store, config, drawings, arguments.name)
        return store.create_run(config, arguments.name)
    return store.named(arguments.run)


def _train_in_turn(store: ModelStore, run: Run) -> dict[str, Any] | None:
    take_on_run(store, run)
    _stop_gracefully_on_signals(run)
    try:
        with (
            _shown_progress(run),
            training_turn(store, run),
            _native_messages_to(run.log_path),
        ):
            run.append_event("starting")
            _choose_backend()
            from digitrec.training.train import train

            return train(run)
    except StoppedInQueueError:
        leave_queue(run)
        return None


def _stop_gracefully_on_signals(run: Run) -> None:
    """Let the first Ctrl-C or SIGTERM keep what was learned; a second one ends it hard."""

    def stop(number: int, _: FrameType | None) -> None:
        run.request_stop()
        signal.signal(number, signal.SIG_DFL)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


@contextmanager
def _shown_progress(run: Run) -> Iterator[None]:
    """Show a progress bar that follows the run's events, as every other reader does."""
    over = threading.Event()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f}%"),
        TimeRemainingColumn(),
    )
    with ProgressBar(*columns, console=_stderr()) as bar:
        task = bar.add_task("Waiting for its turn", total=1.0)

        def follow() -> None:
            while not over.wait(0.5):
                events = run.events()
                if run.state(events) == RunState.RUNNING:
                    progress = read_progress(events)
                    done = progress.fraction if progress else 0.0
                    bar.update(task, completed=done, description=_words(progress, events))

        thread = threading.Thread(target=follow, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def _words(progress: Progress | None, events: list[Event]) -> str:
    if progress is None or not progress.steps:
        return _beginning_words(events[-1])
    if progress.is_evaluating:
        return "Evaluating"
    last = progress.steps[-1]
    return (
        f"Epoch {progress.epoch}/{progress.epochs}, loss {last.loss:.4f}, "
        f"accuracy {percent(last.accuracy)}"
    )


def _beginning_words(last: Event) -> str:
    if not isinstance(last, Preparing):
        return "Starting"
    return "Preparing pictures" if last.done is None else f"Making pictures, {last.done:.0%}"


def _evaluate(arguments: Arguments) -> int:
    if arguments.ink:
        return _evaluate_numbers(arguments) if arguments.numbers else _evaluate_ink(arguments)
    if arguments.numbers:
        raise ConfigurationError("--numbers goes with --ink: the digits to make them of")
    if arguments.other:
        raise ConfigurationError("--other goes with --ink: the digits to tell them from")
    if arguments.npz:
        x, y = load_labelled(arguments.npz)
    else:
        mnist = load_mnist()
        x, y = mnist.x_test, mnist.y_test
    recognizer = _recognizer(arguments)
    parts = [x[i : i + PART] for i in range(0, len(x), PART)]
    answers = [recognizer.answers(part) for part in _tracked(parts, "Recognising")]
    measured = evaluate_probabilities(y, np.concatenate([part.probabilities for part in answers]))
    if arguments.json:
        print(json.dumps({"model": recognizer.name, **measured}))
    else:
        title = _store(arguments).title(recognizer.name)
        print(f"{title}: {percent(measured['accuracy'])} of {measured['count']:,} right")
    return 0


def _evaluate_numbers(arguments: Arguments) -> int:
    numbers = compose_numbers(_ink_digits(arguments), arguments.seed)
    recognizer = _recognizer(arguments)
    figures = evaluate_numbers(recognizer, _tracked(numbers, "Reading numbers"))
    print(json.dumps(figures) if arguments.json else _number_words(figures))
    return 0


def _number_words(figures: dict[str, Any]) -> str:
    lines = [f"{figures['model']}: {figures['count']:,} numbers of one writer each"]
    for how in READERS:
        shares = figures[how]
        exact = ", ".join(f"{nearness} {percent(shares[nearness])}" for nearness in Nearness)
        lines.append(
            f"by {how}, exactly right: {exact}; parted rightly {percent(shares['parted'])}"
        )
    return "\n".join(lines)


def _ink_digits(arguments: Arguments) -> list[InkDrawing]:
    drawings = load_ink(arguments.ink)
    if strange := {drawing.label for drawing in drawings} - {str(digit) for digit in range(10)}:
        raise DatasetError(f"{arguments.ink}: expected labels 0 to 9, got {min(strange)!r}")
    return drawings


def _evaluate_ink(arguments: Arguments) -> int:
    pen = _range("--pen", arguments.pen, 1, 100)
    low, high = _range("--size", arguments.size, 5, 100)
    drawings = _ink_digits(arguments)
    others = load_ink(arguments.other) if arguments.other else None
    recognizer = _recognizer(arguments)

    def drawn(drawings: Sequence[InkDrawing]) -> Digits:
        tracked = _tracked(drawings, "Drawing")
        shares = (low / 100, high / 100)
        return canvas_inputs(tracked, pen=pen, size=shares, seed=arguments.seed)

    inputs = drawn(drawings)
    figures, answers = evaluate_digits(recognizer, drawings, inputs)
    if others is not None:
        figures["other"] = evaluate_others(recognizer, inputs, drawn(others))
    if arguments.sheet:
        labels = np.array([int(drawing.label) for drawing in drawings])
        contact_sheet(inputs[answers != labels]).save(arguments.sheet)
    print(json.dumps(figures) if arguments.json else _ink_words(figures))
    return 0


def _range(option: str, values: Sequence[float], least: float, most: float) -> tuple[float, float]:
    low, high = values
    if not least <= low <= high <= most:
        raise ConfigurationError(
            f"{option} must be two numbers from {least:g} to {most:g}, the smaller first, "
            f"got {low:g} and {high:g}"
        )
    return low, high


def _ink_words(figures: dict[str, Any]) -> str:
    writers = figures["writers"]
    mean, low, high = map(percent, (writers["mean"], *writers["interval"]))
    pairs = [f"{label} as {answer}: {n}" for label, answer, n in figures["confusion_pairs"][:8]]
    lines = [
        f"{figures['model']}: {percent(figures['accuracy'])} of {figures['count']:,} right",
        f"mean of {writers['count']} writers: {mean} ({low} to {high})",
        f"wrong at a confidence of 0.9 or more: {percent(figures['wrong_at_0.9'])}",
        f"expected calibration error: {percent(figures['calibration_error'])}",
        f"taken for digits: {percent(figures['digits_kept'])}",
        f"most frequent mistakes: {', '.join(pairs) or 'none'}",
    ]
    if other := figures.get("other"):
        lines.append(
            f"{other['count']:,} that are no digits: {percent(1 - other['others_accepted'])} "
            f"refused, {percent(other['others_refused_at_98'])} if 98% of the digits are kept; "
            f"AUROC {other['auroc']:.4f}"
        )
    return "\n".join(lines)


def _recognizer(arguments: Arguments) -> Recognizer:
    store = _store(arguments)
    with _native_messages_to(Path(os.devnull)):
        return store.load_recognizer(_model(store, arguments).name)


def _model(store: ModelStore, arguments: Arguments) -> Run:
    return store.named(arguments.model or store.active_name())


def _predict(arguments: Arguments) -> int:
    files = [file for path in arguments.paths for file in _picture_files(path)]
    recognizer: Recognizer | None = None
    status = 0
    for file in _tracked(files, "Recognising"):
        try:
            picture = open_picture(file)
            recognizer = recognizer or _recognizer(arguments)
            if arguments.numbers:
                values, words = _numbers_of(recognizer, picture)
            else:
                values, words = _digit_of(recognizer, picture)
        except (PictureError, TooMuchInkError) as error:
            print(f"digitrec: {_naming(file, error)}", file=sys.stderr)
            status = BAD_INPUT
            continue
        print(json.dumps({"file": str(file), **values}) if arguments.json else f"{file}: {words}")
    return status


def _digit_of(recognizer: Recognizer, picture: Image.Image) -> tuple[dict[str, Any], str]:
    recognition = recognizer.recognize(preprocess(picture))
    return dataclasses.asdict(recognition), _recognition_words(recognition)


def _numbers_of(recognizer: Recognizer, picture: Image.Image) -> tuple[dict[str, Any], str]:
    numbers, left_out = read_page(recognizer, picture)[1:]
    rows = [
        {
            "text": number.text,
            "confidence": number.confidence,
            "digits": [
                {
                    "digit": digit.recognition.digit,
                    "confidence": digit.recognition.confidence,
                    "box": [round(side, 1) for side in digit.box],
                }
                for digit in number.digits
            ],
        }
        for number in numbers
    ]
    words = ", ".join(f"{number.text} ({percent(number.confidence)})" for number in numbers)
    if left_out:
        words += f"; left out: {counted(left_out, 'line')} with too much ink or too little"
    return {"numbers": rows, "left_out": left_out}, words


def _recognition_words(recognition: Recognition) -> str:
    share = percent(max(recognition.shares))
    if recognition.is_digit:
        return f"{recognition.digit} ({share})"
    return f"not a digit ({share}); if it were one, {recognition.digit}"


def _tracked(items: Sequence[Item], description: str) -> Iterable[Item]:
    """Show a progress bar on a terminal; it is gone when all is done."""
    console = _stderr()
    return track(
        items, description, console=console, transient=True, disable=not console.is_terminal
    )


def _picture_files(path: Path) -> list[Path]:
    """Return a file as it is, and of a folder the files with a picture's ending.

    A folder without any is returned itself, to be complained of when its turn comes.
    """
    if not path.is_dir():
        return [path]
    endings = Image.registered_extensions()
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in endings)
    return found or [path]


def _naming(file: Path, error: BadInputError) -> str:
    return str(error) if str(file) in str(error) else f"{file}: {error}"


def _export(arguments: Arguments) -> int:
    run = _store(arguments).named(arguments.name)
    with _tensorflow("Exporting"):
        from digitrec.training.conversion.convert import export_model

        target = arguments.output or Path(run.name + EXPORT_FORMATS[arguments.format])
        export_model(run, arguments.format, target)
    print(target)
    return 0


def _import(arguments: Arguments) -> int:
    # Most of what can't be imported is refused before TensorFlow is loaded.
    check_network(arguments.file)
    with _tensorflow("Importing"):
        from digitrec.training.conversion.convert import import_model

        # After TensorFlow is there, which takes much more than a network does.
        limit_memory(IMPORT_BYTES + FILE_TIMES * _size(arguments.file))
        run = import_model(_store(arguments), arguments.file, arguments.name)
    report = run.read_json("report.json", dict) or {}
    _print_report(run, report, arguments)
    if not arguments.json:
        print(report["import_note"])
        wanted = arguments.name or suggested_name(arguments.file.name)
        if run.title != wanted:
            print(f"There is already a model called {wanted!r}, so this one is {run.title!r}.")
    return 0


def _size(path: Path) -> int:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _print_report(run: Run, report: dict[str, Any], arguments: Arguments) -> None:
    problem = run_problem(run)
    if arguments.json:
        print(json.dumps(report | {"title": run.title, "problem": problem}))
    else:
        print(f"{run.title}: {percent(report['test_accuracy'])} of MNIST's test set right")
        if problem:
            print(problem)
        if teaching := report.get("teaching"):
            print(_teaching_words(teaching))


def _teaching_words(teaching: dict[str, Any]) -> str:
    lines = []
    for part in ("taught", "held_back"):
        before, after = teaching[f"{part}_right"]
        name = part.replace("_", " ")
        lines.append(f"of {teaching[part]} drawings {name}: {before} right before, {after} after")
    before, _ = teaching["test_accuracy"]
    lines.append(f"MNIST's test set before: {percent(before)}")
    if left_out := teaching["left_out"]:
        lines.append(f"{left_out} left out: the model can't say that a drawing is no digit")
    return "\n".join(lines)


@contextmanager
def _tensorflow(message: str) -> Iterator[None]:
    """Surround work that imports TensorFlow with a sign of life."""
    _choose_backend()
    with _native_messages_to(Path(os.devnull)), _stderr().status(f"{message} …"):
        yield


def _choose_backend() -> None:
    os.environ["KERAS_BACKEND"] = "tensorflow"
    for name in ("absl", "tensorflow"):
        logging.getLogger(name).setLevel(logging.ERROR)


@contextmanager
def _native_messages_to(path: Path) -> Iterator[None]:
    """Send what native code prints on stderr to a file; ``sys.stderr`` is not concerned."""
    before = os.dup(2)
    try:
        with path.open("ab") as file:
            os.dup2(file.fileno(), 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)


def _stderr() -> Console:
    return Console(stderr=True)
