"""``python -m digitrec``."""

import os
import sys

from digitrec.cli import main

if __name__ == "__main__":
    # Python's messages get a descriptor of their own, so that the commands can send elsewhere
    # what TensorFlow's native code prints on the standard one.
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    sys.exit(main())
