"""Pictures of people's drawings, redrawn with other pens, slants and bends."""

from collections.abc import Sequence

import numpy as np

from digitrec.arrays import Digits, Labels
from digitrec.datasets.ink_files import UNIT
from digitrec.synthetic.handwriting import Traces, picture, vary
from digitrec.system.processes import tracked


def redrawn_ink(
    drawings: Sequence[Traces], labels: Labels, count: int, seed: int
) -> tuple[Digits, Labels]:
    """Draw each drawing several times, each time differently.

    Args:
        drawings: The traces of each; the longer side of the box around them is 1000.
        labels: uint8 (n,), 0 to 10.
        count: How many pictures to draw; at least one of each drawing is drawn.
        seed: The seed of the variation.

    Returns:
        uint8 (m, 28, 28), white ink (255) on black, and their labels, uint8 (m,).
    """
    rng = np.random.default_rng(seed)
    rows = np.arange(max(count, len(drawings))) % len(drawings)
    pictures = [
        picture(vary([trace / UNIT for trace in drawings[row]], rng), rng)
        for row in tracked(rows.tolist())
    ]
    return np.stack(pictures), labels[rows]
