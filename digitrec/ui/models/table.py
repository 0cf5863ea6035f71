"""The table of all runs, in which people select some."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from digitrec.formatting import percent
from digitrec.runs.summaries import RunSummary

# The session key of the selected runs' names. Names stay the same when a filter moves the rows.
CHOSEN = "models_chosen"


def filtered(summaries: Sequence[RunSummary]) -> list[RunSummary]:
    """Show a search field and a filter; return the runs that match."""
    words = st.text_input(
        "Search",
        type="search",
        key="models_search",
        persist_state="session",
        placeholder="Name, network, state or note",
        label_visibility="collapsed",
        width=270,
    )
    networks = st.pills(
        "Network",
        sorted({summary.network for summary in summaries}),
        selection_mode="multi",
        key="models_network",
        persist_state="session",
        label_visibility="collapsed",
        width="content",
    )
    return [
        summary
        for summary in summaries
        if summary.mentions(words or "") and (not networks or summary.network in networks)
    ]


def show_all() -> None:
    """Clear the search and the filter."""
    st.session_state["models_search"] = ""
    st.session_state["models_network"] = []


def model_table(
    summaries: Sequence[RunSummary], active: str, accuracies: dict[str, float]
) -> list[RunSummary]:
    """Show the runs; return the selected ones.

    Args:
        summaries: The runs to show.
        active: The name of the app's model.
        accuracies: The known accuracies on the labeled drawings, by the models' SHA-256.
    """
    names = [summary.name for summary in summaries]
    frame = _frame(summaries, active, accuracies)
    _choose_rows(names)
    st.dataframe(
        frame.style.format(percent, subset=["accuracy", "drawings"], na_rep=""),
        key="models_table",
        hide_index=True,
        column_config=_columns(),
        on_select=partial(_remember, names),
        selection_mode="multi-row",
        placeholder="",
        alt="All runs and their models",
    )
    return [summary for summary in summaries if summary.name in st.session_state.get(CHOSEN, ())]


def choose(names: list[str]) -> None:
    """Select exactly the runs with these names."""
    st.session_state[CHOSEN] = names


def _remember(names: list[str]) -> None:
    rows = st.session_state["models_table"]["selection"]["rows"]
    hidden = [name for name in st.session_state.get(CHOSEN, ()) if name not in names]
    choose([*hidden, *(names[row] for row in rows if row < len(names))])


def _choose_rows(names: list[str]) -> None:
    """Select the rows that have the chosen names now."""
    chosen = st.session_state.get(CHOSEN, ())
    rows = [row for row, name in enumerate(names) if name in chosen]
    present = st.session_state.get("models_table", {"selection": {"rows": []}})
    if sorted(present["selection"]["rows"]) != rows:
        st.session_state["models_table"] = {"selection": {"rows": rows}}


def _frame(
    summaries: Sequence[RunSummary], active: str, accuracies: dict[str, float]
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "active": ["★" if summary.name == active else "" for summary in summaries],
            "name": [summary.title for summary in summaries],
            "network": [summary.network for summary in summaries],
            "state": [
                "Damaged" if summary.problem else summary.state.capitalize()
                for summary in summaries
            ],
            "accuracy": [summary.test_accuracy for summary in summaries],
            "drawings": [accuracies.get(summary.model_sha256 or "") for summary in summaries],
            "parameters": [summary.parameters for summary in summaries],
            "size": [summary.size_bytes for summary in summaries],
            "duration": [summary.duration_s for summary in summaries],
            "date": [datetime.fromtimestamp(summary.created_at) for summary in summaries],
            "note": [summary.note for summary in summaries],
        }
    )
    numbers = ["accuracy", "drawings", "parameters", "size", "duration"]
    frame[numbers] = frame[numbers].astype("Float64")
    frame["duration"] = pd.to_timedelta(frame["duration"].round(), unit="s")
    return frame


def _columns() -> dict[str, ColumnConfig]:
    number = st.column_config.NumberColumn
    text = st.column_config.TextColumn
    return {
        "active": text("★", help="The model that the app uses", width=30),
        "name": text("Name", pinned=True, width=150),
        "network": text("Network"),
        "state": text("State"),
        "accuracy": number("Accuracy", help="On MNIST's test set, 10,000 digits"),
        "drawings": number("Drawings", help="On your labeled drawings, as they are now"),
        "parameters": number("Parameters", format="localized"),
        "size": number("Size", format="bytes", help="Of the file that the app uses"),
        "duration": number("Training time", format="localized", width=150),
        "date": st.column_config.DatetimeColumn("Date", format="D MMM YYYY, HH:mm"),
        "note": text("Note", width="medium"),
    }
