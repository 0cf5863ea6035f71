"""Prints the results of a run or an import."""

import json
from typing import Any

from digitrec.formatting import counted, percent
from digitrec.runs.problems import run_problem
from digitrec.runs.run import Run


def print_results(run: Run, report: dict[str, Any], *, as_json: bool) -> None:
    """Print a run's results on stdout as a JSON object or in words."""
    problem = run_problem(run)
    if as_json:
        print(json.dumps(report | {"title": run.title, "problem": problem}))
        return
    print(f"{run.title}: {percent(report['test_accuracy'])} accuracy on MNIST's test set")
    if problem:
        print(problem)
    if teaching := report.get("teaching"):
        print(_teaching_text(teaching))


def _teaching_text(teaching: dict[str, Any]) -> str:
    lines = []
    for part in ("taught", "held_back"):
        before, after = teaching[f"{part}_right"]
        drawings = counted(teaching[part], f"{part.replace('_', '-')} drawing")
        lines.append(f"{drawings}: {before} correct before, {after} after")
    before, _ = teaching["test_accuracy"]
    lines.append(f"MNIST's test set before: {percent(before)}")
    if left_out := teaching["left_out"]:
        lines.append(f"{counted(left_out, 'non-digit')} left out: the model recognizes only digits")
    return "\n".join(lines)
