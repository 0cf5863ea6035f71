"""A training run, from its configuration to its report."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import keras
import msgspec

from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError, TrainingError
from digitrec.formatting import sentence
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.calibration import Calibration
from digitrec.recognition.recognizer import Recognizer
from digitrec.recognition.stroke_reader import StrokeReader
from digitrec.recognition.vote import Vote
from digitrec.runs.ink_sources import learned_ink
from digitrec.runs.run import Run, RunState
from digitrec.system.atomic_files import remove_unfinished
from digitrec.teaching.outcome import teaching_report
from digitrec.teaching.taught_drawings import TaughtDrawings
from digitrec.training.batches import EpochNumber, evaluation_batches, training_batches
from digitrec.training.callbacks import EventLog
from digitrec.training.checkpoints import Checkpoints, load_kept
from digitrec.training.export import export_and_measure
from digitrec.training.fit import Fit
from digitrec.training.keras_networks import load_network
from digitrec.training.prepare_fit import prepare_fit
from digitrec.training.stopping import EarlyStopping, StopOnRequest
from digitrec.training.teach_stroke_reader import teach_stroke_reader
from digitrec.training.train_steps import interpolate_weights
from digitrec.training.train_stroke_reader import train_stroke_reader
from digitrec.training.training_set import HeldOut, held_out_digits


def train(run: Run) -> dict[str, Any] | None:
    """Train a run, or resume it from its checkpoint, and write its report.

    Returns:
        The report; None if the run was paused.

    Raises:
        TrainingError: If training fails; the run is then marked as failed.
    """
    try:
        report = _train(run)
    except Exception as error:
        message = sentence(error)
        with suppress(OSError):  # Without it the run counts as interrupted.
            run.append_event("failed", message=message)
        raise TrainingError(f"run {run.title!r} failed: {message}") from error
    finally:
        run.release()
    return report


def _train(run: Run) -> dict[str, Any] | None:
    config = _load_config(run)
    remove_unfinished(run.path)
    run.append_event("preparing")
    fit = prepare_fit(run, config)
    run.append_event(
        "started",
        epochs=config.epochs,
        epochs_done=fit.epochs_done,
        steps_done=fit.steps_done,
        steps_per_epoch=fit.steps_per_epoch,
    )
    _fit(fit)
    report = None if fit.outcome == RunState.PAUSED else _results(fit)
    if report is None:
        run.append_event("paused")
        return None
    run.write_results(report)
    run.append_event(fit.outcome, test_accuracy=report["test_accuracy"])
    run.remove_resume_files()
    return report


def _results(fit: Fit) -> dict[str, Any] | None:
    """Export and measure the network; return the report, or None if the run was paused."""
    fit.run.append_event("evaluating")
    held_out = held_out_digits(fit.training_set, fit.config)
    fit.drop_pictures()
    _finalize_weights(fit)
    report = _export(fit, held_out)
    if fit.config.strokes_from and fit.outcome == RunState.FINISHED:
        return _with_stroke_reader(fit, report)
    return report


def _load_config(run: Run) -> TrainingConfig:
    config = run.config()
    if config is None:
        raise ModelError(f"run {run.title!r} has no configuration, so it can't be trained")
    return config


def _fit(fit: Fit) -> None:
    """Train to the last epoch, or until training is stopped."""
    early_stopping, checkpoints = EarlyStopping(fit), Checkpoints(fit)
    # The order matters: write a step's event, save it, then stop.
    callbacks = [early_stopping, EventLog(fit), checkpoints, StopOnRequest(fit, checkpoints)]
    if early_stopping.is_over:
        return
    if fit.config.tensorboard:
        path = fit.run.tensorboard_path
        callbacks.append(keras.callbacks.TensorBoard(path, histogram_freq=1, write_graph=False))
    fit.model.stop_training = False
    if fit.steps_into_epoch:
        _fit_until(fit.epochs_done + 1, fit, callbacks)
    if fit.epochs_done < fit.config.epochs and not fit.model.stop_training:
        _fit_until(fit.config.epochs, fit, callbacks)


def _fit_until(epochs: int, fit: Fit, callbacks: list[keras.callbacks.Callback]) -> None:
    """Train from the network's current step until this many epochs are done."""
    training_set, epoch = fit.training_set, EpochNumber()
    fit.model.fit(
        training_batches(training_set, fit.config, epoch.value, fit.steps_into_epoch),
        initial_epoch=fit.epochs_done,
        epochs=epochs,
        validation_data=evaluation_batches(training_set.x_val, training_set.y_val),
        callbacks=[epoch, *callbacks],
        shuffle=False,
        verbose=0,
    )


