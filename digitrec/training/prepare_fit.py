"""Prepares a fit: its pictures and its network."""

import keras

from digitrec.datasets.mnist import load_mnist
from digitrec.errors import ModelError, TrainingError
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.answers import DIGITS
from digitrec.runs.ink_sources import LearnedInk, learned_ink
from digitrec.runs.run import Run
from digitrec.teaching.taught_drawings import TaughtDrawings
from digitrec.training.batches import as_tensors
from digitrec.training.callbacks import preparing_log
from digitrec.training.checkpoints import restore_checkpoint
from digitrec.training.fit import Fit
from digitrec.training.keras_networks import build_network, build_optimizer, load_network
from digitrec.training.train_steps import set_teaching_step, set_train_step
from digitrec.training.training_set import (
    TrainingSet,
    split_mnist,
    with_added_pictures,
    with_drawings,
)


def prepare_fit(run: Run, config: TrainingConfig) -> Fit:
    """Make the pictures of a run, and its network: a new one or from a checkpoint.

    Raises:
        ModelError: If one of the run's files is missing or damaged.
        DatasetError: If an ink file can't be read.
        TrainingError: If the network doesn't fit the configuration.
    """
    drawings, ink = _load_drawings(run, config), learned_ink(run, config.ink)
    training_set = as_tensors(_make_training_set(run, config, drawings, ink))
    fit = Fit(run, config, training_set, drawings, _first_network(run, config), ink.sources)
    _compile(fit)
    return fit


def _load_drawings(run: Run, config: TrainingConfig) -> TaughtDrawings | None:
    drawings = TaughtDrawings.read(run) if config.drawings else None
    if config.drawings and drawings is None:
        raise ModelError(f"run {run.title!r}: drawings.npz is missing")
    return drawings


def _make_training_set(
    run: Run, config: TrainingConfig, drawings: TaughtDrawings | None, ink: LearnedInk
) -> TrainingSet:
    mnist = split_mnist(load_mnist(), config)
    training_set = with_added_pictures(mnist, config, ink.for_pictures(), preparing_log(run))
    if drawings is None:
        return training_set
    learned = ~drawings.held_back
    return with_drawings(training_set, drawings.inputs[learned], drawings.labels[learned])


def _first_network(run: Run, config: TrainingConfig) -> keras.Model:
    """Build a new network, or load the one that the run starts from."""
    keras.utils.set_random_seed(config.seed)
    model = load_network(run.base_path) if config.start_from else build_network(config)
    if config.non_digits and model.output_shape[-1] == DIGITS:
        raise TrainingError(f"model {config.start_from!r} has no class for non-digits")
    return model


def _compile(fit: Fit) -> None:
    """Compile the network, restore its last checkpoint and set its training step."""
    run, config, model = fit.run, fit.config, fit.model
    optimizer = build_optimizer(config, fit.total_steps)
    optimizer.build(model.trainable_variables)
    restore_checkpoint(run, model, optimizer)
    model.compile(
        optimizer,
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=fit.steps_between_events,
    )
    if config.drawings:
        set_teaching_step(model, load_network(run.base_path))
    else:
        set_train_step(model, hard_examples=config.hard_examples)
