"""What came of teaching a model with drawings."""

import streamlit as st

from digitrec.labels import NO_DIGIT, label_words
from digitrec.runs.model_store import ModelStore
from digitrec.runs.results import ChangedAnswer, TeachingResults
from digitrec.runs.run import Run, RunState
from digitrec.teaching.teaching import ENOUGH, TaughtDrawings
from digitrec.ui.frame import act
from digitrec.ui.images import enlarged
from digitrec.ui.plain import plain
from digitrec.ui.runs.run import problem_view, report_link, use_button
from digitrec.words import percent

# More pictures than that say no more.
SHOWN = 60


def teaching_view(store: ModelStore, run: Run, teaching: TeachingResults) -> None:
    """Show how a finished teaching changed the answers, and let the person use it or go back.

    Args:
        store: The models.
        run: The run that taught.
        teaching: What came of it.
    """
    config = run.config()
    before = config.start_from if config else None
    with st.container(horizontal=True, gap="medium"):
        _right("Held back", teaching.held_back_right, teaching.held_back)
        _right("Taught", teaching.taught_right, teaching.taught)
        old, new = teaching.test_accuracy
        points = f"{(new - old) * 100:+.2f}"
        _metric("MNIST test set", percent(new), points, "points")
    problem_view(run)
    if run.state() == RunState.STOPPED:
        st.warning("It was stopped before its end.", icon=":material/stop_circle:")
    st.caption(_held_back_words(teaching.held_back) + _left_out_words(teaching.left_out))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        use_button(store, run, key="teach_use")
        if before is not None and store.active_name() == run.name:
            st.button(
                f"Back to {plain(store.title(before))}",
                key="teach_back",
                icon=":material/undo:",
                on_click=act,
                args=(store.activate, before),
            )
        report_link(run)
    _changed(run, store.person, teaching.changed)


def _right(label: str, right: tuple[int, int], count: int) -> None:
    before, after = right
    value = f"{after} of {count}" if count else "none"
    _metric(f"{label}, right", value, f"{after - before:+d}" if count else None, "right")


def _metric(label: str, value: str, change: str | None, unit: str) -> None:
    """Show a figure with its change, which has an arrow and a color only if there is one."""
    if change is not None and float(change) == 0:
        st.metric(label, value, "no change", width="content", delta_color="off", delta_arrow="off")
    else:
        st.metric(label, value, change and f"{change} {unit}", width="content")


def _held_back_words(held_back: int) -> str:
    if held_back:
        return (
            "The drawings that were held back were not learned from: they say how it will read "
            "the next ones."
        )
    return f"With {ENOUGH} labelled drawings or more a part is held back, to measure with."


def _left_out_words(left_out: int) -> str:
    if not left_out:
        return ""
    return f" {left_out} were left out: this model can't say that a drawing is no digit."


def _changed(run: Run, person: str, changed: list[ChangedAnswer]) -> None:
    drawings = TaughtDrawings.read(run)
    if drawings is not None and drawings.owner != person:
        st.info("Its drawings are shown to whom they belong.", icon=":material/lock:")
        return
    if drawings is None or not changed:
        st.info("No drawing is read differently now.", icon=":material/drag_handle:")
        return
    st.subheader("Read differently now", anchor=False)
    places = {int(number): place for place, number in enumerate(drawings.ids)}
    with st.grid("auto", min_column_width=130, border=True, key="teach_changed") as grid:
        for drawing in sorted(changed, key=lambda change: not change.held_back)[:SHOWN]:
            with grid.cell():
                picture = enlarged(drawings.inputs[places[drawing.id]], 4)
                st.image(picture, width=96, alt=f"Drawing {drawing.id}")
                _change(drawing)
    if len(changed) > SHOWN:
        st.caption(f"{SHOWN} of {len(changed)} are shown.")


def _change(drawing: ChangedAnswer) -> None:
    before, after = (label_words(said.answer) for said in (drawing.before, drawing.after))
    is_right = drawing.after.answer == drawing.label
    st.badge(f"{before} → {after}", color="green" if is_right else "red")
    part = "held back" if drawing.held_back else "taught"
    name = label_words(drawing.label)
    st.caption(f"{name if drawing.label == NO_DIGIT else f'a {name}'}, {part}")
