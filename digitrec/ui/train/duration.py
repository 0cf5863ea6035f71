"""How long a run takes, in words."""

from digitrec.errors import ModelError
from digitrec.jobs.duration_estimate import estimated_seconds, rough_duration_words
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.known_networks import network_of, with_network_of
from digitrec.runs.run import Run


def rough_duration(base: Run | None, config: TrainingConfig, pace: float) -> str | None:
    """Estimate how long a run takes, in words.

    Args:
        base: The model that it starts from; None for a new network.
        config: Its configuration.
        pace: This machine's time relative to the reference machine's.

    Returns:
        The duration; None if the model has another program's network.
    """
    if base is not None:
        try:
            results = base.results()
        except ModelError:
            return None
        if network_of(results) is None:
            return None
        config = with_network_of(results, config)
    return rough_duration_words(estimated_seconds(config, pace))
