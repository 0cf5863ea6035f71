"""The sections of a finished run's report."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from digitrec.arrays import Digits
from digitrec.formatting import percent
from digitrec.reports.report import MISTAKES_SHOWN, Answer, Measured, Report, shown_words
from digitrec.ui.charts.confusion import clicked_cell, confusion_chart
from digitrec.ui.charts.curves import training_curves
from digitrec.ui.charts.images import enlarged
from digitrec.ui.charts.reliability import reliability_chart
from digitrec.ui.glossary import term, terms
from digitrec.ui.plain_text import plain

# How many digits of a cell of the confusion matrix are shown.
CELL_SHOWN = 30


def headline(report: Report) -> None:
    """Show the run's problem, if any, and its main metrics."""
    if report.problem:
        st.warning(plain(report.problem), icon=":material/warning:")
    with st.container(horizontal=True, gap="medium"):
        for name, value in report.headline:
            st.metric(name, value, width="content")
    terms("Accuracy", "Interval", "Calibration", "Parameters", "Test set")


@st.fragment
def confusions(report: Report, pictures: Digits) -> None:
    """Show the confusion matrix and the test digits of the chosen cell.

    Args:
        report: The run's report.
        pictures: uint8 (n, 28, 28), the digits of the test set.
    """
    measured, state = report.measured, st.session_state
    is_another = state.get("report_cell_of", report.name) != report.name
    for name, digit in zip(("report_label", "report_answer"), measured.most_confused, strict=True):
        if is_another or name not in state:
            state[name] = digit
    state["report_cell_of"] = report.name
    st.caption(
        "Each row is a digit of the test set, each column an answer. Mistakes are off the "
        "diagonal: the more there are, the stronger the color. To see the pictures, click a cell "
        "or choose a digit and an answer."
    )
    term("Confusion matrix")
    chart_side, digits_side = st.columns(2, gap="large")
    with digits_side:
        with st.container(horizontal=True):
            st.selectbox("Digit", range(10), key="report_label", bind="query-params")
            st.selectbox("Answer", range(10), key="report_answer", bind="query-params")
        label, answer = state["report_label"], state["report_answer"]
        _cell(measured, label, answer, pictures)
    with chart_side, st.container(width=560):
        key = f"report_confusion_{report.name}"
        matrix = measured.confusion_matrix.tolist()
        confusion_chart(matrix, (label, answer), key, partial(_follow_click, key))


def _follow_click(key: str) -> None:
    state = st.session_state
    # Clicking the same cell twice deselects it in the chart; the page still shows it.
    if cell := clicked_cell(key) or state.get("report_clicked"):
        state["report_clicked"] = state["report_label"], state["report_answer"] = cell


def _cell(measured: Measured, label: int, answer: int, pictures: Digits) -> None:
    found = measured.in_cell(label, answer)
    shown = found[:CELL_SHOWN]
    read = "read" if label != answer else "recognized"
    if not found:
        st.info(f"{label} is never {read} as {answer}.", icon=":material/check:")
        return
    times = "once" if len(found) == 1 else f"{len(found):,} times"
    order = "most" if label != answer else "least"
    rest = f" The {len(shown)} {order} confident:" if len(found) > len(shown) else ""
    st.markdown(f"{label} {read} as {answer}: **{times}**.{rest}")
    _sheet(shown, [percent(one.confidence) for one in shown], pictures)


@st.fragment
def mistakes(report: Report, pictures: Digits) -> None:
    """Show the mistakes, the surest first, some at a time.

    Args:
        report: The run's report.
        pictures: uint8 (n, 28, 28), the digits of the test set.
    """
    found, key = report.measured.mistakes, f"report_mistakes_{report.name}"
    if not found:
        st.info("No mistakes.", icon=":material/check:")
        return
    shown = found[: st.session_state.get(key, MISTAKES_SHOWN)]
    st.caption(f"{shown_words(len(shown), len(found))}: digit, answer and confidence.")
    captions = [f"{one.label} as {one.digit}  \n{percent(one.confidence)}" for one in shown]
    _sheet(shown, captions, pictures)
    if rest := len(found) - len(shown):
        st.button(
            f"Show {min(rest, MISTAKES_SHOWN):,} more",
            key="report_more_mistakes",
            icon=":material/expand_more:",
            on_click=_show_more,
            args=(key, len(shown) + MISTAKES_SHOWN),
        )


