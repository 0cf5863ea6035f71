import pytest

from digitrec.datasets.folds import HELD_OUT_FOLD, folds_of
from digitrec.datasets.ink_files import InkDrawing
from digitrec.runs.ink_sources import LearnedInk
from tests.support.digits import traces_of

MANY = [f"writer {number}" for number in range(20)]


@pytest.mark.parametrize("writers", [MANY, ["me"], [""]])
def test_pictures_do_without_a_fold_of_writers_if_each_fold_has_some(writers: list[str]) -> None:
    drawings = [InkDrawing(writer, "3", traces_of(3)) for writer in (*writers, *writers)]
    kept = {drawing.writer for drawing in LearnedInk(drawings, []).for_pictures()}
    in_fold = {
        writer
        for writer, fold in zip(writers, folds_of(writers), strict=True)
        if fold == HELD_OUT_FOLD
    }
    assert kept == (set(writers) - in_fold if writers == MANY else set(writers))
    assert in_fold or writers != MANY
