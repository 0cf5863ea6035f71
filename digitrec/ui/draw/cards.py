"""The cards below the canvas: a closer look at the drawing and its answer."""

from collections.abc import Sequence

import streamlit as st

from digitrec.ink.preprocessing import Steps
from digitrec.ink.sketch import Sketch
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.ui.charts.why import Read, other_digit, why_title, why_view
from digitrec.ui.draw.model_picker import comparison
from digitrec.ui.draw.preprocessing_steps import steps_view
from digitrec.ui.draw.replay import replay_view
from digitrec.ui.draw.similar import similar_view
from digitrec.ui.into_view import scroll_into_view

CARDS = ("Why", "Replay", "Most similar", "Steps", "All models")
KEY = "draw_cards"
# The cards that were open before, and what was opened last.
_SEEN, _OPENED = "draw_cards_seen", "draw_cards_opened"
# The parameter of a link that opens a card.
IN_LINK = "look"


def cards(
    sketch: Sketch,
    steps: Steps,
    recognizer: Recognizer,
    recognition: Recognition,
    label: int | None,
) -> None:
    """Show the cards that the person opened; they stay open for the next drawing.

    Args:
        sketch: The drawing.
        steps: The steps to its input.
        recognizer: The model that answered.
        recognition: Its answer.
        label: What the person says it is, if they did.
    """
    chosen = st.pills(
        "Look closer",
        CARDS,
        selection_mode="multi",
        key=KEY,
        persist_state="session",
        format_func=lambda card: "Why this answer" if card == "Why" else card,
    )
    digit_input, other = steps.digit_input, other_digit(recognition, label)
    with st.container(key="draw_cards_row"):
        # In the order of the buttons, so that a card never changes places with another.
        for number, card in enumerate(CARDS):
            if card not in chosen:
                continue
            with st.container(border=True, key=f"draw_card_{number}"):
                st.markdown(f"**{why_title(recognition) if card == 'Why' else card}**")
                match card:
                    case "Why":
                        read = Read(digit_input, sketch, label)
                        other = why_view(recognizer, read, recognition, "draw")
                    case "Replay":
                        replay_view(recognizer, sketch)
                    case "Most similar":
                        similar_view(digit_input, other)
                    case "Steps":
                        steps_view(sketch, steps)
                    case _:
                        comparison(sketch, digit_input, recognizer, recognition)
    scroll_into_view(*_opened_last(chosen), opened_with=KEY)


def open_card_in_link() -> None:
    """Open the card that the link names, once."""
    card = st.query_params.pop(IN_LINK, None)
    chosen = st.session_state.get(KEY) or []
    if card in CARDS:
        st.session_state[_SEEN] = [other for other in chosen if other != card]
        st.session_state[KEY] = [*st.session_state[_SEEN], card]


def _opened_last(chosen: Sequence[str]) -> tuple[str, str | None]:
    """Return the key of the card that was opened last, and when that was among all openings."""
    state = st.session_state
    # Cards that stayed open from an earlier visit weren't opened now.
    new = [card for card in chosen if card not in state.get(_SEEN, chosen)]
    state[_SEEN] = list(chosen)
    card, number = state.get(_OPENED, (0, 0))
    if new:
        card, number = state[_OPENED] = CARDS.index(new[-1]), number + 1
    return f"draw_card_{card}", str(number) if number else None
