import pytest

from digitrec.formatting import counted
from digitrec.recipes.networks import parameter_count
from digitrec.recipes.parameters import TrainingConfig
from digitrec.recipes.presets import ABOUT, PRESETS

ALL = PRESETS | {"default": TrainingConfig()}


@pytest.mark.parametrize("name", ALL)
def test_a_preset_says_truly_what_it_trains(name: str) -> None:
    config, about = ALL[name], ABOUT[name]
    is_small = parameter_count(config.network) == parameter_count("seed-cnn")
    assert ("small" in about.network, "deeper" in about.network) == (is_small, not is_small)
    assert about.network.startswith("two ") == (config.ensemble == 2)
    assert ("epochs" not in about.means) or counted(config.epochs, "epoch") in about.means
    assert ("other styles" not in about.means) or config.styles
    assert ("Photos" in about.gain) == config.corruptions
    assert ("non-digits" in about.gain) == config.non_digits


def test_each_preset_is_explained_in_a_short_line() -> None:
    assert set(ABOUT) == set(ALL)
    for about in ABOUT.values():
        assert len(f"{about.gain}: {about.network}, {about.means}") <= 56
