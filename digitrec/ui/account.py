"""Who uses the app: one person on their own machine, or, with a log-in, each with their own.

With an ``[auth]`` section in Streamlit's secrets everyone has to log in through OpenID Connect.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from digitrec.errors import ConfigurationError
from digitrec.settings import load_settings

# Whoever uses an app that asks nobody to log in.
NOBODY = ""


def login_is_required() -> bool:
    """Tell whether the app is for those alone who logged in.

    Raises:
        ConfigurationError: If there are secrets that can't be read: they may have required it.
    """
    return bool(_auth_section())


def is_stranger() -> bool:
    """Tell whether whoever uses this session has to log in first, which they may be unable to."""
    try:
        return login_is_required() and not (st.user.get("is_logged_in") and st.user.get("sub"))
    except ConfigurationError:
        return True


def person() -> str:
    """Return what this session's person is known by: 32 hexadecimal digits, or ``NOBODY``.

    It is a hash of who vouches for them and of their number there, the two claims of OpenID
    Connect that together never change (OpenID Connect Core 1.0, section 5.7). A stranger has none.

    Raises:
        ConfigurationError: If the person has to log in first, or the secrets can't be read.
    """
    if not login_is_required():
        return NOBODY
    if is_stranger():
        raise ConfigurationError("log in first")
    return _known_as(st.user)


def person_asking(request: Request) -> str | None:
    """Return the same of whoever sends a request; None if they have to log in first.

    Raises:
        ConfigurationError: If Streamlit's secrets can't be read.
    """
    if not login_is_required():
        return NOBODY
    secret = get_cookie_secret()

    def cookie(name: str) -> bytes | None:
        value = request.cookies.get(name)
        return decode_signed_value(secret, name, value.encode("latin-1")) if value else None

    signed = get_cookie_with_chunks(cookie, USER_COOKIE_NAME)
    claims = json.loads(signed) if signed else {}
    return _known_as(claims) if claims.get("is_logged_in") and claims.get("sub") else None


def may_manage_models() -> bool:
    """Tell whether this session's person may train, rename, delete and import models.

    One who uses the app on their own machine may; of those who log in, whom the setting
    ``DIGITREC_TRAINERS`` lists by what they are known by, or by an e-mail address of which their
    provider says that it is theirs.
    """
    if not login_is_required():
        return True
    names = {person()}
    if st.user.get("email_verified") is True:
        names.add(str(st.user.get("email")).casefold())
    return not names.isdisjoint(load_settings().trainers)


def providers() -> dict[str | None, str]:
    """Return by whom one can log in: Streamlit's name for them, None for the only one; words."""
    auth = _auth_section()
    found: dict[str | None, str] = {None: "Log in"} if "client_id" in auth else {}
    for name, section in auth.items():
        if isinstance(section, Mapping) and "client_id" in section:
            found[name] = f"Log in with {name.title()}"
    return found


def _auth_section() -> Mapping[str, Any]:
    try:
        return st.secrets.get("auth", {})
    except StreamlitSecretNotFoundError as error:
        files = [file for file in st.get_option("secrets.files") if Path(file).exists()]
        if files:
            raise ConfigurationError(
                "Streamlit's secrets can't be read, so that nobody can log in: see what is wrong "
                f"with {', '.join(files)}"
            ) from error
        return {}


def _known_as(claims: Mapping[str, Any]) -> str:
    identity = json.dumps([str(claims.get("iss")), str(claims["sub"])])
    return hashlib.sha256(identity.encode()).hexdigest()[:32]
