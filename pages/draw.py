"""Hands a cold link to /draw over to the router; docs/ARCHITECTURE.md says why."""

import runpy

from digitrec.settings import PROJECT_DIR

runpy.run_path(str(PROJECT_DIR / "router.py"))
