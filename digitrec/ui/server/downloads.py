"""Streams downloads of drawings, which a download button would hold in memory."""

from __future__ import annotations

import secrets
import time
from itertools import chain
from typing import TYPE_CHECKING

import msgspec
import streamlit as st
from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from digitrec.errors import DigitrecError
from digitrec.ui.account import person, person_of

if TYPE_CHECKING:
    from digitrec.drawings.selection import Selection

LINK_VALID_S = 1800


class _MonotonicSigner(TimestampSigner):
    """Timestamps links with the monotonic clock, which ignores changes of the system time."""

    def get_timestamp(self) -> int:
        return int(time.monotonic())


_signer = URLSafeTimedSerializer(secrets.token_bytes(32), signer=_MonotonicSigner)


def download_link(selection: Selection, file_format: str) -> str:
    """Return a link, relative to any page, that downloads the selected drawings.

    It works for half an hour, on the server that made it, and only for the current user.
    For half of that time, the same arguments give the same link.

    Args:
        selection: Which drawings.
        file_format: One of ``digitrec.drawings.files.download.FORMATS``.
    """
    return _signed_link(person(), selection, file_format)


# Cached because a link that changes on each run makes Streamlit send the button again.
@st.cache_data(ttl=LINK_VALID_S / 2, max_entries=10_000, show_spinner=False)
def _signed_link(owner: str, selection: Selection, file_format: str) -> str:
    return f"download/{_signer.dumps([owner, msgspec.to_builtins(selection), file_format])}"


def routes() -> list[Route]:
    """Return the routes the server has besides the pages."""
    base = st.get_option("server.baseUrlPath").strip("/")
    prefix = f"/{base}" if base else ""
    return [Route(f"{prefix}/download/{{token}}", _send, methods=["GET"])]


def _send(request: Request) -> Response:
    """Stream the drawings a link selects; Starlette runs this, and the stream, in a thread."""
    # Browsers always send this header; other programs don't.
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return PlainTextResponse("Downloads only work from digitrec's own pages.", 403)
    if request.method == "HEAD":
        return Response()
    try:
        token = request.path_params["token"]
        owner, selected, file_format = _signer.loads(token, max_age=LINK_VALID_S)
    except BadSignature:
        return PlainTextResponse("This link has expired. Go back and reload the page.", 410)
    if person_of(request) != owner:
        return PlainTextResponse("This link belongs to someone else. Log in as that person.", 403)
    # Imported here because the server loads this module when it starts.
    from digitrec.drawings.files.download import FORMATS, download
    from digitrec.drawings.selection import Selection
    from digitrec.ui.resources import drawings_of

    form, selection = FORMATS[file_format], msgspec.convert(selected, Selection)
    try:
        pieces = download(drawings_of(owner), selection, file_format)
        first = next(pieces)
    except DigitrecError as error:
        return PlainTextResponse(f"The download failed: {error}.", 500)
    headers = {
        "Content-Disposition": f'attachment; filename="{form.file_name}"',
        "Cache-Control": "no-store",
    }
    return StreamingResponse(chain([first], pieces), media_type=form.mime, headers=headers)
