import json
import os
import subprocess
import sys

import pytest

from digitrec.errors import ModelError
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recognition.calibration import Calibration
from digitrec.runs.events import Moved
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run, RunState
from tests.support.runs import events_of, report_of, rewrite_report


@pytest.fixture
def run(store: ModelStore) -> Run:
    """A new run without a process."""
    return store.create_run(TrainingConfig(epochs=2), "fresh")


def test_events_are_read_in_order(run: Run) -> None:
    run.append_event("moved", place=1)
    run.append_event("moved", place=2)
    assert [event.kind for event in run.events()] == ["created", "moved", "moved"]
    assert [event.place for event in events_of(run, Moved)] == [1, 2]


def test_reading_again_also_returns_new_events(run: Run) -> None:
    file = run.event_file
    assert [event.kind for event in file.read()] == ["created"]
    with (run.path / "events.jsonl").open("a") as half:
        half.write('{"event": "st')
    assert [event.kind for event in file.read()] == ["created"]
    with (run.path / "events.jsonl").open("a") as half:
        half.write('arting", "time": 1}\n')
    run.append_event("more")
    assert [event.kind for event in file.read()] == ["created", "starting", "more"]


def test_an_unfinished_line_is_left_out(run: Run) -> None:
    with (run.path / "events.jsonl").open("a") as file:
        file.write('{"event": "step", "st')
    assert [event.kind for event in run.events()] == ["created"]


@pytest.mark.parametrize(
    "line",
    [
        "garbage", "[]", "3", '{"no": "event"}', "\x00\x00", '{"event": [1], "time": 1}',
        '{"event": "started", "time": 1}', '{"event": "step", "time": 1, "step": "x"}',
        '{"event": "one", "time": 1e300}', '{"event": "one", "time": NaN}',
        '{"event": "one", "time": -1}',
        '{"event": "started", "time": 1, "epochs": 0, "epochs_done": 0, "steps_per_epoch": 9}',
        '{"event": "epoch", "time": 1, "epoch": 1, "loss": 1, "accuracy": 1, "duration_s": 1}',
        '{"event": "step", "time": 1, "epoch": 1, "step": 1, "loss": 1, "accuracy": 1,'
        ' "images_per_second": 1, "answers": [[1]]}',
    ],
)  # fmt: skip
def test_a_damaged_line_does_not_hide_the_others(run: Run, line: str) -> None:
    with (run.path / "events.jsonl").open("a") as file:
        file.write(line + "\n")
    run.append_event("more")
    assert [event.kind for event in run.events()] == ["created", "more"]


def test_a_line_cut_off_by_a_crash_does_not_damage_the_next(run: Run) -> None:
    with (run.path / "events.jsonl").open("a") as file:
        file.write('{"event": "st')
    run.append_event("failed", message="disk full")
    assert [event.kind for event in run.events()] == ["created", "failed"]


def test_a_run_without_a_process_is_interrupted(run: Run) -> None:
    run.append_event("starting")
    assert run.state() == RunState.INTERRUPTED
    assert run.can_be_resumed(run.state())


def test_a_run_is_waiting_until_it_starts(run: Run) -> None:
    run.register_process(os.getpid())
    assert run.state() == RunState.WAITING
    run.append_event("starting")
    assert run.state() == RunState.RUNNING
    run.append_event("resumed")
    assert run.state() == RunState.WAITING


@pytest.mark.parametrize("event", ["paused", "finished", "stopped", "failed"])
def test_the_last_event_gives_the_final_state(run: Run, event: str) -> None:
    run.register_process(os.getpid())
    run.append_event(event)
    assert run.state() == event
    assert not run.state().is_live


def test_an_ended_process_is_not_alive(run: Run) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    run.register_process(process.pid)
    assert run.is_alive()
    process.communicate(b"\n")
    assert not run.is_alive()


def test_a_process_only_unregisters_itself(run: Run) -> None:
    run.register_process(os.getppid())
    run.release()
    assert run.is_alive()
    run.register_process(os.getpid())
    run.release()
    assert not run.is_alive()


@pytest.mark.parametrize("birth", [{"create_time": 1.0}, {"create_time": 1.0, "after_boot": 1e7}])
def test_a_reused_pid_is_not_the_runs_process(run: Run, birth: dict[str, float]) -> None:
    run.write_json("process.json", {"pid": os.getpid(), **birth})
    assert not run.is_alive()


@pytest.mark.parametrize("content", ["", "[]", '{"pid": "x"}', '{"pid": -5, "create_time": 1}'])
def test_a_damaged_process_record_counts_as_ended(run: Run, content: str) -> None:
    (run.path / "process.json").write_text(content)
    assert not run.is_alive()


