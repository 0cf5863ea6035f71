"""One training run, from its configuration to its report.

Only a training process imports this module: it brings TensorFlow with it.
"""

import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import keras

from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError, TrainingError
from digitrec.recipes.configuration import TrainingConfig
from digitrec.recipes.workload import picture_seconds
from digitrec.recognition.recognizer import DIGITS, Calibration, Recognizer
from digitrec.runs.run import Run
from digitrec.system.atomic_files import remove_unfinished
from digitrec.system.memory import give_back_memory
from digitrec.teaching.teaching import TaughtDrawings, teaching_report
from digitrec.training.batches import (
    EpochNumber,
    evaluation_batches,
    given_to_tensorflow,
    training_batches,
)
from digitrec.training.callbacks import EventLog, preparing_log
from digitrec.training.early_stopping import EarlyStopping
from digitrec.training.export import HeldOut, export_and_evaluate
from digitrec.training.keras_networks import build_network, build_optimizer, load_network, take_up
from digitrec.training.train_steps import go_back, set_learning, set_teaching
from digitrec.training.training_set import (
    Parts,
    held_out_digits,
    split,
    with_additions,
    with_drawings,
)
from digitrec.words import sentence

# Seconds between two events on the reference machine, so that they come once a second on a slower
# one, too. The steps between them run as one TensorFlow call: events cost the training nothing.
EVENT_S = 0.6
_ANEW = "remove the file and resume the run, which does again what is lost"


def train(run: Run) -> dict[str, Any] | None:
    """Carry out a run, or go on with it from its checkpoint, and write its report.

    Returns:
        The report; None if the run was paused.

    Raises:
        TrainingError: If the training can't go on; the run is then marked as failed.
    """
    try:
        report = _train(run)
    except Exception as error:
        message = sentence(error)
        with suppress(OSError):  # Without it the run is taken for one that was interrupted.
            run.append_event("failed", message=message)
        raise TrainingError(f"run {run.title!r} failed: {message}") from error
    finally:
        run.release()
    return report


@contextmanager
def _scratch(run: Run) -> Iterator[None]:
    """Let what the export needs for a while lie in the run's folder: a kill leaves it there."""
    shutil.rmtree(run.scratch_path, ignore_errors=True)
    run.scratch_path.mkdir()
    before, tempfile.tempdir = tempfile.tempdir, str(run.scratch_path)
    try:
        yield
    finally:
        tempfile.tempdir = before
        shutil.rmtree(run.scratch_path, ignore_errors=True)


def _train(run: Run) -> dict[str, Any] | None:
    config = run.config()
    if config is None:
        raise ModelError(f"run {run.title!r} has no configuration, so it can't be trained")
    remove_unfinished(run.path)
    run.append_event("preparing")
    drawings = _drawings(run, config)
    parts = given_to_tensorflow(_parts(run, config, drawings))
    steps_per_epoch = math.ceil(parts.examples / config.batch_size)
    model = _model(run, config, steps_per_epoch)
    steps_done = int(model.optimizer.iterations)
    run.append_event(
        "started",
        epochs=config.epochs,
        epochs_done=steps_done // steps_per_epoch,
        steps_done=steps_done,
        steps_per_epoch=steps_per_epoch,
    )
    log = EventLog(run, config.batch_size, parts.examples)
    _fit(run, model, parts, config, log)
    if log.was_paused:
        run.append_event("paused")
        return None
    held_out = HeldOut(*held_out_digits(parts, config)) if len(parts.x_val) else None
    # TensorFlow's copy of the training pictures goes with them: the evaluation needs room as well.
    del parts
    give_back_memory()
    return _finish(run, model, held_out, drawings, log)


def _drawings(run: Run, config: TrainingConfig) -> TaughtDrawings | None:
    """Return what the run is taught with, if it is."""
    drawings = TaughtDrawings.read(run) if config.drawings else None
    if config.drawings and drawings is None:
        raise ModelError(f"run {run.title!r} has lost its drawings.npz")
    return drawings


def _parts(run: Run, config: TrainingConfig, drawings: TaughtDrawings | None) -> Parts:
    parts = with_additions(split(load_mnist(), config), config, preparing_log(run))
    if drawings is None:
        return parts
    learned = ~drawings.held_back
    return with_drawings(parts, drawings.inputs[learned], drawings.labels[learned])


