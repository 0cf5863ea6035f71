"""Pasting pictures: what is pasted anywhere on a page goes the way of a chosen file."""

import streamlit as st

# Streamlit's uploader takes what is chosen or dropped, and does not listen for pasting.
_JS = """
export default function ({ data }) {
    const paste = event => {
        const pictures = [...(event.clipboardData?.files ?? [])]
            .filter(file => file.type.startsWith("image/"))
        const input = document.querySelector(`[class*="${data}"] input[type=file]`)
        if (!pictures.length || !input) return
        const chosen = new DataTransfer()
        pictures.forEach(picture => chosen.items.add(picture))
        input.files = chosen.files
        input.dispatchEvent(new Event("change", { bubbles: true }))
        event.preventDefault()
    }
    addEventListener("paste", paste)
    return () => removeEventListener("paste", paste)
}
"""

_paste = st.components.v2.component("digitrec_paste", js=_JS)


def pasting_into(uploader: str) -> None:
    """Let what is pasted go into a file uploader.

    Args:
        uploader: What its key begins with.
    """
    _paste(data=f"st-key-{uploader}", key=f"{uploader}_paste")
