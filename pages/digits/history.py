import streamlit as st

from digitrec.drawings.reader import Counts
from digitrec.drawings.selection import Order, Selection
from digitrec.formatting import counted, percent
from digitrec.labels import LABELS, label_choice
from digitrec.ui.drawings.actions import delete_drawings, forget, label_drawings, undo_bar
from digitrec.ui.drawings.card import (
    PICKED,
    answer_colors,
    drawing_card,
    trashed_card,
)
from digitrec.ui.empty_states import no_drawings
from digitrec.ui.history.dialog import opened_drawing
from digitrec.ui.history.files import download_popover, save_uploads, upload_popover
from digitrec.ui.history.filters import drawing_filter, order_picker, show_all
from digitrec.ui.history.statistics import history_statistics
from digitrec.ui.page_frame import act, shown_errors
from digitrec.ui.resources import drawing_store

PER_PAGE = 24
# Of fewer labeled drawings, counts say more than percentages.
ENOUGH_FOR_PERCENT = 100
IN_TRASH = Selection(in_trash=True)
# Links contain these words, so they must not change.
VIEWS = ("Gallery", "Figures", "Trash")

store = drawing_store()
state = st.session_state
picked: set[int] = state.setdefault(PICKED, set())


def pick(numbers: list[int]) -> None:
    picked.update(numbers)


def pick_none() -> None:
    picked.clear()


def label_picked() -> None:
    label_drawings(sorted(picked), state["history_label_picked"])
    state["history_label_picked"] = None


def delete_picked() -> None:
    delete_drawings(sorted(picked))
    picked.clear()


def restore_all() -> None:
    store.restore(store.numbers(IN_TRASH))
    forget()


def empty_trash() -> None:
    store.empty_trash()
    forget()


def view_picker(trashed: int) -> str:
    # Not the widget's default, which would override a view that a click elsewhere has set.
    if "history_view" not in st.query_params:
        state.setdefault("history_view", "Gallery")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        view = st.segmented_control(
            "View", VIEWS, required=True, key="history_view", bind="query-params",
            label_visibility="collapsed",
        )  # fmt: skip
        if trashed:
            st.caption(f"{trashed:,} in the trash", width="content")
    return view or "Gallery"


def trash_view(count: int) -> None:
    if not count:
        st.info(
            "The trash is empty. You can restore deleted drawings here.", icon=":material/delete:"
        )
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Restore all", key="history_restore_all", icon=":material/restore_from_trash:",
            on_click=act, args=(restore_all,),
        )  # fmt: skip
        with st.popover("Empty trash", icon=":material/delete_forever:", key="history_trash"):
            st.markdown(f"Delete {counted(count, 'drawing')} permanently? This can't be undone.")
            st.button(
                "Delete permanently", key="history_empty_trash", type="primary",
                on_click=act, args=(empty_trash,),
            )  # fmt: skip
    pages = -(-count // PER_PAGE)
    page = min(state.get("history_trash_page", 1), pages)
    with st.grid("auto", min_column_width=160, border=True, key="history_trashed") as grid:
        for drawing in store.find(IN_TRASH, Order.NEWEST, PER_PAGE, (page - 1) * PER_PAGE):
            with grid.cell(), shown_errors():
                trashed_card(drawing)
    if pages > 1:
        st.pagination(pages, key="history_trash_page")


def selection_bar(on_page: list[int], selection: Selection, count: int) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        answer_colors()
        st.button(
            "Select this page", key="history_pick_page", icon=":material/select_all:",
            on_click=pick, args=(on_page,), disabled=picked.issuperset(on_page),
        )  # fmt: skip
        if count > len(on_page) and st.button(f"Select all {count:,}", key="history_pick_all"):
            pick(store.numbers(selection))
            st.rerun()
        if not picked:
            return
        st.markdown(f"**{len(picked):,} selected**", width="content")
        st.pills(
            "Label the selected",
            LABELS,
            key="history_label_picked",
            format_func=label_choice,
            label_visibility="collapsed",
            on_change=act,
            args=(label_picked,),
            wrap=True,
        )
        st.button(
            "Delete", key="history_picked_delete", icon=":material/delete:",
            on_click=act, args=(delete_picked,),
        )  # fmt: skip
        st.button(
            "Select none", key="history_pick_none", icon=":material/close:",
            on_click=pick_none,
        )  # fmt: skip


def headline(counts: Counts) -> None:
    words = f"**{counted(counts.all, 'drawing')}**"
    if counts.labeled >= ENOUGH_FOR_PERCENT:
        words += f" · {counts.labeled:,} labeled · {percent(counts.accuracy)} accuracy"
    elif counts.labeled:
        words += f" · {counts.labeled:,} labeled, {counts.right:,} read correctly"
    st.markdown(words, width="content")


with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    heading = st.container(width="content")
    selection, counts = drawing_filter(store)
    count = counts.all
    order = order_picker()
    files = st.container(horizontal=True, gap="small", width="content")
with heading:
    headline(counts)
with files:
    if count:
        download_popover(selection, count)
    upload_popover()
if state.setdefault("history_picked_in", selection) != selection:
    # Don't act on drawings the person no longer sees.
    picked.clear()
    state["history_picked_in"] = selection
save_uploads()
undo_bar()
trashed = store.count(IN_TRASH).all
view = view_picker(trashed)

if view == "Trash":
    trash_view(trashed)
elif not store.count().all:
    no_drawings(store)
elif not count:
    st.info("No drawings match the filter.", icon=":material/filter_list:")
    st.button("Show all drawings", key="history_show_all", on_click=show_all)
elif view == "Figures":
    history_statistics(store, store.outcomes(selection))
else:
    pages = -(-count // PER_PAGE)
    page = min(state.get("history_page", 1), pages)
    drawings = store.find(selection, order, PER_PAGE, (page - 1) * PER_PAGE)
    selection_bar([drawing.id for drawing in drawings], selection, count)
    with st.grid("auto", min_column_width=168, border=True, key="history_gallery") as grid:
        for drawing in drawings:
            with grid.cell(), shown_errors():
                drawing_card(drawing)
    if pages > 1:
        st.pagination(pages, key="history_page", bind="query-params")

opened_drawing()
