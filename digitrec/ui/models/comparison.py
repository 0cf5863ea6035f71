"""Several runs side by side: their curves and their settings."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from digitrec.recipes.configuration import TrainingConfig
from digitrec.recipes.parameters import ModelName, Parameter, parameters
from digitrec.runs.model_store import ModelStore
from digitrec.runs.progress import read_progress
from digitrec.ui.charts.curves import MAX_CURVES, compared_curves
from digitrec.ui.frame import shown_errors
from digitrec.ui.plain import plain

MARK = "≠"  # No run can have this name.
# Amber that lets the text through on light and dark paper.
MARKED = "background-color: rgba(224, 122, 31, 0.22)"


def comparison(store: ModelStore, names: list[str]) -> None:
    """Compare two or more runs; of more than ``MAX_CURVES``, the first ones."""
    if len(names) > MAX_CURVES:
        st.caption(f"Of the {len(names)} runs that are chosen, the first {MAX_CURVES} are shown.")
    names = names[:MAX_CURVES]
    _curves(store, names)
    configs: dict[str, TrainingConfig] = {}
    for name in names:
        with shown_errors():
            if config := store.run(name).config():
                configs[store.title(name)] = config
    st.subheader("Settings", anchor=False)
    if len(configs) > 1:
        only_differences = st.toggle("Only the differences", key="models_only_differences")
        configuration_table(store, configs, only_differences=only_differences)
    _say_who_lacks("settings", [store.title(name) for name in names], configs)


def _curves(store: ModelStore, names: list[str]) -> None:
    runs = [store.run(name) for name in names]
    progresses = {run.title: read_progress(run.events()) for run in runs}
    validated = {
        name: progress
        for name, progress in progresses.items()
        if progress and any(end.val_loss is not None for end in progress.epoch_ends)
    }
    if validated:
        compared_curves(validated, key="models_curves")
    _say_who_lacks("validation curves", list(progresses), validated)


def _say_who_lacks(what: str, titles: list[str], those_that_have: Mapping[str, object]) -> None:
    if lacking := [title for title in titles if title not in those_that_have]:
        st.caption(f"Without {what}: {plain(', '.join(lacking))}.")


def configuration_table(
    store: ModelStore, configs: dict[str, TrainingConfig], *, only_differences: bool = False
) -> None:
    """Show settings side by side, those that differ first and marked.

    Args:
        store: Knows what people call the model that a run starts from.
        configs: The settings by what people call the runs.
        only_differences: Whether to leave out what is the same everywhere.
    """
    rows = setting_rows(store, configs)
    frame = pd.DataFrame(
        [[MARK if differs else "", *values] for _, values, differs in rows],
        index=[label for label, _, _ in rows],
        columns=[MARK, *configs],
    )
    if only_differences:
        frame = frame[frame[MARK] != ""]
        if frame.empty:
            st.caption("They have the same settings.")
            return
    st.dataframe(
        frame.style.apply(lambda row: [MARKED if row[MARK] else ""] * len(row), axis=1),
        key="models_settings",
        height="content",
        column_config={
            "_index": st.column_config.TextColumn("Setting", width=140),
            MARK: st.column_config.TextColumn(width=30),
        },
        alt="Settings of the chosen runs; those that differ are marked",
    )


def setting_rows(
    store: ModelStore, configs: dict[str, TrainingConfig]
) -> list[tuple[str, list[str], bool]]:
    """Return label, value in each configuration, and whether these differ; those first."""
    rows = []
    for name, parameter in parameters(next(iter(configs.values()))).items():
        values = [_words(store, parameter, getattr(each, name)) for each in configs.values()]
        rows.append((parameter.label, values, len(set(values)) > 1))
    return sorted(rows, key=lambda row: not row[2])


def _words(store: ModelStore, parameter: Parameter, value: Any) -> str:
    if value is None:
        return "–"  # Columns are narrow.
    return parameter.words(store.title(value) if isinstance(parameter, ModelName) else value)
