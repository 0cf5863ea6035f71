"""The selected runs and the colors of their curves, which the session keeps."""

import streamlit as st

from digitrec.ui.charts.comparison import COLORS

# Names, not rows, because a filter moves the rows.
_SELECTED = "models_chosen"
_COLORS = "models_colors"
_TABLES = "models_tables"


def selected() -> list[str]:
    """Return the names of the selected runs."""
    return list(st.session_state.get(_SELECTED, ()))


def select(names: list[str]) -> None:
    """Select exactly the runs with these names."""
    st.session_state[_SELECTED] = names


def select_beside_hidden(shown: list[str], names: list[str]) -> None:
    """Select some of the runs that are shown, and leave the others as they are."""
    select([*(name for name in selected() if name not in shown), *names])


def renew_table() -> None:
    """Give the table another key.

    A table that keeps its key sends its old selection from the browser with the next click on a
    card, and undoes it.
    """
    st.session_state[_TABLES] = st.session_state.get(_TABLES, 0) + 1


def table_key() -> str:
    """Return the table's key."""
    number = st.session_state.get(_TABLES, 0)
    return f"models_table_{number}" if number else "models_table"


def curve_colors(names: list[str]) -> dict[str, str]:
    """Return the colors of the runs that are compared; none for a single run.

    A run keeps its color as long as it is selected.

    Args:
        names: The selected runs. Those for which no color is left aren't compared.
    """
    if len(names) < 2:
        names = []
    compared = names[: len(COLORS)]
    before = st.session_state.get(_COLORS, {})
    kept = {name: before[name] for name in compared if name in before}
    free = (color for color in COLORS if color not in kept.values())
    colors = {name: kept.get(name) or next(free) for name in compared}
    st.session_state[_COLORS] = colors
    return colors