def _model(run: Run, config: TrainingConfig, steps_per_epoch: int) -> keras.Model:
    """Return the compiled network as the run begins with it or as its checkpoint has it."""
    keras.utils.set_random_seed(config.seed)
    model = load_network(run.base_path) if config.start_from else build_network(config)
    if config.non_digits and model.output_shape[-1] == DIGITS:
        raise TrainingError(f"model {config.start_from!r} has no class for no digit")
    optimizer = build_optimizer(config, config.epochs * steps_per_epoch)
    optimizer.build(model.trainable_variables)
    if run.checkpoint_path.exists():
        _take_up_checkpoint(run, model, optimizer)
    model.compile(
        optimizer,
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_between_events(
            steps_per_epoch, config.batch_size * picture_seconds(config)
        ),
    )
    if config.drawings:
        set_teaching(model, load_network(run.base_path))
    else:
        set_learning(model, hard_examples=config.hard_examples)
    return model


def _take_up_checkpoint(
    run: Run, model: keras.Model, optimizer: keras.optimizers.Optimizer
) -> None:
    saved = _load_kept(run.checkpoint_path)
    try:
        take_up(model, optimizer, saved)
    except (ValueError, AttributeError) as error:
        raise ModelError(
            f"{run.name}/checkpoint.keras is not of the network that config.json describes; {_ANEW}"
        ) from error


def _load_kept(path: Path) -> keras.Model:
    """Load a network that the run keeps for itself."""
    try:
        return load_network(path)
    except ModelError as error:
        raise ModelError(f"{error}; {_ANEW}") from error


def _fit(run: Run, model: keras.Model, parts: Parts, config: TrainingConfig, log: EventLog) -> None:
    """Train from where the network is; the rest of an epoch that was cut off comes first."""
    steps_per_epoch = math.ceil(parts.examples / config.batch_size)
    done, skipped = divmod(int(model.optimizer.iterations), steps_per_epoch)
    early = EarlyStopping(run, config.early_stopping, done)
    if early.is_over:
        return
    callbacks = [early, log]
    if config.tensorboard:
        callbacks.append(
            keras.callbacks.TensorBoard(run.tensorboard_path, histogram_freq=1, write_graph=False)
        )
    model.stop_training = False
    if skipped:
        _fit_epochs(model, parts, config, (done, done + 1, skipped), callbacks)
        done += 1
    if done < config.epochs and not model.stop_training:
        _fit_epochs(model, parts, config, (done, config.epochs, 0), callbacks)


def _fit_epochs(
    model: keras.Model,
    parts: Parts,
    config: TrainingConfig,
    extent: tuple[int, int, int],
    callbacks: list[keras.callbacks.Callback],
) -> None:
    """Train from one epoch to another, from 0, without the first batches of each."""
    done, epochs, skipped = extent
    epoch = EpochNumber()
    model.fit(
        training_batches(parts, config, epoch.value, skipped),
        initial_epoch=done,
        epochs=epochs,
        validation_data=evaluation_batches(parts.x_val, parts.y_val),
        callbacks=[epoch, *callbacks],
        shuffle=False,
        verbose=0,
    )


def _finish(
    run: Run,
    model: keras.Model,
    held_out: HeldOut | None,
    drawings: TaughtDrawings | None,
    log: EventLog,
) -> dict[str, Any]:
    """Measure and export what was trained, and write the report."""
    duration_s = log.trained_s
    if run.best_path.exists():
        model = _load_kept(run.best_path)
    run.append_event("evaluating")
    if drawings is not None:
        go_back(model, load_network(run.base_path))
    run.write_whole(run.next_path(run.keras_path).name, model.save)
    with _scratch(run):  # It is gone before the run is said to be finished.
        report = export_and_evaluate(run, model, load_mnist(), held_out)
    report |= {
        "epochs_done": round(int(model.optimizer.iterations) / log.steps_per_epoch, 3),
        "duration_s": round(duration_s, 2),
        "stopped": log.was_stopped,
    }
    if drawings is not None:
        report["teaching"] = _came_of(run, drawings, report)
    run.write_results(report)
    ended = "stopped" if log.was_stopped else "finished"
    run.append_event(ended, test_accuracy=report["test_accuracy"])
    run.remove_beginnings()
    return report


def _came_of(run: Run, drawings: TaughtDrawings, report: dict[str, Any]) -> dict[str, Any]:
    calibration = Calibration(**report["calibration"])
    content = run.next_path(run.tflite_path).read_bytes()
    served = Recognizer(content, run.name, calibration)
    return teaching_report(drawings, served, report["test_accuracy"])


def steps_between_events(steps_per_epoch: int, step_s: float) -> int:
    """Choose how many steps lie between two events: about as many as take ``EVENT_S``.

    Of the numbers near that, the one that leaves the fullest last part of an epoch: figures
    over a few pictures would jump.
    """
    about = max(1, round(EVENT_S / step_s))
    choices = range(max(1, about * 3 // 4), about * 5 // 4 + 1)
    fullest = max(choices, key=lambda steps: (steps_per_epoch % steps or steps) / steps)
    return min(fullest, steps_per_epoch)
