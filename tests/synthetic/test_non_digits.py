import numpy as np

from digitrec.runs.model_store import ModelStore
from digitrec.synthetic.non_digits import GLYPHS, KINDS, non_digits


def test_non_digits_have_mnists_format() -> None:
    drawn = non_digits(60, seed=1)
    assert drawn.dtype == np.uint8
    assert drawn.shape == (60, 28, 28)
    assert (drawn.max(axis=(1, 2)) > 100).all()


def test_the_seed_determines_the_drawings() -> None:
    first, again, other = (non_digits(20, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any(axis=(1, 2)).all()


def test_letters_that_look_like_digits_are_left_out() -> None:
    names = {glyph.partition(":")[0].strip("~") for glyph in GLYPHS.split()}
    assert not names & set("bBDgGiIjloOqQsSTyzZ|/")


def test_every_kind_can_be_drawn() -> None:
    rng = np.random.default_rng(0)
    for kind in KINDS:
        points = np.concatenate(kind(rng))
        assert points.shape[1] == 2
        assert np.isfinite(points).all()


def test_the_default_model_rejects_them(store: ModelStore) -> None:
    recognizer = store.load_recognizer("bn-cnn")
    scores = recognizer.answers(non_digits(400, seed=99)).digit_scores
    assert (scores < recognizer.calibration.digit_threshold).mean() > 0.9
