"""The server: the pages, which ``router.py`` has, and the route that downloads come by."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from digitrec.memory import share_one_heap
from digitrec.ui.downloads import routes
from digitrec.ui.response_headers import ResponseHeaders

share_one_heap()
# Streamlit itself asks for the host of websockets alone.
known_hosts = Middleware(
    TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts"), www_redirect=False
)
middleware = [known_hosts, Middleware(ResponseHeaders)]
app = st.App("router.py", routes=routes(), middleware=middleware)
