"""What came of teaching a model with drawings."""

import streamlit as st

from digitrec.formatting import counted, percent
from digitrec.labels import NO_DIGIT, label_words
from digitrec.runs.model_store import ModelStore
from digitrec.runs.results import ChangedAnswer, TeachingResults
from digitrec.runs.run import Run, RunState
from digitrec.teaching.taught_drawings import MIN_TO_HOLD_BACK, TaughtDrawings
from digitrec.ui.images import enlarged
from digitrec.ui.page_frame import act
from digitrec.ui.plain_text import plain
from digitrec.ui.runs.status import problem_view, report_link, use_button

# At most this many pictures are shown.
SHOWN = 60


def verdict(store: ModelStore, run: Run, teaching: TeachingResults) -> None:
    """Say in a sentence what came of it, with buttons to use the model or go back.

    Args:
        store: The models.
        run: The finished run.
        teaching: The report's part about the teaching.
    """
    st.markdown(_in_a_sentence(run, teaching))
    config = run.config()
    before = config.start_from if config else None
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


def teaching_view(store: ModelStore, run: Run, teaching: TeachingResults) -> None:
    """Show before and after, and the drawings whose answers changed.

    Args:
        store: The models.
        run: The finished run.
        teaching: The report's part about the teaching.
    """
    with st.container(horizontal=True, gap="medium"):
        _correct("held-back", teaching.held_back_right, teaching.held_back)
        _correct("taught", teaching.taught_right, teaching.taught)
        old, new = teaching.test_accuracy
        points = f"{(new - old) * 100:+.2f}"
        _metric("MNIST test set", percent(new), points, " points")
    problem_view(run)
    if run.state() == RunState.STOPPED:
        st.warning("The run was stopped early.", icon=":material/stop_circle:")
    st.caption(_held_back_text(teaching.held_back) + _left_out_text(teaching.left_out))
    _changed(run, store.person, teaching.changed)


def _in_a_sentence(run: Run, teaching: TeachingResults) -> str:
    """Compare before and after, on held-back drawings if there are any."""
    is_measured = teaching.held_back > 0
    before, after = teaching.held_back_right if is_measured else teaching.taught_right
    count = teaching.held_back if is_measured else teaching.taught
    which = "held-back" if is_measured else "taught"
    return (
        f"**{plain(run.title)}** reads {after} of {count} {which} "
        f"drawing{'' if count == 1 else 's'} correctly. Before, it was {before}."
    )


def _correct(which: str, correct: tuple[int, int], count: int) -> None:
    before, after = correct
    value = f"{after} of {count}" if count else "none"
    _metric(f"Correct, {which} drawings", value, f"{after - before:+d}" if count else None)


def _metric(label: str, value: str, change: str | None, unit: str = "") -> None:
    """Show a metric with its change; no change is gray and has no arrow."""
    if change is not None and float(change) == 0:
        st.metric(label, value, "no change", width="content", delta_color="off", delta_arrow="off")
    else:
        st.metric(label, value, change and f"{change}{unit}", width="content")


def _held_back_text(held_back: int) -> str:
    if held_back:
        return (
            "The model didn't learn from the held-back drawings, so they show how well it will "
            "recognize new ones."
        )
    least = f"With {MIN_TO_HOLD_BACK} or more labeled drawings"
    return f"{least}, some are held back to measure the new model."


def _left_out_text(left_out: int) -> str:
    if not left_out:
        return ""
    were = "was" if left_out == 1 else "were"
    return (
        f" {counted(left_out, 'non-digit')} {were} left out because this model recognizes only "
        "digits."
    )


def _changed(run: Run, person: str, changed: list[ChangedAnswer]) -> None:
    drawings = TaughtDrawings.read(run)
    if drawings is not None and drawings.owner != person:
        st.info("Only the person who drew these drawings can see them.", icon=":material/lock:")
        return
    if drawings is None or not changed:
        st.info("No answers changed.", icon=":material/drag_handle:")
        return
    st.subheader("Changed answers", anchor=False)
    indices = {int(number): index for index, number in enumerate(drawings.ids)}
    with st.grid("auto", min_column_width=130, border=True, key="teach_changed") as grid:
        for drawing in sorted(changed, key=lambda change: not change.held_back)[:SHOWN]:
            with grid.cell():
                picture = enlarged(drawings.inputs[indices[drawing.id]], 4)
                st.image(picture, width=96, alt=f"Drawing {drawing.id}")
                _change(drawing)
    if len(changed) > SHOWN:
        st.caption(f"Showing {SHOWN} of {len(changed)}.")


def _change(drawing: ChangedAnswer) -> None:
    before, after = (label_words(one.answer) for one in (drawing.before, drawing.after))
    is_right = drawing.after.answer == drawing.label
    st.badge(f"{before} → {after}", color="green" if is_right else "red")
    part = "held back" if drawing.held_back else "taught"
    name = label_words(drawing.label)
    st.caption(f"{name if drawing.label == NO_DIGIT else f'a {name}'}, {part}")
