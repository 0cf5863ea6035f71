"""Scrolls something that has just appeared into view."""

import streamlit as st

# Pictures that arrive later make what is shown longer.
_JS = """
const AGAIN_MS = 500

export default function ({ data }) {
    const { key, event, block } = data, done = `data-in-view-${key}`
    const root = document.documentElement
    if (!event || root.getAttribute(done) === event) return
    root.setAttribute(done, event)
    const scroll = () => {
        const shown = document.querySelector(`.st-key-${key}`)
        const { top, bottom } = shown?.getBoundingClientRect() ?? {}
        const isLow = block === "start" ? top > innerHeight / 2 : bottom > innerHeight
        if (top < 0 || isLow) shown.scrollIntoView({ block })
    }
    requestAnimationFrame(scroll)
    if (block === "nearest") setTimeout(scroll, AGAIN_MS)
}
"""
_into_view = st.components.v2.component("digitrec_into_view", js=_JS)


def scroll_into_view(key: str, event: str | None, *, whole: bool = False) -> None:
    """Scroll to a container once after each event. Call this after the container is shown.

    Args:
        key: The container's key.
        event: What happened, in words that another event doesn't have; None if nothing did.
        whole: Whether to scroll as little as shows all of it, instead of to its top.
    """
    data = {"key": key, "event": event, "block": "nearest" if whole else "start"}
    _into_view(key=f"{key}_into_view", data=data)
