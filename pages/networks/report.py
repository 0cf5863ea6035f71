from functools import partial

import streamlit as st

from digitrec.report import build_report
from digitrec.report_html import report_html
from digitrec.ui import report_view
from digitrec.ui.plain import plain
from digitrec.ui.resources import answers_to_test_set, mnist_test_set, model_store
from digitrec.ui.run_choice import choose_run

store = model_store()
names = [run.name for run in store.models()]

with st.container(horizontal=True, vertical_alignment="bottom"):
    run = store.run(choose_run(store, "Model", names, "report_model"))
    download_place = st.empty()

pictures, labels = mnist_test_set()
report = build_report(run, labels, answers_to_test_set(run))
download_place.download_button(
    "Download the report",
    partial(report_html, report, pictures),
    f"{run.name}-report.html",
    "text/html",
    key="report_download",
    icon=":material/download:",
    on_click="ignore",
    help="One HTML file that needs nothing but itself: to send, to print, to keep.",
)
st.caption(plain(report.origin))
report_view.headline(report)

views = st.tabs(
    ["What it takes for what", "Confident mistakes", "Digits", "Confidence", "Training"]
)
with views[0]:
    report_view.confusions(report, pictures)
with views[1]:
    report_view.mistakes(report.measured, pictures)
with views[2]:
    report_view.digit_by_digit(report.measured)
with views[3]:
    report_view.confidence(report)
with views[4]:
    report_view.training(report)
