"""What people call a run, and the name of the folder that it gets."""

import re
import unicodedata
import zlib

from digitrec.errors import ConfigurationError

LONGEST = 64
FOLDER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_MARKS = f" -._{_APOSTROPHES}"


def check_name(name: str) -> str:
    """Return the name of a run's folder if it can be one.

    Raises:
        ConfigurationError: If it is not 1 to 64 letters, digits, dots, dashes and
            underscores that begin with a letter or digit.
    """
    if not isinstance(name, str) or not FOLDER_NAME.fullmatch(name):
        raise ConfigurationError(
            "a run's folder is named with up to 64 letters, digits, - . or _, the first of them a "
            f"letter or digit, not {str(name)[:80]!r}"
        )
    return name


def check_title(text: str) -> str:
    """Return what a person typed as a run's name, with spaces as a person would write them.

    Raises:
        ConfigurationError: If it is empty or longer than ``LONGEST``, has other characters than
            letters of any language, digits, spaces and ``- . _ '``, or starts with one of those.
    """
    short = isinstance(text, str) and len(text) <= 4 * LONGEST
    title = re.sub(" +", " ", unicodedata.normalize("NFC", text).strip(" ")) if short else ""
    if (
        not 1 <= len(title) <= LONGEST
        or unicodedata.category(title[0])[0] not in "LN"
        or not all(map(_fits, title))
    ):
        raise ConfigurationError(
            "use up to 64 letters, digits, spaces, - . _ or ' for a name, and start with a letter "
            f"or digit; {str(text)[:80]!r} doesn't fit"
        )
    return title


def folder_name(title: str) -> str:
    """Return the folder name for a title: the same one each time, safe on every system.

    Letters that ASCII can't spell are left out, and a checksum keeps such titles apart.
    """
    if FOLDER_NAME.fullmatch(title):
        return title
    parts = unicodedata.normalize("NFKD", title)
    spelled = "".join(c for c in parts if not unicodedata.combining(c) and c not in _APOSTROPHES)
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", spelled).strip("._-")
    if spelled.isascii() and words:
        return words[:LONGEST]
    return f"{words[: LONGEST - 9] or 'model'}-{zlib.crc32(title.encode()):08x}"


def numbered(wanted: str, number: int) -> str:
    """Return a name with a number, no longer than a name may be: ``mnist-2``, ``My network 2``."""
    ending = f" {number}" if " " in wanted else f"-{number}"
    return wanted[: LONGEST - len(ending)] + ending


def _fits(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _MARKS or category[0] in "LM" or category == "Nd"
