"""digitrec: a workbench for handwritten digits."""

import sys

from digitrec.python_version import require_python

__version__ = "0.1.0"

require_python(sys.version_info[:3])
