"""The table of all runs, in which people select some."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from digitrec.formatting import duration_words, percent
from digitrec.runs.summaries import RunSummary
from digitrec.ui.drawings.measured import KnownAccuracies
from digitrec.ui.models.selection import select_beside_hidden, selected, table_key

# The table's width in a window of 1,280 pixels, without the boxes that select rows.
WIDTH = 1084
# Columns in the order in which they are shown, with their widths in pixels.
WIDTHS = {
    "name": 0, "color": 60, "active": 30, "network": 0, "accuracy": 80, "drawings": 82,
    "note": 160, "state": 84, "parameters": 96, "size": 80, "duration": 116, "date": 104,
}  # fmt: skip
# The first ones are left out first if the table would be wider.
LEAST_NEEDED = ("size", "parameters", "duration", "state", "date", "note", "network")
# Stands in cells without a value; the help of their column says why.
NONE = "–"
# The width of a letter, on average, and of a cell's margins.
LETTER, MARGINS = 7.2, 20


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
    network = st.selectbox(
        "Network",
        sorted({summary.network for summary in summaries}),
        index=None,
        key="models_network",
        persist_state="session",
        placeholder="All networks",
        label_visibility="collapsed",
        width=260,
    )
    return [
        summary
        for summary in summaries
        if summary.mentions(words or "") and network in (None, summary.network)
    ]


def show_all() -> None:
    """Clear the search and the filter."""
    st.session_state["models_search"] = ""
    st.session_state["models_network"] = None


def model_table(
    summaries: Sequence[RunSummary],
    active: str,
    known: KnownAccuracies,
    colors: dict[str, str],
) -> None:
    """Show the runs in a table, in which people select some.

    Args:
        summaries: The runs to show.
        active: The name of the app's model.
        known: The known accuracies on the labeled drawings.
        colors: The colors of the runs that are compared, by name.
    """
    names = [summary.name for summary in summaries]
    frame = _frame(summaries, active, known, colors)
    drawings = known.on.capitalize()
    widths = _fitting(summaries, drawings, is_compared=bool(colors), is_measured=bool(known.count))
    _choose_rows(names)
    colored = [f"background-color: {colors[name]}" if name in colors else "" for name in names]
    styled = frame.style.format(percent, subset=["accuracy"], na_rep=NONE)
    styled = styled.format(known.words, subset=["drawings"], na_rep=NONE)
    styled = styled.format(duration_words, subset=["duration"], na_rep=NONE)
    styled = styled.format("{:.1f} MB", subset=["size"], na_rep=NONE)
    st.dataframe(
        styled.apply(lambda _: colored, subset=["color"]),
        key=table_key(),
        hide_index=True,
        column_order=list(widths),
        column_config=_columns(widths, drawings),
        on_select=partial(_remember, table_key(), names),
        selection_mode="multi-row",
        placeholder=NONE,
        alt="All runs and their models",
    )


def explain_star(summaries: Sequence[RunSummary], active: str) -> None:
    """Say why the app may use a model that isn't the most accurate one in the table."""
    accuracies = {each.name: each.test_accuracy or 0.0 for each in summaries}
    if active in accuracies and accuracies[active] < max(accuracies.values()):
        st.caption(
            "*Accuracy* is measured on MNIST, not on drawings from your canvas. A model that "
            "scores a little lower there may read your drawings better."
        )


def _fitting(
    summaries: Sequence[RunSummary], drawings: str, *, is_compared: bool, is_measured: bool
) -> dict[str, int]:
    """Return the columns that fit beside the names, none of which is cut, and their widths.

    Args:
        summaries: The runs to show.
        drawings: The heading above the accuracies on the drawings.
        is_compared: Whether runs are compared, so that their curves have colors.
        is_measured: Whether an accuracy on the drawings is known.
    """
    widths = WIDTHS | {
        "name": text_width((summary.title for summary in summaries), 110),
        "network": min(text_width((summary.network for summary in summaries), 110), 210),
        "drawings": text_width([drawings], WIDTHS["drawings"]),
    }
    if not is_compared:
        del widths["color"]
    if not is_measured:
        del widths["drawings"]
    if not any(summary.note for summary in summaries):
        del widths["note"]
    for column in LEAST_NEEDED:
        if sum(widths.values()) > WIDTH:
            widths.pop(column, None)
    return widths


def text_width(texts: Iterable[str], least: int) -> int:
    """Return how wide a column must be for the longest of its texts, in pixels."""
    return max(least, round(max(map(len, texts), default=0) * LETTER) + MARGINS)


def _remember(key: str, names: list[str]) -> None:
    if key == table_key():  # Otherwise a card was clicked at the same time.
        rows = st.session_state[key]["selection"]["rows"]
        select_beside_hidden(names, [names[row] for row in rows if row < len(names)])


def _choose_rows(names: list[str]) -> None:
    """Select the rows that have the chosen names now."""
    chosen = selected()
    rows = [row for row, name in enumerate(names) if name in chosen]
    present = st.session_state.get(table_key(), {"selection": {"rows": []}})
    if sorted(present["selection"]["rows"]) != rows:
        st.session_state[table_key()] = {"selection": {"rows": rows}}


def _frame(
    summaries: Sequence[RunSummary], active: str, known: KnownAccuracies, colors: dict[str, str]
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "color": ["" if summary.name in colors else NONE for summary in summaries],
            "active": ["★" if summary.name == active else "" for summary in summaries],
            "name": [summary.title for summary in summaries],
            "network": [summary.network for summary in summaries],
            "state": [
                "Damaged" if summary.problem else summary.state.capitalize()
                for summary in summaries
            ],
            "accuracy": [summary.test_accuracy for summary in summaries],
            "drawings": [known.of(summary.version) for summary in summaries],
            "parameters": [summary.parameters for summary in summaries],
            "size": [(each.size_bytes or math.nan) / 1e6 for each in summaries],
            "duration": [summary.duration_s for summary in summaries],
            "date": [datetime.fromtimestamp(summary.created_at) for summary in summaries],
            "note": [summary.note or None for summary in summaries],
        }
    )
    numbers = ["accuracy", "drawings", "parameters", "size", "duration"]
    frame[numbers] = frame[numbers].astype("Float64")
    return frame


def _columns(widths: dict[str, int], drawings: str) -> dict[str, ColumnConfig]:
    number = st.column_config.NumberColumn
    text = st.column_config.TextColumn
    columns = {
        "color": text("Curve", help="The color of the run's curve; – if it isn't compared"),
        "active": text("★", help="The model that the app uses"),
        "name": text("Name"),
        "network": text("Network", help="What *Train* calls its layers"),
        "accuracy": number(
            "Accuracy", help="On the 10,000 digits of MNIST's test set; – without a model"
        ),
        "drawings": number(
            drawings, help="Accuracy on your labeled drawings, as they are now; – if not measured"
        ),
        "note": text("Note", help="What you wrote about the run"),
        "state": text("State"),
        "parameters": number("Parameters", format="localized", help="– without a model"),
        "size": number("Size", help="The size of the file that the app uses; – without a model"),
        "duration": number("Training time", help="– without a model, or if it was imported"),
        "date": st.column_config.DatetimeColumn("Date", format="D MMM YYYY"),
    }
    for name, width in widths.items():
        columns[name]["width"] = width
    return columns
