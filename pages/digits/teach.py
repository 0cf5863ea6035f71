from collections import Counter

import streamlit as st

from digitrec.drawings.accuracy import labeled_drawings
from digitrec.errors import ModelError
from digitrec.formatting import counted
from digitrec.jobs.duration_estimate import estimated_seconds, rough_duration_words
from digitrec.jobs.start import start_teaching
from digitrec.labels import LABELS, label_words
from digitrec.runs.run import Run
from digitrec.teaching.teaching_run import teaching_config
from digitrec.ui.account import may_manage_models
from digitrec.ui.empty_states import no_labels
from digitrec.ui.page_frame import shown_errors
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import drawing_store, machine_pace, model_store
from digitrec.ui.runs.last_start import LastStart, already_started, last_start
from digitrec.ui.runs.picker import choose_run
from digitrec.ui.runs.queue import queue_view
from digitrec.ui.runs.run import run_view
from digitrec.ui.server.login import trainers_only
from digitrec.ui.teach.outcome import teaching_view

store = model_store()
labels = Counter(label for _, label in drawing_store().labels())


def teach(start_from: str, last: LastStart) -> None:
    bar = st.progress(0.0)

    def show(done: float) -> None:
        bar.progress(done, plain(f"{store.title(start_from)} is reading the drawings …"))

    def start() -> Run:
        return start_teaching(store, labeled_drawings(drawing_store()), start_from, progress=show)

    run = last.start((start_from, labels), None, start)
    st.session_state["teach_run"] = run.name
    st.rerun()


def is_teaching(run: Run) -> bool:
    try:
        config = run.config()
    except ModelError:
        return False
    return config is not None and config.drawings


def teach_form() -> None:
    counts = " · ".join(
        f"{label_words(label)}: {labels[label]}" for label in LABELS if labels[label]
    )
    st.markdown(f"**{counted(labels.total(), 'labeled drawing')}**")
    st.caption(counts)
    models = store.models()
    model = choose_run(
        store,
        "Model to teach",
        [run.name for run in models if run.can_be_trained_further],
        "teach_from",
        store.active_name(),
    )
    if fixed := [plain(run.title) for run in models if not run.can_be_trained_further]:
        st.caption(f"Models imported without layers can't be taught: {', '.join(fixed)}.")
    title = store.title(model)
    seconds = estimated_seconds(teaching_config(store, model), machine_pace())
    st.caption(
        f"This makes a new model and keeps {plain(title)} as it is. It takes about "
        f"{rough_duration_words(seconds)} on this machine."
    )
    last = last_start("teach")
    running = last.running((model, labels))
    pressed = st.button(
        f"Teach {plain(title)}",
        key="teach_start",
        type="primary",
        icon=":material/school:",
        disabled=running is not None,
    )
    if running:
        already_started("teach", running)
    elif pressed:
        teach(model, last)


st.caption(
    "The model learns from your labeled drawings, mixed with MNIST's digits so that it doesn't "
    "forget those. Some drawings are held back to measure the result."
)
start_side, result_side = st.columns([1, 2], gap="large")
with start_side, shown_errors():
    if not may_manage_models():
        trainers_only("teach models")
    elif labels:
        teach_form()
    else:
        no_labels(
            drawing_store(),
            "Label the ones the model gets wrong. It learns best from ten or more of each digit.",
        )
with result_side, shown_errors():
    queue_view(store)
    taught = [run.name for run in store.trained_runs() if is_teaching(run)]
    if taught:
        run = store.run(choose_run(store, "Taught model", taught, "teach_run"))
        report = run.report()
        if report is not None and report.teaching is not None:
            teaching_view(store, run, report.teaching)
        else:
            run_view(store, run)
    elif labels:
        st.info(
            "You haven't taught a model yet. The results will show here.", icon=":material/school:"
        )
