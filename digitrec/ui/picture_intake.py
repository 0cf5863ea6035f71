"""Pictures that are chosen, dropped, pasted or taken with the camera, and read at once."""

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from digitrec.errors import PictureError, sentence
from digitrec.numbers.pictures import ReadPicture, read_pictures
from digitrec.ui.paste import pasting_into
from digitrec.ui.served_model import served_model

WAYS = ("Files", "Camera")
REFUSED = "pictures_refused"
REFUSED_SHOWN = 20
TELL_EVERY_S = 0.2


def brought_files() -> Sequence[Any]:
    """Let pictures be brought; return the files, until ``empty_uploader`` takes them away."""
    way = st.segmented_control(
        "Where from?", WAYS, required=True, default=WAYS[0], key="pictures_way",
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    if way == "Camera":
        taken = st.camera_input("Take a picture", key=f"pictures_camera_{_generation()}", width=480)
        return [taken] if taken else []
    # No kind of file is left out here: Streamlit would tell why, and at once be silent again.
    files: Sequence[Any] = st.file_uploader(
        "Pictures", accept_multiple_files=True, key=f"pictures_files_{_generation()}",
        label_visibility="collapsed",
    )  # fmt: skip
    pasting_into("pictures_files")
    return files


def read_files(files: Sequence[Any]) -> list[ReadPicture]:
    """Read uploaded files, with a progress bar; ``tell_refused`` tells what can't be read."""
    recognizer, bar, told = served_model(), st.progress(0.0), 0.0
    found: list[ReadPicture] = []
    refused: list[tuple[str, str]] = []
    contents = [(file.name, file.getvalue()) for file in files]
    for done, result in enumerate(read_pictures(recognizer, contents), 1):
        if isinstance(result, PictureError):
            refused.append((files[done - 1].name, _words(result)))
        else:
            found.append(result)
        if time.monotonic() - told >= TELL_EVERY_S:
            bar.progress(done / len(files), f"{recognizer.name} reads: {done} of {len(files)} …")
            told = time.monotonic()
    bar.empty()
    st.session_state[REFUSED] = refused
    return found


def empty_uploader() -> None:
    """Give back what was uploaded: it is read, and the next picture is to find an empty field."""
    st.session_state["pictures_generation"] = _generation() + 1


def tell_refused() -> None:
    """Tell which of the last pictures could not be read, and why."""
    refused: list[tuple[str, str]] = st.session_state.get(REFUSED, [])
    if not refused:
        return
    with st.container(border=True, gap="xsmall", key="pictures_refused_list"):
        one = len(refused) == 1
        words = "One picture" if one else f"{len(refused)} pictures"
        st.markdown(f":material/error: **{words} could not be read**")
        for name, reason in refused[:REFUSED_SHOWN]:
            st.text(f"{name}: {reason}")
        if len(refused) > REFUSED_SHOWN:
            st.caption(f"and {len(refused) - REFUSED_SHOWN:,} more")
        st.button(
            "Dismiss", key="pictures_dismiss", type="tertiary", icon=":material/close:",
            on_click=st.session_state.pop, args=(REFUSED, None),
        )  # fmt: skip


def _generation() -> int:
    return int(st.session_state.get("pictures_generation", 0))


def _words(error: PictureError) -> str:
    text = sentence(error)
    return text[:1].upper() + text[1:] + "."
