"""The report of a finished run as its page shows it, part by part."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from digitrec.arrays import Digits
from digitrec.reports.report import MISTAKES_SHOWN, Answer, Measured, Report
from digitrec.ui.charts.confusion import clicked_cell, confusion_chart
from digitrec.ui.charts.curves import training_curves
from digitrec.ui.charts.reliability import reliability_chart
from digitrec.ui.images import enlarged
from digitrec.ui.plain import plain
from digitrec.words import percent

# Of a cell of the confusion matrix as many digits are shown.
CELL_SHOWN = 30


def headline(report: Report) -> None:
    """Show what is to be known first."""
    if report.problem:
        st.warning(plain(report.problem), icon=":material/warning:")
    with st.container(horizontal=True, gap="medium"):
        for name, figure in report.headline:
            st.metric(name, figure, width="content")


@st.fragment
def confusions(report: Report, pictures: Digits) -> None:
    """Show the confusion matrix, and the test digits of the chosen cell.

    Args:
        report: What is known of the run.
        pictures: uint8 (n, 28, 28), the digits of the test set.
    """
    measured, state = report.measured, st.session_state
    for name, digit in zip(("report_label", "report_answer"), measured.most_confused, strict=True):
        state.setdefault(name, digit)
    st.caption(
        "A row for each digit of the test set, a column for each answer. Off the diagonal are "
        "the mistakes; the more there are, the stronger the color. Click a cell, or choose a "
        "digit and an answer, to see the pictures."
    )
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
    # A click on the cell that was clicked before takes its selection back: it is meant again.
    if cell := clicked_cell(key) or state.get("report_clicked"):
        state["report_clicked"] = state["report_label"], state["report_answer"] = cell


def _cell(measured: Measured, label: int, answer: int, pictures: Digits) -> None:
    found = measured.in_cell(label, answer)
    shown = found[:CELL_SHOWN]
    what = f"{label} taken for {answer}" if label != answer else f"{label} recognized"
    if not found:
        st.info(f"{what}: that never happened.", icon=":material/check:")
        return
    times = "once" if len(found) == 1 else f"{len(found):,} times"
    order = "most" if label != answer else "least"
    rest = f" The {len(shown)} of which it was {order} sure:" if len(found) > len(shown) else ""
    st.markdown(f"{what}: **{times}**.{rest}")
    _sheet(shown, [percent(one.confidence) for one in shown], pictures)


def mistakes(measured: Measured, pictures: Digits) -> None:
    """Show the most confident mistakes as pictures: uint8 (n, 28, 28)."""
    shown = measured.mistakes[:MISTAKES_SHOWN]
    if not shown:
        st.info("It made no mistake.", icon=":material/check:")
        return
    st.caption(
        "The mistakes of which it was most sure: what each is, as what it was read, how sure."
    )
    captions = [f"{one.label} as {one.digit}  \n{percent(one.confidence)}" for one in shown]
    _sheet(shown, captions, pictures)


def _sheet(answers: Sequence[Answer], captions: list[str], pictures: Digits) -> None:
    with st.container(horizontal=True, gap="small"):
        for one, caption in zip(answers, captions, strict=True):
            alt = f"Test picture {one.index}: {one.label} read as {one.digit}"
            st.image(enlarged(pictures[one.index], 4), caption, width=72, alt=alt)


def digit_by_digit(measured: Measured) -> None:
    """Show precision, recall and F1 of each digit."""
    st.caption(
        "*Precision*: of the answers that name the digit, how many are right. *Recall*: of the "
        "pictures that show it, how many are recognized. *F1* is their harmonic mean."
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
    st.table(rows, width="content")


def confidence(report: Report) -> None:
    """Show how far the confidence can be believed."""
    st.caption(
        "Of the answers with a confidence of 80% about 80% should be right: the bars should end "
        "at the dashed line. The calibration error is how far they are from it on average. A bar "
        "that stands for few answers says little; point at it to see how many."
    )
    with st.container(width=560):
        reliability_chart(report.measured.reliability, key=f"report_reliability_{report.name}")


def training(report: Report) -> None:
    """Show how the network learned, with which settings, and its layers."""
    if report.progress:
        training_curves(report.progress, key=f"report_curves_{report.name}")
    if report.command:
        st.caption("The command that trains it again:")
        st.code(report.command, language="shell", wrap_lines=True)
    settings_side, layers_side = st.columns(2, gap="large")
    if report.settings:
        settings_side.table([{"Setting": name, "Value": value} for name, value in report.settings])
    if report.layers:
        with layers_side:
            _layers(report)
    st.caption("Made with " + ", ".join(f"{name} {x}" for name, x in report.versions.items()) + ".")


def _layers(report: Report) -> None:
    if report.config and report.config.ensemble > 1:
        st.caption(
            f"Each of the {report.config.ensemble} networks of the ensemble has these layers."
        )
    st.table(
        [
            {
                "Layer": row.layer,
                "Out": "×".join(map(str, row.shape)),
                "Parameters": f"{row.parameters:,}" if row.parameters else "",
            }
            for row in report.layers
        ]
    )
