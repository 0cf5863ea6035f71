import pytest
from msgspec.structs import replace

from digitrec.jobs.teaching_stages import stage_progress, teaching_stages
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.events import Event, Preparing, Started
from tests.support.runs import epoch_end, step

CONFIG = TrainingConfig(
    network="bn-cnn", epochs=2, styles=True, drawings=True, start_from="bn-cnn",
    validation_split=0.05, training_share=0.12,
)  # fmt: skip
STAGES = teaching_stages(CONFIG, pace=1.0)
WHOLE = sum(stage.weight for stage in STAGES)
# A run's events, each with the time of the next one.
EVENTS = [
    Event("created", 0),
    Event("starting", 1),
    Preparing("preparing", 5),
    Preparing("preparing", 6, done=0.2),
    Preparing("preparing", 9, done=0.9),
    Started("started", 10, epochs=2, epochs_done=0, steps_per_epoch=10),
    step(1, 1, time=16),
    step(1, 10, time=30),
    epoch_end(1),
    step(2, 5, time=40),
    step(2, 10, time=50),
    Event("evaluating", 52),
]


def test_the_progress_grows_from_the_first_second_to_the_last() -> None:
    seen = [stage_progress(STAGES, [], 0.0).done]
    for count in range(1, len(EVENTS) + 1):
        began = EVENTS[count - 1].time
        seen += [stage_progress(STAGES, EVENTS[:count], began + s).done for s in (0.0, 0.5, 1.0)]
    assert seen == sorted(seen)
    assert seen[0] == 0.0
    assert len(set(seen)) > len(EVENTS)
    assert stage_progress(STAGES, EVENTS[:1], 0.5).done > 0
    assert stage_progress(STAGES, EVENTS, 10_000).done <= 1.0


def test_each_stage_is_named() -> None:
    named = [stage_progress(STAGES, EVENTS[:count], 60).words for count in (1, 2, 3, 6, 7, 9, 12)]
    assert named == [STAGES[index].words for index in (0, 1, 2, 3, 4, 4, 5)]


def test_a_stage_that_takes_longer_than_expected_does_not_run_ahead() -> None:
    late = stage_progress(STAGES, EVENTS[:2], 1_000)
    next_stage = stage_progress(STAGES, EVENTS[:3], EVENTS[2].time)
    assert late.words == "Loading TensorFlow"
    assert late.done <= next_stage.done


def test_the_steps_tell_how_far_the_learning_is() -> None:
    halfway = stage_progress(STAGES, EVENTS[:8], 60)
    before, learning = sum(stage.weight for stage in STAGES[:4]), STAGES[4]
    assert halfway.done == pytest.approx((before + learning.weight / 2) / WHOLE)


def test_the_stages_so_far_tell_how_long_the_others_take() -> None:
    planned_s = sum(stage.seconds for stage in STAGES[1:])

    def left_when_slowed(times: float, count: int) -> float:
        slow = [replace(event, time=times * event.time) for event in EVENTS[:count]]
        return stage_progress(STAGES, slow, max(event.time for event in slow)).remaining_s

    assert left_when_slowed(1, 2) == left_when_slowed(4, 2) == pytest.approx(planned_s)
    for count in range(4, len(EVENTS) + 1):
        assert 1.5 < left_when_slowed(4, count) / left_when_slowed(1, count) < 4


def test_a_stage_that_takes_longer_than_expected_still_has_some_time_left() -> None:
    last, began = STAGES[5], EVENTS[-1].time
    left = [stage_progress(STAGES, EVENTS, began + s).remaining_s for s in (0, 30, 60, 300)]
    assert left == sorted(left, reverse=True)
    assert left[0] > last.seconds / 2
    assert left[-1] > 0


def test_a_clock_that_was_set_back_does_no_harm() -> None:
    assert stage_progress(STAGES, EVENTS[:2], -500).done == STAGES[0].weight / WHOLE


def test_a_resumed_run_starts_over() -> None:
    resumed = [*EVENTS, Event("resumed", 100)]
    assert stage_progress(STAGES, resumed, 100.0).words == "Starting"


def test_a_slower_machine_takes_longer_in_each_stage() -> None:
    twice = teaching_stages(CONFIG, pace=2.0)
    assert [stage.seconds for stage in twice] == [2 * stage.seconds for stage in STAGES]
