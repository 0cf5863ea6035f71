"""Scrolls something that has just appeared into view."""

import streamlit as st

# Pictures that load later make the container taller, so it scrolls again.
_JS = """
const AGAIN_MS = 500, MARGIN = 16
const box = key => document.querySelector(`.st-key-${key}`)?.getBoundingClientRect()

export default function ({ data }) {
    const { key, event, openedWith } = data, done = `data-in-view-${key}`
    const root = document.documentElement
    if (!event || root.getAttribute(done) === event) return
    root.setAttribute(done, event)
    const page = document.querySelector("[data-testid=stMain]")
    const start = page.getBoundingClientRect().top + 4 * MARGIN
    // How far to scroll: no farther than puts what opened it, or it itself, at the top.
    const distance = ({ top, bottom }) => {
        if (!openedWith) return top < 0 || top > innerHeight / 2 ? top - start : 0
        const above = box(openedWith).top
        const most = top - above < innerHeight / 2 ? above - start : top - start
        return Math.max(0, Math.min(bottom + MARGIN - innerHeight, most))
    }
    const scroll = () => box(key) && page.scrollBy(0, distance(box(key)))
    requestAnimationFrame(scroll)
    if (openedWith) setTimeout(scroll, AGAIN_MS)
}
"""
_into_view = st.components.v2.component("digitrec_into_view", js=_JS)


def scroll_into_view(key: str, event: str | None, *, opened_with: str | None = None) -> None:
    """Scroll to a container once after each event. Call this after the container is shown.

    Args:
        key: The container's key.
        event: What happened, in words that another event doesn't have; None if nothing did.
        opened_with: The key of what opened it. The page then scrolls only as far as shows all of
            it, and keeps both in view if they fit.
    """
    data = {"key": key, "event": event, "openedWith": opened_with}
    _into_view(key=f"{key}_into_view", data=data)
