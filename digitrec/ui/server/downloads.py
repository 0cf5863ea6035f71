"""Downloads that are sent while they are made; a download button would hold them in memory."""

from __future__ import annotations

import secrets
import threading
import time
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from digitrec.errors import DigitrecError
from digitrec.ui.account import person, person_asking

if TYPE_CHECKING:
    from digitrec.drawings.selection import Selection

LINK_VALID_S = 1800.0
MAX_LINKS = 10_000


class _Link(NamedTuple):
    person: str
    selection: Selection
    file_format: str
    expires_at: float  # On the clock of time.monotonic.


_links: dict[str, _Link] = {}
_lock = threading.Lock()


def download_link(selection: Selection, file_format: str) -> str:
    """Return a link, relative to any page, that downloads the selected drawings.

    It is good for half an hour on the server that made it, and for this session's person alone; a
    visit that asks again gets the same.

    Args:
        selection: Which drawings.
        file_format: One of ``digitrec.drawings.files.download.FORMATS``.
    """
    made = st.session_state.setdefault("download_links", {})
    token, now = made.get((selection, file_format)), time.monotonic()
    with _lock:
        if token not in _links or _links[token].expires_at < now + LINK_VALID_S / 2:
            token = made[selection, file_format] = secrets.token_urlsafe(32)
            _links[token] = _Link(person(), selection, file_format, now + LINK_VALID_S)
        while len(_links) > MAX_LINKS or next(iter(_links.values())).expires_at < now:
            del _links[next(iter(_links))]
    return f"download/{token}"


def routes() -> list[Route]:
    """Return what the server answers besides the pages."""
    base = st.get_option("server.baseUrlPath").strip("/")
    prefix = f"/{base}" if base else ""
    return [Route(f"{prefix}/download/{{token}}", _send, methods=["GET"])]


def _send(request: Request) -> Response:
    """Send what a link stands for; Starlette runs this, and the writing, in a thread."""
    # Browsers say by themselves which site a request comes from; other programs say nothing.
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return PlainTextResponse("Downloads start on digitrec's own pages.", 403)
    if request.method == "HEAD":
        return Response()
    with _lock:
        link = _links.get(request.path_params["token"])
    if link is None or link.expires_at < time.monotonic():
        return PlainTextResponse("This link is too old: go back, and reload the page.", 410)
    if person_asking(request) != link.person:
        return PlainTextResponse("This link is another person's: log in as who made it.", 403)
    # The server starts with this module and is quicker without all of that.
    from digitrec.drawings.files.download import FORMATS, download
    from digitrec.ui.resources import drawings_of

    form = FORMATS[link.file_format]
    try:
        pieces = download(drawings_of(link.person), link.selection, link.file_format)
        first = next(pieces)
    except DigitrecError as error:
        return PlainTextResponse(f"The download failed: {error}.", 500)
    headers = {
        "Content-Disposition": f'attachment; filename="{form.file_name}"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(chain([first], pieces), media_type=form.mime, headers=headers)
