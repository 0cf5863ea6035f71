"""``predict``: recognizes the digits in picture files."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from PIL import Image

from digitrec.commands.console import tracked
from digitrec.commands.help_sections import Command
from digitrec.commands.models import load_recognizer
from digitrec.commands.options import FILE, json_option, model_option, option, store_option
from digitrec.errors import BadInputError, PictureError, TooMuchInkError
from digitrec.formatting import counted, percent
from digitrec.ink.preprocessing import open_picture, preprocess
from digitrec.numbers.page_reader import read_page
from digitrec.numbers.reader import Number
from digitrec.recognition.recognition import Recognition
from digitrec.recognition.recognizer import Recognizer
from digitrec.runs.model_store import ModelStore


@click.command("predict", cls=Command)
@click.argument(
    "paths",
    type=FILE,
    nargs=-1,
    required=True,
    metavar="FILE_OR_FOLDER...",
    help="Pictures or folders of pictures.",
)
@option("--numbers", is_flag=True, help="Read whole numbers; a file may have several.")
@model_option
@store_option
@json_option
def predict(
    *, paths: tuple[Path, ...], numbers: bool, model: str | None, store: ModelStore, as_json: bool
) -> int:
    """Recognize the digits in picture files.

    Prints one line for each file. Files that can't be read are reported on stderr and skipped.
    """
    files = [file for path in paths for file in _picture_files(path)]
    recognizer: Recognizer | None = None
    status = 0
    for file in tracked(files, "Recognizing"):
        try:
            picture = open_picture(file)
            recognizer = recognizer or load_recognizer(store, model)
            values, words = (_numbers_of if numbers else _digit_of)(recognizer, picture)
        except (PictureError, TooMuchInkError) as error:
            print(f"digitrec: {_naming(file, error)}", file=sys.stderr)
            status = 2
            continue
        print(json.dumps({"file": str(file), **values}) if as_json else f"{file}: {words}")
    return status


def _picture_files(path: Path) -> list[Path]:
    """Return the picture files of a folder, or the file itself.

    A folder without pictures is returned itself, so that it is reported in its turn.
    """
    if not path.is_dir():
        return [path]
    endings = Image.registered_extensions()
    found = sorted(file for file in path.iterdir() if file.suffix.lower() in endings)
    return found or [path]


def _naming(file: Path, error: BadInputError) -> str:
    return str(error) if str(file) in str(error) else f"{file}: {error}"


def _digit_of(recognizer: Recognizer, picture: Image.Image) -> tuple[dict[str, Any], str]:
    """Return the answer to a picture of one digit, as JSON and in words."""
    recognition = recognizer.recognize(preprocess(picture))
    return asdict(recognition), _recognition_text(recognition)


def _recognition_text(recognition: Recognition) -> str:
    share = percent(max(recognition.shares))
    if recognition.is_digit:
        return f"{recognition.digit} ({share})"
    return f"not a digit ({share}); closest digit: {recognition.digit}"


def _numbers_of(recognizer: Recognizer, picture: Image.Image) -> tuple[dict[str, Any], str]:
    """Return the numbers in a picture, as JSON and in words."""
    numbers, left_out = read_page(recognizer, picture)[1:]
    words = ", ".join(f"{number.text} ({percent(number.confidence)})" for number in numbers)
    if left_out:
        words += f"; skipped {counted(left_out, 'line')} that couldn't be read as a number"
    return {"numbers": [_number_values(number) for number in numbers], "left_out": left_out}, words


def _number_values(number: Number) -> dict[str, Any]:
    return {
        "text": number.text,
        "separators": number.separators,
        "confidence": number.confidence,
        "digits": [
            {
                "digit": digit.recognition.digit,
                "confidence": digit.recognition.confidence,
                "box": [round(side, 1) for side in digit.box],
            }
            for digit in number.digits
        ],
    }
