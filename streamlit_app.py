"""The server: the pages, which ``router.py`` has, and the route that downloads come by."""

import streamlit as st

from digitrec.ui.downloads import routes

app = st.App("router.py", routes=routes())
