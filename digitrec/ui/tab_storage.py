"""The browser's storage for one tab, which survives reloads and restarts of the server."""

import streamlit as st

_JS = """
export default function ({ data, setStateValue }) {
    const prefix = "digitrec_"
    try {
        const names = Object.keys(sessionStorage).filter(key => key.startsWith(prefix))
        if (data.forget) names.forEach(key => sessionStorage.removeItem(key))
        if (data.keep) sessionStorage.setItem(prefix + "all", data.keep)
        if (!data.read_for || !names.length) return
        const kept = names.map(key => [key.slice(prefix.length), JSON.parse(sessionStorage[key])])
        const { all = null, ...canvases } = Object.fromEntries(kept)
        setStateValue("kept", { for: data.read_for, all, canvases })
    } catch {}  // Storage may be forbidden or full.
}
"""

tab = st.components.v2.component("digitrec_tab_memory", js=_JS)


def forget_in_tab() -> None:
    """Clear what the tab has stored."""
    tab(key="tab_forgetting", data={"forget": True})
