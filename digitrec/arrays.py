"""The kinds of arrays that pass between modules, each with its dtype, shape and range."""

from typing import Any

import numpy as np
import numpy.typing as npt

# uint8 (28, 28), 0 to 255, light on dark: what a network is given.
Digit = npt.NDArray[np.uint8]
# uint8 (n, 28, 28): several of those.
Digits = npt.NDArray[np.uint8]
# uint8 (n,), 0 to 10: what each of them is; 10 is *not a digit*.
Labels = npt.NDArray[np.uint8]
# uint8 (height, width) or (height, width, 3), 0 to 255: a picture as it was opened.
Pixels = npt.NDArray[np.uint8]
# float32 (height, width), 0 for paper to 1 for ink.
Ink = npt.NDArray[np.float32]
# bool (height, width), true where there is ink.
Mask = npt.NDArray[np.bool_]
# float64 (n, 2), x and y in pixels of the canvas: where the pen went.
Points = npt.NDArray[np.float64]
# float32, any shape: what a network takes or answers.
Floats = npt.NDArray[np.float32]
# float64, any shape: what is calculated with.
Doubles = npt.NDArray[np.float64]
# intp (n,): one row or column a step.
Path = npt.NDArray[np.intp]
# float32 or float64, any shape: how much each place speaks for an answer.
Evidence = npt.NDArray[np.floating]
# Any dtype and shape: numbers from a file.
Values = npt.NDArray[Any]
