"""The button that teaches a model, and what it needs to know."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from digitrec.drawings.accuracy import labeled_drawings
from digitrec.formatting import counted
from digitrec.jobs.duration_estimate import rough_duration_words
from digitrec.jobs.start import start_teaching
from digitrec.jobs.teaching_stages import teaching_stages
from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.teaching.taught_drawings import MIN_TO_HOLD_BACK, planned
from digitrec.teaching.teaching_run import teaching_config, unfinished_teaching
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import drawing_store, machine_pace, recognizer
from digitrec.ui.runs.last_start import LastStart, last_start
from digitrec.ui.runs.picker import choose_run

# The name of the run that was started last, until the page shows it.
STARTED = "teach_started"


def teach_form(store: ModelStore, labeled: Sequence[tuple[int, int]], run: Run | None) -> None:
    """Show the button, the model that it teaches, and what will come of it.

    Args:
        store: The models.
        labeled: The labeled drawings' numbers and labels; at least one.
        run: The run that is shown; None if no model was taught yet.
    """
    labels = Counter(label for _, label in labeled)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        place = st.container(width="content")
        with st.popover("Model", icon=":material/tune:", key="teach_settings"):
            model = _model_picker(store)
    last, settings = last_start("teach"), (model, labels)
    # A second one would wait for the first, and take the place of its progress.
    unfinished = unfinished_teaching(store)
    pressed = place.button(
        f"Teach {plain(store.title(model))}",
        key="teach_start",
        type="primary" if run is None else "secondary",
        icon=":material/school:",
        disabled=unfinished is not None,
    )
    if unfinished:
        st.caption(f"You can teach again when {plain(unfinished.title)} is done.")
    elif run is None or not run.state().is_live:
        st.caption(_what_comes(store, model, labeled, run))
    if pressed and not unfinished:
        _teach(store, model, last, settings)


def _model_picker(store: ModelStore) -> str:
    models = store.models()
    model = choose_run(
        store,
        "Model to teach",
        [run.name for run in models if run.can_be_trained_further],
        "teach_from",
        store.active_name(),
    )
    if fixed := [plain(run.title) for run in models if not run.can_be_trained_further]:
        st.caption(f"Models imported without layers can't be taught: {', '.join(fixed)}.")
    return model


def _what_comes(
    store: ModelStore, model: str, labeled: Sequence[tuple[int, int]], run: Run | None
) -> str:
    learned, held_back = planned(store.run(model), recognizer(model).classes, labeled)
    title, count = plain(store.title(model)), counted(learned + held_back, "drawing")
    to_test = f"the new model learns from {learned:,} and is tested with {held_back:,}."
    if run is not None:
        config = run.config()
        again = config is not None and config.start_from == model
        words = f"Starts {'again ' if again else ''}from {title} with all {count}"
        words += f": {to_test}" if held_back else "."
        return f"{words} {plain(run.title)} stays as it is."
    stages = teaching_stages(teaching_config(store, model), machine_pace())
    duration = rough_duration_words(sum(stage.seconds for stage in stages))
    words = (
        f"Makes a new model in about {duration}; {title} stays as it is. The new model also "
        "practices on some of MNIST's digits, so that it doesn't forget them. "
    )
    if held_back:
        return f"{words}Of your {count}, {to_test}"
    return f"{words}With {MIN_TO_HOLD_BACK} drawings or more, some are set aside to test it."


def _teach(
    store: ModelStore, start_from: str, last: LastStart, settings: tuple[str, Counter[int]]
) -> None:
    words = plain(f"{store.title(start_from)} is reading your drawings …")
    bar = st.progress(0.0, words)

    def show(done: float) -> None:
        bar.progress(done, words)

    def start() -> Run:
        return start_teaching(store, labeled_drawings(drawing_store()), start_from, progress=show)

    st.session_state[STARTED] = last.start(settings, None, start).name
    st.rerun()
