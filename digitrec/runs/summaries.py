"""Summaries of runs for the table, fast enough for hundreds of them."""

from dataclasses import dataclass, replace

from digitrec.errors import ModelError
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.results import Results
from digitrec.runs.run import Run, RunState


@dataclass(frozen=True)
class RunSummary:
    """A run's row in the table.

    Attributes:
        name: The run's name, which is its folder's.
        title: The title on pages.
        short_title: The title in the shell, which is a shipped model's short name.
        network: The network, in words.
        state: The state.
        created_at: When it was created, in seconds since 1970.
        note: The person's note; empty if there is none.
        problem: What is wrong with its files; None if nothing is.
        test_accuracy: Accuracy on MNIST's test set, 0 to 1. This and all fields below are None if
            the run has no model.
        parameters: Number of parameters of the network, with its stroke reader.
        size_bytes: Size of the served model, with its stroke reader.
        duration_s: The training time; also None for an imported model.
        version: Hash of the served model and of its stroke reader.
        taught: How many labeled drawings it was taught with.
    """

    name: str
    title: str
    short_title: str
    network: str
    state: RunState
    created_at: float
    note: str
    problem: str | None = None
    test_accuracy: float | None = None
    parameters: int | None = None
    size_bytes: int | None = None
    duration_s: float | None = None
    version: str | None = None
    taught: int | None = None

    def mentions(self, words: str) -> bool:
        """Return whether every word is in the title, name, network, state or note."""
        text = f"{self.title} {self.name} {self.network} {self.state} {self.note}".lower()
        return all(word in text for word in words.lower().split())


def summaries(store: ModelStore) -> list[RunSummary]:
    """Summarize all runs, the newest first."""
    return [summarize(run) for run in store.runs()]


def summarize(run: Run) -> RunSummary:
    """Summarize a run; damaged files are reported in ``problem``."""
    summary = RunSummary(
        run.name,
        run.title,
        run.short_title,
        "unknown",
        _state(run),
        run.created_at(),
        run.note(),
    )
    try:
        config = run.config()
        base = run.title_beside(config.start_from) if config and config.start_from else None
        summary = replace(summary, network=network_words(config, base))
        report = run.report()
        return summary if report is None else _with_results(summary, run, report)
    except ModelError as error:
        return replace(summary, problem=str(error))


def _with_results(summary: RunSummary, run: Run, report: Results) -> RunSummary:
    try:
        size_bytes = run.tflite_path.stat().st_size
        if report.stroke_reader:
            size_bytes += run.strokes_tflite_path.stat().st_size
    except OSError as error:
        raise ModelError(f"run {run.short_title!r}: a file of the model is missing") from error
    return replace(
        summary,
        test_accuracy=report.test_accuracy,
        parameters=report.all_parameters,
        size_bytes=size_bytes,
        duration_s=report.duration_s,
        version=report.version,
        taught=report.teaching.taught if report.teaching else None,
    )


def network_words(config: TrainingConfig | None, base: str | None = None) -> str:
    """Describe a run's network in a few words.

    Args:
        config: The run's configuration; None for an imported model.
        base: The title of the model that it starts from, if any.
    """
    if config is None:
        return "imported"
    network = f"from {base}" if base else config.network
    return f"{network}, {config.ensemble} networks voting" if config.ensemble > 1 else network


def _state(run: Run) -> RunState:
    if run.is_alive():
        return run.state()
    last = run.last_event()
    return run.state([last] if last else [])
