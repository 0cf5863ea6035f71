from functools import partial

import streamlit as st

from digitrec.reports.html import report_html
from digitrec.reports.report import build_report
from digitrec.reports.verdict import verdict
from digitrec.ui.drawings.measured import known_accuracies
from digitrec.ui.plain_text import plain
from digitrec.ui.report import sections
from digitrec.ui.resources import answers_to_test_set, mnist_test_set, model_store
from digitrec.ui.runs.picker import choose_run, follow_look

store = model_store()
names = [run.name for run in store.models()]

follow_look("report_model", names)
with st.container(horizontal=True, vertical_alignment="bottom"):
    run = store.run(choose_run(store, "Model", names, "report_model"))
    download_place = st.empty()

pictures, labels = mnist_test_set()
drawings_accuracy = known_accuracies(store).of(run.results().version)
report = build_report(run, labels, answers_to_test_set(run), drawings_accuracy)
download_place.download_button(
    "Download the report",
    partial(report_html, report, pictures),
    f"{run.name}-report.html",
    "text/html",
    key="report_download",
    icon=":material/download:",
    on_click="ignore",
    help="A single HTML file to send, print or keep.",
)
st.caption(plain(report.origin))
st.markdown(plain(" ".join(verdict(report))), width=720)
if report.change:
    st.markdown(plain(report.change), width=720)
sections.headline(report)

tabs = ["Confusion matrix", "Mistakes", "Digits", "Confidence", "Training"]
views = st.tabs([*tabs, "Handwriting"] if report.handwriting or report.ink else tabs)
with views[0]:
    sections.confusions(report, pictures)
with views[1]:
    sections.mistakes(report, pictures)
with views[2]:
    sections.digit_by_digit(report.measured)
with views[3]:
    sections.confidence(report)
with views[4]:
    sections.training(report)
if len(views) > len(tabs):
    with views[-1]:
        sections.handwriting(report)
