"""What to draw next, in words."""

from collections.abc import Mapping

from digitrec.formatting import counted
from digitrec.labels import NO_DIGIT, label_plural, label_words
from digitrec.teaching.next_digit import ENOUGH, NextDigit


def what_to_draw(
    labels: Mapping[int, int], suggested: NextDigit | None, newest: int | None, *, may_teach: bool
) -> str:
    """Say how many drawings there are, whether they are enough, and what to draw next.

    Args:
        labels: How many drawings there are of each label.
        suggested: What to draw next; None if nothing is missing.
        newest: The label of the newest drawing.
        may_teach: Whether there is a button to teach with them.
    """
    if newest is None:
        return "Draw a digit your way, and press what it is. Begin with one the model gets wrong."
    words = f"**{counted(sum(labels.values()), 'labeled drawing')}.** "
    if suggested is None:
        return words + "Enough of each digit to teach; more help a little."
    name = f"**{label_words(suggested.label)}**"
    if labels[newest] < ENOUGH:
        return f"{words}Next: {name}. {_why(labels, suggested)}"
    words += f"Enough {label_plural(newest)} to teach; more help a little. "
    return f"{words}Teach now, or go on with {name}." if may_teach else f"{words}Next: {name}."


def _why(labels: Mapping[int, int], suggested: NextDigit) -> str:
    label, wrong = suggested
    count = labels.get(label, 0)
    if wrong:
        only = "non-digit" if label == NO_DIGIT else str(label)
        some = (
            f"{wrong} of your {count} {label_plural(label)}" if count > 1 else f"your only {only}"
        )
        return f"The model misreads {some}."
    if not count:
        return "You have none yet."
    return f"You have only {count if count > 1 else 'one'}."
