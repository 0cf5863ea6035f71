from pathlib import Path

import numpy as np
import pytest

from digitrec.numbers.lines.examples import LineExamples, line_examples
from digitrec.numbers.lines.reader import LineReader
from digitrec.numbers.lines.symbols import BLANK
from digitrec.training import line_reader


def test_a_trained_line_reader_can_be_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_reader, "LINES", 3 * line_reader.BATCH_SIZE)
    monkeypatch.setattr(line_reader, "CHUNK", line_reader.BATCH_SIZE)
    file = tmp_path / "line.tflite"
    line_reader.train([], file)
    lines, reader = line_examples(2, [], 9), LineReader(file.read_bytes())
    for picture, width in zip(lines.pictures, lines.widths, strict=True):
        answers = reader.read(picture[:, :width]).answers
        assert abs(len(answers) - width / 4) <= 3
        assert answers.shape[1] == BLANK + 1
        np.testing.assert_allclose(answers.sum(axis=1), 1, atol=1e-4)


def test_batches_hold_lines_of_similar_width_and_all_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = line_examples(128, [], 4)
    monkeypatch.setattr(line_reader, "_chunks", lambda _: iter([made]))
    batches = list(line_reader._batches([]))
    assert [len(batch.widths) for batch in batches] == [64, 64]
    assert sum(int(batch.counts.sum()) for batch in batches) == int(made.counts.sum())
    narrow, wide = sorted(batches, key=lambda batch: batch.pictures.shape[2])
    assert narrow.widths.max() <= wide.widths.min()
    assert isinstance(narrow, LineExamples)
    for batch in batches:
        assert batch.widths.max() <= batch.pictures.shape[2] < batch.widths.max() + 32
