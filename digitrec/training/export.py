"""Exports, calibrates and measures a trained network."""

import dataclasses
import hashlib
import os
import platform
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from digitrec import __version__
from digitrec.arrays import Digits
from digitrec.datasets.mnist import Mnist
from digitrec.errors import TrainingError
from digitrec.recognition.answers import DIGITS
from digitrec.recognition.calibration import Calibration, calibrate
from digitrec.recognition.metrics import evaluate_probabilities
from digitrec.recognition.recognizer import Recognizer
from digitrec.recognition.tensor_format import OWN, TensorFormat
from digitrec.runs.run import Run
from digitrec.runs.test_answers import keep_test_answers
from digitrec.system.memory import release_memory
from digitrec.training.training_set import HeldOut

# With batches of 250 pictures the layers take 50 MB more.
EVALUATION_BATCH = 32
# The exported model may differ this much from the Keras model in any probability.
EXPORT_TOLERANCE = 1e-3
# How many pictures they are compared on.
EXPORT_PICTURES = 2000


def export_and_measure(
    run: Run, model: keras.Model, mnist: Mnist, held_out: HeldOut | None
) -> dict[str, Any]:
    """Export a network for the app, then check, calibrate and measure the export.

    The exported model and its answers to the test set stay pending in the run's folder until
    ``write_results``.

    Args:
        run: The run.
        model: The network.
        mnist: The pictures to measure it on.
        held_out: The digits to calibrate it with.

    Returns:
        The part of a report that every model has.

    Raises:
        TrainingError: If the exported model's answers differ from the network's.
    """
    exported = run.next_path(run.tflite_path)
    run.write_atomically(
        exported.name, lambda path: model.export(path, format="litert", verbose=False)
    )
    release_memory()
    uncalibrated = Recognizer(exported.read_bytes(), run.name, threads=os.cpu_count() or 1)
    difference = _export_difference(model, uncalibrated, mnist.x_test[:EXPORT_PICTURES])
    calibration = _calibrate(uncalibrated, held_out)
    return measure_served(run, mnist, calibration) | {
        "parameters": model.count_params(),
        "export_difference": difference,
    }


def measure_served(
    run: Run, mnist: Mnist, calibration: Calibration, tensor_format: TensorFormat = OWN
) -> dict[str, Any]:
    """Measure the pending exported model in a run's folder, and keep its answers there.

    Returns:
        The part of a report that every model has, without ``parameters``.
    """
    content = run.next_path(run.tflite_path).read_bytes()
    served = Recognizer(content, run.name, calibration, tensor_format, threads=os.cpu_count() or 1)
    probabilities = served.answers(mnist.x_test).probabilities
    keep_test_answers(run.next_path(run.test_answers_path), probabilities)
    measured = evaluate_probabilities(mnist.y_test, probabilities)
    return {
        "name": run.name,
        "test_accuracy": measured["accuracy"],
        "test_loss": measured["loss"],
        "test_calibration_error": measured["calibration_error"],
        "confusion_matrix": measured["confusion_matrix"],
        "calibration": dataclasses.asdict(calibration),
        "model_sha256": hashlib.sha256(content).hexdigest(),
        "versions": {
            "digitrec": __version__,
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
            "python": platform.python_version(),
        },
    }


def default_calibration(classes: int) -> Calibration:
    """Return the calibration of a model without held-out digits."""
    return Calibration(digit_threshold=0.5 if classes > DIGITS else 0.0)


def _export_difference(model: keras.Model, served: Recognizer, pictures: Digits) -> float:
    """Return the largest difference in any probability between a network and its export."""
    inputs = pictures[..., None].astype(np.float32) / 255
    # Compiling as many steps per call as in training would take seconds.
    model.steps_per_execution = 1
    expected = model.predict(inputs, batch_size=EVALUATION_BATCH, verbose=0)
    difference = float(np.abs(expected - served.outputs(pictures)).max())
    if not difference <= EXPORT_TOLERANCE:
        raise TrainingError(
            f"the exported model differs from the network: expected probabilities within "
            f"{EXPORT_TOLERANCE}, found a difference of {difference:.3g}"
        )
    return difference


def _calibrate(uncalibrated: Recognizer, held_out: HeldOut | None) -> Calibration:
    if held_out is None:
        return default_calibration(uncalibrated.classes)
    answers = uncalibrated.answers(held_out.digits)
    scores = answers.digit_scores if uncalibrated.classes > DIGITS else None
    return calibrate(answers.probabilities, held_out.labels, scores)
