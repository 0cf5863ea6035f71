"""The history's filter and order, kept in the page's link."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import streamlit as st

from digitrec.drawings.reader import Counts
from digitrec.drawings.schema import SOURCES
from digitrec.drawings.selection import Order, Selection, Verdict
from digitrec.drawings.store import DrawingStore
from digitrec.formatting import counted
from digitrec.labels import LABELS, label_choice

# Links contain these words, so they must not change.
VERDICTS = {
    "Right": Verdict.RIGHT,
    "Wrong": Verdict.WRONG,
    "Labeled": Verdict.LABELED,
    "Not labeled": Verdict.UNLABELED,
}
ORDERS = {
    "Newest first": Order.NEWEST,
    "Oldest first": Order.OLDEST,
    "Least sure first": Order.LEAST_SURE,
    "Most sure first": Order.MOST_SURE,
    "Most useful to label first": Order.MOST_USEFUL,
}
IN_WORDS = (
    "history_order", "history_verdict", "history_answers", "history_labels", "history_sources",
)  # fmt: skip
CLOSED = "history_filter_closed"
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


def drawing_filter(store: DrawingStore) -> tuple[Selection, Counts]:
    """Show the filter; return the selection it makes, and how many drawings that has."""
    _capitalize_link()
    chosen = _chosen_count()
    words = f"Filter ({chosen})" if chosen else "Filter"
    # A new key closes the popover.
    key = f"history_filter_{st.session_state.get(CLOSED, 0)}"
    with st.popover(words, icon=":material/filter_list:", key=key, width="content"):
        _widgets(store)
        done = st.container(horizontal=True, gap="small", key="history_filter_done")
    if _chosen_count() != chosen:
        st.rerun()  # The widgets dropped a value from the link that isn't an option.
    selection = _selection()
    counts = store.count(selection)
    with done:
        _buttons(counts.all, is_chosen=chosen > 0)
    return selection, counts


def _buttons(count: int, *, is_chosen: bool) -> None:
    st.button(
        f"Show {counted(count, 'drawing')}",
        key="history_filter_close",
        type="primary",
        on_click=_close,
    )
    st.button(
        "Clear filter",
        key="history_no_filter",
        icon=":material/filter_list_off:",
        on_click=show_all,
        disabled=not is_chosen,
    )


def _close() -> None:
    st.session_state[CLOSED] = st.session_state.get(CLOSED, 0) + 1


def _capitalize_link() -> None:
    """Accept links of earlier versions, whose words began with a small letter."""
    given = {key: st.query_params.get_all(key) for key in IN_WORDS}
    words = {key: [one[:1].upper() + one[1:] for one in each] for key, each in given.items()}
    if words != given:
        st.query_params.update({key: each for key, each in words.items() if each})
        st.rerun()


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
            format_func=label_choice,
            key=key,
            bind="query-params",
            wrap=True,
        )
    st.segmented_control(
        "Show only",
        list(VERDICTS),
        key="history_verdict",
        bind="query-params",
        help="*Right* and *Wrong* tell whether the model's answer matches your label.",
    )
    st.slider("Confidence (%)", 0, 100, (0, 100), key="history_confidence", bind="query-params")
    st.multiselect("Model", store.models(), key="history_models", bind="query-params")
    st.pills(
        "Source",
        SOURCES,
        selection_mode="multi",
        format_func=str.capitalize,
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
