"""Uploading pictures: chosen, dropped, pasted or taken with the camera, and read at once."""

import time
from collections.abc import Sequence
from typing import Any

import streamlit as st

from digitrec.errors import PictureError, one_line
from digitrec.formatting import counted, sentence
from digitrec.numbers.read_pictures import read_pictures
from digitrec.ui.pictures.paste import pasting_into
from digitrec.ui.pictures.readings import MAX_NAME, add
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import model_title
from digitrec.ui.served_model import served_model

WAYS = ("Files", "Camera")
REFUSED = "pictures_refused"
REFUSED_SHOWN = 20
UNREAD = "Not read because you left the page. Upload it again."
UPDATE_EVERY_S = 0.2


def new_files() -> Sequence[Any]:
    """Show the uploader or the camera, and return the files that haven't been read yet."""
    way = st.segmented_control(
        "Source", WAYS, required=True, default=WAYS[0], key="pictures_way",
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip
    files: Sequence[Any]
    if way == "Camera":
        taken = st.camera_input("Take a picture", key=f"pictures_camera_{generation()}", width=480)
        files = [taken] if taken else []
    else:
        st.caption("Choose files, drop them here, or paste a picture.")
        # No file types are excluded: Streamlit's own message would vanish at the next rerun.
        files = st.file_uploader(
            "Pictures", accept_multiple_files=True, key=f"pictures_files_{generation()}",
            label_visibility="collapsed",
        )  # fmt: skip
        pasting_into("pictures_files")
    return [file for file in files if file.file_id not in _read_already()]


def read_files(files: Sequence[Any]) -> None:
    """Read uploaded files with a progress bar, and add each to the readings at once.

    ``show_refused`` lists the files that can't be read, and those left unread because the person
    went to another page.
    """
    recognizer = served_model()
    title = model_title(recognizer.name)
    words = counted(len(files), "picture")
    bar, updated = st.progress(0.0, plain(f"{title} is reading {words} …")), 0.0
    names = {file.name for file in files}
    earlier = st.session_state.get(REFUSED, {})
    refused = {key: one for key, one in earlier.items() if one[0] not in names}
    refused |= {file.file_id: (file.name, UNREAD) for file in files}
    st.session_state[REFUSED] = refused
    contents = [(file.name, file.getvalue()) for file in files]
    index = 0
    for done, result in enumerate(read_pictures(recognizer, contents), 1):
        file = files[done - 1]
        _read_already().add(file.file_id)
        if isinstance(result, PictureError):
            refused[file.file_id] = (file.name, _text(result))
        else:
            refused.pop(file.file_id)
            add(result, index)
            index += 1
        if time.monotonic() - updated >= UPDATE_EVERY_S:
            words = f"{title} is reading: {done} of {len(files)} …"
            bar.progress(done / len(files), plain(words))
            updated = time.monotonic()
    bar.empty()


def _read_already() -> set[str]:
    found: set[str] = st.session_state.setdefault("pictures_read", set())
    return found


def empty_uploader() -> None:
    """Free the uploaded files and show an empty uploader."""
    st.session_state["pictures_generation"] = generation() + 1


def show_refused() -> None:
    """List the pictures that couldn't be read, and why, until the list is dismissed."""
    refused: dict[str, tuple[str, str]] = st.session_state.get(REFUSED, {})
    if not refused:
        return
    with st.container(border=True, gap="xsmall", key="pictures_refused_list"):
        words = counted(len(refused), "file")
        st.markdown(f":material/error: **{words} couldn't be read**")
        for name, reason in list(refused.values())[:REFUSED_SHOWN]:
            st.text(f"{one_line(name, MAX_NAME)}: {reason}")
        if len(refused) > REFUSED_SHOWN:
            st.caption(f"and {len(refused) - REFUSED_SHOWN:,} more")
        st.button(
            "Dismiss", key="pictures_dismiss", type="tertiary", icon=":material/close:",
            on_click=st.session_state.pop, args=(REFUSED, None),
        )  # fmt: skip


def generation() -> int:
    """Return how many uploads there have been."""
    return int(st.session_state.get("pictures_generation", 0))


def _text(error: PictureError) -> str:
    text = sentence(error)
    return text[:1].upper() + text[1:] + "."
