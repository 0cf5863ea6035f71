"""Prints docs/GLOSSARY.md: ``python -m digitrec.glossary.page``."""

from collections.abc import Iterable

from digitrec.glossary.terms import TERMS, Term
from digitrec.settings import PROJECT_DIR

INTRODUCTION = """\
# Glossary

The terms are defined in `digitrec/glossary/terms.py`, and the pages explain them where they
appear. To update this page, run `python -m digitrec.glossary.page > docs/GLOSSARY.md`.

| Term | What it means | |
|---|---|---|
"""


def glossary_page(terms: Iterable[Term]) -> str:
    """Return a Markdown table of terms, with their pictures relative to ``docs/``."""
    return INTRODUCTION + "".join(f"{_row(term)}\n" for term in terms)


def _row(term: Term) -> str:
    path = term.picture.relative_to(PROJECT_DIR).as_posix()
    picture = f'<img src="../{path}" width="200" alt="{term.shows}">'
    return f"| **{term.name}** | {term.sentence} | {picture} |"


if __name__ == "__main__":
    print(glossary_page(TERMS.values()), end="")
