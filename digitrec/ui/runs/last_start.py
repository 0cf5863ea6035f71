"""The run a session started last, so that a double click doesn't start two."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import streamlit as st

from digitrec.runs.run import Run
from digitrec.ui.plain_text import plain


@dataclass
class LastStart:
    """The run that a button of this session started last.

    If the button is pressed again while a run is being started, both presses are handled at the
    same time, and Streamlit stops the first one at its next access to the session state. So a
    callback fetches this object first, and ``start`` holds a lock.
    """

    lock: Lock = field(default_factory=Lock)
    settings: object = None
    name: str | None = None
    run: Run | None = None

    def start(self, settings: object, name: str | None, start: Callable[[], Run]) -> Run:
        """Start a run, unless the last one has the same settings and isn't over yet.

        Args:
            settings: The run's settings.
            name: The run's name; None if the person didn't choose one.
            start: Starts the run.

        Returns:
            The new run or the last one.
        """
        with self.lock:
            run = self.running(settings, name)
            if run is None:
                run = self.run = start()
                self.settings, self.name = settings, name
            return run

    def running(self, settings: object, name: str | None = None) -> Run | None:
        """Return the last run if it has these settings and isn't over yet, else None."""
        is_the_same = self.settings == settings and name in (None, self.name)
        return self.run if is_the_same and self.run and self.run.is_alive() else None

    def forget(self) -> None:
        """Allow a second run with the same settings."""
        self.settings = None


def last_start(page: str) -> LastStart:
    """Return the run that a page's button started last in this session."""
    found: LastStart = st.session_state.setdefault(f"{page}_last_start", LastStart())
    return found


def already_started(page: str, run: Run) -> None:
    """Say that a run with these settings is in progress, with a button to allow another."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"{plain(run.title)} was started with these settings.", width="content")
        st.button(
            "Start another",
            key=f"{page}_allow_another",
            icon=":material/add:",
            on_click=last_start(page).forget,
            help="Lets you start a second run with the same settings.",
        )