def _finalize_weights(fit: Fit) -> None:
    """Use the network of the best epoch, and interpolate a taught one."""
    run = fit.run
    if run.best_path.exists():
        fit.model = load_kept(run.best_path)
    if fit.drawings is not None:
        interpolate_weights(fit.model, load_network(run.base_path))


def _export(fit: Fit, held_out: HeldOut | None) -> dict[str, Any]:
    """Export the network, calibrate and measure it, and return the report."""
    run, model = fit.run, fit.model
    run.write_atomically(run.next_path(run.keras_path).name, model.save)
    with _scratch(run):
        report = export_and_measure(run, model, load_mnist(), held_out)
    report |= {
        "ink": msgspec.to_builtins(fit.ink_sources),
        "epochs_done": round(fit.steps_done / fit.steps_per_epoch, 3),
        "duration_s": round(fit.trained_s, 2),
        "stopped": fit.outcome == RunState.STOPPED,
    }
    if fit.drawings is not None:
        report["stroke_reader"] = teach_stroke_reader(run, fit.drawings, fit.config.seed)
        report["teaching"] = _report_on_teaching(run, fit.drawings, report)
    return report


class _EndedEarlyError(Exception):
    """A person asked the run to stop or to pause."""


def _with_stroke_reader(fit: Fit, report: dict[str, Any]) -> dict[str, Any] | None:
    """Train the network that reads strokes, and add its results to the report.

    Returns:
        The report: without a stroke reader if a person stops the run meanwhile; None if a person
        pauses it.
    """
    run, config = fit.run, fit.config

    def tell(done: float) -> None:
        run.append_event("strokes", done=round(done, 4))
        if run.stop_requested() or run.pause_requested():
            raise _EndedEarlyError

    try:
        tell(0.0)
        ink = learned_ink(run, config.strokes_from)
        results = train_stroke_reader(run, _exported(run, report), ink, config.seed, tell)
    except _EndedEarlyError:
        if not run.stop_requested():
            return None
        fit.outcome = RunState.STOPPED
        return report | {"stopped": True}
    return report | {"stroke_reader": results}


def _report_on_teaching(
    run: Run, drawings: TaughtDrawings, report: dict[str, Any]
) -> dict[str, Any]:
    served = _exported(run, report)
    if strokes := report["stroke_reader"]:
        reader = StrokeReader(run.next_path(run.strokes_tflite_path).read_bytes(), run.name)
        served = served.voting_with(reader, msgspec.convert(strokes["vote"], Vote))
    return teaching_report(drawings, served, report["test_accuracy"])


def _exported(run: Run, report: dict[str, Any]) -> Recognizer:
    """Return the exported network as the app would serve it."""
    content = run.next_path(run.tflite_path).read_bytes()
    return Recognizer(content, run.name, Calibration(**report["calibration"]))


@contextmanager
def _scratch(run: Run) -> Iterator[None]:
    """Put temporary files into the run's folder, so that a killed run's files are removed later."""
    shutil.rmtree(run.scratch_path, ignore_errors=True)
    run.scratch_path.mkdir()
    before, tempfile.tempdir = tempfile.tempdir, str(run.scratch_path)
    try:
        yield
    finally:
        tempfile.tempdir = before
        shutil.rmtree(run.scratch_path, ignore_errors=True)
