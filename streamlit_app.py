"""The server: the pages in ``router.py``, and the route for downloads."""

from importlib import import_module
from threading import Thread

import streamlit as st
from starlette.middleware import Middleware

from digitrec.system.memory import share_one_heap
from digitrec.ui.server.downloads import routes
from digitrec.ui.server.known_hosts import KnownHosts
from digitrec.ui.server.response_headers import ResponseHeaders

share_one_heap()
# Import what the first page needs while the browser still loads Streamlit's scripts.
Thread(target=import_module, args=["digitrec.ui.bench.digit_bench"], daemon=True).start()
# Streamlit itself checks the host only for WebSockets, so check it for pages too.
middleware = [Middleware(ResponseHeaders), Middleware(KnownHosts)]
app = st.App("router.py", routes=routes(), middleware=middleware)
