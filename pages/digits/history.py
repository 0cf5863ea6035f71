from datetime import UTC

import streamlit as st

from digitrec.drawings.store import Drawing
from digitrec.preprocessing import open_picture
from digitrec.ui.frame import act, shown_errors
from digitrec.ui.resources import drawing_store

PER_PAGE = 24
UNLABELLED = -1

store = drawing_store()
state = st.session_state


def label(drawing_id: int) -> None:
    chosen = state[f"history_label_{drawing_id}"]
    store.label(drawing_id, None if chosen == UNLABELLED else chosen)


def delete(drawing_id: int) -> None:
    store.delete(drawing_id)
    state["history_deleted"] = drawing_id


def undo_delete() -> None:
    store.restore(state.pop("history_deleted"))


def restore_all() -> None:
    store.restore_all()
    state.pop("history_deleted", None)


def empty_bin() -> None:
    store.empty_bin()
    state.pop("history_deleted", None)


def card(drawing: Drawing) -> None:
    right = drawing.label is None or drawing.label == drawing.digit
    refused = drawing.is_digit is False and drawing.label is None
    open_picture(drawing.picture)
    st.image(drawing.picture, width=140, alt=f"Drawing {drawing.id}, recognised as {drawing.digit}")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.badge(
            "no digit" if refused else f"{drawing.digit} · {drawing.confidence:.0%}",
            color="gray" if drawing.label is None else "green" if right else "red",
        )
        st.button(
            "Delete",
            key=f"history_delete_{drawing.id}",
            icon=":material/delete:",
            type="tertiary",
            on_click=act,
            args=(delete, drawing.id),
        )
    st.selectbox(
        "Label",
        [UNLABELLED, *range(10)],
        key=f"history_label_{drawing.id}",
        index=0 if drawing.label is None else drawing.label + 1,
        format_func=lambda value: "not labelled" if value == UNLABELLED else f"it is a {value}",
        label_visibility="collapsed",
        on_change=act,
        args=(label, drawing.id),
    )
    when = drawing.created_at.replace(tzinfo=UTC).astimezone()
    st.caption(f"{when:%d %b %Y, %H:%M}  \nby {drawing.model}")


count, binned = store.count(), store.count_deleted()

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.markdown(f"**{count:,}** {'drawing' if count == 1 else 'drawings'}", width="content")
    if count:
        st.download_button(
            "Download all",
            store.export_zip,
            "drawings.zip",
            key="history_download",
            icon=":material/download:",
            on_click="ignore",
            help="A ZIP with every drawing as PNG and a table of digits, confidences and labels.",
        )
    if state.get("history_deleted"):
        st.button(
            f"Undo: bring back drawing {state['history_deleted']}",
            key="history_undo",
            icon=":material/undo:",
            on_click=act,
            args=(undo_delete,),
        )
    if binned:
        with st.popover(f"Bin ({binned})", icon=":material/delete:", key="history_bin"):
            st.button(
                "Bring all back", key="history_restore_all", on_click=act, args=(restore_all,)
            )
            st.button(
                "Empty the bin for good",
                key="history_empty_bin",
                on_click=act,
                args=(empty_bin,),
            )

if not count:
    st.info("Nothing is saved yet. Draw a digit and press *Save*.", icon=":material/draw:")
    st.page_link("pages/digits/draw.py", label="Go to the drawing page", icon=":material/draw:")
else:
    pages = -(-count // PER_PAGE)
    page = min(st.session_state.get("history_page", 1), pages)
    with st.grid("auto", min_column_width=170, border=True, key="history_gallery") as grid:
        for drawing in store.drawings(PER_PAGE, (page - 1) * PER_PAGE):
            with grid.cell(), shown_errors():
                card(drawing)
    if pages > 1:
        st.pagination(pages, key="history_page")
