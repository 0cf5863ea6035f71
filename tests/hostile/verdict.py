"""How an input has to end, whatever it is: taken in, or refused by a sentence, soon."""

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
    """Return what the attempt gives, or None if it is refused as it should be.

    Any other exception, a sentence that is none, and too much work are failures.
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
    assert ends_well(attempt) is None, "it was taken in"


def is_a_sentence(text: str) -> None:
    assert 0 < len(text) < LONGEST_SENTENCE, text
    assert text.isprintable(), repr(text)
    assert "Traceback" not in text


def generated(count: int, strategy: SearchStrategy[Input], attempt: Callable[[Input], Any]) -> None:
    """Let an attempt end well on so many generated inputs: no fewer, and always the same."""
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
