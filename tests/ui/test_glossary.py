from streamlit.testing.v1 import AppTest

from digitrec.glossary.terms import TERMS
from tests.support.patience import HANG_S

PAGE = """
from digitrec.ui.glossary import term, terms

term("Dropout")
terms("Epoch", "Precision and recall")
"""


def test_a_term_explains_itself_on_click() -> None:
    app = AppTest.from_string(PAGE, default_timeout=HANG_S).run()
    assert not app.exception
    found = [TERMS[name] for name in ("Dropout", "Epoch", "Precision and recall")]
    labels = [button.proto.popover.label for button in app.get("popover")]
    assert labels == [term.name for term in found]
    assert [text.value for text in app.markdown] == [
        f"**{term.name}.** {term.sentence}" for term in found
    ]
    assert [picture.proto.imgs[0].alt for picture in app.image] == [term.shows for term in found]
