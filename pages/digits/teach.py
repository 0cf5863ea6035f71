from collections import Counter
from functools import partial

import streamlit as st

from digitrec.runs.run import Run
from digitrec.teaching.next_digit import next_digit
from digitrec.teaching.teaching_run import is_teaching, unfinished_teaching
from digitrec.ui.account import may_manage_models
from digitrec.ui.bench.digit_bench import Answered, digit_bench
from digitrec.ui.bench.labeling import NAME, undo_save
from digitrec.ui.bench.save_row import undo_save_button
from digitrec.ui.bench.saved_sketch import saved_sketch
from digitrec.ui.bench.tab_memory import take_up_from_tab
from digitrec.ui.empty_states import no_labels
from digitrec.ui.page_frame import show_pending_error, shown_errors
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import active_recognizer, drawing_store, model_store, model_title
from digitrec.ui.runs.picker import choose_run
from digitrec.ui.runs.queue import queue_view
from digitrec.ui.runs.run import run_view
from digitrec.ui.server.login import trainers_only
from digitrec.ui.teach.advice import what_to_draw
from digitrec.ui.teach.buckets import buckets
from digitrec.ui.teach.form import STARTED, teach_form
from digitrec.ui.teach.outcome import teaching_view, verdict
from digitrec.ui.teach.progress import teaching_progress
from digitrec.ui.teach.samples import latest_samples

store = model_store()


def chosen_run() -> Run | None:
    taught = [run for run in store.trained_runs() if is_teaching(run)]
    if started := st.session_state.pop(STARTED, None):
        st.session_state["teach_run"] = started
    if len(taught) < 2:
        return taught[0] if taught else None
    names = [run.name for run in taught]
    chosen = store.run(choose_run(store, "Taught model", names, "teach_run"))
    if chosen.state().is_live:
        st.caption("It is still learning. Its results will appear here.")
    return chosen


@st.fragment
def workbench(run: Run | None) -> None:
    digit_bench(instead_of_bars=partial(bucket_side, run))


def bucket_side(run: Run | None, answered: Answered | None) -> None:
    with shown_errors():
        labeled = [(number, x) for number, x in drawing_store().labels() if x is not None]
        labels = Counter(label for _, label in labeled)
        samples = latest_samples()
        mistakes = [(sample.label, sample.answer) for sample in samples if sample.is_wrong]
        wrong = Counter(label for label, _ in mistakes)
        unsure = Counter(sample.label for sample in samples if sample.is_unsure)
        suggested = next_digit(labels, mistakes, unsure)
        saved = saved_sketch(NAME, answered.sketch.strokes) if answered else None
        newest = samples[0].label if samples else None
        may_teach = may_manage_models() and has_untaught(run, len(labeled))
        words = what_to_draw(labels, wrong, suggested, newest, may_teach=may_teach)
        what_to_do(words, answered if saved else None)
        if not labels and drawing_store().count().all:
            no_labels(
                drawing_store(), "Label the ones the model gets wrong, or draw new ones here."
            )
        show_pending_error()
        with st.container(key="teach_buckets"):
            buckets(labels, samples, suggested, saved)
            with st.container(key="teach_form", gap="small"):
                if wrong:
                    active, _ = active_recognizer()
                    st.caption(f"Red frame: misread by {plain(model_title(active.name))}.")
                teaching(labeled, run)


def has_untaught(run: Run | None, labeled: int) -> bool:
    if unfinished_teaching(store):
        return False
    report = run.report() if run else None
    taught = report.teaching if report else None
    return taught is None or labeled > taught.taught + taught.held_back + taught.left_out


def what_to_do(words: str, saved: Answered | None) -> None:
    # The button is always there, or the buckets would jump with each save.
    undo = partial(undo_save, saved.sketch) if saved else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="teach_next"):
        st.markdown(words, width="stretch")
        undo_save_button(NAME, undo)


def teaching(labeled: list[tuple[int, int]], run: Run | None) -> None:
    if run is not None:
        if run.state().is_live:
            teaching_progress(store, run)
        elif (report := run.report()) and report.teaching:
            verdict(store, run, report.teaching)
    if not may_manage_models():
        trainers_only("teach models")
    elif labeled:
        teach_form(store, labeled, run)


def run_below(run: Run) -> None:
    report = run.report()
    if report is not None and report.teaching is not None:
        teaching_view(store, run, report.teaching)
    elif not run.state().is_live:
        run_view(store, run)


take_up_from_tab()
st.caption("Draw a digit, press its label, draw the next. Then teach a model with your drawings.")
bench_side, result_side = st.container(), st.container(key="teach_result")
with result_side, shown_errors():
    queue_view(store)
    run = chosen_run()
    if run:
        run_below(run)
with bench_side:
    workbench(run)
