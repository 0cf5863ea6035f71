"""Pasting pictures anywhere on the page, as if they were chosen in the file uploader."""

import streamlit as st

# Streamlit's uploader doesn't listen for pasted files.
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
    """Send pasted pictures to a file uploader.

    Args:
        uploader: What the uploader's key begins with.
    """
    _paste(data=f"st-key-{uploader}", key=f"{uploader}_paste")
