"""The dialog with the details of one saved drawing."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from digitrec.drawings.model_answers import answer_of_model
from digitrec.drawings.schema import Drawing, ModelAnswer
from digitrec.drawings.selection import answer_of
from digitrec.errors import ModelError
from digitrec.formatting import percent
from digitrec.labels import LABELS, label_choice
from digitrec.recognition.recognition import Recognition
from digitrec.ui.charts.images import digit_from_bytes, enlarged
from digitrec.ui.charts.probabilities import probability_chart
from digitrec.ui.drawings.actions import delete_drawings, label_drawings
from digitrec.ui.drawings.card import drawing_picture
from digitrec.ui.drawings.drawing_link import IN_LINK, number_in_link
from digitrec.ui.history.explanation import explanation
from digitrec.ui.history.note import keep_note_on_escape, note_field
from digitrec.ui.page_frame import act, show_pending_error, shown_errors
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import (
    active_recognizer,
    drawing_store,
    model_store,
    model_title,
    recognizer,
)


def opened_drawing() -> None:
    """Open the dialog for the drawing in the link, if there is one."""
    number = number_in_link()
    if number is not None:
        _dialog(number)


def _close() -> None:
    st.query_params.pop(IN_LINK, None)


@st.dialog("Drawing", width="large", on_dismiss=_close)
def _dialog(number: int) -> None:
    with shown_errors():
        drawing = drawing_store().get(number)
        show_pending_error()
        image_side, label_side = st.columns([2, 3], gap="medium")
        with image_side:
            _images(drawing)
        with label_side:
            _label(drawing)
            note_field(drawing)
            recognition = _recognition(drawing)
            _answer(drawing, recognition)
            explanation(drawing, recognition)
        _model_answers(drawing)
        _buttons(drawing)
    keep_note_on_escape()


def _images(drawing: Drawing) -> None:
    with st.container(key="drawing_picture"):
        st.image(drawing_picture(drawing), width=260, alt=f"Drawing {drawing.id}")
    st.image(
        enlarged(digit_from_bytes(drawing.content.input), 5),
        caption="What the network saw",
        width=140,
        alt="28 by 28 pixels",
    )
    lines = [
        f"Drawing {drawing.id}, from {_source_text(drawing.source)}",
        f"Saved {_when(drawing.created_at)}",
    ]
    lines += [f"Changed {_when(drawing.changed_at)}"] if drawing.changed_at else []
    lines += [f"In the trash since {_when(drawing.deleted_at)}"] if drawing.deleted_at else []
    st.caption("  \n".join(lines))


def _label(drawing: Drawing) -> None:
    key = f"drawing_label_{drawing.id}"
    st.session_state[key] = drawing.label
    st.pills(
        "Label",
        LABELS,
        key=key,
        format_func=label_choice,
        on_change=act,
        args=(_give_label, drawing.id),
        wrap=True,
    )


def _give_label(number: int) -> None:
    label_drawings([number], st.session_state[f"drawing_label_{number}"])


def _recognition(drawing: Drawing) -> Recognition:
    return Recognition(
        drawing.digit,
        drawing.confidence,
        tuple(drawing.content.probabilities),
        drawing.is_digit is not False,
        drawing.digit_score or 0.0,
        _not_digit(drawing),
    )


def _answer(drawing: Drawing, recognition: Recognition) -> None:
    model = plain(model_title(drawing.model))
    st.markdown(f"**{_answer_text(drawing)}** · {model}, when it was drawn")
    probability_chart(recognition, key=f"drawing_probabilities_{drawing.id}")


def _not_digit(drawing: Drawing) -> float | None:
    """Return the probability of *not a digit*, which reduced the saved confidence.

    Earlier versions saved the confidence without it. Then only the digit score tells.
    """
    best = max(drawing.content.probabilities)
    if drawing.confidence < best:
        return 1 - drawing.confidence / best
    if drawing.is_digit is False:
        return max(1 - (drawing.digit_score or 0.0), best / (1 + best))
    return None


def _answer_text(answer: Drawing | ModelAnswer) -> str:
    if answer.is_digit is False:
        return f"Not a digit; closest digit: {answer.digit}"
    return f"{answer.digit}, {percent(answer.confidence)} confidence"


def _model_answers(drawing: Drawing) -> None:
    if drawing.model_answers:
        rows = [
            {
                "Model": model_title(model_answer.model),
                "Answer": _answer_text(model_answer),
                "Correct": {None: "–", True: "✓", False: "✗"}[_is_right(drawing, model_answer)],
                "Asked": _when(model_answer.asked_at),
            }
            for model_answer in drawing.model_answers
        ]
        correct = st.column_config.TextColumn(help="Whether your label agrees; – without a label")
        st.dataframe(
            rows, hide_index=True, column_config={"Correct": correct}, alt="Other models' answers"
        )


def _is_right(drawing: Drawing, model_answer: ModelAnswer) -> bool | None:
    return None if drawing.label is None else answer_of(model_answer) == drawing.label


def _buttons(drawing: Drawing) -> None:
    active, _ = active_recognizer()
    with st.container(horizontal=True, gap="small"):
        if drawing.content.strokes and st.button(
            "Open on the canvas", key="drawing_to_canvas", icon=":material/draw:"
        ):
            st.switch_page("pages/digits/draw.py", query_params={IN_LINK: str(drawing.id)})
        st.button(
            f"Ask {plain(model_title(active.name))}",
            key="drawing_ask",
            icon=":material/refresh:",
            on_click=act,
            args=(ask, drawing, [active.name]),
            help="Recognizes this drawing again with the app's current model.",
        )
        st.button(
            "Ask all models",
            key="drawing_ask_all",
            icon=":material/groups:",
            on_click=act,
            args=(ask, drawing, [run.name for run in model_store().models()]),
        )
        in_trash = drawing.deleted_at is not None
        st.button(
            "Restore" if in_trash else "Delete",
            key="drawing_restore" if in_trash else "drawing_delete",
            icon=":material/restore_from_trash:" if in_trash else ":material/delete:",
            on_click=act,
            args=(drawing_store().restore if in_trash else delete_drawings, [drawing.id]),
        )
        st.space("stretch")
        if st.button("Close", key="drawing_close", icon=":material/close:"):
            _close()
            st.rerun()


def ask(drawing: Drawing, names: Sequence[str]) -> None:
    """Let models recognize a drawing, and save their answers.

    Raises:
        PictureError: If the drawing can't be read.
        ModelError: If none of the models can be loaded. Otherwise damaged ones are skipped.
    """
    model_answers, problems = [], []
    for name in names:
        try:
            model_answers.append(answer_of_model(recognizer(name), drawing.id, drawing.content))
        except ModelError as error:
            problems.append(error)
    drawing_store().add_model_answers(model_answers)
    if problems and not model_answers:
        raise problems[0]


def _source_text(source: str) -> str:
    return {
        "canvas": "the canvas",
        "number": "a number on the canvas",
        "picture": "a picture",
        "upload": "an upload",
    }[source]


def _when(moment: datetime) -> str:
    local = moment.replace(tzinfo=UTC).astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"
