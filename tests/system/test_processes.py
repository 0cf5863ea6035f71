import os
import sys
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from digitrec.errors import TrainingError
from digitrec.system.processes import REPORTS, in_processes, tracked


def test_the_results_come_in_the_order_of_the_tasks() -> None:
    assert in_processes([partial(pow, 2, 3), partial(pow, 3, 2), partial(len, "abcd")]) == [8, 9, 4]


def test_each_task_runs_in_its_own_process() -> None:
    processes = in_processes([os.getpid, os.getpid])
    assert len({*processes, os.getpid()}) == 3


def slow_squares(count: int) -> list[int]:
    print("not part of the result")
    return [number**2 for number in tracked(range(count))]


def test_tasks_report_their_progress() -> None:
    reports: list[float] = []
    results = in_processes([partial(slow_squares, 300), partial(slow_squares, 7)], reports.append)
    assert results == [[n**2 for n in range(count)] for count in (300, 7)]
    assert reports == sorted(reports)
    assert reports[-1] == 1
    assert len({round(share, 1) for share in reports}) == 11
    assert len(reports) <= 2 * (REPORTS + 2)


def test_the_main_module_is_not_run_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = ModuleType("__main__")
    page.__file__ = str(tmp_path / "page.py")
    (tmp_path / "page.py").write_text("raise SystemExit(1)")
    monkeypatch.setitem(sys.modules, "__main__", page)
    assert in_processes([partial(pow, 2, 3)]) == [8]


def test_a_process_that_ends_without_a_result_is_an_error() -> None:
    with pytest.raises(TrainingError, match="ended unexpectedly"):
        in_processes([partial(os._exit, 3)])
