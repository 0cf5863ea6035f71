"""What came of teaching a model with drawings."""

from contextlib import suppress
from typing import Any

import streamlit as st

from digitrec.errors import ModelError
from digitrec.formatting import counted, percent
from digitrec.labels import label_plural, label_words
from digitrec.reports.difference import new_confusion
from digitrec.runs.model_store import ModelStore
from digitrec.runs.results import ChangedAnswer, TeachingResults
from digitrec.runs.run import Run, RunState
from digitrec.runs.test_answers import TEST_PICTURES
from digitrec.teaching.taught_drawings import MIN_TO_HOLD_BACK, TaughtDrawings
from digitrec.ui.charts.images import enlarged
from digitrec.ui.glossary import term
from digitrec.ui.page_frame import act
from digitrec.ui.plain_text import plain
from digitrec.ui.runs.status import problem_view, report_link, use_button

# At most this many pictures are shown.
SHOWN = 60
# By chance alone, retraining changes the accuracy on MNIST's test set by up to this many points.
CHANCE_POINTS = 0.1
# A model that loses more than this many points on MNIST is worse, whatever else it learned.
WORSE_POINTS = 1.0
# What a model did with one drawing, by how many it read correctly.
_ONE = ("misread it", "read it correctly")


def verdict(store: ModelStore, run: Run, teaching: TeachingResults) -> None:
    """Say in a sentence what came of it, with buttons to use the model or go back.

    Args:
        store: The models.
        run: The finished run.
        teaching: The report's part about the teaching.
    """
    config = run.config()
    before = config.start_from if config else None
    title_before = plain(store.title(before)) if before else "the previous model"
    warning = _warning(run, teaching, title_before)
    words = warning + _in_a_sentence(run, teaching, title_before)
    if _mnist_points(teaching) < -CHANCE_POINTS:
        words += _price(store, run, teaching, before, is_told=bool(warning))
    st.markdown(words)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        use_button(store, run, key="teach_use", is_next=not warning)
        if before is not None and store.active_name() == run.name:
            st.button(
                f"Back to {title_before}",
                key="teach_back",
                icon=":material/undo:",
                on_click=act,
                args=(store.activate, before),
            )
        report_link(run)
    st.caption(_what_it_shows(run, teaching.held_back))


def teaching_view(store: ModelStore, run: Run, teaching: TeachingResults) -> None:
    """Show before and after, and the drawings whose answers changed.

    Args:
        store: The models.
        run: The finished run.
        teaching: The report's part about the teaching.
    """
    st.header("Correct answers, and the change", anchor=False)
    with st.container(horizontal=True, gap="medium"):
        if teaching.held_back:
            _correct("Your test drawings", teaching.held_back_right, teaching.held_back)
        _correct("Drawings it learned from", teaching.taught_right, teaching.taught)
        _mnist(teaching)
    term("Test set")
    problem_view(run)
    if teaching.left_out:
        st.caption(_left_out_text(teaching.left_out))
    _changed(run, store.person, teaching.changed)


def _warning(run: Run, teaching: TeachingResults, title_before: str) -> str:
    """Say what speaks against the model; empty if nothing does."""
    points, stopped = _mnist_points(teaching), run.state() == RunState.STOPPED
    start = "Stopped early: on MNIST" if stopped else "On MNIST"
    worse = f"{plain(run.title)} is {-points:.2f} points worse than {title_before}"
    if points < -(CHANCE_POINTS if stopped else WORSE_POINTS):
        words = f"{start}, {worse}."
    elif stopped:
        words = "Stopped early."
    else:
        return ""
    return f":material/warning: **{words}** "


def _in_a_sentence(run: Run, teaching: TeachingResults, title_before: str) -> str:
    """Compare before and after, on test drawings if there are any."""
    is_measured = teaching.held_back > 0
    before, after = teaching.held_back_right if is_measured else teaching.taught_right
    count = teaching.held_back if is_measured else teaching.taught
    title = f"**{plain(run.title)}**"
    if count == 1:
        which = "your test drawing" if is_measured else "the drawing it learned from"
        same = f", as {title_before} did" if before == after else f". {title_before} {_ONE[before]}"
        return f"{title} {'reads' if after else 'misreads'} {which}{same}."
    which = "your {:,} test drawings" if is_measured else "the {:,} drawings it learned from"
    reads = f"Of {which.format(count)}, {title} reads {after:,} correctly."
    return f"{reads} {title_before} read {before:,}."


def _price(
    store: ModelStore, run: Run, teaching: TeachingResults, before: str | None, *, is_told: bool
) -> str:
    """Say what the model reads worse than before, and how to fix it."""
    lost = round(TEST_PICTURES * -_mnist_points(teaching) / 100)
    words = f" The trade-off: it misreads {lost:,} more of MNIST's {TEST_PICTURES:,} test digits."
    if is_told:
        words = ""
    with suppress(ModelError):  # The model before may be gone.
        if before and (found := new_confusion(store.run(before).results(), run.results())):
            label, answer = found
            others = label_plural(label)
            words += f" Most often, it reads {others} as {answer}, so label some of your {others}."
    return words


def _what_it_shows(run: Run, held_back: int) -> str:
    if not held_back:
        return (
            f"With {MIN_TO_HOLD_BACK} drawings or more, some are set aside to test the new model."
        )
    which = "drawing, so it shows" if held_back == 1 else "drawings, so they show"
    return f"{plain(run.title)} didn't learn from your test {which} how well it reads new ones."


def _correct(label: str, correct: tuple[int, int], count: int) -> None:
    before, after = correct
    _metric(label, f"{after:,} of {count:,}", f"{after - before:+d}")


def _mnist(teaching: TeachingResults) -> None:
    points = _mnist_points(teaching)
    is_chance = abs(points) <= CHANCE_POINTS
    accuracy = percent(teaching.test_accuracy[1])
    _metric("MNIST test set", accuracy, f"{points:+.2f}", " points", is_chance=is_chance)


def _mnist_points(teaching: TeachingResults) -> float:
    before, after = teaching.test_accuracy
    return round((after - before) * 100, 2)


def _metric(
    label: str, value: str, change: str, unit: str = "", *, is_chance: bool = False
) -> None:
    """Show a metric with its change; no change has no arrow, and chance has no color."""
    if float(change) == 0:
        st.metric(label, value, "no change", width="content", delta_color="off", delta_arrow="off")
    else:
        color: Any = "off" if is_chance else "normal"
        st.metric(label, value, f"{change}{unit}", width="content", delta_color=color)


def _left_out_text(left_out: int) -> str:
    were = "was" if left_out == 1 else "were"
    return (
        f"{counted(left_out, 'non-digit')} {were} left out because this model recognizes only "
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
    st.header("Changed answers", anchor=False)
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
    part = "test drawing" if drawing.held_back else "learned from"
    st.caption(f"Label: {label_words(drawing.label)}, {part}")
