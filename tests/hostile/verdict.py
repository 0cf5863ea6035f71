"""Every input must soon be accepted, or refused with a clear error."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import SearchStrategy

from digitrec.errors import DigitrecError
from tests.hostile.effort import is_soon

LONGEST_SENTENCE = 300

Result = TypeVar("Result")
Input = TypeVar("Input")


def ends_well(attempt: Callable[[], Result]) -> Result | None:
    """Return the attempt's result, or None if it raised a DigitrecError with a clear message.

    Fail on any other exception, an unclear message, or too much processor time.
    """
    begin = time.thread_time()
    result = None
    try:
        result = attempt()
    except DigitrecError as error:
        is_a_sentence(str(error))
    took = time.thread_time() - begin
    assert is_soon(took), f"it took {took:.1f} s"
    return result


def is_refused(attempt: Callable[[], Any]) -> None:
    assert ends_well(attempt) is None, "it was accepted"


def is_a_sentence(text: str) -> None:
    assert 0 < len(text) < LONGEST_SENTENCE, text
    assert text.isprintable(), repr(text)
    assert "Traceback" not in text


def generated(count: int, strategy: SearchStrategy[Input], attempt: Callable[[Input], Any]) -> None:
    """Check that an attempt ends well on ``count`` generated inputs, the same ones every time."""
    ran = 0

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy)
    def run(one: Input) -> None:
        nonlocal ran
        ran += 1
        ends_well(lambda: attempt(one))

    run()
    assert ran >= count, f"only {ran} of {count} inputs were tried"
