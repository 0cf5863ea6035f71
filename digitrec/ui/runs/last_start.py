"""The run that a session started last: a second press on the same button starts no second run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

import streamlit as st

from digitrec.runs.run import Run
from digitrec.ui.plain import plain


@dataclass
class LastStart:
    """What a button of this session started last.

    A press that comes while the one before is still at work runs beside it, and cuts it off where
    it next looks into the session. So this is fetched first, and kept under a lock.
    """

    lock: Lock = field(default_factory=Lock)
    settings: object = None
    name: str | None = None
    run: Run | None = None

    def start(self, settings: object, name: str | None, start: Callable[[], Run]) -> Run:
        """Start a run, or return the one that was started with the same settings and is going.

        Args:
            settings: What the run does.
            name: What it is to be called; None where that is left open.
            start: Starts it.
        """
        with self.lock:
            going = self.going(settings, name)
            if going is None:
                going = self.run = start()
                self.settings, self.name = settings, name
            return going

    def going(self, settings: object, name: str | None = None) -> Run | None:
        """Return the run that is going with these settings; None if there is none."""
        is_the_same = self.settings == settings and name in (None, self.name)
        return self.run if is_the_same and self.run and self.run.is_alive() else None

    def forget(self) -> None:
        """Let the same be started once more."""
        self.settings = None


def last_start(page: str) -> LastStart:
    """Return what the button of a page started last in this session."""
    found: LastStart = st.session_state.setdefault(f"{page}_last_start", LastStart())
    return found


def going_view(page: str, run: Run) -> None:
    """Say that a run is going with the present settings, and let the same be started again."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"{plain(run.title)} was started with these settings.", width="content")
        st.button(
            "Allow another",
            key=f"{page}_allow_another",
            type="tertiary",
            on_click=last_start(page).forget,
            help="Lets you start a second run with the same settings.",
        )
