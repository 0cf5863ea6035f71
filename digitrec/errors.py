"""The errors that digitrec raises.

Every message says what was expected and what was received, in one sentence that
can be shown to a person as it is::

    DigitrecError
    ├── BadInputError            what was given can't be used
    │   ├── ConfigurationError   a setting or a training parameter
    │   │   └── NameTakenError
    │   ├── DatasetError         a file of labelled digits
    │   ├── PictureError         a picture
    │   │   └── BlankPictureError
    │   ├── TooMuchInkError      what should be a number
    │   └── ModelError           a model or a run
    ├── TrainingError            a training run can't go on
    └── StoreError               the drawings' database
"""

# A sentence may name what somebody brought: a name of 10,000 characters, or one that reaches
# into the next line.
LONGEST_SENTENCE = 290


def one_line(text: str, longest: int = LONGEST_SENTENCE) -> str:
    """Return a text as one line without control characters, its middle left out if it is long."""
    if len(text) > 4 * longest:
        text = f"{text[: 2 * longest]} {text[-2 * longest :]}"
    words = "".join(character if character.isprintable() else " " for character in text).split()
    line = " ".join(words)
    end = longest // 2
    return line if len(line) <= longest else f"{line[: longest - end - 3]} … {line[-end:]}"


class DigitrecError(Exception):
    """Base of all errors that digitrec raises on purpose.

    Args:
        message: The sentence; it is kept as ``one_line``.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(one_line(message))


class BadInputError(DigitrecError):
    """Something that was given to digitrec can't be used."""


class ConfigurationError(BadInputError):
    """A setting or a training parameter is out of its range."""


class NameTakenError(ConfigurationError):
    """Another run has the name already."""


class DatasetError(BadInputError):
    """A file of labelled digits is missing, damaged or of another form."""


class PictureError(BadInputError):
    """A picture can't be read."""


class BlankPictureError(PictureError):
    """A picture holds no ink."""


class TooMuchInkError(BadInputError):
    """There is more ink than a number can have."""


class ModelError(BadInputError):
    """A model or a run is missing, damaged or unsuitable."""


class TrainingError(DigitrecError):
    """A training run can't go on."""


class StoreError(DigitrecError):
    """The drawings' database can't be opened, read or written."""


class NoSuchDrawingError(StoreError):
    """A drawing is asked for that is not there, or not any more."""
