import streamlit as st

from digitrec import jobs
from digitrec.configuration import TrainingConfig
from digitrec.errors import ConfigurationError
from digitrec.estimate import estimated_seconds
from digitrec.ui.frame import act, show_error, shown_errors
from digitrec.ui.line_view import line_view
from digitrec.ui.resources import machine_pace, model_store
from digitrec.ui.run_view import rough_duration_words, run_view
from digitrec.ui.training_form import chosen_config, chosen_name, show_preview, training_form

store = model_store()


def start() -> None:
    run = jobs.start(store, chosen_config(), chosen_name())
    st.session_state["train_run"] = run.name
    st.session_state["train_name"] = ""


def checked_config() -> TrainingConfig | None:
    try:
        return chosen_config()
    except ConfigurationError as error:
        show_error(error)
        return None


settings_side, run_side = st.columns([1, 2], gap="large")

with settings_side:
    preview = training_form(store)
    config = checked_config()
    st.button(
        "Start training",
        key="train_start",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        on_click=act,
        args=(start,),
        disabled=config is None,
    )
    if config is not None:
        seconds = estimated_seconds(config, machine_pace())
        st.caption(f"It will take about {rough_duration_words(seconds)} on this machine.")

with run_side, shown_errors():
    names = [run.name for run in store.trained_runs()]
    if not names:
        st.info("Choose the settings and start the first training.", icon=":material/school:")
    else:
        if st.session_state.get("train_run") not in names:
            live = store.live_run()
            st.session_state["train_run"] = live.name if live else names[0]
        line_view(store)
        name = st.selectbox("Run", names, key="train_run", bind="query-params")
        run_view(store, store.run(name))

if preview is not None:
    show_preview(preview)
