import streamlit as st

from digitrec.ui.account import is_stranger
from digitrec.ui.frame import ICON, frame, shown_errors
from digitrec.ui.server.login import account_menu, login_view

st.set_page_config(page_title="digitrec", page_icon=ICON, layout="wide")

stranger = is_stranger()

page = st.navigation(
    {
        "Digits": [
            st.Page(
                "pages/digits/draw.py",
                title="Draw",
                icon=":material/draw:",
                help="Draw a digit and see what the network makes of it.",
                default=True,
            ),
            st.Page(
                "pages/digits/pictures.py",
                title="Pictures",
                icon=":material/photo_camera:",
                help="Read digits and numbers from photographs and files.",
            ),
            st.Page(
                "pages/digits/history.py",
                title="History",
                icon=":material/photo_library:",
                help="The drawings you saved: look, correct, delete, download.",
            ),
            st.Page(
                "pages/digits/review.py",
                title="Review",
                icon=":material/fact_check:",
                help="Label your drawings one after the other, the most useful first.",
            ),
            st.Page(
                "pages/digits/teach.py",
                title="Teach",
                icon=":material/school:",
                help="Let a model learn from your labelled drawings.",
            ),
        ],
        "Networks": [
            st.Page(
                "pages/networks/train.py",
                title="Train",
                icon=":material/model_training:",
                help="Train a network on MNIST and watch it learn.",
            ),
            st.Page(
                "pages/networks/report.py",
                title="Report",
                icon=":material/assessment:",
                help="How good a trained network is, and which digits it takes for which.",
            ),
            st.Page(
                "pages/networks/inside.py",
                title="Inside",
                icon=":material/layers:",
                help="Follow a digit through a network, layer by layer.",
            ),
            st.Page(
                "pages/networks/models.py",
                title="Models",
                icon=":material/deployed_code:",
                help="The models there are, and which of them the app uses.",
            ),
        ],
    },
    position="hidden" if stranger else "sidebar",
)

if stranger:
    with shown_errors():
        login_view()
else:
    account_menu()
    with frame(page):
        page.run()
