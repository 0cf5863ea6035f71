import streamlit as st

from digitrec.formatting import counted
from digitrec.runs.summaries import summaries
from digitrec.ui.account import may_manage_models
from digitrec.ui.drawings.measured import known_accuracies
from digitrec.ui.models.cards import model_cards
from digitrec.ui.models.comparison import comparison
from digitrec.ui.models.importing import import_popover, show_imported
from digitrec.ui.models.measurement import explain_taught, measure_button, measure_models
from digitrec.ui.models.model import model_view
from digitrec.ui.models.selection import curve_colors, selected
from digitrec.ui.models.table import explain_star, filtered, model_table, show_all
from digitrec.ui.page_frame import act, shown_errors
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import model_store
from digitrec.ui.runs.picker import look_at

store = model_store()


def restore() -> None:
    if store.trash.title():  # After a second click the trash is empty.
        store.trash.restore()


st.caption("Every finished or stopped run has a model. The app uses the one with a star.")
show_imported()
manages = may_manage_models()
deleted = store.trash.title()
if manages and deleted:
    st.button(
        f"Restore {plain(deleted)}",
        key="models_undo",
        icon=":material/undo:",
        on_click=act,
        args=(restore,),
    )

runs = summaries(store)
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    shown = filtered(runs)
    if manages:
        import_popover(store)

known = known_accuracies(store)
chosen = [run for run in shown if run.name in selected()]
colors = curve_colors([run.name for run in chosen])
active = store.active_name()
model_table(shown, active, known, colors)
model_cards(shown, active, known, colors)

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.caption(
        f"{len(shown):,} of {len(runs):,} runs"
        if len(shown) < len(runs)
        else counted(len(runs), "run"),
        width="content",
    )
    unknown = [run for run in shown if run.version and run.version not in known.by_model]
    asked = measure_button(unknown, any_known=bool(known.by_model))
explain_star(shown, active)
if known.count:
    explain_taught(shown)
progress = st.container()
st.space("small")

with shown_errors():
    if len(chosen) > 1:
        comparison(store, chosen)
    elif chosen:
        look_at(chosen[0].name)
        model_view(store, chosen[0], known)
    elif not shown:
        st.info("No runs match your search.", icon=":material/search_off:")
        st.button("Show all runs", key="models_show_all", on_click=show_all)
    else:
        st.info(
            "Select a run to use, rename, annotate, download or delete it. Select "
            "several to compare them.",
            icon=":material/left_click:",
        )

# Last, so that the rest of the page is complete while the models are measured.
if asked:
    with progress, shown_errors():
        measure_models(store, unknown, known.by_model)
