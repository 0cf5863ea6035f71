"""The errors that digitrec raises.

Each message is one sentence that can be shown to the user as is: what was expected and
what was received::

    DigitrecError
    ├── BadInputError            unusable input
    │   ├── ConfigurationError   a setting or a training parameter
    │   │   └── NameTakenError
    │   ├── DatasetError         a file of labeled digits
    │   ├── PictureError         a picture
    │   │   └── BlankPictureError
    │   ├── TooMuchInkError      more ink than a number has
    │   └── ModelError           a model or a run
    ├── TrainingError            a run that can't continue
    └── StoreError               the drawings' database
"""

# Messages quote user input: a name may have 10,000 characters or contain line breaks.
LONGEST_SENTENCE = 290


def one_line(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """Return text as one line without control characters; long text is shortened in the middle."""
    if len(text) > 4 * longest:
        text = f"{text[: 2 * longest]} {text[-2 * longest :]}"
    words = "".join(character if character.isprintable() else " " for character in text).split()
    line = " ".join(words)
    end = longest // 2
    return line if len(line) <= longest else f"{line[: longest - end - 3]} … {line[-end:]}"


class DigitrecError(Exception):
    """Base of all errors that digitrec raises on purpose.

    Args:
        message: The sentence; shortened by ``one_line``.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(one_line(message))


class BadInputError(DigitrecError):
    """The input can't be used."""


class ConfigurationError(BadInputError):
    """A setting or a training parameter is out of its range."""


class NameTakenError(ConfigurationError):
    """Another run already has this name."""


class DatasetError(BadInputError):
    """A file of labeled digits is missing, damaged or in the wrong format."""


class PictureError(BadInputError):
    """A picture can't be read."""


class BlankPictureError(PictureError):
    """A picture holds no ink."""


class TooMuchInkError(BadInputError):
    """There is too much ink for a single number."""


class ModelError(BadInputError):
    """A model or a run is missing, damaged or unsuitable."""


class TrainingError(DigitrecError):
    """A training run can't continue."""


class StoreError(DigitrecError):
    """The drawings' database can't be opened, read or written."""


class NoSuchDrawingError(StoreError):
    """The requested drawing doesn't exist, or no longer does."""
