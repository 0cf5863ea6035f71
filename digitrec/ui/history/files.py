"""Downloading drawings as files, and uploading them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

import streamlit as st

from digitrec.drawings.files.download import FORMATS
from digitrec.drawings.files.upload import Received, upload_by_parts
from digitrec.drawings.selection import Selection
from digitrec.errors import BadInputError, DigitrecError
from digitrec.formatting import counted
from digitrec.ui.history.upload_preview import is_transposed, upload_preview
from digitrec.ui.plain_text import plain
from digitrec.ui.resources import active_recognizer, drawing_store, model_title
from digitrec.ui.server.downloads import download_link

# At most this many refused items are listed.
REFUSED_SHOWN = 100
FILES = "history_files"


def download_popover(selection: Selection, count: int) -> None:
    """Show a link for each format to download the selected drawings in."""
    words = counted(count, "drawing")
    with st.popover("Download", icon=":material/download:", key="history_downloads"):
        st.markdown(f"Download **{words}** as")
        for name, form in FORMATS.items():
            st.link_button(
                form.words,
                download_link(selection, name),
                key=f"history_download_{name}",
                width="stretch",
            )


def upload_popover() -> None:
    """Show the file uploader and a preview of the chosen files; ``save_uploads`` saves them."""
    # New keys after a save or a cancel close the popover and empty the uploader.
    number = _upload_queue().times
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
                "Pictures or a ZIP of pictures, labeled by folders named 0 to 9; NumPy's `.npz`, "
                "MNIST's IDX files, CSV or Parquet; or any file you downloaded here. For pictures "
                "with several digits or numbers, use *Pictures*."
            )
        else:
            can_save = upload_preview(files, number)
            with st.container(horizontal=True, gap="small"):
                if can_save:
                    st.button("Save", key="history_upload", type="primary", on_click=_add_files)
                st.button("Cancel", key="history_upload_cancel", on_click=_cancel)


class _Batch(NamedTuple):
    """Files uploaded together, and whether the rows and columns of their pixels are swapped."""

    files: Sequence[Any]
    is_transposed: bool

    @property
    def name(self) -> str:
        first = self.files[0].name
        return first if len(self.files) == 1 else f"{first} and {len(self.files) - 1:,} more"


@dataclass
class _UploadQueue:
    """Uploaded files that wait to be saved.

    Attributes:
        waiting: The batches that aren't saved yet; the first may be saved in part.
        first: The first batch's results so far.
        known: The identifiers of all files added in this session.
        count: How many batches were added since the queue was last empty.
        times: How many uploads were added or canceled.
        received: The results of the saved batches; None if there is nothing to report.
        lock: Lets only one run of the script save at a time.
    """

    waiting: list[_Batch] = field(default_factory=list)
    first: Received = field(default_factory=Received)
    known: set[str] = field(default_factory=set)
    count: int = 0
    times: int = 0
    received: Received | None = None
    lock: Lock = field(default_factory=Lock)

    def add(self, files: Sequence[Any], is_transposed: bool) -> None:
        """Add a batch of files, without those that an earlier press added."""
        new = [file for file in files if file.file_id not in self.known]
        if not new:
            return
        if not self.waiting:
            self.count, self.received = 0, Received()
        self.waiting.append(_Batch(new, is_transposed))
        self.known |= {file.file_id for file in new}
        self.count += 1
        self.times += 1

    def finish_first(self) -> None:
        """Remove the first batch and add its results to the report."""
        if self.received is not None:
            self.received.add(self.first)
        del self.waiting[:1]
        self.first = Received()

    def give_up(self) -> None:
        """Drop all batches, but report what was saved."""
        self.finish_first()
        self.waiting.clear()


def save_uploads() -> None:
    """Save the uploaded files, and report the results.

    If the person does something else in the meantime, Streamlit stops this run of the script and
    the next run continues where it stopped.

    Raises:
        ModelError: If there is no model to recognize the drawings.
        StoreError: If the database can't save them.
    """
    queue = _upload_queue()
    if queue.waiting:
        # A stopped script run continues alongside the next one until it updates the progress bar.
        with queue.lock:
            try:
                _save_waiting(queue)
            except DigitrecError:
                queue.give_up()
                raise
        st.rerun()  # The counts above are out of date.
    if queue.received is not None:
        _report(queue.received)
        st.button(
            "Dismiss", key="history_received_dismiss", type="tertiary", icon=":material/close:",
            on_click=setattr, args=(queue, "received", None),
        )  # fmt: skip


def _save_waiting(queue: _UploadQueue) -> None:
    store, (model, _), bar = drawing_store(), active_recognizer(), st.progress(0.0)
    while queue.waiting:
        batch = queue.waiting[0]
        words = plain(f"{model_title(model.name)} is reading {batch.name} …")
        finished = queue.count - len(queue.waiting)
        bar.progress(finished / queue.count, words)
        files = [(file.name, file) for file in batch.files]
        try:
            for done in upload_by_parts(store, files, model, queue.first, batch.is_transposed):
                bar.progress((finished + done) / queue.count, words)
        except BadInputError as error:
            queue.first.refused.append((batch.name, str(error)))
        queue.finish_first()
    bar.empty()


def _add_files() -> None:
    queue = _upload_queue()
    # On a second press the uploader has a new key and is empty.
    files = st.session_state.get(f"{FILES}_{queue.times}", ())
    queue.add(files, is_transposed(queue.times))


def _cancel() -> None:
    _upload_queue().times += 1


def _upload_queue() -> _UploadQueue:
    found: _UploadQueue = st.session_state.setdefault("history_upload_queue", _UploadQueue())
    return found


def _report(received: Received) -> None:
    saved = len(received.saved)
    words = f"{saved:,} {'drawing was' if saved == 1 else 'drawings were'} saved."
    if received.duplicates:
        one = received.duplicates == 1
        words += f" {received.duplicates:,} {'duplicate was' if one else 'duplicates were'} skipped"
        words += f", {received.in_trash:,} of them in the trash" if received.in_trash else ""
        words += f"; {received.labeled:,} got a label from the file" if received.labeled else ""
        words += "."
    if received.refused:
        words += f" {counted(len(received.refused), 'item')} couldn't be read:"
    st.info(words, icon=":material/upload:")
    if received.refused:
        rows = [
            {"Item": name, "Reason": reason} for name, reason in received.refused[:REFUSED_SHOWN]
        ]
        st.dataframe(rows, hide_index=True, alt="Items that couldn't be read")
