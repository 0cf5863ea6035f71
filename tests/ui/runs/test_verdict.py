import pytest

from digitrec.runs.model_store import ModelStore
from digitrec.runs.run import Run
from digitrec.runs.test_answers import TEST_PICTURES
from digitrec.ui.runs.verdict import short_verdict
from tests.support.runs import rewrite_report


def test_two_good_models_may_differ_by_chance(store: ModelStore) -> None:
    expert, tutorial = store.run("bn-cnn"), store.run("seed-cnn")
    assert short_verdict(expert, tutorial) == (
        "**About as good as Tutorial network**: 36 mistakes on MNIST's 10,000 test digits instead "
        "of 40, which may be chance."
    )
    assert short_verdict(expert, expert) == (
        "**As good as Handwriting expert**: both make 36 mistakes on MNIST's test set."
    )


@pytest.mark.parametrize(("wrong", "words"), [(200, "Worse"), (1, "Better")])
def test_a_model_without_answers_is_compared_by_its_mistakes(
    store: ModelStore, mine: Run, wrong: int, words: str
) -> None:
    mine.test_answers_path.unlink()
    rewrite_report(mine, test_accuracy=1 - wrong / TEST_PICTURES)
    assert short_verdict(mine, store.run("bn-cnn")).startswith(
        f"**{words} than Handwriting expert**: {wrong} mistake"
    )
