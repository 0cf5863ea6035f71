"""What a drawing may be: a digit, or none."""

NO_DIGIT = 10
LABELS = (*range(10), NO_DIGIT)


NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def label_words(label: int) -> str:
    """Return a label as a person says it: ``7``, or ``not a digit``."""
    return "not a digit" if label == NO_DIGIT else str(label)
