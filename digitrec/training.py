"""One training run, from its configuration to its report.

Only a training process imports this module: it brings TensorFlow with it.
"""

import math
import time
from pathlib import Path
from typing import Any

import keras

from digitrec.architectures import build_network, build_optimizer, load_network
from digitrec.batches import EpochNumber, evaluation_batches, training_batches
from digitrec.configuration import TrainingConfig
from digitrec.datasets.mnist import load_mnist
from digitrec.early_stopping import EarlyStopping
from digitrec.errors import DigitrecError, ModelError, TrainingError
from digitrec.learning import set_learning
from digitrec.results import HeldOut, export_and_evaluate
from digitrec.runs import Run
from digitrec.training_set import Parts, held_out_digits, split, with_additions

# Pictures between two events. The steps between them run as one TensorFlow call, so that
# events cost the training nothing.
EVENT_IMAGES = 2560


def train(run: Run) -> dict[str, Any]:
    """Carry out a run, or go on with it from its checkpoint, and write its report.

    Returns:
        The report.

    Raises:
        TrainingError: If the training can't go on; the run is then marked as failed.
    """
    try:
        return _train(run)
    except Exception as error:
        message = str(error) if isinstance(error, DigitrecError) else _sentence(error)
        run.append_event("failed", message=message)
        run.release()
        raise TrainingError(f"run {run.name!r} failed: {message}") from error


def _train(run: Run) -> dict[str, Any]:
    config = run.config()
    if config is None:
        raise ModelError(f"run {run.name!r} has no configuration, so it can't be trained")
    mnist = load_mnist()
    run.append_event("preparing")
    parts = with_additions(split(mnist, config), config)
    keras.utils.set_random_seed(config.seed)
    steps_per_epoch = math.ceil(len(parts.x_train) / config.batch_size)
    model = _load_or_build(run, config, steps_per_epoch)
    epochs_done = int(model.optimizer.iterations) // steps_per_epoch
    run.append_event(
        "started",
        epochs=config.epochs,
        epochs_done=epochs_done,
        steps_per_epoch=steps_per_epoch,
    )
    log = EventLog(run, config.batch_size, len(parts.x_train))
    began = time.perf_counter()
    early = EarlyStopping(run, config.early_stopping, epochs_done)
    if epochs_done < config.epochs and not early.is_over:
        _fit(model, parts, config, epochs_done, [early, log])
    duration_s = _earlier_duration_s(run, epochs_done) + time.perf_counter() - began
    if run.best_path.exists():
        model = load_network(run.best_path)
    run.append_event("evaluating")
    run.write_whole(run.keras_path.name, model.save)
    report = export_and_evaluate(run, model, mnist, _held_out(parts, config))
    report |= {
        "epochs_done": round(int(model.optimizer.iterations) / steps_per_epoch, 3),
        "duration_s": round(duration_s, 2),
        "stopped": log.was_stopped,
    }
    run.write_json("report.json", report)
    run.append_event(
        "stopped" if log.was_stopped else "finished", test_accuracy=report["test_accuracy"]
    )
    for path in (run.checkpoint_path, run.best_path, run.base_path):
        path.unlink(missing_ok=True)
    run.release()
    return report


def _fit(
    model: keras.Model,
    parts: Parts,
    config: TrainingConfig,
    epochs_done: int,
    callbacks: list[keras.callbacks.Callback],
) -> None:
    epoch = EpochNumber()
    model.fit(
        training_batches(parts, config, epoch.value),
        initial_epoch=epochs_done,
        epochs=config.epochs,
        validation_data=evaluation_batches(parts.x_val, parts.y_val),
        callbacks=[epoch, *callbacks],
        shuffle=False,
        verbose=0,
    )


def _held_out(parts: Parts, config: TrainingConfig) -> HeldOut | None:
    if not len(parts.x_val):
        return None
    of_all_styles = held_out_digits(parts, config) if config.non_digits else None
    return HeldOut(parts.x_val, parts.y_val, of_all_styles)


