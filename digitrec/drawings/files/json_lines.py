"""Everything about drawings, one JSON object per line."""

import base64
import dataclasses
import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import IO, Any

from digitrec.drawings.files.checked_fields import (
    checked_input,
    checked_label,
    checked_note,
    checked_time,
    known_source,
)
from digitrec.drawings.files.incoming import Incoming, Item, Refused, from_picture, from_pixels
from digitrec.drawings.schema import Drawing
from digitrec.errors import BadInputError, DatasetError
from digitrec.ink.stroke_json import from_json, to_json

# More than the largest picture and the most strokes need.
MAX_LINE_BYTES = 10_000_000


def write_json_lines(drawings: Iterable[Drawing]) -> Iterator[bytes]:
    """Yield a line for each drawing."""
    for drawing in drawings:
        yield json.dumps(_row(drawing), ensure_ascii=False).encode() + b"\n"


def read_json_lines(file: IO[bytes]) -> Iterator[Item]:
    """Yield the drawings of a file, named by line.

    A line needs ``picture`` or ``input``; the other fields of ``write_json_lines`` are optional,
    and the model's answer is ignored.
    """
    for number, line in enumerate(lines(file), 1):
        name = f"line {number}"
        if line.strip():
            yield _drawing(name, line)


def read_labels(file: IO[bytes]) -> Iterator[Any]:
    """Yield the label of each line that holds an object."""
    for line in lines(file):
        with suppress(DatasetError):
            yield parsed(line).get("label")


def lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield a file's lines; lines that are too long are cut off after ``MAX_LINE_BYTES + 1``."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        yield line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES + 1)


def iso(time: datetime | None) -> str | None:
    """Format a UTC time in ISO 8601."""
    return None if time is None else f"{time.isoformat()}Z"


def parsed(line: bytes) -> dict[str, Any]:
    """Parse a line's JSON object.

    Raises:
        DatasetError: If it isn't one.
    """
    try:
        if len(line) > MAX_LINE_BYTES:
            raise DatasetError(f"a line can have at most {MAX_LINE_BYTES:,} bytes")
        row = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        raise DatasetError("expected a JSON object") from error
    if not isinstance(row, dict):
        raise DatasetError("expected a JSON object")
    return row


def decoded(text: Any) -> bytes:
    """Decode base64.

    Raises:
        DatasetError: If it isn't base64.
    """
    try:
        return base64.b64decode(text, validate=True)
    except (TypeError, ValueError) as error:
        raise DatasetError("expected the picture and the input as base64") from error


def encoded(content: bytes) -> str:
    """Encode bytes as base64."""
    return base64.b64encode(content).decode()


def _row(drawing: Drawing) -> dict[str, Any]:
    return {
        "id": drawing.id,
        "created_at": iso(drawing.created_at),
        "changed_at": iso(drawing.changed_at),
        "source": drawing.source,
        "label": drawing.label,
        "note": drawing.note,
        "recognition": {
            "digit": drawing.digit,
            "confidence": drawing.confidence,
            "probabilities": drawing.content.probabilities,
            "is_digit": drawing.is_digit,
            "digit_score": drawing.digit_score,
            "model": drawing.model,
            "model_version": drawing.model_version,
        },
        "strokes": to_json(drawing.content.strokes),
        "input": encoded(drawing.content.input),
        "picture": encoded(drawing.content.picture),
    }


def _drawing(name: str, line: bytes) -> Item:
    try:
        row = parsed(line)
        return dataclasses.replace(
            _look(name, row),
            label=checked_label(row.get("label")),
            note=checked_note(row.get("note") or ""),
            created_at=checked_time(row.get("created_at")),
            source=known_source(row.get("source")),
        )
    except BadInputError as error:
        return Refused(name, str(error))


def _look(name: str, row: dict[str, Any]) -> Incoming:
    if not row.get("picture"):
        return from_pixels(name, decoded(row.get("input")))
    strokes = from_json(row.get("strokes") or [])
    digit_input = checked_input(decoded(row["input"])) if row.get("input") else None
    return from_picture(name, decoded(row["picture"]), strokes, digit_input)
