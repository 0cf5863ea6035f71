"""Counts the hostile inputs, both fixed and generated."""

from collections.abc import Sized

from tests.hostile import (
    archives,
    models,
    names,
    pictures,
    strokes,
    test_archives,
    test_links,
    test_names,
    test_pictures,
    test_strokes,
)

CORPORA: dict[str, list[Sized]] = {
    "pictures": [pictures.STRANGE, pictures.BROKEN, pictures.HEAVY],
    "strokes": [strokes.STROKES, strokes.SOUND],
    "archives, arrays and tables": [archives.ARCHIVES],
    "models": [models.MODELS],
    "names": [names.NAMES],
    "links": [test_links.PAGES],
}
GENERATED = {
    "pictures": test_pictures.MUTATED,
    "strokes": test_strokes.GENERATED,
    "archives, arrays and tables": test_archives.MUTATED,
    "names": 2 * test_names.GENERATED,
}


def test_there_are_at_least_600_inputs() -> None:
    counts = {kind: sum(map(len, corpora)) for kind, corpora in CORPORA.items()}
    counts["links"] *= len(test_links.VALUES)
    for kind, count in GENERATED.items():
        counts[kind] += count
    print(counts, sum(counts.values()))
    assert sum(counts.values()) >= 600
