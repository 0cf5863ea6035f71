"""A preview of an upload, before anything is saved."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from digitrec.drawings.files.file_kinds import Found
from digitrec.drawings.files.incoming import Incoming, Refused
from digitrec.errors import BadInputError
from digitrec.labels import LABELS, label_words

SHOWN = 12
# If none of this many first rows can be read, the preview stops looking.
LOOKED_AT = 300


@dataclass(frozen=True)
class Preview:
    """The beginning of an upload.

    Attributes:
        drawings: The first drawings, ``SHOWN`` at most.
        refused: What can't be read or isn't used, so far.
        can_transpose: Whether the drawings' rows and columns can be swapped.
    """

    drawings: list[Incoming]
    refused: list[Refused]
    can_transpose: bool


def preview(found: Found, is_transposed: bool) -> Preview:
    """Read the first drawings of an upload.

    Raises:
        BadInputError: If nothing can be read.
    """
    drawings: list[Incoming] = []
    refused: list[Refused] = []
    for item in islice(found.items(is_transposed), LOOKED_AT):
        if isinstance(item, Refused):
            refused.append(item)
        else:
            drawings.append(item)
        if len(drawings) == SHOWN:
            break
    return Preview(drawings, refused, found.can_transpose)


def label_counts(found: Found) -> Counter[int | str | None]:
    """Count the drawings of an upload by label, without opening any picture.

    Returns:
        Counts for each of ``LABELS``, for None (no label), and for "" (an invalid label).
    """
    return Counter(
        label if label is None or (type(label) is int and label in LABELS) else ""
        for label in _labels(found)
    )


def count_words(counts: Counter[int | str | None]) -> str:
    """Say how many drawings there are in all and of each label."""
    total = counts.total() - counts[""]
    labeled = [(label, counts[label]) for label in LABELS if counts[label]]
    words = f"{total:,} drawing{'' if total == 1 else 's'}"
    if not labeled:
        return f"{words} without labels" if total != 1 else f"{words} without a label"
    kinds = ", ".join(f"{count:,} × {label_words(label)}" for label, count in labeled)
    words += f": {sum(count for _, count in labeled):,} labeled ({kinds})"
    return words + (f", {counts[None]:,} without a label" if counts[None] else "")


def _labels(found: Found) -> Iterator[object]:
    for source in found.sources:
        with suppress(BadInputError):  # Reported when the drawings are read.
            yield from source.labels()
