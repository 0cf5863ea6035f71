"""A preview of the files chosen for an upload, before anything is saved."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import streamlit as st

from digitrec.drawings.files.file_kinds import found_in
from digitrec.drawings.files.incoming import Incoming, Refused
from digitrec.drawings.files.upload_preview import Preview, count_words, label_counts, preview
from digitrec.errors import BadInputError, one_line
from digitrec.labels import label_words
from digitrec.ui.plain_text import plain

TRANSPOSE = "history_upload_turn"
KEPT = "history_upload_preview"
PICTURE_WIDTH = 46
REFUSED_SHOWN = 4

Counts = Counter[int | str | None]


def upload_preview(files: Sequence[Any], number: int) -> bool:
    """Show the first drawings with their labels, and how many drawings have which label.

    Args:
        files: The uploaded files.
        number: Identifies this upload in the widgets' keys.

    Returns:
        Whether there is anything to save.
    """
    try:
        begin = _preview(files, is_transposed(number))
    except BadInputError as error:
        st.error(plain(f"{error}."), icon=":material/error:")
        return False
    _show_drawings(begin.drawings)
    if begin.can_transpose:
        st.toggle(
            "Swap rows and columns", key=f"{TRANSPOSE}_{number}",
            help="Transposes each picture, for datasets stored sideways, such as EMNIST.",
        )  # fmt: skip
    with st.spinner("Counting …"):
        counts = _counts(files)
    st.markdown(f"{count_words(counts)}. Duplicates are skipped.")
    if counts[""]:
        st.caption(f"{counts['']:,} more have a label that isn't a digit and are left out.")
    _show_refused(begin.refused)
    return bool(begin.drawings)


def is_transposed(number: int) -> bool:
    """Return whether to swap the rows and columns of an upload's pixels."""
    return bool(st.session_state.get(f"{TRANSPOSE}_{number}", False))


def _show_drawings(drawings: Sequence[Incoming]) -> None:
    with st.container(horizontal=True, gap="xsmall", key="history_upload_drawings"):
        for drawing in drawings:
            words = "no label" if drawing.label is None else label_words(drawing.label)
            st.image(drawing.picture, caption=words, width=PICTURE_WIDTH, alt=words)


def _show_refused(refused: Sequence[Refused]) -> None:
    if not refused:
        return
    lines = [f"- {plain(f'{one_line(r.name, 60)}: {r.reason}')}" for r in refused[:REFUSED_SHOWN]]
    more = len(refused) - REFUSED_SHOWN
    lines += [f"- and {more:,} more"] if more > 0 else []
    st.warning("These can't be read:\n" + "\n".join(lines), icon=":material/warning:")


def _preview(files: Sequence[Any], transposed: bool) -> Preview:
    """Return a preview of the files, which are read only once."""
    kept = _kept(files)
    if ("preview", transposed) not in kept:
        with found_in([(file.name, file) for file in files]) as found:
            kept["preview", transposed] = preview(found, transposed)
    return kept["preview", transposed]


def _counts(files: Sequence[Any]) -> Counts:
    kept = _kept(files)
    if "counts" not in kept:
        with found_in([(file.name, file) for file in files]) as found:
            kept["counts"] = label_counts(found)
    return kept["counts"]


def _kept(files: Sequence[Any]) -> dict[Any, Any]:
    """Return what is already known about these files, and drop what was kept of others."""
    chosen = tuple(file.file_id for file in files)
    known: tuple[Any, dict[Any, Any]] = st.session_state.get(KEPT, ((), {}))
    if known[0] != chosen:
        known = chosen, {}
        st.session_state[KEPT] = known
    return known[1]
