"""Lines of CSV files that spreadsheets may open."""

import csv
import io
from collections.abc import Iterable
from typing import Any

# Excel takes a file for UTF-8 if it begins with this.
BYTE_ORDER_MARK = "\ufeff".encode()
# A spreadsheet runs a cell as a formula if it begins with one of these.
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r", "\n")
DEFUSED = ("'", *FORMULA_MARKS)
DELIMITERS = (",", ";", "\t", "|")


def delimiter_of(line: str) -> str:
    """Return what separates the cells of a line."""
    return max(DELIMITERS, key=line.count)


def csv_line(cells: Iterable[Any]) -> bytes:
    """Return one line, UTF-8; what people wrote is to be ``defused``."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def defused(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run, and before another apostrophe.

    The latter so that ``fused`` knows which of them are to be taken away again.
    """
    return f"'{text}" if text.startswith(DEFUSED) else text


def fused(text: str) -> str:
    """Take away the apostrophe that ``defused`` put before a text."""
    return text[1:] if text.startswith("'") and text[1:].startswith(DEFUSED) else text
