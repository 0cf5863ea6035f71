"""Simulates people who use the app, by replaying what a real browser sent.

Real browsers would run on other machines; on this one they would distort the measurement.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import websockets
from playwright.sync_api import Page, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE_S = 30.0


@dataclass(frozen=True)
class Step:
    """One thing a person did, and the page's answer.

    Attributes:
        name: What the person did.
        asked: The messages the browser sent, each a serialized ``BackMsg``.
        answer: The digit the page showed afterward; empty if there was none.
    """

    name: str
    asked: tuple[bytes, ...]
    answer: str


class Recorder:
    """Records what a browser's tab sends.

    Args:
        page: The tab, before the app is opened in it.
    """

    def __init__(self, page: Page) -> None:
        self.steps: list[Step] = []
        self._page, self._sent = page, list[bytes]()
        page.on("websocket", self._listen)

    def note(self, name: str, do: Callable[[], object]) -> None:
        """Do something in the tab, and record what it sends until the page is idle."""
        do()
        self._page.wait_for_timeout(500)
        self._page.locator("[data-test-script-state=notRunning]").wait_for()
        digit = self._page.locator(".st-key-draw_digit")
        answer = digit.inner_text() if digit.count() else ""
        self.steps.append(Step(name, tuple(self._sent), answer))
        self._sent.clear()

    def _listen(self, socket: WebSocket) -> None:
        def keep(frame: bytes | str) -> None:
            assert isinstance(frame, bytes)
            self._sent.append(frame)

        socket.on("framesent", keep)


@dataclass(frozen=True)
class Waited:
    """How long one step took.

    Attributes:
        name: The step's name.
        seconds: The time from the request to its last change on the page.
    """

    name: str
    seconds: float


class PageError(Exception):
    """The app answered differently than it did in the browser."""


class Person:
    """A simulated person with the app open.

    Args:
        url: The app's address.
        steps: What the person does; the first step opens the page.
    """

    def __init__(self, url: str, steps: list[Step]) -> None:
        self._url, self._steps = url, steps
        self.waited: list[Waited] = []

    async def come(self, think_s: Callable[[], float]) -> None:
        """Open the page, do each step after a pause, and leave.

        Raises:
            PageError: If an answer is missing, an error, or not the one the browser got.
        """
        place = f"ws://{urlsplit(self._url).netloc}/_stcore/stream"
        protocol = [Subprotocol("streamlit")]
        async with connect(
            place, origin=Origin(self._url), subprotocols=protocol, max_size=None
        ) as socket:
            shown = ""
            for step in self._steps:
                await asyncio.sleep(think_s())
                began = time.perf_counter()
                for frame in step.asked:
                    await socket.send(frame)
                    shown = await _shown(socket, frame, shown)
                self.waited.append(Waited(step.name, time.perf_counter() - began))
                if step.answer and shown != step.answer:
                    raise PageError(f"{step.name}: expected {step.answer!r}, got {shown!r}")


async def _shown(socket: ClientConnection, asked: bytes, before: str) -> str:
    """Return the digit the page shows once it is idle."""
    if BackMsg.FromString(asked).WhichOneof("type") != "rerun_script":
        return before
    shown = before
    while True:
        try:
            message = ForwardMsg.FromString(await asyncio.wait_for(socket.recv(), PATIENCE_S))
        except (TimeoutError, websockets.ConnectionClosed) as error:
            raise PageError(f"no answer: {error}") from error
        kind = message.WhichOneof("type")
        element = message.delta.new_element
        if (
            kind == "delta"
            and element.WhichOneof("type") == "heading"
            and element.heading.tag == "h1"
        ):
            shown = element.heading.body
        if kind == "delta" and element.WhichOneof("type") in ("alert", "exception"):
            _complain(element)
        if kind == "script_finished":
            return shown


def _complain(element: object) -> None:
    text = str(element)
    if "exception" in text or "format: ERROR" in text:
        raise PageError(text[:300])
