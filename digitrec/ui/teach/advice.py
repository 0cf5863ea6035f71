"""What to draw next, in words."""

from collections.abc import Mapping

from digitrec.formatting import counted
from digitrec.labels import NO_DIGIT, label_plural, with_article
from digitrec.teaching.next_digit import ENOUGH, NextDigit, has_enough_misread


def what_to_draw(
    labels: Mapping[int, int],
    wrong: Mapping[int, int],
    suggested: NextDigit | None,
    newest: int | None,
    *,
    may_teach: bool,
) -> str:
    """Say how many drawings there are, whether they are enough, and what to draw next.

    Args:
        labels: How many drawings there are of each label.
        wrong: How many of them the model misreads.
        suggested: What to draw next; None if nothing is missing.
        newest: The label of the newest drawing.
        may_teach: Whether the person can teach now, and has drawings that weren't taught yet.
    """
    if newest is None:
        return "Draw a digit your way, then press its label. Start with one the model gets wrong."
    words = f"**{counted(sum(labels.values()), 'labeled drawing')}.** "
    if suggested is None:
        return words + "You have enough of each digit to teach; more would help a little."
    if may_teach and (labels[newest] >= ENOUGH or has_enough_misread(labels, wrong)):
        return f"{words}You can teach now, or draw {_next(labels, suggested)}"
    return f"{words}Next, draw {_next(labels, suggested)}"


def _next(labels: Mapping[int, int], suggested: NextDigit) -> str:
    words = "a non-digit" if suggested.label == NO_DIGIT else with_article(suggested.label)
    article, name = words.split()
    return f"{article} **{name}**: {_why(labels, suggested)}"


def _why(labels: Mapping[int, int], suggested: NextDigit) -> str:
    label, wrong, unsure, apart_from = suggested
    count = labels.get(label, 0)
    if apart_from is not None:
        others, these = label_plural(apart_from), label_plural(label)
        return f"the model mistakes your {others} for {these}, so it should learn both."
    if wrong or unsure:
        only = "non-digit" if label == NO_DIGIT else str(label)
        of_all = f"{wrong or unsure} of your {count} {label_plural(label)}"
        some = of_all if count > 1 else f"your only {only}"
        return f"the model {'misreads' if wrong else 'is unsure about'} {some}."
    if not count:
        return "you have none yet."
    return f"you have only {count if count > 1 else 'one'}."
