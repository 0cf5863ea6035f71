"""Logging in and out, as the pages show it."""

import streamlit as st

from digitrec.errors import ConfigurationError
from digitrec.ui.account import login_is_required, may_manage_models, person, providers
from digitrec.ui.tab_storage import forget_in_tab


def login_view() -> None:
    """Let a stranger log in; what the tab kept of somebody else is gone.

    Raises:
        ConfigurationError: If the secrets name nobody by whom one could log in.
    """
    forget_in_tab()
    st.header("digitrec", anchor=False)
    st.markdown("Draw digits, see them recognised, and teach a network with them.")
    ways = providers()
    if not ways:
        raise ConfigurationError(
            "nobody can log in: the section [auth] of Streamlit's secrets has no client_id"
        )
    for name, words in ways.items():
        st.button(
            words,
            key=f"account_login_{name}",
            type="primary",
            icon=":material/login:",
            on_click=st.login,
            args=(name,),
        )


def account_menu() -> None:
    """Show in the sidebar who is logged in, and let them log out; nothing without a log-in."""
    if not login_is_required():
        return
    name = str(st.user.get("name") or st.user.get("email") or "Account")
    with st.sidebar, st.popover("Account", icon=":material/account_circle:", key="account_menu"):
        st.text(name)
        st.caption("May train models" if may_manage_models() else "May use models, not train them")
        st.code(person(), language=None)
        st.caption("The app knows you by this; your drawings and settings are yours alone.")
        st.button("Log out", key="account_logout", icon=":material/logout:", on_click=st.logout)


def trainers_only(what: str) -> None:
    """Tell a person who may not manage models what others may.

    Args:
        what: What they can't do here, such as ``train``.
    """
    st.info(
        f"Only those whom this server's settings list as trainers can {what} here. You can look "
        "on, and use every model.",
        icon=":material/lock:",
    )
