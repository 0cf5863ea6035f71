"""Compares the curves and settings of several runs."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from digitrec.recipes.parameter_kinds import ModelName, Parameter, parameters
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.runs.summaries import RunSummary
from digitrec.ui.charts.comparison import COLORS, compared_curves
from digitrec.ui.glossary import term, terms
from digitrec.ui.models.selection import curve_colors
from digitrec.ui.models.table import text_width
from digitrec.ui.page_frame import shown_errors
from digitrec.ui.plain_text import plain
from digitrec.ui.runs.status import use_button
from digitrec.ui.runs.verdict import verdict

MOST_SMOOTHING = 0.9
MARK, SAME = "≠", "="  # No run can have such a name.
# A transparent amber, so that text stays readable in both themes.
MARKED = "background-color: rgba(224, 122, 31, 0.22)"


def comparison(store: ModelStore, runs: Sequence[RunSummary]) -> None:
    """Compare two or more runs, as many as there are colors for."""
    if len(runs) > len(COLORS):
        st.caption(f"Showing the first {len(COLORS)} of {len(runs)} selected runs.")
    colors = curve_colors([run.name for run in runs])
    names = list(colors)
    _use_buttons(store, [run for run in runs if run.name in colors])
    _verdict(store, names)
    _curves(store, colors)
    configs: dict[str, TrainingConfig] = {}
    for name in names:
        with shown_errors():
            if config := store.run(name).config():
                configs[store.title(name)] = config
    st.subheader("Settings", anchor=False)
    if len(configs) > 1:
        only_differences = st.toggle("Only differences", key="models_only_differences")
        configuration_table(store, configs, only_differences=only_differences)
    _list_missing("settings", [store.title(name) for name in names], configs)


def _use_buttons(store: ModelStore, runs: Sequence[RunSummary]) -> None:
    """Offer to use each of the models."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for summary in runs:
            run = store.run(summary.name)
            if run.has_model and not summary.problem:
                use_button(store, run, key=f"models_use_{run.name}", is_named=True)


def _verdict(store: ModelStore, names: list[str]) -> None:
    """Say whether two models differ; for more, one would have to test each pair."""
    if len(names) != 2:
        return
    with shown_errors():
        if found := verdict(store.run(names[0]), store.run(names[1])):
            st.markdown(plain(found.words), width=720)
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                term(found.term)
                st.caption(plain(found.how), width="content")


def _curves(store: ModelStore, colors: dict[str, str]) -> None:
    runs = [store.run(name) for name in colors]
    progresses = {run.title: read_progress(run.events()) for run in runs}
    validated = {
        title: progress
        for title, progress in progresses.items()
        if progress and any(end.val_loss is not None for end in progress.epoch_ends)
    }
    if validated:
        terms("Validation", "Epoch", "Loss")
        by_title = dict(zip(progresses, colors.values(), strict=True))
        smoothing = st.slider(
            "Smoothing",
            0.0,
            MOST_SMOOTHING,
            step=0.1,
            format="%.1f",
            key="models_smoothing",
            persist_state="session",
            width=260,
            help="Averages each point with those before it, to show the trend of a noisy curve.",
        )
        chosen_colors = [by_title[title] for title in validated]
        compared_curves(validated, chosen_colors, smoothing, key="models_curves")
    _list_missing("validation curves", list(progresses), validated)


def _list_missing(what: str, titles: list[str], with_value: Mapping[str, object]) -> None:
    if missing := [title for title in titles if title not in with_value]:
        st.caption(f"These have no {what}: {plain(', '.join(missing))}.")


def configuration_table(
    store: ModelStore, configs: dict[str, TrainingConfig], *, only_differences: bool = False
) -> None:
    """Show settings side by side, with differences first and marked.

    Args:
        store: Has the titles of the models that runs start from.
        configs: The settings by the runs' titles.
        only_differences: Whether to hide settings that are the same in all runs.
    """
    rows = setting_rows(store, configs)
    frame = pd.DataFrame(
        [[MARK if differs else SAME, *values] for _, values, differs in rows],
        index=[label for label, _, _ in rows],
        columns=[MARK, *configs],
    )
    if only_differences:
        frame = frame[frame[MARK] == MARK]
        if frame.empty:
            st.caption("These runs have the same settings.")
            return
    st.dataframe(
        frame.style.apply(lambda row: [MARKED if row[MARK] == MARK else ""] * len(row), axis=1),
        key="models_settings",
        width="content",
        height="content",
        column_order=[MARK, *configs] if len(configs) > 1 else list(configs),
        column_config={
            "_index": st.column_config.TextColumn("Setting", width=140),
            MARK: st.column_config.TextColumn(width=30, help="Whether the runs differ"),
            **{
                name: st.column_config.TextColumn(width=text_width([name, *frame[name]], 80))
                for name in configs
            },
        },
        alt="Settings of the selected runs, with differences marked",
    )


def setting_rows(
    store: ModelStore, configs: dict[str, TrainingConfig]
) -> list[tuple[str, list[str], bool]]:
    """Return each setting's label, its values and whether they differ, differing ones first."""
    rows = []
    for name, parameter in parameters(next(iter(configs.values()))).items():
        values = [_text(store, parameter, getattr(each, name)) for each in configs.values()]
        rows.append((parameter.label, values, len(set(values)) > 1))
    return sorted(rows, key=lambda row: not row[2])


def _text(store: ModelStore, parameter: Parameter, value: Any) -> str:
    is_name = isinstance(parameter, ModelName) and value is not None
    return parameter.words(store.title(value) if is_name else value)
