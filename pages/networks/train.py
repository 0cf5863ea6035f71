import streamlit as st

from digitrec import jobs
from digitrec.ui.frame import act, shown_errors
from digitrec.ui.resources import model_store
from digitrec.ui.run_view import run_view
from digitrec.ui.training_form import chosen_config, chosen_name, training_form

store = model_store()


def start() -> None:
    run = jobs.start(store, chosen_config(), chosen_name())
    st.session_state["train_run"] = run.name
    st.session_state["train_name"] = ""


settings_side, run_side = st.columns([2, 5], gap="large")

with settings_side:
    training_form()
    st.button(
        "Start training",
        key="train_start",
        type="primary",
        icon=":material/play_arrow:",
        width="stretch",
        on_click=act,
        args=(start,),
    )

with run_side, shown_errors():
    names = [run.name for run in store.trained_runs()]
    if not names:
        st.info("Choose the settings and start the first training.", icon=":material/school:")
    else:
        if st.session_state.get("train_run") not in names:
            live = store.live_run()
            st.session_state["train_run"] = live.name if live else names[0]
        name = st.selectbox("Run", names, key="train_run", bind="query-params")
        run_view(store, store.run(name))
