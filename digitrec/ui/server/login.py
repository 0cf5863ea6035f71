"""The login page, the account menu, and what people who can't train see instead."""

import streamlit as st

from digitrec.errors import ConfigurationError
from digitrec.ui.account import login_is_required, may_manage_models, person, providers
from digitrec.ui.tab_storage import forget_in_tab


def login_page() -> None:
    """Show the login page, and clear what the tab stored for the last person.

    Raises:
        ConfigurationError: If the secrets name no login provider.
    """
    forget_in_tab()
    st.header("digitrec", anchor=False)
    st.markdown("Draw digits, see them recognized, and teach a network with them.")
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
    """Show the account and the logout button, if the app has a login."""
    if not login_is_required():
        return
    name = str(st.user.get("name") or st.user.get("email") or "Account")
    with (
        st.container(horizontal=True, horizontal_alignment="right"),
        st.popover("Account", icon=":material/account_circle:", key="account_menu"),
    ):
        st.text(name)
        st.caption(
            "Can train models" if may_manage_models() else "Can use models but not train them"
        )
        st.code(person(), language=None)
        st.caption("Your ID in this app. Only you can see your drawings and settings.")
        st.button("Log out", key="account_logout", icon=":material/logout:", on_click=st.logout)


def trainers_only(what: str) -> None:
    """Say that only trainers can do this.

    Args:
        what: What they can do, such as ``train``.
    """
    st.info(
        f"Only trainers can {what}; ask whoever runs this server to add you. You can still watch "
        "runs and use every model.",
        icon=":material/lock:",
    )
