"""Opens pages without a browser."""

from collections.abc import Mapping

from streamlit.testing.v1 import AppTest

from digitrec.settings import PROJECT_DIR
from tests.support.patience import HANG_S


def visit(page: str, query: Mapping[str, str] | None = None, chosen: str = "") -> AppTest:
    """Open a page through the router; fail if it breaks.

    Args:
        page: The page's path under ``pages/``, without ``.py``.
        query: The link's query parameters.
        chosen: The run selected on the models page.
    """
    app = AppTest.from_file(str(PROJECT_DIR / "router.py"), default_timeout=HANG_S).run()
    for key, value in (query or {}).items():
        app.query_params[key] = value
    if chosen:
        app.session_state["models_chosen"] = [chosen]
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception[0].message
    return app
