"""Terms that are explained on click, where they stand."""

import base64

import streamlit as st

from digitrec.glossary.terms import TERMS


def term(name: str) -> None:
    """Show a term as a button that explains it, once per page.

    Args:
        name: The term's name in the glossary: ``Dropout``.
    """
    found = TERMS[name]
    popover = st.popover(
        found.name, type="tertiary", icon=":material/help:", key=f"term_{found.picture.stem}"
    )
    with popover, st.container(width=280):
        st.markdown(f"**{found.name}.** {found.sentence}")
        st.image(str(found.picture), width=240, alt=found.shows)


def terms(*names: str) -> None:
    """Show several terms in a row."""
    with st.container(horizontal=True, gap="small"):
        for name in names:
            term(name)


def with_term(name: str, text: str) -> str:
    """Return the help of a field that is about a term: the term's sentence and picture, then more.

    Args:
        name: The term's name in the glossary.
        text: What changing the field does.
    """
    found = TERMS[name]
    picture = base64.b64encode(found.picture.read_bytes()).decode()
    return f"{found.sentence}\n\n![{found.shows}](data:image/svg+xml;base64,{picture})\n\n{text}"
