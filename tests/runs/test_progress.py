import pytest
from msgspec.structs import replace

from digitrec.runs.events import Event
from digitrec.runs.progress import read_progress
from tests.support.runs import STARTED, epoch_end, step


def test_before_the_start_there_is_no_progress() -> None:
    assert read_progress([Event("created", 0)]) is None


def test_a_run_that_has_just_started_is_at_zero() -> None:
    progress = read_progress([STARTED])
    assert progress is not None
    assert (progress.fraction, progress.epoch, progress.remaining_s) == (0.0, 1, None)


def test_the_remaining_time_follows_from_the_current_speed() -> None:
    progress = read_progress([STARTED, step(1, 5, 100.0), step(1, 10, 110.0)])
    assert progress is not None
    assert progress.fraction == 0.5
    # Half an epoch took ten seconds, and a whole one remains.
    assert progress.remaining_s == pytest.approx(20.0)


def test_the_last_step_completes_the_progress() -> None:
    progress = read_progress([STARTED, step(1, 5, 1.0), step(2, 10, 2.0), Event("evaluating", 3)])
    assert progress is not None
    assert (progress.fraction, progress.remaining_s, progress.is_evaluating) == (1.0, 0.0, True)


def test_a_resumed_run_drops_the_interrupted_epoch() -> None:
    events: list[Event] = [
        STARTED, step(1, 10, 1.0), epoch_end(1), step(2, 5, 2.0),
        Event("resumed", 3), replace(STARTED, epochs_done=1), step(2, 3, 9.0),
    ]  # fmt: skip
    progress = read_progress(events)
    assert progress is not None
    assert [(s.epoch, s.step) for s in progress.steps] == [(1, 10), (2, 3)]
    assert [end.epoch for end in progress.epoch_ends] == [1]


def test_a_run_resumed_within_an_epoch_keeps_its_steps() -> None:
    again = replace(STARTED, epochs_done=1, steps_done=15)
    events: list[Event] = [
        STARTED, step(1, 10, 1.0), epoch_end(1), step(2, 5, 2.0), step(2, 9, 3.0), again,
    ]  # fmt: skip
    progress = read_progress(events)
    assert progress is not None
    assert [(s.epoch, s.step) for s in progress.steps] == [(1, 10), (2, 5)]
    assert [end.epoch for end in progress.epoch_ends] == [1]


def test_the_time_between_two_sessions_does_not_count() -> None:
    again = replace(STARTED, epochs_done=1)
    events: list[Event] = [STARTED, step(1, 10, 0.0), again, step(2, 1, 9000.0), step(2, 2, 9001.0)]
    progress = read_progress(events)
    assert progress is not None
    assert progress.remaining_s == pytest.approx(8.0)
