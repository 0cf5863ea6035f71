import streamlit as st

from digitrec.runs import Run
from digitrec.ui.frame import act, shown_errors
from digitrec.ui.resources import model_store
from digitrec.ui.run_view import use_button

store = model_store()


def card(run: Run) -> None:
    results, config = run.results(), run.config()
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container(width=260, gap=None):
            st.subheader(run.name, anchor=False)
            st.caption(config.network if config else "imported")
        st.metric("Test accuracy", f"{results['test_accuracy']:.2%}", width=140)
        st.metric("Parameters", f"{results['parameters']:,}", width=140)
        use_button(store, run, key=f"models_use_{run.name}")
        if store.can_be_changed(run):
            delete_button(run)


def delete_button(run: Run) -> None:
    popover = st.popover("Delete", icon=":material/delete:", type="tertiary")
    with popover, st.container(width=320):
        st.markdown(
            "The model goes, and all that is known of its training. It can be brought back until "
            "another one is deleted."
        )
        st.button(
            f"Delete {run.name}",
            key=f"models_delete_{run.name}",
            type="primary",
            on_click=act,
            args=(store.delete, run.name),
        )


st.caption(
    "Every training that finished or was stopped left a model. One of them answers on the "
    "drawing page."
)
if deleted := store.deleted_name():
    st.button(
        f"Undo: bring back {deleted}",
        key="models_undo",
        icon=":material/undo:",
        on_click=act,
        args=(store.restore_deleted,),
    )
for run in store.models():
    with st.container(border=True), shown_errors():
        card(run)
