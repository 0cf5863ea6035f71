"""The history's filter and order, kept in the page's link."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import streamlit as st

from digitrec.drawings.schema import SOURCES
from digitrec.drawings.selection import Order, Selection, Verdict
from digitrec.drawings.store import DrawingStore
from digitrec.labels import LABELS, label_words

VERDICTS = {
    "right": Verdict.RIGHT,
    "wrong": Verdict.WRONG,
    "labeled": Verdict.LABELED,
    "not labeled": Verdict.UNLABELED,
}
# Links contain these words, so they must not change.
ORDERS = {
    "newest first": Order.NEWEST,
    "oldest first": Order.OLDEST,
    "least sure first": Order.LEAST_SURE,
    "most sure first": Order.MOST_SURE,
    "most useful to label first": Order.MOST_USEFUL,
}
EVERYTHING: dict[str, Any] = {
    "history_answers": [],
    "history_labels": [],
    "history_verdict": None,
    "history_confidence": (0, 100),
    "history_models": [],
    "history_sources": [],
    "history_dates": [],
    "history_text": "",
}


def drawing_filter(store: DrawingStore) -> Selection:
    """Show the filter, and return the selection it makes."""
    chosen = _chosen_count()
    words = f"Filter ({chosen})" if chosen else "Filter"
    with st.popover(words, icon=":material/filter_list:", key="history_filter", width="content"):
        _widgets(store)
        st.button(
            "Show all drawings",
            key="history_no_filter",
            icon=":material/filter_list_off:",
            on_click=show_all,
            disabled=not chosen,
        )
    if _chosen_count() != chosen:
        st.rerun()  # The widgets dropped a value from the link that isn't an option.
    return _selection()


def order_picker() -> Order:
    """Show the select box for the order, and return the chosen one."""
    chosen = st.selectbox(
        "Order",
        list(ORDERS),
        key="history_order",
        bind="query-params",
        label_visibility="collapsed",
        width=230,
    )
    return ORDERS[chosen]


def show_all() -> None:
    """Clear every filter."""
    for key, value in EVERYTHING.items():
        st.session_state[key] = value


def _widgets(store: DrawingStore) -> None:
    for words, key in (("Recognized as", "history_answers"), ("Label", "history_labels")):
        st.pills(
            words,
            LABELS,
            selection_mode="multi",
            format_func=label_words,
            key=key,
            bind="query-params",
            wrap=True,
        )
    st.segmented_control(
        "Answer or label",
        list(VERDICTS),
        key="history_verdict",
        bind="query-params",
        help="Compares the model's answers with your labels.",
    )
    st.slider("Confidence (%)", 0, 100, (0, 100), key="history_confidence", bind="query-params")
    st.multiselect("Model", store.models(), key="history_models", bind="query-params")
    st.pills(
        "Source",
        SOURCES,
        selection_mode="multi",
        key="history_sources",
        bind="query-params",
    )
    st.date_input("Saved between", [], key="history_dates", bind="query-params")
    st.text_input("Note contains", key="history_text", bind="query-params")


def _chosen_count() -> int:
    return sum(map(_is_chosen, EVERYTHING))


def _is_chosen(key: str) -> bool:
    if key not in st.session_state:
        return key in st.query_params  # The widget reads it from there later in this run.
    value, nothing = st.session_state[key], EVERYTHING[key]
    return bool(value) and (nothing is None or type(nothing)(value) != nothing)


def _selection() -> Selection:
    state = st.session_state
    low, high = sorted(state["history_confidence"])
    since, until = _times(state["history_dates"])
    return Selection(
        answers=tuple(state["history_answers"]),
        labels=tuple(state["history_labels"]),
        verdict=VERDICTS.get(state["history_verdict"]),
        confidence=None if (low, high) == (0, 100) else (low / 100, high / 100),
        models=tuple(state["history_models"]),
        sources=tuple(state["history_sources"]),
        since=since,
        until=until,
        text=state["history_text"].strip(),
    )


def _times(dates: tuple[date, ...]) -> tuple[datetime | None, datetime | None]:
    """Return the start of the first day and the end of the last, in UTC without a time zone."""
    if not dates:
        return None, None
    days = (dates[0], dates[-1] + timedelta(days=1))
    since, until = (datetime.combine(day, time.min).astimezone(UTC) for day in days)
    return since.replace(tzinfo=None), until.replace(tzinfo=None)