def _show_more(key: str, count: int) -> None:
    st.session_state[key] = count


def _sheet(answers: Sequence[Answer], captions: list[str], pictures: Digits) -> None:
    with st.container(horizontal=True, gap="small"):
        for one, caption in zip(answers, captions, strict=True):
            alt = f"Test picture {one.index}: {one.label} read as {one.digit}"
            st.image(enlarged(pictures[one.index], 4), caption, width=72, alt=alt)


def digit_by_digit(measured: Measured) -> None:
    """Show precision, recall and F1 of each digit."""
    st.caption(
        "*Precision*: the share of answers with this digit that are correct. *Recall*: the share "
        "of this digit's pictures that are recognized. *F1*: their harmonic mean."
    )
    rows = [
        {
            "Digit": str(row.digit),
            "Pictures": f"{row.count:,}",
            "Precision": percent(row.precision),
            "Recall": percent(row.recall),
            "F1": percent(row.f1),
        }
        for row in measured.by_digit
    ]
    term("Precision and recall")
    st.table(rows, width="content")


def confidence(report: Report) -> None:
    """Show the calibration of the confidence."""
    st.caption(
        "Of the answers with 80% confidence, about 80% should be correct, so the bars should end "
        "at the dashed line. The calibration error is their average distance from it. Hover over "
        "a bar to see how many answers it has; a bar with few answers says little."
    )
    terms("Confidence", "Logits")
    with st.container(width=560):
        reliability_chart(report.measured.reliability, key=f"report_reliability_{report.name}")


def training(report: Report) -> None:
    """Show the learning curves, settings and layers."""
    if report.progress:
        training_curves(report.progress, key=f"report_curves_{report.name}")
    if report.command:
        st.caption("The command to repeat this run:")
        st.code(report.command, language="shell", wrap_lines=True)
    settings_side, layers_side = st.columns(2, gap="large")
    if report.settings:
        with settings_side:
            terms("Optimizer", "Learning rate", "Schedule", "Batch", "Dropout", "Augmentation")
            st.table([{"Setting": name, "Value": value} for name, value in report.settings])
    if report.layers:
        with layers_side:
            _layers(report)
    st.caption("Made with " + ", ".join(f"{name} {x}" for name, x in report.versions.items()) + ".")


def _layers(report: Report) -> None:
    if report.config and report.config.ensemble > 1:
        st.caption(
            f"Each of the {report.config.ensemble} networks in the ensemble has these layers."
        )
        term("Ensemble")
    terms("Layer", "Convolution")
    st.table(
        [
            {
                "Layer": row.layer,
                "Output": row.output,
                "Parameters": f"{row.parameters:,}",
            }
            for row in report.layers
        ]
    )


def handwriting(report: Report) -> None:
    """Show how well both networks read people whom they hadn't seen, and what they learned from."""
    if report.handwriting:
        st.caption(
            f"{report.people}, drawn with a pen on a tablet. The networks measured here "
            "learned from other people's drawings; the model's own stroke reader learned from all "
            "of them. *Together* is how both networks vote on the canvas."
        )
        term("Stroke reader")
        with st.container(horizontal=True, gap="medium"):
            for name, value in report.handwriting:
                st.metric(name, value, width="content")
    if report.ink:
        st.caption("Learned from these ink files:")
        columns = ("File", "Learned as", "Drawings", "SHA-256")
        st.table([dict(zip(columns, row, strict=True)) for row in report.ink], width="content")
