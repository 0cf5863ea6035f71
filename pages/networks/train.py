import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from digitrec.errors import DigitrecError
from digitrec.recipes.parameters import TrainingConfig
from digitrec.ui.account import may_manage_models
from digitrec.ui.page_frame import show_error, shown_errors
from digitrec.ui.resources import machine_pace, model_store
from digitrec.ui.runs.picker import choose_run, look_at
from digitrec.ui.runs.queue import queue_view
from digitrec.ui.runs.run import run_view
from digitrec.ui.server.login import trainers_only
from digitrec.ui.train.duration import rough_duration
from digitrec.ui.train.form import show_preview, training_form
from digitrec.ui.train.own_drawing import own_drawing
from digitrec.ui.train.run_in_view import run_key, scroll_to_run
from digitrec.ui.train.start import training_start
from digitrec.ui.train.values import chosen_config, start_model

store = model_store()
live = store.live_run()


def checked_config() -> TrainingConfig | None:
    try:
        return chosen_config(store)
    except DigitrecError as error:
        show_error(error)
        return None


def settings() -> DeltaGenerator | None:
    pace = machine_pace()
    preview = training_form(store, pace)
    config, watched = checked_config(), own_drawing(is_shown=live is None)
    training_start(store, config, watched)
    if config is not None:
        if words := rough_duration(start_model(store), config, pace):
            begins = ", once it starts" if live else ""
            st.caption(f"This takes about {words} on this machine{begins}.")
        else:
            st.caption("There is no time estimate for an imported network.")
    return preview


settings_side, run_side = st.columns([1, 2], gap="large")
preview = None

with settings_side:
    if may_manage_models():
        preview = settings()
    else:
        trainers_only("train")

with run_side, st.container(key=run_key(live)), shown_errors():
    names = [run.name for run in store.trained_runs()]
    if not names:
        st.info("Choose the settings and start your first run.", icon=":material/school:")
    else:
        queue_view(store)
        name = choose_run(store, "Run", names, "train_run", live.name if live else None)
        look_at(name)
        run_view(store, store.run(name))
        scroll_to_run()

if preview is not None:
    show_preview(preview)
