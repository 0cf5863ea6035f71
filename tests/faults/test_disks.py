"""Disks that are full or read-only."""

import sys
from pathlib import Path

import pytest

from tests.faults.small_disk import run_on_small_disk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's namespaces")


@pytest.mark.parametrize(
    ("what", "megabytes"), [("training", 5), ("drawings", 1), ("read-only", 8)]
)
def test_a_full_or_read_only_disk(tmp_path: Path, what: str, megabytes: int) -> None:
    run_on_small_disk(what, tmp_path / "disk", megabytes)
