"""Truncated files, and files with a flipped bit."""

import random
from collections.abc import Iterator
from pathlib import Path

SHARES = (0.0, 0.3, 0.7)


def damaged(whole: bytes, seed: int, flips: int) -> Iterator[tuple[str, bytes]]:
    """Yield damaged versions of a file, each with a description."""
    for share in SHARES:
        yield f"cut off after {share:.0%}", whole[: int(share * len(whole))]
    yield "cut off before its last byte", whole[:-1]
    rng = random.Random(seed)
    for _ in range(flips):
        place, bit = rng.randrange(len(whole)), rng.randrange(8)
        turned = bytearray(whole)
        turned[place] ^= 1 << bit
        yield f"bit {bit} of byte {place} flipped", bytes(turned)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the contents of a folder's files by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
