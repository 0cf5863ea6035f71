"""People at the app without a browser each: they send what a real browser was seen to send.

Their browsers would be on machines of their own; on this one they would take what they measure.
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
    """One thing that a person did, and what came of it.

    Attributes:
        name: What it was.
        asked: What the browser sent, each a serialized ``BackMsg``.
        answer: The digit that the page showed then; empty where there was none.
    """

    name: str
    asked: tuple[bytes, ...]
    answer: str


class Recorder:
    """Notes what a browser's tab sends.

    Args:
        page: The tab, before the app is opened in it.
    """

    def __init__(self, page: Page) -> None:
        self.steps: list[Step] = []
        self._page, self._sent = page, list[bytes]()
        page.on("websocket", self._listen)

    def note(self, name: str, do: Callable[[], object]) -> None:
        """Let something be done in the tab, and note what it sent until the page was still."""
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
        name: What it was.
        seconds: From the request to the last of what it changes on the page.
    """

    name: str
    seconds: float


class PageError(Exception):
    """The app answered otherwise than it did in the browser."""


class Person:
    """One who has the app open.

    Args:
        url: Where the app is.
        steps: What they do; the first opens the page.
    """

    def __init__(self, url: str, steps: list[Step]) -> None:
        self._url, self._steps = url, steps
        self.waited: list[Waited] = []

    async def come(self, think_s: Callable[[], float]) -> None:
        """Open the page, do everything once, each after a while of thought, and leave.

        Raises:
            PageError: If an answer is another one than the browser got, an error, or missing.
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
    """Return the digit that the page shows once it is still again."""
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
