"""The results of a run: its report, the model that the app serves, and what goes with them."""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from digitrec.errors import ModelError
from digitrec.runs.folder import RunFolder
from digitrec.runs.results import Results
from digitrec.words import system_reason


class ResultFiles(RunFolder):
    """Reads and writes the results in a run's folder.

    New results wait under other names; the report, which has the model's hash, decides which
    model is served.
    """

    @property
    def has_model(self) -> bool:
        """Whether the run has left a model that can be served."""
        return self.tflite_path.is_file() and (self.path / "report.json").is_file()

    @property
    def can_be_trained_further(self) -> bool:
        """Whether the run has a network to train; a model may have come without its layers."""
        return self.keras_path.is_file()

    def report(self) -> Results | None:
        """Return the results; None as long as there are none.

        Raises:
            ModelError: If the file is damaged.
        """
        try:
            return self.read_json("report.json", Results)
        except msgspec.ValidationError as error:
            raise ModelError(
                f"run {self.title!r}: report.json is damaged: results are missing or can't be"
            ) from error

    def results(self) -> Results:
        """Return the results of a run that left a model.

        Raises:
            ModelError: If there are none, or the file is damaged.
        """
        report = self.report()
        if report is None:
            raise ModelError(f"run {self.title!r} has no finished model")
        return report

    def next_path(self, path: Path) -> Path:
        """Return where a file of the results waits until its report is there.

        Args:
            path: Where it will be: ``keras_path``, ``tflite_path`` or ``test_answers_path``.
        """
        return path.with_name(f".next-{path.name}")

    def write_results(self, report: dict[str, Any]) -> None:
        """Make the files that wait, and their report, the run's results.

        At every moment in between the run has a model to serve, if it had one before.

        Args:
            report: What ``Results`` reads; ``model_sha256`` is that of the model that waits.
        """
        replaces = self.has_model
        if not replaces:
            self._move_up_next()
        self.write_json("report.json", report)
        if replaces:
            self._move_up_next()

    def _move_up_next(self) -> None:
        for path in (self.keras_path, self.test_answers_path, self.tflite_path):
            if self.next_path(path).is_file():
                self.next_path(path).replace(path)

    def model_bytes(self) -> bytes:
        """Return the served model after checking that it is the one that was reported.

        Raises:
            ModelError: If there is none, or it is damaged.
        """
        expected = self.results().model_sha256
        waiting = self.next_path(self.tflite_path)
        if waiting.is_file() and _sha256(content := waiting.read_bytes()) == expected:
            return content  # Its report is there, and it has not been moved up yet.
        try:
            content = self.tflite_path.read_bytes()
        except OSError as error:
            raise ModelError(
                f"run {self.title!r}: model.tflite can't be read: {system_reason(error)}"
            ) from error
        found = _sha256(content)
        if found != expected:
            raise ModelError(
                f"model {self.title!r} is damaged: expected SHA-256 {str(expected)[:12]}…, "
                f"found {len(content):,} bytes with {found[:12]}…; put a copy of its folder in "
                "its place, or use another model"
            )
        return content


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
