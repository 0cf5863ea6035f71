"""The errors that digitrec raises.

Every message says what was expected and what was received, in one sentence that
can be shown to a person as it is::

    DigitrecError
    ├── BadInputError            what was given can't be used
    │   ├── ConfigurationError   a setting or a training parameter
    │   ├── DatasetError         a file of labelled digits
    │   ├── PictureError         a picture
    │   │   └── BlankPictureError
    │   ├── TooMuchInkError      what should be a number
    │   └── ModelError           a model or a run
    ├── TrainingError            a training run can't go on
    └── StoreError               the drawings' database
"""

from pathlib import Path


class DigitrecError(Exception):
    """Base of all errors that digitrec raises on purpose."""


class BadInputError(DigitrecError):
    """Something that was given to digitrec can't be used."""


class ConfigurationError(BadInputError):
    """A setting or a training parameter is out of its range."""


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


def sentence(error: Exception) -> str:
    """Say in one line what went wrong: digitrec's own words, or a library's with their kind."""
    if isinstance(error, DigitrecError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        place = f"{Path(str(error.filename)).name}: " if error.filename else ""
        return place + error.strerror
    reason = str(error).splitlines()[0] if str(error) else "no reason given"
    return f"{type(error).__name__}: {reason}"
