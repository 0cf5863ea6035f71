"""The history's statistics: how well the models recognized the labeled drawings."""

from collections.abc import Sequence
from datetime import UTC
from functools import partial

import streamlit as st

from digitrec.drawings.statistics import (
    USUAL,
    GroupAccuracy,
    Outcome,
    accuracy_over_time,
    by_model,
    confusion_matrix,
    most_unusual,
    window,
)
from digitrec.drawings.store import DrawingStore
from digitrec.formatting import PERCENT, counted, percent, percentage
from digitrec.labels import label_words
from digitrec.ui.charts.confusion import clicked_cell, confusion_chart
from digitrec.ui.charts.curves import MAX_POINTS
from digitrec.ui.drawings.card import openable_picture
from digitrec.ui.page_frame import shown_errors
from digitrec.ui.resources import model_title

SHOWN = 12


def history_statistics(store: DrawingStore, outcomes: Sequence[Outcome]) -> None:
    """Show how well the labeled drawings were recognized, and which are the most unusual."""
    if not outcomes:
        st.info(
            "These drawings have no labels yet. Label some to see how well the models read your "
            "handwriting.",
            icon=":material/label:",
        )
        st.page_link(
            "pages/digits/review.py", label="Label your drawings", icon=":material/fact_check:"
        )
        return
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader("Confusion matrix", anchor=False)
        _confusions(outcomes)
    with right:
        st.subheader("By model", anchor=False)
        st.caption("Each model's answers at the time the drawings were saved.")
        _models(by_model(outcomes))
        st.subheader("Over time", anchor=False)
        _over_time(outcomes)
    st.subheader("Your most unusual drawings", anchor=False)
    _unusual(store, most_unusual(outcomes, SHOWN))


def _confusions(outcomes: Sequence[Outcome]) -> None:
    st.caption("A row for each label, a column for each answer. Click a cell to see its drawings.")
    key = "history_confusion"
    confusion_chart(confusion_matrix(outcomes), None, key, partial(_show_cell, key))


def _show_cell(key: str) -> None:
    cell = clicked_cell(key, size=11)
    if cell is not None:
        label, answer = cell
        st.session_state["history_labels"] = [label]
        st.session_state["history_answers"] = [answer]
        st.session_state["history_view"] = "Gallery"


def _models(shares: Sequence[GroupAccuracy]) -> None:
    rows = [
        {
            "Model": model_title(share.name),
            "Drawings": share.count,
            "Correct": percentage(share.accuracy),
            "95% interval": " – ".join(map(percent, share.interval)),
        }
        for share in shares
    ]
    correct = st.column_config.NumberColumn(format=PERCENT)
    st.dataframe(rows, hide_index=True, column_config={"Correct": correct}, alt="By model")


def _over_time(outcomes: Sequence[Outcome]) -> None:
    shares = accuracy_over_time(outcomes)
    if not shares:
        more = window(0) - len(outcomes)
        st.caption(f"Label {counted(more, 'more drawing')} to see this chart.")
        return
    st.caption(
        f"Each point is the accuracy on the last {window(len(outcomes)):,} labeled drawings."
    )
    some = shares[:: -(-len(shares) // MAX_POINTS)]
    points = [[moment.replace(tzinfo=UTC).isoformat(), percentage(share)] for moment, share in some]
    spec = {
        "grid": {"left": 44, "right": 14, "top": 14, "bottom": 28},
        "tooltip": {"trigger": "axis", "valueFormatter": PERCENT},
        "xAxis": {"type": "time"},
        "yAxis": {
            "type": "value",
            "min": min(90, int(min(share for _, share in some) * 10) * 10),
            "max": 100,
            "axisLabel": {"formatter": "{value}%"},
        },
        "series": [{"type": "line", "data": points, "showSymbol": len(points) < 3}],
        "animation": False,
    }
    st.echarts_chart(spec, height=200, key="history_over_time", alt="Accuracy over time")


def _unusual(store: DrawingStore, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        st.caption(f"None: each was read correctly with at least {percent(USUAL)} confidence.")
        return
    st.caption("The drawings whose labels the model found least likely.")
    with st.grid("auto", min_column_width=130, border=True, key="history_unusual") as grid:
        for outcome in outcomes:
            with grid.cell(), shown_errors():
                openable_picture(store.get(outcome.number))
                st.caption(_in_words(outcome))


def _in_words(outcome: Outcome) -> str:
    label = f"Labeled {label_words(outcome.label)}"
    if outcome.is_right:
        return f"{label}, {percent(outcome.confidence)} confidence"
    return f"{label}, recognized as {label_words(outcome.answer)}"
