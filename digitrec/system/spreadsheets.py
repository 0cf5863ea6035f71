"""CSV that is safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable
from typing import Any

# Excel reads a file as UTF-8 if it begins with this.
BYTE_ORDER_MARK = "\ufeff".encode()
# Spreadsheets run a cell as a formula if it begins with one of these.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n")
ESCAPED = ("'", *FORMULA_MARKS)
DELIMITERS = (",", ";", "\t", "|")


def delimiter_of(line: str) -> str:
    """Return the character that separates the cells of a line."""
    return max(DELIMITERS, key=line.count)


def csv_line(cells: Iterable[Any]) -> bytes:
    """Return one row as UTF-8; text from users must go through ``escape_formula`` first."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def escape_formula(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula.

    Text that begins with an apostrophe gets one too, so that ``unescape_formula`` can undo it.
    """
    return f"'{text}" if text.startswith(ESCAPED) else text


def unescape_formula(text: str) -> str:
    """Remove the apostrophe that ``escape_formula`` added."""
    return text[1:] if text.startswith("'") and text[1:].startswith(ESCAPED) else text
