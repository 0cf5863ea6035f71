"""The title of a run and the name of its folder."""

import re
import unicodedata
import zlib

from digitrec.errors import ConfigurationError

LONGEST = 64
# What pages call the models that ship; files and the shell use the short names.
SHIPPED_TITLES = {"bn-cnn": "Handwriting expert", "seed-cnn": "Tutorial network"}
FOLDER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_APOSTROPHES = "'\N{RIGHT SINGLE QUOTATION MARK}"
_MARKS = f" -._{_APOSTROPHES}"


def check_name(name: str) -> str:
    """Return a folder name if it is valid.

    Raises:
        ConfigurationError: If it isn't 1 to 64 letters, digits, dots, dashes and underscores, or
            doesn't start with a letter or digit.
    """
    if not isinstance(name, str) or not FOLDER_NAME.fullmatch(name):
        raise ConfigurationError(
            f"{str(name)[:80]!r} isn't a valid folder name for a run; use up to 64 letters, "
            "digits, - . or _, and start with a letter or digit"
        )
    return name


def check_title(text: str) -> str:
    """Return a typed name without extra spaces if it is a valid title.

    Raises:
        ConfigurationError: If it is empty or longer than ``LONGEST``, has characters other than
            letters of any language, digits, spaces and ``- . _ '``, or doesn't start with a letter
            or digit.
    """
    short = isinstance(text, str) and len(text) <= 4 * LONGEST
    title = re.sub(" +", " ", unicodedata.normalize("NFC", text).strip(" ")) if short else ""
    if (
        not 1 <= len(title) <= LONGEST
        or unicodedata.category(title[0])[0] not in "LN"
        or not all(map(_fits, title))
    ):
        raise ConfigurationError(
            f"{str(text)[:80]!r} isn't a valid name; use up to 64 letters, digits, spaces, - . _ "
            "or ', and start with a letter or digit"
        )
    return title


def folder_name(title: str) -> str:
    """Return the folder name for a title: always the same, and safe on every system.

    Letters outside ASCII are left out; a checksum keeps such titles apart.
    """
    if FOLDER_NAME.fullmatch(title):
        return title
    parts = unicodedata.normalize("NFKD", title)
    spelled = "".join(c for c in parts if not unicodedata.combining(c) and c not in _APOSTROPHES)
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", spelled).strip("._-")
    if spelled.isascii() and words:
        return words[:LONGEST]
    return f"{words[: LONGEST - 9] or 'model'}-{zlib.crc32(title.encode()):08x}"


def short_name_words(name: str) -> str:
    """Say what a model's short name is for."""
    return f"Called {name} in commands and files."


def is_reserved(folder: str) -> bool:
    """Return whether a folder's name is kept free because its title would be a shipped model's."""
    return folder.casefold() in {folder_name(title).casefold() for title in SHIPPED_TITLES.values()}


def numbered(wanted: str, number: int) -> str:
    """Return a name with a number, cut to the maximum length: ``mnist-2``, ``My network 2``."""
    ending = f" {number}" if " " in wanted else f"-{number}"
    return wanted[: LONGEST - len(ending)] + ending


def _fits(character: str) -> bool:
    category = unicodedata.category(character)
    return character in _MARKS or category[0] in "LM" or category == "Nd"