def _earlier_duration_s(run: Run, epochs_done: int) -> float:
    """Return how long the epochs took that were done before the run was resumed."""
    ends = {e["epoch"]: e["duration_s"] for e in run.events() if e["event"] == "epoch"}
    return sum(duration for epoch, duration in ends.items() if epoch <= epochs_done)


def _load_or_build(run: Run, config: TrainingConfig, steps_per_epoch: int) -> keras.Model:
    if run.checkpoint_path.exists():
        model = keras.models.load_model(run.checkpoint_path, compile=True)
        optimizer = model.optimizer
    else:
        model = load_network(run.base_path) if config.start_from else build_network(config)
        optimizer = build_optimizer(config, config.epochs * steps_per_epoch)
        if config.non_digits and model.output_shape[-1] == 10:
            raise TrainingError(f"model {config.start_from!r} has no class for *no digit*")
    model.compile(
        optimizer,
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=steps_between_events(steps_per_epoch, config.batch_size),
    )
    set_learning(model, hard_examples=config.hard_examples)
    return model


def steps_between_events(steps_per_epoch: int, batch_size: int) -> int:
    """Choose how many steps lie between two events: about ``EVENT_IMAGES`` pictures.

    Of the numbers near that, the one that leaves the fullest last part of an epoch: figures
    over a few pictures would jump.
    """
    about = max(1, EVENT_IMAGES // batch_size)
    choices = range(max(1, about * 3 // 4), about * 5 // 4 + 1)
    fullest = max(choices, key=lambda steps: (steps_per_epoch % steps or steps) / steps)
    return min(fullest, steps_per_epoch)


class EventLog(keras.callbacks.Callback):
    """Writes a run's events, saves its checkpoints, and ends it when asked to.

    Args:
        run: The run.
        batch_size: Pictures in a step.
        train_images: Pictures in an epoch.
    """

    def __init__(self, run: Run, batch_size: int, train_images: int) -> None:
        super().__init__()
        self.was_stopped = False
        self._run = run
        self._batch_size = batch_size
        self._train_images = train_images

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002
        """Begin to count anew: Keras's figures are means since the epoch's begin."""
        self._epoch = epoch + 1
        self._seen, self._sums = 0, {"loss": 0.0, "accuracy": 0.0}
        self._epoch_began = self._noted = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Note the figures since the last event."""
        means = {key: float(value) for key, value in (logs or {}).items()}
        self._check(means["loss"])
        now = time.perf_counter()
        seen = min((batch + 1) * self._batch_size, self._train_images)
        fresh = seen - self._seen
        sums = {key: means[key] * seen for key in self._sums}
        self._run.append_event(
            "step",
            epoch=self._epoch,
            step=math.ceil(seen / self._batch_size),
            loss=round((sums["loss"] - self._sums["loss"]) / fresh, 6),
            accuracy=round(min((sums["accuracy"] - self._sums["accuracy"]) / fresh, 1.0), 6),
            learning_rate=float(self.model.optimizer.learning_rate),
            images_per_second=round(fresh / (now - self._noted)),
        )
        self._seen, self._sums, self._noted = seen, sums, now
        if self._run.stop_requested():
            self.was_stopped = True
            self.model.stop_training = True

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Note the epoch's figures and save a checkpoint, unless it was cut short."""
        if self.was_stopped:
            return
        means = logs or {}
        figures = {
            key: round(float(means[key]), 6) if key in means else None
            for key in ("loss", "accuracy", "val_loss", "val_accuracy")
        }
        self._check(float(means.get("val_loss", 0.0)))
        duration_s = round(time.perf_counter() - self._epoch_began, 3)
        self._run.write_whole(self._run.checkpoint_path.name, self.model.save)
        self._run.append_event("epoch", epoch=epoch + 1, duration_s=duration_s, **figures)

    def _check(self, loss: float) -> None:
        if not math.isfinite(loss):
            raise TrainingError(
                f"the loss was no longer a number in epoch {self._epoch}; "
                "try a smaller learning rate"
            )


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename:
        return f"{Path(str(error.filename)).name}: {error.strerror}"
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no reason'}"
