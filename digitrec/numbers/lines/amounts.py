"""Random amounts, as people write them: with separators, and marks before and after."""

import numpy as np

from digitrec.synthetic.handwriting import Rng, chance

SPACE = " "
LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8)
_LENGTH_SHARES = (0.04, 0.08, 0.16, 0.22, 0.24, 0.16, 0.06, 0.04)
# How digits are grouped: not at all, by thousands with a dot or a comma, by thousands with a space,
# or with two decimals.
PLAIN, THOUSANDS, SPACED, DECIMALS = range(4)
_GROUPING_SHARES = (0.45, 0.4, 0.1, 0.05)
ENDS = {
    "-": 0.3, ".-": 0.12, "=": 0.14, ".": 0.12, "#": 0.06, ".=": 0.03, ",-": 0.05, "--": 0.03,
    "/": 0.03, ",": 0.03, "~": 0.03, "x": 0.02, "..": 0.02, "-.": 0.02,
}  # fmt: skip
BEGINNINGS = "$#*=-"


def amount(rng: Rng) -> str:
    """Return a random amount: digits, spaces, and the marks of ``ENDS`` and ``BEGINNINGS``."""
    digits = _digits(rng)
    grouping = rng.choice(4, p=_GROUPING_SHARES)
    text = "".join(
        _separator(len(digits) - place, len(digits), grouping, rng) + digit
        for place, digit in enumerate(digits)
    )
    if chance(rng, 0.3):
        text += rng.choice(list(ENDS), p=list(ENDS.values()))
    if chance(rng, 0.08):
        text = rng.choice(list(BEGINNINGS)) + text
    return text


def _digits(rng: Rng) -> str:
    """Return random digits; round amounts and repeated digits are more common than by chance."""
    count = int(rng.choice(LENGTHS, p=_LENGTH_SHARES))
    digits = rng.integers(0, 10, count)
    if count > 2 and chance(rng, 0.35):
        digits[-int(rng.integers(1, min(count - 1, 4) + 1)) :] = 0
    if chance(rng, 0.12):
        digits = rng.choice(digits, 1 if chance(rng, 0.5) else count).repeat(count)[:count]
    return "".join(map(str, digits))


def _separator(left: int, count: int, grouping: int, rng: Rng) -> str:
    """Return the separator before a digit; ``left`` counts that digit and those after it."""
    if left == count:
        return ""
    if grouping == THOUSANDS and left % 3 == 0:
        return "." if chance(rng, 0.8) else ","
    if grouping == SPACED and left % 3 == 0:
        return SPACE
    if grouping == DECIMALS and left == 2 and count > 3:
        return str(np.array([".", ","])[rng.integers(2)])
    return ""
