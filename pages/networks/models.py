import streamlit as st

from digitrec.ui.frame import shown_errors
from digitrec.ui.resources import model_store
from digitrec.ui.run_view import use_button

store = model_store()

st.caption(
    "Every training that finished or was stopped left a model. One of them answers on the "
    "drawing page."
)
for run in store.models():
    with st.container(border=True), shown_errors():
        results, config = run.results(), run.config()
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width=260, gap=None):
                st.subheader(run.name, anchor=False)
                st.caption(config.network if config else "imported")
            st.metric("Test accuracy", f"{results['test_accuracy']:.2%}", width=140)
            st.metric("Parameters", f"{results['parameters']:,}", width=140)
            use_button(store, run, key=f"models_use_{run.name}")
