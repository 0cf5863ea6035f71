"""``python -m digitrec``."""

import os
import sys

from digitrec.commands.app import main

if __name__ == "__main__":
    # TensorFlow trains 1.4 times as fast with oneDNN's kernels (bn-cnn, two cores with AVX2), but
    # enables them by default only on processors with AVX-512.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    # Give Python's stderr its own descriptor, so that commands can redirect what TensorFlow's
    # native code prints.
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    sys.exit(main())
