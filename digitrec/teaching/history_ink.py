"""A person's labeled drawings as an ink file in a run's folder."""

import gzip
import json
from pathlib import Path

from digitrec.drawings.accuracy import LabeledDrawings
from digitrec.errors import ConfigurationError
from digitrec.recipes.parameter_kinds import HISTORY
from digitrec.recipes.parameters import TrainingConfig
from digitrec.runs.run import Run

WRITER = "me"


def needs_history(config: TrainingConfig) -> bool:
    """Return whether a run learns from the person's labeled drawings as strokes."""
    return HISTORY in (*config.ink, *config.strokes_from)


def write_history(run: Run, drawings: LabeledDrawings) -> None:
    """Write the labeled drawings whose strokes are known, for the run to learn from.

    Raises:
        ConfigurationError: If there are none.
    """
    lines = [
        json.dumps(
            {
                "writer": drawings.owner or WRITER,
                "label": label,
                "strokes": [stroke.points.tolist() for stroke in strokes],
            }
        )
        for label, strokes in zip(drawings.labels.tolist(), drawings.drawn, strict=True)
        if strokes
    ]
    if not lines:
        raise ConfigurationError(
            "there are no labeled drawings to learn strokes from; draw digits and label them first"
        )
    content = gzip.compress(("\n".join(lines) + "\n").encode())

    def write(path: Path) -> None:
        path.write_bytes(content)

    run.write_atomically(run.history_path.name, write)
