from xml.etree import ElementTree

import pytest

from digitrec.glossary.page import glossary_page
from digitrec.glossary.terms import PICTURES, TERMS, Term
from digitrec.settings import PROJECT_DIR


def test_the_documentation_is_up_to_date() -> None:
    page = (PROJECT_DIR / "docs" / "GLOSSARY.md").read_text(encoding="utf-8")
    assert page == glossary_page(TERMS.values())


def test_terms_are_in_order_and_each_picture_belongs_to_one() -> None:
    assert list(TERMS) == sorted(TERMS, key=str.casefold)
    pictures = [term.picture.name for term in TERMS.values()]
    assert sorted(path.name for path in PICTURES.iterdir()) == sorted(pictures)


@pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)
def test_a_term_is_a_sentence_and_a_small_picture(term: Term) -> None:
    assert term.sentence.endswith(".")
    assert ". " not in term.sentence
    assert len(term.sentence) < 200
    assert term.picture.stat().st_size < 10_000
    assert ElementTree.parse(term.picture).getroot().get("viewBox") == "0 0 200 90"
