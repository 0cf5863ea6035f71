"""Who is using the app, and what they may do.

Without an ``[auth]`` section in Streamlit's secrets, the app has one user and no login. With one,
everyone logs in through OpenID Connect and has their own drawings.
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

# The person's ID in an app without a login.
NOBODY = ""


def login_is_required() -> bool:
    """Return whether people have to log in.

    Raises:
        ConfigurationError: If the secrets can't be read, since they may require a login.
    """
    return bool(_auth_section())


def must_log_in() -> bool:
    """Return whether the current user still has to log in."""
    try:
        return login_is_required() and not (st.user.get("is_logged_in") and st.user.get("sub"))
    except ConfigurationError:
        return True


def person() -> str:
    """Return the ID of the current user: 32 hexadecimal digits, or ``NOBODY``.

    It is a hash of the issuer and the subject, the only two claims that together are unique and
    never change (OpenID Connect Core 1.0, section 5.7).

    Raises:
        ConfigurationError: If the person isn't logged in, or the secrets can't be read.
    """
    if not login_is_required():
        return NOBODY
    if must_log_in():
        raise ConfigurationError("log in to continue")
    return _person_id(st.user)


def person_of(request: Request) -> str | None:
    """Return the ID of the person who sent a request, or None if they aren't logged in.

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
    return _person_id(claims) if claims.get("is_logged_in") and claims.get("sub") else None


def may_manage_models() -> bool:
    """Return whether the current user may train, rename, delete and import models.

    Without a login everyone may. With one, only the people in ``DIGITREC_TRAINERS``, which lists
    their IDs or the email addresses that their provider has verified.
    """
    if not login_is_required():
        return True
    names = {person()}
    if st.user.get("email_verified") is True:
        names.add(str(st.user.get("email")).casefold())
    return not names.isdisjoint(load_settings().trainers)


def providers() -> dict[str | None, str]:
    """Return the login providers and their button labels; the name of a sole provider is None."""
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
                f"Streamlit's secrets can't be read, so nobody can log in; check {', '.join(files)}"
            ) from error
        return {}


def _person_id(claims: Mapping[str, Any]) -> str:
    identity = json.dumps([str(claims.get("iss")), str(claims["sub"])])
    return hashlib.sha256(identity.encode()).hexdigest()[:32]
