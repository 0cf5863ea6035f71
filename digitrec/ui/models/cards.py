"""Cards of the runs, which narrow screens show in place of the table."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from digitrec.formatting import percent
from digitrec.runs.summaries import RunSummary
from digitrec.ui.charts.comparison import COLORS
from digitrec.ui.drawings.measured import KnownAccuracies
from digitrec.ui.models.selection import renew_table, select_beside_hidden, selected
from digitrec.ui.plain_text import plain

STYLE = Path(__file__).with_name("models.css")
# More cards would push the selected run far down.
FIRST_CARDS = 6


def model_cards(
    summaries: Sequence[RunSummary],
    active: str,
    known: KnownAccuracies,
    colors: dict[str, str],
) -> None:
    """Show a card for each run, in which people select some.

    Args:
        summaries: The runs to show.
        active: The name of the app's model.
        known: The known accuracies on the labeled drawings.
        colors: The colors of the runs that are compared, by name.
    """
    st.html(STYLE)
    _edges()
    chosen, rest = set(selected()), len(summaries) - FIRST_CARDS
    shows_all = bool(st.session_state.get("models_all_cards"))
    with st.container(key="models_cards", gap="xsmall"):
        shown = [
            summary
            for number, summary in enumerate(summaries)
            if shows_all or number < FIRST_CARDS or summary.name in chosen
        ]
        pick = partial(_pick, [summary.name for summary in shown])
        for number, summary in enumerate(shown):
            color = COLORS.index(colors[summary.name]) if summary.name in colors else "none"
            with st.container(border=True, gap=None, key=f"models_card_{color}_{number}"):
                _card(summary, active, known, pick)
        if rest > 0:
            st.toggle(f"Show {rest:,} more", key="models_all_cards")


def _edges() -> None:
    """Give the card of a compared run an edge in its curve's color."""
    rules = (
        f'[class*="st-key-models_card_{number}_"] {{ border-left: 0.4rem solid {color}; }}'
        for number, color in enumerate(COLORS)
    )
    st.html(f"<style>{' '.join(rules)}</style>")


def _card(
    summary: RunSummary, active: str, known: KnownAccuracies, pick: Callable[[], None]
) -> None:
    key = _key(summary.name)
    st.session_state[key] = summary.name in selected()
    # The label is read aloud as it is written, so it has no formatting.
    st.checkbox(plain(summary.title), key=key, on_change=pick)
    star = ["★ used by the app"] if summary.name == active else []
    st.caption(plain(" · ".join([*star, *_facts(summary, known)])))


def _pick(names: list[str]) -> None:
    select_beside_hidden(names, [name for name in names if st.session_state[_key(name)]])
    renew_table()


def _key(name: str) -> str:
    return f"models_pick_{name}"


def _facts(summary: RunSummary, known: KnownAccuracies) -> list[str]:
    facts = [f"network: {summary.network}"]
    if summary.short_title not in (summary.title, summary.network.partition(",")[0]):
        facts.insert(0, summary.short_title)
    if summary.problem:
        facts.append("damaged")
    elif summary.state != "finished":
        facts.append(str(summary.state))
    if summary.test_accuracy is not None:
        facts.append(f"{percent(summary.test_accuracy)} accuracy")
    if (drawings_accuracy := known.of(summary.version)) is not None:
        facts.append(f"{known.words(drawings_accuracy)} {known.on}")
    return facts
