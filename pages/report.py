"""Opens /report directly: runs the router, as docs/ARCHITECTURE.md explains."""

import runpy

from digitrec.settings import PROJECT_DIR

runpy.run_path(str(PROJECT_DIR / "router.py"))
