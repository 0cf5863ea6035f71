"""Drawings downloaded as files, and uploaded from files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

import streamlit as st

from digitrec.drawings.files.download import FORMATS
from digitrec.drawings.files.upload import Received, upload_by_parts
from digitrec.drawings.selection import Selection
from digitrec.errors import BadInputError, DigitrecError
from digitrec.ui.history.upload_preview import is_turned, upload_preview
from digitrec.ui.plain import plain
from digitrec.ui.resources import active_recognizer, drawing_store, model_title
from digitrec.ui.server.downloads import download_link
from digitrec.words import counted

# A list that nobody reads to its end.
REFUSED_SHOWN = 100
FILES = "history_files"


def download_popover(selection: Selection, count: int) -> None:
    """Offer the selected drawings as a file of each form."""
    words = counted(count, "drawing")
    with st.popover("Download", icon=":material/download:", key="history_downloads"):
        st.markdown(f"The **{words}** that the filter leaves in, as")
        for name, form in FORMATS.items():
            st.link_button(
                form.words,
                download_link(selection, name),
                key=f"history_download_{name}",
                width="stretch",
            )


def upload_popover() -> None:
    """Let files be chosen and show what is in them; ``take_in`` saves it."""
    # Once files are saved or let go the keys change: closed, and without files again.
    number = _intake().times
    with st.popover("Upload", icon=":material/upload:", key=f"history_uploads_{number}"):
        intro = st.empty()
        files = st.file_uploader(
            "Files",
            accept_multiple_files=True,
            key=f"{FILES}_{number}",
            label_visibility="collapsed",
        )
        if not files:
            intro.markdown(
                "Pictures, or a ZIP of them, in folders named 0 to 9 if they are labeled; NumPy's "
                "`.npz`, MNIST's IDX files, CSV or Parquet; or what you downloaded here. Pages "
                "with several digits or numbers are read on *Pictures*."
            )
        else:
            can_save = upload_preview(files, number)
            with st.container(horizontal=True, gap="small"):
                if can_save:
                    st.button(
                        "Save them", key="history_upload", type="primary", on_click=_bring_files
                    )
                st.button("Cancel", key="history_upload_cancel", on_click=_let_go)


class _Batch(NamedTuple):
    """Files that were brought together, and whether their pixels' rows and columns are swapped."""

    files: Sequence[Any]
    is_turned: bool

    @property
    def name(self) -> str:
        first = self.files[0].name
        return first if len(self.files) == 1 else f"{first} and {len(self.files) - 1:,} more"


@dataclass
class _Intake:
    """Files that are taken in.

    Attributes:
        waiting: What was brought together each time and isn't saved yet; the first may be begun.
        first: What became of that.
        brought: The identifiers of all files, and of those that were brought before.
        count: How many times files were brought since nothing waited.
        times: How often files were brought or let go.
        received: What became of those that are saved; None if there is nothing to tell.
        lock: Lets one run of the script save at a time.
    """

    waiting: list[_Batch] = field(default_factory=list)
    first: Received = field(default_factory=Received)
    brought: set[str] = field(default_factory=set)
    count: int = 0
    times: int = 0
    received: Received | None = None
    lock: Lock = field(default_factory=Lock)

    def bring(self, files: Sequence[Any], is_turned: bool) -> None:
        """Add files, each once, however often the button was pressed."""
        new = [file for file in files if file.file_id not in self.brought]
        if not new:
            return
        if not self.waiting:
            self.count, self.received = 0, Received()
        self.waiting.append(_Batch(new, is_turned))
        self.brought |= {file.file_id for file in new}
        self.count += 1
        self.times += 1

    def next(self) -> None:
        """Be through with the first of those that wait."""
        if self.received is not None:
            self.received.add(self.first)
        del self.waiting[:1]
        self.first = Received()

    def give_up(self) -> None:
        """Let nothing wait any more; what was taken in is told."""
        self.next()
        self.waiting.clear()


def take_in() -> None:
    """Take in the files that were brought, and tell what became of them.

    Whoever presses something meanwhile cuts off the run of the script; the next one goes on.

    Raises:
        ModelError: If there is no model to recognise them.
        StoreError: If the database can't save them.
    """
    intake = _intake()
    if intake.waiting:
        # A run that was cut off goes on to its next bar of progress, beside the one that follows.
        with intake.lock:
            try:
                _take_in_those_that_wait(intake)
            except DigitrecError:
                intake.give_up()
                raise
        st.rerun()  # The numbers above this are out of date.
    if intake.received is not None:
        _tell(intake.received)
        st.button(
            "Dismiss", key="history_received_dismiss", type="tertiary", icon=":material/close:",
            on_click=setattr, args=(intake, "received", None),
        )  # fmt: skip


def _take_in_those_that_wait(intake: _Intake) -> None:
    store, (model, _), bar = drawing_store(), active_recognizer(), st.progress(0.0)
    while intake.waiting:
        batch = intake.waiting[0]
        words = plain(f"{model_title(model.name)} reads {batch.name} …")
        through = intake.count - len(intake.waiting)
        bar.progress(through / intake.count, words)
        files = [(file.name, file) for file in batch.files]
        try:
            for done in upload_by_parts(store, files, model, intake.first, batch.is_turned):
                bar.progress((through + done) / intake.count, words)
        except BadInputError as error:
            intake.first.refused.append((batch.name, str(error)))
        intake.next()
    bar.empty()


def _bring_files() -> None:
    intake = _intake()
    # A second press finds another field, which is empty.
    files = st.session_state.get(f"{FILES}_{intake.times}", ())
    intake.bring(files, is_turned(intake.times))


def _let_go() -> None:
    _intake().times += 1


def _intake() -> _Intake:
    found: _Intake = st.session_state.setdefault("history_intake", _Intake())
    return found


def _tell(received: Received) -> None:
    saved = len(received.saved)
    words = f"{saved:,} {'drawing was' if saved == 1 else 'drawings were'} saved."
    if received.duplicates:
        one = received.duplicates == 1
        words += f" {received.duplicates:,} {'duplicate was' if one else 'duplicates were'} skipped"
        words += f", {received.in_trash:,} of them in the trash" if received.in_trash else ""
        words += f"; {received.labelled:,} got a label from the file" if received.labelled else ""
        words += "."
    if received.refused:
        words += f" Left out: {len(received.refused):,}."
    st.info(words, icon=":material/upload:")
    if received.refused:
        rows = [{"What": what, "Why": why} for what, why in received.refused[:REFUSED_SHOWN]]
        st.dataframe(rows, hide_index=True, alt="What was left out")
