import streamlit as st

from digitrec.ui.account import must_log_in
from digitrec.ui.keyboard import listen_to_keyboard
from digitrec.ui.page_frame import ICON, LOGO, STYLE, frame, shown_errors
from digitrec.ui.server.login import account_menu, login_page

st.set_page_config(page_title="digitrec", page_icon=ICON, layout="wide")
st.logo(LOGO, size="large")
st.html(STYLE)

login_needed = must_log_in()

home = st.Page("pages/digits/home.py", title="Home", icon=":material/house:", default=True)
page = st.navigation(
    [
        home,
        st.Page(
            "pages/digits/draw.py",
            title="Draw",
            icon=":material/draw:",
            help="Draw a digit and see what the network recognizes.",
        ),
        st.Page(
            "pages/digits/teach.py",
            title="Teach",
            icon=":material/school:",
            help="Let a model learn from your labeled drawings.",
        ),
        st.Page(
            "pages/networks/train.py",
            title="Train",
            icon=":material/model_training:",
            help="Train a network on MNIST and watch it learn.",
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
            help="View, correct, delete and download the drawings you saved.",
        ),
        st.Page(
            "pages/digits/review.py",
            title="Review",
            icon=":material/fact_check:",
            help="Label your drawings one by one, the most useful first.",
        ),
        st.Page(
            "pages/networks/models.py",
            title="Models",
            icon=":material/deployed_code:",
            help="Compare your models, and choose the one the app uses.",
        ),
        st.Page(
            "pages/networks/report.py",
            title="Report",
            icon=":material/assessment:",
            help="See how good a model is, and which digits it confuses.",
        ),
        st.Page(
            "pages/networks/inside.py",
            title="Inside",
            icon=":material/layers:",
            help="Follow a digit through a network, layer by layer.",
        ),
    ],
    position="hidden" if login_needed else "top",
)

if login_needed:
    with shown_errors():
        login_page()
else:
    account_menu()
    with frame("Draw a digit, and watch a network read it" if page == home else page.title):
        page.run()
listen_to_keyboard()