def test_files_are_written_atomically(run: Run) -> None:
    (run.path / "report.json").write_text("as it was")

    def break_down(path: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        run.write_atomically("report.json", break_down)
    assert (run.path / "report.json").read_text() == "as it was"
    assert sorted(path.name for path in run.path.iterdir()) == [
        "config.json", "events.jsonl", "report.json",
    ]  # fmt: skip


def test_non_finite_numbers_are_not_written(run: Run) -> None:
    with pytest.raises(ValueError, match="JSON"):
        run.append_event("step", loss=float("nan"))


@pytest.mark.parametrize("content", ["{", "[1]", '{"epochs": -1}', '{"surprise": 1}'])
def test_a_damaged_configuration_is_named(run: Run, content: str) -> None:
    (run.path / "config.json").write_text(content)
    with pytest.raises(ModelError, match=r"run 'fresh': config.json"):
        run.config()


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", '{"test_accuracy": 0.9, "parameters": 3, "confusion_matrix": [[1]]}'],
)
def test_a_damaged_report_is_named(trained: Run, content: str) -> None:
    (trained.path / "report.json").write_text(content)
    with pytest.raises(ModelError, match=r"run 'trained': report.json is damaged"):
        trained.report()


@pytest.mark.parametrize(
    "damage",
    [
        {"test_accuracy": 7.0}, {"duration_s": 1e39}, {"duration_s": None}, {"parameters": -1},
        {"versions": 3}, {"calibration": 7}, {"calibration": {"temperature": 0}},
        {"calibration": {"digit_threshold": 2}}, {"feeding": {"softmax": "yes"}},
        {"confusion_matrix": [[0] * 10] * 9}, {"teaching": {}},
        {"teaching": {"taught": 1, "held_back": 0}},
    ],
)  # fmt: skip
def test_a_report_with_invalid_values_is_named(mine: Run, damage: dict[str, object]) -> None:
    rewrite_report(mine, **damage)
    with pytest.raises(ModelError, match=r"run 'mine': report.json is damaged"):
        mine.report()


def test_the_report_of_a_run_needs_both_values(mine: Run) -> None:
    report = report_of(mine)
    del report["duration_s"]
    mine.write_json("report.json", report)
    with pytest.raises(ModelError, match="report.json is damaged"):
        mine.report()


def test_unknown_fields_of_a_report_are_ignored(mine: Run) -> None:
    rewrite_report(mine, surprise=[1], calibration={"temperature": 2.0, "surprise": 1})
    assert mine.results().calibration == Calibration(2.0, 0.0)


def test_a_report_without_calibration_has_the_default(mine: Run) -> None:
    report = report_of(mine)
    del report["calibration"]
    mine.write_json("report.json", report)
    assert mine.results().calibration == Calibration(1.0, 0.0)


@pytest.mark.parametrize("damage", ["truncated", "one bit"])
def test_a_damaged_model_is_refused(trained: Run, damage: str) -> None:
    content = bytearray(trained.tflite_path.read_bytes())
    if damage == "truncated":
        content = content[:1000]
    else:
        content[500_000] ^= 1
    trained.tflite_path.write_bytes(content)
    with pytest.raises(ModelError, match="model 'trained' is damaged: expected SHA-256"):
        trained.model_bytes()


def test_a_run_without_a_model_says_so(run: Run) -> None:
    assert not run.has_model
    with pytest.raises(ModelError, match="'fresh' has no finished model"):
        run.model_bytes()


def test_a_stop_request_can_be_taken_back(run: Run) -> None:
    run.request_stop()
    assert run.stop_requested()
    run.remove_requests()
    assert not run.stop_requested()


def test_the_files_are_plain_json(trained: Run) -> None:
    assert json.loads((trained.path / "config.json").read_text())["epochs"] == 1
    assert json.loads((trained.path / "report.json").read_text())["name"] == "trained"


@pytest.mark.parametrize("torn", ["", '{"event": "step", "st', "garbage\n", "[1]\n"])
def test_the_last_event_is_read_without_the_others(run: Run, torn: str) -> None:
    for number in range(1000):
        run.append_event("moved", place=number)
    with (run.path / "events.jsonl").open("a") as file:
        file.write(torn)
    last = run.last_event()
    assert isinstance(last, Moved)
    assert last == run.events()[-1]
    assert last.place == 999


def test_without_events_there_is_no_last_event(run: Run) -> None:
    (run.path / "events.jsonl").write_text("")
    assert run.last_event() is None
    (run.path / "events.jsonl").unlink()
    assert run.last_event() is None


def test_a_note_is_saved(run: Run) -> None:
    assert run.note() == ""
    run.write_note("zażółć\n7️⃣")
    assert Run(run.path).note() == "zażółć\n7️⃣"


def test_a_note_has_a_limit_and_needs_a_run(run: Run, store: ModelStore) -> None:
    with pytest.raises(ModelError, match="a note can have at most 2,000 characters, got 2,001"):
        run.write_note("x" * 2001)
    run.write_note("x" * 2000)
    store.delete(run.name)
    with pytest.raises(ModelError, match="the note of 'fresh' can't be written"):
        run.write_note("late")
