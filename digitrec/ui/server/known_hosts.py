"""Answers only requests to the hosts in ``server.allowedHosts``."""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed


class KnownHosts:
    """Refuses requests to other hosts, as Streamlit does for its WebSockets.

    Otherwise another site could point its name at this server and read the pages (DNS rebinding).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan" or is_host_allowed(host := Headers(scope=scope).get("host")):
            await self._app(scope, receive, send)
        else:
            refusal = PlainTextResponse(_refusal(host or ""), status_code=400)
            await refusal(scope, receive, send)


def _refusal(host: str) -> str:
    return (
        f"Invalid host header: digitrec doesn't answer at {host!r}.\n\n"
        "To allow it, add this name, without the port, to server.allowedHosts: with the "
        "--server.allowedHosts option of streamlit run, or in .streamlit/config.toml. "
        'See "Sharing" in README.md for examples.\n'
    )
