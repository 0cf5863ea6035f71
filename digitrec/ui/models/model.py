"""One run and its actions."""

import streamlit as st

from digitrec.errors import ModelError
from digitrec.formatting import duration_words, percent
from digitrec.recipes.run_names import short_name_words
from digitrec.runs.folder import MAX_NOTE
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.run import Run
from digitrec.runs.summaries import RunSummary
from digitrec.settings import DEFAULT_MODEL
from digitrec.ui.account import may_manage_models
from digitrec.ui.charts.curves import training_curves
from digitrec.ui.drawings.measured import KnownAccuracies
from digitrec.ui.glossary import terms
from digitrec.ui.models.comparison import configuration_table
from digitrec.ui.models.downloads import downloads
from digitrec.ui.models.selection import select
from digitrec.ui.page_frame import act, show_error, shown_errors
from digitrec.ui.plain_text import plain
from digitrec.ui.runs.status import problem_view, state_badge, use_button


def model_view(store: ModelStore, summary: RunSummary, known: KnownAccuracies) -> None:
    """Show one run and its actions.

    Args:
        store: Has the run.
        summary: The run.
        known: The known accuracies on the labeled drawings.
    """
    run = store.run(summary.name)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.subheader(plain(run.title), anchor=False, width="content")
        state_badge(summary.state)
        if run.has_model and not summary.problem:
            use_button(store, run, key="models_use")
    if run.title != run.short_title:
        st.caption(short_name_words(run.short_title))
    if summary.problem:
        show_error(summary.problem)
    elif not run.has_model and not summary.state.is_live:
        st.caption("This run has no model.")
    else:
        problem_view(run)
        if run.has_model and (note := run.results().import_note):
            st.caption(plain(str(note)))
    _metrics(summary, known)
    _actions(store, run, summary)
    _note(run)
    _training(store, run)


def _metrics(summary: RunSummary, known: KnownAccuracies) -> None:
    drawings_accuracy = known.of(summary.version)
    metrics = {
        "Accuracy": summary.test_accuracy is not None and percent(summary.test_accuracy),
        known.on.capitalize(): drawings_accuracy is not None and known.words(drawings_accuracy),
        "Parameters": summary.parameters is not None and f"{summary.parameters:,}",
        "Size": summary.size_bytes is not None and f"{summary.size_bytes / 1e6:.1f} MB",
        "Training time": summary.duration_s is not None and duration_words(summary.duration_s),
    }
    with st.container(horizontal=True, gap="medium"):
        for label, value in metrics.items():
            if value:
                st.metric(label, value, width="content")
    terms("Accuracy", "Parameters", "Test set")


def _actions(store: ModelStore, run: Run, summary: RunSummary) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if not summary.problem:
            downloads(store, run)
        if may_manage_models() and store.can_be_changed(run):
            _rename_popover(store, run)
            _delete_popover(store, run)
        if run.has_model:
            st.page_link(
                "pages/networks/report.py",
                label="Report",
                icon=":material/assessment:",
                query_params={"report_model": run.name},
            )
        if run.was_trained:
            st.page_link(
                "pages/networks/train.py",
                label="Run",
                icon=":material/model_training:",
                query_params={"train_run": run.name},
            )


def _rename_popover(store: ModelStore, run: Run) -> None:
    # The key changes with the name, which closes the popover.
    popover = st.popover("Rename", icon=":material/edit:", key=f"models_renaming_{run.name}")
    with popover, st.container(width=320):
        name = st.text_input("New name", run.title, key=f"models_name_{run.name}", max_chars=64)
        name = (name or "").strip()
        asked = st.button(
            "Rename", key="models_rename", type="primary", disabled=name in ("", run.title)
        )
        if asked and name != run.title:  # After a second click it has the name already.
            with shown_errors():
                select([store.rename(run.name, name).name])
                st.rerun()


def _delete_popover(store: ModelStore, run: Run) -> None:
    with st.popover("Delete", icon=":material/delete:"), st.container(width=320):
        st.markdown(
            "Delete this model and its training record? You can restore it until you delete "
            "another one."
        )
        if store.active_name() == run.name:
            st.markdown(f"If you delete it, the app uses {store.title(DEFAULT_MODEL)} instead.")
        st.button(
            f"Delete {plain(run.title)}",
            key="models_delete",
            type="primary",
            on_click=act,
            args=(_delete, store, run),
        )


def _delete(store: ModelStore, run: Run) -> None:
    if run.path.is_dir():  # After a second click it is deleted already.
        store.delete(run.name)


def _note(run: Run) -> None:
    if run.is_bundled:
        with st.expander("About this model", icon=":material/info:"):
            st.markdown((run.path / "CARD.md").read_text(encoding="utf-8", errors="replace"))
        return
    if not may_manage_models():
        st.text(run.note())
        return
    key = f"models_note_{run.name}"
    st.text_area(
        "Note",
        run.note(),
        key=key,
        max_chars=MAX_NOTE,
        height=80,
        placeholder="Anything worth remembering about this run",
        on_change=act,
        args=(lambda: run.write_note(st.session_state[key]),),
    )


def _training(store: ModelStore, run: Run) -> None:
    progress = read_progress(run.events())
    if progress is not None and progress.steps:
        training_curves(progress, key="models_curves")
    try:
        config = run.config()
    except ModelError:
        return  # The error is shown above.
    if config:
        with st.expander("Settings", icon=":material/tune:"):
            configuration_table(store, {run.title: config})
