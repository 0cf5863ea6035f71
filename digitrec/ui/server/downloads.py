"""Downloads that are sent while they are made; a download button would hold them in memory."""

from __future__ import annotations

import secrets
from itertools import chain
from typing import TYPE_CHECKING

import msgspec
import streamlit as st
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from digitrec.errors import DigitrecError
from digitrec.ui.account import person, person_asking

if TYPE_CHECKING:
    from digitrec.drawings.selection import Selection

LINK_VALID_S = 1800

_signer = URLSafeTimedSerializer(secrets.token_bytes(32))


def download_link(selection: Selection, file_format: str) -> str:
    """Return a link, relative to any page, that downloads the selected drawings.

    It is good for half an hour on the server that made it, and for this session's person alone; for
    half of that time the same is returned again.

    Args:
        selection: Which drawings.
        file_format: One of ``digitrec.drawings.files.download.FORMATS``.
    """
    return _signed_link(person(), selection, file_format)


# A link that changed with each visit would be sent to the page anew.
@st.cache_data(ttl=LINK_VALID_S / 2, max_entries=10_000, show_spinner=False)
def _signed_link(owner: str, selection: Selection, file_format: str) -> str:
    return f"download/{_signer.dumps([owner, msgspec.to_builtins(selection), file_format])}"


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
    try:
        token = request.path_params["token"]
        owner, selected, file_format = _signer.loads(token, max_age=LINK_VALID_S)
    except BadSignature:
        return PlainTextResponse("This link is too old: go back, and reload the page.", 410)
    if person_asking(request) != owner:
        return PlainTextResponse("This link is another person's: log in as who made it.", 403)
    # The server starts with this module and is quicker without all of that.
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
