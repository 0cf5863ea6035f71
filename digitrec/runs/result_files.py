"""Files with a run's results: the report, the served model and its test answers."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

import msgspec

from digitrec.errors import ModelError
from digitrec.formatting import system_reason
from digitrec.runs.folder import RunFolder
from digitrec.runs.results import Results, StrokeReaderResults

BASE_STROKES = "base_strokes.json"


class ResultFiles(RunFolder):
    """Reads and writes the results in a run's folder.

    New results are first written under temporary names. The report has the model's hash, which
    decides which model is served.
    """

    @property
    def has_model(self) -> bool:
        """Whether the run has a model that can be served."""
        return self.tflite_path.is_file() and (self.path / "report.json").is_file()

    @property
    def can_be_trained_further(self) -> bool:
        """Whether the run has a network to train; imported models may lack it."""
        return self.keras_path.is_file()

    def report(self) -> Results | None:
        """Return the results; None if there are none yet.

        Raises:
            ModelError: If the file is damaged.
        """
        try:
            return self.read_json("report.json", Results)
        except msgspec.ValidationError as error:
            raise ModelError(
                f"run {self.short_title!r}: report.json is damaged: values are missing or invalid"
            ) from error

    def results(self) -> Results:
        """Return the results of a run with a model.

        Raises:
            ModelError: If there are none, or the file is damaged.
        """
        report = self.report()
        if report is None:
            raise ModelError(f"run {self.short_title!r} has no finished model")
        return report

    def next_path(self, path: Path) -> Path:
        """Return the temporary path of a result file until its report is written.

        Args:
            path: Its final path, such as ``keras_path``.
        """
        return path.with_name(f".next-{path.name}")

    def write_results(self, report: dict[str, Any]) -> None:
        """Write the report and move the new result files into place.

        If the run had a model, that one is served until the new one is in place.

        Args:
            report: The fields of ``Results``; ``model_sha256`` is the new model's.
        """
        replaces = self.has_model
        if not replaces:
            self._move_into_place()
        self.write_json("report.json", report)
        if replaces:
            self._move_into_place()

    def _move_into_place(self) -> None:
        for path in (
            self.strokes_keras_path,
            self.strokes_tflite_path,
            self.keras_path,
            self.test_answers_path,
            self.tflite_path,
        ):
            if self.next_path(path).is_file():
                self.next_path(path).replace(path)

    def model_bytes(self) -> bytes:
        """Return the served model, whose hash must be the report's.

        Raises:
            ModelError: If there is no model, or it is damaged.
        """
        return self._served(self.tflite_path, self.results().model_sha256)

    def stroke_reader_bytes(self) -> bytes | None:
        """Return the served network that reads strokes; None if the model has none.

        Raises:
            ModelError: If there is no model, or the network is damaged.
        """
        results = self.results().stroke_reader
        return self._served(self.strokes_tflite_path, results.sha256) if results else None

    def keep_base_stroke_reader(self, base: "ResultFiles") -> None:
        """Copy the stroke reader of the model that this run starts from, if it has one."""
        if results := base.results().stroke_reader:
            shutil.copyfile(base.strokes_keras_path, self.base_strokes_path)
            self.write_json(BASE_STROKES, msgspec.to_builtins(results))

    def base_stroke_reader(self) -> StrokeReaderResults | None:
        """Return the results of the stroke reader that the run starts from; None if it has none.

        Raises:
            ModelError: If the file is damaged.
        """
        try:
            return self.read_json(BASE_STROKES, StrokeReaderResults)
        except msgspec.ValidationError as error:
            raise ModelError(f"run {self.short_title!r}: {BASE_STROKES} is damaged") from error

    def _served(self, path: Path, expected: str | None) -> bytes:
        waiting = self.next_path(path)
        if waiting.is_file() and _sha256(content := waiting.read_bytes()) == expected:
            return content  # The report is written, but the model isn't in its place yet.
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelError(
                f"run {self.short_title!r}: {path.name} can't be read: {system_reason(error)}"
            ) from error
        found = _sha256(content)
        if found != expected:
            raise ModelError(
                f"model {self.short_title!r} is damaged: expected SHA-256 {str(expected)[:12]}… of "
                f"{path.name}, found {len(content):,} bytes with {found[:12]}…; restore its "
                "folder from a backup, or use another model"
            )
        return content


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
