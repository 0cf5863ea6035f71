import os
from concurrent.futures import ThreadPoolExecutor

from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.ui.runs.last_start import LastStart

CONFIG = TrainingConfig()


def started(store: ModelStore, name: str | None = None) -> Run:
    run = store.create_run(CONFIG, name)
    run.register_process(os.getpid())
    return run


def test_three_clicks_at_once_start_one_run(store: ModelStore) -> None:
    last = LastStart()
    with ThreadPoolExecutor(3) as pool:
        presses = [
            pool.submit(last.start, CONFIG, "mine", lambda: started(store, "mine"))
            for _ in range(3)
        ]
    assert {press.result().name for press in presses} == {"mine"}
    assert last.running(CONFIG) == last.run


def test_other_settings_or_another_name_start_another_run(store: ModelStore) -> None:
    last = LastStart()
    last.start(CONFIG, None, lambda: started(store))
    other = TrainingConfig(epochs=7)
    assert last.start(other, None, lambda: started(store)).name == "seed-cnn-002"
    assert last.start(other, "mine", lambda: started(store, "mine")).name == "mine"
    last.forget()
    assert last.start(other, "mine", lambda: started(store)).name == "seed-cnn-003"


def test_a_finished_run_can_be_started_again(store: ModelStore) -> None:
    last = LastStart()
    last.start(CONFIG, None, lambda: started(store)).release()
    assert last.running(CONFIG) is None
