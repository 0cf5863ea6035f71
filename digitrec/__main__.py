"""``python -m digitrec``."""

import os
import sys

from digitrec.commands.app import main

if __name__ == "__main__":
    # TensorFlow trains 1.4 times as fast with oneDNN's kernels (bn-cnn, two cores with AVX2), but
    # chooses them by itself only on processors with AVX-512.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    # Python's messages get a descriptor of their own, so that the commands can send elsewhere
    # what TensorFlow's native code prints on the standard one.
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    sys.exit(main())
