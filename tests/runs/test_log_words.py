from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.log_words import log_lines
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run


def words(run: Run) -> list[str]:
    """Return the log lines without times."""
    return [line.split("  ", 1)[1] for line in log_lines(run.events())]


def test_the_log_covers_a_whole_run(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "mine")
    for event in ("starting", "preparing"):
        run.append_event(event)
    run.append_event("preparing", done=0.5)
    run.append_event("started", epochs=1, epochs_done=0, steps_per_epoch=1422)
    run.append_event("step", epoch=1, step=9, loss=0.5, accuracy=0.8, images_per_second=99)
    end = {"epoch": 1, "loss": 0.2, "accuracy": 0.94, "duration_s": 75}
    run.append_event("epoch", **end, val_loss=0.1, val_accuracy=0.97)
    run.append_event("evaluating")
    run.append_event("finished", test_accuracy=0.9712)
    assert words(run) == [
        "Created",
        "Starting TensorFlow",
        "Preparing the training pictures",
        "Training for 1 epoch of 1,422 steps",
        "Epoch 1: loss 0.2000, accuracy 94.00%, validation accuracy 97.00%, in 1 min 15 s",
        "Measuring the model on the test set and exporting it",
        "Finished: 97.12% accuracy on the test set",
    ]


def test_the_log_covers_resuming_and_failing(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "mine")
    run.append_event("paused")
    run.append_event("resumed")
    run.append_event("started", epochs=5, epochs_done=2, steps_per_epoch=10)
    end = {"epoch": 3, "loss": 0.2, "accuracy": 0.94, "duration_s": 5}
    run.append_event("epoch", **end, val_loss=None, val_accuracy=None)
    run.append_event("failed", message="no space is left")
    assert words(run)[1:] == [
        "Paused",
        "Resumed",
        "Training for 5 epochs of 10 steps, from epoch 3",
        "Epoch 3: loss 0.2000, accuracy 94.00%, in 5 s",
        "Failed: no space is left",
    ]


def test_a_damaged_result_is_left_out(store: ModelStore) -> None:
    run = store.create_run(TrainingConfig(), "mine")
    run.append_event("finished", test_accuracy="all")
    assert words(run)[-1] == "Finished"
