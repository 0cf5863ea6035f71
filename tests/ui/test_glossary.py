from streamlit.testing.v1 import AppTest

from digitrec.glossary.terms import TERMS
from digitrec.recipes.parameter_kinds import parameters
from digitrec.recipes.parameters import TrainingConfig
from digitrec.ui.glossary import with_term
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


def test_the_help_of_a_field_begins_with_its_term() -> None:
    first, picture, last = with_term("Dropout", "More of it helps.").split("\n\n")
    assert first == TERMS["Dropout"].sentence
    assert picture.startswith(f"![{TERMS['Dropout'].shows}](data:image/svg+xml;base64,")
    assert last == "More of it helps."


def test_the_terms_of_the_settings_are_in_the_glossary() -> None:
    named = [about.term for about in parameters(TrainingConfig).values() if about.term]
    assert len(named) == 11
    assert set(named) <= set(TERMS)
