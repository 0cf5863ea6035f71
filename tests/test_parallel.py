import os
from functools import partial

import pytest

from digitrec.errors import TrainingError
from digitrec.parallel import in_processes


def test_the_results_come_in_the_order_of_the_tasks() -> None:
    assert in_processes([partial(pow, 2, 3), partial(pow, 3, 2), partial(len, "abcd")]) == [8, 9, 4]


def test_each_task_has_a_process_of_its_own() -> None:
    processes = in_processes([os.getpid, os.getpid])
    assert len({*processes, os.getpid()}) == 3


def test_a_process_that_ends_without_a_result_is_an_error() -> None:
    with pytest.raises(TrainingError, match="ended before its time"):
        in_processes([partial(os._exit, 3)])
