"""The labels of a drawing: ten digits, and *not a digit*."""

NO_DIGIT = 10
LABELS = (*range(10), NO_DIGIT)
NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def label_words(label: int) -> str:
    """Return a label in words: ``7``, or ``not a digit``."""
    return "not a digit" if label == NO_DIGIT else str(label)


def label_choice(label: int) -> str:
    """Return a label that stands alone, as on a button: ``7``, or ``Not a digit``."""
    return "Not a digit" if label == NO_DIGIT else str(label)


def with_article(digit: int) -> str:
    """Return a digit with its article: ``a 7``, or ``an 8``."""
    return f"{'an' if digit == 8 else 'a'} {digit}"


def label_plural(label: int) -> str:
    """Return a label in the plural: ``sevens``, ``sixes`` or ``non-digits``."""
    if label == NO_DIGIT:
        return "non-digits"
    return NAMES[label] + ("es" if NAMES[label].endswith("x") else "s")
