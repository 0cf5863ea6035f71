"""Prepares a run that teaches a model: its configuration and its folder."""

from dataclasses import replace
from typing import cast

from digitrec.drawings.accuracy import LabeledDrawings
from digitrec.errors import ModelError
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.workload import picture_seconds
from digitrec.recognition.answers import DIGITS
from digitrec.runs.known_networks import starting_from
from digitrec.runs.model_store import ModelStore, cannot_be_trained
from digitrec.runs.run import Run
from digitrec.teaching.taught_drawings import TaughtDrawings, drawings_to_teach

# The validation split for models whose configuration doesn't say.
VALIDATION_SPLIT = 0.05
# The model also trains on MNIST's digits, so that it doesn't forget them: at most this share of
# them, for at most this many seconds on two cores. Taught a seven drawn as a triangle, seed-cnn
# lost 0.15 points of test accuracy when it repeated an eighth of MNIST, and 0.04 points with half
# of it; bn-cnn lost 0.06 points with an eighth.
MAX_REPEATED = 0.5
MAX_REPEATED_S = 13.0


def teaching_config(store: ModelStore, start_from: str) -> TrainingConfig:
    """Return the configuration of a run that teaches a model with drawings.

    The validation split stays the model's own, or validation would use digits it has learned.

    Raises:
        ConfigurationError: If the name is invalid.
        ModelError: If the model doesn't exist, is damaged, or has no layers to train.
    """
    base = store.run(start_from)
    if base.has_model and not base.can_be_trained_further:
        raise ModelError(cannot_be_trained(start_from))
    known = base.config() or TrainingConfig()
    config = TrainingConfig(
        epochs=2,
        optimizer="adamw",
        learning_rate=0.002,
        schedule="cosine",
        batch_size=128,
        validation_split=known.validation_split or VALIDATION_SPLIT,
        augmentation=True,
        styles=known.styles,
        non_digits=store.load_recognizer(start_from).classes > DIGITS,
        drawings=True,
        start_from=start_from,
        seed=known.seed,
    )
    config = starting_from(base, config)
    in_time = MAX_REPEATED_S / picture_seconds(config) / (60_000 * (1 - config.validation_split))
    return replace(config, training_share=round(min(in_time, MAX_REPEATED), 2))


def is_teaching(run: Run) -> bool:
    """Return whether a run teaches a model; False if its configuration is damaged."""
    try:
        config = run.config()
    except ModelError:
        return False
    return config is not None and config.drawings


def unfinished_teaching(store: ModelStore) -> Run | None:
    """Return the run that teaches with the person's drawings or waits to; None if there is none.

    Raises:
        ModelError: If a run's drawings are damaged.
    """
    for run in store.trained_runs():
        if run.is_alive() and is_teaching(run):
            taught = TaughtDrawings.read(run)
            if taught is not None and taught.owner == store.person:
                return run
    return None


def create_teaching(
    store: ModelStore,
    config: TrainingConfig,
    drawings: LabeledDrawings,
    name: str | None = None,
) -> Run:
    """Create the folder of a run that teaches a model, with the drawings in it.

    Args:
        store: The models and runs.
        config: The run's configuration, with ``drawings`` and ``start_from``.
        drawings: The labeled drawings.
        name: The run's name; None for the next numbered name, such as taught-001.

    Raises:
        ConfigurationError: If there is nothing to teach, or the name is invalid or taken.
        ModelError: If the model doesn't exist or is damaged, or the folder can't be created.
    """
    taught = drawings_to_teach(store, cast(str, config.start_from), drawings)
    return store.create_run(config, name, taught.write)
