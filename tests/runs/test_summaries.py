import os
from typing import Any

import pytest

from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run, RunState
from digitrec.runs.summaries import network_words, summaries, summarize
from tests.support.runs import rewrite_report


def test_a_summary_matches_the_files(mine: Run) -> None:
    mine.write_note("my best")
    summary, report = summarize(mine), mine.results()
    assert (summary.name, summary.network, summary.note) == ("mine", "seed-cnn", "my best")
    assert summary.state == RunState.FINISHED
    assert summary.test_accuracy == report.test_accuracy
    assert summary.parameters == report.parameters
    assert summary.duration_s == report.duration_s
    assert summary.version == report.model_sha256
    assert summary.size_bytes == len(mine.model_bytes())
    assert summary.created_at == mine.created_at()
    assert summary.problem is None


@pytest.mark.parametrize(
    ("config", "base", "words"),
    [
        (TrainingConfig(network="bn-cnn"), None, "bn-cnn"),
        (TrainingConfig(network="bn-cnn", ensemble=2), None, "bn-cnn, 2 networks voting"),
        (TrainingConfig(start_from="mine"), "My own", "from My own"),
        (None, None, "imported"),
    ],
)
def test_a_network_in_words(config: TrainingConfig | None, base: str | None, words: str) -> None:
    assert network_words(config, base) == words


def test_a_run_is_listed_by_its_title(mine: Run, store: ModelStore) -> None:
    hers = store.rename("mine", "Anna's network")
    further = store.create_run(TrainingConfig(start_from=hers.name), "Further on")
    found = {summary.name: summary for summary in summaries(store)}
    assert found[hers.name].title == "Anna's network"
    assert found[hers.name].mentions("anna's")
    assert found[further.name].network == "from Anna's network"


def test_a_run_that_starts_from_a_model_that_ships_names_it_by_its_title(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(start_from="seed-cnn"), "further")
    assert summarize(run).network == "from Tutorial network"


def test_a_run_without_a_model_has_no_metrics(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "begun")
    assert summarize(run).state == RunState.INTERRUPTED
    run.register_process(os.getpid())
    summary = summarize(run)
    assert (summary.state, summary.test_accuracy, summary.problem) == ("waiting", None, None)
    run.append_event("starting")
    run.append_event("more")
    assert summarize(run).state == RunState.RUNNING


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("report.json", "{", "report.json can't be read"),
        ("report.json", "{}", "report.json is damaged"),
        ("config.json", "[]", "config.json is damaged"),
        ("model.tflite", None, "a file of the model is missing"),
    ],
)
def test_a_damaged_run_is_listed_with_its_problem(
    mine: Run, store: ModelStore, name: str, content: str | None, words: str
) -> None:
    if content is None:
        (mine.path / name).unlink()
    else:
        (mine.path / name).write_text(content)
    found = {summary.name: summary for summary in summaries(store)}
    assert words in str(found["mine"].problem)
    assert found["mine"].test_accuracy is None
    assert found["seed-cnn"].problem is None


def test_the_state_comes_from_the_last_event(mine: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Run, "events", lambda _: pytest.fail("all events were read"))
    assert summarize(mine).state == RunState.FINISHED


@pytest.mark.parametrize(
    ("words", "found"),
    [("MINE", True), ("seed finished", True), ("best", True), ("bn", False), ("mine bn", False)],
)
def test_every_word_must_match(mine: Run, words: str, found: bool) -> None:
    mine.write_note("my best")
    assert summarize(mine).mentions(words) is found


@pytest.mark.parametrize("duration", [None, "long"])
def test_an_invalid_duration_is_unknown(mine: Run, duration: Any) -> None:
    rewrite_report(mine, duration_s=duration)
    assert summarize(mine).duration_s is None
