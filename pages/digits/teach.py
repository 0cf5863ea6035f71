from collections import Counter

import streamlit as st

from digitrec.drawings.accuracy import labelled_drawings
from digitrec.errors import ModelError
from digitrec.jobs.pace import estimated_seconds
from digitrec.jobs.start import start_teaching
from digitrec.labels import LABELS, label_words
from digitrec.runs.run import Run
from digitrec.teaching.teaching import teaching_config
from digitrec.ui.account import may_manage_models
from digitrec.ui.empty_states import no_labels
from digitrec.ui.frame import shown_errors
from digitrec.ui.plain import plain
from digitrec.ui.resources import drawing_store, machine_pace, model_store
from digitrec.ui.runs.last_start import LastStart, going_view, last_start
from digitrec.ui.runs.picker import choose_run
from digitrec.ui.runs.queue import queue_view
from digitrec.ui.runs.run import rough_duration_words, run_view
from digitrec.ui.server.login import trainers_only
from digitrec.ui.teach.outcome import teaching_view

store = model_store()
labels = Counter(label for _, label in drawing_store().labels())


def teach(start_from: str, last: LastStart) -> None:
    bar = st.progress(0.0)

    def show(done: float) -> None:
        bar.progress(done, plain(f"{store.title(start_from)} reads the drawings …"))

    def start() -> Run:
        return start_teaching(store, labelled_drawings(drawing_store()), start_from, progress=show)

    run = last.start((start_from, labels), None, start)
    st.session_state["teach_run"] = run.name
    st.rerun()


def is_teaching(run: Run) -> bool:
    try:
        config = run.config()
    except ModelError:
        return False
    return config is not None and config.drawings


def start() -> None:
    count = labels.total()
    kinds = " · ".join(
        f"{label_words(label)}: {labels[label]}" for label in LABELS if labels[label]
    )
    st.markdown(f"**{count:,} labelled {'drawing' if count == 1 else 'drawings'}**")
    st.caption(kinds)
    models = store.models()
    model = choose_run(
        store,
        "Model to begin with",
        [run.name for run in models if run.can_be_trained_further],
        "teach_from",
        store.active_name(),
    )
    if fixed := [plain(run.title) for run in models if not run.can_be_trained_further]:
        st.caption(f"Imported without layers, so they can't be taught: {', '.join(fixed)}.")
    title = store.title(model)
    seconds = estimated_seconds(teaching_config(store, model), machine_pace())
    st.caption(
        f"{plain(title)} stays as it is: a new model is made. This takes about "
        f"{rough_duration_words(seconds)} on this machine."
    )
    last = last_start("teach")
    going = last.going((model, labels))
    pressed = st.button(
        f"Teach {plain(title)}",
        key="teach_start",
        type="primary",
        icon=":material/school:",
        disabled=going is not None,
    )
    if going:
        going_view("teach", going)
    elif pressed:
        teach(model, last)


st.caption(
    "The model goes on learning from your labelled drawings, mixed with MNIST's digits so that it "
    "forgets little. A part of the drawings is held back, to see what it is worth."
)
start_side, result_side = st.columns([1, 2], gap="large")
with start_side, shown_errors():
    if not may_manage_models():
        trainers_only("teach models")
    elif labels:
        start()
    else:
        no_labels(
            drawing_store(),
            "Label those that the model gets wrong: ten or more of a kind teach it something.",
        )
with result_side, shown_errors():
    queue_view(store)
    taught = [run.name for run in store.trained_runs() if is_teaching(run)]
    if taught:
        run = store.run(choose_run(store, "Teaching", taught, "teach_run"))
        report = run.report()
        if report is not None and report.teaching is not None:
            teaching_view(store, run, report.teaching)
        else:
            run_view(store, run)
    elif labels:
        st.info("Nothing was taught yet. What a model learns shows here.", icon=":material/school:")
