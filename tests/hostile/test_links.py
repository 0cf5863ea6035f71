"""Links with garbage in them: the page opens, or an error says what is wrong."""

from dataclasses import asdict

import pytest
from streamlit.testing.v1 import AppTest

from digitrec.recipes.parameters import TrainingConfig
from digitrec.settings import PROJECT_DIR
from tests.hostile.names import MARKUP
from tests.hostile.verdict import is_a_sentence
from tests.support.patience import HANG_S

VALUES = (
    "", "0", "-1", "9" * 40, "1.5", "NaN", "../../etc/passwd", MARKUP, "\u202ex\x07", "a" * 10_000,
    "' OR 1=1 --", "[]", "1,2,x", "2026-99-99",
)  # fmt: skip
PAGES = {
    "digits/draw": ("drawing",),
    "digits/history": (
        "drawing", "history_view", "history_order", "history_page", "history_labels",
        "history_answers", "history_verdict", "history_confidence", "history_models",
        "history_sources", "history_dates", "history_text",
    ),
    "networks/train": ("train_run", *(f"train_{name}" for name in asdict(TrainingConfig()))),
    "digits/teach": ("teach_from", "teach_run"),
    "networks/report": ("report_model", "report_label", "report_answer"),
    "networks/inside": ("inside_model",),
}  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:12])
@pytest.mark.parametrize("page", PAGES)
def test_a_link_with_garbage_breaks_no_page(page: str, value: str) -> None:
    app = AppTest.from_file(str(PROJECT_DIR / "router.py"), default_timeout=HANG_S)
    app.switch_page(f"pages/{page}.py")
    for key in PAGES[page]:
        app.query_params[key] = value
    app.run()
    assert not app.exception
    for shown in (*app.error, *app.warning):
        is_a_sentence(shown.value)
