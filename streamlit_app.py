"""The server: the pages, which ``router.py`` has, and the route that downloads come by."""

import streamlit as st

from digitrec.memory import share_one_heap
from digitrec.ui.downloads import routes

share_one_heap()
app = st.App("router.py", routes=routes())
