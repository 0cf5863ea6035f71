"""Array types shared by all modules: dtype, shape and range of each."""

from typing import Any

import numpy as np
import numpy.typing as npt

# uint8 (28, 28), 0 to 255, white ink on black: the input of a network.
Digit = npt.NDArray[np.uint8]
# uint8 (n, 28, 28): several network inputs.
Digits = npt.NDArray[np.uint8]
# uint8 (n,), 0 to 10; 10 is *not a digit*.
Labels = npt.NDArray[np.uint8]
# uint8 (height, width) or (height, width, channels), 0 to 255: a picture.
Pixels = npt.NDArray[np.uint8]
# float32 (height, width), 0 (paper) to 1 (ink).
Ink = npt.NDArray[np.float32]
# bool (height, width), True where there is ink.
Mask = npt.NDArray[np.bool_]
# float64 (n, 2): x and y of a stroke's points; y grows downward.
Points = npt.NDArray[np.float64]
# float32, any shape: inputs and outputs of a network.
Floats = npt.NDArray[np.float32]
# float64, any shape: intermediate results.
Doubles = npt.NDArray[np.float64]
# intp, any shape: indices of rows or columns.
Indices = npt.NDArray[np.intp]
# int32, any shape: counts, and classes of a sequence.
Int32s = npt.NDArray[np.int32]
# float32 or float64, any shape: probabilities and other scores.
Scores = npt.NDArray[np.floating]
# float32 or float64, any shape: the evidence for an answer, in nats.
Evidence = npt.NDArray[np.floating]
# Any dtype and shape: values from a file.
Values = npt.NDArray[Any]
